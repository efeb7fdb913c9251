"""HTML as Word, WPS, mail and Confluence save it, brought down to the few elements that matter.

Text that a browser would show stays, its styling goes. Bold type set by style becomes ``b``, list
paragraphs of Word become list items, merged cells become cells of their own, tables that only
arrange other things become blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

INDENT: Final = "\ue000"  # one level of a list that is only paragraphs; private use, so never text
_MOST_COLUMNS: Final = 100
_LONGEST_NUMBER: Final = 8  # digits

_UNSEEN: Final = ("script", "style", "head", "template", "noscript", "svg", "title", "meta", "link")
_CHROME: Final = "#breadcrumb-section, #breadcrumbs, #footer section.footer-body"  # Confluence's
_BLOCKS: Final = (
    *("header", "footer", "main", "aside", "nav", "center", "details", "figure", "fieldset"),
    *("form", "address", "hgroup", "dl", "dd", "summary", "dt"),
)
_STRUCTURE: Final = (
    "p",
    "div",
    "ul",
    "ol",
    "li",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
)
_NO_MEANING: Final = ("span", "font", "u", "ins", "o:p", "big", "small", "mark", "label", "tt")
_BOLD: Final = re.compile(r"font-weight:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_NOT_BOLD: Final = re.compile(r"font-weight:\s*(?:normal|lighter|[1-4]00)", re.IGNORECASE)
_LIST_LEVEL: Final = re.compile(r"mso-list:\s*\S+\s+level(?P<level>\d)", re.IGNORECASE)
_NUMBER: Final = re.compile(
    r"[(（]?(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[a-z])[.、)）．]+|[①-⑳]", re.IGNORECASE
)
_HEADING: Final = re.compile(r"h[1-6]")
_LEVEL: Final = re.compile(r"\d")
_LINE_BREAK: Final = re.compile(r"[ \t]*[\r\n][\s]*")
_WIDE: Final = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


def simplify(soup: BeautifulSoup) -> None:
    """Change ``soup`` in place; every text that a reader sees stays in it, in its order."""
    _drop_unseen(soup)
    for paragraph in soup.find_all("p", style=_LIST_LEVEL):
        _mark_list_paragraph(paragraph)
    for paragraph in soup.find_all("p", class_="MsoTitle"):
        paragraph.name = "h1"
    for paragraph in soup.find_all("p", attrs={"data-type": _HEADING}):  # DingTalk
        paragraph.name = str(paragraph["data-type"])
    _show_checkboxes(soup)
    _settle_bold(soup)
    for tag in soup.find_all(_NO_MEANING):
        tag.unwrap()
    for tag in soup.find_all(_BLOCKS):
        tag.name = "div"
    soup.smooth()
    _join_bold(soup)
    _nest_items(soup)
    _mend_lists(soup)
    for table in reversed(soup.find_all("table")):  # inner tables before those around them
        _settle_table(soup, table)
    _join_wrapped_lines(soup)


def depth(soup: BeautifulSoup) -> int:
    """How many elements the deepest one lies in."""
    deepest, level = 0, list[Tag]([soup])
    while level:
        level = [child for tag in level for child in tag.children if isinstance(child, Tag)]
        deepest += 1
    return deepest


def _drop_unseen(soup: BeautifulSoup) -> None:
    for comment in soup.find_all(string=lambda text: isinstance(text, PreformattedString)):
        comment.extract()
    for tag in [*soup.find_all(_UNSEEN), *soup.select(_CHROME)]:
        if not tag.decomposed:
            tag.decompose()


def _mark_list_paragraph(paragraph: Tag) -> None:
    """Word's 「1.   text」 or 「l   text」 (a bullet of Wingdings) becomes an indented item."""
    match = _LIST_LEVEL.search(str(paragraph["style"]))
    level = int(match["level"]) if match else 1
    mark = paragraph.find(style=re.compile(r"mso-list:\s*Ignore", re.IGNORECASE))
    if mark is None:
        return
    sign = mark.get_text().strip()
    mark.replace_with(f"{sign if _NUMBER.fullmatch(sign) else '-'} ")
    paragraph.insert(0, INDENT * (level - 1))


def _show_checkboxes(soup: BeautifulSoup) -> None:
    for box in soup.find_all("input", type="checkbox"):
        box.replace_with("[x] " if box.has_attr("checked") else "[ ] ")
    for box in soup.select("div.checkbox"):  # Notion
        box.replace_with("[x] " if "checkbox-on" in (box.get("class") or ()) else "[ ] ")
    for item in soup.select("ul.inline-task-list > li"):  # Confluence
        item.insert(0, "[x] " if "checked" in (item.get("class") or ()) else "[ ] ")


def _settle_bold(soup: BeautifulSoup) -> None:
    for tag in soup.find_all(("span", "font"), style=_BOLD):
        tag.name = "b"
    for tag in soup.find_all(("b", "strong")):
        style = str(tag.get("style") or "")
        if _NOT_BOLD.search(style) or tag.find(_STRUCTURE) or tag.find_parent(("b", "strong")):
            tag.name = "span"
        else:
            tag.name = "b"


