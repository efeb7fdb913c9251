"""A prepared query sends what Django would build, or is built anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from projects import access, facts, sessions
from projects.checkin import drops, ledger
from projects.checkin import queries as checkin_queries
from projects.comments import threads, writing
from projects.models import LedgerField, Project, StatusEntry, people
from projects.operations import owed_numbers
from projects.portfolio import leads as project_leads
from projects.prepared import Prepared, history_shape, prepared
from projects.teams import deputies
from projects.weeks import WEEK
from reports.dashboard import pulse
from reports.pages import editions, live
from reports.schedule import reminders, steps
from reports.weekly.load import queries
from tests.factories import make_entry, make_project, make_team

pytestmark = pytest.mark.django_db
MONDAY = date(2024, 6, 17)
STARTS = (None, MONDAY - 52 * WEEK, MONDAY - WEEK, MONDAY, MONDAY + timedelta(1), MONDAY + WEEK)
KEYS = ((), (3,), (3, 4), tuple(range(10, 17)), tuple(range(20, 31)))
MOMENT = datetime(2024, 6, 16, 16, tzinfo=UTC)


type PreparedValues = tuple[Prepared[Any], dict[str, Any]]


def values_of() -> Iterator[PreparedValues]:
    """Every prepared query of the product with values of each kind that matters to it."""
    yield from values_of_starts()
    yield from values_of_keys()
    yield from values_of_weeks()
    yield access._projects, {"team": 7, "project": 3}
    yield sessions._live, {"key": "a" * 32, "now": MOMENT}
    yield checkin_queries.locked_projects, {"project": 3}
    yield checkin_queries.stages, {"team": 7}
    yield checkin_queries.alias_names, {"project": 3}
    yield people._by_key, {"pk": 5}
    yield project_leads._memberships, {"team": 7}
    yield project_leads._invited, {"team": 7, "now": MOMENT}
    yield project_leads._named, {"team": 7}
    yield writing._members, {"team": 7}
    yield steps._coming, {"now": MOMENT}
    yield steps._not_noted, {"since": MOMENT}


def values_of_starts() -> Iterator[PreparedValues]:
    """What asks where the team starts and of which week it is asked."""
    for starts_on, is_past, week in product(STARTS, (True, False), (MONDAY, MONDAY + 3 * WEEK)):
        since = starts_on or date.min
        at_start = {"starts_on": starts_on, "week": week, "is_past": is_past}
        around = {"begin": MOMENT, "end": MOMENT + WEEK}
        yield queries.projects, {"team": 7, **at_start, **around}
        yield reminders._owing, {"team": 7, **at_start}
        for leads in (None, (3,), (3, 4)):
            for or_all in (True, False):
                of_leads = {"team": 7, **at_start, "leads": leads, "or_all": or_all}
                yield checkin_queries.projects, of_leads
            yield checkin_queries.expected, {"team": 7, **at_start, "leads": leads}
            if leads:
                owing = {"team": 7, **at_start, "since": since, "leads": leads}
                yield checkin_queries.owing, owing
        latest = {"project": 5, "starts_on": starts_on, "week": week}
        yield checkin_queries.latest_entries, latest
        values = {"team": 7, "week": week, "since": since, "is_history": is_past}
        yield queries.objectives, values
        yield queries.planned, {"team": 7, "week": week, "since": since}
        yield queries.readings, {"team": 7, "begin": since, "week": week}
        yield queries.incident_counts, {"team": 7, "begin": since, "week": week}
        yield pulse._pages, {"team": 7, "week": week, "since": since, "with_waiting": is_past}


def values_of_keys() -> Iterator[PreparedValues]:
    """What asks of a number of rows: none, one, some, many."""
    for keys, is_history in product(KEYS, (True, False)):
        yield queries.milestones, {"projects": keys, "week": MONDAY, "is_history": is_history}
        shown = {"projects": keys, "week": MONDAY}
        yield checkin_queries.milestones, {**shown, "is_history": is_history}
        yield checkin_queries.entries, {**shown, "previous": keys[1:]}
        for asked_by in (None, 8):
            asked = {"team": 7, "since": MONDAY - 9 * WEEK, "asked_by": asked_by}
            yield checkin_queries.questions, {**shown, **asked}
        yield queries.entries, {"team": 7, "week": MONDAY, "previous": keys}
        yield ledger._due_changes, {"projects": keys}
        yield project_leads._accepted, {"team": 7, "members": keys}
        of_owners = {"team": 7, "week": MONDAY, "owners": keys, "today": MONDAY + timedelta(2)}
        project, lead = (3, 4) if is_history else (None, None)
        yield owed_numbers._metrics, {**of_owners, "project": project, "lead": lead}
        yield queries.courses, {"projects": keys, "begin": MONDAY - 8 * WEEK, "week": MONDAY}
        since_then = {"since": date.min, "begin": MOMENT, "end": MOMENT + WEEK}
        yield queries.questions, {"projects": keys, "week": MONDAY, **since_then}
        weeks = (MONDAY, MONDAY - WEEK)
        yield threads._of_projects, {"team": 7, "projects": keys, "weeks": weeks}


def values_of_weeks() -> Iterator[PreparedValues]:
    """What asks of one row or one week."""
    for week in (MONDAY, MONDAY + WEEK):
        yield queries.page, {"team": 7, "week": week}
        yield checkin_queries.entries_of_week, {"project": 3, "week": week}
        yield checkin_queries.all_milestones, {"project": 3, "week": week}
        yield drops._percents_told, {"project": 3, "since": date.min, "week": week}
        yield facts._known_weeks, {"team": 7, "since": week}
        for field, upto in product(LedgerField.values, (None, week)):
            yield ledger._newest_changes, {"milestone": 3, "field": field, "week": upto}
        for is_history in (True, False):
            ending = {"week": week, "week_end": MOMENT, "is_history": is_history}
            yield checkin_queries.counting_milestones, {"project": 3, **ending}
        yield queries.incidents, {"team": 7, "week": week}
        yield threads._of_week, {"team": 7, "week": week}
        yield access._memberships, {"user": 5, "slug": "pay", "today": week}
        yield deputies._standing_in, {"team": 7, "day": week}
        yield editions._latest, {"team": 7, "week": week}
        for asked, with_revision in product(((week,), (week, week - WEEK)), (True, False)):
            stored = {"asked": asked, "with_revision": with_revision}
            yield live._stored, {"team": 7, **stored}


def test_every_prepared_query_is_what_django_builds() -> None:
    """Built anew are only a list of nothing, what history owes, and the present's first week."""
    by_values = {(id(query), repr(values)): (query, values) for query, values in values_of()}
    all_values = list(by_values.values())
    anew = 0
    for query, values in all_values:
        sent = query.sql(**values)
        if sent is None:
            anew += 1
            assert () in values.values() or values["starts_on"] is not None
        else:
            assert sent == query.fresh_sql(**values)
    assert 0 < anew < len(all_values) / 5


