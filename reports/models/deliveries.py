"""Who gets what: an edition's deliveries, reminders, and subscribers from outside of the team."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from okrtracker.mail.models import OutboxQuerySet, OutboxRow, SendState
from projects.models import Language, Membership, Team, TeamOwned
from projects.models.constraints import is_monday
from reports.models.channels import Channel
from reports.models.editions import Edition


class SubscriberQuerySet(OutboxQuerySet["Subscriber"]):
    def who_get_the_digest(self) -> SubscriberQuerySet:
        return self.filter(removed_at=None, unsubscribed_at=None).exclude(confirmed_at=None)

    def who_have_not_answered(self) -> SubscriberQuerySet:
        return self.filter(removed_at=None, unsubscribed_at=None, confirmed_at=None)


class Subscriber(TeamOwned, OutboxRow):
    """Somebody outside of the team who gets the digest, once they have confirmed their address.

    ``state`` and what else ``OutboxRow`` brings is that of the mail that asks them. Who has
    unsubscribed is remembered, and never asked again by the team. Whom the team removed stays
    written down, too: how often an address was asked holds whoever adds it again.
    """

    # The pause doubles with each: some eleven days, of the two weeks that the link holds.
    attempts_limit = 15

    team = models.ForeignKey(
        Team, models.CASCADE, related_name="subscribers", verbose_name=_("team")
    )
    email = models.EmailField(_("mail address"))  # in lower case
    name = models.CharField(_("name"), max_length=80, blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=Language, default=Language.CHINESE
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added at"), default=timezone.now)
    # When the team last wanted them to be asked, and how many times it did.
    wanted_at = models.DateTimeField(null=True, blank=True, editable=False)
    times_wanted = models.PositiveSmallIntegerField(default=0, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    unsubscribed_at = models.DateTimeField(_("unsubscribed at"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects: ClassVar[models.Manager[Subscriber]] = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ("email",)
        constraints = (
            models.UniqueConstraint("team", "email", name="subscriber_once_per_address"),
            models.CheckConstraint(
                condition=Q(language__in=Language.values), name="subscriber_language_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=SendState.values), name="subscriber_state_known"
            ),
        )
        indexes = (
            models.Index(
                fields=("claimed_until",),
                name="subscriber_due",
                condition=Q(state__in=("pending", "claimed")),
            ),
        )

    def __str__(self) -> str:
        return self.email

    @property
    def gets_digest(self) -> bool:
        """As ``SubscriberQuerySet.who_get_the_digest`` says of many."""
        is_on = self.unsubscribed_at is None and self.removed_at is None
        return is_on and self.confirmed_at is not None


class DeliveryQuerySet(OutboxQuerySet["Delivery"]):
    pass


class Delivery(TeamOwned, OutboxRow):
    """One edition to one recipient: by mail to the address ``recipient``, or to a channel.

    ``membership`` or ``subscriber`` is who reads that mail. ``language`` is that of the edition
    they get.
    """

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="deliveries", verbose_name=_("edition")
    )
    channel = models.ForeignKey(
        Channel,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("channel"),
    )
    # A mail address, or the channel's name as it was.
    recipient = models.CharField(_("recipient"), max_length=254)
    is_chat = models.BooleanField(default=False, editable=False)
    language = models.CharField(
        _("language"), max_length=10, choices=Language, default=Language.CHINESE
    )
    membership = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    subscriber = models.ForeignKey(
        Subscriber, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[models.Manager[Delivery]] = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                "edition",
                "is_chat",
                "recipient",
                name="delivery_once_per_edition_and_recipient",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SendState.values), name="delivery_state_known"
            ),
        )
        indexes = (
            models.Index(
                fields=("edition", "claimed_until"),
                name="delivery_due",
                condition=Q(state__in=("pending", "claimed")),
            ),
            # Few of many, and open dashboards count them all the time.
            models.Index(fields=("edition",), name="delivery_failed", condition=Q(state="failed")),
        )

    def __str__(self) -> str:
        return f"{self.edition} → {self.recipient}"


class ReminderKind(models.TextChoices):
    CHECK_IN = "check_in", _("to report")  # a lead, of the projects that wait
    ANSWER = "answer", _("to answer")  # a lead, of the questions that wait
    REVIEW = "review", _("to review")  # a manager, at the cutoff: what is to be resolved
    PUBLISH = "publish", _("to publish")  # a manager, when the digest waits for the page
    CYCLE = "cycle", _("cycle ends")  # a manager, when no other cycle follows
    CALENDAR = "calendar", _("holidays")  # a manager, when a coming year's plan is missing
    CHANGED = "changed", _("changed since it was published")  # a manager, before the digest
    BACKLOG = "backlog", _("weeks not published")  # all managers, when there are two


class ReminderQuerySet(OutboxQuerySet["Reminder"]):
    pass


class Reminder(TeamOwned, OutboxRow):
    """One message that asks somebody for what the week still needs.

    By mail to ``user``, or to a ``channel`` for all whom it concerns. ``requested_by`` is the
    manager who asked for it; nobody when the schedule did, and ``round`` is then the how-manieth
    of that kind in the week (0 when a manager asked).
    """

    week = models.DateField(_("week"))
    kind = models.CharField(
        _("kind"), max_length=10, choices=ReminderKind, default=ReminderKind.CHECK_IN
    )
    round = models.PositiveSmallIntegerField(_("round"), default=0)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recipient"),
    )
    channel = models.ForeignKey(
        Channel,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("channel"),
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    requested_at = models.DateTimeField(_("requested at"), default=timezone.now)

    objects: ClassVar[models.Manager[Reminder]] = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ("-requested_at",)
        constraints = (
            is_monday("week", "reminder_week_is_monday"),
            models.CheckConstraint(
                condition=Q(state__in=SendState.values), name="reminder_state_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ReminderKind.values), name="reminder_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(user=None, channel__isnull=False) | Q(user__isnull=False, channel=None),
                name="reminder_to_one",
            ),
            models.UniqueConstraint(
                "team",
                "week",
                "kind",
                "round",
                "user",
                condition=Q(round__gt=0, user__isnull=False),
                name="reminder_once_a_round_and_user",
            ),
            models.UniqueConstraint(
                "team",
                "week",
                "kind",
                "round",
                "channel",
                condition=Q(round__gt=0, channel__isnull=False),
                name="reminder_once_a_round_and_channel",
            ),
        )
        indexes = (
            models.Index(fields=("team", "week"), name="reminder_team_week"),
            models.Index(
                fields=("claimed_until",),
                name="reminder_due",
                condition=Q(state__in=("pending", "claimed")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.week} → {self.user or self.channel}"
