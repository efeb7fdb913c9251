from __future__ import annotations

from unittest.mock import patch

import pytest
from django.core import mail
from django.core.cache import cache
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from okrtracker import broker
from projects import tasks
from projects.models import Role
from projects.teams import invitations
from projects.teams.invitations import Guest
from reports import tasks as reports_tasks
from tests.conftest import Personas

pytestmark = pytest.mark.usefixtures("now")


def invite(personas: Personas) -> None:
    guests = [Guest("zhao@example.com")]
    invitations.invite(personas.team, guests, Role.LEAD, by=personas.manager)


def test_it_sends_the_invitations_of_the_team(personas: Personas) -> None:
    invite(personas)
    tasks.send_invitations(personas.team.pk)
    tasks.send_invitations(personas.team.pk)
    assert len(mail.outbox) == 1


def test_the_tick_finds_what_a_lost_message_left(personas: Personas) -> None:
    invite(personas)
    reports_tasks.tick()
    assert len(mail.outbox) == 1


def test_without_a_broker_the_tick_does_it(
    personas: Personas, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with (
        patch.object(tasks.send_invitations, "apply_async", side_effect=OperationalError),
        django_capture_on_commit_callbacks(execute=True),
    ):
        broker.publish_on_commit(tasks.send_invitations, personas.team.pk)


def test_without_a_broker_a_password_is_mailed_at_once(personas: Personas) -> None:
    cache.clear()
    personas.lead.email = "lead@example.com"
    personas.lead.save()
    with patch.object(tasks.send_password_reset, "apply_async", side_effect=OperationalError):
        tasks.request_password_reset("lead@example.com", "en")
    assert len(mail.outbox) == 1
