"""What a page shows in an element: tests ask the cell or the line, not the whole page.

    response = client.get("/t/pay/")
    assert text(response, "td.percent") == "60%"
    assert texts(response, "#projects td.name") == ["贝易转", "POS"]
    assert row(response, "贝易转")["Percent"] == "60%"

``page`` is a response, HTML as text, or an element found before. Selectors are CSS
(``td:has(> a[href="/t/pay/"])`` and ``:-soup-contains("贝易转")`` work as well).
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Protocol

from bs4 import BeautifulSoup, Tag


class Response(Protocol):
    """A response of a view, or of the test client."""

    @property
    def content(self) -> bytes: ...
    @property
    def status_code(self) -> int: ...
    @property
    def text(self) -> str: ...


type Page = Response | str | Tag


def parse(page: Page) -> Tag:
    if isinstance(page, Tag):
        return page
    return _parsed(page if isinstance(page, str) else page.content.decode())


@lru_cache(maxsize=8)  # a test asks a page for one thing after another, and changes none
def _parsed(markup: str) -> Tag:
    return BeautifulSoup(markup, "lxml")


def elements(page: Page, selector: str) -> list[Tag]:
    """All that match, in the order of the page."""
    return list(parse(page).select(selector))


def element(page: Page, selector: str) -> Tag:
    """The only one that matches; fails when there is none or more than one."""
    matching = elements(page, selector)
    assert len(matching) == 1, f"{len(matching)} elements match {selector}"
    return matching[0]


def texts(page: Page, selector: str) -> list[str]:
    """What each matching element shows, with runs of white space as one space."""
    return [_shown(tag) for tag in elements(page, selector)]


def text(page: Page, selector: str = "body") -> str:
    """What the only matching element shows."""
    return _shown(element(page, selector))


def row(page: Page, heading: str, table: str = "table") -> dict[str, str]:
    """The cells of the only row that has a cell (or a link in one) reading ``heading``, by column.

    A column is named as the table's head names it; cells of an unnamed column are left out.
    """
    rows = [
        tag
        for tag in elements(page, f"{table} tr")
        if any(_shown(part) == heading for part in tag.select("th, td, td a, th a"))
        and tag.parent is not None
        and tag.parent.name != "thead"
    ]
    assert len(rows) == 1, f"{len(rows)} rows are headed {heading}"
    whole_table = rows[0].find_parent("table")
    assert whole_table is not None
    columns = [_shown(tag) for tag in whole_table.select("thead th, thead td")]
    cells = [_shown(tag) for tag in rows[0].find_all(["th", "td"], recursive=False)]
    return {column: cell for column, cell in zip(columns, cells, strict=True) if column}


def attribute(page: Page, selector: str, name: str) -> str:
    """An attribute of the only matching element; fails when it has none."""
    value = element(page, selector)[name]
    return value if isinstance(value, str) else " ".join(value)


def form_data(page: Page, selector: str = "form") -> dict[str, str]:
    """What a browser would send of the form, or of the only matching one, but for its buttons."""
    form = page if isinstance(page, Tag) and page.name == "form" else element(page, selector)
    data: dict[str, str] = {}
    for control in form.select("input[name], select[name], textarea[name]"):
        name = str(control["name"])
        if control.name == "select":
            options = control.select("option[selected]") or control.select("option")[:1]
            data.update((name, str(option.get("value", option.text))) for option in options)
        elif control.name == "textarea":
            data[name] = control.text.removeprefix("\n")
        elif control.get("type") not in ("checkbox", "radio"):
            data[name] = str(control.get("value", ""))
        elif control.has_attr("checked"):
            data[name] = str(control.get("value", "on"))
    return data


def opened_json(**values: object) -> str:
    """The hidden field of a guarded form that was opened with these values."""
    return json.dumps({name: str(value) for name, value in values.items()})


def _shown(tag: Tag) -> str:
    return " ".join(tag.get_text().split())
