"""The outline of a page: each line with its indent, mark and depth among its neighbours. Pure.

People mark lists in many ways (``1.``, ``1、``, ``（1）``, ``①``, ``一、``, ``-``, ``•``), and in
text that never saw a list editor the kind of mark, not the indent, tells how deep a line is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Final

from reports.importer.columns import is_heading_row
from reports.importer.reading.siblings import SiblingMarks
from reports.importer.source import SourceLine, own_items

PARAGRAPH: Final = 0
_INSIDE: Final = 100  # the least depth of what continues an entry, whatever it stands under

# Rank of a mark: a finer one (higher) at the same indent stands below a coarser one.
# A Markdown heading has its level, 1 to 6, as its rank.
# All in one pattern, the rank in the name of the group: each line of each page is asked.
_MARK: Final = re.compile(
    "|".join(
        f"(?P<rank_{rank}>{pattern})"
        for rank, pattern in (
            (
                10,
                (
                    r"第[一二三四五六七八九十]{1,3}(?:部分|章|节)[、.：:\s]?|"
                    r"(?:议题|专题|事项)[一二三四五六七八九十\d]{1,2}[、.：:\s]\s*(?=\S)|"
                    r"[一二三四五六七八九十]{1,3}[、.．]|(?:I{1,3}|IV|VI{0,3}|IX|X)[.、．](?=\s)"
                ),
            ),
            (20, r"[（(][一二三四五六七八九十]{1,3}[)）][、.]?"),
            # 4.12 15:30 is a moment, not the twelfth part of chapter four.
            (37, r"\d{1,2}(?:\.\d{1,2}){2}[、.．]?(?=\s)"),
            (
                35,
                (
                    r"\d{1,2}\.[1-9]\d?[、.．]?(?=\s)(?!\s+\d{1,2}\s?[:：点时])|"
                    r"\d{1,2}\.[1-9]\d?、"
                ),
            ),
            (30, r"\d{1,3}(?:[.．](?![\d%])|、)"),
            (40, r"\d{1,2}[)）](?!\d+(?:\Z|[\s.,，/%)）]))"),
            (50, r"[（(]\d{1,2}[)）][、.]?"),
            (60, r"[①-⑳❶-❿⓪]|\d\ufe0f?\u20e3|🔟"),
            (65, r"[A-Za-z][.)、）](?=\s)|[A-Za-z]、"),
            (
                68,
                (
                    r"[■◆▶►➢➤★☆\uf06e\uf0d8]|"
                    r"(?![☐☑☒✅✓])[\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u203c\u2757]\ufe0f?"
                ),
            ),
            (70, r"[●•\uf0b7\uf06c]"),
            (75, r"[-+*–](?=\s|\Z)|[-·∙・](?=[^\s\d\-·.])|[·∙・](?=\s)"),
            (80, r"[○◦▪□◇▫o](?=\s)|[○◦▪◇▫]"),
        )
    )
)
# 1、2号楼 are two buildings; 1、3个接口 and 1、1400协议 are the first item, and so is 2、1号楼.
_JOINED_NUMBERS: Final = re.compile(
    r"(?P<first>\d{1,3})、(?P<second>\d{1,3})"
    r"(?:\s*[号#期楼栋幢级班线层区部院批标轮季]|\s*[、，,和及与至~～/-]\s*\d|(?<=1、2)月|(?=\s|\Z))"
)
# #话题# at the beginning of a line is no heading.
_HASHES: Final = re.compile(
    r"(#{1,6})(?:[ \t]+|(?=[^\s#\w])|(?=[^\W\d_a-zA-Z]))(?!(?<=#)[^#\s]{1,30}#(?!#*\s*\Z))"
)
_CHECKBOX: Final = re.compile(r"\[[ xX✓√]?\](?=\s|\Z)|[☐☑☒✅](?=\s|\S)")
# The marks that Markdown itself knows; any other is kept as part of what the line says.
_MARKDOWN_MARK: Final = re.compile(r"#{1,6}|[-*+]|\d{1,3}[.、)]")
_SPACES: Final = " \t\u3000\xa0"
_RULED: Final = tuple("-*_=—~")
_RULE: Final = re.compile(r"([-*_=—~])(?:\s*\1){2,}\s*")
_BOLD: Final = re.compile(r"\*{2,}|__")
_BOLD_MARK: Final = re.compile(
    r"(?P<bold>\*\*|__)(?=[一二三四五六七八九十（(\dIVX])(?P<rest>.*)", re.DOTALL
)


@dataclass(slots=True)
class OutlineLine:
    """One line of a page. ``text`` is what follows the mark; ``depth`` is filled by ``nest``."""

    number: int
    raw: str
    indent: int = 0
    mark: str = ""
    rank: int = PARAGRAPH
    box: str = ""
    text: str = ""
    depth: int = 0
    after_blank: bool = False
    place: str = ""  # in a spreadsheet: the cell that it comes from
    is_code: bool = False  # within a fence
    is_tabbed: bool = False  # cells with tabs between them, below headings of such cells
    item: int = 0  # the number of the line whose entry this one continues (``source.own_items``)
    is_blank: bool = field(init=False)
    is_table_row: bool = field(init=False)
    # Asked of each line many times: the text without marks, and the text that it was made from.
    _plain: str = field(init=False, default="", repr=False, compare=False)
    _plain_of: str = field(init=False, default="", repr=False, compare=False)

    def __post_init__(self) -> None:
        bare = self.raw.strip()
        self.is_blank = not bare
        self.is_table_row = self.is_tabbed or (bare[:1] == "|" and bare.count("|") >= 2)

    @property
    def level(self) -> int:
        """1 to 6 for a Markdown heading, else 0."""
        return self.rank if 1 <= self.rank <= 6 else 0

    @property
    def plain(self) -> str:
        """The text without bold marks, wherever they stand, and without space around it."""
        if self._plain_of is not self.text:
            self._plain = without_bold(self.text).strip()
            self._plain_of = self.text
        return self._plain

    @property
    def kept_mark(self) -> str:
        """What must stand before the text so that no character of the source is lost."""
        if not self.mark:
            return self.box
        # In a quote a number is as likely a word of it.
        is_quoted = self.mark[:1].isdigit() and self.raw.lstrip().startswith(">")
        # A mark never ends within a number (1.5倍): what follows may begin with a digit.
        is_known = _is_of_markdown(self.mark) and not is_quoted
        if self.mark.endswith(("、", ")")) and f"{self.mark}{self.text[:1]}" in self.raw:
            # Of 1、3个接口 nobody knows for sure that the 1 only counts.
            is_known = is_known and not self.text[:1].isdigit()
        mark = "" if is_known else self.mark
        return " ".join(part for part in (mark, self.box) if part)

    @property
    def printed(self) -> str:
        """The text as our own pages print it: with the mark, unless Markdown knows that mark."""
        return self.with_mark(self.text)

    def with_mark(self, words: str) -> str:
        """Some words of the line behind the mark that is kept."""
        mark = self.kept_mark
        if not mark:
            return words.strip()
        space = "" if mark.endswith(("、", "）")) else " "
        return f"{mark}{space}{words.strip()}".strip()


@lru_cache(maxsize=1024)
def _is_of_markdown(mark: str) -> bool:
    return _MARKDOWN_MARK.fullmatch(mark) is not None


def without_bold(text: str) -> str:
    """The text without marks of bold type, wherever they stand."""
    return _BOLD.sub("", text) if "**" in text or "__" in text else text


def outline(lines: Iterable[SourceLine]) -> list[OutlineLine]:
    """The lines with indent, mark and text; blank ones stay, table rows and fences have no mark."""
    result: list[OutlineLine] = []
    fenced = False
    lines = list(lines)
    continued = own_items([line.text for line in lines])
    tabbed = _tabbed_rows(lines) - continued.keys()
    for index, source in enumerate(lines):
        if index - 1 in continued and index not in continued:
            fenced = False  # no fence reaches beyond the entry that opened it
        raw, bare, indent = _undented(source.text)
        is_tabbed = index in tabbed
        line = OutlineLine(source.number, raw, place=source.place, is_tabbed=is_tabbed)
        line.indent = 0 if is_tabbed else indent
        if index in continued:
            line.item = lines[continued[index]].number
        line.after_blank = not result or result[-1].is_blank
        is_fence = bare.startswith(("```", "~~~"))
        fenced ^= is_fence
        # As our own pages print a line that begins with hashes.
        is_escaped = bare.startswith("\\#") and not fenced
        if is_escaped:
            line.raw, bare = line.raw.replace("\\#", "#", 1), bare[1:]
        if fenced or is_fence or line.is_table_row:
            line.text = bare
            line.is_code = fenced or is_fence
        elif is_escaped:
            line.text = bare
        else:
            line.rank, line.mark, line.box, line.text = _read_mark(bare)
        result.append(line)
    return result


def _tabbed_rows(lines: Sequence[SourceLine]) -> set[int]:
    """The rows of tables that were pasted from a spreadsheet as text: tabs between their cells."""
    rows: set[int] = set()
    if not any("\t" in line.text for line in lines):
        return rows
    run: list[int] = []
    for index, line in enumerate([*lines, SourceLine(0, "")]):
        bare = line.text.strip()
        if "\t" in bare or (run and bare and line.text.startswith("\t")):
            run.append(index)
            continue
        heads = (at for at, row in enumerate(run) if is_heading_row(lines[row].text.split("\t")))
        first = next(heads, None)
        if first is not None and len(run) - first > 1:
            rows.update(run[first:])
        run = []
    return rows


def _columns(space: str) -> int:
    return len(space) + 3 * space.count("\t") + space.count("\u3000")


# Lines come back from week to week.
@lru_cache(maxsize=4096)
def _undented(text: str) -> tuple[str, str, int]:
    """A line as it is kept, the same without its indent, and the indent."""
    raw = text.replace("\0", "").rstrip()  # no database keeps a NUL, and nobody sees one
    space = raw[: len(raw) - len(raw.lstrip(_SPACES))]
    return raw, raw.lstrip(f"{_SPACES}>"), _columns(space)


@lru_cache(maxsize=4096)
def _read_mark(bare: str) -> tuple[int, str, str, str]:
    """Rank, mark, box and text of a line; a rule has no mark."""
    if bare[:1] in _RULED and _RULE.fullmatch(bare):
        return PARAGRAPH, "", "", bare
    if bare[:1] == "#" and (match := _HASHES.match(bare)):
        rest = bare[match.end() :].strip()
        return len(match[1]), match[1], "", rest.rstrip("#").strip() or rest
    rank, mark, box, text = PARAGRAPH, "", "", bare
    # **1. 机房迁移**: the mark stands within the bold type
    in_bold = _BOLD_MARK.match(bare) if bare[:1] in ("*", "_") else None
    bold, inner = (in_bold["bold"], in_bold["rest"]) if in_bold else ("", bare)
    match = _MARK.match(inner)
    if match and match.lastgroup and not _joins_numbers(inner):
        rank, mark = int(match.lastgroup.removeprefix("rank_")), match[0].strip()
        rest = inner[match.end() :].strip()
        text = f"{bold}{rest}" if rest else rest
    if match := _CHECKBOX.match(text):
        box = match[0]
        text = text[match.end() :].strip()
    return rank, mark, box, text


def _joins_numbers(text: str) -> bool:
    """Whether the text begins with numbers of things, not with an item's number."""
    match = _JOINED_NUMBERS.match(text) if text[:1].isdigit() else None
    return match is not None and int(match["first"]) < int(match["second"])


