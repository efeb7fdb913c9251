"""What the settings make of a variable: an address in, the dictionary that Django wants out."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping


class _Variables(FileAwareMapping):  # type: ignore[misc]  # has no types
    """The environment, in which ``NAME_FILE`` names a file that holds ``NAME``."""

    def __getitem__(self, name: str) -> str:
        try:
            return str(super().__getitem__(name)).rstrip("\r\n")
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}") from None


class Environment(environ.Env):  # type: ignore[misc]  # has no types
    ENVIRON = _Variables()


def with_password(url: str, password: str) -> str:
    """The address with that password in it, whatever characters it has."""
    if not url or not password:
        return url
    address = urlsplit(url).netloc
    names, _, host = address.rpartition("@")
    user = names.partition(":")[0]
    return url.replace(address, f"{user}:{quote(password, safe='')}@{host}", 1)


def secret_key(path: Path) -> str:
    """The key kept in ``path`` (readable by its owner alone); makes one the first time."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_once(path, secrets.token_urlsafe(50))
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"cannot keep a secret key in {path.parent}: {error.strerror}"
            " (make the folder writable, or set VAR_DIR or SECRET_KEY)"
        ) from None


def _write_once(path: Path, text: str) -> None:
    """Whole or not at all, and the first of several processes that start together wins."""
    handle, name = tempfile.mkstemp(dir=path.parent)  # mode 600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()


_SQLITE = "django.db.backends.sqlite3"


def database(url: str, sqlite_path: Path) -> dict[str, Any]:
    """``DATABASES["default"]`` for a ``DATABASE_URL``; SQLite in ``sqlite_path`` without one."""
    config: dict[str, Any] = (
        dict(environ.Env.db_url_config(url))
        if url
        else {"ENGINE": _SQLITE, "NAME": str(sqlite_path)}
    )
    options = config.setdefault("OPTIONS", {})
    if config.get("ENGINE") == _SQLITE:
        # Open until the process ends or the file is another one.
        config |= {"ENGINE": "okrtracker.sqlite", "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
        # A writer takes its lock at the start of a transaction and waits for the one before it;
        # with SQLite's own DEFERRED it would fail at once when it turns from reading to writing.
        options.setdefault("transaction_mode", "IMMEDIATE")
        options.setdefault("timeout", 20)
        options.setdefault(
            "init_command",
            # FULL: what was said to be saved survives a power cut.
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            " PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000",
        )
    elif config.get("ENGINE") == "django.db.backends.postgresql":
        # Seconds until a reader is told that the database is away. Having given up, the pool
        # tries afresh with the next request, instead of pausing ever longer between attempts.
        patience = 3
        pool = {"min_size": 1, "max_size": 8, "timeout": patience, "reconnect_timeout": patience}
        options.setdefault("pool", pool)
        options.setdefault("connect_timeout", patience)
        # Connections from before a restart of the database are noticed, not handed to a request.
        config.setdefault("CONN_HEALTH_CHECKS", True)
    else:
        raise ImproperlyConfigured("DATABASE_URL must start with sqlite:// or postgres://")
    return config


def filesystem_broker(folder: Path) -> dict[str, Any]:
    """Transport options of Celery's ``filesystem://`` broker, which wants its folders made."""
    queue, control = folder / "queue", folder / "control"
    try:
        queue.mkdir(parents=True, exist_ok=True)
        control.mkdir(exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"cannot keep the task queue in {folder}: {error.strerror}"
            " (make the folder writable, or set VAR_DIR or REDIS_URL)"
        ) from None
    return {
        "data_folder_in": str(queue),
        "data_folder_out": str(queue),
        "control_folder": str(control),
        "polling_interval": 0.2,
    }


_SMTP = "django.core.mail.backends.smtp.EmailBackend"


def mailer(url: str, folder: Path | None) -> dict[str, Any]:
    """``MAILERS["default"]`` for an ``EMAIL_URL``; files in ``folder`` without one, and without
    either none: nothing counts as sent that went nowhere.

    ``smtp://user:password@host:587`` (``smtp+tls://`` with STARTTLS, ``smtp+ssl://`` with TLS).
    """
    if not url and folder is None:
        return {"BACKEND": "okrtracker.mail.no_server.EmailBackend"}
    if not url:
        return {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(folder)},
        }
    config = environ.Env.email_url_config(url)
    if config["EMAIL_BACKEND"] != _SMTP:
        return {"BACKEND": config["EMAIL_BACKEND"]}
    options = {
        "host": config["EMAIL_HOST"] or "localhost",
        "port": config["EMAIL_PORT"] or 25,
        "username": config["EMAIL_HOST_USER"] or "",
        "password": config["EMAIL_HOST_PASSWORD"] or "",
        "use_tls": config.get("EMAIL_USE_TLS", False),
        "use_ssl": config.get("EMAIL_USE_SSL", False),
        "timeout": 30,
    }
    return {"BACKEND": _SMTP, "OPTIONS": options}


def count_in_files(folder: Path) -> None:
    """Have prometheus_client add up what all processes count; it must know before its import."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"cannot keep metrics in {folder}: {error.strerror}") from None
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(folder))


def report_errors(dsn: str) -> None:
    """Send errors to a Sentry, without what people typed: no variables, bodies, names."""
    try:
        import sentry_sdk  # an extra
    except ImportError:
        raise ImproperlyConfigured("SENTRY_DSN wants the extra `sentry`: sentry-sdk") from None
    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
    )
