"""The document as JSON, for other programs."""

from __future__ import annotations

import msgspec

from reports.weekly import document
from reports.weekly.document import WeeklyDocument


def json(page: WeeklyDocument) -> bytes:
    """UTF-8, keys in a stable order, decimals as strings; ``document.load`` reads it back."""
    encoded = msgspec.json.encode(document.dump(page), order="sorted")
    return msgspec.json.format(encoded, indent=2) + b"\n"
