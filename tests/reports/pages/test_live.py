"""The stored page: compiled, compiled again when stale, claimed once, found by the sweep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from projects import facts
from projects.models import StatusEntry, Team, WeekFacts
from projects.teams import account, members
from projects.weeks import WEEK as DAYS
from reports.models import WeeklyPage
from reports.pages import live
from reports.pages.publish import Publication, has_moved_on, publish_week
from reports.weekly import document
from reports.weekly.document import WeeklyDocument
from reports.weekly.load.week import load_week
from reports.weekly.rows import WeekRows
from tests.factories import (
    NOW,
    WEEK,
    make_entry,
    make_milestone,
    make_page,
    make_project,
    make_team,
    make_user,
)
from tests.reports.weekly.builders import QUERIES

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def team() -> Team:
    return make_team()


def stored(team: Team) -> WeeklyPage:
    return WeeklyPage.objects.get(team=team, week=WEEK)


def announced(team: Team, *weeks_ago: int) -> None:
    """Facts of these weeks have changed; nobody was told."""
    for back in weeks_ago:
        WeekFacts.objects.create(team=team, week=WEEK - back * DAYS, revision=3)


# --- compiling ------------------------------------------------------------------------------


def test_a_page_is_compiled_and_stored(team: Team) -> None:
    make_entry(make_project(team))
    announced(team, 0)
    compiled = live.compile_page(team, WEEK)
    page = stored(team)
    assert [entry.project for entry in compiled.entries] == ["贝易转"]
    assert document.load(page.document or {}) == compiled
    assert (page.compiled_revision, page.compiled_at) == (3, NOW)


def test_compiling_again_takes_one_query_more_than_loading(
    team: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_entry(make_project(team))
    live.compile_page(team, WEEK)
    with django_assert_num_queries(QUERIES + 1):
        live.compile_page(team, WEEK)


def test_compiling_keeps_the_title_of_the_import(team: Team) -> None:
    page = make_page(team)
    page.title = "2024-w25"
    page.save()
    live.compile_page(team, WEEK)
    assert stored(team).title == "2024-w25"


def test_an_older_compile_does_not_overwrite_a_newer_one(team: Team) -> None:
    announced(team, 0)
    WeeklyPage.objects.create(team=team, week=WEEK, document={"newer": 1}, compiled_revision=4)
    live.compile_page(team, WEEK)
    assert (stored(team).document, stored(team).compiled_revision) == ({"newer": 1}, 4)


# --- reading --------------------------------------------------------------------------------


def texts(page: WeeklyDocument | None) -> list[str]:
    assert page is not None
    return [entry.text for entry in page.entries]


def test_a_document_is_read_once_for_each_compile(
    team: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_entry(make_project(team), text="联调")
    announced(team, 0)
    live.compile_page(team, WEEK)
    with django_assert_num_queries(2):  # which compile it is, and its document
        assert texts(live.current_document(team, WEEK)) == ["联调"]
    with django_assert_num_queries(1):
        assert texts(live.current_document(team, WEEK)) == ["联调"]


def test_a_stale_page_is_never_shown(team: Team) -> None:
    make_entry(make_project(team), text="联调")
    live.compile_page(team, WEEK)
    StatusEntry.objects.update(text="上线")
    announced(team, 0)
    assert texts(live.current_document(team, WEEK)) == ["上线"]
    assert stored(team).compiled_revision == 3


def test_a_new_day_makes_the_present_page_stale(team: Team) -> None:
    project = make_project(team)
    make_entry(project)
    make_milestone(project, percent=10, due_on=NOW.date())
    today = live.current_document(team, WEEK)
    assert today is not None
    assert today.findings == ()
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        tomorrow = live.current_document(team, WEEK)
    assert tomorrow is not None
    assert [finding.code for finding in tomorrow.findings] == ["past_due_on_track"]


def test_a_page_of_the_past_does_not_grow_stale(team: Team) -> None:
    make_page(team)
    live.compile_page(team, WEEK)
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        live.compile_page(team, WEEK)
    with time_machine.travel(NOW + timedelta(days=99), tick=False):
        page = WeeklyPage.objects.with_facts().get()
        assert not page.is_stale


def test_a_document_of_another_version_is_compiled_again(team: Team) -> None:
    make_entry(make_project(team), text="联调")
    live.compile_page(team, WEEK)
    WeeklyPage.objects.update(document={"pages": "of old"})
    assert texts(live.current_document(team, WEEK)) == ["联调"]


def test_unknown_and_future_weeks_have_no_page(team: Team) -> None:
    """This week has one; a past week has one if anything is known of it, a coming week has none."""
    announced(team, 2, -1)
    assert live.current_document(team, WEEK) is not None
    assert live.current_document(team, WEEK - 2 * DAYS) is not None
    assert live.current_document(team, WEEK - DAYS) is None
    assert live.current_document(team, WEEK + DAYS) is None


# --- claims ---------------------------------------------------------------------------------


def test_page_is_claimed_once_in_a_burst_of_changes(team: Team) -> None:
    assert live.claim(team, [WEEK, WEEK - DAYS]) == [WEEK, WEEK - DAYS]
    assert live.claim(team, [WEEK]) == []
    assert live.claim(make_team("risk", "风控"), [WEEK]) == [WEEK]


def test_a_claim_of_a_lost_message_can_be_taken_again(team: Team) -> None:
    live.claim(team, [WEEK])
    with time_machine.travel(NOW + timedelta(seconds=61), tick=False):
        assert live.claim(team, [WEEK]) == [WEEK]


def test_weeks_to_come_are_not_claimed(team: Team) -> None:
    assert live.claim(team, [WEEK + DAYS]) == []
    assert not WeeklyPage.objects.exists()


def test_compiling_ends_the_claim_first(team: Team) -> None:
    live.claim(team, [WEEK])
    live.compile_claimed(team.pk, WEEK)
    assert (stored(team).queued_at, stored(team).compiled_at) == (None, NOW)
    assert live.claim(team, [WEEK]) == [WEEK]


def test_a_page_that_is_gone_is_not_compiled(team: Team) -> None:
    live.compile_claimed(team.pk, WEEK)
    live.compile_claimed(0, WEEK)
    assert not WeeklyPage.objects.exists()


# --- the sweep ------------------------------------------------------------------------------


@pytest.fixture
def later() -> Iterator[datetime]:
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield NOW + timedelta(minutes=5)


def test_sweep_compiles_pages_whose_message_was_lost(team: Team, later: datetime) -> None:
    announced(team, 0, 1, -1)
    assert live.sweep() == 2
    assert set(WeeklyPage.objects.values_list("week", "compiled_revision")) == {
        (WEEK, 3),
        (WEEK - DAYS, 3),
    }
    assert live.sweep() == 0


def test_sweep_leaves_claimed_pages(team: Team, later: datetime) -> None:
    announced(team, 0)
    live.claim(team, [WEEK])
    assert live.sweep() == 0
    with time_machine.travel(later + timedelta(seconds=61), tick=False):
        assert live.sweep() == 1


def test_the_sweep_finds_the_page_of_yesterday(team: Team) -> None:
    live.compile_page(team, WEEK)
    assert live.sweep() == 0
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert live.sweep() == 1
        assert live.sweep() == 0


def test_the_sweep_has_its_limit_and_starts_with_the_newest(team: Team, later: datetime) -> None:
    announced(team, *range(6))
    stale = live.stale_weeks(later, limit=2)
    assert len(stale) == 2
    assert stale[0][1] > stale[1][1]


def test_future_weeks_do_not_use_up_the_limit_of_the_sweep(team: Team) -> None:
    """On Sunday the teams' next weeks are near, changed long ago, and not to be compiled yet."""
    sunday = datetime(2024, 6, 23, 12, 0, tzinfo=UTC)
    for number in range(3):
        other = make_team(f"team{number}", "别的团队")
        WeekFacts.objects.create(team=other, week=WEEK + DAYS, changed_at=NOW - timedelta(days=1))
    WeekFacts.objects.create(team=team, week=WEEK, changed_at=NOW)
    with time_machine.travel(sunday, tick=False):
        assert live.stale_weeks(sunday, limit=2) == [(team, WEEK)]


