"""What spares the parser work changes nothing that is read."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from projects.prose import fold
from projects.prose.clauses import cut
from projects.prose.dates import forms
from projects.prose.percents.amounts import amounts, asks_for_week

_CORPUS: Final = Path(__file__).parent / "corpus"
_WEEK: Final = date(2025, 11, 24)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    lines = [line for path in _CORPUS.glob("*.jsonl") for line in path.read_text().splitlines()]
    return [fold(json.loads(line)["text"]) for line in lines[::3]]


def test_no_date_is_looked_for_only_where_none_can_stand(texts: list[str]) -> None:
    undated = [text for text in texts if not forms.may_be_dated(text)]
    assert len(undated) > len(texts) // 4
    assert [text for text in undated if forms.ANY_DATE.search(text)] == []


def test_amounts_that_ask_for_no_week_are_the_same_without_one(texts: list[str]) -> None:
    pages = [cut(text, text) for text in texts if not asks_for_week(text)]
    assert len(pages) > len(texts) // 2
    assert [
        page.text for page in pages if amounts(page, (), _WEEK) != amounts(page, (), None)
    ] == []
