"""The comments of entries, as the screens show them: loaded for all entries of a page at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from projects.models import Comment, CommentNotice, Team, User
from projects.prepared import Prepared

# The comments of each entry, oldest first, by the project's key and the week. Entries without any
# are left out.
type Comments = Mapping[tuple[int, date], tuple[Comment, ...]]


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments under one entry, those that were taken back among them."""

    project_id: int
    week: date
    comments: tuple[Comment, ...] = ()
    may_write: bool = False
    is_open: bool = False

    @property
    def count(self) -> int:
        """How many there are to read."""
        return sum(comment.removed_at is None for comment in self.comments)

    @property
    def anchor(self) -> str:
        """The id of its element, on every page."""
        return f"comments-{self.project_id}-{self.week:%Y%m%d}"


def of_week(team: Team, week: date) -> Comments:
    """Those of all entries of a week. Two queries, one where there are none."""
    return _by_entry(_of_week.rows(team=team.pk, week=week))


def of_projects(team: Team, projects: Collection[int], weeks: Collection[date]) -> Comments:
    """Those of the projects' entries of these weeks. Likewise."""
    if not projects or not weeks:
        return {}
    rows = _of_projects.rows(team=team.pk, projects=tuple(projects), weeks=tuple(weeks))
    return _by_entry(rows)


@Prepared
def _of_week(*, team: int, week: date) -> QuerySet[Comment]:
    rows = Comment.objects.filter(team=team, week=week)
    return rows.select_related("author", "removed_by")


@Prepared
def _of_projects(
    *, team: int, projects: tuple[int, ...], weeks: tuple[date, ...]
) -> QuerySet[Comment]:
    rows = Comment.objects.filter(team=team, project__in=projects, week__in=weeks)
    return rows.select_related("author", "removed_by")


def mentioned_in(comment: Comment) -> list[User]:
    """Whom a comment of these names after an @."""
    return [notice.user for notice in comment.notices.all()]


def _by_entry(comments: Sequence[Comment]) -> Comments:
    mentions = CommentNotice.objects.filter(is_mentioned=True).select_related("user")
    prefetch_related_objects(comments, Prefetch("notices", mentions))
    by_entry: dict[tuple[int, date], list[Comment]] = defaultdict(list)
    for comment in comments:
        by_entry[comment.project_id, comment.week].append(comment)
    return {entry: tuple(of_entry) for entry, of_entry in by_entry.items()}
