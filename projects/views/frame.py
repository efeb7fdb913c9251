"""The frame of a page that no view rendered for its team: what is not there, or not open to all."""

from __future__ import annotations

import re
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.functional import SimpleLazyObject

from projects.access import Access, get_team_for_user

_TEAM: Final = re.compile(r"/t/([-\w]+)/", re.ASCII)


def team_of_address(request: HttpRequest) -> dict[str, Any]:
    """A context processor: ``access`` to the team whose address was asked for, for its members.

    A view that renders a page of a team hands in its own. What is left are the answers 403 and
    404; to everybody else they look as if there were no such team. No query unless it is asked.
    """
    match = _TEAM.match(request.path_info)
    return {"access": SimpleLazyObject(lambda: _access(request, match[1]))} if match else {}


def _access(request: HttpRequest, slug: str) -> Access | None:
    if not hasattr(request, "user"):  # refused before the session was read
        return None
    try:
        return get_team_for_user(request, slug)
    except (Http404, PermissionDenied):
        return None
