"""The names of a metric on its settings page. Who may, says tests/addresses.py."""

from __future__ import annotations

import pytest
from django.test import Client

from projects.models import Metric
from tests.conftest import Personas
from tests.factories import WEEK, make_metric, make_reading
from tests.html import elements, text, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def client(personas: Personas) -> Client:
    return personas.client("manager")


@pytest.fixture
def metric(personas: Personas) -> Metric:
    return make_metric(personas.team, "到账成功率")


def test_a_name_is_added_and_removed(client: Client, metric: Metric) -> None:
    page = f"/t/pay/metrics/{metric.pk}/"
    client.post(f"{page}aliases/add/", {"name": "到账率"})
    assert texts(client.get(page), "section[aria-labelledby=names] .what") == ["到账率"]
    alias = metric.aliases.get()
    client.post(f"{page}aliases/{alias.pk}/remove/")
    assert elements(client.get(page), "section[aria-labelledby=names] .what") == []
    response = client.post(f"{page}aliases/add/", {"name": "—"}, follow=True)
    assert text(response, ".notice.error") == "A name needs a letter or a figure."


def test_another_metric_is_taken_in_and_let_go(
    client: Client, personas: Personas, metric: Metric
) -> None:
    other = make_metric(personas.team, "日均到账率")
    page = f"/t/pay/metrics/{metric.pk}/"
    response = client.post(f"{page}merge/", {"other": str(other.pk)}, follow=True)
    assert texts(response, "section[aria-labelledby=merges] .what")[0].startswith("日均到账率")
    merge = metric.merges.get()
    client.post(f"{page}merges/{merge.pk}/undo/")
    assert Metric.objects.filter(name="日均到账率").exists()


def test_what_is_another_metric_is_said_to_be(
    client: Client, personas: Personas, metric: Metric
) -> None:
    other = make_metric(personas.team, "出账成功率")
    for row in (metric, other):
        make_reading(row, "99.9", WEEK)
    page = f"/t/pay/metrics/{metric.pk}/"
    response = client.post(f"{page}merge/", {"other": str(other.pk)}, follow=True)
    assert "both have a value in 2024-W25" in text(response, ".notice.error")
    response = client.post(f"{page}merge/", {"other": "x"}, follow=True)
    assert text(response, ".notice.error") == "Choose the metric that is this one, too."
