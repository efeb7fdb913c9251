"""Old pages are handed in, reviewed with the Enter key alone, and imported."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from projects.models import Project
from reports import tasks
from reports.models import PageImport
from tests.e2e.conftest import Site
from tests.e2e.looks import looks_well
from tests.e2e.using import ENGLISH, press
from tests.reports.imports.pages import W25, W26


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "W25.md", tmp_path / "W26.md"]
    for path, text in zip(paths, (W25, W26), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def test_pages_are_handed_in_reviewed_with_enter_and_imported(
    site: Site, files: list[Path]
) -> None:
    page = site.page("manager", "/t/pay/imports/", **ENGLISH)
    looks_well(page)
    page.get_by_label("Files").set_input_files(files)
    expect(page.locator("#chosen")).to_contain_text("2 chosen (1 KB): W25.md, W26.md")
    press(page, "Read")
    expect(page.locator("#import_progress [role=status]")).to_have_text("Opening file 1 of 2")
    page_import = PageImport.objects.get()
    tasks.read_import(page_import.pk)  # the page asks once a second
    expect(page.get_by_role("heading", name="Are these one project?")).to_be_visible()
    looks_well(page)
    for decided in range(1, page_import.doubts.count() + 1):
        expect(page.get_by_role("button", name="Decide, next")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".doubts .row small")).to_have_text(f"{decided} decided")
    expect(page.get_by_role("heading", name="Everything is decided.")).to_be_visible()
    press(page, "Import 2 pages")
    tasks.apply_import(page_import.pk)
    expect(page.get_by_role("heading", name="2 pages imported")).to_be_visible()
    looks_well(page)
    assert Project.objects.get(name="对账中台").entries.count() == 2
