"""The write path of a team's channels: each change in one transaction, each with its trace.

No trace, message or exception holds an address or a secret: at most that there is one now, or the
name of the environment variable that holds it.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from projects import audit
from projects.conflicts import Opened, merge
from projects.models import Team, User
from projects.text import names
from reports import channels
from reports.channels import addresses, cards, vault
from reports.models import Channel, Delivery

logger = logging.getLogger(__name__)

# Between two test messages to one channel: no vendor takes more than 20 messages a minute.
TEST_AGAIN_AFTER: Final = timedelta(seconds=10)


# What the form of a channel shows.
_SHOWN: Final = ("name", "address_env", "secret_env", "gets_digest", "gets_reminders")


class NameTaken(Exception):
    """The team has a channel of that name already."""


class TooSoon(Exception):
    """A test message was sent a moment ago."""


@dataclass(frozen=True, slots=True)
class WantedChannel:
    """What a channel is to be. An empty address or secret leaves the one that it has."""

    name: str
    address: str = field(default="", repr=False)
    address_env: str = ""
    secret: str = field(default="", repr=False)
    secret_env: str = ""
    forgets_secret: bool = False
    gets_digest: bool = True
    gets_reminders: bool = False


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel as a manager sees it."""

    channel: Channel
    place: str  # the host of its address, or the variable that holds it; empty when lost
    has_secret: bool
    fault: str  # why nothing can be posted to it, in words; empty when nothing is known against it
    last: Delivery | None  # the latest edition that was, or is to be, posted to it


def rows_of(team: Team) -> list[ChannelRow]:
    """The team's channels by name, in two queries."""
    latest = Delivery.objects.filter(channel=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    rows = list(Channel.objects.filter(team=team).annotate(last=Subquery(latest)))
    # The relations that a delivery's words need; not the edition's whole document.
    deliveries = Delivery.objects.in_bulk([row.last for row in rows if row.last])
    return [_row(channel, deliveries.get(channel.last)) for channel in rows]


def _row(channel: Channel, last: Delivery | None) -> ChannelRow:
    place, fault = channel.address_env, ""
    try:
        robot = channels.robot_of(channel)
        endpoint = addresses.parsed(robot.address, channel.kind, channels.allowed_hosts())
    except channels.Rejected as lost:
        fault = str(lost)
    except addresses.Forbidden as forbidden:
        fault = str(forbidden)
    else:
        place = place or endpoint.host
    return ChannelRow(channel, place, bool(channel.secret or channel.secret_env), fault, last)


@transaction.atomic
def add(team: Team, kind: str, wanted: WantedChannel, *, by: User | None) -> Channel:
    """A new channel. Raises ``NameTaken``."""
    channel = Channel(team=team, kind=kind)
    _take(channel, wanted)
    _save(channel)
    audit.note(team, "channel.create", channel, by=by, after={"kind": kind, **_traced(channel)})
    return channel


@transaction.atomic
def change(
    channel: Channel, wanted: WantedChannel, *, by: User | None, opened: Opened | None = None
) -> None:
    """Another name, address or secret, or other messages. Raises ``NameTaken``, ``EditConflict``.

    Addresses and secrets are never shown, so they are not compared: the later ones stay.
    """
    standing = Channel.objects.select_for_update().get(pk=channel.pk)
    before = _traced(standing)
    typed = {name: getattr(wanted, name) for name in _SHOWN}
    wanted = replace(
        wanted, **merge({name: getattr(standing, name) for name in _SHOWN}, typed, opened)
    )
    _take(standing, wanted)
    after = _traced(standing)
    after |= dict.fromkeys(
        (name for name in ("address", "secret") if getattr(wanted, name)), "replaced"
    )
    changed = {name for name in after if after[name] != before[name]}
    if not changed:
        return
    _save(standing)
    audit.note(
        standing.team,
        "channel.change",
        standing,
        by=by,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )


@transaction.atomic
def switch(channel: Channel, *, is_active: bool, by: User | None) -> None:
    """On or off. Off, it keeps all it has and gets nothing."""
    changed = Channel.objects.filter(pk=channel.pk).exclude(is_active=is_active)
    if changed.update(is_active=is_active):
        verb = "on" if is_active else "off"
        audit.note(channel.team, f"channel.switch_{verb}", channel, by=by)


@transaction.atomic
def remove(channel: Channel, *, by: User | None) -> None:
    """Its address and secret are gone for good; what was posted to it stays in the ledger."""
    audit.note(channel.team, "channel.remove", channel, by=by, before=_traced(channel))
    channel.delete()


def send_test(channel: Channel, *, by: User | None) -> str:
    """Post a test message and say what became of it, in words. Never in a transaction.

    A channel that is switched off gets it, too. Raises ``TooSoon``, and ``channels.Rejected`` or
    ``channels.Unreachable`` as ``channels.post`` does.
    """
    pause = TEST_AGAIN_AFTER.total_seconds()
    if not cache.add(f"channel-test-{channel.pk}", value=True, timeout=int(pause)):
        raise TooSoon
    outcome = "posted"
    try:
        channels.attempt(
            channel, cards.card_of_test(channel.team), idempotency_key=f"test-{uuid.uuid4().hex}"
        )
    except (channels.Rejected, channels.Unreachable) as failure:
        outcome = failure.why
        raise
    finally:
        audit.note(channel.team, "channel.test", channel, by=by, after={"outcome": str(outcome)})
    return _("The test message was taken: look into the chat.")


def rotate_keys() -> tuple[int, list[Channel]]:
    """Encrypt all that is kept with the key of today: how many, and the channels that are lost."""
    count, lost = 0, []
    for pk in list(Channel.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            channel = Channel.objects.select_for_update().get(pk=pk)
            try:
                channel.address = vault.resealed(channel.address)
                channel.secret = vault.resealed(channel.secret)
            except vault.KeyLost:
                lost.append(channel)
                continue
            channel.save(update_fields=["address", "secret"])
            count += 1
    return count, lost


def _take(channel: Channel, wanted: WantedChannel) -> None:
    """Fill in what is wanted. A variable takes the place of what is kept, and the reverse."""
    channel.name = wanted.name
    channel.gets_digest = wanted.gets_digest
    channel.gets_reminders = wanted.gets_reminders
    if wanted.address or wanted.address_env:
        channel.address = vault.seal(wanted.address)
    channel.address_env = wanted.address_env
    if wanted.secret or wanted.secret_env or wanted.forgets_secret:
        channel.secret = vault.seal(wanted.secret)
    channel.secret_env = wanted.secret_env


def _save(channel: Channel) -> None:
    others = Channel.objects.filter(team=Team.objects.locked().get(pk=channel.team_id))
    if names.namesake(others.exclude(pk=channel.pk), channel.name) is not None:
        raise NameTaken
    try:
        with transaction.atomic():
            channel.save()
    except IntegrityError:
        taken = Channel.objects.filter(team=channel.team_id, name=channel.name)
        if taken.exclude(pk=channel.pk).exists():
            raise NameTaken from None
        raise


def _traced(channel: Channel) -> dict[str, Any]:
    """What a trace may hold."""
    values: Mapping[str, str] = {
        "address": channel.address_env or ("kept" if channel.address else ""),
        "secret": channel.secret_env or ("kept" if channel.secret else ""),
    }
    return {
        "name": channel.name,
        "gets_digest": channel.gets_digest,
        "gets_reminders": channel.gets_reminders,
        **values,
    }