def _join_bold(soup: BeautifulSoup) -> None:
    """Bold type in pieces (Word cuts it at every change of font) becomes one piece."""
    for tag in soup.find_all("b"):
        while isinstance(after := tag.next_sibling, Tag) and after.name == "b" and tag.parent:
            tag.extend(list(after.contents))
            after.extract()


def _nest_items(soup: BeautifulSoup) -> None:
    """Items that only say their level (DingTalk), each in a list of its own, go into each other."""
    last: list[Tag] = []  # the item that is open at each level
    for item in soup.find_all("li", attrs={"data-level": _LEVEL}):
        level = int(str(item["data-level"]))
        own = item.parent
        before = own.find_previous_sibling() if own is not None else None
        follows = item.find_previous_sibling("li") is not None or (
            bool(last) and before is not None and _holds(before, last[0])
        )
        if not follows:
            last = []
        if own is not None and 0 < level <= len(last):
            inner = soup.new_tag(own.name)
            last[level - 1].append(inner)
            inner.append(item.extract())
            if own.find("li") is None:
                own.extract()
        last[min(level, len(last)) :] = [item]


def _holds(tag: Tag, item: Tag) -> bool:
    return tag.name in {"ul", "ol"} and any(parent is tag for parent in item.parents)


def _mend_lists(soup: BeautifulSoup) -> None:
    """A list right within a list belongs to the item before it; items of ``ol`` get numbers."""
    for inner in soup.find_all(("ul", "ol")):
        if inner.parent is not None and inner.parent.name in {"ul", "ol"}:
            item = inner.find_previous_sibling("li")
            if item is None:
                item = soup.new_tag("li")
                inner.insert_before(item)
            item.append(inner.extract())
    for outer in soup.find_all("ol"):
        items = outer.find_all("li", recursive=False)
        for number, item in enumerate(items, start=_number(outer.get("start"))):
            item["value"] = str(number)


def _settle_table(soup: BeautifulSoup, table: Tag) -> None:
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    widest = max((len(_cells(row)) for row in rows), default=0)
    if widest > 1 and table.find("table") is None:
        _square(soup, _without_captions(table, rows))
        return
    own = table.find_all(("thead", "tbody", "tfoot", "tr", "td", "th", "caption"))
    for tag in [tag for tag in own if tag.find_parent("table") is table]:
        tag.name = "div"
    table.name = "div"


def _without_captions(table: Tag, rows: list[Tag]) -> list[Tag]:
    """The rows; a title that is merged across the first ones becomes a paragraph before them."""
    while len(rows) > 2 and len(_cells(rows[0])) == 1 and len(_cells(rows[1])) > 1:
        (title,) = _cells(rows[0])
        if _span(title, "colspan") < 2 or not title.get_text(strip=True):
            break
        title.name = "p"
        table.insert_before(title.extract())
        rows[0].extract()
        rows = rows[1:]
    return rows


def _cells(row: Tag) -> list[Tag]:
    return row.find_all(("td", "th"), recursive=False)


def _square(soup: BeautifulSoup, rows: Iterable[Tag]) -> None:
    """Write merged cells out: the text in the first, empty cells for the rest."""
    hanging: dict[int, int] = {}  # column → how many more rows the cell above reaches down
    for row in rows:
        column = 0
        for cell in _cells(row):
            column = _fill(soup, cell, hanging, column)
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            for _ in range(min(wide, _MOST_COLUMNS - column) - 1):
                cell.insert_after(soup.new_tag("td"))
            if high > 1:
                hanging.update(dict.fromkeys(range(column, column + wide), high - 1))
            column += wide
        while hanging.get(column):
            hanging[column] -= 1
            row.append(soup.new_tag("td"))
            column += 1


def _fill(soup: BeautifulSoup, cell: Tag, hanging: dict[int, int], column: int) -> int:
    """Put empty cells before ``cell`` where one from above reaches down; gives its column."""
    while hanging.get(column):
        hanging[column] -= 1
        cell.insert_before(soup.new_tag("td"))
        column += 1
    return column


def _span(cell: Tag, name: str) -> int:
    return max(1, min(_number(cell.get(name)), _MOST_COLUMNS))


def _number(attribute: object) -> int:
    """The number in an attribute, 1 where there is none that a page would mean."""
    value = str(attribute or "")
    return int(value) if value.isdecimal() and len(value) < _LONGEST_NUMBER else 1


def _join_wrapped_lines(soup: BeautifulSoup) -> None:
    """A line end in the source is a space, but between Chinese characters it is nothing."""
    for text in soup.find_all(string=True):
        if text.find_parent(("pre", "textarea")) is None:
            joined = _LINE_BREAK.sub(_joint, text.replace("\u00a0", " "))
            if joined != text:
                text.replace_with(NavigableString(joined))


def _joint(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    return "" if _WIDE.match(before) or (_WIDE.match(after) and not before) else " "
