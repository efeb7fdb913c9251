"""Addresses. Each application owns those of its screens; here is what belongs to none."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from okrtracker.accounts.views import admin_login
from okrtracker.requests.language import set_language
from reports.views.health import health, health_live, health_ready
from reports.views.mail import mail, mail_html, mail_message
from reports.views.metrics import metrics
from reports.views.operations import operations, operations_run

handler400 = "okrtracker.requests.bodies.bad_request"
handler429 = "okrtracker.requests.try_later.too_many_requests"
handler500 = "okrtracker.requests.database_outage.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("okrtracker.accounts.urls")),
    # The login page can be read in either language, too.
    path("i18n/setlang/", set_language, name="set_language"),
    # One door for everybody, with its brake and its log.
    path("admin/login/", admin_login, name="admin_login"),
    path("admin/", admin.site.urls),
    path("health/", health, name="health"),
    path("health/live/", health_live, name="health_live"),
    path("health/ready/", health_ready, name="health_ready"),
    path("metrics/", metrics, name="metrics"),
    # Of no team, and for staff only, as the administration.
    path("operations/", operations, name="operations"),
    path("operations/run/", operations_run, name="operations_run"),
    # Only while DEBUG: the mails that were written to files instead of being sent.
    path("mail/", mail, name="mail"),
    path("mail/<str:name>/", mail_message, name="mail_message"),
    path("mail/<str:name>/html/", mail_html, name="mail_html"),
    path("", include("projects.urls")),
    path("", include("reports.urls")),
]
