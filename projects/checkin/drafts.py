"""Drafts: what somebody typed and has not sent yet, kept on the server.

One row for each user, field and week of a project's check-in or, without a project, of the team's
weekly page; so two tabs in which different fields are typed keep both. A draft remembers what it
was typed over: sent after somebody else has saved, it is compared with what stands there, and
overwrites nothing. Nobody is ever shown another user's drafts, so they leave no trace but
themselves.

The ``subject`` is the project whose check-in it is, or the team whose weekly page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from projects.models import Draft, Project, Team, User


@dataclass(frozen=True, slots=True)
class CheckInDraft:
    """One user's drafts of one check-in.

    ``values`` are by the names of the form's fields, ``revision`` is the oldest one of the entry
    that any of them was typed over, ``saved_at`` when the newest was saved.
    """

    values: Mapping[str, str]
    revision: int
    saved_at: datetime


def of_projects(user: User, week: date, projects: Iterable[Project]) -> dict[int, CheckInDraft]:
    """The user's drafts of that week's check-ins by the projects' keys; one query."""
    return kept_and_put_aside(user, week, projects)[0]


def kept_and_put_aside(
    user: User, week: date, projects: Iterable[Project]
) -> tuple[dict[int, CheckInDraft], set[int]]:
    """``of_projects``, and the keys of those of which drafts were ``put_aside``; one query."""
    by_project: dict[int, list[Draft]] = {project.pk: [] for project in projects}
    put_aside = set()
    for draft in Draft.objects.filter(user=user, week=week, project__in=by_project):
        project_id = draft.project_id or 0  # it is one of these
        if draft.discarded_at is None:
            by_project[project_id].append(draft)
        else:
            put_aside.add(project_id)
    waiting = {
        project_id: CheckInDraft(
            values={draft.field: draft.value for draft in drafts},
            revision=min(int(draft.seen or 0) for draft in drafts),
            saved_at=max(draft.saved_at for draft in drafts),
        )
        for project_id, drafts in by_project.items()
        if drafts
    }
    return waiting, put_aside


def of_page(user: User, team: Team, week: date) -> dict[str, Draft]:
    """The user's drafts of the team's weekly page by field, also those ``put_aside``; one query."""
    return {draft.field: draft for draft in _drafts(user, team, week)}


@transaction.atomic
def save(
    user: User,
    subject: Project | Team,
    week: date,
    typed: Mapping[str, str],
    *,
    standing: Mapping[str, str] | None = None,
    seen: str | int,
    at: datetime | None = None,
) -> None:
    """Keep what was ``typed``, by field; a field that it does not name keeps its own draft.

    ``standing`` is what the form shows without any draft: a field that says that again, but for
    blanks around it, needs no draft and loses the one it had. ``seen`` names what was typed over:
    the entry's revision (0: there was none), or the SHA-256 of a page's words.
    """
    # One save of a user's drafts at a time, or two would insert the same field.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _drafts(user, subject, week).filter(field__in=typed).delete()
    project = subject if isinstance(subject, Project) else None
    Draft.objects.bulk_create(
        Draft(
            team_id=project.team_id if project else subject.pk,
            user=user,
            project=project,
            week=week,
            field=field,
            value=value,
            seen=str(seen),
            saved_at=at or timezone.now(),
        )
        for field, value in typed.items()
        if standing is None or value.strip() != standing.get(field, "").strip()
    )


def discard(user: User, subject: Project | Team, week: date, *fields: str) -> None:
    """Forget what the user typed: it was sent, or is not wanted any more.

    With ``fields``, only what was typed there.
    """
    drafts = _drafts(user, subject, week)
    (drafts.filter(field__in=fields) if fields else drafts).delete()


def put_aside(
    user: User, subject: Project | Team, week: date, *fields: str, at: datetime | None = None
) -> None:
    """Discard what the user typed so that it can be taken up again: it is shown to nobody."""
    drafts = _drafts(user, subject, week).filter(discarded_at=None)
    drafts = drafts.filter(field__in=fields) if fields else drafts
    drafts.update(discarded_at=at or timezone.now())


def take_up(user: User, subject: Project | Team, week: date, *fields: str) -> int:
    """Undo ``put_aside``; how many drafts that are. What was typed anew stays."""
    drafts = _drafts(user, subject, week).exclude(discarded_at=None)
    drafts = drafts.filter(field__in=fields) if fields else drafts
    return drafts.update(discarded_at=None)


def _drafts(user: User, subject: Project | Team, week: date) -> QuerySet[Draft]:
    drafts = Draft.objects.filter(user=user, week=week)
    if isinstance(subject, Project):
        return drafts.filter(project=subject)
    return drafts.filter(team=subject, project=None)
