"""The demo that ``make run`` shows: who signs in there."""

from __future__ import annotations

from typing import Final

# The user names of a manager, a lead and a viewer; all three have one password.
SIGN_IN: Final = ("manager", "lead", "viewer")
