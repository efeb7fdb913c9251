"""Editions and their files: frozen by the database, and the same bytes for ever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from projects import facts
from projects.models import Language, Team
from reports import editions, pages, publish
from reports.importer.batch import UndoRefused, undo
from reports.models import Edition, EditionFile, FileKind, ImportBatch, ImportRecord, WeeklyPage
from reports.render.markdown import markdown
from tests.factories import WEEK, make_entry, make_project, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

TEXTS = (FileKind.SHEET, FileKind.HTML, FileKind.MARKDOWN, FileKind.JSON)


@pytest.fixture
def team() -> Team:
    team = make_team()
    make_entry(make_project(team, "农行存管"), text="联调", percent=85)
    return team


@pytest.fixture
def edition(team: Team) -> Edition:
    return publish.publish_week(team, WEEK, by=make_user("manager", "林岚"))


def correct(team: Team, text: str) -> Edition:
    team.projects.get().entries.update(text=text)
    facts.announce(team, [WEEK])
    return publish.publish_week(team, WEEK, by=None, note="写错了日期")


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


def test_who_published_may_be_deleted_and_their_name_stays(edition: Edition) -> None:
    assert edition.published_by is not None
    edition.published_by.delete()
    edition = Edition.objects.get()
    assert (edition.published_by, edition.publisher) == (None, "林岚")


def test_a_team_that_has_published_cannot_be_deleted(team: Team, edition: Edition) -> None:
    with pytest.raises(ProtectedError):
        team.delete()


def test_an_import_whose_page_was_published_is_not_undone(team: Team, edition: Edition) -> None:
    batch = ImportBatch.objects.create(team=team)
    page = WeeklyPage.objects.get()
    ImportRecord.objects.create(
        team=team, batch=batch, model="reports.WeeklyPage", object_id=page.pk
    )
    with pytest.raises(UndoRefused) as refusal:
        undo(batch)
    assert "2024-W25 · 1" in str(refusal.value)
    assert WeeklyPage.objects.get() == page
