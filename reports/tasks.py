"""The tasks: each takes ids, calls one function, and may be run twice without harm."""

from __future__ import annotations

from datetime import date

from celery import shared_task

from projects import invitations
from reports import pages, reminders


@shared_task(name="reports.compile_page")  # type: ignore[untyped-decorator]  # no types
def compile_page(team_id: int, week: str) -> None:
    """Compile the page of the week (a Monday, ISO) that was claimed when this was queued."""
    pages.compile_claimed(team_id, date.fromisoformat(week))


@shared_task(name="reports.send_reminder")  # type: ignore[untyped-decorator]
def send_reminder(reminder_id: int) -> None:
    """Send the mail of this reminder, if nobody has yet."""
    reminders.send(reminder_id)


@shared_task(name="reports.tick")  # type: ignore[untyped-decorator]
def tick() -> None:
    """Once a minute: whatever is due and was not done."""
    pages.sweep()
    reminders.sweep()
    invitations.send_due()
