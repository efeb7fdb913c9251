"""What the login page of a demo says, and no other."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.conf import settings

from okrtracker.demo import SIGN_IN
from projects.models import Membership
from projects.teams.members import members_signing_in_as

register = template.Library()


@dataclass(frozen=True, slots=True)
class Demo:
    """Who signs in there, all with one password."""

    members: list[Membership]
    password: str


@register.simple_tag
def demo() -> Demo | None:
    """``None`` where this is no demo: ``settings.DEMO_PASSWORD`` is not set."""
    password: str = settings.DEMO_PASSWORD
    return Demo(members_signing_in_as(SIGN_IN), password) if password else None
