"""The mail of an edition: what all copies share, the PDF, and each reader's copy."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Language, Role, Team
from reports.digest import dispatch, edition_mail
from reports.digest.recipients import unsubscribe_url
from reports.models import Delivery, Digest, Edition, EditionFile, FileKind
from reports.pages import publish
from reports.pages.publish import Publication, publish_week
from reports.render import files
from reports.render.pdf import PdfUnavailable
from tests.conftest import Personas
from tests.factories import (
    NOW,
    WEEK,
    make_entry,
    make_project,
    make_subscriber,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def edition() -> Edition:
    """Published and prepared: for a lead who owes an entry, and two readers from outside."""
    team = make_team()
    lead = make_user("lead", "许澄", team, Role.LEAD)
    lead.email = "lead@example.com"
    lead.save()
    make_entry(make_project(team))
    make_project(team, "POS收银", lead=lead)
    make_subscriber(team, "wai@example.com", "外部读者")
    make_subscriber(team, "reader@example.com", "Reader", language=Language.ENGLISH)
    edition = publish.publish_week(team, WEEK, publish.Publication(by=None), at=NOW)
    edition.digest.due_at = NOW
    edition.digest.save()
    dispatch.prepare(edition.pk, NOW)
    return edition


def sent(edition: Edition) -> dict[str, EmailMessage]:
    while dispatch.send_batch(edition.pk, NOW):
        pass
    return {message.recipients()[0]: message for message in mail.outbox}


def test_each_reader_gets_their_own_copy(edition: Edition) -> None:
    mails = sent(edition)
    assert set(mails) == {"lead@example.com", "wai@example.com", "reader@example.com"}
    for address, message in mails.items():
        row = Delivery.objects.get(recipient=address)
        written = message.message()
        assert written["Message-ID"] == row.message_id
        assert row.message_id.startswith(f"<delivery-{row.pk}-")
        assert written["List-Unsubscribe"].strip() == f"<{unsubscribe_url(row)}>"
        assert unsubscribe_url(row) in str(message.body)


def test_only_leads_who_owe_something_read_so(edition: Edition) -> None:
    mails = sent(edition)
    address = "/t/pay/checkin/"
    assert address in str(mails["lead@example.com"].body)
    assert address not in str(mails["wai@example.com"].body)


def test_mail_is_rendered_once_in_each_language(edition: Edition) -> None:
    mails = sent(edition)
    assert "支付产研 weekly" in mails["reader@example.com"].subject
    assert "支付产研 weekly" not in mails["wai@example.com"].subject
    mail_files = EditionFile.objects.filter(kind=FileKind.MAIL)
    assert set(mail_files.values_list("language", flat=True)) == {
        Language.CHINESE,
        Language.ENGLISH,
    }
    assert mail_files.count() == 2


def test_more_copies_take_no_more_queries(edition: Edition) -> None:
    def asked(count: int) -> int:
        rows = Delivery.objects.select_related("membership__user", "subscriber")
        some = list(rows.order_by("pk")[:count])
        with CaptureQueriesContext(connection) as queries:
            write = edition_mail.writer(edition.pk, some)
            for row in some:
                write(row)
        return len(queries)

    languages = Delivery.objects.filter(edition=edition)
    languages.update(language=Language.CHINESE, message_id="<1@okr.example.com>")
    asked(1)
    assert asked(1) == asked(3)


# --- what all copies share -----------------------------------------------------------------------


@pytest.fixture
def pdfs(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The languages in which a PDF was made, for a team that attaches it."""
    made: list[str] = []

    def make(_document: object, _imprint: object, language: str) -> bytes:
        made.append(language)
        return b"%PDF-"

    monkeypatch.setitem(files._MAKERS, FileKind.PDF, make)
    Team.objects.update(attaches_pdf=True)
    return made


def test_pdf_is_made_once_in_each_language_before_anything_is_claimed(
    edition: Edition, pdfs: list[str]
) -> None:
    assert edition_mail.is_slow(edition.pk, NOW)
    for _ in range(2):
        edition_mail.make_ready(edition.pk, NOW)
    assert sorted(pdfs) == ["en", "zh-hans"]
    assert EditionFile.objects.filter(kind=FileKind.MAIL).count() == 2
    assert not edition_mail.is_slow(edition.pk, NOW)
    assert {message.message().is_multipart() for message in sent(edition).values()} == {True}
    assert sorted(pdfs) == ["en", "zh-hans"]
    assert "application/pdf" in mail.outbox[0].message().as_string()


