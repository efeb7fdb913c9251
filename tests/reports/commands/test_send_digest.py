from __future__ import annotations

import smtplib
from io import StringIO

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command

from projects.models import AuditRecord, Team
from reports.models import Delivery, Digest, Edition, EditionFile, FileKind, SendState
from reports.pages import publish
from tests.factories import WEEK, make_entry, make_project, make_subscriber, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def edition() -> Edition:
    """Published; its digest is due on Friday."""
    team = make_team()
    make_entry(make_project(team), text="整体进度85%")
    for name in ("wai", "zhou"):
        make_subscriber(team, f"{name}@example.com")
    return publish.publish_week(team, WEEK, publish.Publication(by=None))


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("send_digest", *arguments, "2024-W25", stdout=out)
    return out.getvalue()


def test_sends_at_once_and_prints_the_result(edition: Edition) -> None:
    assert run() == "pay 2024-W25 edition 1: 2 sent, 0 waiting, 0 failed, 0 not wanted\n"
    assert sorted(message.to[0] for message in mail.outbox) == [
        "wai@example.com",
        "zhou@example.com",
    ]
    assert AuditRecord.objects.filter(action="digest.send").count() == 1


def test_whoever_has_received_it_does_not_get_it_again(edition: Edition) -> None:
    run()
    assert run("--team", "pay").startswith("pay 2024-W25 edition 1: 2 sent")
    assert len(mail.outbox) == 2
    assert AuditRecord.objects.filter(action="digest.send").count() == 1


def test_a_dry_run_says_what_it_would_do_and_changes_nothing(edition: Edition) -> None:
    lines = run("--dry-run").splitlines()
    assert lines[0].startswith("pay 2024-W25 edition 1: ")
    assert "2024-W25" in lines[0].partition(": ")[2]
    assert lines[1:] == ["  wai@example.com", "  zhou@example.com", "would be sent: 2"]
    digest = Digest.objects.get()
    assert digest.prepared_at is None
    assert digest.due_at > digest.edition.published_at
    assert not Delivery.objects.exists()
    assert not EditionFile.objects.filter(kind=FileKind.MAIL).exists()
    assert not mail.outbox


def test_a_dry_run_afterwards_reaches_nobody(edition: Edition) -> None:
    run()
    assert run("--dry-run").splitlines()[1:] == ["would be sent: 0"]


def test_a_correction_without_mail_is_mailed_by_the_command(edition: Edition) -> None:
    run()
    make_entry(make_project(edition.team, "POS"))
    publish.publish_week(edition.team, WEEK, publish.Publication(by=None))
    assert run() == "pay 2024-W25 edition 2: 2 sent, 0 waiting, 0 failed, 0 not wanted\n"
    assert len(mail.outbox) == 4


def test_without_an_edition_the_command_fails(edition: Edition) -> None:
    with pytest.raises(CommandError, match=r"Nothing is published of 2024-W24 in 'pay'\."):
        call_command("send_digest", "2024-W24")
    assert Team.objects.count() == 1


def test_one_line_when_some_could_not_be_sent(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = EmailBackend.send_messages

    def refuse(self: EmailBackend, messages: list[mail.EmailMessage]) -> int:
        if messages[0].to == ["zhou@example.com"]:
            raise smtplib.SMTPRecipientsRefused({"zhou@example.com": (550, b"no such user")})
        return int(usual(self, messages) or 0)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    with pytest.raises(CommandError) as raised:
        run()
    assert str(raised.value) == (
        "pay 2024-W25 edition 1: 1 sent, 0 waiting, 1 failed, 0 not wanted. "
        "Why: https://okr.example.com/t/pay/weeks/2024-W25/deliveries/"
    )
    assert Delivery.objects.filter(state=SendState.FAILED).count() == 1
