from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from projects import access
from projects.models import (
    AuditRecord,
    Deputy,
    Membership,
    ProgressChange,
    Question,
    Role,
    StatusEntry,
    User,
)
from projects.teams import deputies, members
from projects.teams.deputies import CannotName, DeputyProblem
from projects.weeks import WEEK as ONE_WEEK
from reports.models import Edition, Reminder, ReminderKind
from reports.schedule import reminder_dispatch, reminders
from reports.schedule.owed import owed_in
from tests.conftest import Personas, request_of
from tests.factories import (
    WEEK,
    make_deputy,
    make_milestone,
    make_project,
    make_question,
    make_user,
)
from tests.html import elements, form_data, text, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

FRIDAY = WEEK + timedelta(days=4)


def member(personas: Personas, name: str) -> Membership:
    return Membership.objects.get(team=personas.team, user=getattr(personas, name))


def stand_in(personas: Personas, person: str = "lead", deputy: str = "other_lead") -> Deputy:
    return make_deputy(member(personas, person), member(personas, deputy), WEEK, FRIDAY)


def at(personas: Personas, day: date, hour: int) -> Any:
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=personas.team.zone)
    return time_machine.travel(moment, tick=False)


# --- who may ---------------------------------------------------------------------------------


@pytest.fixture(params=[(-1, 23, False), (0, 0, True), (4, 23, True), (5, 0, False)])
def moment(request: pytest.FixtureRequest, personas: Personas) -> Iterator[bool]:
    """Around the first and the last day by the team's clock; whether the deputy stands in then."""
    days, hour, may = request.param
    with at(personas, WEEK + timedelta(days=days), hour):
        yield may


def test_rights_of_a_lead_begin_and_end_with_the_days(personas: Personas, moment: bool) -> None:
    stand_in(personas)
    request = request_of(personas.other_lead)
    if moment:
        allowed, _ = access.get_project_for_reporter(request, "pay", personas.project.pk)
        assert allowed.user.on_behalf_of == personas.lead
    else:
        with pytest.raises(PermissionDenied):
            access.get_project_for_reporter(request, "pay", personas.project.pk)


def test_rights_of_a_manager_begin_and_end_with_the_days(personas: Personas, moment: bool) -> None:
    stand_in(personas, "manager", "viewer")
    request = request_of(personas.viewer)
    if moment:
        assert access.get_team_for_manager(request, "pay").user.on_behalf_of == personas.manager
    else:
        with pytest.raises(PermissionDenied):
            access.get_team_for_manager(request, "pay")


def test_deputy_acts_for_nobody_on_what_is_their_own(personas: Personas) -> None:
    stand_in(personas, "manager", "lead")
    request = request_of(personas.lead)
    own, _ = access.get_project_for_reporter(request, "pay", personas.project.pk)
    assert own.user.on_behalf_of is None
    other = make_project(personas.team, "POS", lead=personas.other_lead)
    others, _ = access.get_project_for_reporter(request, "pay", other.pk)
    assert others.user.on_behalf_of == personas.manager
    assert personas.lead.on_behalf_of is None


def test_viewer_for_a_lead_may_no_more_than_the_lead(personas: Personas) -> None:
    stand_in(personas, "lead", "viewer")
    request = request_of(personas.viewer)
    allowed = access.get_team_for_reporter(request, "pay")
    assert (allowed.role, allowed.leads) == (Role.LEAD, {personas.lead.pk})
    other = make_project(personas.team, "POS", lead=personas.viewer)
    for call in (
        lambda: access.get_team_for_manager(request, "pay"),
        lambda: access.get_project_for_reporter(request, "pay", other.pk),
    ):
        with pytest.raises(PermissionDenied):
            call()


def test_rights_end_with_either_membership_and_when_ended(personas: Personas) -> None:
    deputy = stand_in(personas)
    deputies.end(deputy, by=personas.lead)
    assert not deputies.today(personas.team).people
    for name in ("lead", "other_lead"):
        stand_in(personas)
        members.remove_member(member(personas, name), by=personas.manager)
        assert not Deputy.objects.filter(ended_at=None).exists()
        Membership.objects.create(team=personas.team, user=getattr(personas, name), role=Role.LEAD)


def test_deputy_whose_account_is_deactivated_stands_in_for_nobody(personas: Personas) -> None:
    stand_in(personas)
    User.objects.filter(pk=personas.other_lead.pk).update(is_active=False)
    assert deputies.today(personas.team).of(personas.lead) == personas.lead


