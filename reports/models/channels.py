"""Group chats and webhooks that a team's digest and reminders also go to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import Team, TeamOwned
from reports import vendors


class Channel(TeamOwned):
    """Where a short card with a link is posted.

    ``address`` and ``secret`` are kept encrypted (``reports.channels.vault``), or the names of
    environment variables that hold them are; neither is ever shown again.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="channels", verbose_name=_("team"))
    kind = models.CharField(_("kind"), max_length=10, choices=vendors.kinds)
    name = models.CharField(_("name"), max_length=80)
    address = models.TextField(_("address, encrypted"), blank=True, editable=False)
    address_env = models.CharField(_("variable with the address"), max_length=80, blank=True)
    secret = models.TextField(_("secret, encrypted"), blank=True, editable=False)
    secret_env = models.CharField(_("variable with the secret"), max_length=80, blank=True)
    gets_digest = models.BooleanField(_("weekly digest"), default=True)
    gets_reminders = models.BooleanField(_("reminders"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint("team", "name", name="channel_name_in_team"),
            # Which kinds there are ``reports.vendors`` says: a new one needs no migration.
            models.CheckConstraint(condition=~Q(kind=""), name="channel_has_a_kind"),
            models.CheckConstraint(
                condition=~Q(address="", address_env=""), name="channel_has_an_address"
            ),
        )

    def __str__(self) -> str:
        return self.name
