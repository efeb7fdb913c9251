from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects import access as allowed
from projects.history import load
from projects.models import LedgerField

_ENTRIES = 26
_CHANGES = 40


@require_safe
def project_detail(request: HttpRequest, team: str, project: int) -> HttpResponse:
    """One project: how it stands and got there, when it will be done, what was moved and why.

    ``?page`` is of the entries, ``?changes`` of the ledger, ``?field`` a ``LedgerField``.
    """
    access, found = allowed.get_project_for_user(allowed.signed_in(request), team, project)
    field = request.GET.get("field", "")
    entries = Paginator(load.entries_of(found), _ENTRIES)
    changes = Paginator(load.changes_of(found, field), _CHANGES)
    context = {
        "access": access,
        "project": found,
        "section": "projects",
        "history": load.history_of(found),
        "entries": entries.get_page(request.GET.get("page")),
        "questions": load.questions_of(found),
        "metrics": load.metrics_of(found),
        "changes": changes.get_page(request.GET.get("changes")),
        "field": field if field in LedgerField.values else "",
        "ledger_fields": LedgerField.choices,
        "records": load.audit_of(found),
        "aliases": [alias for alias in found.aliases.all() if alias.name != found.name],
        "can_report": access.can_report(found),
        "today": access.team.today(),
    }
    return render(request, "projects/project_detail.html", context)
