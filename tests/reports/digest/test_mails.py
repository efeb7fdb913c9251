from __future__ import annotations

import pytest

from projects.models import Language
from reports.digest import edition_mail
from reports.models import Edition, EditionFile, FileKind
from reports.pages.publish import Publication, publish_week
from reports.render import files
from reports.render.pdf import PdfUnavailable
from tests.conftest import Personas
from tests.factories import WEEK, make_entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def edition(personas: Personas) -> Edition:
    make_entry(personas.project, text="联调完成", percent=60)
    return publish_week(personas.team, WEEK, Publication(by=personas.manager))


def test_it_is_rendered_once_and_kept(edition: Edition) -> None:
    first = edition_mail.mail_of(edition, Language.CHINESE)
    assert "联调完成" in first.text
    assert first.pdf is None
    kept = EditionFile.objects.get(edition=edition, kind=FileKind.MAIL)
    assert edition_mail.mail_of(edition, Language.CHINESE).html == first.html
    assert EditionFile.objects.get(edition=edition, kind=FileKind.MAIL) == kept


def test_each_language_has_its_own(edition: Edition) -> None:
    assert edition_mail.mail_of(edition, Language.ENGLISH).subject.startswith(
        "支付产研 weekly 2024-W25: "
    )
    assert edition_mail.mail_of(edition, Language.CHINESE).subject.startswith(
        "支付产研周报 2024-W25："
    )


def test_the_pdf_goes_with_it_where_the_team_wants_one(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(files._MAKERS, FileKind.PDF, lambda *_: b"%PDF-")
    edition_mail.make_pdf(edition, Language.CHINESE)
    assert not EditionFile.objects.filter(kind=FileKind.PDF).exists()
    edition.page.team.attaches_pdf = True
    assert edition_mail.lacks_pdf(edition, Language.CHINESE)
    edition_mail.make_pdf(edition, Language.CHINESE)
    assert not edition_mail.lacks_pdf(edition, Language.CHINESE)
    assert edition_mail.mail_of(edition, Language.CHINESE).pdf == b"%PDF-"


def test_who_writes_a_mail_makes_no_pdf(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(files._MAKERS, FileKind.PDF, lambda *_: pytest.fail("it would wait"))
    edition.page.team.attaches_pdf = True
    assert edition_mail.mail_of(edition, Language.CHINESE).pdf is None


@pytest.mark.parametrize("error", [PdfUnavailable("A PDF needs Pango."), MemoryError("no font")])
def test_a_machine_that_makes_no_pdf_sends_the_mail_without(
    error: Exception,
    edition: Edition,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def cannot(*_: object) -> bytes:
        raise error

    monkeypatch.setitem(files._MAKERS, FileKind.PDF, cannot)
    edition.page.team.attaches_pdf = True
    edition_mail.make_pdf(edition, Language.CHINESE)
    assert edition_mail.mail_of(edition, Language.CHINESE).pdf is None
    assert str(error) in caplog.text
