"""Group chats and webhooks: a short card with a link, posted to where a team keeps its channel."""

from __future__ import annotations

import logging

from django.conf import settings
from django.utils import timezone

from reports.channels import addresses, transport, vault
from reports.channels.cards import card_of_edition, card_of_waiting
from reports.models import Channel
from reports.vendors import vendor_of
from reports.vendors.message import (
    Card,
    NotPosted,
    Rejected,
    Robot,
    Unreachable,
    Why,
    redacted,
)

__all__ = [
    "Card",
    "Rejected",
    "Unreachable",
    "Why",
    "allowed_hosts",
    "attempt",
    "card_of_edition",
    "card_of_waiting",
    "post",
    "robot_of",
]

logger = logging.getLogger(__name__)


def post(channel: Channel, card: Card, *, idempotency_key: str) -> str:
    """Post the card; the id that the other side gave it, or nothing.

    Takes up to some 20 seconds, so never in a transaction. Raises ``Rejected`` (another attempt
    would fail as this one did) or ``Unreachable`` (later, after its ``wait`` at least). What they
    say is for people, in the active language, and free of address and secret.
    ``idempotency_key`` stays the same for all attempts at one delivery.
    """
    if not channel.is_active:
        raise Rejected(Why.SWITCHED_OFF)
    return attempt(channel, card, idempotency_key=idempotency_key)


def attempt(channel: Channel, card: Card, *, idempotency_key: str) -> str:
    """The same whether the channel is switched on or not."""
    robot = robot_of(channel)
    vendor = vendor_of(channel.kind)
    try:
        outgoing = vendor.outgoing(card, robot, timezone.now(), idempotency_key)
        answer = transport.send(outgoing, channel.kind, allowed_hosts())
        message_id = vendor.answered(answer)
    except NotPosted as failure:
        failure.detail = redacted(failure.detail, _secrets_of(robot))
        logger.warning("channel %s: not posted, %s", channel.pk, failure.why)
        raise
    return message_id


def robot_of(channel: Channel) -> Robot:
    """The channel's address and secret, decrypted or from the environment. Raises ``Rejected``."""
    try:
        address, secret = (
            vault.from_environment(variable) if variable else vault.unseal(sealed)
            for sealed, variable in (
                (channel.address, channel.address_env),
                (channel.secret, channel.secret_env),
            )
        )
    except vault.KeyLost:
        raise Rejected(Why.LOST_KEY) from None
    except vault.VariableUnset:
        raise Rejected(Why.UNSET_VARIABLE) from None
    return Robot(address, secret)


def allowed_hosts() -> addresses.Allowed:
    return addresses.Allowed(settings.CHANNEL_HOSTS_ALLOWED)


def _secrets_of(robot: Robot) -> list[str]:
    """All that might be repeated in an answer: the secret, and each part of the address."""
    return [robot.secret, *addresses.secret_parts(robot.address)]
