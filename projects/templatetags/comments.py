"""The comments under an entry, on each page that shows entries.

Such a page hands in ``comments`` (``projects.comments.threads``); where an entry is made into a
file, nothing of them shows.
"""

from __future__ import annotations

from datetime import date

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from projects.access import Access
from projects.checkin.worklist import Assignment
from projects.comments.threads import Thread
from projects.models import Comment

register = template.Library()


@register.simple_tag(takes_context=True)
def comment_thread(
    context: Context, project_id: int, week: date, *, has_entry: bool, is_open: bool = False
) -> Thread | None:
    """The comments under the entry; ``None`` where there are none and none can be written.

    ``?comments=`` opens those of one project (its key) or of all (``all``).
    """
    comments, access = context.get("comments"), context.get("access")
    if comments is None or access is None:
        return None
    under_entry = comments.get((project_id, week), ())
    may_write = has_entry and not access.team.is_history(week)
    if not under_entry and not may_write:
        return None
    is_wanted = context["request"].GET.get("comments") in (str(project_id), "all")
    return Thread(project_id, week, under_entry, may_write=may_write, is_open=is_open or is_wanted)


@register.simple_tag(takes_context=True)
def card_comments(context: Context, assignment: Assignment) -> Thread | None:
    """Those of a project on the check-in: of this week's entry or, where it has none, of the last
    entry before it.
    """
    project, last = assignment.project.pk, assignment.previous
    comments = context.get("comments") or {}
    week = assignment.week
    if last is not None and (project, week) not in comments and (project, last.week) in comments:
        week = last.week
    has_entry = week != assignment.week or assignment.entry is not None
    thread: Thread | None = comment_thread(context, project, week, has_entry=has_entry)
    return thread


@register.simple_tag(takes_context=True)
def comment_link(context: Context, thread: Thread, name: str) -> SafeString:
    """Opens the form for the first comment; a template would cost more than all else of a row."""
    access: Access = context["access"]
    return format_html(
        '<a class="comment-open" href="{0}" hx-get="{0}" hx-target="#{1}" hx-swap="outerHTML"'
        ' aria-label="{2}">{3}</a>',
        reverse(
            "projects:comment_list",
            args=(access.team.slug, thread.project_id, access.team.week_label(thread.week)),
        ),
        thread.anchor,
        _("Comment on %(name)s") % {"name": name},
        _("Comment"),
    )


@register.filter
def may_remove(access: Access, comment: Comment) -> bool:
    """As ``access.get_comment_for_author`` has it."""
    return comment.removed_at is None and (access.is_manager or comment.author_id == access.user.pk)


@register.filter
def names_mentioned(comment: Comment, access: Access) -> str:
    """Whom it names after an @, as the team tells its members apart."""
    return _(", ").join(access.team.told_apart(*names) for names in comment.mentioned)
