"""What an error of sending a mail says: of the recipient, or of the mail server; passing or not."""

from __future__ import annotations

import smtplib
from typing import Final

# RFC 4954: authentication is required, too weak, failed, or wants encryption.
_AUTHENTICATION: Final = frozenset({530, 534, 535, 538})
CLOSING: Final = 421
_TOO_LARGE: Final = 552
_BEFORE_ANY_MAIL: Final = (
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPNotSupportedError,
)


def is_permanent(error: Exception) -> bool:
    """Whether another attempt would fail as this one did, by SMTP's reply codes (RFC 5321, 4.2.1).

    A 5xx answer to this recipient or this mail is permanent, and so is a value that no mail can
    have. What the server says of us (``is_of_the_server``) never is.
    """
    if is_of_the_server(error):
        return False
    codes = codes_of(error)
    return min(codes) >= 500 if codes else isinstance(error, ValueError)


def is_of_the_server(error: Exception) -> bool:
    """Whether the trouble is the mail server's, or ours with it, and says nothing of the recipient.

    So is what goes wrong before a mail is under way (no route, no connection, the greeting, HELO,
    TLS, signing in), a sender that is refused (but for a mail that is too large, 552) and, in
    whatever place, an answer that asks for authentication or says that the service closes (421).
    A server that is away or set up wrongly for a day thus costs no recipient an attempt.

    A connection that is lost with a mail under way is not, by itself: that mail may be why, and it
    must not come back for ever. ``sender`` finds out whether a new connection can be had.
    """
    if isinstance(error, smtplib.SMTPSenderRefused):
        return error.smtp_code != _TOO_LARGE
    if isinstance(error, _BEFORE_ANY_MAIL):
        return True
    if not isinstance(error, smtplib.SMTPException):
        # smtplib says in errors of its own what befalls a mail under way.
        return isinstance(error, OSError)
    return any(code == CLOSING or code in _AUTHENTICATION for code in codes_of(error))


def may_befall_the_next(error: Exception) -> bool:
    """Whether the next mail may fail for the same reason, whoever it is to."""
    return is_of_the_server(error) or isinstance(error, smtplib.SMTPServerDisconnected)


def codes_of(error: Exception) -> list[int]:
    """The reply codes in an error of smtplib's; none in any other."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _reason in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def words_of(error: Exception) -> str:
    """The error as one line: the server's code and words, or what the system says."""
    if isinstance(error, smtplib.SMTPRecipientsRefused) and error.recipients:
        code, reason = next(iter(error.recipients.values()))
        return _answer(code, reason)
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return " ".join(str(error).split()) or type(error).__name__


def _answer(code: int, reason: bytes | str) -> str:
    text = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
    return " ".join(f"{code} {text}".split())
