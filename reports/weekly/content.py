"""What a document says, apart from which rows it was made of. Pure."""

from __future__ import annotations

from typing import Any, Final

import msgspec

# Keys of rows that lead from the live page to where it is edited. A reader sees none of them, and
# documents from before they were kept have 0 there.
_KEYS: Final = frozenset({"id", "section_id"})


def content_of(thing: object) -> bytes:
    """A document, or a part of one, as canonical JSON without those keys.

    Two that are equal here read alike. ``document.canonical`` tells them apart all the same.
    """
    return msgspec.json.encode(_without_keys(msgspec.to_builtins(thing)), order="sorted")


def _without_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_keys(one) for name, one in value.items() if name not in _KEYS}
    if isinstance(value, list | tuple):
        return [_without_keys(one) for one in value]
    return value