def nest(lines: Iterable[OutlineLine]) -> list[OutlineLine]:
    """Sets each line's depth among these (0: outermost); a paragraph inside an item is deeper."""
    result = list(lines)
    numbers = {line.number for line in result if not line.item}
    _nest([line for line in result if line.item not in numbers])
    for item, continuing in groupby(result, key=lambda line: line.item):
        if item in numbers:
            below = list(continuing)
            _nest(below)
            for line in below:
                line.depth += _INSIDE
    return result


def _nest(result: list[OutlineLine]) -> None:
    marks = SiblingMarks(result)
    stack: list[OutlineLine] = []
    for place, line in enumerate(result):
        if line.is_blank:
            line.depth = len(stack)
        elif line.rank == PARAGRAPH:
            # A paragraph ends the list items at its indent, never the heading it stands under.
            while stack and stack[-1].indent >= line.indent and not stack[-1].level:
                stack.pop()
            line.depth = len(stack)
            if line.text.endswith(("：", ":")):
                stack.append(line)  # holds what is indented below it
        else:
            while stack and (_ends(stack[-1], line) or marks.are_siblings(stack[-1], place)):
                stack.pop()
            line.depth = len(stack)
            stack.append(line)
            marks.remember(line)


def _ends(open_item: OutlineLine, line: OutlineLine) -> bool:
    if open_item.rank == PARAGRAPH:
        return open_item.indent + 1 >= line.indent
    if abs(open_item.indent - line.indent) <= 1:
        return open_item.rank >= line.rank
    return open_item.indent > line.indent


