from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_project_for_manager
from projects.models import ProjectMerge
from projects.portfolio import merge
from projects.portfolio.merge import Conflict


@require_POST
def project_merge_undo(
    request: HttpRequest, team: str, project_id: int, project_merge_id: int
) -> HttpResponse:
    """Take two projects apart again; where that cannot be, the settings say why."""
    access, project_merge = get_project_for_manager(request, team, project_id)
    done = get_object_or_404(ProjectMerge, kept=project_merge, pk=project_merge_id)
    try:
        back = merge.undo(done, by=access.user)
    except merge.UndoRefused as refused:
        for conflict in refused.conflicts:
            messages.error(request, _words(conflict))
        return redirect("projects:project_settings", access.team.slug, project_merge.pk)
    messages.success(request, _("Taken apart again: %(name)s") % {"name": back})
    return redirect("projects:project_settings", access.team.slug, back.pk)


def _words(conflict: Conflict) -> str:
    words = {
        "name_taken": _("Not undone: “%(subject)s” names another project by now."),
        "entry_edited": _("Not undone: the joined update of %(subject)s was changed since."),
        "merged_on": _("Not undone: this project was itself merged into %(subject)s."),
    }
    return words[conflict.kind] % {"subject": conflict.subject}
