"""Setting up a team: itself with its stages."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from projects.models import Stage, Team
from projects.weeks import Numbering

# The steps of a project's life that a new team begins with; it edits the list as it likes.
STAGES: Final = ("待排期", "方案评审", "研发", "联调", "测试", "上线", "投产")


@transaction.atomic
def create_team(slug: str, name: str = "", numbering: Numbering = "calendar") -> Team:
    """A new team with the usual stages. Raises ``IntegrityError`` when the slug is taken."""
    team = Team.objects.create(slug=slug, name=name or slug, week_numbering=numbering)
    Stage.objects.bulk_create(
        Stage(team=team, name=stage, position=position) for position, stage in enumerate(STAGES)
    )
    return team
