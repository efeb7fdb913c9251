"""Templates of pages are loaded without their indentation, those of mails as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Engine

from okrtracker.page_source import Loader


@pytest.mark.parametrize(
    ("name", "loaded"),
    [
        ("page.html", "<p>\na  b\n\nc</p>\n"),
        ("emails/mail.html", "  <p>\n\ta  b\n\n    c</p>\n"),
        ("page.txt", "  <p>\n\ta  b\n\n    c</p>\n"),
    ],
)
def test_only_pages_lose_their_indentation(tmp_path: Path, name: str, loaded: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("  <p>\n\ta  b\n\n    c</p>\n")
    loader = Loader(Engine.get_default(), [str(tmp_path)])
    origin = next(loader.get_template_sources(name))
    assert loader.get_contents(origin) == loaded


def test_no_untrimmed_translation_spans_lines() -> None:
    """Its text would be another one than that in the catalogue."""
    block = re.compile(r"{% blocktranslate(.*?)%}(.*?){% endblocktranslate %}", re.DOTALL)
    wrong = [
        f"{path.name}: {match[0][:60]}"
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for match in block.finditer(path.read_text())
        if "trimmed" not in match[1] and "\n" in match[2]
    ]
    assert not wrong
