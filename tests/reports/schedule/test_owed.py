from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from projects.models import Health, Membership, Role
from reports.schedule.owed import owed_in
from reports.weekly.needs import OwedAnswer, OwedEntry, OwedMilestone
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_entry,
    make_milestone,
    make_project,
    make_question,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def membership(personas: Personas, name: str = "lead") -> int:
    user = getattr(personas, name)
    return Membership.objects.get(team=personas.team, user=user).pk


def test_a_lead_owes_entries_answers_and_milestones(personas: Personas) -> None:
    team, project = personas.team, personas.project
    make_question(project, personas.manager)
    make_milestone(project, "一期", 60, date(2024, 6, 15))
    make_entry(project, date(2024, 6, 3))
    owed = owed_in(team, WEEK)[membership(personas)]
    assert owed.entries == (OwedEntry(project.pk, "贝易转", 2),)
    assert owed.answers == (OwedAnswer(project.pk, "贝易转", "为什么没有进展？", "林岚"),)
    late = OwedMilestone(project.pk, "贝易转", "一期", date(2024, 6, 15), "day", 4)
    assert owed.milestones == (late,)
    assert len(owed) == 3


def test_settled_things_are_not_owed(personas: Personas) -> None:
    team, project = personas.team, personas.project
    make_entry(project)
    question = make_question(project, personas.manager)
    question.answer, question.answered_at = "在等专线", timezone.now()
    question.save()
    make_milestone(project, "完成的", 100, date(2024, 6, 15))
    make_milestone(project, "今天到期", 60, date(2024, 6, 19))
    dropped = make_milestone(project, "放弃的", 60, date(2024, 6, 15))
    dropped.closed_at = timezone.now()
    dropped.save()
    paused = make_project(team, "暂停的", lead=personas.lead)
    make_entry(paused, date(2024, 6, 3), health=Health.PAUSED)
    assert owed_in(team, WEEK) == {}


def test_nothing_is_asked_for_a_week_that_is_over(personas: Personas) -> None:
    assert membership(personas) in owed_in(personas.team, WEEK)
    assert owed_in(personas.team, date(2024, 6, 10)) == {}


def test_member_without_projects_owes_nothing(personas: Personas) -> None:
    assert set(owed_in(personas.team, WEEK)) == {membership(personas)}


def test_owed_takes_a_fixed_number_of_queries(
    personas: Personas, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(3):
        lead = make_user(f"lead{number}", "", personas.team, Role.LEAD)
        project = make_project(personas.team, f"项目{number}", lead=lead)
        make_question(project, personas.manager)
        make_milestone(project, "一期", 60, date(2024, 6, 15))
    with django_assert_num_queries(7):  # type: ignore[operator]  # a fixture that is called
        assert len(owed_in(personas.team, WEEK)) == 4
