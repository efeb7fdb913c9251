"""What is handed in: kept under safe names, within limits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from projects.models import AuditRecord, User
from reports.imports import applying, upload
from reports.imports.upload import HandedIn, UploadRefused, clean_name, unique_names
from reports.models import ImportFile, ImportState, PageImport
from tests.conftest import Personas
from tests.reports.imports.pages import begun, handed, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("C:\\weeks\\W25.md", "C:/weeks/W25.md"),
        ("/W25.md", "W25.md"),
        ("a\x00b\u202egpj.md", "abgpj.md"),
        ("..", "unnamed"),
        ("2024/./W25.md", "2024/W25.md"),
        ("长" * 400 + ".md", "长" * 297 + ".md"),
    ],
)
def test_a_name_leads_nowhere(name: str, clean: str) -> None:
    with translation.override("en"):
        assert clean_name(name) == clean


def test_no_file_hides_another_of_its_name() -> None:
    assert unique_names(["a.md", "a.md", "b.md", "a.md"]) == ["a.md", "2-a.md", "b.md", "3-a.md"]


def test_hidden_files_of_a_folder_are_passed_over(personas: Personas) -> None:
    names = ["周报/.DS_Store", "__MACOSX/._W25.md", "周报/~$W25.docx", "周报/W25.md"]
    files = [handed(name, "x") for name in names]
    upload.begin(personas.team, files, by=personas.manager)
    assert list(ImportFile.objects.values_list("name", flat=True)) == ["周报/W25.md"]
    assert AuditRecord.objects.get(action="import.begin").after == {"files": 1}


def test_what_is_sent_twice_is_one_import(personas: Personas) -> None:
    def sent(content: str = "x", by: User = personas.manager) -> int:
        return begun(personas.team, by, a_md=content, b_md="y").pk

    first = sent()
    assert sent() == first
    assert ImportFile.objects.count() == 2
    assert AuditRecord.objects.filter(action="import.begin").count() == 1
    assert sent("z") != first
    assert sent(by=personas.lead) != first
    PageImport.objects.filter(pk=first).update(started_at=timezone.now() - timedelta(minutes=2))
    assert sent() != first


def refuse(personas: Personas, files: list[HandedIn]) -> str:
    with translation.override("en"), pytest.raises(UploadRefused) as refused:
        upload.begin(personas.team, files, by=personas.manager)
    assert not ImportFile.objects.exists()
    return str(refused.value)


def sized(name: str, size: int) -> HandedIn:
    return HandedIn(name, size, lambda: b"")


def test_too_much_is_refused_in_words(personas: Personas) -> None:
    assert "at least one file" in refuse(personas, [])
    many = [sized(f"{number}.md", 1) for number in range(upload.MOST_FILES + 1)]
    assert "At most 2000 files" in refuse(personas, many)
    assert "At most 200 MB" in refuse(personas, [sized("a.zip", 2**27), sized("b.zip", 2**27)])
    assert "“a.docx” is larger than 32 MB" in refuse(personas, [sized("a.docx", 2**26)])


def test_cancelling_takes_files_pages_and_doubts_away(personas: Personas) -> None:
    page_import = read(personas.team, personas.manager)
    assert upload.cancel(page_import, by=personas.manager)
    page_import.refresh_from_db()
    assert page_import.state == ImportState.CANCELLED
    counts = page_import.files.count(), page_import.pages.count(), page_import.doubts.count()
    assert counts == (0, 0, 0)
    assert upload.cancel(page_import, by=personas.manager)
    assert AuditRecord.objects.filter(action="import.cancel").count() == 1


def test_what_is_being_applied_cannot_be_cancelled(personas: Personas) -> None:
    page_import = read(personas.team, personas.manager)
    applying.request(page_import, by=personas.manager)
    assert not upload.cancel(page_import, by=personas.manager)


def test_files_are_kept_until_they_are_imported(personas: Personas) -> None:
    page_import = read(personas.team, personas.manager)
    assert ImportFile.objects.filter(is_read=True, data__isnull=False).count() == 2
    applying.request(page_import, by=personas.manager)
    applying.run(page_import.pk)
    assert not ImportFile.objects.filter(data__isnull=False).exists()
