"""Sends reminders: one mail, or one message to a group chat, for each.

What is no longer needed when its turn comes is not sent, and stays written down as unwanted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from typing import Final

from django.utils import timezone

from okrtracker.mail import sender
from okrtracker.mail.message import Message
from okrtracker.mail.mime import Mail
from okrtracker.mail.outbox import Unwanted
from projects.models import Project, Question, Team
from projects.teams import cutoffs
from reports import channels
from reports.channels import Card, posting
from reports.models import Channel, Reminder, ReminderKind
from reports.pages import backlog, catching_up, editions
from reports.render.mail import notices as notice_words
from reports.render.mail import reminders as words
from reports.schedule import answers, reminders
from reports.schedule.answers import Owing
from reports.schedule.duties import duties_of
from reports.schedule.notices import Notices, notices_of
from reports.weekly.needs import Behind, Course, Duties

# What one call sends at most. The next tick sends the rest.
LIMIT: Final = 100


def send_due(team_id: int | None = None, now: datetime | None = None) -> int:
    """Send the reminders that are due, of one team or of all; how many were settled."""
    now = now or timezone.now()
    rows = Reminder.objects.select_related("team", "user", "requested_by", "channel")
    if team_id is not None:
        rows = rows.filter(team_id=team_id)
    posted = posting.post_due(rows.exclude(channel=None), _carder(now), now, LIMIT)
    return posted + sender.send_due(rows.filter(channel=None), partial(_writer, now), now, LIMIT)


@dataclass(eq=False)
class _Week:
    """What reminders of one week ask about, read once for all of them when first asked for."""

    team: Team
    week: date
    now: datetime

    @cached_property
    def waiting(self) -> list[Project]:
        return reminders.waiting(self.team, self.week)

    @cached_property
    def able(self) -> set[int]:
        """Leads who can report."""
        return set(reminders.who_can_report(self.team).values_list("pk", flat=True))

    @cached_property
    def managers(self) -> set[int]:
        return {user.pk for user in reminders.managers_of(self.team)}

    @cached_property
    def cutoff(self) -> datetime | None:
        return cutoffs.cutoff_of(self.team, self.week).at

    @cached_property
    def is_published(self) -> bool:
        return editions.latest(self.team, self.week) is not None

    @cached_property
    def notices(self) -> Notices:
        return notices_of(self.team)

    @cached_property
    def behind(self) -> Behind | None:
        return catching_up.behind(self.team, self.week)

    @cached_property
    def duties(self) -> Duties:
        return duties_of(self.team, self.week)

    @cached_property
    def owing(self) -> dict[int, Owing]:
        """Who owes answers, by user."""
        return {row.person.pk: row for row in answers.owing(self.team, self.now)}

    def questions_of(self, reminder: Reminder) -> tuple[Question, ...]:
        """What the reader has to answer. Raises ``Unwanted`` when all is answered."""
        own = self.owing.get(reminder.user_id or 0)
        if own is None:
            raise Unwanted
        return own.questions

    def is_over(self, reminder: Reminder) -> bool:
        """Whether it is too late to ask for that update: no lead can report on a week that is over,
        and after the cutoff only the manager's own request is passed on.
        """
        if self.week != self.team.this_week():
            return True
        return bool(reminder.round) and self.cutoff is not None and self.cutoff <= self.now


def _weeks(now: datetime) -> Callable[[Reminder], _Week]:
    known_weeks: dict[tuple[int, date], _Week] = {}

    def week_of(reminder: Reminder) -> _Week:
        key = reminder.team_id, reminder.week
        return known_weeks.setdefault(key, _Week(reminder.team, reminder.week, now))

    return week_of


def _writer(now: datetime, _claimed: Sequence[Reminder]) -> sender.Write[Reminder]:
    week_of = _weeks(now)

    def write(reminder: Reminder) -> Message:
        user, asked_by = reminder.user, reminder.requested_by
        if user is None or not reminders.is_reachable(user):
            raise Unwanted
        return Message(
            _mail(reminder, week_of(reminder)),
            to=user.email,
            name=user.name,
            message_id=reminder.message_id,
            reply_to=asked_by.email if asked_by else "",
        )

    return write


def _mail(reminder: Reminder, week: _Week) -> Mail:
    """Raises ``Unwanted`` when nobody needs it any more."""
    if reminder.kind == ReminderKind.CHECK_IN:
        return _mail_to_lead(reminder, week)
    if reminder.kind == ReminderKind.ANSWER:
        return words.of_questions(reminder, week.questions_of(reminder))
    if reminder.user_id not in week.managers:
        raise Unwanted
    return _mail_to_manager(reminder, week)


def _mail_to_manager(reminder: Reminder, week: _Week) -> Mail:
    if reminder.kind in (ReminderKind.CYCLE, ReminderKind.CALENDAR):
        return _mail_of_what_is_lacking(reminder, week.notices)
    if reminder.kind == ReminderKind.CHANGED:
        return _mail_of_changes(reminder, week)
    if reminder.kind == ReminderKind.BACKLOG:
        return _mail_of_backlog(reminder)
    if week.is_published:
        raise Unwanted
    if reminder.kind == ReminderKind.PUBLISH:
        return words.to_publish(reminder, week.duties)
    if not week.duties:
        raise Unwanted
    return words.to_review(reminder, week.duties)


def _mail_of_what_is_lacking(reminder: Reminder, notices: Notices) -> Mail:
    end, year = notices.cycle_end, notices.unplanned_year
    if reminder.kind == ReminderKind.CYCLE and end is not None:
        return notice_words.of_cycle(reminder, end)
    if reminder.kind == ReminderKind.CALENDAR and year is not None:
        return notice_words.of_calendar(reminder, year)
    raise Unwanted


def _mail_of_changes(reminder: Reminder, week: _Week) -> Mail:
    if week.behind is None or week.behind.course not in (Course.FOLLOWS, Course.HELD):
        raise Unwanted
    return words.of_changes(reminder, week.behind)


def _mail_of_backlog(reminder: Reminder) -> Mail:
    pages = backlog.waiting(reminder.team).filter(week__lte=reminder.week)
    waiting = list(pages.values_list("week", flat=True))
    if len(waiting) < 2:
        raise Unwanted
    return words.of_backlog(reminder, waiting)


def _mail_to_lead(reminder: Reminder, week: _Week) -> Mail:
    projects = [
        project
        for project in week.waiting
        if reminders.asked_for(project) == reminder.user and project.lead_id in week.able
    ]
    if not projects or week.is_over(reminder):
        raise Unwanted
    is_to_come = week.cutoff is not None and week.cutoff > week.now
    return words.to_lead(reminder, projects, week.cutoff if is_to_come else None)


def _carder(now: datetime) -> Callable[[Reminder], tuple[Channel, Card]]:
    week_of = _weeks(now)

    def card_of(reminder: Reminder) -> tuple[Channel, Card]:
        channel, week = reminder.channel, week_of(reminder)
        is_on = channel is not None and channel.is_active and channel.gets_reminders
        if channel is None or not is_on or week.is_over(reminder) or not week.waiting:
            raise Unwanted
        return channel, channels.card_of_waiting(week.team, week.week, week.waiting)

    return card_of
