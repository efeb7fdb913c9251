"""The demo team itself: its people, cycles, objectives, and what it measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.contrib.auth.hashers import make_password

from projects.models import (
    Cycle,
    KeyResult,
    Membership,
    Metric,
    Objective,
    Project,
    Reading,
    Team,
    User,
)
from projects.objectives import cycles
from projects.weeks import cycle_of
from reports.demo.story import WEEKS, Cast, CastMetric, Person, monday

# These sign in; the others are only names on the page.
SIGN_IN: Final = ("manager", "lead", "viewer")


def create_people(team: Team, people: Mapping[str, Person], password: str) -> dict[str, User]:
    """The team's members by their keys. Hashing is slow by design, so one hash serves all three."""
    hashed = make_password(password)
    users = {}
    for key, person in people.items():
        username = key if key in SIGN_IN else f"demo-{key}"
        secret = hashed if key in SIGN_IN else make_password(None)
        users[key], _ = User.objects.update_or_create(
            username=username,
            defaults={
                "name": person.name,
                "password": secret,
                "email": f"{username}@demo.example",  # of no real domain, so never delivered
            },
        )
    Membership.objects.bulk_create(
        Membership(team=team, user=users[key], role=person.role) for key, person in people.items()
    )
    return users


@dataclass(frozen=True, slots=True)
class Goals:
    """The objectives of two neighbouring half-years."""

    cycles: tuple[Cycle, Cycle]
    by_code: Mapping[str, tuple[Objective, Objective]]  # in the cycle before, in the present one

    def objective(self, code: str, week: date) -> Objective:
        """The one that a project stood under in that week: of the week's cycle."""
        return self.by_code[code][cycle_of(week, self.cycles) == self.cycles[1]]


def create_goals(team: Team, cast: Cast, users: Mapping[str, User], present: date) -> Goals:
    now = cycles.new_cycle(team, present)
    before = cycles.new_cycle(team, now.starts_on - timedelta(days=1))
    now.save()
    before.save()
    by_code = {}
    for position, (code, objective) in enumerate(cast.objectives.items()):
        first, second = (
            Objective.objects.create(
                team=team,
                cycle=cycle,
                code=code,
                name=name,
                owner=users[objective.owner],
                position=position,
            )
            for cycle, name in zip((before, now), objective.names, strict=True)
        )
        second.carried_from = first
        second.save(update_fields=["carried_from"])
        by_code[code] = (first, second)
    return Goals((before, now), by_code)


def create_metrics(
    team: Team, cast: Cast, goals: Goals, projects: Mapping[str, Project], present: date
) -> None:
    readings: list[Reading] = []
    for position, cast_metric in enumerate(cast.metrics):
        metric = Metric.objects.create(
            team=team,
            name=cast_metric.name,
            unit=cast_metric.unit,
            project=projects[cast_metric.project] if cast_metric.project else None,
            target=cast_metric.target,
            direction=cast_metric.direction,
            position=position,
        )
        readings += _readings(metric, cast_metric, present)
        for code, ends in cast_metric.goals.items():
            for objective, (baseline, target) in zip(goals.by_code[code], ends, strict=True):
                KeyResult.objects.create(
                    team=team,
                    objective=objective,
                    metric=metric,
                    baseline=baseline,
                    target=target,
                    position=position,
                )
    Reading.objects.bulk_create(readings)


def _readings(metric: Metric, cast_metric: CastMetric, present: date) -> list[Reading]:
    return [
        Reading(
            team=metric.team,
            metric=metric,
            week=monday(present, ago),
            value=value,
            note=cast_metric.notes.get(ago, ""),
        )
        for ago, value in zip(reversed(range(WEEKS)), cast_metric.readings, strict=True)
    ]
