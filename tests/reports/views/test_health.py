"""``/health/``: what monitors and balancers ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from okrtracker import broker
from okrtracker.requests import database_outage
from reports.models import Heartbeat


@pytest.fixture
def ticked() -> None:
    Heartbeat.objects.update_or_create(part="tick", defaults={"at": timezone.now()})


@pytest.mark.django_db
@pytest.mark.usefixtures("now", "ticked")
def test_healthy_machine_answers_ok() -> None:
    response = Client().get("/health/")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": True, "broker": True, "tick_age": 0}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_health_takes_few_queries(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        Client().get("/health/")


@pytest.mark.django_db
@pytest.mark.usefixtures("ticked")
def test_a_tick_that_is_late_is_told_and_pages_are_still_served() -> None:
    Heartbeat.objects.update(at=timezone.now() - timedelta(seconds=181))
    response = Client().get("/health/")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert response.json()["tick_age"] == 181
    assert Client().get("/health/?all").status_code == 503


@pytest.mark.django_db
def test_clock_that_never_ticked_is_degraded() -> None:
    answer = Client().get("/health/").json()
    assert (answer["status"], answer["tick_age"]) == ("degraded", None)


@pytest.mark.django_db
@pytest.mark.usefixtures("ticked")
def test_without_a_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "answers", lambda: False)
    response = Client().get("/health/")
    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert response.json()["broker"] is False


def test_without_a_database_it_says_so_and_does_not_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def cursor(self) -> None:
            raise OperationalError("no connection to postgres://user:secret@db/okrtracker")

    monkeypatch.setattr(database_outage, "connection", Away())
    response = Client().get("/health/")
    assert response.status_code == 503
    answer = response.json()
    assert answer == {"status": "down", "database": False, "broker": True, "tick_age": None}
    assert "secret" not in response.content.decode()


@pytest.mark.django_db
def test_it_is_only_read() -> None:
    assert Client().post("/health/").status_code == 405


def test_a_broker_s_address_where_nobody_listens(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert broker.answers() is False
