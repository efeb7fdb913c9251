"""A PDF is made while its reader waits, and its download begins by itself."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import expect

from okrtracker import broker
from projects import facts
from reports import tasks
from reports.models import FileKind
from reports.render import files
from tests.e2e.conftest import Site
from tests.e2e.looks import looks_well
from tests.e2e.using import ENGLISH, follow
from tests.factories import make_entry

PAGE = "/t/pay/weeks/2024-W25/"

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What a worker was asked for."""
    orders: list[tuple[Any, ...]] = []

    def publish(task: Callable[..., None], *args: object, **_options: object) -> bool:
        if task is tasks.make_pdf:
            orders.append(args)
        return True

    monkeypatch.setattr(broker, "publish", publish)
    monkeypatch.setitem(files._MAKERS, FileKind.PDF, lambda *_: b"%PDF-1.7")
    return orders


def work(orders: list[tuple[Any, ...]]) -> None:
    def make() -> None:
        tasks.make_pdf(*orders.pop())
        connection.close()

    worker = Thread(target=make)
    worker.start()
    worker.join()


@pytest.mark.parametrize("is_scripted", [True, False], ids=["scripts", "no scripts"])
def test_download_begins_when_the_pdf_is_there(
    site: Site, asked: list[tuple[Any, ...]], *, is_scripted: bool
) -> None:
    entry = make_entry(site.personas.project)
    facts.announce(site.personas.team, [entry.week])
    page = site.page("viewer", PAGE, java_script_enabled=is_scripted, **ENGLISH)
    page.locator("details.menu > summary", has_text="Export").click()
    follow(page, "PDF")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("The PDF is being made")
    looks_well(page)
    with page.expect_download() as download:
        work(asked)
    assert download.value.suggested_filename == "pay-2024-W25.pdf"
    expect(heading).to_have_text("The PDF is ready")
    looks_well(page)
