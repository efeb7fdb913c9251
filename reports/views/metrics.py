from __future__ import annotations

import os
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from okrtracker import broker
from okrtracker.requests import database_outage
from reports import operating
from reports.views.health import tick_age


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts of all processes and the state of the machine, as Prometheus reads them."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "")
    if not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    counted = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # as prometheus_client itself decides
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    standing = CollectorRegistry()
    standing.register(_Standing())
    text = generate_latest(counted) + generate_latest(standing)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


class _Standing(Collector):
    """What is so at this moment; what nobody can say is left out."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        has_database = database_outage.database_answers()
        yield GaugeMetricFamily("okr_database_up", "1 if it answers", value=has_database)
        yield GaugeMetricFamily("okr_broker_up", "1 if it answers", value=broker.answers())
        if (length := broker.queue_length()) is not None:
            yield GaugeMetricFamily("okr_queue_length", "Tasks that wait", value=length)
        if not has_database:
            return
        if (age := tick_age()) is not None:
            yield GaugeMetricFamily("okr_tick_age_seconds", "Since the last tick", value=age)
        try:
            yield from _messages()
        except DatabaseError:
            return


def _messages() -> Iterator[GaugeMetricFamily]:
    waiting = GaugeMetricFamily("okr_messages_waiting", "Not sent yet", labels=["kind"])
    failed = GaugeMetricFamily("okr_messages_failed", "Given up", labels=["kind"])
    for messages in operating.messages():
        waiting.add_metric([messages.kind], messages.waiting)
        failed.add_metric([messages.kind], messages.failed)
    yield waiting
    yield failed
