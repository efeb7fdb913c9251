"""The screen of a week's run: managers see what came of each step and what is left to them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import AuditRecord, Team
from projects.weeks import WEEK as ONE_WEEK
from reports.digest import dispatch
from reports.models import Delivery, Edition, Heartbeat, Reminder, SendState, WeekStep
from reports.pages import publish
from reports.schedule import steps
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_project, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/t/pay/weeks/2024-W25/run/"


def at(day: int, hour: int) -> datetime:
    """That hour in Shanghai, on the day of the week counted from Monday the 17th of June 2024."""
    return datetime(2024, 6, 16, 16, tzinfo=UTC) + timedelta(days=day, hours=hour)


@pytest.fixture(autouse=True)
def addresses(personas: Personas) -> None:
    for user in (personas.manager, personas.lead):
        user.email = f"{user.username}@example.com"
        user.save()
    Team.objects.update(runs_from=at(-1, 0))
    personas.team.refresh_from_db()


def run(*ticks: datetime) -> None:
    for now in ticks:
        with time_machine.travel(now, tick=False):
            steps.run(now)
            Heartbeat.objects.update_or_create(part="tick", defaults={"at": now})


def page(personas: Personas, now: datetime, address: str = ADDRESS) -> str:
    with time_machine.travel(now, tick=False):
        response = personas.client("manager").get(address)
    assert response.status_code == 200
    return " ".join(response.text.split())


def test_a_week_under_way(personas: Personas) -> None:
    run(at(0, 0), at(3, 10))
    shown = page(personas, at(3, 10))
    for words in (
        'Mon 00:00</time> <span class="outcome">opened',
        'Thu 10:00</time> <span class="outcome">1 lead reminded',
        'Fri 10:00</time> <span class="outcome">next',
        "Fri 16:00</time>",
        "Fri 18:00</time>",
        "Not updated · 1",
        "许澄</span> <small>reminded once just now · no update yet",
    ):
        assert words in shown
    assert "stands still" not in shown
    assert "not announced" not in shown


def test_a_week_that_went_out(personas: Personas) -> None:
    make_entry(personas.project)
    run(at(4, 18))
    edition = Edition.objects.get()
    dispatch.prepare(edition.pk, at(4, 18))
    Delivery.objects.filter(recipient="lead@example.com").update(state=SendState.FAILED)
    Delivery.objects.filter(recipient="manager@example.com").update(state=SendState.SENT)
    run(at(4, 19))
    shown = page(personas, at(4, 19))
    assert "edition 1, published by itself" in shown
    assert "1 sent · 1 failed" in shown
    assert "passed over, the clock came too late" in shown
    assert "Everybody has updated, and nothing contradicts itself." in shown


def test_page_waits_for_its_manager_until_published(personas: Personas) -> None:
    Team.objects.update(publishes_itself=False)
    make_entry(personas.project)
    run(at(4, 16), at(4, 18))
    assert "waits for a manager, who was reminded" in page(personas, at(4, 18))
    with time_machine.travel(at(4, 19), tick=False):
        publish.publish_week(
            Team.objects.get(slug="pay"), WEEK, publish.Publication(by=personas.manager)
        )
    assert "edition 1, published by 林岚" in page(personas, at(4, 19))


def test_a_page_that_is_published_before_its_time(personas: Personas) -> None:
    make_entry(personas.project)
    run(at(4, 16))
    with time_machine.travel(at(4, 17), tick=False):
        publish.publish_week(
            Team.objects.get(slug="pay"), WEEK, publish.Publication(by=personas.manager)
        )
    shown = page(personas, at(4, 17))
    assert 'Fri 17:00</time> <span class="outcome">edition 1, published by 林岚' in shown
    assert 'Fri 18:00</time> <span class="outcome">next' in shown


def test_what_was_done_before_the_schedule_moved_keeps_its_time(personas: Personas) -> None:
    run(at(4, 16))
    Team.objects.update(cutoff_time=time(17), digest_time=time(19))
    shown = page(personas, at(4, 16))
    assert 'Fri 16:00</time> <span class="outcome">1 not updated' in shown
    assert 'Fri 19:00</time> <span class="outcome">next' in shown


def test_a_past_week_shows_what_was_recorded_not_the_schedule_of_today(
    personas: Personas,
) -> None:
    run(at(0, 0), at(3, 10), at(4, 10), at(4, 16))
    Team.objects.update(cutoff_time=time(12), digest_time=time(13), idle_week="skip")
    for day in (3, 4):  # entered later: by today's calendar the week closed on Wednesday
        personas.team.day_exceptions.create(day=WEEK + timedelta(days=day), is_working=False)
    shown = page(personas, at(35, 9))
    for words in (
        'Mon 00:00</time> <span class="outcome">opened',
        'Thu 10:00</time> <span class="outcome">1 lead reminded',
        'Fri 16:00</time> <span class="outcome">1 not updated',
        '<strong>Publish</strong> <span class="outcome">not taken, and too long ago',
        "no mail was sent",
    ):
        assert words in shown
    assert "12:00" not in shown
    assert "13:00" not in shown


def test_a_past_week_that_would_be_skipped_today_shows_its_steps(personas: Personas) -> None:
    run(at(0, 0), at(4, 16))
    for day in range(7):
        personas.team.day_exceptions.create(day=WEEK + timedelta(days=day), is_working=False)
    shown = page(personas, at(35, 9))
    assert 'Fri 16:00</time> <span class="outcome">1 not updated' in shown
    assert "No working day this week" not in shown


def test_one_button_leads_on(personas: Personas) -> None:
    """To the review while something is open, then to publishing, then to a correction."""

    def leads_to(address: str) -> bool:
        return f'<a class="button primary" href="/t/pay/weeks/2024-W25/{address}">' in page(
            personas, at(4, 17)
        )

    run(at(4, 16))
    assert leads_to("draft/")
    make_entry(personas.project)
    assert leads_to("publish/")
    with time_machine.travel(at(4, 17), tick=False):
        publish.publish_week(
            Team.objects.get(slug="pay"), WEEK, publish.Publication(by=personas.manager)
        )
    assert not leads_to("publish/")
    assert "Correct…" in page(personas, at(4, 17))


def test_a_step_that_keeps_failing_is_seen(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no such luck")

    monkeypatch.setattr(steps, "_close", fail)
    run(at(4, 16))
    monkeypatch.undo()
    assert "tried again every minute: RuntimeError: no such luck" in page(personas, at(4, 16))
    run(at(4, 17))
    assert "no such luck" not in page(personas, at(4, 17))
    assert AuditRecord.objects.filter(action=steps.FAILED).exists()


def test_missed_steps_are_shown(personas: Personas) -> None:
    Team.objects.update(runs_from=at(4, 12))
    run(at(4, 13))
    shown = page(personas, at(4, 17))
    assert "not taken: the team had not begun here" in shown
    assert "due, in a minute at most" in shown
    assert "The clock stands still" in shown
    assert "too long ago" in page(personas, at(4, 17) + 3 * ONE_WEEK)


def test_week_of_history_has_no_steps_to_come(personas: Personas) -> None:
    Team.objects.update(starts_on=WEEK + ONE_WEEK)
    run(at(4, 18))
    shown = page(personas, at(2, 12))
    assert "not taken: the team had not begun here" in shown
    assert "due, in a minute at most" not in shown
    assert not WeekStep.objects.exists()


def test_unannounced_holidays_are_mentioned(personas: Personas) -> None:
    shown = page(personas, at(0, 9), "/t/pay/weeks/2031-W20/run/")
    assert "The holidays and make-up days of 2031 are not announced yet" in shown
    assert "Not updated" not in shown


@pytest.mark.parametrize(
    ("idle_week", "words"),
    [("skip", "Nothing happens by itself"), ("merge", "it closes with <a href")],
)
def test_a_week_without_a_working_day(personas: Personas, idle_week: str, words: str) -> None:
    Team.objects.update(idle_week=idle_week)
    for day in range(7):
        personas.team.day_exceptions.create(day=WEEK + timedelta(days=day), is_working=False)
    assert words in page(personas, at(1, 9))


def test_screen_takes_a_fixed_number_of_queries(personas: Personas) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(personas, at(4, 17))
        return len(captured)

    run(at(0, 0), at(3, 10))
    for _ in range(2):  # compiled, then read once into this process
        page(personas, at(4, 17))
    few = queries()
    for number in range(20):
        lead = make_user(f"lead{number}", team=personas.team)
        make_project(personas.team, f"项目{number}", lead=lead)
        Reminder.objects.create(team=personas.team, week=WEEK, user=lead)
    assert queries() == few
    assert WeekStep.objects.filter(team=personas.team).count() == 2
