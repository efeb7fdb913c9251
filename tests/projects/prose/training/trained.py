"""What each model was trained on, kept beside its weights as a digest: training takes seconds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Final

_TRAINED: Final = Path(__file__).with_name("trained.json")


def digest(parts: Iterable[object]) -> str:
    """One digest of all the parts in their order."""
    result = sha256()
    for part in parts:
        result.update(part if isinstance(part, bytes) else repr(part).encode())
    return result.hexdigest()


def note(weights: Path, examples: str) -> None:
    """Keep what ``weights`` were trained on."""
    trained = json.loads(_TRAINED.read_text()) if _TRAINED.exists() else {}
    trained[weights.name] = _noted(weights, examples)
    _TRAINED.write_text(json.dumps(trained, indent=2, sort_keys=True) + "\n")


def is_noted(weights: Path, examples: str) -> bool:
    """Whether the weights are the ones that were trained last, and that on these examples."""
    noted: dict[str, dict[str, str]] = json.loads(_TRAINED.read_text())
    return noted[weights.name] == _noted(weights, examples)


def _noted(weights: Path, examples: str) -> dict[str, str]:
    return {"examples": examples, "weights": digest([weights.read_bytes()])}
