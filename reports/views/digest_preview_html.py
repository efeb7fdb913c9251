from __future__ import annotations

import base64
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from projects.access import get_team_for_manager, get_week
from reports.views.shown_mail import shown_mail

# A mail has its own styles and pictures; nothing in it may run or be loaded.
_OF_A_MAIL: Final[dict[str, Any]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [CSP.SELF],
    "sandbox": "",
}
_NIGHT: Final = "(prefers-color-scheme: dark)"
_ALWAYS, _NEVER = "all", "not all"


@require_safe
@xframe_options_sameorigin
@csp_override(_OF_A_MAIL)
def digest_preview_html(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """The HTML of the digest mail, as a mail program shows it by day or by night."""
    access = get_team_for_manager(request, team)
    shown = shown_mail(request, access, get_week(access.team, label))
    html = shown.own.html_of(shown.mail)
    for picture in shown.mail.images:
        data = base64.b64encode(picture.png).decode("ascii")
        html = html.replace(f"cid:{picture.cid}", f"data:image/png;base64,{data}")
    return HttpResponse(html.replace(_NIGHT, _ALWAYS if "dark" in shown.look else _NEVER))
