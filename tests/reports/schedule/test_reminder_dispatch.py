"""Reminders to a group chat: what becomes of one that its robot does not take."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings

from reports.models import Channel, Reminder, SendState
from reports.schedule import reminder_dispatch
from tests.factories import NOW, WEEK, make_channel, make_project, make_team, make_user
from tests.reports.channels.servers import Say, server, status
from tests.reports.vendors.examples import TOKEN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def reminded(settings: LazySettings, say: Say) -> Reminder:
    """The one reminder, to a DingTalk group, after the server has said that."""
    settings.CHANNEL_HOSTS_ALLOWED = ["127.0.0.1"]
    team = make_team()
    make_project(team, lead=make_user("xu", "许澄", team))
    with server(say) as heard:
        address = f"http://127.0.0.1:{heard.port}/robot/send?access_token={TOKEN}"
        channel = make_channel(team, "dingtalk", address=address, gets_reminders=True)
        Reminder.objects.create(team=team, week=WEEK, channel=channel, requested_at=NOW)
        reminder_dispatch.send_due(now=NOW)
        assert len(heard.requests) == 1
        assert "许澄" in heard.requests[0].decode()
    return Reminder.objects.get()


def test_reminder_is_posted_to_a_chat(settings: LazySettings) -> None:
    reminder = reminded(settings, status("200 OK", body=b'{"errcode":0}'))
    assert reminder.state == SendState.SENT


def test_a_robot_that_is_closed_for_ten_minutes_is_left_alone_for_as_long(
    settings: LazySettings,
) -> None:
    """Another attempt before that closes it for longer."""
    reminder = reminded(settings, status("200 OK", body=b'{"errcode":130101}'))
    assert (reminder.state, reminder.attempts) == (SendState.PENDING, 1)
    assert reminder.claimed_until is not None
    assert timedelta(minutes=10) <= reminder.claimed_until - NOW < timedelta(minutes=11)


def test_rejected_reminder_fails_for_good(settings: LazySettings) -> None:
    body = f'{{"errcode":300001,"errmsg":"token {TOKEN} is not exist"}}'.encode()
    reminder = reminded(settings, status("200 OK", body=body))
    assert (reminder.state, reminder.attempts) == (SendState.FAILED, 1)
    assert reminder.error
    assert TOKEN not in reminder.error


@pytest.mark.parametrize("off", ["is_active", "gets_reminders"])
def test_nothing_is_posted_where_reminders_were_switched_off_meanwhile(off: str) -> None:
    team = make_team()
    make_project(team, lead=make_user("xu", "许澄", team))
    channel = make_channel(team, "dingtalk", gets_reminders=True)
    Reminder.objects.create(team=team, week=WEEK, channel=channel, requested_at=NOW)
    Channel.objects.update(**{off: False})
    reminder_dispatch.send_due(now=NOW)
    assert Reminder.objects.get().state == SendState.UNWANTED
