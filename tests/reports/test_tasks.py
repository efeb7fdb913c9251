from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from okrtracker.celery import app
from projects.models import Team
from reports import tasks
from reports.digest import dispatch, edition_mail
from reports.models import Heartbeat, WeeklyPage
from reports.pages import live
from reports.schedule import reminders, steps
from tests.factories import (
    NOW,
    WEEK,
    make_project,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def team() -> Team:
    return make_team()


def test_compile_page_takes_ids_only(team: Team) -> None:
    live.claim(team, [WEEK])
    tasks.compile_page(team.pk, "2024-06-17")
    assert WeeklyPage.objects.get().compiled_at == NOW


def test_running_it_twice_or_for_a_team_that_is_gone_does_no_harm(team: Team) -> None:
    live.claim(team, [WEEK])
    for _ in range(2):
        tasks.compile_page(team.pk, "2024-06-17")
    tasks.compile_page(0, "2024-06-17")


def test_the_minutes_tick_sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    swept: list[bool] = []
    monkeypatch.setattr(live, "sweep", lambda: swept.append(True))
    tasks.tick()
    assert swept == [True]


def test_a_tick_without_a_database_does_not_wait_for_it_in_each_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    swept: list[bool] = []
    monkeypatch.setattr(live, "sweep", lambda: swept.append(True))

    def refuse(**_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(Heartbeat.objects, "update_or_create", refuse)
    tasks.tick()
    assert not swept


def test_beat_calls_the_tick_by_its_name() -> None:
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_the_minutes_tick_sends_reminders_whose_message_was_lost(team: Team) -> None:
    lead = make_user(team=team)
    lead.email = "lead@example.com"
    lead.save()
    make_project(team, lead=lead)
    reminders.remind(team, WEEK, by=None)
    tasks.tick()
    assert [message.to for message in mail.outbox] == [["lead@example.com"]]


def test_a_reminder_is_sent_once_however_often_its_message_comes(team: Team) -> None:
    lead = make_user(team=team)
    lead.email = "lead@example.com"
    lead.save()
    make_project(team, lead=lead)
    reminders.remind(team, WEEK, by=None)
    for _ in range(2):
        tasks.send_reminders(team.pk)
    tasks.send_reminders(0)
    assert len(mail.outbox) == 1


def test_a_part_of_the_tick_that_fails_keeps_no_other_from_its_work(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept: list[bool] = []

    def fail() -> None:
        raise RuntimeError

    monkeypatch.setattr(steps, "run", fail)
    monkeypatch.setattr(live, "sweep", lambda: swept.append(True))
    tasks.tick()
    assert swept == [True]
    assert Heartbeat.objects.get(part="tick").at == NOW


@pytest.mark.parametrize(("is_slow", "workers"), [(False, 5), (True, 1)])
def test_one_worker_alone_makes_slow_pdfs(
    is_slow: bool, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edition_mail, "is_slow", lambda _edition: is_slow)
    with patch.object(tasks.send_deliveries, "apply_async") as enqueued:
        tasks.enqueue_deliveries(7, 1000)
    assert enqueued.call_count == workers


def test_common_part_is_made_before_anything_is_claimed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    def noting(name: str) -> Callable[[int], int]:
        def note(_edition: int) -> int:
            done.append(name)
            return 0

        return note

    monkeypatch.setattr(dispatch, "prepare", noting("prepare"))
    monkeypatch.setattr(edition_mail, "make_ready", noting("make_ready"))
    monkeypatch.setattr(dispatch, "send_batch", noting("send_batch"))
    tasks.send_deliveries(7)
    assert done == ["prepare", "make_ready", "send_batch"]


def test_idle_tick_takes_the_same_queries_for_any_number_of_teams(team: Team) -> None:
    def queries() -> int:
        tasks.tick()  # what is due in this minute for the teams that are new
        with CaptureQueriesContext(connection) as captured:
            tasks.tick()
        return len(captured)

    few = queries()
    for number in range(12):
        make_project(make_team(f"team{number}"))
    assert queries() == few
