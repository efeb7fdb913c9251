"""Who stands in for whom on which days, and how a trace names the two of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.models.people import User
from projects.models.teams import Membership, Team, TeamOwned


def signature(
    team: Team, by: User | None, on_behalf_of: User | None = None, unknown: str = ""
) -> str:
    """How a trace names who did it: 陈立, or 陈立（代 许澄）; ``unknown`` where nobody is named."""
    return signed(team.name_of(by), team.name_of(on_behalf_of)) or unknown


def signed(name: str, person: str) -> str:
    """The same for names."""
    if not (name and person):
        return name
    return gettext("%(name)s (for %(person)s)") % {"name": name, "person": person}


def signature_to_keep(team: Team, by: User | None) -> str:
    """The same for what keeps the words themselves, in the language of the team."""
    with translation.override(team.language):
        return signature(team, by, by.on_behalf_of if by else None)


class DeputyQuerySet(models.QuerySet["Deputy"]):
    def standing_in(self, team: Team | int, day: date) -> DeputyQuerySet:
        """Those that count on that day, whose deputy can sign in."""
        rows = self.filter(team=team, ended_at=None, deputy__user__is_active=True)
        return rows.filter(first_day__lte=day, last_day__gte=day)

    def to_come(self, team: Team) -> DeputyQuerySet:
        """Those of today and later that nobody has ended."""
        rows = self.filter(team=team, ended_at=None, last_day__gte=team.today())
        return rows.select_related("person__user", "deputy__user")


def may_stand_in(today: date) -> Exists:
    """Of memberships: whether somebody in the team is away about that day, in any time zone.

    Who is not is thus spared the question who acts for whom.
    """
    rows = Deputy.objects.filter(team=OuterRef("team"), ended_at=None)
    rows = rows.filter(first_day__lte=today + timedelta(days=1))
    return Exists(rows.filter(last_day__gte=today - timedelta(days=1)))


class Deputy(TeamOwned):
    """``deputy`` stands in for ``person`` from the first to the last day, by the team's clock.

    On these days the deputy may do in the team what the person may (``projects.teams.deputies``).
    It is over on the day after the last one, at ``ended_at``, or with the membership of either.
    """

    person = models.ForeignKey(
        Membership, models.CASCADE, related_name="deputies", verbose_name=_("away")
    )
    deputy = models.ForeignKey(
        Membership, models.CASCADE, related_name="+", verbose_name=_("deputy")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("named by"),
    )
    named_at = models.DateTimeField(_("named at"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects: ClassVar[models.Manager[Deputy]] = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        ordering = ("first_day", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(person=F("deputy")), name="deputy_is_another"),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="deputy_ends_after_beginning"
            ),
        )
        indexes = (
            models.Index(
                fields=("team", "last_day"), name="deputy_to_come", condition=Q(ended_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"{self.deputy.user} / {self.person.user}: {self.first_day} – {self.last_day}"
