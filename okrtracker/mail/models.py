"""What all that is sent has in common, mails and chat messages alike."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SendState(models.TextChoices):
    PENDING = "pending", _("pending")
    CLAIMED = "claimed", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    # The recipient unsubscribed or left after it was written down: nobody was written to.
    UNWANTED = "unwanted", _("not wanted")


class OutboxQuerySet[Row: "OutboxRow"](models.QuerySet[Row]):
    def due(self, now: datetime) -> Self:
        """Those that a worker may claim now: not sent, and held by no worker until later."""
        unsent = Q(state__in=(SendState.PENDING, SendState.CLAIMED))
        return self.filter(unsent, Q(claimed_until=None) | Q(claimed_until__lte=now))

    def requeue(self) -> int:
        """Have these sent again, with all attempts before them; how many they are."""
        return self.update(
            state=SendState.PENDING, attempts=0, claimed_until=None, claimed_by="", error=""
        )


class OutboxRow(models.Model):
    """One message to one recipient.

    A worker claims it by a conditional update until ``claimed_until``, so that of several workers
    one sends it; when that worker dies, it is due again then. After a failure that may pass it is
    pending and not due before ``claimed_until``; any other failure is kept with its reason.
    ``message_id`` is that of the mail (fixed before it is sent), or what a chat answered.
    """

    #: How often it is tried. The pause doubles from a minute on: the ninth attempt is some four
    #: hours after the first.
    attempts_limit: ClassVar[int] = 9

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

    def queue_anew(self) -> list[str]:
        """Have another mail sent, whatever became of the last one; the names of the fields to save.

        It gets a ``Message-ID`` of its own: to a mail reader it is no copy of the last one.
        """
        self.state, self.attempts, self.sent_at = SendState.PENDING, 0, None
        self.claimed_until, self.claimed_by = None, ""
        self.message_id = self.error = ""
        return [field.name for field in OutboxRow._meta.local_fields]
