from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.access import get_project_for_user
from projects.history import load
from projects.models import LedgerField

_ENTRIES = 26
_CHANGES = 40


@require_safe
def project_detail(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """One project: how it stands and got there, when it will be done, what was moved and why.

    ``?page`` is of the entries, ``?changes`` of the ledger, ``?field`` a ``LedgerField``.
    """
    access, project = get_project_for_user(request, team, project_id)
    field = request.GET.get("field", "")
    entries = Paginator(load.entries_of(project), _ENTRIES)
    changes = Paginator(load.changes_of(project, field), _CHANGES)
    context = {
        "access": access,
        "project": project,
        "section": "projects",
        "history": load.history_of(project),
        "entries": entries.get_page(request.GET.get("page")),
        "questions": load.questions_of(project),
        "metrics": load.metrics_of(project),
        "changes": changes.get_page(request.GET.get("changes")),
        "field": field if field in LedgerField.values else "",
        "ledger_fields": LedgerField.choices,
        "records": load.audit_of(project),
        "aliases": [alias for alias in project.aliases.all() if alias.name != project.name],
        "can_report": access.can_report(project),
        "today": access.team.today(),
    }
    return render(request, "projects/project_detail.html", context)
