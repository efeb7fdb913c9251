"""The week as one pipeline: opened, reminded, closed, published, mailed; and how complete it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from projects.models import Team
from projects.workdays import WorkCalendar
from reports.dashboard.pulse import Pulse
from reports.render import wording
from reports.schedule.steps import habits_of
from reports.weekly.schedule import Schedule, schedule_of

type MarkState = Literal["done", "now", "next"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One step; ``number`` is its place, from 1."""

    number: int
    label: str
    at: str  # when it was taken or is due
    note: str
    state: MarkState


@dataclass(frozen=True, slots=True)
class _Step:
    label: str
    at: datetime
    is_done: bool
    note: str = ""


def pipeline_of(
    team: Team, week: date, calendar: WorkCalendar, pulse: Pulse, now: datetime
) -> tuple[Mark, ...]:
    """The marks of the present week; the first that is not done is the one that it waits at.

    None in a week without a working day, whose steps are another week's or nobody's.
    """
    schedule = schedule_of(week, habits_of(team, calendar.exceptions))
    if schedule is None or schedule.week != week:
        return ()
    marks = [
        Mark(number, step.label, _when(team, step.at, now), step.note, _state(step))
        for number, step in enumerate(_steps(team, schedule, pulse, now), 1)
    ]
    following = next((mark.number for mark in marks if mark.state == "next"), 0)
    return tuple(replace(mark, state="now") if mark.number == following else mark for mark in marks)


def _state(step: _Step) -> MarkState:
    return "done" if step.is_done else "next"


def _steps(team: Team, schedule: Schedule, pulse: Pulse, now: datetime) -> Iterator[_Step]:
    yield _Step(_("Opened"), schedule.opens_at, schedule.opens_at <= now)
    yield from _reminder(schedule, pulse, now)
    yield _Step(_("Cutoff"), schedule.cutoff_at, schedule.cutoff_at <= now)
    published = pulse.published_at
    note = "" if published else _("automatic") if team.publishes_itself else _("by the manager")
    yield _Step(
        pgettext("step of a week", "Publish"),
        published or schedule.digest_at,
        published is not None,
        note,
    )
    mailed = pulse.mailed_at
    yield _Step(
        pgettext("step of a week", "Mail"), mailed or schedule.digest_at, mailed is not None
    )


def _reminder(schedule: Schedule, pulse: Pulse, now: datetime) -> Iterator[_Step]:
    """The last reminder that is past, else the first one; nothing in a week that has none."""
    if not schedule.reminders:
        return
    past = [at for at in schedule.reminders if at <= now]
    note = ""
    if past and pulse.reminded:
        words = ngettext("%(n)s person", "%(n)s people", pulse.reminded)
        note = words % {"n": pulse.reminded}
    elif past:  # all had reported, or the clock stood still and the reminder was passed over
        note = _("nobody was reminded")
    at = past[-1] if past else schedule.reminders[0]
    yield _Step(pgettext("step of a week", "Reminder"), at, bool(past), note)


def _when(team: Team, at: datetime, now: datetime) -> str:
    here = team.local(at)
    if here.date() == team.local(now).date():
        return _("today %(time)s") % {"time": f"{here:%H:%M}"}
    return wording.weekday_time(here)
