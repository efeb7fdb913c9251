"""What a mail of comments says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext

from okrtracker.mail.message import render
from okrtracker.mail.mime import Mail
from projects.models import Comment, CommentMail, CommentNotice, Project, Team

# Comments that one mail shows; it says how many more there are.
MOST_SHOWN: Final = 30
# Projects that the subject names.
_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class EntryLines:
    """An entry in a mail, with the comments under it."""

    project: Project
    week: date
    comments: tuple[Comment, ...]
    address: str
    person: str  # its lead, for whom the reader stands in; "" where they do not


def letter_of(mail: CommentMail, notices: Iterable[CommentNotice]) -> Mail:
    """Tells of the comments by entry, each with a link, in the language of the team."""
    team = mail.team
    entries = _entries_of(mail, notices)
    shown, more = _cut(entries)
    count = sum(len(entry.comments) for entry in entries)
    with translation.override(team.language):
        subject = ngettext(
            "%(n)s new comment: %(projects)s", "%(n)s new comments: %(projects)s", count
        )
        context = {
            "mail": mail,
            "team": team,
            "count": count,
            "entries": shown,
            "more": more,
            "account": settings.SITE_URL + reverse("projects:account"),
        }
        return render("comments", subject % {"n": count, "projects": _names(entries)}, context)


def _entries_of(mail: CommentMail, notices: Iterable[CommentNotice]) -> list[EntryLines]:
    """By entry, in the order of the first comment on each. A comment that concerns the reader for
    two reasons stands there once.
    """
    comments: dict[tuple[int, date], dict[int, Comment]] = defaultdict(dict)
    persons: dict[tuple[int, date], str] = {}
    for notice in notices:
        comment = notice.comment
        entry = comment.project_id, comment.week
        comments[entry][comment.pk] = comment
        if notice.user_id != mail.user_id:
            persons.setdefault(entry, mail.team.name_of(notice.user))
    result = []
    for entry, by_key in comments.items():
        under_entry = tuple(by_key.values())
        project, week = under_entry[0].project, entry[1]
        address = settings.SITE_URL + address_of(mail.team, project, week)
        person = persons.get(entry, "")
        result.append(EntryLines(project, week, under_entry, address, person))
    return result


def address_of(team: Team, project: Project, week: date) -> str:
    """The entry on the page of its week with its comments open. By the Monday: a link in a mail
    outlasts a change of the team's week numbering.
    """
    return reverse(
        "reports:weekly_page_draft",
        args=(team.slug, week.isoformat()),
        query={"comments": str(project.pk)},
        fragment=f"project-{project.pk}",
    )


def _cut(entries: Iterable[EntryLines]) -> tuple[list[EntryLines], int]:
    """The first ``MOST_SHOWN`` comments, and how many more there are."""
    shown: list[EntryLines] = []
    left, more = MOST_SHOWN, 0
    for entry in entries:
        fitting = entry.comments[:left]
        more += len(entry.comments) - len(fitting)
        left -= len(fitting)
        if fitting:
            shown.append(replace(entry, comments=fitting))
    return shown, more


def _names(entries: Iterable[EntryLines]) -> str:
    """The projects' names, the first few."""
    names = list(dict.fromkeys(entry.project.name for entry in entries))
    text = gettext(", ").join(names[:_MOST_NAMED])
    return f"{text} …" if len(names) > _MOST_NAMED else text
