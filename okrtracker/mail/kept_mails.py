"""The mails that were written to files instead of being sent, for whoever tries the tool out."""

from __future__ import annotations

import email
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from typing import Final

from django.conf import settings

# What Django's file backend writes below each message.
_END: Final = b"\n" + b"-" * 79 + b"\n"
_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class KeptMail:
    """One message. ``name`` is its file and its number in it, as an address has it."""

    name: str
    subject: str
    to: str
    at: datetime | None
    text: str
    html: str


def folder() -> Path | None:
    """Where mails are kept as files; ``None`` where they are really sent."""
    path = settings.MAILERS["default"].get("OPTIONS", {}).get("file_path")
    return Path(path) if path else None


def latest() -> list[KeptMail]:
    """The mails in the folder, the newest first, a hundred of them."""
    mails: list[KeptMail] = []
    for path in sorted(_files(), reverse=True):
        mails += reversed(_read(path))
        if len(mails) >= _MOST:
            break
    return mails[:_MOST]


def find(name: str) -> KeptMail | None:
    """The mail of that name, if it is there. Only names that the folder has are looked for."""
    for path in _files():
        if name.startswith(f"{path.stem}."):
            return next((mail for mail in _read(path) if mail.name == name), None)
    return None


def _files() -> list[Path]:
    mail_folder = folder()
    return [path for path in mail_folder.glob("*.log") if path.is_file()] if mail_folder else []


def _read(path: Path) -> list[KeptMail]:
    messages = [part for part in path.read_bytes().split(_END) if part.strip()]
    return [_mail(f"{path.stem}.{number}", part) for number, part in enumerate(messages, 1)]


def _mail(name: str, source: bytes) -> KeptMail:
    message = email.message_from_bytes(source.lstrip(), policy=modern)
    date = message["Date"]
    return KeptMail(
        name=name,
        subject=str(message["Subject"]),
        to=str(message["To"]),
        at=date.datetime if date else None,
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body is not None else ""
