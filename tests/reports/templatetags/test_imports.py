"""Why a file gives no page, in the reader's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from reports import importer
from reports.templatetags.imports import _REASONS, reason


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("larger than 32 MB", "超过 32 MB"),
        ("has more than 50,000 rows", "超过 50,000 行"),
        ("cannot be read (IndexError)", "无法读取"),
        ("not a kind of file that holds weekly pages: .jpg", "不是周报文件：.jpg"),
        ("a reason of tomorrow", "a reason of tomorrow"),
    ],
)
def test_a_reason_is_said_in_the_readers_language(words: str, shown: str) -> None:
    with translation.override("zh-hans"):
        assert reason(words) == shown


# Of a path that only the command line can name.
OF_THE_COMMAND_LINE = {"not a file, or gone"}


def reasons() -> Iterator[str]:
    """The first words of each error in the sources, with 1 for what is filled in."""
    for path in Path(importer.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(ast.Name("CannotReadError"), [ast.Constant(str() as words), *_]):
                    yield words
                case ast.Call(ast.Name("CannotReadError"), [ast.JoinedStr(parts), *_]):
                    pieces = (getattr(part, "value", "") for part in parts)
                    yield "".join(piece if isinstance(piece, str) else "1" for piece in pieces)


@pytest.mark.parametrize("words", sorted(set(reasons()) - OF_THE_COMMAND_LINE))
def test_reason_is_translated(words: str) -> None:
    assert any(pattern.fullmatch(words) for pattern, _ in _REASONS)
