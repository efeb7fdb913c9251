"""Loads the demo team: half a year of a department's life, ending in the present week.

Before that lies its history, a few pages written by hand.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from projects import facts, weeks
from projects.models import Team, WeekFacts
from projects.teams import setup
from reports.demo.pages import create_pages, create_questions
from reports.demo.past import import_past
from reports.demo.people import create_goals, create_metrics, create_people
from reports.demo.story import WEEKS, monday, read_cast, read_story, read_weeks
from reports.demo.work import ReportClock, create_projects

SLUG: Final = "demo"
NAME: Final = "支付产研"
_NOON: Final = 12 * 60


@transaction.atomic
def load_demo(password: str, *, today: date | None = None) -> Team:
    """The demo team, made if it is not there yet; whatever was done to it since stays.

    Its users ``manager``, ``lead`` and ``viewer`` sign in with ``password``. The same day gives
    the same data, and so does every day of a week but for the times of this week's reports.
    """
    if (team := Team.objects.filter(slug=SLUG).first()) is not None:
        return team
    team = setup.create_team(SLUG, NAME)
    clock = _clock(team, today)
    team.starts_on = monday(clock.present, WEEKS - 1)
    team.created_at = clock.moment(team.starts_on, _NOON)  # it was set up long ago
    team.save(update_fields=["starts_on", "created_at"])
    cast = read_cast()
    users = create_people(team, cast.people, password)
    goals = create_goals(team, cast, users, clock.present)
    stories = tuple(read_story(name) for name in cast.stories)
    projects = create_projects(stories, clock, goals, users)
    create_metrics(team, cast, goals, projects, clock.present)
    create_pages(read_weeks(), clock, projects)
    create_questions(cast.questions, clock, projects, users["manager"])
    import_past(team, clock.present)
    _announce(team, clock.present)
    return team


def _clock(team: Team, today: date | None) -> ReportClock:
    now = timezone.now()
    today = today or team.local(now).date()
    clock = ReportClock(team, weeks.monday_of(today), now)
    noon: datetime = clock.moment(today, _NOON)
    return ReportClock(team, clock.present, min(now, noon))


def _announce(team: Team, present: date) -> None:
    """All pages are stale; only the present one is compiled at once, the sweep finds the rest."""
    WeekFacts.objects.bulk_create(
        WeekFacts(team=team, week=monday(present, ago)) for ago in range(1, WEEKS)
    )
    facts.announce(team, [present])
