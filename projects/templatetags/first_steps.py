"""What the first steps of a manager, a lead and a viewer are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

_NAMES: Final = {
    "manager": _("Manager"),
    "name": _("Name of the team"),
    "projects": _("Projects and leads"),
    "members": _("Members"),
    "cycle": _("Cycle"),
    "objectives": _("Objectives"),
    "start": _("Start"),
    "schedule": _("Schedule"),
    "mail": _("Test mail"),
    "page": _("First weekly page"),
    "update": _("First update"),
    "date": _("A milestone with its date"),
    "read": _("Read the page"),
    "digest": _("Digest by mail"),
}


@register.simple_tag
def step_name(step: str) -> str:
    return str(_NAMES[step])


@register.filter
def next_of(steps: Mapping[str, bool]) -> str:
    """The first step that is open; empty when there is none."""
    return next((step for step, is_done in steps.items() if not is_done), "")