def test_deputy_of_a_deputy_acts_for_both(personas: Personas) -> None:
    stand_in(personas)
    stand_in(personas, "other_lead", "viewer")
    people = deputies.today(personas.team).for_user(personas.viewer)
    assert {row.user for row in people} == {personas.lead, personas.other_lead}


# --- who can be named ------------------------------------------------------------------------


def test_naming_leaves_a_record_and_the_same_twice_is_one(personas: Personas) -> None:
    who = member(personas, "lead"), member(personas, "other_lead"), WEEK, FRIDAY
    first = deputies.name_deputy(*who, by=personas.manager)
    assert deputies.name_deputy(*who, by=personas.manager) == first
    record = AuditRecord.objects.get(action="deputy.name")
    assert (record.by, record.subject, record.after["deputy"]) == (
        personas.manager,
        "许澄",
        "陈默",
    )


@pytest.mark.parametrize(
    ("person", "deputy", "days", "problem"),
    [
        ("lead", "lead", 0, DeputyProblem.SELF),
        ("lead", "viewer", 4, DeputyProblem.OVERLAP),
        ("other_lead", "lead", 4, DeputyProblem.CIRCLE),
        ("lead", "viewer", -9, DeputyProblem.PAST),
        ("viewer", "lead", 4, DeputyProblem.NOTHING),
    ],
)
def test_who_cannot_be_named(
    personas: Personas, person: str, deputy: str, days: int, problem: DeputyProblem
) -> None:
    stand_in(personas)
    first = WEEK + timedelta(days=days)
    with pytest.raises(CannotName) as refusal:
        deputies.name_deputy(
            *(member(personas, person), member(personas, deputy)),
            *(first, first + timedelta(days=1)),
            by=personas.manager,
        )
    assert refusal.value.problem is problem


def test_circle_counts_only_on_days_that_all_have_in_common(personas: Personas) -> None:
    make_deputy(member(personas, "other_lead"), member(personas, "lead"), WEEK, FRIDAY)
    thursday = FRIDAY - timedelta(days=1)
    make_deputy(member(personas, "manager"), member(personas, "other_lead"), WEEK, thursday)
    who = member(personas, "lead"), member(personas, "manager")
    with pytest.raises(CannotName):
        deputies.name_deputy(*who, thursday, FRIDAY, by=personas.manager)
    deputies.name_deputy(*who, FRIDAY, FRIDAY, by=personas.manager)


def test_forms_of_a_lead_and_of_a_manager(personas: Personas) -> None:
    days = {"first_day": "2024-06-17", "last_day": "2024-06-21"}
    deputy = str(member(personas, "other_lead").pk)
    lead, manager = personas.client("lead"), personas.client("manager")
    address = "/t/pay/members/deputies/"
    somebody = {"person": str(member(personas, "manager").pk)}  # a lead names one for themselves
    assert lead.post(address, {**days, **somebody, "deputy": deputy}).status_code == 302
    assert Deputy.objects.get().person == member(personas, "lead")
    page = manager.get("/t/pay/members/")
    (row,) = elements(page, "#deputies li")
    assert text(row, "strong") == "陈默 stands in for 许澄"
    wrong = {**days, "person": str(member(personas, "lead").pk), "deputy": deputy}
    answer = manager.post(address, {**wrong, "last_day": "2024-06-22"})
    assert answer.status_code == 422
    assert "陈默 stands in for 许澄 from Jun 17 to Jun 21." in text(answer, ".errorlist")
    end = f"/t/pay/members/deputies/{Deputy.objects.get().pk}/end/"
    assert personas.client("viewer").post(end).status_code == 403
    assert lead.post(end).status_code == 302
    assert not elements(lead.get("/t/pay/members/"), "#deputies li")


# --- what follows, and its trace -------------------------------------------------------------


def report(personas: Personas, name: str) -> None:
    """Reports with the form as that person sees it, and answers the question in it."""
    milestone = make_milestone(personas.project, "联调", 40)
    make_question(personas.project, personas.manager)
    client, address = personas.client(name), f"/t/pay/projects/{personas.project.pk}/checkin/"
    data = form_data(client.get(address), "form.checkin")
    answer = next(key for key in data if key.endswith("-answer"))
    typed = {"text": "联调完成", "health": "on_track", f"m{milestone.pk}-percent": "60"}
    assert client.post(address, {**data, **typed, answer: "已经恢复"}).status_code == 302


