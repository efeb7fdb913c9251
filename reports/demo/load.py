"""Loads the demo team: half a year of a department's life, ending in the present week.

Before that lies its history, a few pages written by hand.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from projects import facts
from projects.models import Team, WeekFacts
from projects.teams import setup
from reports.demo.cast import read_cast, read_weeks
from reports.demo.clock import DemoClock, clock_of
from reports.demo.pages import create_pages
from reports.demo.past import import_past
from reports.demo.people import create_goals, create_metrics, create_people
from reports.demo.run import live_through
from reports.demo.story import WEEKS, read_story
from reports.demo.work import create_projects

SLUG: Final = "demo"
NAME: Final = "支付产研"
_NOON: Final = 12 * 60


@transaction.atomic
def load_demo(password: str, *, now: datetime | None = None) -> Team:
    """The demo team, made if it is not there yet; whatever was done to it since stays.

    Its users ``manager``, ``lead`` and ``viewer`` sign in with ``password``. The same moment gives
    the same data, and nothing of it is later than that.
    """
    if (team := Team.objects.filter(slug=SLUG).first()) is not None:
        return team
    now = now or timezone.now()
    team = create_facts(password, now)
    live_through(team, now)
    return team


@transaction.atomic
def create_facts(password: str, now: datetime) -> Team:
    """The team with what its people entered, and nothing published yet."""
    team = setup.create_team(SLUG, NAME)
    clock = clock_of(team, now)
    team.starts_on = clock.week(WEEKS - 1)
    team.created_at = clock.moment(team.starts_on, _NOON)  # it was set up long ago
    team.save(update_fields=["starts_on", "created_at"])
    cast = read_cast()
    people = create_people(clock, cast, password)
    goals = create_goals(clock, cast, people)
    stories = tuple(read_story(name) for name in cast.stories)
    projects = create_projects(stories, clock, goals, people)
    create_metrics(clock, cast, goals, people, projects)
    create_pages(read_weeks(), clock, projects, people["manager"])
    import_past(clock, people["manager"])
    _announce(clock)
    return team


def _announce(clock: DemoClock) -> None:
    """All pages are stale; only the present one is compiled at once, the sweep finds the rest."""
    WeekFacts.objects.bulk_create(
        WeekFacts(team=clock.team, week=clock.week(ago)) for ago in range(1, WEEKS)
    )
    facts.announce(clock.team, [clock.present])
