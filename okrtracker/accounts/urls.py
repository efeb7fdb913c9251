"""The addresses of signing in. The names are those that django-allauth asks for."""

from __future__ import annotations

from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social_views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from okrtracker.accounts import views
from projects.views.teams.account import account_reset_password

_password_changed = TemplateView.as_view(template_name="account/password_changed.html")
_link_sent = TemplateView.as_view(template_name="account/password_reset_sent.html")

urlpatterns = [
    path("login/", views.account_login, name="account_login"),
    path("logout/", require_POST(allauth_views.logout), name="account_logout"),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("linked/", social_views.connections, name="socialaccount_connections"),
    path("sso/error/", social_views.login_error, name="socialaccount_login_error"),
    path("sso/cancelled/", social_views.login_cancelled, name="socialaccount_login_cancelled"),
    path("sessions/", views.account_sessions, name="account_sessions"),
    path("again/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("code/", views.mfa_authenticate, name="mfa_authenticate"),
    path("code/again/", mfa_views.reauthenticate, name="mfa_reauthenticate"),
    path("second/", mfa_views.index, name="mfa_index"),
    path("second/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("second/app/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second/codes/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("password/", allauth_views.password_change, name="account_change_password"),
    path("password/first/", allauth_views.password_set, name="account_set_password"),
    path("password/done/", _password_changed, name="account_change_password_done"),
    path("password/reset/", account_reset_password, name="account_reset_password"),
    path(
        "password/reset/done/", login_not_required(_link_sent), name="account_reset_password_done"
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.account_reset_password_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/<uidb64>/<token>/", views.old_password_link, name="old_password_link"),
]
