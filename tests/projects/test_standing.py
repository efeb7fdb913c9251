"""The rules of standing, and the querysets that ask the database the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from projects.models import Health, Milestone, Project, StatusEntry, Team
from projects.standing import (
    Duty,
    Slips,
    begins_with,
    comes_from_history,
    deciding,
    duty_in,
    goes_on,
    is_last_known,
    is_open,
    milestone_goes_on,
    printed_percent,
    slips_of,
    time_gone,
    told_percent,
)
from projects.weeks import WEEK as SEVEN_DAYS
from tests.factories import NOW, WEEK, make_entry, make_milestone, make_project, make_team
from tests.tables import each_row

FORTY = Decimal(40)
LAST_WEEK = WEEK - SEVEN_DAYS


def _duty(week: date = WEEK, **facts: Any) -> Duty:
    plain: dict[str, Any] = {"started_on": None, "closed_on": None, "has_entry": False}
    return duty_in(week, this_week=WEEK, **{**plain, "last_health": "on_track", **facts})


@each_row(
    ("facts", "duty"),
    [
        ({}, Duty.OWED),
        ({"has_entry": True, "last_health": "done"}, Duty.REPORTED),
        ({"last_health": "paused"}, Duty.PAUSED),
        ({"last_health": "done"}, Duty.DONE),
        ({"closed_on": LAST_WEEK}, Duty.CLOSED),
        ({"closed_on": WEEK}, Duty.CLOSED),
        ({"closed_on": WEEK + timedelta(days=6), "last_health": "done"}, Duty.CLOSED),
        ({"closed_on": WEEK + SEVEN_DAYS}, Duty.OWED),
        ({"started_on": WEEK + timedelta(days=6)}, Duty.OWED),
        ({"started_on": WEEK + SEVEN_DAYS}, Duty.NOT_BEGUN),
    ],
)
def test_what_a_project_owes(facts: dict[str, Any], duty: Duty) -> None:
    assert _duty(**facts) is duty


@each_row(
    ("health", "weeks_silent", "expected"),
    [
        ("on_track", 0, False),
        ("on_track", 1, False),
        ("on_track", 2, True),
        ("at_risk", 7, True),
        ("off_track", 2, True),
        ("done", 9, False),
        ("paused", 9, False),
        ("", 9, False),
    ],
)
def test_a_health_that_nobody_confirms_for_two_weeks_is_only_last_known(
    health: str, weeks_silent: int, expected: bool
) -> None:
    assert is_last_known(health, weeks_silent) is expected


def test_a_project_without_a_start_begins_with_its_first_entry_or_now() -> None:
    assert _duty(WEEK, last_health=None) is Duty.OWED
    assert _duty(LAST_WEEK, last_health=None) is Duty.NOT_BEGUN
    assert _duty(LAST_WEEK, last_health="") is Duty.OWED


def test_the_leads_percent_comes_before_that_of_the_milestones() -> None:
    assert told_percent(FORTY, Decimal(50)) == FORTY
    assert told_percent(None, Decimal(50)) == Decimal(50)
    assert told_percent(None, None) is None


def test_the_last_known_percent_is_carried_and_marked() -> None:
    carried = printed_percent(None, FORTY)
    assert (carried.percent, carried.change, carried.is_carried) == (FORTY, None, True)
    percent = printed_percent(Decimal(45), FORTY)
    assert (percent.percent, percent.change, percent.is_carried) == (Decimal(45), Decimal(5), False)
    nothing = printed_percent(None, None)
    assert (nothing.percent, nothing.change, nothing.is_carried) == (None, None, False)


@dataclass(frozen=True)
class _Facts:
    percent: Decimal | None
    due_on: date | None
    is_closed: bool = False


def test_the_open_milestone_due_last_decides_then_the_done_one_and_never_a_dropped_one() -> None:
    early, late = _Facts(FORTY, WEEK), _Facts(None, WEEK + SEVEN_DAYS)
    done = _Facts(Decimal(100), WEEK + 2 * SEVEN_DAYS)
    dropped = _Facts(FORTY, WEEK + 3 * SEVEN_DAYS, is_closed=True)
    assert deciding([early, late, done, dropped]) == late
    assert deciding([done, dropped]) == done
    assert deciding([dropped, _Facts(FORTY, None)]) is None
    assert deciding([done, _Facts(FORTY, None)]) is None  # what is left has no day


def test_slips_count_the_moves_to_a_later_day() -> None:
    first, later = date(2024, 6, 30), date(2024, 8, 15)
    assert slips_of([first, later], "part") == Slips(first, "part", times=1, days=46)
    assert slips_of([first, later, first], "day") == Slips(first, "day", times=1, days=0)
    assert slips_of([later, first], "day") is None
    # The same day again, said more or less exactly, has not moved.
    assert slips_of([first, first], "day") is None
    assert slips_of([first, first, later], "day") == Slips(first, "day", times=1, days=46)
    assert slips_of([], "day") is None


# --- the same, asked of the database ----------------------------------------------------------

_HEALTHS = (None, "", "on_track", "paused", "done")
_STARTS = (None, LAST_WEEK, WEEK + timedelta(days=6), WEEK + SEVEN_DAYS)
_CLOSINGS = (None, LAST_WEEK, WEEK, WEEK + timedelta(days=6), WEEK + SEVEN_DAYS)


def _projects_of_every_kind(team: Team, week: date) -> None:
    kinds = [
        kind
        for kind in product(_STARTS, _CLOSINGS, _HEALTHS, (False, True))
        if not (kind[0] and kind[1] and kind[1] < kind[0])
    ]
    projects = Project.objects.bulk_create(
        Project(team=team, name=f"项目{number}", started_on=started_on, closed_on=closed_on)
        for number, (started_on, closed_on, *_entries) in enumerate(kinds)
    )
    StatusEntry.objects.bulk_create(
        StatusEntry(
            team=team, project=project, week=of_week, text="联调", health=of_health, reported_at=NOW
        )
        for project, (_start, _closing, health, has_entry) in zip(projects, kinds, strict=True)
        for of_week, of_health, is_made in (
            (week - 2 * SEVEN_DAYS, health or "", health is not None),
            (week, Health.ON_TRACK, has_entry),
        )
        if is_made
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("week", [WEEK, LAST_WEEK], ids=["this week", "a past week"])
@pytest.mark.parametrize("weeks_since_start", [None, 1, 3], ids=["no start", "a week", "long"])
def test_the_database_knows_the_same_duties(week: date, weeks_since_start: int | None) -> None:
    team = make_team()
    if weeks_since_start is not None:
        team.starts_on = week - weeks_since_start * SEVEN_DAYS
    _projects_of_every_kind(team, week)
    duties = {}
    for project in Project.objects.in_week(team, week):
        row: dict[str, object] = vars(project)
        duties[project.pk] = duty_in(
            week,
            this_week=WEEK,
            started_on=project.started_on,
            closed_on=project.closed_on,
            has_entry=bool(row["has_entry"]),
            last_health=None if row["last_week"] is None else str(row["last_health"]),
            starts_on=team.starts_on,
        )
    of_history = {Duty.PAUSED, Duty.DONE} if weeks_since_start == 1 else set()
    assert set(duties.values()) == set(Duty) - {Duty.HISTORY} - of_history

    def those_with(*wanted: Duty) -> set[int]:
        return {project for project, duty in duties.items() if duty in wanted}

    def keys_of(projects: object) -> set[int]:
        return {project.pk for project in projects}  # type: ignore[attr-defined]

    projects = Project.objects
    assert keys_of(projects.owing(team, week)) == those_with(Duty.OWED)
    assert keys_of(projects.expected(team, week)) == those_with(Duty.OWED, Duty.REPORTED)
    on_worklist = those_with(Duty.OWED, Duty.REPORTED, Duty.PAUSED, Duty.DONE)
    assert keys_of(projects.on_worklist(team, week, team.this_week())) == on_worklist


@pytest.mark.django_db
@pytest.mark.usefixtures("now")
def test_nothing_is_owed_to_a_week_before_the_start() -> None:
    team = make_team()
    team.starts_on = WEEK + SEVEN_DAYS
    _projects_of_every_kind(team, WEEK)
    reported = Project.objects.filter(entries__week=WEEK)
    assert not Project.objects.owing(team, WEEK)
    assert set(Project.objects.expected(team, WEEK)) == set(reported)
    assert _duty(starts_on=team.starts_on) is Duty.HISTORY
    assert _duty(starts_on=team.starts_on, has_entry=True) is Duty.REPORTED


@pytest.mark.django_db
@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("weeks_before", [0, 1, 2])
@pytest.mark.parametrize("began", [None, WEEK - 3 * SEVEN_DAYS, WEEK])
def test_percents_of_history_are_known_of_projects_that_come_from_there(
    weeks_before: int, began: date | None
) -> None:
    team = make_team()
    project = make_project(team, started_on=began)
    make_entry(project, LAST_WEEK, percent=FORTY)
    team.starts_on = WEEK - weeks_before * SEVEN_DAYS
    row: dict[str, object] = vars(Project.objects.with_last_percent(team, WEEK).get())
    is_known = begins_with(WEEK, team.starts_on) <= LAST_WEEK or comes_from_history(
        began, team.starts_on
    )
    assert row["last_percent"] == (FORTY if is_known else None)
    assert Project.objects.with_last_percent(team, LAST_WEEK + SEVEN_DAYS).count() == 1


def test_what_the_newest_pages_speak_of_goes_on() -> None:
    newest, start = LAST_WEEK, WEEK
    assert goes_on(newest - 4 * SEVEN_DAYS, newest)
    assert not goes_on(newest - 5 * SEVEN_DAYS, newest)
    for due_on in (None, start):
        assert milestone_goes_on(newest, newest, due_on, start)
        assert not milestone_goes_on(newest - 5 * SEVEN_DAYS, newest, due_on, start)
    assert not milestone_goes_on(newest, newest, start - timedelta(days=1), start)


@pytest.mark.django_db
def test_the_database_knows_the_same_percents() -> None:
    project = make_project(make_team())
    percents = (None, FORTY, Decimal(50))
    for number, (reported, weighted) in enumerate(product(percents, percents)):
        entry = make_entry(project, WEEK - number * SEVEN_DAYS, percent=reported)
        entry.weighted_percent = weighted
        entry.save()
    entries = StatusEntry.objects.filter(project=project)
    for entry in entries.with_told_percent():
        assert entry.told_percent == told_percent(entry.percent, entry.weighted_percent)
    assert not any(entry.told_percent is None for entry in entries.telling_percent())
    assert entries.telling_percent().count() == 8


@pytest.mark.django_db
@pytest.mark.usefixtures("now")
def test_the_database_knows_the_same_open_milestones() -> None:
    project = make_project(make_team())
    for number, percent in enumerate((None, 0, 40, 100)):
        for is_closed in (False, True):
            milestone = make_milestone(project, f"里程碑{number}{is_closed}", percent)
            milestone.closed_at = NOW if is_closed else None
            milestone.save()
    expected = {
        milestone.pk
        for milestone in Milestone.objects.all()
        if is_open(milestone.percent, is_closed=milestone.is_closed)
    }
    assert {milestone.pk for milestone in Milestone.objects.open()} == expected


@each_row(
    ("started_on", "due_on", "percent"),
    [
        (WEEK, WEEK + timedelta(days=10), 20),
        (WEEK, WEEK + timedelta(days=1000), 1),  # something has passed
        (WEEK, WEEK + timedelta(days=2), 100),
        (WEEK + timedelta(days=5), WEEK + timedelta(days=9), 0),
        (WEEK, WEEK - timedelta(days=1), None),
        (None, WEEK, None),
        (WEEK, None, None),
    ],
)
def test_time_gone_is_the_share_of_the_plan_that_has_passed(
    started_on: date | None, due_on: date | None, percent: int | None
) -> None:
    assert time_gone(started_on, due_on, WEEK + timedelta(days=2)) == percent
