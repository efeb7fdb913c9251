"""The document as JSON, for other programs."""

from __future__ import annotations

import msgspec

from reports.weekly import document
from reports.weekly.changes import Imprint
from reports.weekly.document import WeeklyDocument


def json(page: WeeklyDocument, *, imprint: Imprint | None = None) -> bytes:
    """UTF-8, keys in a stable order, decimals as strings; ``document.load`` reads it back.

    An edition's imprint stands beside the document's own keys, as ``edition``.
    """
    built = document.dump(page)
    if imprint is not None:
        built["edition"] = msgspec.to_builtins(imprint)
    encoded = msgspec.json.encode(built, order="sorted")
    return msgspec.json.format(encoded, indent=2) + b"\n"
