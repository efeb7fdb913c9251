"""Keeps the addresses and secrets of channels encrypted in the database.

Fernet (AES-128-CBC with HMAC-SHA256), its key derived by HKDF-SHA256 (RFC 5869) from a text of
any length: the first of ``CHANNEL_KEYS``, or ``SECRET_KEY`` when there is none. Whatever was
encrypted with any other of ``CHANNEL_KEYS``, with ``SECRET_KEY`` or one of
``SECRET_KEY_FALLBACKS`` is still read, so that a key is changed without a moment's loss: put the
new one first, run ``rotate_channel_keys``, then drop the old one.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# Only what is named so is read from the environment, lest somebody send the world DATABASE_URL.
VARIABLE: Final = re.compile(r"OKR_[A-Z0-9_]{1,76}")
_PURPOSE: Final = b"okrtracker.reports.channels.vault.1"


class KeyLost(Exception):
    """No key of these times opens it: it has to be entered again."""


class VariableUnset(Exception):
    """The server's environment has no such variable, or an empty one."""


def seal(text: str) -> str:
    """The text encrypted, each time another; nothing stays nothing."""
    return _fernet().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """What was sealed. Raises ``KeyLost``."""
    if not sealed:
        return ""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except (InvalidToken, UnicodeError):
        raise KeyLost from None


def resealed(sealed: str) -> str:
    """The same, encrypted with the key of today. Raises ``KeyLost``."""
    return seal(unseal(sealed))


def from_environment(name: str) -> str:
    """The value of a variable that a channel may name. Raises ``VariableUnset``."""
    value = os.environ.get(name, "").strip() if VARIABLE.fullmatch(name) else ""
    if not value:
        raise VariableUnset
    return value


def _fernet() -> MultiFernet:
    keys = (*settings.CHANNEL_KEYS, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return _fernet_of(tuple(keys))


@lru_cache(maxsize=4)
def _fernet_of(keys: Sequence[str]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return base64.urlsafe_b64encode(hkdf.derive(key.encode()))
