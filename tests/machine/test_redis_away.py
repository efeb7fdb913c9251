"""Redis hangs, dies, and comes back, while people save their check-ins."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Final

from tests.machine.conftest import IS_FULL
from tests.machine.machine import TICK, Machine
from tests.machine.parts.processes import wait_until
from tests.machine.parts.web import Browser

SAVES: Final = 50
AWAY_FOR: Final = 60.0 if IS_FULL else 10.0  # seconds at least
HANGS: Final = 10 if IS_FULL else 4  # saves before it is killed; each waits a second for it
# Seconds that a save may take: one for a Redis that hangs; the rest is for a busy machine.
LONGEST: Final = 3.0

STALE: Final = """
    SELECT facts.revision - page.compiled_revision FROM projects_weekfacts AS facts
    JOIN reports_weeklypage AS page USING (team_id, week)
    WHERE team_id = %s AND week = %s
"""


def _save_while_redis_is_away(
    machine: Machine, browser: Browser, projects: list[int]
) -> Iterator[float]:
    """The seconds that each save takes, and the dashboard, which compiles the page it shows."""
    paths = [f"/t/redis/projects/{pk}/checkin/" for pk in projects]
    forms = {path: browser.form(path) for path in paths}
    began = time.monotonic()
    machine.redis.pause()
    for number, path in enumerate(paths):
        if number == HANGS:
            machine.redis.go_on()
            machine.redis.part.kill()
        if number == SAVES - 1:  # so that something is left to compile when Redis is back
            dashboard = browser.get("/t/redis/")
            assert dashboard.status == 200
            yield dashboard.seconds
        typed = {**forms[path], "text": f"第{number}条", "health": "on_track"}
        saved = browser.post(path, typed, by_htmx=True)
        assert saved.status == 200, saved.text
        yield saved.seconds
        time.sleep(max(0.0, began + AWAY_FOR * (number + 1) / SAVES - time.monotonic()))


def test_check_ins_are_saved_and_the_page_follows_with_the_sweep(
    machine: Machine, figure: Callable[[str], None]
) -> None:
    made = machine.inside("team", slug="redis", projects=SAVES, reports=False)
    browser = machine.browser("redis-lead")
    began = time.monotonic()
    seconds = sorted(_save_while_redis_is_away(machine, browser, made["projects"]))
    away = time.monotonic() - began
    count = "SELECT count(*) FROM projects_statusentry WHERE team_id = %s"
    assert machine.query(count, made["team"]) == [(SAVES,)]
    assert seconds[-1] < LONGEST

    assert machine.query(STALE, made["team"], made["week"]) == [(1,)]
    machine.redis.start()
    back = machine.clock()
    wait_until("a worker ticks", lambda: machine.ticked_since(back), 45)
    ticked = machine.clock() - back
    current = wait_until(
        "the page is current",
        lambda: machine.query(STALE, made["team"], made["week"]) == [(0,)],
        5 * TICK,
    )
    assert f"第{SAVES - 1}条" in browser.get(f"/t/redis/weeks/{made['label']}/").text
    figure(
        f"Redis away for {away:.0f} s (hung, then killed): {SAVES} of {SAVES} check-ins saved, "
        f"median {seconds[SAVES // 2] * 1000:.0f} ms, slowest {seconds[-1]:.2f} s; the first tick "
        f"{ticked:.1f} s after it was back, the page current {current:.1f} s later"
    )
