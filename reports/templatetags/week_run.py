"""What the screen of a week's run, and the mails to managers, say of its steps and people."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.weekly.duties import NotUpdated

register = template.Library()


@register.simple_tag
def times_reminded(one: NotUpdated) -> str:
    """How often the lead was asked for the week's update, or why nobody could be."""
    if one.times:
        return ngettext("reminded once", "reminded %(n)s times", one.times) % {"n": one.times}
    if not one.lead:
        return _("nobody to remind")
    return _("not reminded") if one.is_reachable else _("no mail address")


@register.simple_tag
def last_heard(one: NotUpdated) -> str:
    """How long the project has been silent."""
    if (silent := one.weeks_silent) is None:
        return _("never updated")
    return ngettext("last updated %(n)s week ago", "last updated %(n)s weeks ago", silent) % {
        "n": silent
    }
