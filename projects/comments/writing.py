"""The write path of comments: anybody who may see an entry writes, the author or a manager removes.

Whoever may do it is decided by the caller (``projects.access``).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from projects import audit
from projects.comments.mentions import Names, Person
from projects.models import Comment, CommentNotice, Membership, Project, StatusEntry, Team, User
from projects.prepared import Prepared

MOST_MENTIONED: Final = 20
# The same words sent again within this time are one comment.
AGAIN_WITHIN: Final = timedelta(minutes=10)


class TooManyMentioned(Exception):
    """A comment names more than ``MOST_MENTIONED`` people."""


class OfHistory(Exception):
    """The entry lies before the team's start: its comments are read, and no more are written."""


@transaction.atomic
def write(
    project: Project, week: date, text: str, *, by: User, at: datetime | None = None
) -> Comment:
    """Write under the project's entry of that week.

    Whom it names after an @, and the project's lead, will be told by mail (``comments.mails``); the
    author never. Sent twice it is one. Raises ``StatusEntry.DoesNotExist`` where there is no entry
    (any more), ``OfHistory``, ``mentions.SeveralMeant``, ``TooManyMentioned``, and ``ValueError``
    without words.
    """
    text, at = text.strip(), at or timezone.now()
    if not text:
        raise ValueError("a comment has words")
    if project.team.is_history(week):
        raise OfHistory
    # Two that come at the same moment follow each other, and so does who undoes the entry.
    project = Project.objects.locked().select_related("team").get(pk=project.pk)
    StatusEntry.objects.get(project=project, week=week)
    if (standing := _sent_before(project, week, text, by, at)) is not None:
        return standing
    mentioned = Names(people_of(project.team)).mentioned_in(text)
    if len(mentioned) > MOST_MENTIONED:
        raise TooManyMentioned
    comment = Comment.objects.create(
        team=project.team, project=project, week=week, text=text, author=by, created_at=at
    )
    _note_whom_it_concerns(comment, {person.id for person in mentioned})
    return comment


def _sent_before(project: Project, week: date, text: str, by: User, at: datetime) -> Comment | None:
    """The same comment, sent a moment ago and not taken back since."""
    mine = Comment.objects.filter(project=project, week=week, author=by, text=text).standing()
    return mine.filter(created_at__gt=at - AGAIN_WITHIN).first()


def _note_whom_it_concerns(comment: Comment, mentioned: Collection[int]) -> None:
    lead, author = comment.project.lead_id, comment.author_id
    concerned = {user for user in (*mentioned, lead) if user is not None and user != author}
    CommentNotice.objects.bulk_create(
        CommentNotice(
            team=comment.team, comment=comment, user_id=user, is_mentioned=user in mentioned
        )
        for user in sorted(concerned)
    )


@transaction.atomic
def remove(comment: Comment, *, by: User, at: datetime | None = None) -> Comment:
    """Take a comment back: it is shown as removed. Doing it twice is doing it once."""
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    if comment.removed_at is not None:
        return comment
    comment.removed_at, comment.removed_by = at or timezone.now(), by
    comment.save(update_fields=["removed_at", "removed_by"])
    # Everybody reads the project's records: they do not say what was taken back. The row has it.
    written = {"author": comment.author, "week": comment.week}
    audit.note(
        comment.team,
        "comment.remove",
        comment.project,
        by=by,
        project=comment.project,
        before=written,
    )
    return comment


def people_of(team: Team) -> tuple[Person, ...]:
    """The members who can sign in. One query."""
    return tuple(Person(*row) for row in _members.rows(team=team.pk))


@Prepared
def _members(*, team: int) -> QuerySet[Any, tuple[int, str, str]]:
    rows = Membership.objects.filter(team=team, user__is_active=True)
    return rows.order_by("user__username").values_list("user", "user__name", "user__username")
