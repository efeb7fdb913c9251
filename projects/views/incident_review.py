from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from okrtracker import htmx, return_address
from projects import operations
from projects.access import Access, get_incident_for_reporter
from projects.conflicts import EditConflict
from projects.forms.incidents import IncidentReviewForm


@require_http_methods(["GET", "HEAD", "POST"])
def incident_review(request: HttpRequest, team: str, incident_id: int) -> HttpResponse:
    """Why an incident happened and what was done: a page, or for htmx what stands beside it.

    ``?closed`` gives back the line that opens the form.
    """
    access, incident = get_incident_for_reporter(request, team, incident_id)
    context = {
        "access": access,
        "section": "incidents",
        "incident": incident,
        "next": return_address.previous_page(request, _list(access)),
        "form": None,
    }
    with timezone.override(access.team.zone):
        if request.method == "POST":
            form = IncidentReviewForm(request.POST, incident=incident)
            if form.is_valid():
                try:
                    operations.review_incident(
                        incident, **form.cleaned_data, by=access.user, opened=form.opened
                    )
                except EditConflict as conflict:
                    form.show_both(conflict)
                else:
                    return _reviewed(request, access, context)
            return _render(request, context | {"form": form}, status=422)
        if "closed" not in request.GET:
            context["form"] = IncidentReviewForm(incident=incident)
        return _render(request, context)


def _reviewed(request: HttpRequest, access: Access, context: dict[str, object]) -> HttpResponse:
    if htmx.wants_partial(request):
        return htmx.trigger(_render(request, context), "facts-changed")
    messages.success(request, _("The review is saved."))
    return return_address.redirect_back(request, _list(access))


def _list(access: Access) -> str:
    return reverse("projects:incident_list", args=(access.team.slug,))


def _render(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    template = "projects/incident_review.html"
    return htmx.render(request, template, "incident_review", context, status=status)
