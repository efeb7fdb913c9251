"""A change of the schedule that sends mails at once asks first, with the number of people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import pytest
import time_machine
from django.utils import translation

from projects.models import DigestTime, Project, Team, User
from projects.teams import cutoffs, rescheduling, setup
from reports.models import Delivery, Edition, Reminder, WeekStep
from reports.pages import publish
from tests.factories import WEEK, make_channel, make_entry, make_project, make_subscriber, make_user
from tests.reports.schedule.clock import CUTOFF, DIGEST, THURSDAY, at, tick, with_address
from tests.reports.schedule.test_closing import SETTINGS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def change(team: Team, when: datetime, answer: str = "", **wanted: Any) -> None:
    """Save these settings as the form does."""
    team.refresh_from_db()
    settings = setup.Settings(**{field: getattr(team, field) for field in SETTINGS} | wanted)
    with time_machine.travel(when, tick=False), rescheduling.confirmed(team, answer):
        setup.change_team(team, settings, by=None)


def asked(team: Team, when: datetime, **wanted: Any) -> tuple[str, ...]:
    """What is asked; nothing was saved or sent then."""
    before = Team.objects.values().get()
    rows = [model.objects.count() for model in (WeekStep, Edition, Delivery, Reminder)]
    with pytest.raises(rescheduling.Unconfirmed) as question:
        change(team, when, **wanted)
    assert Team.objects.values().get() == before
    assert [model.objects.count() for model in (WeekStep, Edition, Delivery, Reminder)] == rows
    return question.value.sentences


CLOSES = "2024-W25 closes: its cutoff was on Jun 21, 09:00."
GOES_OUT = "The weekly page 2024-W25 goes out to 3 people."


@pytest.fixture
def readers(team: Team, project: Project) -> None:
    """The manager, the lead and one from outside; the lead has reported."""
    make_subscriber(team)
    make_entry(project)
    tick(at(0, 1))


@pytest.mark.usefixtures("readers")
def test_a_digest_moved_into_the_past_is_asked_about(team: Team) -> None:
    earlier: dict[str, Any] = {"cutoff_time": time(9), "digest_time": time(9, 30)}
    tick(at(4, 10))
    assert asked(team, at(4, 11), **earlier) == (CLOSES, GOES_OUT)


@pytest.mark.usefixtures("readers")
def test_what_was_answered_is_saved_and_what_was_said_happens(team: Team) -> None:
    earlier: dict[str, Any] = {"cutoff_time": time(9), "digest_time": time(9, 30)}
    tick(at(4, 10))
    with pytest.raises(rescheduling.Unconfirmed) as question:
        change(team, at(4, 11), **earlier)
    change(team, at(4, 11), question.value.answer, **earlier)
    tick(at(4, 11, 1))
    assert Edition.objects.get().page.week == WEEK
    assert Team.objects.get().cutoff_time == time(9)


@pytest.mark.usefixtures("readers")
def test_an_answer_to_another_question_is_none(team: Team) -> None:
    tick(at(4, 10))
    with pytest.raises(rescheduling.Unconfirmed) as question:
        change(team, at(4, 11), cutoff_time=time(9))
    earlier: dict[str, Any] = {"cutoff_time": time(9), "digest_time": time(9, 30)}
    with pytest.raises(rescheduling.Unconfirmed):
        change(team, at(4, 11), question.value.answer, **earlier)


@pytest.mark.usefixtures("readers")
def test_a_time_zone_further_east_is_asked_about(team: Team) -> None:
    tick(CUTOFF)
    assert asked(team, at(4, 17), time_zone="Asia/Tokyo") == (GOES_OUT,)


@pytest.mark.usefixtures("readers")
def test_a_published_page_that_is_to_be_mailed_at_once_is_asked_about(
    team: Team, manager: User
) -> None:
    make_channel(team)
    with time_machine.travel(at(3, 12), tick=False):
        publish.publish_week(team, WEEK, publish.Publication(by=manager))
    tick(at(3, 12))
    assert asked(team, at(3, 13), digest_when=DigestTime.PUBLISHED) == (
        GOES_OUT,
        "It goes to 1 group chat.",
    )


@pytest.mark.usefixtures("readers")
def test_a_day_off_that_brings_the_reminder_at_once_says_whom_it_reminds(team: Team) -> None:
    other = with_address(make_user("other", "白露", team))
    make_project(team, "收单", lead=other)
    make_project(team, "清分", lead=other)
    tick(THURSDAY)
    with (
        pytest.raises(rescheduling.Unconfirmed) as question,
        time_machine.travel(at(3, 12), tick=False),
        rescheduling.confirmed(team, ""),
    ):
        cutoffs.add_exception(team, date(2024, 6, 21), is_working=False, by=None)
    assert question.value.sentences == ("1 person is reminded of the update.",)
    assert not team.day_exceptions.exists()


@pytest.mark.usefixtures("readers")
def test_a_team_that_waits_for_its_manager_says_that_he_is_told(team: Team) -> None:
    Team.objects.update(publishes_itself=False)
    tick(CUTOFF)
    assert asked(team, at(4, 17), digest_time=time(16, 30)) == (
        "1 manager is told by mail what is to be done.",
    )


@pytest.mark.usefixtures("readers")
@pytest.mark.parametrize(
    ("when", "wanted"),
    [
        (at(3, 12), {"cutoff_time": time(15)}),  # still to come
        (DIGEST, {"cutoff_time": time(9), "digest_time": time(10)}),  # has gone out
        (at(4, 11), {"name": "支付研发"}),
        (at(4, 17), {"cutoff_time": time(19), "digest_time": time(20)}),  # put off
    ],
)
def test_a_change_that_sends_nothing_asks_nothing(
    team: Team, when: datetime, wanted: dict[str, Any]
) -> None:
    for moment in (THURSDAY, at(4, 10), CUTOFF, DIGEST):
        if moment <= when:
            tick(moment)
    change(team, when, **wanted)


@pytest.mark.usefixtures("readers")
def test_what_is_due_anyhow_is_no_matter_of_the_change(team: Team) -> None:
    tick(CUTOFF)
    change(team, DIGEST, name="支付研发")  # before the tick of this minute


@pytest.mark.usefixtures("readers")
def test_a_step_that_fails_does_not_keep_the_settings_from_being_saved(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no page")

    monkeypatch.setattr("reports.schedule.steps._publish", fail)
    tick(CUTOFF)
    change(team, at(4, 17), digest_time=time(16, 30))
