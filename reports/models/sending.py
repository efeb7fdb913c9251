"""What mails and chat messages have in common: each is claimed, sent and marked."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models import TeamOwned


class SendState(models.TextChoices):
    PENDING = "pending", _("pending")
    CLAIMED = "claimed", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    # The recipient unsubscribed or left after it was written down: nobody was written to.
    UNWANTED = "unwanted", _("not wanted")


class SendingQuerySet[Row: "Sending"](models.QuerySet[Row]):
    def due(self, now: datetime) -> Self:
        """Those that somebody may send now: not sent, and held by nobody until later."""
        waits = Q(state__in=(SendState.PENDING, SendState.CLAIMED))
        return self.filter(waits, Q(claimed_until=None) | Q(claimed_until__lte=now))


class Sending(TeamOwned):
    """One message to one recipient.

    It is claimed by a conditional update until ``claimed_until``, so that of several workers one
    sends it; when that worker dies, it is due again then. A failure that may pass leaves it
    pending and not due before ``claimed_until``; any other is kept as failed, with the reason.
    ``message_id`` is that of the mail (fixed before it is sent), or what a chat answered.
    """

    state = models.CharField(
        _("state"), max_length=10, choices=SendState, default=SendState.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=40, blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    error = models.TextField(_("error"), blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        abstract = True
