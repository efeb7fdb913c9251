"""One mail a working day tells of comments: whom, when, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from okrtracker.mail import outbox
from okrtracker.mail.models import SendState
from projects.comments import mails, writing
from projects.models import Comment, CommentMail, CommentNotice, DayException, Membership, User
from tests.conftest import Personas
from tests.factories import WEEK, make_comment, make_deputy, make_entry, make_user

pytestmark = pytest.mark.django_db
ZONE: Final = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """On that day of June 2024; the 17th is a Monday."""
    return datetime(2024, 6, day, hour, minute, tzinfo=ZONE)


@pytest.fixture
def team(personas: Personas) -> Personas:
    """Everybody can be reached, and the project has an entry."""
    for user in User.objects.all():
        user.email = f"{user.username}@example.com"
        user.save()
    make_entry(personas.project)
    return personas


def write(
    personas: Personas, text: str = "看一下", *, by: str = "viewer", when: datetime
) -> Comment:
    return writing.write(personas.project, WEEK, text, by=getattr(personas, by), at=when)


def run(now: datetime) -> list[str]:
    """Who gets a mail now, by address."""
    before = len(mail.outbox)
    with time_machine.travel(now, tick=False):
        mails.run(now)
    return sorted(message.to[0].partition("@")[0] for message in mail.outbox[before:])


def test_lead_and_mentioned_are_told_at_nine_on_the_next_working_day(team: Personas) -> None:
    write(team, "@林岚 看一下", when=at(18, 10))
    assert run(at(18, 10, 1)) == []
    assert run(at(19, 8, 59)) == []
    assert run(at(19, 9)) == ["lead", "manager"]
    assert run(at(19, 9, 1)) == []
    assert run(at(20, 9)) == []


def test_one_mail_tells_of_all_comments_of_a_day(team: Personas) -> None:
    write(team, "第一条", when=at(18, 10))
    write(team, "第二条", by="manager", when=at(18, 15))
    assert run(at(19, 9)) == ["lead"]
    assert "第一条" in mail.outbox[0].body
    assert "第二条" in mail.outbox[0].body


def test_comment_after_nine_waits_for_the_next_working_day(team: Personas) -> None:
    write(team, when=at(21, 9))  # a Friday
    assert run(at(21, 9)) == []
    assert run(at(22, 9)) == run(at(23, 9)) == []
    assert run(at(24, 9)) == ["lead"]


def test_holiday_is_no_day_for_mails_and_a_worked_saturday_is(team: Personas) -> None:
    DayException.objects.create(team=team.team, day=date(2024, 6, 21), is_working=False)
    DayException.objects.create(team=team.team, day=date(2024, 6, 22), is_working=True)
    write(team, when=at(20, 10))
    assert run(at(21, 9)) == []
    assert run(at(22, 9)) == ["lead"]


def test_nine_that_was_missed_is_made_up_for(team: Personas) -> None:
    write(team, when=at(18, 10))
    assert run(at(19, 14, 30)) == ["lead"]


def test_who_has_had_a_mail_today_waits_for_tomorrow(team: Personas) -> None:
    write(team, "早", when=at(18, 10))
    assert run(at(19, 9)) == ["lead"]
    late = write(team, "晚提交", when=at(18, 11))  # its transaction ended after nine
    assert CommentNotice.objects.get(comment=late).taken_at is None
    assert run(at(19, 9, 1)) == []
    assert run(at(20, 9)) == ["lead"]
    assert CommentMail.objects.count() == 2


def test_hour_is_that_of_the_team(team: Personas) -> None:
    team.team.time_zone = "America/New_York"
    team.team.save()
    write(team, when=at(18, 10))
    assert run(at(18, 20, 59)) == []
    assert run(at(18, 21)) == ["lead"]  # nine in New York


@pytest.mark.parametrize(
    "prepare",
    [
        lambda people: User.objects.filter(pk=people.lead.pk).update(email=""),
        lambda people: User.objects.filter(pk=people.lead.pk).update(is_active=False),
        lambda people: User.objects.filter(pk=people.lead.pk).update(gets_comment_mails=False),
        lambda people: Membership.objects.filter(user=people.lead).delete(),
        lambda people: writing.remove(Comment.objects.get(), by=people.viewer),
    ],
    ids=["without address", "deactivated", "disabled", "no member", "taken back"],
)
@pytest.mark.parametrize("moment", ["before it is prepared", "before it is sent"])
def test_who_is_not_to_be_told_is_left_out(
    team: Personas, prepare: Callable[[Any], object], moment: str
) -> None:
    write(team, when=at(18, 10))
    if moment == "before it is sent":
        mails.prepare(at(19, 9))
    prepare(team)
    assert run(at(19, 9)) == []
    assert not CommentNotice.objects.filter(taken_at=None).exists()
    states = set(CommentMail.objects.values_list("state", flat=True))
    assert states == ({SendState.UNWANTED} if moment == "before it is sent" else set())


def test_comment_in_what_became_history_tells_nobody(team: Personas) -> None:
    write(team, when=at(18, 10))
    team.team.starts_on = WEEK + timedelta(days=7)
    team.team.save()
    assert run(at(19, 9)) == []
    assert not CommentNotice.objects.filter(taken_at=None).exists()


def test_deputy_is_told_in_the_leads_place(team: Personas) -> None:
    rows = {row.user_id: row for row in Membership.objects.all()}
    make_deputy(rows[team.lead.pk], rows[team.other_lead.pk])
    write(team, when=at(18, 10))
    assert run(at(19, 9)) == ["other_lead"]
    assert "代 许澄" in mail.outbox[0].body


def test_deputy_is_not_told_of_their_own_comment(team: Personas) -> None:
    rows = {row.user_id: row for row in Membership.objects.all()}
    make_deputy(rows[team.lead.pk], rows[team.other_lead.pk])
    write(team, by="other_lead", when=at(18, 10))
    assert run(at(19, 9)) == []


def test_comment_that_concerns_the_reader_twice_stands_there_once(team: Personas) -> None:
    rows = {row.user_id: row for row in Membership.objects.all()}
    make_deputy(rows[team.lead.pk], rows[team.other_lead.pk])
    write(team, "@陈默 看一下", when=at(18, 10))
    assert run(at(19, 9)) == ["other_lead"]
    assert mail.outbox[0].body.count("看一下") == 1
    assert mail.outbox[0].subject == "1 条新评论：贝易转"


def test_worker_that_dies_before_sending_leaves_the_mail_to_the_next(team: Personas) -> None:
    write(team, when=at(18, 10))
    mails.prepare(at(19, 9))
    (claimed,) = outbox.claim_mails(CommentMail.objects.all(), at(19, 9))
    assert run(at(19, 9, 1)) == []
    assert run(at(19, 9) + outbox.lease()) == ["lead"]
    assert mail.outbox[0].extra_headers["Message-ID"] == claimed.message_id


def test_error_in_one_team_keeps_no_other_from_its_mails(
    team: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_user("solo", team=team.outsider.memberships.get().team)
    broken = other.memberships.get().team
    take = mails._take

    def fail(of_team: Any, *args: Any) -> int:
        if of_team == broken:
            raise RuntimeError("broken")
        return take(of_team, *args)

    monkeypatch.setattr(mails, "_take", fail)
    write(team, when=at(18, 10))
    comment = make_comment(team.project, team.viewer, at=at(18, 10))
    CommentNotice.objects.create(team=broken, comment=comment, user=other)
    assert run(at(19, 9)) == ["lead"]


def test_number_of_queries_does_not_grow_with_comments_and_readers(team: Personas) -> None:
    counts = []
    for day, size in ((18, 2), (19, 12)):
        for number in range(size):
            user = make_user(f"u{day}-{number}", f"甲{day}{number}", team.team)
            User.objects.filter(pk=user.pk).update(email=f"u{day}{number}@example.com")
            write(team, f"@{user.username} 第{number}条", when=at(day, 10))
        with CaptureQueriesContext(connection) as asked:
            assert mails.prepare(at(day + 1, 9)) == size + 1
        counts.append(len(asked))
        assert len(run(at(day + 1, 9))) == size + 1
    assert counts[0] == counts[1]


def test_minute_in_which_nothing_is_due_asks_once(team: Personas) -> None:
    with CaptureQueriesContext(connection) as asked:
        mails.prepare(at(19, 9))
    assert len(asked) == 1
