"""The comments of entries, as the screens show them: loaded for all entries of a page at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from projects.models import Comment, Team
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
    """Those of all entries of a week. One query."""
    return _by_entry(_of_week.rows(team=team.pk, week=week))


def of_projects(team: Team, projects: Collection[int], weeks: Collection[date]) -> Comments:
    """Those of the projects' entries of these weeks. Likewise."""
    if not projects or not weeks:
        return {}
    rows = _of_projects.rows(team=team.pk, projects=tuple(projects), weeks=tuple(weeks))
    return _by_entry(rows)


@Prepared
def _of_week(*, team: int, week: date) -> QuerySet[Comment]:
    return _with_mentions(Comment.objects.filter(team=team, week=week))


@Prepared
def _of_projects(
    *, team: int, projects: tuple[int, ...], weeks: tuple[date, ...]
) -> QuerySet[Comment]:
    rows = Comment.objects.filter(team=team, project__in=projects, week__in=weeks)
    return _with_mentions(rows)


def _with_mentions(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """Each comment with its author, and once for everybody whom it names after an @."""
    mention = FilteredRelation("notices", condition=Q(notices__is_mentioned=True))
    rows = comments.select_related("author", "removed_by").annotate(
        mention=mention,
        mentioned_name=F("mention__user__name"),
        mentioned_username=F("mention__user__username"),
    )
    return rows.order_by("created_at", "pk", "mention__pk")


def _by_entry(rows: Iterable[Any]) -> Comments:
    """``rows`` are annotated ``_with_mentions``."""
    comments: dict[int, Comment] = {}
    by_entry: dict[tuple[int, date], list[Comment]] = defaultdict(list)
    for row in rows:
        if row.pk not in comments:
            comments[row.pk] = row
            row.mentioned = []
            by_entry[row.project_id, row.week].append(row)
        if row.mentioned_username is not None:
            comments[row.pk].mentioned.append((row.mentioned_name, row.mentioned_username))
    return {entry: tuple(of_entry) for entry, of_entry in by_entry.items()}
