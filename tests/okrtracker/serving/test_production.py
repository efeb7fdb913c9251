"""A site that was not told where its mails go sends none, and says so."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMessage, mailers
from django.test import override_settings

from okrtracker.environment import mailer
from okrtracker.serving import production
from tests.conftest import Personas

UNTOLD = override_settings(
    EMAIL_URL="", SITE_URL="http://127.0.0.1:8000", MAILERS={"default": mailer("", None)}
)


def test_health_and_the_manager_s_dashboard_say_so(personas: Personas) -> None:
    with UNTOLD:
        health = personas.client("anonymous").get("/health/")
        pages = [personas.client(name).get("/t/pay/").text for name in ("manager", "lead")]
    assert {production.PROBLEMS[name] for name in ("EMAIL_URL", "SITE_URL")} <= set(
        health.json()["problems"]
    )
    assert health.json()["status"] == "degraded"
    said = ["so nothing is sent (EMAIL_URL)" in page for page in pages]
    assert said == [True, False]
    assert "(SITE_URL)" in pages[0]


def test_the_check_of_a_deployment_names_what_is_missing() -> None:
    with UNTOLD, override_settings(SECRET_KEY_IS_MADE=True):
        ids = [message.id for message in production.check_production()]
        assert ids == [f"okrtracker.{name}" for name in ("EMAIL_URL", "SITE_URL", "SECRET_KEY")]
        with override_settings(DEBUG=True):
            assert production.unset() == ()
    with override_settings(SECRET_KEY_IS_MADE=False):
        assert production.check_production() == []


def test_without_a_mail_server_nothing_is_sent() -> None:
    with UNTOLD, pytest.raises(OSError, match="EMAIL_URL is not set"):
        mailers.default.send_messages([EmailMessage("周报", "", None, ["lin@example.com"])])
