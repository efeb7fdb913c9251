"""The weekly page as a file to keep."""

from __future__ import annotations

import json

import pytest

from projects import facts
from reports.models import FileKind
from reports.pages import publish
from reports.render import files
from reports.render.pdf import PdfUnavailable
from tests.conftest import Personas
from tests.factories import WEEK, make_entry
from tests.tables import each_row

ADDRESS = "/t/pay/weeks/2024-W25/export.{}"
pytestmark = pytest.mark.usefixtures("now")


@pytest.mark.parametrize(
    ("ending", "content_type"),
    [
        ("md", "text/markdown; charset=utf-8"),
        ("html", "text/html; charset=utf-8"),
        ("json", "application/json"),
    ],
)
def test_each_format_holds_the_entries(personas: Personas, ending: str, content_type: str) -> None:
    make_entry(personas.project, text="收银台方案评审通过")
    response = personas.client("viewer").get(ADDRESS.format(ending))
    assert response["Content-Type"] == content_type
    assert f'filename="pay-2024-W25.{ending}"' in response["Content-Disposition"]
    assert "收银台方案评审通过" in response.content.decode()


def test_json_names_the_week(personas: Personas) -> None:
    data = json.loads(personas.client("viewer").get(ADDRESS.format("json")).content)
    assert data["label"] == "2024-W25"


@pytest.mark.parametrize(
    "address",
    [ADDRESS.format("exe"), "/t/pay/weeks/2019-W10/export.md", "/t/pay/weeks/x/export.md"],
)
def test_unknown_format_week_or_label_is_not_found(personas: Personas, address: str) -> None:
    assert personas.client("viewer").get(address).status_code == 404


# --- published ------------------------------------------------------------------------------


def published(personas: Personas) -> None:
    """Edition 1 says one thing, edition 2 another, and the page as it stands a third."""
    make_entry(personas.project, text="第一")
    for text in ("第一", "第二"):
        personas.project.entries.update(text=text)
        facts.announce(personas.team, [WEEK])
        publish.publish_week(personas.team, WEEK, publish.Publication(by=None))
    personas.project.entries.update(text="第三")
    facts.announce(personas.team, [WEEK])


@pytest.mark.parametrize(
    ("query", "text", "name"),
    [
        ("", "第二", "pay-2024-W25-edition-2.md"),
        ("?edition=1", "第一", "pay-2024-W25-edition-1.md"),
        ("?draft", "第三", "pay-2024-W25-draft.md"),
    ],
)
def test_file_is_the_latest_edition_or_the_chosen_one_or_the_draft(
    personas: Personas, query: str, text: str, name: str
) -> None:
    published(personas)
    response = personas.client("viewer").get(ADDRESS.format("md") + query)
    assert f'filename="{name}"' in response["Content-Disposition"]
    page = response.content.decode().split("\n---\n")[0]
    assert [words for words in ("第一", "第二", "第三") if words in page] == [text]


@each_row("number", ["0", "3", "x", "-1", "", "9" * 30, "²"])
def test_unknown_edition_is_not_found(personas: Personas, number: str) -> None:
    published(personas)
    response = personas.client("viewer").get(ADDRESS.format("md"), {"edition": number})
    assert response.status_code == 404


def test_unchanged_file_is_not_sent_again(personas: Personas) -> None:
    published(personas)
    client = personas.client("viewer")
    etag = client.get(ADDRESS.format("md"))["ETag"]
    again = client.get(ADDRESS.format("md"), headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(ADDRESS.format("md") + "?edition=1", headers={"If-None-Match": etag})
    assert other.status_code == 200
    assert "ETag" not in client.get(ADDRESS.format("md") + "?draft")


# --- as a PDF -------------------------------------------------------------------------------


def test_pdf_has_its_content_type(personas: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(files._MAKERS, FileKind.PDF, lambda *_: b"%PDF-1.7")
    response = personas.client("viewer").get(ADDRESS.format("pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert response.content == b"%PDF-1.7"


def test_missing_pdf_renderer_is_explained(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: object) -> bytes:
        raise PdfUnavailable("A PDF needs Pango.")

    monkeypatch.setitem(files._MAKERS, FileKind.PDF, cannot)
    response = personas.client("viewer").get(ADDRESS.format("pdf"))
    assert response.status_code == 501
    assert response.content.decode() == "A PDF needs Pango.\n"