@dataclass(slots=True)
class OutlineItem:
    """A line and the lines below it."""

    line: OutlineLine
    children: list[OutlineLine]

    @property
    def lines(self) -> list[OutlineLine]:
        return [self.line, *self.children]

    @property
    def is_own(self) -> bool:
        """Whether it is an entry as our own pages print it."""
        return bool(self.children) and self.children[0].item == self.line.number


def items(lines: Iterable[OutlineLine]) -> Iterator[OutlineItem]:
    """The outermost items of nested lines, each with what stands below it, edges trimmed."""
    current: OutlineItem | None = None
    for line in lines:
        if line.is_blank:
            if current is not None:
                current.children.append(line)
        elif current is None or line.depth == 0:
            if current is not None:
                yield _trimmed(current)
            current = OutlineItem(line, [])
        else:
            current.children.append(line)
    if current is not None:
        yield _trimmed(current)


def _trimmed(item: OutlineItem) -> OutlineItem:
    while item.children and item.children[-1].is_blank:
        item.children.pop()
    return item


def dedented(lines: Iterable[OutlineLine]) -> str:
    """The lines as they stand in the source, moved left together."""
    shown = list(lines)
    edges = [line.indent for line in shown if not line.is_blank]
    edge = min(edges, default=0)
    return "\n".join(_without(line.raw, edge) for line in shown).strip("\n")


def _without(raw: str, edge: int) -> str:
    if raw[:edge] == " " * edge:
        return raw[edge:]
    taken = 0
    start = 0
    while start < len(raw) and taken < edge and raw[start] in " \t\u3000\xa0":
        taken += _columns(raw[start])
        start += 1
    return raw[start:]
