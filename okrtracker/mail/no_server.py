"""The mail server of a production site that was told of none: it is away, so that mails wait."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    def open(self) -> NoReturn:
        raise ConnectionRefusedError("EMAIL_URL is not set: no mail is sent")

    def send_messages(self, *_messages: Any, **_options: Any) -> NoReturn:
        self.open()
