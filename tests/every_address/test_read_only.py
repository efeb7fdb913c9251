"""While the database can be read only (a full disk, a standby), pages answer and saves say so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.urls import reverse

from projects import facts
from tests.addresses import WHO, path_of, patterns
from tests.every_address.test_authorisation import World, world
from tests.factories import WEEK

__all__ = ["world"]

# Whose address names no week; the others show no page that its reader may have to compile.
SHOWING_A_WEEK = {
    "projects:checkin",
    "projects:project_detail",
    "reports:dashboard",
    "reports:dashboard_export",
    "reports:dashboard_progress",
    "reports:objective_list",
    "reports:objective_detail",
}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@contextmanager
def read_only() -> Iterator[None]:
    """On SQLite; PostgreSQL takes nothing after an error, in the transaction of a test."""
    if connection.vendor != "sqlite":
        pytest.skip("tests/machine/test_database_away.py asks a real one")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            with transaction.atomic():
                yield
                transaction.set_rollback(True)
        finally:
            cursor.execute("PRAGMA query_only = OFF")


def test_every_page_of_a_week_is_there(world: World) -> None:
    """Also that of a week whose facts are newer than it, by a reader who finds nothing cached."""
    facts.announce(world.personas.team, [WEEK])
    caches["default"].clear()
    broken = {}
    for pattern in patterns():
        is_of_week = "label" in pattern.parameters or pattern.name in SHOWING_A_WEEK
        if "manager" not in WHO[pattern.name].reads or not is_of_week:
            continue
        with read_only():
            answer = world.client("manager").get(path_of(pattern, world.own))
        if answer.status_code >= 500:
            broken[pattern.name] = answer.status_code
    assert broken == {}


def test_a_save_says_so_and_keeps_what_was_typed(world: World) -> None:
    path = reverse("projects:incident_new", args=[world.own["team"]])
    form = {"occurred_at": "2024-06-18T12:03", "description": "支付回调超时"}
    with read_only():
        answer = world.client("manager").post(path, form)
    assert answer.status_code == 503
    assert "<h1>Nothing can be saved at the moment</h1>" in answer.text
    assert 'name="description" value="支付回调超时"' in answer.text
