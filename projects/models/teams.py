"""The team that owns everything below it, and who belongs to it."""

from __future__ import annotations

import zoneinfo
from collections import Counter
from datetime import date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from okrtracker.mail.models import OutboxQuerySet, OutboxRow, SendState
from projects import standing, weeks
from projects.models.constraints import is_monday
from projects.models.people import User
from projects.text import names
from projects.workdays import WorkCalendar

if TYPE_CHECKING:
    from projects.weeks import Numbering


class Language(models.TextChoices):
    CHINESE = "zh-hans", _("Chinese")
    ENGLISH = "en", _("English")


class WeekNumbering(models.TextChoices):
    """How weeks are numbered; the rules are in ``projects.weeks``."""

    ISO = "iso", _("ISO 8601 (week 1 holds January 4)")
    CALENDAR = "calendar", _("Calendar (week 1 holds January 1)")


class CalendarKind(models.TextChoices):
    """Which days are worked, apart from the team's own exceptions; see ``projects.workdays``."""

    CHINA = "china", _("China: public holidays and make-up days")
    WEEKDAYS = "weekdays", _("Monday to Friday, without holidays")


class IdleWeek(models.TextChoices):
    """What happens to a week without a working day; see ``reports.weekly.schedule``."""

    SKIP = "skip", _("Skip it: nobody is asked for an update")
    MERGE = "merge", _("Merge it: it closes together with the next week")


class DigestTime(models.TextChoices):
    """When the digest of a published page goes out."""

    SCHEDULED = "scheduled", _("At its time, or when the page is published later")
    PUBLISHED = "published", _("As soon as the page is published")


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("%(name)s is not a time zone."), params={"name": name})


class TeamQuerySet(models.QuerySet["Team"]):
    def for_user(self, user: User) -> TeamQuerySet:
        """The teams the user is a member of."""
        return self.filter(memberships__user=user).order_by("name")

    def locked(self) -> TeamQuerySet:
        """Held until the transaction ends: changes of a team's things follow each other.

        The key is not locked, so nobody's insert of a row below the team has to wait.
        """
        return self.select_for_update(no_key=True)