@Prepared
def reported(*, projects: tuple[int, ...], week: date) -> QuerySet[StatusEntry]:
    return StatusEntry.objects.filter(project__in=projects, week__gte=week - WEEK).order_by("pk")


def test_rows_are_those_of_the_values_of_each_call() -> None:
    team = make_team()
    projects = [make_project(team, f"项目{number}") for number in range(3)]
    entries = [make_entry(project, week=MONDAY) for project in projects]
    keys = [entry.project_id for entry in entries]
    assert reported.rows(projects=tuple(keys[:2]), week=MONDAY) == entries[:2]
    assert reported.rows(projects=tuple(keys[1:]), week=MONDAY) == entries[1:]
    assert reported.rows(projects=tuple(keys), week=MONDAY + WEEK) == entries
    assert reported.rows(projects=tuple(keys), week=MONDAY + 2 * WEEK) == []
    assert reported.rows(projects=(), week=MONDAY) == []


def test_lists_of_similar_length_share_a_statement() -> None:
    reported.rows(projects=(1, 2, 3), week=MONDAY)
    with CaptureQueriesContext(connection) as captured:
        reported.rows(projects=(1, 2, 3, 4), week=MONDAY)
        reported.rows(projects=(5, 6, 7), week=MONDAY)
    assert len({sql.count(",") for sql in (row["sql"] for row in captured)}) == 1


def test_what_cannot_be_prepared_is_built_anew() -> None:
    """Two values in one parameter, a text within another, and a decision that nobody told of."""
    team = make_team()
    for name in ("贝易转", "POS"):
        make_project(team, name)

    @Prepared
    def alike(*, part: str) -> QuerySet[Project]:
        return Project.objects.filter(name__icontains=part)

    @Prepared
    def later(*, first: date, second: date) -> QuerySet[StatusEntry]:
        return StatusEntry.objects.filter(week__gte=max(first, second))

    @Prepared
    def decided(*, limit: date) -> QuerySet[Project]:
        rows = Project.objects.order_by("pk")
        return rows if limit <= MONDAY else rows.filter(name="POS")

    @Prepared
    def with_milestones(*, pk: int) -> QuerySet[Project]:
        return Project.objects.filter(pk=pk).prefetch_related("milestones")

    assert with_milestones.sql(pk=1) is None
    assert alike.sql(part="易") is None
    assert [project.name for project in alike.rows(part="易")] == ["贝易转"]
    assert later.sql(first=MONDAY, second=MONDAY) is None
    assert decided.sql(limit=MONDAY) is None
    assert len(decided.rows(limit=MONDAY)) == 2
    assert len(decided.rows(limit=MONDAY + WEEK)) == 1


def test_a_decision_that_is_part_of_the_shape_has_a_statement_of_its_own() -> None:
    @prepared(history_shape)
    def reported_since(*, starts_on: date | None, week: date) -> QuerySet[StatusEntry]:
        rows = StatusEntry.objects.filter(week=week)
        is_present = starts_on is not None and week >= starts_on
        return rows.filter(reported_at__year__gte=2020) if is_present else rows

    for start in (MONDAY - 4 * WEEK, MONDAY + 4 * WEEK, None):
        values = {"starts_on": start, "week": MONDAY}
        assert reported_since.sql(**values) == reported_since.fresh_sql(**values)
