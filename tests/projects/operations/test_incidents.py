from __future__ import annotations

from datetime import UTC, datetime

import pytest

from projects.models import AuditRecord, Incident, Team, User, WeekFacts
from projects.operations import incidents
from projects.weeks import WEEK as ONE_WEEK
from tests.factories import NOW, WEEK, make_incident, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def manager(team: Team) -> User:
    return make_user("manager", "林岚", team)


def revision(team: Team) -> int:
    return sum(WeekFacts.objects.filter(team=team, week=WEEK).values_list("revision", flat=True))


def test_incident_is_of_the_week_on_the_teams_calendar(team: Team) -> None:
    sunday_in_utc = datetime(2024, 6, 16, 17, 30, tzinfo=UTC)  # Monday 01:30 in Shanghai

    incident = incidents.record_incident(
        Incident(team=team, occurred_at=sunday_in_utc, description="回调超时")
    )

    assert (incident.week, revision(team)) == (WEEK, 1)


def test_incident_that_moves_announces_both_weeks(team: Team) -> None:
    incident = make_incident(team)

    incident.occurred_at = NOW + 2 * ONE_WEEK
    incidents.record_incident(incident)

    announced = set(WeekFacts.objects.values_list("week", flat=True))
    assert announced == {WEEK, WEEK + ONE_WEEK, WEEK + 2 * ONE_WEEK}


def test_imported_incident_stays_in_its_week(team: Team) -> None:
    incident = make_incident(team)
    incident.text, incident.occurred_at = "周三回调超时", NOW - ONE_WEEK

    incidents.record_incident(incident)

    assert incident.week == WEEK


def test_review_is_saved_and_noted(team: Team, manager: User) -> None:
    incident = make_incident(team)

    incidents.review_incident(
        incident, cause=" 快照太大 ", resolution="分页", recovered_at=NOW, by=manager, at=NOW
    )

    incident.refresh_from_db()
    assert (incident.cause, incident.resolution, incident.recovered_at) == ("快照太大", "分页", NOW)
    assert (incident.reviewed_at, incident.reviewed_by) == (NOW, manager)
    assert revision(team) == 1
    record = AuditRecord.objects.get()
    assert (record.action, record.by) == ("incident.review", manager)
    assert record.after["cause"] == "快照太大"


@pytest.mark.parametrize(
    ("cause", "resolution", "recovered_at"),
    [("", "分页", None), ("快照太大", "  ", None), ("快照太大", "分页", NOW - ONE_WEEK)],
    ids=["no cause", "no resolution", "over before it began"],
)
def test_incomplete_review_is_refused(
    team: Team, manager: User, cause: str, resolution: str, recovered_at: datetime | None
) -> None:
    incident = make_incident(team)
    with pytest.raises(ValueError, match=r"review|recovered"):
        incidents.review_incident(
            incident, cause=cause, resolution=resolution, recovered_at=recovered_at, by=manager
        )
    assert not Incident.objects.exclude(reviewed_at=None).exists()


def test_record_and_change_of_an_incident_are_noted(team: Team, manager: User) -> None:
    incident = incidents.record_incident(
        Incident(team=team, occurred_at=NOW, description="回调超时"), by=manager
    )
    incident.severity = "C"
    incidents.record_incident(incident, by=manager)
    first, second = AuditRecord.objects.order_by("pk")
    assert (first.action, first.after["description"]) == ("incident.new", "回调超时")
    assert (second.action, second.before, second.after) == (
        "incident.change",
        {"severity": ""},
        {"severity": "C"},
    )


def test_incident_recorded_twice_is_one(team: Team) -> None:
    for _ in range(2):
        incidents.record_incident(Incident(team=team, occurred_at=NOW, description="回调超时"))
    assert Incident.objects.count() == 1
