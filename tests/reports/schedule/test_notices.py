"""What managers are told of the time to come: by mail at the cutoff, and on screens."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from projects.models import Cycle, Role, Team, User
from projects.objectives import cycles
from projects.objectives.cycles import Period
from projects.weeks import WEEK as ONE_WEEK
from reports.models import Reminder, ReminderKind, SendState
from reports.schedule import reminder_dispatch
from reports.schedule.notices import notices_of
from tests.factories import make_cycle, make_user
from tests.html import Page, texts
from tests.reports.schedule.clock import CUTOFF, at, tick, with_address

pytestmark = pytest.mark.django_db

H1, H2 = (date(2024, 1, 1), date(2024, 6, 30)), (date(2024, 7, 1), date(2024, 12, 31))


def kinds() -> list[tuple[str, date]]:
    """The mails of notices that were written, with their weeks."""
    rows = Reminder.objects.filter(kind__in=(ReminderKind.CYCLE, ReminderKind.CALENDAR))
    return list(rows.order_by("pk").values_list("kind", "week"))


def send(now: datetime) -> list[str]:
    mail.outbox.clear()
    with time_machine.travel(now, tick=False):
        reminder_dispatch.send_due(now=now)
    return [str(message.subject) for message in mail.outbox]


@pytest.mark.parametrize("weeks_before", [2, 1, 0])
def test_a_cycle_that_ends_is_told_of_in_two_weeks_at_most(
    team: Team, manager: User, weeks_before: int
) -> None:
    """The 30th of June is the Sunday after next: it is spoken of since this week's Monday."""
    make_cycle(team, "2024H1", *H1)
    Cycle.objects.update(ends_on=date(2024, 6, 21) + weeks_before * ONE_WEEK)
    tick(CUTOFF)
    tick(CUTOFF + timedelta(minutes=1))
    expected = {2: 1, 1: 0, 0: 1}[weeks_before]
    assert [kind for kind, _ in kinds()] == ["cycle"] * expected


def test_the_mail_names_the_day_and_leads_to_the_next_cycle(team: Team, manager: User) -> None:
    make_cycle(team, "2024H1", date(2024, 1, 1), date(2024, 7, 5))
    second = with_address(make_user("second", "周行", team, Role.MANAGER))
    tick(CUTOFF)
    subjects = [s for s in send(CUTOFF) if "2024H1" in s]
    assert subjects == ["周期 2024H1 将于 7月5日结束，还有 14 天，尚无下一个周期"] * 2
    assert {to for message in mail.outbox for to in message.to} >= {second.email}
    (message, *_) = [m for m in mail.outbox if "2024H1" in str(m.subject)]
    assert "新建周期 2024H2" in message.body
    assert "/t/pay/cycles/new/" in message.body


def test_nobody_is_told_once_there_is_a_next_cycle(team: Team, manager: User) -> None:
    make_cycle(team, "2024H1", date(2024, 1, 1), date(2024, 7, 5))
    tick(CUTOFF)
    cycles.create(team, Period("2024H2", date(2024, 7, 6), H2[1]), by=None)
    assert not [subject for subject in send(CUTOFF) if "2024H1" in subject]
    assert Reminder.objects.get(kind=ReminderKind.CYCLE).state == SendState.UNWANTED
    with time_machine.travel(CUTOFF, tick=False):
        assert not notices_of(team)


def test_a_year_without_a_plan_is_told_of_once(team: Team, manager: User) -> None:
    """2030 stands for the coming year: no version of the package knows its plan yet."""
    autumn = [datetime(2029, 11, day, 16, tzinfo=team.zone) for day in (16, 23, 30)]
    Team.objects.update(runs_from=autumn[0] - timedelta(days=6))
    for friday in autumn:
        tick(friday)
    assert kinds() == [("calendar", date(2029, 11, 12))]  # of 2029, which is missing by then
    Reminder.objects.all().delete()
    team.day_exceptions.create(day=date(2029, 5, 1), is_working=False)
    tick(datetime(2029, 12, 7, 16, tzinfo=team.zone))
    tick(datetime(2029, 12, 14, 16, tzinfo=team.zone))
    assert kinds() == [("calendar", date(2029, 12, 3))]
    (subject,) = send(datetime(2029, 12, 14, 16, 1, tzinfo=team.zone))
    assert subject == "2030 年放假安排尚未公布"
    assert "2月3日–2月5日 春节" in mail.outbox[0].body


def test_screens_say_that_a_cycle_ends_until_there_is_a_next_one(
    client: Client, team: Team, manager: User, lead: User
) -> None:
    make_cycle(team, "2024H1", *H1)

    def says(user: User, path: str, when: datetime) -> bool:
        client.force_login(user)
        with time_machine.travel(when, tick=False):
            return "2024H1" in _notices(client.get(f"/t/pay/{path}"))

    early, over = at(2, 10), at(14, 10)
    for path in ("", "objectives/"):
        assert says(manager, path, early), path
    assert says(lead, "objectives/", early)
    assert not says(lead, "", early)
    week = "weeks/2024-W27/draft/"
    for path in ("", "objectives/", "checkin/", week):
        assert says(manager, path, over), path
    for path in ("", "objectives/", "checkin/"):
        assert says(lead, path, over), path
    make_cycle(team, "2024H2", *H2)
    for path in ("", "objectives/", "checkin/", week):
        assert not says(manager, path, over), path


def _notices(page: Page) -> str:
    """What the notices of the page say, and the sentences of the block of attention."""
    return " ".join(texts(page, "p.notice, #dashboard_attention #todo-coming .what"))
