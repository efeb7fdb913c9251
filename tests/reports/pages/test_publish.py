"""Publishing: one edition however many press the button, and when it is sent."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from projects import facts
from projects.models import (
    AuditRecord,
    DayException,
    DigestTime,
    IdleWeek,
    PlannedItem,
    Team,
    WeekFacts,
)
from projects.weeks import WEEK as ONE_WEEK
from reports.models import Digest, Edition, WeeklyPage
from reports.pages import editions, live, publish
from reports.weekly import changes, document
from tests.factories import (
    NOW,
    WEEK,
    make_cycle,
    make_entry,
    make_milestone,
    make_objective,
    make_page,
    make_project,
    make_section,
    make_team,
    make_user,
)
from tests.reports.weekly.builders import QUERIES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY_AT_SIX = datetime(2024, 6, 21, 18, tzinfo=SHANGHAI)


@pytest.fixture
def team() -> Team:
    team = make_team()
    make_entry(make_project(team, "农行存管"), text="联调", percent=85)
    return team


def change_something(team: Team, text: str = "联调完成") -> None:
    team.projects.get(name="农行存管").entries.update(text=text)
    facts.announce(team, [WEEK])


# --- editions -------------------------------------------------------------------------------


def test_an_edition_is_the_page_of_this_moment(team: Team) -> None:
    manager = make_user("manager", "林岚")
    edition = publish.publish_week(team, WEEK, publish.Publication(by=manager))
    assert (edition.number, edition.publisher, edition.published_at) == (1, "林岚", NOW)
    (entry,) = editions.document_of(edition).entries
    assert (entry.project, entry.text) == ("农行存管", "联调")
    stored = Edition.objects.get()
    assert stored.sha256 == editions.hash_of(document.load(stored.document))
    record = AuditRecord.objects.get(action="edition.publish")
    assert (record.by, record.after["edition"]) == (manager, 1)


def test_correction_is_the_next_edition_with_its_changes(team: Team) -> None:
    publish.publish_week(team, WEEK, publish.Publication(by=None))
    change_something(team)
    second = publish.publish_week(team, WEEK, publish.Publication(by=None, note=" 写错了 "))
    assert (second.number, second.publisher, second.note) == (2, "", "写错了")
    (change,) = changes.load(Edition.objects.get(number=2).changes)
    assert (change.name, change.field, change.old, change.new) == (
        *("农行存管", "text"),
        *("联调", "联调完成"),
    )
    first = Edition.objects.get(number=1)
    assert editions.document_of(first).entries[0].text == "联调"


def test_first_edition_has_no_changes_and_no_note(team: Team) -> None:
    edition = publish.publish_week(team, WEEK, publish.Publication(by=None, note="没有什么可更正"))
    assert (edition.note, edition.changes) == ("", [])


def test_the_same_page_is_not_published_twice(team: Team) -> None:
    first = publish.publish_week(team, WEEK, publish.Publication(by=None))
    facts.announce(team, [WEEK])  # compiled again, and the same
    with pytest.raises(publish.NothingChanged) as answer:
        publish.publish_week(team, WEEK, publish.Publication(by=None))
    assert answer.value.edition == first
    assert AuditRecord.objects.filter(action="edition.publish").count() == 1


def test_document_without_row_keys_counts_as_unchanged(team: Team) -> None:
    page = make_page(team)
    make_section(page, body="周五聚餐")
    facts.announce(team, [WEEK])
    compiled = live.compile_page(team, WEEK)
    old = json.loads(re.sub(r'"section_id": ?[0-9]+, ', "", json.dumps(document.dump(compiled))))
    assert document.load(old) != compiled
    edition = Edition.objects.create(
        team=team, page=page, number=1, document=old, sha256="of another version"
    )
    assert not publish.has_moved_on(edition)
    with pytest.raises(publish.NothingChanged):
        publish.publish_week(team, WEEK, publish.Publication(by=None))


def test_page_of_the_past_is_unchanged_a_day_later(team: Team) -> None:
    project = make_project(team, "POS")
    make_milestone(project, due_on=WEEK, percent=40)
    make_entry(project, text="提测", percent=40)
    with time_machine.travel(FRIDAY_AT_SIX, tick=False):
        publish.publish_week(team, WEEK, publish.Publication(by=None))
    for days in (3, 30):
        later = time_machine.travel(FRIDAY_AT_SIX + timedelta(days=days), tick=False)
        with later, pytest.raises(publish.NothingChanged):
            publish.publish_week(team, WEEK, publish.Publication(by=None))


def test_publisher_who_saw_another_edition_is_refused(team: Team) -> None:
    first = publish.publish_week(team, WEEK, publish.Publication(by=None, expected=0))
    change_something(team)
    with pytest.raises(publish.Outdated) as answer:
        publish.publish_week(team, WEEK, publish.Publication(by=None, expected=0))
    assert answer.value.edition == first
    assert publish.publish_week(team, WEEK, publish.Publication(by=None, expected=1)).number == 2


def test_unknown_and_future_weeks_cannot_be_published(team: Team) -> None:
    for week in (WEEK + ONE_WEEK, WEEK - 30 * ONE_WEEK):
        with pytest.raises(publish.NothingToPublish):
            publish.publish_week(team, week, publish.Publication(by=None))
    assert not WeeklyPage.objects.exists()


def test_team_without_facts_can_publish_its_week() -> None:
    team = make_team("new")
    WeekFacts.objects.filter(team=team).delete()
    assert publish.publish_week(team, WEEK, publish.Publication(by=None)).number == 1


def test_has_moved_on(team: Team, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    edition = publish.publish_week(team, WEEK, publish.Publication(by=None))
    assert not publish.has_moved_on(edition)
    with django_assert_num_queries(1):
        publish.has_moved_on(edition)
    facts.announce(team, [WEEK])
    assert not publish.has_moved_on(edition)  # facts changed, but not the page
    change_something(team)
    assert publish.has_moved_on(edition)


def test_the_number_of_queries_does_not_grow(
    team: Team, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    publish.publish_week(team, WEEK, publish.Publication(by=None))
    objective = make_objective(make_cycle(team))
    for number in range(30):
        make_entry(make_project(team, f"项目{number}", objective), percent=number)
    facts.announce(team, [WEEK])
    with django_assert_max_num_queries(QUERIES + 17):
        publish.publish_week(team, WEEK, publish.Publication(by=None))


# --- the digest -----------------------------------------------------------------------------


def due_at() -> list[datetime]:
    return list(Digest.objects.values_list("due_at", flat=True))


def test_a_first_edition_is_sent_at_the_digests_time(team: Team) -> None:
    edition = publish.publish_week(team, WEEK, publish.Publication(by=None))
    assert due_at() == [FRIDAY_AT_SIX]
    assert Digest.objects.get().edition == edition


def test_first_edition_is_sent_at_once_after_the_digests_time(team: Team) -> None:
    with time_machine.travel(FRIDAY_AT_SIX + timedelta(hours=2), tick=False):
        publish.publish_week(team, WEEK, publish.Publication(by=None))
    assert due_at() == [FRIDAY_AT_SIX + timedelta(hours=2)]


def test_first_edition_is_sent_at_once_if_the_team_wants_it(team: Team) -> None:
    team.digest_when = DigestTime.PUBLISHED
    publish.publish_week(team, WEEK, publish.Publication(by=None))
    assert due_at() == [NOW]


def test_first_edition_is_not_sent_if_the_publisher_decides_so(team: Team) -> None:
    publish.publish_week(team, WEEK, publish.Publication(by=None, mails=False))
    assert due_at() == []


def test_correction_replaces_a_digest_that_was_not_sent(team: Team) -> None:
    publish.publish_week(team, WEEK, publish.Publication(by=None))
    change_something(team)
    second = publish.publish_week(team, WEEK, publish.Publication(by=None, mails=False))
    assert due_at() == [FRIDAY_AT_SIX]
    assert Digest.objects.get().edition == second


@pytest.mark.parametrize(("mails", "sent"), [(None, 1), (False, 1), (True, 2)])
def test_correction_of_a_sent_digest_is_sent_only_if_wanted(
    team: Team, mails: bool | None, sent: int
) -> None:
    publish.publish_week(team, WEEK, publish.Publication(by=None))
    Digest.objects.update(prepared_at=timezone.now())
    change_something(team)
    publish.publish_week(team, WEEK, publish.Publication(by=None, mails=mails))
    assert len(due_at()) == sent
    if sent == 2:
        assert Digest.objects.get(prepared_at=None).due_at == NOW


@pytest.mark.parametrize(("weeks", "mails", "sent"), [(1, None, 1), (2, None, 0), (2, True, 1)])
def test_old_page_is_sent_only_if_wanted(
    team: Team, weeks: int, mails: bool | None, sent: int
) -> None:
    week = WEEK - weeks * ONE_WEEK
    PlannedItem.objects.create(team=team, week=week, text="提测")
    facts.announce(team, [week])
    publish.publish_week(team, week, publish.Publication(by=None, mails=mails))
    assert len(due_at()) == sent


# --- several at once ------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_several_publishers_at_once_make_one_edition(team: Team) -> None:
    """Two tabs, a command and the schedule: each has seen no edition yet."""
    publishers = 4
    start = Barrier(publishers)

    def press(number: int) -> str:
        try:
            start.wait(timeout=20)
            publish.publish_week(
                team, WEEK, publish.Publication(by=None, expected=0 if number % 2 else None)
            )
        except (publish.Outdated, publish.NothingChanged) as answer:
            return type(answer).__name__
        else:
            return "published"
        finally:
            connection.close()

    with ThreadPoolExecutor(publishers) as pool:
        answers = sorted(pool.map(press, range(publishers)))
    assert answers.count("published") == 1
    assert Edition.objects.count() == Digest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_entry_saved_during_publishing_is_on_the_edition_or_marks_it_as_outdated(
    team: Team,
) -> None:
    start = Barrier(2)

    def save() -> None:
        try:
            start.wait(timeout=20)
            change_something(team)
        finally:
            connection.close()

    def press() -> Edition:
        try:
            start.wait(timeout=20)
            return publish.publish_week(team, WEEK, publish.Publication(by=None))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        saved, pressed = pool.submit(save), pool.submit(press)
        saved.result()
        edition = pressed.result()
    is_on_it = editions.document_of(edition).entries[0].text == "联调完成"
    assert is_on_it != publish.has_moved_on(edition)


# --- weeks without a working day, corrections -----------------------------------------------


def close_week(team: Team, week: date) -> None:
    days = (week + timedelta(days=day) for day in range(7))
    DayException.objects.bulk_create(
        DayException(team=team, day=day, is_working=False) for day in days
    )


def joined(team: Team) -> list[str]:
    return [
        line.label
        for line in editions.imprint_of(
            publish.publish_week(team, WEEK, publish.Publication(by=None, mails=False))
        ).joined
    ]


@pytest.fixture
def merging(team: Team) -> Team:
    """Both weeks before this one are idle; in the later of them somebody reported."""
    team.idle_week = IdleWeek.MERGE
    team.save()
    for ago in (1, 2):
        close_week(team, WEEK - ago * ONE_WEEK)
    make_entry(team.projects.get(), WEEK - ONE_WEEK, text="假期值班")
    facts.announce(team, [WEEK - ONE_WEEK])
    return team


def test_edition_names_the_idle_weeks_published_with_it(merging: Team) -> None:
    assert joined(merging) == ["2024-W24"]
    assert Edition.objects.get().joined == ["2024-06-10"]


def test_skipped_idle_weeks_are_not_published_with_it(merging: Team) -> None:
    merging.idle_week = IdleWeek.SKIP
    merging.save()
    assert joined(merging) == []


def test_week_with_a_working_day_is_published_alone(merging: Team) -> None:
    DayException.objects.filter(day__lt=WEEK).delete()
    assert joined(merging) == []


def test_only_an_edition_after_a_mail_is_mailed_as_a_correction(team: Team) -> None:
    first = publish.publish_week(team, WEEK, publish.Publication(by=None))
    change_something(team)
    second = publish.publish_week(team, WEEK, publish.Publication(by=None))
    Digest.objects.update(prepared_at=NOW)
    change_something(team, "联调结束")
    third = publish.publish_week(team, WEEK, publish.Publication(by=None))
    assert [edition.follows_mail for edition in (first, second, third)] == [False, False, True]
