"""A digest to many recipients: one edition, rendered once, to a mail server on this machine."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from projects.models import User
from reports.digest import dispatch, edition_mail
from reports.models import Delivery, Digest, Edition, SendState, Subscriber
from reports.pages import publish
from tests.bench.history import Department


@dataclass(frozen=True, slots=True)
class Sent:
    """What was measured, in seconds."""

    recipients: int
    taken: int  # mails, by the server's own count
    connections: int
    size: int  # of one mail as it goes over the wire, bytes
    rendering: float
    preparing: float
    writing: float  # one mail, without sending it
    sending: float

    @property
    def a_second(self) -> float:
        return self.taken / self.sending


def send_digest(department: Department, recipients: int) -> Sent:
    """Publish the department's page and send it to so many subscribers, by one worker."""
    team, now = department.team, timezone.now()
    Subscriber.objects.bulk_create(
        Subscriber(team=team, email=f"reader{n}@example.com", confirmed_at=now)
        for n in range(recipients)
    )
    by: User = department.manager
    edition = publish.publish_week(team, department.week, publish.Publication(by=by, mails=True))
    Digest.objects.filter(edition=edition).update(due_at=now)
    began = time.perf_counter()
    edition_mail.mail_of(edition, team.language)
    rendered = time.perf_counter()
    dispatch.prepare(edition.pk)
    prepared = time.perf_counter()
    size, writing = _writing(edition)
    with _server() as (port, counted):
        backend = "django.core.mail.backends.smtp.EmailBackend"
        options = {"host": "127.0.0.1", "port": port, "timeout": 30}
        with override_settings(MAILERS={"default": {"BACKEND": backend, "OPTIONS": options}}):
            start = time.perf_counter()
            while dispatch.send_batch(edition.pk):
                pass
            took = time.perf_counter() - start
    taken, connections = counted
    sent = Delivery.objects.filter(edition=edition, state=SendState.SENT).count()
    assert sent == taken == Delivery.objects.filter(edition=edition).count()
    assert connections == ceil(sent / dispatch.BATCH)
    return Sent(
        recipients, taken, connections, size, rendered - began, prepared - rendered, writing, took
    )


def _writing(edition: Edition) -> tuple[int, float]:
    rows = list(Delivery.objects.filter(edition=edition).select_related("subscriber")[:50])
    write = edition_mail.writer(edition.pk, rows)
    began = time.perf_counter()
    written = [write(row).message().as_bytes() for row in rows]
    return len(written[0]), (time.perf_counter() - began) / len(rows)


@contextmanager
def _server() -> Iterator[tuple[int, list[int]]]:
    """The port of a server in a process of its own, and afterwards its mails and connections."""
    command = [sys.executable, "-m", "tests.mail_server"]
    counted: list[int] = []
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield int(process.stdout.readline()), counted
        process.stdin.close()
        counted += map(int, process.stdout.readline().split())