class Team(models.Model):
    """A department: it owns all rows below it, and has the settings that they follow."""

    slug = models.SlugField(_("address"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=80)
    time_zone = models.CharField(
        _("time zone"),
        max_length=50,
        default="Asia/Shanghai",
        validators=[validate_time_zone],
    )
    language = models.CharField(
        _("language"), max_length=10, choices=Language, default=Language.CHINESE
    )
    week_numbering = models.CharField(
        _("week numbering"),
        max_length=10,
        choices=WeekNumbering,
        default=WeekNumbering.CALENDAR,
    )
    # Both on the last working day of the week, by the team's clock.
    cutoff_time = models.TimeField(_("cutoff"), default=time(16))
    digest_time = models.TimeField(_("weekly digest"), default=time(18))
    calendar = models.CharField(
        _("working days"), max_length=10, choices=CalendarKind, default=CalendarKind.CHINA
    )
    idle_week = models.CharField(
        _("week without a working day"), max_length=10, choices=IdleWeek, default=IdleWeek.SKIP
    )
    digest_when = models.CharField(
        _("digest"), max_length=10, choices=DigestTime, default=DigestTime.SCHEDULED
    )
    # At the digest's time. If false, the page waits for the manager, who is reminded.
    publishes_itself = models.BooleanField(_("publish by itself"), default=True)
    attaches_pdf = models.BooleanField(_("PDF attached"), default=False)
    # Managers without one are led to set it up before they see the team.
    needs_second_factor = models.BooleanField(_("second factor of managers"), default=False)
    # The Monday on which the present begins; without one everything is present.
    starts_on = models.DateField(_("start"), null=True, blank=True)
    # What incidents are chosen from, one a line; empty for those that every team begins with.
    severities = models.TextField(_("incident levels"), blank=True)
    detections = models.TextField(_("how incidents are found"), blank=True)
    # The schedule takes no step that was due before this moment.
    runs_from = models.DateTimeField(default=timezone.now, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[Team]] = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(language__in=Language.values), name="team_language_known"
            ),
            models.CheckConstraint(
                condition=models.Q(week_numbering__in=WeekNumbering.values),
                name="team_week_numbering_known",
            ),
            models.CheckConstraint(
                condition=models.Q(calendar__in=CalendarKind.values), name="team_calendar_known"
            ),
            models.CheckConstraint(
                condition=models.Q(idle_week__in=IdleWeek.values), name="team_idle_week_known"
            ),
            models.CheckConstraint(
                condition=models.Q(digest_when__in=DigestTime.values),
                name="team_digest_when_known",
            ),
            is_monday("starts_on", "team_starts_on_is_monday"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def numbering(self) -> Numbering:
        return "iso" if self.week_numbering == WeekNumbering.ISO else "calendar"

    @property
    def is_new(self) -> bool:
        """Whether it may still be setting itself up: made in the last four weeks."""
        return self.created_at > timezone.now() - 4 * weeks.WEEK

    def name_of(self, user: User | None) -> str:
        """The user's name as the team's members are told apart; "" for nobody."""
        return self.told_apart(user.name, user.username) if user else ""

    def told_apart(self, name: str, username: str) -> str:
        """The name, with the user name beside it where two members of the team go by it."""
        if name and names.folded(name) in self._namesakes:
            return names.with_login(name, username)
        return name or username

    @cached_property
    def _namesakes(self) -> frozenset[str]:
        """The folded names that more than one member goes by. One query."""
        members = self.memberships.exclude(user__name="").values_list("user__name", flat=True)
        counts = Counter(names.folded(name) for name in members.order_by())
        return frozenset(name for name, count in counts.items() if count > 1)

    def work_calendar(self, *, has_exceptions: bool = True) -> WorkCalendar:
        """The team's working days with its exceptions, read with one query, if it has any."""
        exceptions = {}
        if has_exceptions:
            exceptions = dict(self.day_exceptions.values_list("day", "is_working"))
        return WorkCalendar(
            "china" if self.calendar == CalendarKind.CHINA else "weekdays", exceptions
        )

    def today(self) -> date:
        """The date on the team's wall calendar."""
        return timezone.now().astimezone(self.zone).date()

    def this_week(self) -> date:
        """The Monday of the team's present week."""
        return weeks.monday_of(self.today())

    def is_history(self, week: date) -> bool:
        """Whether the week lies before the team's start."""
        return standing.is_history(week, self.starts_on)

    def end_of(self, week: date) -> datetime:
        """When the week ends, on the team's wall clock."""
        return datetime.combine(week + weeks.WEEK, time(), tzinfo=self.zone)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def week_label(self, monday: date) -> str:
        return weeks.label(monday, self.numbering)


class TeamOwned(models.Model):
    """A row that belongs to a team; a distributed database can spread rows by that column."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+", verbose_name=_("team"))

    class Meta:
        abstract = True


class DayException(TeamOwned):
    """A day on which the team works, or does not, against its calendar."""

    team = models.ForeignKey(
        Team, models.CASCADE, related_name="day_exceptions", verbose_name=_("team")
    )
    day = models.DateField(_("day"))
    is_working = models.BooleanField(_("working day"))
    note = models.CharField(_("note"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("exception of the calendar")
        verbose_name_plural = _("exceptions of the calendar")
        ordering = ("day",)
        constraints = (models.UniqueConstraint("team", "day", name="day_exception_once_per_day"),)

    def __str__(self) -> str:
        return f"{self.day} {'+' if self.is_working else '-'}"


class Role(models.TextChoices):
    MANAGER = "manager", _("manager")
    LEAD = "lead", _("lead")
    VIEWER = "viewer", _("viewer")


class Membership(TeamOwned):
    """A user's role in a team."""

    team = models.ForeignKey(
        Team, models.CASCADE, related_name="memberships", verbose_name=_("team")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="memberships",
        verbose_name=_("user"),
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.VIEWER)
    gets_digest = models.BooleanField(_("weekly digest by mail"), default=True)
    # Until they are done, or the member does not want to see them any more.
    shows_first_steps = models.BooleanField(_("first steps shown"), default=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("team", "role", "user")
        constraints = (
            models.UniqueConstraint("team", "user", name="membership_once_per_team"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class InvitationQuerySet(OutboxQuerySet["Invitation"]):
    def open(self, now: datetime) -> InvitationQuerySet:
        """Those whose link lets somebody in."""
        return self.filter(expires_at__gt=now, accepted_at=None, withdrawn_at=None)


class Invitation(TeamOwned, OutboxRow):
    """An invitation by mail to join the team. The mailed link holds a token, the row its hash.

    It is open until it is accepted, withdrawn, or ``expires_at`` has passed. ``state`` and what
    else ``OutboxRow`` brings is that of its mail.
    """

    # The pause doubles with each: some eleven days, of the two weeks that an invitation is open.
    attempts_limit = 15

    email = models.EmailField(_("mail address"))
    name = models.CharField(_("name"), max_length=80, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.LEAD)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    invited_at = models.DateTimeField(_("invited at"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )

    objects: ClassVar[models.Manager[Invitation]] = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-invited_at",)
        constraints = (
            models.UniqueConstraint(
                "team",
                "email",
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invitation_open_once_per_address",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="invitation_role_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=SendState.values), name="invitation_state_known"
            ),
        )
        indexes = (
            models.Index(
                fields=("claimed_until",),
                name="invitation_due",
                condition=models.Q(state__in=("pending", "claimed")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} → {self.team}"
