from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_project_for_reporter
from projects.forms.project_settings import AliasForm, refuse_empty, refuse_taken
from projects.portfolio import aliases
from projects.views.project_settings import changed, show


@require_POST
def alias_add(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """Let the project go by one more name; refused when another goes by it, which is then named."""
    access, project = get_project_for_reporter(request, team, project_id)
    form = AliasForm(request.POST)
    if form.is_valid():
        try:
            alias = aliases.add(project, form.cleaned_data["name"], by=access.user)
        except aliases.NameTaken as taken:
            refuse_taken(form, taken)
        except aliases.NameEmpty:
            refuse_empty(form)
        else:
            return changed(request, access, project, _("Added: %(name)s") % {"name": alias})
    return show(request, access, project, form)
