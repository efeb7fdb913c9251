"""The arguments that the commands about a team's week share."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date

from django.core.management.base import CommandError

from projects import weeks
from projects.models import Team

# The team that import_weekly makes when none is named.
_DEFAULT_SLUG = "team"


def add_team(parser: ArgumentParser) -> None:
    parser.add_argument("--team", metavar="SLUG", help="the team; not needed where there is one")


def add_week(parser: ArgumentParser, *, required: bool) -> None:
    parser.add_argument(
        "week",
        metavar="WEEK",
        nargs=None if required else "?",
        help="2024-W25 in the team's numbering, or any date in the week (2024-06-20)",
    )


def chosen_team(slug: str | None) -> Team:
    """The named team; without a name the only one, or the one called ``team``."""
    teams = {team.slug: team for team in Team.objects.order_by("slug")}
    if slug is None:
        slug = next(iter(teams), _DEFAULT_SLUG) if len(teams) <= 1 else _DEFAULT_SLUG
    if slug in teams:
        return teams[slug]
    slugs = ", ".join(teams) or "there is none yet"
    raise CommandError(f"No team {slug!r}. Choose one with --team: {slugs}.")


def chosen_week(team: Team, text: str | None) -> date:
    """The Monday of the week that was named, or of the team's present week."""
    if text is None:
        return team.this_week()
    try:
        return weeks.parse(text, team.numbering)
    except ValueError:
        raise CommandError(
            f"{text!r} is no week: write {team.week_label(team.this_week())} or a date in it."
        ) from None
