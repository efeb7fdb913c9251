"""What a browser is told of the site as an application that can be installed."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# File, size, and what the system may do with the picture: ``maskable`` ones are cut to its shape.
_ICONS: Final = (
    ("okrtracker.svg", "any", "any"),
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("maskable-512.png", "512x512", "maskable"),
)


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def favicon(_request: HttpRequest) -> HttpResponseRedirect:
    """Browsers and chat programs ask for this name without reading the page that says another."""
    return HttpResponseRedirect(static("icons/icon-192.png"))


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def manifest(_request: HttpRequest, language: str) -> JsonResponse:
    """The web application manifest in that language; 404 for a language that pages do not have.

    It is asked for without cookies, so the language stands in its address.
    """
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        content = {
            "id": "/",
            "name": "OKR Tracker",
            "short_name": "OKR Tracker",
            "description": _("Objectives, projects and the weekly page of a team"),
            "lang": translation.to_locale(language).replace("_", "-"),
            "dir": "ltr",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f4f6f8",
            "theme_color": "#ffffff",
            "icons": [
                {"src": static(f"icons/{name}"), "sizes": sizes, "purpose": purpose}
                | {"type": "image/svg+xml" if name.endswith(".svg") else "image/png"}
                for name, sizes, purpose in _ICONS
            ],
        }
    return JsonResponse(content, content_type="application/manifest+json")
