"""What the screens around the weekly page say of a project."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.models import Team
from reports.weekly.document import Entry

register = template.Library()


@register.filter
def silence(entry: Entry) -> str:
    """How long nobody has updated a project."""
    if entry.last_week is None:
        return _("never updated")
    weeks = entry.weeks_silent
    return ngettext("for %(n)s week", "for %(n)s weeks", weeks) % {"n": weeks}


@register.simple_tag
def project_link(team: Team, entry: Entry) -> SafeString:
    url = reverse("projects:project_detail", args=(team.slug, entry.project_id))
    return format_html('<a href="{}">{}</a>', url, entry.project)
