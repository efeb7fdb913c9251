"""Weeks that were closed and never published."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from projects import facts
from projects.models import AuditRecord, Project, Team, User
from reports.models import Reminder, ReminderKind
from reports.pages import backlog, publish
from reports.schedule import reminder_dispatch, steps
from tests.conftest import Personas
from tests.factories import NOW, WEEK, make_entry, make_incident
from tests.html import elements, text, texts

pytestmark = [pytest.mark.django_db]
ONE_WEEK = timedelta(days=7)
ADDRESS = "/t/pay/weeks/2024-W25/leave-out/"


@pytest.fixture
def team(personas: Personas) -> Team:
    """It waits for its manager, who published neither of two weeks."""
    personas.manager.email = "manager@example.com"
    personas.manager.save()
    Team.objects.update(publishes_itself=False, runs_from=NOW - 2 * ONE_WEEK)
    team = Team.objects.get(pk=personas.team.pk)
    for week in (WEEK, WEEK + ONE_WEEK):
        make_entry(personas.project, week, text="联调")
        friday = week + timedelta(days=5)
        with time_machine.travel(f"{friday}T04:00:00Z", tick=False):
            facts.announce(team, [week])
            steps.run()
            reminder_dispatch.send_due()
    return team


@pytest.fixture
def manager(personas: Personas, team: Team) -> Client:
    return personas.client("manager")


def weeks_waiting(team: Team) -> list[str]:
    return [team.week_label(page.week) for page in backlog.waiting(team)]


def three_weeks_later() -> time_machine.travel:
    return time_machine.travel(NOW + 3 * ONE_WEEK, tick=False)


def test_both_stay_on_the_dashboard_and_in_the_archive(team: Team, manager: Client) -> None:
    with three_weeks_later():
        assert weeks_waiting(team) == ["2024-W25", "2024-W26"]
        assert {"2024-W25", "2024-W26"} <= set(
            texts(manager.get("/t/pay/"), "#todo-unpublished .subject")
        )
        archive = manager.get("/t/pay/weeks/")
    assert texts(archive, ".archive .chip.warn") == ["not published", "not published"]


def test_all_managers_are_told_of_two(team: Team) -> None:
    reminder = Reminder.objects.get(kind=ReminderKind.BACKLOG)
    assert reminder.week == WEEK + ONE_WEEK
    (message,) = [sent for sent in mail.outbox if "2 期周报未发布" in sent.subject]
    assert "2024-W25" in str(message.body)


def test_published_late_it_waits_no_more(team: Team) -> None:
    with three_weeks_later():
        publish.publish_week(team, WEEK, publish.Publication(by=None))
        assert weeks_waiting(team) == ["2024-W26"]


def test_left_out_with_a_reason_until_that_is_taken_back(team: Team, manager: Client) -> None:
    with three_weeks_later():
        page = manager.post(ADDRESS, {"reason": " "}, follow=True)
        assert "Please say why this week is not published." in texts(page, "[role=status]")
        assert weeks_waiting(team) == ["2024-W25", "2024-W26"]
        manager.post(ADDRESS, {"reason": "全员封闭培训"})
        manager.post(ADDRESS, {"reason": "全员封闭培训"})
        assert weeks_waiting(team) == ["2024-W26"]
        assert "left out: 全员封闭培训" in text(manager.get("/t/pay/weeks/"), ".archive")
        week = manager.get("/t/pay/weeks/2024-W25/")
        assert text(week, ".edition-bar") == "left out: 全员封闭培训"
        dashboard = manager.get("/t/pay/weeks/2024-W25/dashboard/")
        assert "left out: 全员封闭培训" in texts(dashboard, "main p.notice")
        manager.post(ADDRESS, {"action": "take_back"})
        assert weeks_waiting(team) == ["2024-W25", "2024-W26"]
    actions = AuditRecord.objects.filter(action__startswith="week.").order_by("pk")
    assert [record.action for record in actions] == ["week.leave_out", "week.take_back"]


def test_the_present_week_and_a_published_one_are_not_left_out(team: Team, manager: Client) -> None:
    with three_weeks_later():
        present = team.week_label(team.this_week())
        sent = {"reason": "不发"}
        assert manager.post(f"/t/pay/weeks/{present}/leave-out/", sent).status_code == 404
        publish.publish_week(team, WEEK, publish.Publication(by=None))
        assert manager.post(ADDRESS, sent).status_code == 404
        assert not elements(manager.get("/t/pay/weeks/2024-W25/publish/"), "[name=reason]")


@pytest.mark.parametrize("publishes_itself", [True, False])
def test_a_week_that_was_empty_waits_when_something_is_entered_after_its_time(
    personas: Personas, publishes_itself: bool
) -> None:
    Team.objects.update(publishes_itself=publishes_itself, runs_from=NOW - ONE_WEEK)
    team = Team.objects.get(pk=personas.team.pk)
    with time_machine.travel(NOW + timedelta(days=4), tick=False):
        steps.run()
        assert weeks_waiting(team) == []
        make_entry(personas.project, WEEK, text="联调")
        facts.announce(team, [WEEK])
    with three_weeks_later():
        assert weeks_waiting(team) == ["2024-W25"]
        page = personas.client("manager").get("/t/pay/")
        assert texts(page, "#todo-unpublished .subject") == ["2024-W25"]
        publish.publish_week(team, WEEK, publish.Publication(by=None))
        assert weeks_waiting(team) == []


def test_an_incident_that_is_entered_late_makes_its_week_wait(personas: Personas) -> None:
    Team.objects.update(runs_from=NOW - ONE_WEEK)
    team = Team.objects.get(pk=personas.team.pk)
    with time_machine.travel(NOW + timedelta(days=4), tick=False):
        steps.run()
        make_incident(team, WEEK)
        assert weeks_waiting(team) == ["2024-W25"]


def test_history_waits_for_nobody(team: Team, personas: Personas) -> None:
    Team.objects.update(starts_on=WEEK + 2 * ONE_WEEK)
    with three_weeks_later():
        assert not weeks_waiting(Team.objects.get(pk=team.pk))


def test_remind_all_asks_with_how_many(personas: Personas, client: Client) -> None:
    leads: list[User] = [personas.lead, personas.other_lead]
    for number, lead in enumerate(leads):
        lead.email = f"lead{number}@example.com"
        lead.save()
        Project.objects.create(team=personas.team, name=f"项目{number}", lead=lead)
    with time_machine.travel(NOW, tick=False):
        browser = personas.client("manager")
        page = browser.post("/t/pay/remind/", {"week": "2024-W25"})
        assert text(page, "form.card button") == "Send to 2 people"
        block = browser.post("/t/pay/remind/", {"week": "2024-W25"}, headers={"HX-Request": "true"})
        assert text(block, "[name=confirmed]") == "Send to 2 people"
        assert not Reminder.objects.exists()
        sent = {"week": "2024-W25", "confirmed": "yes"}
        browser.post("/t/pay/remind/", sent)
        browser.post("/t/pay/remind/", sent)
    assert Reminder.objects.count() == 2
