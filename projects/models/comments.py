"""What people write under an entry, and who is told of it by mail."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from okrtracker.mail.models import OutboxQuerySet, OutboxRow, SendState
from projects.models.constraints import is_monday
from projects.models.teams import Team, TeamOwned
from projects.models.work import Project

LONGEST_COMMENT: Final = 2_000


class CommentQuerySet(models.QuerySet["Comment"]):
    def of_week(self, team: Team, week: date) -> CommentQuerySet:
        return self.filter(team=team, week=week)

    def standing(self) -> CommentQuerySet:
        """Those that nobody took back."""
        return self.filter(removed_at=None)


class Comment(TeamOwned):
    """What somebody who may see an entry wrote under it.

    Like a question it names the project and the week of the entry, not its row: it stays where it
    is when the entry's save is undone or its project becomes one with another. Of one that was
    taken back the row stays, and its text is shown to nobody. Everybody writes for themselves,
    also while they stand in for somebody.
    """

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="comments", verbose_name=_("project")
    )
    week = models.DateField(_("week"))
    text = models.TextField(_("comment"), max_length=LONGEST_COMMENT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("author"),
    )
    created_at = models.DateTimeField(_("written at"), default=timezone.now)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("removed by"),
    )

    # Whom it names after an @, by name and user name: of ``projects.comments.threads``.
    mentioned: list[tuple[str, str]]

    objects: ClassVar[models.Manager[Comment]] = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ("created_at", "pk")
        constraints = (
            is_monday("week", "comment_week_is_monday"),
            models.CheckConstraint(condition=~Q(text=""), name="comment_has_words"),
        )
        indexes = (models.Index(fields=("team", "week"), name="comment_team_week"),)

    def __str__(self) -> str:
        return self.text


class CommentMail(TeamOwned, OutboxRow):
    """The one mail of a day that tells somebody in a team of comments."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("recipient"),
    )
    day = models.DateField(_("day"))  # by the team's clock

    objects: ClassVar[models.Manager[CommentMail]] = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail of comments")
        verbose_name_plural = _("mails of comments")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint("team", "user", "day", name="comment_mail_once_a_day"),
            models.CheckConstraint(
                condition=Q(state__in=SendState.values), name="comment_mail_state_known"
            ),
        )
        indexes = (
            models.Index(
                fields=("claimed_until",),
                name="comment_mail_due",
                condition=Q(state__in=("pending", "claimed")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} → {self.user}"


class CommentNotice(TeamOwned):
    """A comment concerns somebody: it names them after an @, or they lead the project.

    It waits until ``taken_at``. Where there was anybody to be told then, ``mail`` tells of it.
    """

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="notices", verbose_name=_("comment")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user")
    )
    is_mentioned = models.BooleanField(_("mentioned"), default=False)
    taken_at = models.DateTimeField(null=True, blank=True, editable=False)
    mail = models.ForeignKey(
        CommentMail, models.SET_NULL, null=True, blank=True, related_name="notices"
    )

    class Meta:
        verbose_name = _("notice of a comment")
        verbose_name_plural = _("notices of comments")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint("comment", "user", name="comment_notice_once_per_user"),
        )
        indexes = (
            models.Index(
                fields=("team",), name="comment_notice_waiting", condition=Q(taken_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"{self.comment_id} → {self.user}"