def test_the_sweep_reads_no_documents(
    team: Team, later: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    live.compile_page(team, WEEK)
    with django_assert_num_queries(2) as asked:
        assert live.stale_weeks(later) == []
    assert not [query for query in asked.captured_queries if '"document"' in query["sql"]]


def test_a_day_that_begins_during_a_compile_makes_the_page_stale(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(datetime(2024, 6, 19, 15, 59, 59, tzinfo=UTC), tick=False) as clock:

        def load_till_midnight(team: Team, week: date, *, today: date) -> WeekRows:
            rows = load_week(team, week, today=today)
            clock.shift(timedelta(seconds=2))
            return rows

        monkeypatch.setattr(live, "load_week", load_till_midnight)
        live.compile_page(team, WEEK)
        assert WeeklyPage.objects.with_facts().get().is_stale


def test_one_page_that_cannot_be_compiled_does_not_stop_the_others(
    team: Team, later: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    announced(team, 0, 1)

    def fail_once(team: Team, week: date, *, today: date) -> WeekRows:
        if week == WEEK:
            raise RuntimeError("broken")
        return load_week(team, week, today=today)

    monkeypatch.setattr(live, "load_week", fail_once)
    assert live.sweep() == 2
    assert "cannot compile 2024-06-17 of pay" in caplog.text
    assert WeeklyPage.objects.get().week == WEEK - DAYS


def test_a_saved_fact_makes_its_page_stale(team: Team) -> None:
    live.compile_page(team, WEEK)
    assert not WeeklyPage.objects.with_facts().get().is_stale
    facts.announce(team, [WEEK])
    assert WeeklyPage.objects.with_facts().get().is_stale


def test_a_namesake_is_told_apart_on_the_draft_and_makes_no_published_page_changed(
    team: Team,
) -> None:
    lead, other = make_user("xu", "许澄", team), make_user("yan", "严冬", team)
    make_entry(make_project(team, lead=lead))
    facts.announce(team, [WEEK])
    edition = publish_week(team, WEEK, Publication(by=None))

    def lead_on_page() -> str:
        document = live.current_document(Team.objects.get(pk=team.pk), WEEK)
        assert document is not None
        return document.entries[0].lead

    assert lead_on_page() == "许澄"
    account.rename(other, "许 澄")
    assert lead_on_page() == "许澄 (xu)"
    assert not has_moved_on(edition)
    members.remove_member(other.memberships.get(), by=None)
    assert lead_on_page() == "许澄"
