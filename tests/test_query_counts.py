"""No page's number of queries grows with the projects of a team or the weeks of its history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.models import (
    Cycle,
    Incident,
    KeyResult,
    Membership,
    Metric,
    Milestone,
    Objective,
    Question,
    Stage,
)
from reports import pages
from tests.addresses import WHO, path_of, patterns
from tests.bench.history import Department, make_department

# (projects, weeks): the usual team, ten times as many projects, five years of history.
SIZES = [(40, 12), (400, 12), (40, 260)]


def values_of(department: Department) -> dict[str, object]:
    team = department.team

    def first(model: type[Model]) -> object:
        return model._default_manager.filter(team=team).order_by("pk").values_list("pk")[0][0]

    return {
        "team": team.slug,
        "label": team.week_label(department.week),
        "ending": "md",
        "field": "text",
        "project": department.project.pk,
        "milestone": first(Milestone),
        "question": first(Question),
        "objective": first(Objective),
        "cycle": first(Cycle),
        "metric": first(Metric),
        "key_result": first(KeyResult),
        "incident": first(Incident),
        "stage": first(Stage),
        "membership": first(Membership),
    }


@contextmanager
def department_of(projects: int, weeks: int) -> Iterator[Department]:
    """A team of that size, gone again afterwards."""
    with transaction.atomic():
        department = make_department(projects, weeks)
        pages.compile_page(department.team, department.week)
        cache.clear()
        yield department
        transaction.set_rollback(True)


def queries_of_each_page(department: Department) -> dict[str, int]:
    client = Client()
    client.force_login(department.manager)
    values = values_of(department)
    counts = {}
    for pattern in patterns():
        if "manager" in WHO[pattern.name].reads:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                response = client.get(path_of(pattern, values))
            assert response.status_code in (200, 204, 302), pattern.name
            counts[pattern.name] = len(asked)
    return counts


@pytest.mark.django_db
def test_pages_ask_as_often_whatever_the_size() -> None:
    counts = []
    for projects, weeks in SIZES:
        with department_of(projects, weeks) as department:
            counts.append(queries_of_each_page(department))
    usual, *others = counts
    for other in others:
        assert other == usual
    assert usual["reports:dashboard"] <= 12
