from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from okrtracker import broker
from okrtracker.requests import database_outage
from reports.models import Heartbeat

# In seconds: beat ticks once a minute, and a tick may wait behind a minute's compiles.
TICK_IS_LATE: Final = 180


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """How the machine is, as JSON, for balancers and monitors: no login, nothing secret.

    ``status`` is ``ok``; ``degraded`` when pages are served but the broker is away or nobody has
    ticked for three minutes (worker, beat or broker are down); ``down`` without a database. 503
    for ``down``; with ``?all`` for ``degraded``, too, which a monitor wants and a balancer not.
    ``tick_age`` is in seconds, ``null`` when there was never a tick or nobody can say.
    """
    has_database, has_broker = database_outage.database_answers(), broker.answers()
    age = _tick_age() if has_database else None
    is_late = age is None or age > TICK_IS_LATE
    status = "down" if not has_database else "ok" if has_broker and not is_late else "degraded"
    is_bad = status == "down" or (status == "degraded" and "all" in request.GET)
    state = {
        "status": status,
        "database": has_database,
        "broker": has_broker,
        "tick_age": None if age is None else round(age),
    }
    return JsonResponse(state, status=HTTPStatus.SERVICE_UNAVAILABLE if is_bad else HTTPStatus.OK)


def _tick_age() -> float | None:
    try:
        last = Heartbeat.objects.filter(part="tick").values_list("at", flat=True).first()
    except DatabaseError:  # went away just now, or has no tables yet
        return None
    return None if last is None else (timezone.now() - last).total_seconds()
