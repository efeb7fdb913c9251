"""Ways from the help to the screens that it speaks of."""

from __future__ import annotations

from typing import Any, Final

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from projects.access import Access

register = template.Library()

# The screens that not every member may open: what a reader must have.
_FOR: Final = {
    "projects:checkin": "may_report",
    "projects:team_settings": "is_manager",
    "reports:publish": "is_manager",
}
_OF_A_WEEK: Final = {"reports:publish", "reports:weekly_page_draft"}


@register.simple_tag(takes_context=True)
def place(context: dict[str, Any], view: str, name: str) -> SafeString:
    """A link to that screen of the team, of the present week; its name alone to who may not go."""
    access: Access = context["access"]
    if not getattr(access, _FOR.get(view, ""), True):
        return format_html("{}", name)
    team = access.team
    week = (team.week_label(team.this_week()),) if view in _OF_A_WEEK else ()
    return format_html('<a href="{}">{}</a>', reverse(view, args=(team.slug, *week)), name)
