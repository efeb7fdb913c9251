"""Read pages as they are kept between reading and applying."""

from __future__ import annotations

from typing import Final

import msgspec

from reports.importer.page import ParsedPage

_DECODER: Final = msgspec.json.Decoder(ParsedPage)


def packed(page: ParsedPage) -> bytes:
    return msgspec.json.encode(page)


def unpacked(document: bytes | memoryview) -> ParsedPage:
    """The page that ``packed`` was given. Fields that were added since have their defaults."""
    return _DECODER.decode(bytes(document))
