"""What django-allauth, which signs people in, is told of this project, the same everywhere."""

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "okrtracker.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "okrtracker.accounts.forms.SignInForm",
    "change_password": "okrtracker.accounts.forms.PasswordForm",
    "set_password": "okrtracker.accounts.forms.FirstPasswordForm",
    "reset_password_from_key": "okrtracker.accounts.forms.LinkPasswordForm",
    "reauthenticate": "okrtracker.accounts.forms.PasswordAgainForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
# Whoever has an address has opened a link that was sent to it, or has it from an administrator.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# Its own would keep a second list of everybody's addresses.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  a class
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # through the outbox: projects/teams/notices.py
# Signing in is braked by okrtracker/accounts/brake.py: only what fails counts, and nobody is
# locked out by somebody else. A department behind one address signs in within one minute.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "change_password": "10/5m/user",
    "reset_password_from_key": "60/5m/ip",
}
SOCIALACCOUNT_ADAPTER = "okrtracker.accounts.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True  # the password once more, to link or unlink
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form could not leave for the provider: form-action 'self'
MFA_ADAPTER = "okrtracker.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "OKR Tracker"
MFA_TOTP_TOLERANCE = 1  # a code of half a minute ago, or of a clock that is ahead
MFA_FORMS = {
    "authenticate": "okrtracker.accounts.forms.CodeForm",
    "reauthenticate": "okrtracker.accounts.forms.CodeAgainForm",
    "activate_totp": "okrtracker.accounts.forms.AppForm",
}
