"""The comments under an entry: read and written by whoever may see it, taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from okrtracker import htmx
from projects.access import Access, get_comment_for_author, get_project_for_user
from projects.comments import threads, writing
from projects.comments.mentions import Choice, SeveralMeant, choices
from projects.comments.threads import Thread
from projects.forms.checkin.comments import CommentForm
from projects.models import Comment, Project, StatusEntry
from projects.teams.week_addresses import get_week


@require_http_methods(["GET", "HEAD", "POST"])
def comment_list(request: HttpRequest, team: str, project_id: int, label: str) -> HttpResponse:
    """The comments under a project's entry of a week, and a form for another: a page, or for htmx
    what stands under the entry. ``?closed`` gives it back without the form.
    """
    access, project = get_project_for_user(request, team, project_id)
    week = get_week(access.team, label)
    entry = StatusEntry.objects.filter(project=project, week=week).first()
    thread = _thread(access, project, week, entry)
    if request.method != "POST":
        if not thread.may_write and not thread.comments:
            raise Http404
        has_form = thread.may_write and "closed" not in request.GET
        form = CommentForm(anchor=thread.anchor) if has_form else None
        return _show(request, access, project, thread, form=form, entry=entry)
    form = CommentForm(request.POST, anchor=thread.anchor)
    if form.is_valid() and (comment := _written(form, access, project, week)):
        return _changed(request, access, comment, _("Your comment is written."))
    return _show(request, access, project, thread, form=form, entry=entry, status=422)


def _written(form: CommentForm, access: Access, project: Project, week: date) -> Comment | None:
    """``None`` where something is in the way, which the form then says."""
    try:
        return writing.write(project, week, form.cleaned_data["text"], by=access.user)
    except SeveralMeant as several:
        form.ask_which(several.people)
    except writing.TooManyMentioned:
        form.refuse_crowd()
    except writing.OfHistory:
        raise PermissionDenied from None
    return None


@require_POST
def comment_remove(request: HttpRequest, team: str, comment_id: int) -> HttpResponse:
    """Take a comment back: one's own, or as a manager anybody's."""
    access, comment = get_comment_for_author(request, team, comment_id)
    comment = writing.remove(comment, by=access.user)
    return _changed(request, access, comment, _("The comment is removed."))


def _thread(access: Access, project: Project, week: date, entry: StatusEntry | None) -> Thread:
    """Open, for its own page or for htmx."""
    comments = threads.of_projects(access.team, [project.pk], [week]).get((project.pk, week), ())
    may_write = entry is not None and not access.team.is_history(week)
    return Thread(project.pk, week, comments, may_write=may_write, is_open=True)


def _people(access: Access) -> tuple[Choice, ...]:
    """Whom a comment of this reader can name."""
    people = writing.people_of(access.team)
    return choices(person for person in people if person.id != access.user.pk)


def _changed(request: HttpRequest, access: Access, comment: Comment, notice: str) -> HttpResponse:
    """The thread with the comment as it is now: for htmx in place, else its page."""
    project, week = comment.project, comment.week
    if htmx.wants_partial(request):
        entry = StatusEntry.objects.filter(project=project, week=week).first()
        thread = _thread(access, project, week, entry)
        return _show(request, access, project, thread, changed=comment.pk, notice=notice)
    messages.success(request, notice)
    label = access.team.week_label(week)
    page = reverse("projects:comment_list", args=(access.team.slug, project.pk, label))
    return redirect(f"{page}#comment-{comment.pk}")


def _show(
    request: HttpRequest,
    access: Access,
    project: Project,
    thread: Thread,
    *,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    context = {
        "access": access,
        "section": "projects",
        "project": project,
        "thread": thread,
        "people": _people(access) if extra.get("form") else (),
        **extra,
    }
    template, partial = "projects/comment_list.html", "comment_thread"
    return htmx.render(request, template, partial, context, status=status)
