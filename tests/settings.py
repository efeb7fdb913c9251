"""Settings of the test suite: okrtracker.settings with what makes tests fast and strict.

``TEST_DATABASE_URL`` (or ``DATABASE_URL``) runs the suite on that server, in a database of its own
(``test_…``) that is dropped again; without either, on SQLite.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from okrtracker.environment import database
from okrtracker.settings import *
from okrtracker.settings import DATABASE_URL, TEMPLATES, env

DEBUG = False
SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
HTTPS = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = False
# Browsers take these names over HTTPS alone.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sessionid", "csrftoken"
SECURE_HSTS_SECONDS = 0

_URL = env.str("TEST_DATABASE_URL", default=DATABASE_URL)
# SQLite in a file of this process: in memory all threads would share one connection, and the
# browser tests' server has several. A crash may lose it, so nothing waits for the disk.
_FOLDER = TemporaryDirectory(prefix="okrtracker-tests-")
DATABASES = {"default": database(_URL, Path(_FOLDER.name) / "unused.sqlite3")}
if not _URL:
    DATABASES["default"]["TEST"] = {"NAME": f"{_FOLDER.name}/db.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += "; PRAGMA synchronous=OFF"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "documents": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "progress": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Where the clock stands still, the pages of two tests would look like one.
    "template_fragments": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
TEAM_FOUNDING = "anyone"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Tasks go to a queue in memory that nobody reads: a test calls a task's function itself, or
# asserts that it was enqueued.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}

SITE_URL = "https://okr.example.com"
EMAIL_URL = "smtp://mail.example.com"
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True


class UndefinedVariable(str):
    """Makes a template that names what is not there fail instead of printing nothing."""

    __slots__ = ()

    def __contains__(self, item: object) -> bool:
        return item == "%s"  # Django asks this to learn whether the name can be filled in

    def __mod__(self, name: object) -> str:
        raise NameError(f"undefined template variable {name}")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable("undefined: %s")
