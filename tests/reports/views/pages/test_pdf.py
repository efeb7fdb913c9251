"""The page that shows how a PDF is being made, and the worker that makes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from okrtracker import broker
from projects import facts
from reports import tasks
from reports.models import EditionFile, FileKind
from reports.pages import publish
from reports.render import files
from reports.render.pdf import PdfUnavailable
from tests.conftest import Personas
from tests.factories import WEEK, make_entry
from tests.html import attribute, elements, text

PAGE = "/t/pay/weeks/2024-W25/"
PDF = f"{PAGE}pdf/"
CONTENT = b"%PDF-1.7"
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What a worker was asked for; ``work`` does it."""
    asked: list[tuple[Any, ...]] = []

    def publish(task: Callable[..., None], *args: object, **_options: object) -> bool:
        assert task is tasks.make_pdf
        asked.append(args)
        return True

    monkeypatch.setattr(broker, "publish", publish)
    monkeypatch.setitem(files._MAKERS, FileKind.PDF, lambda *_: CONTENT)
    return asked


def work(queue: list[tuple[Any, ...]]) -> None:
    while queue:
        tasks.make_pdf(*queue.pop())


def test_pdf_is_made_by_a_worker_and_its_download_begins(
    personas: Personas, queue: list[tuple[Any, ...]]
) -> None:
    make_entry(personas.project)
    client = personas.client("viewer")
    for _ in range(2):  # whoever asks again waits for the same
        page = client.get(PDF)
        assert text(page, "h1") == "The PDF is being made"
        assert attribute(page, "#pdf_progress", "hx-get") == PDF
    assert len(queue) == 1

    work(queue)
    page = client.get(PDF, headers={"HX-Request": "true"})
    assert text(page, "h1") == "The PDF is ready"
    assert "hx-get" not in page.content.decode()
    file = attribute(page, "a[href*='export.pdf']", "href")
    assert attribute(page, "meta", "content") == f"0; url={file}"
    assert client.get(file).content == CONTENT


def test_edition_keeps_the_pdf_that_was_made_for_the_first_who_asked(
    personas: Personas, queue: list[tuple[Any, ...]]
) -> None:
    make_entry(personas.project)
    publish.publish_week(personas.team, WEEK, publish.Publication(by=None))
    client = personas.client("viewer")
    client.get(f"{PDF}?edition=1")
    work(queue)
    assert EditionFile.objects.filter(kind=FileKind.PDF).count() == 1
    page = client.get(f"{PDF}?edition=1")
    assert attribute(page, "meta[http-equiv='refresh']", "content").endswith("?edition=1")
    assert client.get(f"{PDF}?edition=2").status_code == 404


def test_pdf_of_a_draft_is_made_anew_when_a_fact_has_changed(
    personas: Personas, queue: list[tuple[Any, ...]]
) -> None:
    make_entry(personas.project)
    client = personas.client("viewer")
    client.get(PDF)
    work(queue)
    assert text(client.get(PDF), "h1") == "The PDF is ready"
    facts.announce(personas.team, [WEEK])
    assert text(client.get(PDF), "h1") == "The PDF is being made"


def test_page_works_without_a_script(personas: Personas, queue: list[tuple[Any, ...]]) -> None:
    make_entry(personas.project)
    page = personas.client("viewer").get(PDF)
    assert len(queue) == 1
    assert elements(page, "noscript meta[http-equiv='refresh']")


def test_without_a_broker_the_file_is_made_at_once(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_entry(personas.project)
    monkeypatch.setattr(broker, "publish", lambda *_args, **_options: False)
    response = personas.client("viewer").get(f"{PDF}?draft")
    assert response["Location"] == f"{PAGE}export.pdf?draft"


def test_worker_that_can_make_none_says_why(
    personas: Personas, queue: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: object) -> bytes:
        raise PdfUnavailable("A PDF needs Pango.")

    monkeypatch.setitem(files._MAKERS, FileKind.PDF, cannot)
    make_entry(personas.project)
    client = personas.client("viewer")
    client.get(PDF)
    work(queue)
    page = client.get(PDF)
    assert text(page, "[role=alert]:not([hidden])") == "A PDF needs Pango."
    assert "hx-get" not in str(elements(page, "#pdf_progress")[0])


def test_week_without_a_page_has_no_pdf(personas: Personas, queue: list[tuple[Any, ...]]) -> None:
    assert personas.client("viewer").get("/t/pay/weeks/2019-W10/pdf/").status_code == 404
    assert queue == []


def test_task_for_what_is_gone_does_no_harm(personas: Personas) -> None:
    tasks.make_pdf(personas.team.pk, "2019-03-04", "en", None)
