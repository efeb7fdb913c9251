from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from projects.access import get_team_for_manager, get_week
from projects.models import Language
from reports.digest import recipients
from reports.pages.navigation import navigation_of
from reports.views.shown_mail import LOOKS, shown_mail

# The page shows the mail in a frame, which stands for the mail program.
_WITH_FRAME: Final[dict[str, Any]] = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}


@require_safe
@csp_override(_WITH_FRAME)
def digest_preview(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """The digest mail of the week as its readers get it: of the latest edition, or of the draft."""
    access = get_team_for_manager(request, team)
    week = get_week(access.team, label)
    shown = shown_mail(request, access, week)
    context = {
        "access": access,
        "section": "weeks",
        "navigation": navigation_of(access.team, week),
        "shown": shown,
        "query": shown.query(),
        "looks": [(look, shown.query(look=look)) for look in LOOKS],
        "languages": Language.choices,
        "text": shown.own.text_of(shown.mail),
        "size": len(shown.own.html_of(shown.mail).encode()),
        "from_email": settings.DEFAULT_FROM_EMAIL,
        "recipients": recipients.recipients_of(access.team),
    }
    return render(request, "reports/digest_preview.html", context)
