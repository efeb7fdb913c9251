"""The week's five marks, and the parts of its completeness."""

from __future__ import annotations

from datetime import timedelta

import pytest

from projects import facts
from projects.models import EntrySource, Team
from projects.weeks import WEEK as ONE_WEEK
from reports.dashboard.overview import Completeness, completeness_of
from reports.dashboard.pipeline import Mark, pipeline_of
from reports.dashboard.pulse import Pulse
from reports.pages.live import current_document
from tests.conftest import Personas
from tests.factories import NOW, WEEK, make_entry, make_project

pytestmark = pytest.mark.usefixtures("now")


def marks(team: Team, days: float = 0, **pulse: object) -> list[Mark]:
    """``days`` from now, which is Wednesday morning."""
    state = Pulse("", {}, (), **pulse)  # type: ignore[arg-type]
    now = NOW + timedelta(days=days)
    return list(pipeline_of(team, WEEK, team.work_calendar(), state, now))


def states(pipeline: list[Mark]) -> list[str]:
    return [mark.state for mark in pipeline]


def test_the_week_waits_at_the_first_step_that_is_not_done(personas: Personas) -> None:
    team = personas.team
    assert states(marks(team)) == ["done", "now", "next", "next", "next"]
    assert states(marks(team, 1.1)) == ["done", "done", "now", "next", "next"]
    assert states(marks(team, 2.5)) == ["done", "done", "done", "now", "next"]
    published = {"published_at": NOW + timedelta(days=2.6)}
    assert states(marks(team, 2.7, **published)) == ["done"] * 4 + ["now"]
    assert states(marks(team, 2.7, **published, mailed_at=NOW)) == ["done"] * 5


def test_each_mark_has_its_time_and_whom_it_reached(personas: Personas) -> None:
    opened, reminder, cutoff, *_others = marks(personas.team, 1.1, reminded=5)
    assert (opened.at, cutoff.at) == ("周一 00:00", "周五 16:00")
    assert (reminder.at, reminder.note) == ("今天 10:00", "5 人")
    _opened, reminder, *_others = marks(personas.team, 1.1)
    assert (reminder.at, reminder.note) == ("今天 10:00", "未提醒任何人")
    _opened, reminder, *_others = marks(personas.team)
    assert (reminder.at, reminder.note) == ("周四 10:00", "")


def test_a_week_without_a_working_day_has_no_marks(personas: Personas) -> None:
    for day in range(5):
        off = WEEK + timedelta(days=day)
        personas.team.day_exceptions.create(day=off, is_working=False)
    assert marks(personas.team) == []


def test_no_change_is_an_update_but_no_news_and_who_is_paused_does_not_count(
    personas: Personas,
) -> None:
    make_entry(personas.project, percent=60)
    make_entry(make_project(personas.team, "POS"), source=EntrySource.CONFIRMED)
    make_entry(make_project(personas.team, "鸿蒙"), WEEK - ONE_WEEK, health="paused")
    make_project(personas.team, "聚合支付")
    facts.announce(personas.team, [WEEK])
    document = current_document(personas.team, WEEK)
    assert document is not None
    done = completeness_of(document)
    assert done == Completeness(news=1, unchanged=1, silent=1, paused=1)
    assert (done.updated, done.expected) == (document.updated, document.expected) == (2, 3)
    assert done.parts == (("news", "0.00%", "33.33%"), ("unchanged", "33.33%", "33.33%"))
