"""``/health/``: what monitors and balancers ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings
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
    assert response.json() == {
        "status": "ok",
        "problems": [],
        "database": True,
        "broker": True,
        "tick_age": 0,
    }
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
    assert response.json()["problems"] == ["no tick for 181 s: worker, beat or broker is down"]
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
    assert answer == {
        "status": "down",
        "problems": ["the database does not answer"],
        "database": False,
        "broker": True,
        "tick_age": None,
    }
    assert "secret" not in response.content.decode()
    assert Client().get("/health/live/").status_code == 200


@pytest.mark.django_db
def test_it_is_only_read() -> None:
    for path in ("/health/", "/health/live/", "/health/ready/", "/metrics/"):
        assert Client().post(path).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/", "/health/live/", "/health/ready/"])
def test_probe_is_answered_by_any_name_by_address_and_by_plain_http(path: str) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True):
        for name in ("10.1.2.3", "okr-web-5d4f.internal", "under_score"):
            assert Client().get(path, headers={"Host": name}).status_code == 200
        assert Client().get("/", headers={"Host": "10.1.2.3"}).status_code == 400


@pytest.mark.django_db
def test_not_ready_before_the_tables_are_those_of_this_version() -> None:
    assert Client().get("/health/ready/").json() == {"status": "ok", "problems": []}
    MigrationRecorder.Migration.objects.filter(app="reports").order_by("-pk")[0].delete()
    response = Client().get("/health/ready/")
    assert response.status_code == 503
    [problem] = response.json()["problems"]
    assert "manage.py migrate" in problem


def test_a_broker_s_address_where_nobody_listens(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert broker.answers() is False
