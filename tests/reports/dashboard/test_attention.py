"""What stands in the block at the head of the dashboard, for whom, and what each may do there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import facts
from projects.access import Access, get_team_for_user
from projects.models import Incident, User
from projects.operations import incidents
from projects.weeks import WEEK as ONE_WEEK
from reports.dashboard import attention
from reports.dashboard.attention import AttentionBlock
from reports.dashboard.pulse import pulse_of
from reports.models import Reminder, SendState
from reports.pages.live import current_document
from reports.schedule import reminders
from tests.conftest import Personas, request_of
from tests.factories import (
    NOW,
    WEEK,
    make_delivery,
    make_edition,
    make_entry,
    make_incident,
    make_project,
    make_subscriber,
    make_user,
)
from tests.html import elements

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def lead(personas: Personas) -> User:
    personas.lead.email = "lead@example.com"
    personas.lead.save()
    return personas.lead


def access_of(user: User) -> Access:
    return get_team_for_user(request_of(user), "pay")


def block_of(user: User, weeks_ago: int = 0) -> AttentionBlock:
    access, week = access_of(user), WEEK - weeks_ago * ONE_WEEK
    document = current_document(access.team, week)
    assert document is not None
    return attention.block_of(access, document, pulse_of(access, week))


# --- reminding ----------------------------------------------------------------------------------


def test_a_manager_can_remind_the_lead_of_a_silent_project(personas: Personas, lead: User) -> None:
    block = block_of(personas.manager)
    (silence,) = block.silent
    assert (silence.entry.project, silence.lead, silence.may_remind) == ("贝易转", lead, True)
    assert block.reminding == 1


def test_nobody_else_can(personas: Personas, lead: User) -> None:
    for user in (personas.lead, personas.viewer):
        block = block_of(user)
        assert [silence.may_remind for silence in block.silent] == [False]
        assert block.reminding == 0


def test_nobody_is_reminded_of_another_week(personas: Personas, lead: User) -> None:
    make_entry(personas.project, WEEK - 2 * ONE_WEEK)
    facts.announce(personas.team, [WEEK - ONE_WEEK])
    block = block_of(personas.manager, weeks_ago=1)
    assert [silence.may_remind for silence in block.silent] == [False]


def test_a_lead_with_two_projects_counts_once(personas: Personas, lead: User) -> None:
    make_project(personas.team, "POS", lead=lead)
    block = block_of(personas.manager)
    assert (len(block.silent), block.reminding) == (2, 1)


def test_a_lead_without_an_address_or_an_account_cannot_be_reminded(personas: Personas) -> None:
    make_project(personas.team, "POS")
    silences = {silence.entry.project: silence for silence in block_of(personas.manager).silent}
    assert silences["贝易转"].lead == personas.lead
    assert silences["POS"].lead is None
    assert not any(silence.may_remind for silence in silences.values())


def test_each_account_that_is_closed_shows_on_a_dashboard_that_was_kept(
    personas: Personas, lead: User
) -> None:
    first = make_project(personas.team, "POS", lead=personas.other_lead)
    for project in (first, personas.project):
        make_entry(project)
    client = personas.client("manager")
    assert elements(client.get("/t/pay/"), "[id^=todo-leaderless-]") == []
    for number, user in enumerate((personas.other_lead, lead), start=1):
        User.objects.filter(pk=user.pk).update(is_active=False)
        rows = elements(client.get("/t/pay/"), "[id^=todo-leaderless-]")
        assert len(rows) == number


def test_what_became_of_the_last_reminder_is_told(personas: Personas, lead: User) -> None:
    reminders.remind(personas.team, WEEK, by=personas.manager)
    (silence,) = block_of(personas.manager).silent
    assert (silence.is_under_way, silence.may_remind) == (True, False)
    Reminder.objects.update(state=SendState.SENT)
    (silence,) = block_of(personas.manager).silent
    assert (silence.is_under_way, silence.is_failed, silence.may_remind) == (False, False, False)
    Reminder.objects.update(state=SendState.FAILED)
    (silence,) = block_of(personas.manager).silent
    assert (silence.is_failed, silence.may_remind) == (True, True)
    Reminder.objects.update(state=SendState.SENT, requested_at=NOW - timedelta(hours=1))
    (silence,) = block_of(personas.manager).silent
    assert silence.may_remind


def test_a_lead_knows_their_own_projects(personas: Personas) -> None:
    assert block_of(personas.lead).mine == {personas.project.pk}
    assert block_of(personas.other_lead).mine == frozenset()


# --- incidents ------------------------------------------------------------------------------------


def test_an_incident_waits_for_its_review_for_five_weeks(personas: Personas) -> None:
    make_entry(personas.project)
    for ago in range(6):
        make_incident(personas.team, WEEK - ago * ONE_WEEK, NOW - ago * ONE_WEEK, f"{ago} 周前")
    make_incident(personas.team, WEEK + ONE_WEEK, NOW + ONE_WEEK, "下周")
    Incident.objects.create(team=personas.team, week=WEEK, occurred_at=NOW, text="老周报的原文")
    waiting = {incident.description for incident in block_of(personas.viewer).incidents}
    assert waiting == {f"{ago} 周前" for ago in range(5)}


def test_a_reviewed_incident_is_gone_and_with_it_the_block(personas: Personas) -> None:
    make_entry(personas.project)
    incident = make_incident(personas.team)
    assert block_of(personas.viewer)
    incidents.review_incident(
        incident, cause="快照太大", resolution="分页", recovered_at=None, by=personas.lead
    )
    assert not block_of(personas.viewer)


def test_a_fixed_number_of_queries(personas: Personas) -> None:
    access = access_of(personas.manager)

    def queries() -> int:
        facts.announce(personas.team, [WEEK])
        document = current_document(access.team, WEEK)
        assert document is not None
        with CaptureQueriesContext(connection) as captured:
            block = attention.block_of(access, document, pulse_of(access, WEEK))
            assert block.reminding == len(block.silent)
            assert all(incident.description for incident in block.incidents)
        return len(captured)

    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            lead = make_user(f"lead{number}", team=personas.team)
            lead.email = f"{lead.username}@example.com"
            lead.save()
            make_project(personas.team, f"项目{number}", lead=lead)
            make_incident(personas.team)

    make_entry(personas.project)
    fill(0, 2)
    few = queries()
    fill(2, 22)
    assert queries() == few == 6


# --- deliveries -----------------------------------------------------------------------------------


def failed_delivery(personas: Personas, weeks_ago: int) -> None:
    edition = make_edition(personas.team, WEEK - weeks_ago * ONE_WEEK)
    reader = make_subscriber(personas.team, f"reader{weeks_ago}@example.com")
    delivery = make_delivery(edition, reader)
    delivery.state = SendState.FAILED
    delivery.save()


def test_managers_are_told_of_pages_that_did_not_arrive(personas: Personas) -> None:
    for weeks_ago in (0, 1, 2):
        failed_delivery(personas, weeks_ago)
    block = block_of(personas.manager)
    assert block.undelivered == {WEEK: 1, WEEK - ONE_WEEK: 1}
    for user in (personas.lead, personas.viewer):
        assert block_of(user).undelivered == {}


def test_the_dashboard_leads_to_the_ledger(personas: Personas) -> None:
    failed_delivery(personas, 1)
    page = personas.client("manager").get("/t/pay/").text
    assert "Pages not delivered" in page
    assert 'href="/t/pay/weeks/2024-W24/deliveries/?state=failed"' in page
    assert "failed for 1 recipient" in page
