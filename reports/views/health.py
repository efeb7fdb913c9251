from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from okrtracker import broker
from okrtracker.requests import database_outage
from okrtracker.serving import production
from reports.models import Heartbeat

# In seconds: beat ticks once a minute, and a tick may wait behind a minute's compiles.
TICK_IS_LATE: Final = 180


@dataclass(frozen=True, slots=True)
class Condition:
    """How the machine is. ``tick_age`` is in seconds; ``None`` when nobody can say."""

    has_database: bool
    has_broker: bool
    tick_age: float | None

    @property
    def status(self) -> str:
        if not self.has_database:
            return "down"
        return "degraded" if any(self.problems()) else "ok"

    def problems(self) -> Iterator[str]:
        """What is wrong, in words for an operator."""
        if not self.has_database:
            yield _("the database does not answer")
            return
        if not self.has_broker:
            yield _("the broker does not answer: tasks wait for the tick")
        yield from (production.PROBLEMS[name] for name in production.unset())
        if self.tick_age is None:
            yield _("nothing has ticked yet: are worker and beat running?")
        elif self.tick_age > TICK_IS_LATE:
            text = _("no tick for %(seconds)s s: worker, beat or broker is down")
            yield text % {"seconds": round(self.tick_age)}


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """How the machine is, as JSON, for monitors: no login, nothing secret.

    ``status`` is ``ok``; ``degraded`` when pages are served but the broker is away or nobody has
    ticked for three minutes; ``down`` without a database. 503 for ``down``; with ``?all`` for
    ``degraded``, too.
    """
    has_database = database_outage.database_answers()
    state = Condition(has_database, broker.answers(), tick_age() if has_database else None)
    is_bad = state.status == "down" or (state.status == "degraded" and "all" in request.GET)
    with translation.override("en"):
        problems = list(state.problems())
    answer = {
        "status": state.status,
        "problems": problems,
        "database": state.has_database,
        "broker": state.has_broker,
        "tick_age": None if state.tick_age is None else round(state.tick_age),
    }
    return _answer(answer, is_bad=is_bad)


@login_not_required
@never_cache
@require_safe
def health_live(_request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked. Without this answer it is to be restarted."""
    return _answer({"status": "ok"}, is_bad=False)


@login_not_required
@never_cache
@require_safe
def health_ready(_request: HttpRequest) -> JsonResponse:
    """Whether the process can serve pages: the database answers, with the tables of this version.

    Without this answer it gets no requests, and is not restarted: that would not help.
    """
    problem = _not_ready()
    answer = {"status": "down" if problem else "ok", "problems": [problem] if problem else []}
    return _answer(answer, is_bad=problem is not None)


def _answer(state: dict[str, Any], *, is_bad: bool) -> JsonResponse:
    return JsonResponse(state, status=HTTPStatus.SERVICE_UNAVAILABLE if is_bad else HTTPStatus.OK)


def tick_age() -> float | None:
    """Seconds since the last tick."""
    try:
        last = Heartbeat.objects.filter(part="tick").values_list("at", flat=True).first()
    except DatabaseError:  # went away just now, or has no tables yet
        return None
    return None if last is None else (timezone.now() - last).total_seconds()


def _not_ready() -> str | None:
    try:
        missing = _known_migrations() - set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        return "the database does not answer"
    if missing:
        return f"the database lacks {len(missing)} migrations: run `manage.py migrate`"
    return None


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(loader.graph.nodes)
