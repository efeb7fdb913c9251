"""What the screens around the weekly page say of a project."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.models import Team
from reports.render import wording
from reports.weekly.document import Entry, Kind, PageSection

register = template.Library()


@register.filter
def silence(entry: Entry) -> str:
    """How long nobody has updated a project."""
    if entry.last_week is None:
        return _("never updated")
    weeks = entry.weeks_silent
    return ngettext("for %(n)s week", "for %(n)s weeks", weeks) % {"n": weeks}


@register.filter
def group(section: PageSection) -> str:
    """Over the projects of a section in the table; old pages have one section a focus project."""
    if section.kind is Kind.FOCUS:
        return _("Focus projects")
    return wording.short_heading(section)


@register.simple_tag
def project_link(team: Team, entry: Entry) -> SafeString:
    url = reverse("projects:project_detail", args=(team.slug, entry.project_id))
    return format_html('<a href="{}">{}</a>', url, entry.project)
