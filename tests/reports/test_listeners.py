from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from kombu.exceptions import OperationalError

from projects import facts
from projects.models import Team
from projects.weeks import WEEK as DAYS
from reports import tasks
from reports.pages import live
from tests.factories import NOW, WEEK, make_team

if TYPE_CHECKING:
    from pytest_django import DjangoCaptureOnCommitCallbacks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def send(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Stands in for sending the message of a compile."""
    sent = Mock()
    monkeypatch.setattr(tasks.compile_page, "apply_async", sent)
    return sent


def test_changed_facts_are_queued_once_for_each_page(
    team: Team, send: Mock, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        facts.announce(team, [WEEK - DAYS])
    with django_capture_on_commit_callbacks(execute=True):
        facts.announce(team, [WEEK - DAYS])
    sent = [call.args[0] for call in send.call_args_list]
    assert sent == [(team.pk, "2024-06-10"), (team.pk, "2024-06-17")]


def test_a_page_can_be_queued_again_once_its_compile_began(
    team: Team, send: Mock, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            facts.announce(team, [WEEK])
        tasks.compile_page(team.pk, "2024-06-17")
    assert send.call_count == 2


def test_a_broker_that_is_away_does_not_hurt_the_one_who_saves(
    team: Team,
    send: Mock,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    send.side_effect = OperationalError("connection refused")
    with django_capture_on_commit_callbacks(execute=True):
        facts.announce(team, [WEEK - DAYS])
    assert send.call_count == 1
    assert "no broker" in caplog.text
    assert len(live.stale_weeks(NOW)) == 2  # at once, not when a claim has run out


def test_nothing_is_queued_when_the_change_is_rolled_back(team: Team, send: Mock) -> None:
    facts.announce(team, [WEEK])
    assert send.call_count == 0