def test_pdf_is_made_as_soon_as_the_page_is_published(edition: Edition, pdfs: list[str]) -> None:
    Delivery.objects.all().delete()
    Digest.objects.update(prepared_at=None)
    edition_mail.make_ready(edition.pk, NOW)
    assert sorted(pdfs) == ["en", "zh-hans"]


def test_nothing_is_made_for_an_edition_that_is_not_sent(edition: Edition, pdfs: list[str]) -> None:
    Delivery.objects.all().delete()
    Digest.objects.all().delete()
    edition_mail.make_ready(edition.pk, NOW)
    assert not pdfs
    assert not EditionFile.objects.exists()


def test_a_mail_does_not_wait_for_its_pdf_for_ever(edition: Edition, pdfs: list[str]) -> None:
    later = NOW + edition_mail.PATIENCE
    assert not edition_mail.is_slow(edition.pk, later)
    edition_mail.make_ready(edition.pk, later)
    assert not pdfs
    assert len(sent(edition)) == 3


def test_a_mail_that_cannot_be_made_is_left_to_who_sends_it(
    edition: Edition, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(files._MAKERS, FileKind.MAIL, lambda *_: 1 / 0)
    edition_mail.make_ready(edition.pk, NOW)
    assert "cannot make the mail of edition" in caplog.text
    assert not sent(edition)
    assert set(Delivery.objects.values_list("error", flat=True)) != {""}


# --- the mail of an edition that is published


@pytest.fixture
def published(personas: Personas) -> Edition:
    make_entry(personas.project, text="联调完成", percent=60)
    return publish_week(personas.team, WEEK, Publication(by=personas.manager))


def test_mail_is_rendered_once_and_kept(published: Edition) -> None:
    first = edition_mail.mail_of(published, Language.CHINESE)
    assert "联调完成" in first.text
    assert first.pdf is None
    mail_file = EditionFile.objects.get(edition=published, kind=FileKind.MAIL)
    assert edition_mail.mail_of(published, Language.CHINESE).html == first.html
    assert EditionFile.objects.get(edition=published, kind=FileKind.MAIL) == mail_file


def test_each_language_has_its_own(published: Edition) -> None:
    assert edition_mail.mail_of(published, Language.ENGLISH).subject.startswith(
        "支付产研 weekly 2024-W25: "
    )
    assert edition_mail.mail_of(published, Language.CHINESE).subject.startswith(
        "支付产研周报 2024-W25："
    )


def test_pdf_is_attached_where_the_team_wants_it(
    published: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(files._MAKERS, FileKind.PDF, lambda *_: b"%PDF-")
    edition_mail.make_pdf(published, Language.CHINESE)
    assert not EditionFile.objects.filter(kind=FileKind.PDF).exists()
    published.page.team.attaches_pdf = True
    assert edition_mail.lacks_pdf(published, Language.CHINESE)
    edition_mail.make_pdf(published, Language.CHINESE)
    assert not edition_mail.lacks_pdf(published, Language.CHINESE)
    assert edition_mail.mail_of(published, Language.CHINESE).pdf == b"%PDF-"


def test_writing_a_mail_makes_no_pdf(published: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(files._MAKERS, FileKind.PDF, lambda *_: pytest.fail("it would wait"))
    published.page.team.attaches_pdf = True
    assert edition_mail.mail_of(published, Language.CHINESE).pdf is None


@pytest.mark.parametrize("error", [PdfUnavailable("A PDF needs Pango."), MemoryError("no font")])
def test_a_machine_that_makes_no_pdf_sends_the_mail_without(
    error: Exception,
    published: Edition,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def cannot(*_: object) -> bytes:
        raise error

    monkeypatch.setitem(files._MAKERS, FileKind.PDF, cannot)
    published.page.team.attaches_pdf = True
    edition_mail.make_pdf(published, Language.CHINESE)
    assert edition_mail.mail_of(published, Language.CHINESE).pdf is None
    assert str(error) in caplog.text
