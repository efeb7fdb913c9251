"""Real pages, where they are at hand: read right, and no line of them lost."""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.reports.importer.pages import EXAMPLE_WEEKS, EXAMPLES


@pytest.mark.django_db
@pytest.mark.skipif(EXAMPLES is None, reason="WEEKLY_EXAMPLES names no folder")
@pytest.mark.parametrize("week", EXAMPLE_WEEKS)
def test_score(week: str, tmp_path: Path) -> None:
    assert EXAMPLES is not None
    source = EXAMPLES / f"{week}.md"
    out = StringIO()
    call_command("import_weekly", str(source), "--json", stdout=out)
    (tmp_path / "got.json").write_text(out.getvalue(), encoding="utf-8")
    call_command("import_weekly", str(source), "--apply", stdout=StringIO())
    (page,) = json.loads(out.getvalue())
    back = tmp_path / "back.md"
    options = ("--format", "markdown", "--output", str(back))
    call_command("export_week", *options, page["week"]["start"])
    files = [
        EXAMPLES / "score_import.py",
        EXAMPLES / f"{week}.expected.json",
        tmp_path / "got.json",
    ]
    command = [sys.executable, *map(str, files), "--source", str(source), "--markdown", str(back)]
    scores = subprocess.run(
        [*command, "--verbose"], capture_output=True, text=True, check=True
    ).stdout
    assert "lines kept       1.000" in scores, scores
    assert float(scores.rsplit("score: ", 1)[1]) >= 0.95, scores
