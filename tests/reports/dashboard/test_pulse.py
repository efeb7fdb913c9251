"""What an open dashboard asks for: one query, and another revision whenever it would show more."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import facts
from projects.access import Access, get_team_for_user
from projects.models import User
from projects.weeks import WEEK as ONE_WEEK
from reports.dashboard.pulse import Pulse, Unpublished, pulse_of
from reports.models import Delivery, Reminder, SendState, Step, WeekStep
from reports.pages import live
from reports.schedule import reminders
from tests.conftest import Personas, request_of
from tests.factories import NOW, WEEK, make_delivery, make_edition, make_subscriber

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def manager(personas: Personas) -> Access:
    live.compile_page(personas.team, WEEK)
    return access_of(personas.manager)


def access_of(user: User) -> Access:
    return get_team_for_user(request_of(user), "pay")


def close(access: Access, weeks_ago: int = 0, **result: object) -> None:
    week = WEEK - weeks_ago * ONE_WEEK
    live.compile_page(access.team, week)
    WeekStep.objects.create(team=access.team, week=week, step=Step.CLOSE, due_at=NOW, result=result)


def test_the_revision_moves_with_facts_and_reminders(personas: Personas, manager: Access) -> None:
    personas.lead.email = "lead@example.com"
    personas.lead.save()
    seen = [pulse_of(manager, WEEK).revision]
    assert pulse_of(manager, WEEK).revision == seen[0]
    facts.announce(personas.team, [WEEK])
    seen.append(pulse_of(manager, WEEK).revision)
    reminders.remind(personas.team, WEEK, by=None)
    seen.append(pulse_of(manager, WEEK).revision)
    Reminder.objects.update(state=SendState.CLAIMED)
    assert pulse_of(manager, WEEK).revision == seen[-1]
    Reminder.objects.update(state=SendState.SENT)
    seen.append(pulse_of(manager, WEEK).revision)
    assert len(set(seen)) == 4


def test_a_delivery_that_fails_shows_on_the_managers_open_dashboard(
    personas: Personas, manager: Access
) -> None:
    delivery = make_delivery(make_edition(personas.team, WEEK), make_subscriber(personas.team))
    viewer = access_of(personas.viewer)
    before, of_viewer = pulse_of(manager, WEEK), pulse_of(viewer, WEEK)
    assert before.undelivered == {}
    Delivery.objects.filter(pk=delivery.pk).update(state=SendState.FAILED)
    after = pulse_of(manager, WEEK)
    assert (after.undelivered, after.revision != before.revision) == ({WEEK: 1}, True)
    assert pulse_of(manager, WEEK + ONE_WEEK).undelivered == {WEEK: 1}
    assert pulse_of(viewer, WEEK) == of_viewer


def test_a_week_that_closes_shows_on_the_managers_open_dashboard(
    personas: Personas, manager: Access
) -> None:
    before = pulse_of(manager, WEEK)
    close(manager, findings=2, silent=1)
    close(manager, weeks_ago=1)
    after = pulse_of(manager, WEEK)
    assert after.revision != before.revision
    assert after.unpublished == (Unpublished("2024-W24", 0, 0), Unpublished("2024-W25", 2, 1))
    assert pulse_of(access_of(personas.lead), WEEK).unpublished == ()
    assert pulse_of(manager, WEEK - ONE_WEEK).unpublished == ()  # a past week is only looked up


def test_a_week_that_is_published_or_empty_waits_for_nobody(
    personas: Personas, manager: Access
) -> None:
    close(manager)
    close(manager, weeks_ago=1)
    make_edition(personas.team, WEEK)
    WeekStep.objects.create(
        team=personas.team,
        week=WEEK - ONE_WEEK,
        step=Step.PUBLISH,
        due_at=NOW,
        result={"nothing": True},
    )
    assert pulse_of(manager, WEEK).unpublished == ()


def test_a_week_of_history_waits_for_nobody(manager: Access) -> None:
    close(manager)
    close(manager, weeks_ago=1)
    manager.team.starts_on = WEEK
    assert pulse_of(manager, WEEK).unpublished == (Unpublished("2024-W25", 0, 0),)


def test_a_week_without_a_page_has_one_too(personas: Personas) -> None:
    access = access_of(personas.manager)
    assert pulse_of(access, WEEK + 9 * ONE_WEEK, facts=3).revision.startswith("3-0-")


def test_one_query(personas: Personas, manager: Access) -> None:
    def asked() -> tuple[Pulse, int]:
        with CaptureQueriesContext(connection) as captured:
            pulse = pulse_of(manager, WEEK)
        return pulse, len(captured)

    edition = make_edition(personas.team, WEEK)
    close(manager, weeks_ago=1)
    for number in range(20):
        make_delivery(edition, make_subscriber(personas.team, f"reader{number}@example.com"))
    Delivery.objects.update(state=SendState.FAILED)
    pulse, queries = asked()
    assert (pulse.undelivered, len(pulse.unpublished), queries) == ({WEEK: 20}, 1, 1)
