"""Pages of invented teams, most written before the reading was: each is read almost whole.

Beside each page stands what must be read in it (``must``) and what may be (``may``). A ``|`` parts
names that are all right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from reports.importer.contract import as_json
from reports.importer.run import read_pages
from tests.tables import each_row

CORPUS: Final = Path(__file__).parent / "corpus"
PAGES: Final = sorted(path.stem for path in CORPUS.glob("*.md"))
FLOOR: Final = 0.98
_MARKS: Final = re.compile(r"[\s*_`「」【】\[\]()（）:：，,。.、；;《》#>–—-]")

# The fields of each category that are compared.
FIELDS: Final = {
    "objectives": ("code", "name"),
    "projects": ("name", "objective"),
    "progress": ("project", "percent"),
    "dates": ("project", "date"),
    "metrics": ("name", "value"),
    "incidents": ("occurred_at", "detected_by"),
    "next_goals": ("text", "line"),
}

type Fact = list[Any]
type Read = dict[str, Any]


@each_row("name", PAGES)
def test_a_page_is_read_almost_whole(name: str) -> None:
    expected = json.loads((CORPUS / f"{name}.expected.json").read_text(encoding="utf-8"))
    result = read_pages([CORPUS / f"{name}.md"], numbering="calendar", today=date(2026, 11, 30))
    assert len(result.pages) == len(expected)
    for page, facts in zip(result.pages, expected, strict=True):
        got = as_json(page)
        assert got["week"]["start"] == facts["week"]["start"]
        scores = dict(scored(facts, got))
        mean = sum(scores.values()) / len(scores)
        assert mean >= FLOOR, scores


def scored(facts: Read, got: Read) -> Iterator[tuple[str, float]]:
    """The F1 of each category that holds anything."""
    for category, fields in FIELDS.items():
        must, may = _expected(facts[category])
        read = [item for item in got[category] if category != "metrics" or not item["project"]]
        if must or read:
            pairs = [(item[fields[0]], item[fields[1]]) for item in read]
            yield category, _f1(must, may, pairs)


def _expected(facts: Any) -> tuple[list[Fact], list[Fact]]:
    """What must and what may be read; a name alone stands for any value."""
    must, may = (facts["must"], facts["may"]) if isinstance(facts, dict) else (facts, [])
    return _pairs(must), _pairs(may)


def _pairs(facts: list[Any]) -> list[Fact]:
    return [fact if isinstance(fact, list) else [fact, "*"] for fact in facts]


def _f1(must: list[Fact], may: list[Fact], read: list[tuple[Any, Any]]) -> float:
    free = list(read)
    hits = 0
    for fact in must:
        match = next((pair for pair in free if _is_same(fact, pair)), None)
        if match is not None:
            free.remove(match)
            hits += 1
    wrong = [pair for pair in free if not any(_is_same(fact, pair) for fact in [*must, *may])]
    return 2 * hits / (len(must) + hits + len(wrong)) if must else float(not wrong)


def _is_same(fact: Fact, pair: tuple[Any, Any]) -> bool:
    return _same_name(fact[0], pair[0]) and _same_value(fact[1], pair[1])


def _same_name(expected: str, got: str) -> bool:
    names, folded = [_folded(name) for name in expected.split("|")], _folded(got)
    return any(name == folded or name in folded or folded in name for name in names)


def _same_value(expected: Any, got: Any) -> bool:
    if isinstance(expected, (int, float)):
        return isinstance(got, (int, float)) and abs(expected - got) <= 0.5
    return expected is None or expected == "*" or _folded(expected) == _folded(str(got))


def _folded(text: str) -> str:
    return _MARKS.sub("", text).lower()
