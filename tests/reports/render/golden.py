"""Golden files: what a renderer prints, compared with what it printed when somebody read it.

``UPDATE_GOLDEN=1 pytest tests/reports/render`` writes them anew; read the difference before
committing it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "golden"


def assert_golden(name: str, text: str) -> None:
    path = _FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
