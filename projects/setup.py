"""Setting up a team: itself with its stages, and the cycle that a week falls in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db import transaction

from projects.models import Cycle, Stage, Team
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


def half_year(day: date) -> tuple[date, date, str]:
    """First day, last day and name (2024H1) of the half-year that holds the day."""
    if day.month <= 6:
        return date(day.year, 1, 1), date(day.year, 6, 30), f"{day.year}H1"
    return date(day.year, 7, 1), date(day.year, 12, 31), f"{day.year}H2"


def new_cycle(team: Team, day: date) -> Cycle:
    """A cycle, not saved yet, for a day that no cycle of the team holds.

    It is the half-year, shortened where neighbouring cycles reach into it.
    """
    starts_on, ends_on, name = half_year(day)
    for other in team.cycles.filter(starts_on__lte=ends_on, ends_on__gte=starts_on):
        if other.ends_on < day:
            starts_on = max(starts_on, other.ends_on + timedelta(days=1))
        else:
            ends_on = min(ends_on, other.starts_on - timedelta(days=1))
    taken = set(team.cycles.values_list("name", flat=True))
    number = 2
    while name in taken:
        name = f"{half_year(day)[2]}-{number}"
        number += 1
    return Cycle(team=team, name=name, starts_on=starts_on, ends_on=ends_on)
