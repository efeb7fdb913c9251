"""What the log says, read as an operator reads it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from celery import signals
from django.test import override_settings
from django.urls import reverse

from okrtracker import logs
from reports.tasks import tick
from tests.conftest import Personas, english_client
from tests.factories import PASSWORD
from tests.tables import each_row

logger = logging.getLogger("tests.logs")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """The log, as ``LOG_FORMAT=json`` writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonFormatter())
    logging.root.addHandler(handler)
    yield written
    logging.root.removeHandler(handler)


def _read(lines: io.StringIO) -> list[dict[str, str]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_sign_ins_failures_and_refusals_say_who_and_from_where(
    personas: Personas, lines: io.StringIO
) -> None:
    client = english_client()
    for name, password in (("lead", "wrong"), ("my-passw0rd", PASSWORD), ("lead", PASSWORD)):
        form = {"username": name, "password": password}
        answer = client.post(
            reverse("account_login"),
            form,
            HTTP_X_REQUEST_ID=f"with-{password[:4]}",
            REMOTE_ADDR="10.0.0.7",
        )
    assert answer["X-Request-ID"] == "with-a-pa"
    refused = client.get(reverse("projects:team_settings", args=(personas.team.slug,)))
    assert refused.status_code == 403
    client.post(reverse("account_logout"))

    said = _read(lines)
    by_message = {line["message"]: line for line in said}
    failed = by_message["sign-in failed: lead"]
    assert (failed["level"], failed["address"], failed["request"]) == (
        "WARNING",
        "10.0.0.7",
        "with-wron",
    )
    assert "sign-in failed: a name that nobody has" in by_message
    assert "signed in: lead" in by_message
    assert "signed out: lead" in by_message
    [forbidden] = [line for line in said if line["message"].startswith("Forbidden")]
    assert forbidden["user"] == "lead"
    assert forbidden["request"] == refused["X-Request-ID"]
    text = lines.getvalue()
    assert PASSWORD not in text
    assert "my-passw0rd" not in text


def test_address_is_the_one_that_the_nearest_proxy_saw(
    personas: Personas, lines: io.StringIO
) -> None:
    forged = {"X-Forwarded-For": "1.2.3.4, 10.0.0.9", "X-Request-ID": "no such id!"}
    client = english_client()
    client.get("/nowhere/", headers=forged)
    with override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        client.get("/nowhere/", headers=forged)

    assert [line["address"] for line in _read(lines)] == ["127.0.0.1", "10.0.0.9"]
    assert "no such id" not in lines.getvalue()


@each_row(
    "secret",
    [
        "only-for-tests",  # SECRET_KEY
        "postgres://okr:Gehe1m@db/okr",
        "password=Gehe1m",
        "{'new_password1': 'Gehe1m', 'name': 'x'}",
        "Authorization: Bearer Gehe1m",
        "Not Found: /invitations/Gehe1mAbC0123456789abcdefGHIJKLMNOPQRSTUVW/",
        "Not Found: /accounts/password/reset/MQ/c9x8y7-0a1b2c3d4e5f60718293a4b5c6d7Gehe1m/",
        "Not Found: /account/address/Gehe1m.eyJhIjoxfQ:1sKxYz:0123456789abcdef_x-Y/",
    ],
)
def test_no_secret_is_written(secret: str) -> None:
    record = logging.LogRecord("x", logging.ERROR, "", 1, "failed: %s", (secret,), None)
    for formatter in (
        logs.PlainFormatter("%(asctime)s%(where)s %(message)s"),
        logs.JsonFormatter(),
    ):
        line = formatter.format(record)
        assert "Gehe1m" not in line
        assert "only-for-tests" not in line


def test_what_is_no_secret_stays_readable() -> None:
    for text in (
        "Not Found: /t/pay/weeks/2024-W25/",
        "/site-packages/django/core/handlers/base.py",
    ):
        assert logs.without_secrets(text) == text


def test_lines_of_a_task_carry_its_number(lines: io.StringIO) -> None:
    signals.task_prerun.send(sender=tick, task_id="a1b2c3", task=tick)
    logger.warning("within")
    signals.task_postrun.send(sender=tick, task_id="a1b2c3", task=tick, state="SUCCESS")
    logger.warning("after")

    assert [line.get("task") for line in _read(lines)] == ["a1b2c3", None]
