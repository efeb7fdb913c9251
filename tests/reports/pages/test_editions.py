"""Editions and their files: frozen by the database, and the same bytes for ever."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from pytest_django import DjangoAssertNumQueries

from projects import facts
from projects.models import Language, Team
from reports.importer.database.batch import ImportUndoRefused, undo
from reports.models import Edition, EditionFile, FileKind, ImportBatch, ImportRecord, WeeklyPage
from reports.pages import editions, live, publish
from reports.render import html
from reports.render.markdown import markdown
from tests.factories import WEEK, make_entry, make_project, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

TEXTS = (FileKind.HTML, FileKind.MARKDOWN, FileKind.JSON)


@pytest.fixture
def team() -> Team:
    team = make_team()
    make_entry(make_project(team, "农行存管"), text="联调", percent=85)
    return team


@pytest.fixture
def edition(team: Team) -> Edition:
    return publish.publish_week(team, WEEK, publish.Publication(by=make_user("manager", "林岚")))


def correct(team: Team, text: str) -> Edition:
    team.projects.get().entries.update(text=text)
    facts.announce(team, [WEEK])
    return publish.publish_week(team, WEEK, publish.Publication(by=None, note="写错了日期"))


# --- frozen ---------------------------------------------------------------------------------


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "what was published is never changed" in str(error)
    return False


@pytest.mark.parametrize(
    "value",
    [
        "number = 7",
        "document = '{}'",
        "sha256 = ''",
        "changes = '[1]'",
        "note = 'x'",
        "joined = '[1]'",
        "follows_mail = TRUE",
        "publisher = 'x'",
        "published_at = '2020-01-01 00:00:00'",
        "team_id = 4711",
        "page_id = 4711",
        "published_by_id = 4711",
        "published_by_id = NULL, note = 'x'",
    ],
)
def test_the_database_refuses_to_change_an_edition(edition: Edition, value: str) -> None:
    assert refused(f"UPDATE reports_edition SET {value}")


def test_the_database_refuses_to_delete_an_edition(edition: Edition) -> None:
    assert refused("DELETE FROM reports_edition")
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk)._raw_delete(connection.alias)
    assert Edition.objects.get() == edition


def test_the_database_refuses_to_touch_a_file(edition: Edition) -> None:
    content = editions.file_of(edition, FileKind.MARKDOWN, "en")
    assert refused("UPDATE reports_editionfile SET kind = 'html'")
    assert refused("DELETE FROM reports_editionfile")
    assert bytes(EditionFile.objects.get().content) == content


def test_publishers_name_stays_when_the_user_is_deleted(edition: Edition) -> None:
    publisher = edition.published_by
    assert publisher is not None
    publisher.delete()
    edition = Edition.objects.get()
    assert (edition.published_by, edition.publisher) == (publisher, "林岚")
    assert not publisher.is_active


def test_a_team_that_has_published_cannot_be_deleted(team: Team, edition: Edition) -> None:
    with pytest.raises(ProtectedError):
        team.delete()


def test_an_import_whose_page_was_published_is_not_undone(team: Team, edition: Edition) -> None:
    batch = ImportBatch.objects.create(team=team)
    page = WeeklyPage.objects.get()
    ImportRecord.objects.create(
        team=team, batch=batch, model="reports.WeeklyPage", object_id=page.pk
    )
    with pytest.raises(ImportUndoRefused) as refusal:
        undo(batch)
    assert "2024-W25 · 1" in str(refusal.value)
    assert WeeklyPage.objects.get() == page


# --- files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*TEXTS, FileKind.MAIL])
@pytest.mark.parametrize("language", Language.values)
def test_file_keeps_its_bytes_when_templates_change(
    edition: Edition, kind: FileKind, language: str, settings: LazySettings, tmp_path: Path
) -> None:
    first = editions.file_of(edition, kind, language)
    # A later version of the program: other templates, and other words.
    for name in ("reports/_sheet.html", "reports/imprint.html", "emails/digest.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("<p>改版</p>")
    templates = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    settings.TEMPLATES = templates
    document = editions.document_of(edition)
    if kind == FileKind.HTML:
        assert "改版" in html.sheet(document, language=language)
    assert editions.file_of(Edition.objects.get(), kind, language) == first


def test_file_that_is_made_twice_at_once_is_kept_once(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = editions.file_of(edition, FileKind.MARKDOWN, "en")
    # The other process, which looked before that one had kept it.
    assert editions._made(edition, FileKind.MARKDOWN, Language.ENGLISH) == made
    assert EditionFile.objects.count() == 1


def test_json_is_kept_once_for_both_languages(edition: Edition) -> None:
    assert editions.file_of(edition, FileKind.JSON, "en") == editions.file_of(
        edition, FileKind.JSON, "zh-hans"
    )
    assert EditionFile.objects.count() == 1


def test_unknown_language_is_refused(edition: Edition) -> None:
    with pytest.raises(ValueError, match="fr"):
        editions.file_of(edition, FileKind.MARKDOWN, "fr")


@pytest.mark.parametrize("kind", TEXTS)
def test_every_format_prints_the_imprint(team: Team, edition: Edition, kind: FileKind) -> None:
    second = correct(team, "联调完成")
    first_text = editions.file_of(edition, kind, "zh-hans").decode()
    text = editions.file_of(second, kind, "zh-hans").decode()
    assert edition.sha256[:12] in first_text
    assert "写错了日期" not in first_text
    assert second.sha256[:12] in text
    assert "写错了日期" in text
    assert "联调完成" in text


def test_hash_is_that_of_the_json_document(edition: Edition) -> None:
    page = json.loads(editions.file_of(edition, FileKind.JSON, "en"))
    imprint = page.pop("edition")
    assert (imprint["number"], imprint["publisher"]) == (1, "林岚")
    canonical = json.dumps(page, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(canonical.encode()).hexdigest() == imprint["sha256"] == edition.sha256


def test_markdown_of_an_edition_ends_with_the_imprint(edition: Edition) -> None:
    page = live.current_document(edition.team, WEEK)
    assert page is not None
    text = editions.file_of(edition, FileKind.MARKDOWN, "en").decode()
    assert text.startswith(markdown(page, language="en"))
    assert text.endswith(f"Edition 1 · Jun 19 10:00 · 林岚 · {edition.sha256[:12]}\n")


def test_editions_of_a_week_are_read_with_one_query(
    team: Team, edition: Edition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    correct(team, "联调完成")
    with django_assert_num_queries(1):
        listed = list(editions.editions_of(team, WEEK))
        assert [editions.imprint_of(row).number for row in listed] == [2, 1]
    with django_assert_num_queries(1):
        assert editions.latest(team, WEEK) == listed[0]