def test_traces_name_both(personas: Personas) -> None:
    stand_in(personas)
    report(personas, "other_lead")
    entry = StatusEntry.objects.get(week=WEEK)
    assert (entry.author, entry.on_behalf_of) == (personas.other_lead, personas.lead)
    change = ProgressChange.objects.order_by("pk").last()
    assert change is not None
    assert (change.by, change.on_behalf_of, change.new_percent) == (
        personas.other_lead,
        personas.lead,
        60,
    )
    question = Question.objects.get()
    assert question.answered_on_behalf_of == personas.lead
    page = personas.client("manager").get(f"/t/pay/projects/{personas.project.pk}/")
    assert "陈默 (for 许澄)" in text(page, "article.entry header")
    assert "陈默 (for 许澄)" in texts(page, "td.col-by")
    assert "陈默 (for 许澄)" in text(page, "p.answer .small")


def test_edition_names_the_manager_for_whom_it_was_published(personas: Personas) -> None:
    stand_in(personas, "manager", "lead")
    client = personas.client("lead")
    client.get("/t/pay/weeks/2024-W25/draft/")
    data = {"expected": "0", "mails": "no", "confirmed": "yes"}
    client.post("/t/pay/weeks/2024-W25/publish/", data)
    edition = Edition.objects.get()
    assert edition.publisher == "许澄（代 林岚）"
    record = AuditRecord.objects.get(action="edition.publish")
    assert (record.by, record.on_behalf_of) == (personas.lead, personas.manager)


def test_worklist_of_the_deputy_has_the_projects_and_says_for_whom(personas: Personas) -> None:
    make_project(personas.team, "POS", lead=personas.other_lead)
    client = personas.client("other_lead")
    assert texts(client.get("/t/pay/checkin/"), "h2 a") == ["POS"]
    stand_in(personas)
    page = client.get("/t/pay/checkin/")
    cards = elements(page, ".checkin-card")
    chips = {text(card, "h2 a"): texts(card, ".chip.stands-in") for card in cards}
    assert chips == {"POS": [], "贝易转": ["for 许澄"]}


def test_reminder_goes_to_the_deputy_once_for_all(personas: Personas) -> None:
    User.objects.filter(username__in=["lead", "other_lead"]).update(email="a@example.com")
    make_project(personas.team, "POS", lead=personas.other_lead)
    stand_in(personas)
    request = reminders.remind(personas.team, WEEK, by=personas.manager)
    assert [reminder.user for reminder in request.reminders] == [personas.other_lead]
    assert request.leaderless == ()
    reminder = Reminder.objects.get()
    week = reminder_dispatch._Week(personas.team, WEEK, reminder.requested_at)
    mail = reminder_dispatch._mail(reminder, week)
    assert "- 贝易转 · 代 许澄" in mail.text
    assert "- POS\n" in mail.text or "- POS · " in mail.text
    assert "- POS · 代" not in mail.text


def test_reminders_of_a_manager_go_to_the_deputy(personas: Personas) -> None:
    User.objects.update(email="a@example.com")
    stand_in(personas, "manager", "lead")
    asked = reminders.ask_managers(personas.team, WEEK, ReminderKind.REVIEW)
    assert [reminder.user for reminder in asked] == [personas.lead]
    with at(personas, WEEK + ONE_WEEK, 9):
        asked = reminders.ask_managers(personas.team, WEEK + ONE_WEEK, ReminderKind.REVIEW)
        assert [reminder.user for reminder in asked] == [personas.manager]


def test_what_the_absent_owe_the_deputy_owes(personas: Personas) -> None:
    make_question(personas.project, personas.manager)
    stand_in(personas)
    owed = owed_in(personas.team, WEEK)
    assert set(owed) == {member(personas, "other_lead").pk}
    (of_deputy,) = owed.values()
    assert (len(of_deputy.entries), len(of_deputy.answers)) == (1, 1)


def test_deputies_of_other_teams_count_for_nothing(personas: Personas) -> None:
    other = personas.outsider.memberships.get()
    guest = Membership.objects.create(team=other.team, user=personas.lead)
    make_deputy(other, guest, WEEK, FRIDAY)
    make_user("nobody")
    assert access.get_team_for_user(request_of(personas.lead), "pay").acts_for == ()
    assert access.get_team_for_user(request_of(personas.lead), other.team.slug).is_manager
