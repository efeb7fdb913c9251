from __future__ import annotations

import pytest

from okrtracker.celery import app
from projects.models import Team
from reports import pages, tasks
from reports.models import WeeklyPage
from tests.factories import NOW, WEEK, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def team() -> Team:
    return make_team()


def test_compile_page_takes_ids_only(team: Team) -> None:
    pages.claim(team, [WEEK])
    tasks.compile_page(team.pk, "2024-06-17")
    assert WeeklyPage.objects.get().compiled_at == NOW


def test_running_it_twice_or_for_a_team_that_is_gone_does_no_harm(team: Team) -> None:
    pages.claim(team, [WEEK])
    for _ in range(2):
        tasks.compile_page(team.pk, "2024-06-17")
    tasks.compile_page(0, "2024-06-17")


def test_the_minutes_tick_sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    swept: list[bool] = []
    monkeypatch.setattr(pages, "sweep", lambda: swept.append(True))
    tasks.tick()
    assert swept == [True]


def test_beat_calls_the_tick_by_its_name() -> None:
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
