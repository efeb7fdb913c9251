"""The demo team's mail of before: who is asked and gets the digest, and what did not arrive.

Everything is written down as if it had been sent, and nothing is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from okrtracker.mail.models import OutboxRow
from projects.models import Role, User
from projects.teams import invitations
from projects.teams.invitations import Guest
from reports.channels import setup
from reports.channels.setup import WantedChannel
from reports.demo.cast import CastFailure, CastSubscriber, Events
from reports.demo.clock import DemoClock
from reports.demo.traces import Act
from reports.digest import deliveries, dispatch, recipients, subscribers
from reports.models import Channel, Delivery, Digest, Edition, SendState, Subscriber
from reports.pages import editions

_A_MINUTE: Final = timedelta(minutes=1)
# When the manager has what failed sent again: the same evening, or after the last attempt.
_AGAIN_SOON: Final = timedelta(minutes=40)
_AGAIN_LATER: Final = timedelta(hours=15)


@dataclass(frozen=True, slots=True)
class Post:
    clock: DemoClock
    events: Events
    manager: User

    def acts(self) -> Iterator[tuple[datetime, Act]]:
        for subscriber in self.events.subscribers:
            yield self.clock.at(subscriber.ago, 0.3), self._asking(subscriber)
            if subscriber.answers:
                yield self.clock.at(subscriber.ago, 0.5), self._confirming(subscriber)
            if subscriber.leaves is not None:
                yield self.clock.at(subscriber.leaves, 0.1), self._leaving(subscriber)
        yield self.clock.at(1, 0.55), self._inviting(self.events.guest)
        yield self.clock.at(self.events.channel.on, 0.2), self._set_up_channel
        yield self.clock.at(self.events.channel.off, 0.2), self._switch_channel_off

    def send(self, week: date, *, due_at: datetime, at: datetime) -> Edition:
        """Send the digest of the week's latest edition, at that moment."""
        edition = editions.latest(self.clock.team, week)
        if edition is None:
            raise LookupError(week)
        digests = Digest.objects.filter(edition=edition)
        digests.update(due_at=due_at, prepared_at=at)
        failures = {failure.email: failure for failure in self._failures(week)}
        rows = dispatch.recipients_now(edition)
        for number, row in enumerate(rows):
            row.message_id = f"<demo-{edition.pk}-{number}@demo.example>"
            self._settle(row, failures.get(row.recipient), at)
        Delivery.objects.bulk_create(rows)
        return edition

    def retries(self, sent_at: datetime, week: date) -> Iterator[tuple[datetime, Act]]:
        """What failed of the week's digest is sent again, where the manager wants it."""
        for failure in self._failures(week):
            if failure.is_resent:
                wait = _AGAIN_SOON if failure.attempts == 1 else _AGAIN_LATER
                yield sent_at + wait, self._resending(failure, week)

    def _failures(self, week: date) -> Sequence[CastFailure]:
        clock = self.clock
        return [failure for failure in self.events.failures if clock.week(failure.ago) == week]

    def _settle(self, row: Delivery, failure: CastFailure | None, at: datetime) -> None:
        if failure is None:
            sent_at = min(at + timedelta(seconds=5), self.clock.now)
            row.state, row.attempts, row.sent_at = SendState.SENT, 1, sent_at
        else:
            row.state, row.attempts, row.error = SendState.FAILED, failure.attempts, failure.error

    def _resending(self, failure: CastFailure, week: date) -> Act:
        def act(at: datetime) -> None:
            rows = Delivery.objects.filter(edition__page__week=week, recipient=failure.email)
            row = rows.filter(team=self.clock.team).select_related("edition").latest("pk")
            deliveries.resend(row.edition, by=self.manager, chosen=[row.pk])
            row.refresh_from_db()
            outcome = None if failure.arrives else failure
            self._settle(row, outcome, at)
            row.save()

        return act

    def _asking(self, subscriber: CastSubscriber) -> Act:
        guests = [Guest(subscriber.email, subscriber.name)]

        def act(at: datetime) -> None:
            team, language = self.clock.team, subscriber.language
            (asked,) = subscribers.add(team, guests, language, by=self.manager, now=at)
            _mark_sent(asked, at)

        return act

    def _confirming(self, subscriber: CastSubscriber) -> Act:
        return lambda at: subscribers.confirm(subscribers.token_of(self._row(subscriber)), now=at)

    def _leaving(self, subscriber: CastSubscriber) -> Act:
        def act(at: datetime) -> None:
            reader = recipients.reader_of(self._row(subscriber))
            recipients.unsubscribe(recipients.token_of(reader), now=at)

        return act

    def _set_up_channel(self, at: datetime) -> None:
        cast_channel = self.events.channel
        wanted = WantedChannel(name=cast_channel.name, address=cast_channel.address)
        channel = setup.add(self.clock.team, cast_channel.kind, wanted, by=self.manager)
        channel.created_at = at
        channel.save(update_fields=["created_at"])

    def _switch_channel_off(self, _at: datetime) -> None:
        channel = Channel.objects.get(team=self.clock.team)
        setup.switch(channel, is_active=False, by=self.manager)

    def _row(self, subscriber: CastSubscriber) -> Subscriber:
        return Subscriber.objects.get(team=self.clock.team, email=subscriber.email)

    def _inviting(self, guest: tuple[str, str]) -> Act:
        guests = [Guest(guest[1], guest[0])]

        def act(at: datetime) -> None:
            (invitation,) = invitations.invite(
                self.clock.team, guests, Role.LEAD, by=self.manager, now=at
            )
            _mark_sent(invitation, at)

        return act


def _mark_sent(row: OutboxRow, at: datetime) -> None:
    row.state, row.attempts, row.sent_at = SendState.SENT, 1, at + _A_MINUTE
    row.save(update_fields=["state", "attempts", "sent_at"])
