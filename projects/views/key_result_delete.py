from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects import access as allowed
from projects.objectives import objectives


@require_POST
def key_result_delete(
    request: HttpRequest, team: str, objective: int, key_result: int
) -> HttpResponse:
    """Remove a key result; its metric and what was read of it stay."""
    access, found = allowed.get_key_result_for_user(
        allowed.signed_in(request), team, objective, key_result
    )
    allowed.require_manager(access)
    objectives.delete_key_result(found, by=access.user)
    messages.success(request, _("Deleted: %(name)s") % {"name": found.metric})
    return redirect("projects:objective_edit", access.team.slug, objective)
