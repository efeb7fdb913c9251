"""The real pages beside the repository, where they are: read right, and nothing of them lost."""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

EXAMPLES = Path(__file__).resolve().parents[4] / "shared" / "examples"
WEEKS = ("2024-W20", "2024-W25", "2024-W43")


@pytest.mark.django_db
@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the real weekly pages are not on this machine")
@pytest.mark.parametrize("week", WEEKS)
def test_score(week: str, tmp_path: Path) -> None:
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
    said = subprocess.run(
        [*command, "--verbose"], capture_output=True, text=True, check=True
    ).stdout
    assert "lines kept       1.000" in said, said
    assert float(said.rsplit("score: ", 1)[1]) >= 0.95, said
