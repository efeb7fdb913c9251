"""Settings: the one place that reads the environment.

Every variable has a default that works: with nothing set, all state lives under ``var/``
(SQLite, a file-system broker, mail as files). README.md lists the variables.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.csp import CSP

from okrtracker.accounts.settings import *
from okrtracker.environment import (
    Environment,
    count_in_files,
    database,
    filesystem_broker,
    mailer,
    report_errors,
    secret_key,
    with_password,
)

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()

# --- core -----------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_IS_MADE = not SECRET_KEY
if SECRET_KEY_IS_MADE:
    SECRET_KEY = secret_key(VAR_DIR / "secret_key")
# Keys of before: what was signed or encrypted with them still holds.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_FAILURE_VIEW = "okrtracker.requests.kept_forms.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# What `manage.py backup --encrypt` encrypts with.
BACKUP_PASSPHRASE = env.str("BACKUP_PASSPHRASE", default="")

# Of the demo that `make run` starts: its login page then says who signs in, and with what.
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="")

# Of each web process: how many requests are worked on at once.
WEB_THREADS = env.int("WEB_THREADS", default=4)

ROOT_URLCONF = "okrtracker.urls"
WSGI_APPLICATION = "okrtracker.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Before staticfiles: its runserver leaves static files to WhiteNoise, as in production.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "django_tables2",
    "okrtracker.serving.production.SiteConfig",
    "projects.apps.ProjectsConfig",
    "reports.apps.ReportsConfig",
]

MIDDLEWARE = [
    "okrtracker.logs.RequestLogMiddleware",
    "okrtracker.requests.probes.ProbeMiddleware",
    "okrtracker.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Outside WhiteNoise, which has compressed files only after collectstatic.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "okrtracker.requests.private.PrivateMiddleware",
    # Before whatever reads the query, the form or a cookie.
    "okrtracker.requests.clean.CleanInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "okrtracker.requests.language.LanguageMiddleware",
    # Behind those two, which it needs; before whatever reads a form.
    "okrtracker.requests.bodies.BodyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "okrtracker.requests.database_outage.DatabaseOutageMiddleware",
    "okrtracker.requests.not_found.NotFoundMiddleware",
    "okrtracker.requests.gone.GoneMiddleware",
    "okrtracker.requests.other_address.OtherAddressMiddleware",
    "okrtracker.requests.try_later.TryLaterMiddleware",
    # Before the next one, whose redirect it turns into what htmx understands.
    "okrtracker.htmx.LoginForHtmxMiddleware",
    "okrtracker.return_address.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "okrtracker.page_source.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                ),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "projects.views.frame.team_of_address",
            ],
        },
    },
]

# --- people ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "projects.User"
# Single sign-on by OpenID Connect, where OIDC_URL names its issuer.
OIDC_URL = env.str("OIDC_URL", default="")
OIDC_NAME = env.str("OIDC_NAME", default="SSO")
# Domains of mail addresses that may come in; without any, all that the provider lets in.
OIDC_DOMAINS = [domain.lower() for domain in env.list("OIDC_DOMAINS", default=[])]
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": OIDC_NAME,
                "client_id": env.str("OIDC_CLIENT_ID", default=""),
                "secret": env.str("OIDC_CLIENT_SECRET", default=""),
                "settings": {"server_url": OIDC_URL},
            }
        ]
        if OIDC_URL
        else [],
    }
}
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

PASSWORD_HASHERS = [
    "okrtracker.accounts.hashing.BoundedPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]

# Who may found a team: a founder can have mail sent to strangers. Anyone may while there is none.
TEAM_FOUNDING = env.str("TEAM_FOUNDING", default="staff")  # or: anyone, nobody
# How many people one may invite in 24 hours; all together five times as many.
INVITATIONS_A_DAY = env.int("INVITATIONS_A_DAY", default=100)

# --- database, cache, broker, mail -------------------------------------------------------------

DATABASE_URL = with_password(
    env.str("DATABASE_URL", default=""), env.str("DATABASE_PASSWORD", default="")
)
DATABASES = {"default": database(DATABASE_URL, VAR_DIR / "db.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = with_password(env.str("REDIS_URL", default=""), env.str("REDIS_PASSWORD", default=""))
# Seconds. Redis answers in a thousandth; a page or a check-in does not wait for one that hangs.
_REDIS_TIMEOUTS = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
_REDIS_CACHE = {
    "BACKEND": "okrtracker.cache.PassingRedisCache",
    "LOCATION": REDIS_URL,
    "OPTIONS": _REDIS_TIMEOUTS,
}
CACHES: dict[str, dict[str, Any]] = {
    # What all processes count together: without Redis they are on one machine.
    "default": _REDIS_CACHE
    if REDIS_URL
    else {
        "BACKEND": "okrtracker.cache.SharedFileCache",
        "LOCATION": str(VAR_DIR / "cache"),
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}
# Pieces of pages, and what documents say in a line: each process can make them again.
CACHES["template_fragments"] = CACHES["documents"] = (
    _REDIS_CACHE if REDIS_URL else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
)
# What a worker says of work that is under way, for the web: without Redis both are on one machine.
CACHES["progress"] = (
    CACHES["default"]
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(VAR_DIR / "progress"),
    }
)

CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    # A task that a dead worker held is given out again after this many seconds; longer than
    # any task runs, or it would be done twice.
    {
        "visibility_timeout": 15 * 60,
        # Who saves a check-in waits a second at most for a Redis that hangs, and not at all for
        # one that is gone: the tick does what was not handed on.
        "socket_connect_timeout": 0.5,
        "socket_timeout": 1,
        "max_retries": 0,
        "interval_start": 0,
    }
    if REDIS_URL
    else filesystem_broker(VAR_DIR / "broker")
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# The database is the truth: nobody reads results, and a task may be done twice but not lost.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 10 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SEND_TASK_EVENTS = False
# The one entry: a tick a minute asks the database what is due (compiles that were missed,
# reminders, cutoffs, digests). The schedule is data of each team, not a list of crontabs here.
TICK_SECONDS = env.float("TICK_SECONDS", default=60.0)
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "reports.tick",
        "schedule": TICK_SECONDS,
        # A worker that was away for an hour needs one tick, not sixty.
        "options": {"expires": TICK_SECONDS * 0.9},
    },
}

EMAIL_URL = with_password(env.str("EMAIL_URL", default=""), env.str("EMAIL_PASSWORD", default=""))
MAILERS = {"default": mailer(EMAIL_URL, VAR_DIR / "mail" if DEBUG else None)}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="OKR Tracker <okrtracker@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Seconds until what a worker claimed to send is due again, should the worker have died meanwhile.
SENDING_LEASE = env.int("SENDING_LEASE", default=300)
# Seconds before what was not taken is tried again; the pause doubles each time.
SENDING_PAUSE = env.float("SENDING_PAUSE", default=60.0)
# What links in a mail begin with: no request is there to say how the site is reached.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

# --- group chats ------------------------------------------------------------------------------

# What their addresses are encrypted with, the newest first; without any, SECRET_KEY.
CHANNEL_KEYS: list[str] = env.list("CHANNEL_KEYS", default=[])
# Hosts (with a port or without) and networks that may be internal, and may be no vendor's.
CHANNEL_HOSTS_ALLOWED: list[str] = env.list("CHANNEL_HOSTS_ALLOWED", default=[])

# --- language and time ------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
# Moments are stored in UTC; a page shows them in its team's time zone.
USE_TZ = True
TIME_ZONE = "UTC"

# --- static files -----------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
if DEBUG:
    # Files without a hash are asked for again each time. GZipMiddleware weakens their ETag, and
    # WhiteNoise, which compares it letter by letter, would send them whole.
    MIDDLEWARE.insert(0, "django.middleware.http.ConditionalGetMiddleware")
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = VAR_DIR / "media"

# A form's largest size in bytes, files apart; a view that takes files says how much
# (okrtracker/serving/limits.py).
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**19
# Years of old pages are handed in as a folder; reports/imports/upload.py says how much of it.
DATA_UPLOAD_MAX_NUMBER_FILES = 2_000
# What goes on is decided of all projects at once, two fields each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- what a browser may do ---------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "projects.sessions"
# Who does not come for so long signs in again; so does, after the longer time, who comes daily.
SESSION_COOKIE_AGE = int(env.float("SESSION_IDLE_DAYS", default=14.0) * 24 * 3600)
SESSION_LONGEST = env.float("SESSION_DAYS", default=60.0) * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
# Off only where people reach the site by plain http, as on 127.0.0.1.
HTTPS = env.bool("HTTPS", default=not DEBUG)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    # Browsers take these from this host by https alone: no other site of the domain plants one.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
# Whether all other sites of the domain speak https, too, this one cannot know.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if env.bool("BEHIND_PROXY", default=False):
    # Only with a proxy in front that sets or removes this header itself, and adds the address that
    # it was asked from to X-Forwarded-For.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

# --- who watches -------------------------------------------------------------------------------

# Opens /metrics/, which is not there without it.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
if METRICS_TOKEN:
    count_in_files(VAR_DIR / "metrics")
if SENTRY_DSN := env.str("SENTRY_DSN", default=""):
    report_errors(SENTRY_DSN)

# --- logging ----------------------------------------------------------------------------------

# What each line holds, and what it never holds, is in okrtracker/logs.py.
LOG_FORMAT = env.str("LOG_FORMAT", default="plain")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "okrtracker.logs.PlainFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s%(where)s %(message)s",
        },
        "json": {"()": "okrtracker.logs.JsonFormatter"},
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": LOG_FORMAT,
        }
    },
    "root": {"handlers": ["stdout"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Django's own configuration would log the same requests a second time.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
