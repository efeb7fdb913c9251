from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from projects import standing
from projects.checkin import ledger
from projects.history.forecast import NoForecast
from projects.history.load import history_of, metrics_of
from projects.models import Health, Metric, Milestone, Project, Reading
from projects.weeks import WEEK as SEVEN_DAYS
from tests.factories import WEEK, make_entry, make_milestone, make_project, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def project() -> Project:
    return make_project(make_team())


def test_the_open_milestone_that_is_due_last_decides(project: Project) -> None:
    first = make_milestone(project, "一期", 40, date(2024, 7, 1))
    second = make_milestone(project, "二期", 10, date(2024, 8, 1))
    done = make_milestone(project, "试点", 100, date(2024, 9, 1))
    dropped = make_milestone(project, "三期", 10, date(2024, 10, 1))
    dropped.closed_at = datetime(2024, 6, 1, tzinfo=UTC)
    assert standing.deciding([first, second, done, dropped]) == second
    assert standing.deciding([done, dropped]) == done
    assert standing.deciding([dropped, Milestone(name="无日期")]) is None


def test_its_dates_are_told_in_the_order_of_the_weeks(project: Project) -> None:
    milestone = make_milestone(project, due_on=date(2024, 7, 1), week=WEEK - 3 * SEVEN_DAYS)
    ledger.move_due_date(milestone, date(2024, 8, 1), "day", week=WEEK, reason="专线晚到")
    ledger.move_due_date(milestone, date(2024, 7, 15), "day", week=WEEK - SEVEN_DAYS)
    ledger.move_due_date(milestone, date(2024, 8, 1), "month", week=WEEK)
    history = history_of(project)
    assert [(due.due_on.day, due.due_on.month) for due in history.timeline.due_dates] == [
        *((1, 7), (15, 7), (1, 8))
    ]
    assert history.timeline.due_dates[-1].reason == "专线晚到"
    assert history.timeline.milestone == "一期上线"


def test_zero_percent_this_week_is_a_percent(project: Project) -> None:
    make_entry(project, WEEK - SEVEN_DAYS, percent=30)
    make_entry(project, percent=0)
    latest = history_of(project).latest
    assert (latest.percent, latest.change, latest.is_updated) == (0, -30, True)


def test_an_entry_without_a_percent_keeps_the_last_known(project: Project) -> None:
    make_entry(project, WEEK - SEVEN_DAYS, percent=30)
    make_entry(project, health=Health.AT_RISK)
    latest = history_of(project).latest
    assert (latest.percent, latest.change, latest.health) == (30, None, "at_risk")
    assert (latest.percent_week, latest.last_week) == (WEEK - SEVEN_DAYS, WEEK)


def test_a_closed_project_ends_on_its_day(project: Project) -> None:
    for back in range(5):
        make_entry(project, WEEK - back * SEVEN_DAYS, percent=60 - 10 * back)
    project.closed_on = date(2024, 6, 18)
    history = history_of(project)
    assert history.no_forecast is NoForecast.CLOSED
    assert history.timeline.ended_on == date(2024, 6, 18)


def test_project_that_will_be_closed_is_not_closed_yet(project: Project) -> None:
    project.started_on = project.closed_on = WEEK + SEVEN_DAYS
    assert not history_of(project).latest.is_closed
    project.started_on = project.closed_on = WEEK
    assert history_of(project).latest.is_closed


def test_of_a_metric_that_only_history_reads_the_newest_value_is_known(project: Project) -> None:
    team = project.team
    team.starts_on = WEEK
    metric = Metric.objects.create(team=team, project=project, name="签约商户", unit="户")
    for weeks, value in ((2, 120), (1, 150)):
        week = WEEK - weeks * SEVEN_DAYS
        Reading.objects.create(team=team, metric=metric, week=week, value=value)
    (known_value,) = metrics_of(project)
    assert [(value, known_value.change) for _week, value in known_value.history] == [(150, None)]
    Reading.objects.create(team=team, metric=metric, week=WEEK, value=160)
    (of_present,) = metrics_of(project)
    assert [value for _week, value in of_present.history] == [160]
    assert len(metrics_of(project, is_whole=True)[0].history) == 3


def test_dates_that_only_history_told_draw_no_picture_of_the_present(project: Project) -> None:
    team = project.team
    project.started_on = WEEK - 20 * SEVEN_DAYS
    project.save()
    make_milestone(project, due_on=WEEK + 8 * SEVEN_DAYS, week=WEEK - 20 * SEVEN_DAYS)
    assert history_of(project).timeline.plan
    team.starts_on = WEEK - SEVEN_DAYS
    assert not history_of(project).timeline
    assert history_of(project, is_whole=True).timeline.plan
    make_entry(project, WEEK, percent=40)
    present = history_of(project).timeline
    assert (present.plan.start if present.plan else None, len(present.due_dates)) == (
        present.day_of(WEEK),
        1,
    )
