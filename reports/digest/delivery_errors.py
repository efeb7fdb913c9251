"""Why a message did not arrive, in words that a manager understands. Pure, but for translation.

The database keeps what the server said (``smtp_errors.words_of``): a reply code, often with an
enhanced code (RFC 3463: class, subject, detail), and the server's words. They are shown small.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.digest import dispatch
from reports.models import Delivery, SendState
from reports.vendors.message import from_kept

_CODE: Final = re.compile(
    r"(?P<code>[245]\d\d)(?:[ -](?P<enhanced>[245]\.\d{1,3}\.\d{1,3}))?(?!\d)"
)

_NO_SERVER: Final = _("The mail server cannot be reached")
_SIGN_IN: Final = _("The mail server does not accept our sign-in")
_NO_MAILBOX: Final = _("There is no such mailbox")
_FULL: Final = _("The mailbox is full")
_TOO_LARGE: Final = _("The mail is too large for the recipient's server")
_SPAM: Final = _("The recipient's server refuses the mail, perhaps as spam")
_LATER: Final = _("The recipient's server takes no mail at the moment")
_BROKEN_OFF: Final = _("The connection to the mail server broke off")
_NO_ADDRESS: Final = _("This is no mail address")
_OTHER: Final = _("The mail could not be sent")

# By the subject and detail of an enhanced code, which say more than the reply code.
_ENHANCED: Final[dict[str, Promise]] = {
    "1.1": _NO_MAILBOX,
    "1.2": _NO_MAILBOX,
    "1.3": _NO_ADDRESS,
    "1.10": _NO_MAILBOX,
    "2.1": _("The mailbox is closed"),
    "2.2": _FULL,
    "2.3": _TOO_LARGE,
    "3.4": _TOO_LARGE,
    "7.1": _SPAM,
    "7.8": _SIGN_IN,
}
_CODES: Final[dict[int, Promise]] = {
    421: _NO_SERVER,
    452: _FULL,
    530: _SIGN_IN,
    534: _SIGN_IN,
    535: _SIGN_IN,
    538: _SIGN_IN,
    550: _NO_MAILBOX,
    551: _NO_MAILBOX,
    552: _TOO_LARGE,
    553: _NO_ADDRESS,
    554: _SPAM,
}
_SIGNS: Final[tuple[tuple[str, Promise], ...]] = (
    ("invalid address", _NO_ADDRESS),
    ("unexpectedly closed", _BROKEN_OFF),
    ("please run connect", _BROKEN_OFF),
    ("not connected", _BROKEN_OFF),
    ("[errno", _NO_SERVER),
    ("timed out", _NO_SERVER),
    ("timeout", _NO_SERVER),
    ("refused", _NO_SERVER),
)
_UNWANTED: Final[dict[str, Promise]] = {
    dispatch.UNSUBSCRIBED: _("Unsubscribed before it was sent"),
    dispatch.LEFT: _("Left the team before it was sent"),
    dispatch.SWITCHED_OFF: _("The channel was disabled"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is the matter, for people, and what the other side said, for who has to mend it."""

    words: Promise | str
    answer: str = ""


def explain(row: Delivery) -> Explanation | None:
    """Why the delivery did not arrive, or not yet; ``None`` when nothing is known to be wrong."""
    if not row.error:
        return None
    if row.state == SendState.UNWANTED:
        return Explanation(_UNWANTED.get(row.error, row.error))
    return _of_a_card(row.error) if row.is_chat else Explanation(_of_a_mail(row.error), row.error)


def _of_a_card(error: str) -> Explanation:
    if not_posted := from_kept(error):
        return Explanation(not_posted.words, not_posted.detail)
    return Explanation(_("The message could not be posted"), error)


def _of_a_mail(error: str) -> Promise:
    reply = _CODE.match(error)
    if reply is None:
        signs = (words for sign, words in _SIGNS if sign in error.lower())
        return next(signs, _OTHER)
    code, enhanced = int(reply["code"]), (reply["enhanced"] or "").partition(".")[2]
    promise = _ENHANCED.get(enhanced) or _CODES.get(code)
    if code < 500 and promise not in (_FULL, _NO_SERVER, _SIGN_IN):
        return _LATER  # greylisting says 4.7.1, where 5.7.1 is a refusal
    return promise or _SPAM
