"""Composes mails: whatever they say, all of them have their head and their parts made here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import Policy, default
from email.utils import format_datetime, make_msgid, parseaddr
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from okrtracker.mail import mime
from okrtracker.mail.mime import EOL, Headers, Mail, OwnPart


def render(name: str, subject: str, context: Mapping[str, object]) -> Mail:
    """The mail of the templates ``emails/<name>.txt`` and ``.html``, in the active language.

    The subject becomes one line, whatever somebody named their team.
    """
    subject = " ".join(subject.split())
    context = {**context, "subject": subject}
    return Mail(
        subject=subject,
        text=render_to_string(f"emails/{name}.txt", context).strip() + "\n",
        html=render_to_string(f"emails/{name}.html", context),
    )


def new_id(kind: str) -> str:
    """A ``Message-ID`` for a mail that is no row of the outbox."""
    return make_msgid(kind, mime.site_host())


class Message(EmailMultiAlternatives):
    """One reader's copy of a mail, to be sent by any mail connection of Django's.

    Raises ``ValueError`` for an address or an identifier that no mail can have.
    ``unsubscribe_url`` is where one click ends all further mails of this kind (RFC 8058).
    """

    def __init__(
        self,
        mail: Mail,
        *,
        to: str,
        message_id: str,
        name: str = "",
        reply_to: str = "",
        unsubscribe_url: str = "",
        own: OwnPart | None = None,
        from_email: str = "",
        at: datetime | None = None,
    ) -> None:
        sender = from_email or settings.DEFAULT_FROM_EMAIL
        self.mail, self.own = mail, own or OwnPart()
        self.headers = [
            ("From", mime.sender(sender)),
            ("To", mime.mailbox(name, to)),
            *([("Reply-To", mime.sender(reply_to))] if reply_to else []),
            ("Subject", mime.words(mail.subject, "Subject")),
            ("Date", format_datetime(at or timezone.now())),
            ("Message-ID", mime.plain(message_id)),
            ("Auto-Submitted", "auto-generated"),
            *_of_a_list(mail, unsubscribe_url),
            *mail.body.headers,
        ]
        super().__init__(
            subject=mail.subject,
            body=self.own.text_of(mail),
            to=[to],
            reply_to=[reply_to] if reply_to else None,
        )
        # The address alone, for the envelope: the head has the name, encoded.
        self.from_email = parseaddr(sender)[1]
        self.extra_headers = dict(self.headers)
        self.attach_alternative(self.own.html_of(mail), "text/html")

    def message(self, *, policy: Policy[Any] | None = None) -> EmailMessage:
        return _WrittenMessage(self.headers, self.written(), policy or default)

    def written(self) -> bytes:
        """The whole message as it goes over the wire, lines ended by CR LF."""
        head = "".join(f"{name}: {value}{EOL}" for name, value in self.headers)
        return head.encode("ascii") + b"\r\n" + self.mail.body.filled(self.own)


def _of_a_list(mail: Mail, unsubscribe_url: str) -> Headers:
    """The headers of a mail that goes out again and again, or that asks whether it may."""
    headers = []
    if mail.list_id:
        list_name = mime.words(mail.list_name, "List-Id")
        headers.append(("List-Id", f"{list_name}{EOL} {mime.plain(mail.list_id)}"))
    if unsubscribe_url:
        headers += [
            ("List-Unsubscribe", f"<{mime.plain(unsubscribe_url)}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ]
    return headers


class _WrittenMessage(EmailMessage):
    """A message that is written already; who asks for its parts has it read again."""

    def __init__(self, headers: Headers, content: bytes, policy: Policy[Any]) -> None:
        super().__init__(policy=policy)
        self._content = content
        for name, value in headers:
            self.set_raw(name, value)

    def as_bytes(self, unixfrom: bool = False, policy: Policy[Any] | None = None) -> bytes:  # noqa: ARG002  the signature of the base class
        linesep = (policy or self.policy).linesep
        return self._content if linesep == EOL else self._content.replace(b"\r\n", b"\n")

    def is_multipart(self) -> bool:
        return True

    def get_payload(self, i: int | None = None, decode: bool = False) -> Any:
        return self._read.get_payload(i, decode)  # type: ignore[call-overload]  # passed on as asked

    @cached_property
    def _read(self) -> EmailMessage:
        return message_from_bytes(self._content, policy=self.policy)
