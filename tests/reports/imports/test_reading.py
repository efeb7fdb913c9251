"""A worker reads what was handed in: whatever it is, once, and as far as it can be read."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import timedelta

import pytest
from celery import Task
from django.utils import timezone

from okrtracker import broker
from reports import tasks
from reports.importer.column_mapping import ColumnMapping
from reports.importer.columns import ColumnRole
from reports.importer.database.columns import remember_columns
from reports.importer.reading.parse import parse
from reports.imports import reading, upload, work
from reports.imports.documents import unpacked
from reports.imports.time_limit import TookTooLong, time_limit
from reports.models import ImportState, PageImport
from tests.conftest import Personas
from tests.reports.importer.books import workbook
from tests.reports.imports.pages import W25, W26, begun, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def zipped(**files: str | bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return packed.getvalue()


def test_files_become_pages_with_their_weeks(personas: Personas) -> None:
    page_import = read(personas.team, personas.manager)
    assert page_import.state == ImportState.REVIEW
    pages = page_import.pages.all()
    assert [(page.source, str(page.week)) for page in pages] == [
        ("w25.md", "2024-06-17"),
        ("w26.md", "2024-06-24"),
    ]
    names = [mention.name for mention in unpacked(pages[0].document).projects]
    assert names == ["对账中台", "短信网关", "团建安排"]
    assert [(file.pages, file.is_read) for file in page_import.files.all()] == [
        (1, True),
        (1, True),
    ]


def test_a_zip_is_read_and_what_cannot_be_is_named(personas: Personas) -> None:
    page_import = read(
        personas.team,
        personas.manager,
        export_zip=zipped(w25_md=W25, w26_md=W26, bad_docx="no document"),
        photo_jpg=b"\xff\xd8",
        broken_zip=b"PK\x03\x04 broken",
        empty_md="",
    )
    files = {file.name: file for file in page_import.files.all()}
    assert files["export.zip"].pages == 2
    assert [fault["name"] for fault in files["export.zip"].faults] == ["export.zip/bad.docx"]
    faults = {name: file.faults[0] for name, file in files.items() if not file.pages}
    assert {name: (fault["problem"], fault["figures"]) for name, fault in faults.items()} == {
        "photo.jpg": ("KIND", [".jpg"]),
        "broken.zip": ("NO_ARCHIVE", []),
        "empty.md": ("EMPTY", []),
    }


def test_sheets_are_read_with_the_columns_that_the_team_named(personas: Personas) -> None:
    roles = {"干啥": ColumnRole.NAME, "比例": ColumnRole.PROGRESS}
    mapping = ColumnMapping(("干啥", "比例"), roles)
    remember_columns(personas.team, [mapping], by=personas.manager)
    rows: list[list[object]] = [["干啥", "比例"], ["短信网关", 0.65]]
    book = workbook(("2024-W24", rows), ("2024-W25", rows))
    page_import = read(personas.team, personas.manager, progress_xlsx=book)
    pages = [unpacked(page.document) for page in page_import.pages.all()]
    assert [str(page.week.start) for page in pages] == ["2024-06-10", "2024-06-17"]
    assert [page.projects[0].progress[0].percent for page in pages] == [65, 65]
    assert pages[0].source.columns[0].roles == (ColumnRole.NAME, ColumnRole.PROGRESS)


def test_files_without_a_page_fail_and_say_why(personas: Personas) -> None:
    page_import = read(personas.team, personas.manager, photo_jpg=b"\xff\xd8")
    assert page_import.state == ImportState.FAILED


def test_bad_bytes_are_named_with_their_line(personas: Personas) -> None:
    page_import = read(
        personas.team, personas.manager, w25_md=W25.encode() + b"\n\xe4\xb8 broken\n", w26_md=W26
    )
    (fault,) = page_import.files.get(name="w25.md").faults
    assert fault["line"] == W25.count("\n") + 2
    assert page_import.pages.count() == 1


def test_a_page_that_names_no_week_waits_for_a_person(personas: Personas) -> None:
    page_import = read(personas.team, personas.manager, notes_md="随手记\n\n- 对账中台：进度40%\n")
    assert page_import.pages.get().week is None
    assert page_import.doubts.get(kind="weeks").detail["rows"][0]["why"] == "no_week"


def test_reading_twice_or_what_is_gone_does_no_harm(personas: Personas) -> None:
    page_import = read(personas.team, personas.manager)
    tasks.read_import(page_import.pk)
    tasks.read_import(0)
    assert page_import.pages.count() == 2


def test_cancelling_while_it_is_read_ends_the_reading(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    page_import = begun(personas.team, personas.manager, w25_md=W25)

    def cancel_meanwhile(*arguments: object) -> object:
        upload.cancel(page_import, by=personas.manager)
        return parse(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "parse", cancel_meanwhile)
    reading.read(page_import.pk)
    page_import.refresh_from_db()
    assert page_import.state == ImportState.CANCELLED
    assert not page_import.pages.exists()


def test_one_page_that_breaks_the_reader_does_not_keep_the_others(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:

    def break_once(source: object, week: object) -> object:
        if source.name == "w25.md":  # type: ignore[attr-defined]
            raise IndexError
        return parse(source, week)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "parse", break_once)
    page_import = read(personas.team, personas.manager)
    (fault,) = page_import.files.get(name="w25.md").faults
    assert (fault["problem"], fault["figures"]) == ("BROKEN", ["IndexError"])
    assert [page.source for page in page_import.pages.all()] == ["w26.md"]


def test_a_step_that_takes_too_long_is_broken_off() -> None:
    def spin() -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            pass

    with pytest.raises(TookTooLong), time_limit(0.01):
        spin()


# ---- the hold of a worker


def test_the_tick_finds_an_import_whose_message_was_lost(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[object, ...]] = []

    def publish(task: Task, *arguments: object, **_: object) -> bool:
        sent.append((task.name, *arguments))
        return True

    monkeypatch.setattr(broker, "publish", publish)
    page_import = begun(personas.team, personas.manager, w25_md=W25)
    tasks.resume_imports()
    assert sent == [("reports.read_import", page_import.pk)]


def test_a_worker_that_died_is_followed_by_another_and_three_are_enough(
    personas: Personas,
) -> None:
    page_import = begun(personas.team, personas.manager, w25_md=W25)
    for _ in range(3):
        assert work.claim(page_import.pk, ImportState.READING) is not None
        assert work.claim(page_import.pk, ImportState.READING) is None
        long_ago = timezone.now() - timedelta(minutes=5)
        PageImport.objects.update(claimed_at=long_ago)
    assert work.claim(page_import.pk, ImportState.READING) is None
    page_import.refresh_from_db()
    assert (page_import.state, page_import.failure) == (ImportState.FAILED, work.LOST)
