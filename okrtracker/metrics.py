"""What is counted while it happens, for Prometheus. What stands in the database is asked there
(``reports.views.metrics``).

Web and workers are several processes: with ``METRICS_TOKEN`` each counts in files of its own in
``VAR_DIR/metrics``, and whoever answers adds all of them up.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from celery import Task, signals
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS: Final = Counter("okr_requests", "Requests answered", ("view", "method", "status"))
DURATIONS: Final = Histogram("okr_request_seconds", "Of requests", ("view",), buckets=_SECONDS)
QUERIES: Final = Counter("okr_queries", "Queries of the database in requests", ("view",))
TASKS: Final = Counter("okr_tasks", "Tasks done", ("task", "state"))
TASK_DURATIONS: Final = Histogram("okr_task_seconds", "Of tasks", ("task",), buckets=_SECONDS)
MESSAGES: Final = Counter("okr_messages", "Mails and chat messages settled", ("kind", "state"))


class _Counting:
    """Counts the queries of one request."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.queries += 1
        return execute(*arguments)


class MetricsMiddleware:
    """Counts requests with their time and queries, by view: addresses are too many."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began, counting = time.perf_counter(), _Counting()
        with connection.execute_wrapper(counting):
            response = self.get_response(request)
        match = request.resolver_match
        view = match.view_name if match else ""
        REQUESTS.labels(view, request.method, response.status_code).inc()
        DURATIONS.labels(view).observe(time.perf_counter() - began)
        QUERIES.labels(view).inc(counting.queries)
        return response


def _task_begins(task: Task, **_kwargs: object) -> None:
    task.request.began = time.perf_counter()


def _task_ends(task: Task, state: str | None = None, **_kwargs: object) -> None:
    TASKS.labels(task.name, state or "").inc()
    if (began := getattr(task.request, "began", None)) is not None:
        TASK_DURATIONS.labels(task.name).observe(time.perf_counter() - began)


signals.task_prerun.connect(_task_begins)
signals.task_postrun.connect(_task_ends)
