from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import translation

from reports.render.mail import digest_html
from reports.weekly.compile import compile_week
from tests.reports.weekly.builders import entry, project, week_rows, weeks_ago


def test_percents_of_what_there_is_no_room_for_are_marked_as_on_the_page() -> None:
    last: dict[str, Any] = {"last_percent": Decimal(40), "last_percent_week": weeks_ago(2)}
    carried, reported = compile_week(
        week_rows([project("POS", entry(), **last), project("网关", entry("x", 60), pk=2, **last)])
    ).entries
    with translation.override("en"):
        assert digest_html._in_short(carried) == "POS 40% last known"
        assert digest_html._in_short(reported) == "网关 60% ↑20"
