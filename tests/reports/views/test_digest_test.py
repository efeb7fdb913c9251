from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from projects.models import AuditRecord
from reports.digest.previews import TESTS
from reports.models import Delivery
from tests.conftest import Personas
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ADDRESS = "/t/pay/weeks/2024-W25/digest/test/"


@pytest.fixture(autouse=True)
def reachable(personas: Personas, now: None) -> None:
    personas.manager.email = "lin@example.com"
    personas.manager.save()


def said(personas: Personas, **data: str) -> list[str]:
    answer = personas.client("manager").post(ADDRESS, data, follow=True)
    assert answer.status_code == 200
    return [str(message) for message in answer.context["messages"]]


def test_it_is_sent_to_the_manager_alone(personas: Personas) -> None:
    assert said(personas) == ["Sent to lin@example.com."]
    (sent,) = mail.outbox
    assert sent.to == ["lin@example.com"]
    assert sent.subject.startswith("[测试] 支付产研周报 2024-W25：")
    assert sent.message()["List-Unsubscribe"].startswith("<https://okr.example.com/subscription/")
    assert not Delivery.objects.exists()
    assert AuditRecord.objects.filter(action="digest.test", by=personas.manager).count() == 1


def test_in_the_language_that_is_shown(personas: Personas) -> None:
    said(personas, language="en")
    assert mail.outbox[0].subject.startswith("[Test] 支付产研 weekly 2024-W25:")


def test_without_an_address_it_says_so(personas: Personas) -> None:
    personas.manager.email = ""
    personas.manager.save()
    assert said(personas) == ["Your account has no mail address to send a test to."]
    assert not mail.outbox


def test_there_is_an_end_to_it_for_an_hour(personas: Personas) -> None:
    client = personas.client("manager")
    for _ in range(TESTS):
        client.post(ADDRESS)
    assert len(mail.outbox) == TESTS
    client.post(ADDRESS)
    assert len(mail.outbox) == TESTS
    with time_machine.travel(NOW + timedelta(hours=1, minutes=1), tick=False):
        client.post(ADDRESS)
    assert len(mail.outbox) == TESTS + 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (smtplib.SMTPServerDisconnected("gone"), "gone"),
        (smtplib.SMTPRecipientsRefused({"lin@x": (550, b"5.1.1 no\nsuch user")}), "550 5.1.1 no"),
    ],
)
def test_a_server_that_does_not_take_it(
    personas: Personas, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def refuses(*_: object) -> int:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", refuses)
    (told,) = said(personas)
    assert told.startswith(f"The mail server did not take it: {words}")


def test_a_week_without_a_page(personas: Personas) -> None:
    address = "/t/pay/weeks/2024-W30/digest/test/"
    assert personas.client("manager").post(address).status_code == 404
    assert not mail.outbox


def test_only_managers(personas: Personas) -> None:
    assert personas.client("lead").post(ADDRESS).status_code == 403
    assert not mail.outbox
