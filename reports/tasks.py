"""The tasks: each takes ids, calls one function, and may be run twice without harm."""

from __future__ import annotations

import logging
import time
from datetime import date
from math import ceil
from typing import Final

from celery import shared_task
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from okrtracker import broker
from projects.comments import mails
from projects.models import Team
from projects.teams import invitations, notices
from reports import pruning
from reports.digest import dispatch, edition_mail, subscribers
from reports.imports import applying, reading, work
from reports.models import Heartbeat, ImportState
from reports.pages import live, pdf
from reports.render.pdf import PdfUnavailable
from reports.schedule import reminder_dispatch, steps

logger = logging.getLogger(__name__)

# A worker sends an edition for so many seconds, then it is the turn of what else waits.
_TURN: Final = 60
# How many deliveries are worth a worker of their own, and how many workers may send at once.
_SHARE: Final = 200
_WORKERS: Final = 8


@shared_task(name="reports.compile_page")  # type: ignore[untyped-decorator]  # no types
def compile_page(team_id: int, week: str) -> None:
    """Compile the page of the week (a Monday, ISO) that was claimed when this was queued."""
    live.compile_claimed(team_id, date.fromisoformat(week))


@shared_task(name="reports.make_pdf")  # type: ignore[untyped-decorator]
def make_pdf(team_id: int, week: str, language: str, edition_id: int | None) -> None:
    """Make the PDF of that edition or, without one, of the week's page as it stands."""
    edition = None if edition_id is None else edition_mail.edition_of(edition_id)
    team = edition.page.team if edition else Team.objects.get(pk=team_id)
    order = pdf.order(team, date.fromisoformat(week), language, edition)
    if order is None:
        return
    try:
        pdf.make(order)
    except PdfUnavailable as error:
        pdf.refuse(order, str(error))


@shared_task(name="reports.send_reminders")  # type: ignore[untyped-decorator]
def send_reminders(team_id: int) -> None:
    """Send the team's reminders that are due."""
    reminder_dispatch.send_due(team_id)


@shared_task(name="reports.send_deliveries")  # type: ignore[untyped-decorator]
def send_deliveries(edition_id: int) -> None:
    """Send what is due of this edition, for a minute at most; the tick has the rest sent. Of one
    that is not due yet, make the mail meanwhile.

    Any number of these may run at once: each claims other deliveries.
    """
    dispatch.prepare(edition_id)
    edition_mail.make_ready(edition_id)
    ends_at = time.monotonic() + _TURN
    while dispatch.send_batch(edition_id) and time.monotonic() < ends_at:
        pass


def enqueue_deliveries(edition_id: int, count: int = 1) -> None:
    """Have so many deliveries sent, by several workers at once when they are many.

    A message that nobody came to until the next tick is dropped, which writes others.
    """
    expires = settings.TICK_SECONDS * 0.9
    workers = min(ceil(count / _SHARE), _WORKERS)
    if workers > 1 and edition_mail.is_slow(edition_id):
        workers = 1
    for _ in range(workers):
        if not broker.publish(send_deliveries, edition_id, expires=expires):
            return


@shared_task(name="reports.ask_subscribers")  # type: ignore[untyped-decorator]
def ask_subscribers(team_id: int) -> None:
    """Send the mails that ask the team's subscribers, if they are due."""
    subscribers.send_due(team_id)


@shared_task(name="reports.read_import")  # type: ignore[untyped-decorator]
def read_import(import_id: int) -> None:
    """Read the files that were handed in for this import."""
    reading.read(import_id)


@shared_task(name="reports.apply_import")  # type: ignore[untyped-decorator]
def apply_import(import_id: int) -> None:
    """Write the import as it was reviewed."""
    applying.run(import_id)


def resume_imports() -> None:
    """Have the imports read and applied whose message was lost, or whose worker has died."""
    for import_id, state in work.waiting():
        task = read_import if state == ImportState.READING else apply_import
        if not broker.publish(task, import_id, expires=settings.TICK_SECONDS * 0.9):
            return


@shared_task(name="reports.tick")  # type: ignore[untyped-decorator]
def tick() -> None:
    """Once a minute: whatever is due and was not done."""
    if not _beat():
        return  # no database: each part would wait for it, to learn the same
    # What the steps of this minute make is sent by it, too. No part keeps the others from theirs.
    parts = (
        steps.run,
        send_digests,
        live.sweep,
        reminder_dispatch.send_due,
        invitations.send_due,
        notices.send_due,
        mails.run,
        subscribers.send_due,
        resume_imports,
        pruning.run,
    )
    for part in parts:
        try:
            part()
        except Exception:
            logger.exception("a part of the tick failed")


def send_digests() -> None:
    """Have sent what is due of any edition."""
    for edition_id, count in dispatch.sweep().items():
        enqueue_deliveries(edition_id, count)


def _beat() -> bool:
    """Write down that the clock goes, for whoever asks how the machine is; whether that was
    possible.
    """
    try:
        Heartbeat.objects.update_or_create(part="tick", defaults={"at": timezone.now()})
    except DatabaseError as error:
        logger.error("nothing is done in this minute: no database: %s", error)
        return False
    return True
