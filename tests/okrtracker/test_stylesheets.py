"""The style sheets of the screen use the sizes and weights of type that the tokens name, no others.

What is printed (``pdf.css``, ``print.css``) is measured in points, mails (``templates/emails``) in
pixels: mail programs know no custom properties.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

ON_PAPER: Final = frozenset({"pdf.css", "print.css"})
SIZES: Final = frozenset({"var(--small)", "var(--text)", "var(--title)", "var(--big)"})
WEIGHTS: Final = frozenset({"400", "600"})
_DECLARATION: Final = re.compile(r"(?<![\w-])(font|font-size|font-weight)\s*:\s*([^;}]+)")
_SHORTHAND: Final = re.compile(r"(?P<weight>\d+) (?P<size>var\(--\w+\))/[\d.]+ ")


def on_screen() -> Iterator[Path]:
    for path in sorted((settings.BASE_DIR / "static" / "css").glob("*.css")):
        if path.name not in ON_PAPER:
            yield path


def is_allowed(name: str, value: str) -> bool:
    if value == "inherit":
        return True
    if name == "font":
        shorthand = _SHORTHAND.match(value)
        return (
            shorthand is not None and shorthand["weight"] in WEIGHTS and shorthand["size"] in SIZES
        )
    return value in (SIZES if name == "font-size" else WEIGHTS)


def test_type_has_four_sizes_and_two_weights() -> None:
    others = [
        f"{path.name}: {name}: {value}"
        for path in on_screen()
        for name, value in _DECLARATION.findall(path.read_text())
        if not is_allowed(name, value.strip())
    ]
    assert others == []


def test_tokens_name_four_sizes() -> None:
    tokens = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
    rems = re.findall(r"--(small|text|title|big): ([\d.]+)rem;", tokens)
    pixels = {name: float(rem) * 16 for name, rem in rems}
    assert pixels == {"small": 13, "text": 15, "title": 18, "big": 24}
