from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from okrtracker import htmx, returning
from projects.access import Access, get_project_for_manager, get_week
from projects.checkin import questions
from projects.forms.questions import QuestionForm


@require_http_methods(["GET", "HEAD", "POST"])
def question_ask(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """Ask about a project's entry of a week: a page, or for htmx what stands beside the entry.

    ``?week=`` says which week, this one without it; ``?text=`` what to begin with; ``?closed``
    gives back the button that opens the form.
    """
    access, project = get_project_for_manager(request, team, project_id)
    week, text = _week(request, access), request.GET.get("text", "")
    context = {
        "access": access,
        "project": project,
        "week_label": access.team.week_label(week),
        "text": text,
        "next": returning.page_before(request, _dashboard(access)),
        "asked": None,
        "form": None,
    }
    if request.method == "POST":
        form = QuestionForm(request.POST, project_id=project.pk)
        if form.is_valid():
            asked = questions.ask(project, week, form.cleaned_data["text"], by=access.user)
            return _asked(request, access, context | {"asked": asked})
        return _render(request, context | {"form": form}, status=422)
    if "closed" not in request.GET:
        context["form"] = QuestionForm(project_id=project.pk, text=text)
    return _render(request, context)


def _week(request: HttpRequest, access: Access) -> date:
    present = access.team.this_week()
    label = request.POST.get("week") or request.GET.get("week")
    week = get_week(access.team, label) if label else present
    if week > present:
        raise Http404
    return week


def _asked(request: HttpRequest, access: Access, context: dict[str, object]) -> HttpResponse:
    if htmx.wants_partial(request):
        return htmx.tell(_render(request, context), "facts-changed")
    messages.success(request, _("Asked: %(question)s") % {"question": context["asked"]})
    return returning.back(request, _dashboard(access))


def _dashboard(access: Access) -> str:
    return reverse("reports:dashboard", args=(access.team.slug,))


def _render(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    return htmx.render(
        request, "projects/question_ask.html", "question_ask", context, status=status
    )
