"""Addresses. Each application owns those of its screens; here is what belongs to none."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy

from okrtracker.requests.language import set_language
from okrtracker.requests.sign_in import login
from projects.views.teams.account import password_reset
from reports.views.health import health, health_live, health_ready
from reports.views.mail import mail, mail_html, mail_message
from reports.views.metrics import metrics

handler400 = "okrtracker.requests.bodies.bad_request"
handler500 = "okrtracker.requests.database_outage.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/login/", login, name="login"),
    path("accounts/logout/", auth_views.LogoutView.as_view(), name="logout"),
    path(
        "accounts/password/",
        auth_views.PasswordChangeView.as_view(template_name="registration/password_change.html"),
        name="password_change",
    ),
    path(
        "accounts/password/done/",
        auth_views.PasswordChangeDoneView.as_view(
            template_name="registration/password_changed.html"
        ),
        name="password_change_done",
    ),
    path("accounts/password/reset/", password_reset, name="password_reset"),
    path(
        "accounts/password/reset/done/",
        auth_views.PasswordResetDoneView.as_view(
            template_name="registration/password_reset_sent.html"
        ),
        name="password_reset_done",
    ),
    path(
        "accounts/password/reset/<uidb64>/<token>/",
        auth_views.PasswordResetConfirmView.as_view(
            template_name="registration/password_choose.html",
            success_url=reverse_lazy("password_change_done"),
            post_reset_login=True,
            post_reset_login_backend="django.contrib.auth.backends.ModelBackend",
        ),
        name="password_reset_confirm",
    ),
    # The login page can be read in either language, too.
    path("i18n/setlang/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("health/", health, name="health"),
    path("health/live/", health_live, name="health_live"),
    path("health/ready/", health_ready, name="health_ready"),
    path("metrics/", metrics, name="metrics"),
    # Only while DEBUG: the mails that were written to files instead of being sent.
    path("mail/", mail, name="mail"),
    path("mail/<str:name>/", mail_message, name="mail_message"),
    path("mail/<str:name>/html/", mail_html, name="mail_html"),
    path("", include("projects.urls")),
    path("", include("reports.urls")),
]
