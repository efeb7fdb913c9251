"""What the settings come to, each time read afresh by a process with an environment of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError, ProgrammingError
from django.test import Client

import manage

NAMES = (
    "DEBUG ALLOWED_HOSTS CELERY_BROKER_URL CACHES SESSION_COOKIE_SECURE SECURE_SSL_REDIRECT"
    " SECURE_HSTS_SECONDS LANGUAGE_CODE"
)


def _settings(var: Path, **environment: str) -> dict[str, Any]:
    source = (
        "import json; from okrtracker import settings;"
        f" print(json.dumps({{name: getattr(settings, name) for name in '{NAMES}'.split()}}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", source],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(var), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    values: dict[str, Any] = json.loads(done.stdout)
    return values


def test_readme_lists_every_variable() -> None:
    source = (settings.BASE_DIR / "okrtracker" / "settings.py").read_text()
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))
    readme = (settings.BASE_DIR / "README.md").read_text()
    rows = re.findall(r"^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|", readme, re.MULTILINE)
    listed = {name.strip("`") for row in rows for name in row.split(", ")}
    assert read == listed
    compose = (settings.BASE_DIR / "docker-compose.yml").read_text()
    passed = set(re.findall(r"^    ([A-Z_]+):", compose.partition("\nservices:")[0], re.MULTILINE))
    assert passed == listed


def test_nothing_configured(tmp_path: Path) -> None:
    values = _settings(tmp_path)
    assert values["DEBUG"] is False
    assert values["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert values["CELERY_BROKER_URL"].startswith("filesystem://")
    assert values["LANGUAGE_CODE"] == "zh-hans"
    # Whoever forgets to configure it is served safely.
    assert values["SESSION_COOKIE_SECURE"] is True
    assert values["SECURE_SSL_REDIRECT"] is True
    assert values["SECURE_HSTS_SECONDS"] > 0


def test_everything_configured(tmp_path: Path) -> None:
    redis = "redis://cache:6379/0"
    values = _settings(
        tmp_path, SECRET_KEY="k", REDIS_URL=redis, ALLOWED_HOSTS="okr.example,okr", HTTPS="false"
    )
    assert values["ALLOWED_HOSTS"] == ["okr.example", "okr"]
    assert values["CELERY_BROKER_URL"] == redis
    assert values["CACHES"]["default"]["LOCATION"] == redis
    assert values["SECURE_SSL_REDIRECT"] is False
    assert list(tmp_path.iterdir()) == []  # nothing to keep, nothing written


@pytest.mark.django_db
def test_login_page_is_open_and_may_load_only_its_own(client: Client) -> None:
    response = client.get("/accounts/login/")
    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_what_a_browser_has_is_not_sent_again_while_debugging(tmp_path: Path) -> None:
    source = (
        "import django; django.setup();"
        "from django.test import Client; client = Client(headers={'Accept-Encoding': 'gzip'});"
        "first = client.get('/static/css/components.css');"
        "again = client.get('/static/css/components.css',"
        " headers={'If-None-Match': first.headers['ETag']});"
        "print(first.status_code, again.status_code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", source],
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(tmp_path),
            "DEBUG": "1",
            "ALLOWED_HOSTS": "testserver",
            "DJANGO_SETTINGS_MODULE": "okrtracker.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["200", "304"]


@pytest.mark.parametrize(
    "error", [OperationalError("no such table: a\nmore"), ProgrammingError("x")]
)
def test_command_without_tables_says_so_in_one_line(
    error: DatabaseError, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_arguments: list[str]) -> None:
        raise error

    monkeypatch.setattr("django.core.management.execute_from_command_line", fail)
    monkeypatch.setattr(sys, "argv", ["manage.py", "compile_week"])
    with pytest.raises(SystemExit) as ended:
        manage.main()
    assert re.fullmatch(r"manage.py: [^\n]+ was `manage.py migrate` run\?\)", str(ended.value.code))

    monkeypatch.setattr(sys, "argv", ["manage.py", "compile_week", "--traceback"])
    with pytest.raises(type(error)):
        manage.main()


@pytest.mark.django_db
def test_every_other_page_asks_to_sign_in(client: Client) -> None:
    for address in ("/", "/t/demo/", "/admin/"):
        response = client.get(address)
        assert response.status_code == 302
        assert "/login/?next=" in response.headers["Location"]


@pytest.mark.django_db
def test_language_can_be_switched_before_signing_in(client: Client) -> None:
    assert client.get("/accounts/login/").headers["Content-Language"] == "zh-hans"
    client.post("/i18n/setlang/", {"language": "en", "next": "/accounts/login/"})
    assert client.get("/accounts/login/").headers["Content-Language"] == "en"
