"""How often a project was asked for, whoever was there to be asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from projects.models import Membership, User
from reports.schedule import reminders
from reports.schedule.duties import not_updated
from tests.conftest import Personas
from tests.factories import NOW, WEEK, make_deputy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def membership(user: User) -> Membership:
    return Membership.objects.get(user=user)


def times(personas: Personas) -> list[int]:
    return [row.times for row in not_updated(personas.team, WEEK)]


def test_who_stood_in_was_asked_for_the_lead(personas: Personas) -> None:
    """On the day after, the lead is there again, and the project was asked for none the less."""
    User.objects.update(email="someone@example.com")
    today = personas.team.today()
    make_deputy(membership(personas.lead), membership(personas.other_lead), WEEK, today)
    reminders.remind(personas.team, WEEK, by=None, round=1)
    assert times(personas) == [1]

    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert times(personas) == [1]


def test_who_was_asked_for_something_else_was_not_asked_for_it(personas: Personas) -> None:
    """A deputy of the days to come, reminded of their own project."""
    User.objects.update(email="someone@example.com")
    tomorrow = personas.team.today() + timedelta(days=1)
    personas.team.projects.update(lead=personas.other_lead)
    reminders.remind(personas.team, WEEK, by=None, round=1)
    personas.team.projects.update(lead=personas.lead)
    make_deputy(membership(personas.lead), membership(personas.other_lead), tomorrow, tomorrow)

    assert times(personas) == [0]
