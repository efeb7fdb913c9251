"""``/metrics/``: what Prometheus reads."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone

from okrtracker.mail.models import SendState
from okrtracker.metrics import MetricsMiddleware
from reports.models import Delivery, Heartbeat
from tests.conftest import Personas
from tests.factories import make_delivery, make_edition, make_subscriber

TOKEN = {"Authorization": "Bearer of-prometheus"}


def _values(response: Any) -> dict[str, float]:
    """The value by name and labels, as they are printed."""
    lines = response.content.decode().splitlines()
    pairs = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in pairs}


@pytest.mark.django_db
def test_it_opens_with_its_token_only() -> None:
    assert Client().get("/metrics/", headers=TOKEN).status_code == 404
    with override_settings(METRICS_TOKEN="of-prometheus"):
        assert Client().get("/metrics/").status_code == 401
        assert Client().get("/metrics/", headers={"Authorization": "Bearer x"}).status_code == 401
        assert Client().get("/metrics/", headers=TOKEN).status_code == 200


@override_settings(METRICS_TOKEN="of-prometheus")
def test_state_is_told_and_requests_are_counted(
    personas: Personas, django_assert_num_queries: Any
) -> None:
    Heartbeat.objects.create(part="tick", at=timezone.now())
    edition = make_edition(personas.team)
    make_delivery(edition, make_subscriber(personas.team))
    make_delivery(edition, make_subscriber(personas.team, "no@example.com"))
    Delivery.objects.filter(recipient="no@example.com").update(state=SendState.FAILED)

    def view(_request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return HttpResponse()

    MetricsMiddleware(view)(RequestFactory().get("/"))
    with django_assert_num_queries(14):
        values = _values(Client().get("/metrics/", headers=TOKEN))
    assert values["okr_database_up"] == 1
    assert 0 <= values["okr_tick_age_seconds"] < 60
    assert values['okr_messages_waiting{kind="delivery"}'] == 1
    assert values['okr_messages_failed{kind="delivery"}'] == 1
    assert values['okr_requests_total{method="GET",status="200",view=""}'] >= 1
    assert values['okr_queries_total{view=""}'] >= 1
