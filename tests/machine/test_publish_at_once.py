"""Several publish the same page at the same moment: over HTTP, and the schedule."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Final

from tests.machine.machine import TICK, Machine
from tests.machine.parts.processes import wait_until
from tests.machine.parts.web import Answer, at_once

TABS: Final = 4  # as many as the web has threads
ROUNDS: Final = 3
SOON: Final = 1.5  # seconds until the digest's time, once all have signed in
EDITIONS: Final = "SELECT number, publisher FROM reports_edition WHERE team_id = %s ORDER BY number"
TAKEN: Final = "SELECT 1 FROM reports_weekstep WHERE team_id = %s AND step = 'publish'"
NOTED: Final = (
    "SELECT count(*) FROM projects_auditrecord WHERE team_id = %s AND action = 'edition.publish'"
)


def test_from_several_tabs(machine: Machine, figure: Callable[[str], None]) -> None:
    made = machine.inside("team", slug="tabs", projects=1)
    manager, lead = machine.browser("tabs-manager"), machine.browser("tabs-lead")
    path = f"/t/tabs/weeks/{made['label']}/publish/"
    checkin = f"/t/tabs/projects/{made['projects'][0]}/checkin/"
    for done in range(1, ROUNDS + 1):
        form = {**manager.form(path), "confirmed": "yes"}
        assert form["expected"] == str(done - 1)
        answers = at_once([partial(manager.post, path, form)] * TABS)
        assert {answer.status for answer in answers} == {200}
        assert {answer.address for answer in answers} == {
            f"{machine.site}/t/tabs/weeks/{made['label']}/"
        }
        numbers = [number for number, _ in machine.query(EDITIONS, made["team"])]
        assert numbers == list(range(1, done + 1))
        assert machine.query(NOTED, made["team"]) == [(done,)]
        again = {**lead.form(checkin), "text": f"更正{done}", "health": "on_track"}
        assert lead.post(checkin, again, by_htmx=True).status == 200
    figure(f"published from {TABS} tabs at once, {ROUNDS} times: one edition each time")


def test_by_the_manager_while_the_schedule_does(
    machine: Machine, figure: Callable[[str], None]
) -> None:
    """The tick that publishes comes within a second of the digest's time: so does the manager."""
    teams = {f"both{n}": machine.inside("team", slug=f"both{n}", projects=1) for n in range(3)}
    managers = {slug: machine.browser(f"{slug}-manager") for slug in teams}
    paths = {slug: f"/t/{slug}/weeks/{made['label']}/publish/" for slug, made in teams.items()}
    forms = {
        slug: {**managers[slug].form(path), "confirmed": "yes"} for slug, path in paths.items()
    }
    due_at = machine.inside("digests_in", slugs=list(teams), seconds=SOON)

    def publish(slug: str, late: float) -> Answer:
        time.sleep(max(0.0, due_at + late - machine.clock()))
        return managers[slug].post(paths[slug], forms[slug])

    tries = [partial(publish, slug, n * TICK / 3) for n, slug in enumerate(teams)]
    assert {answer.status for answer in at_once(tries)} == {200}
    won = []
    for made in teams.values():
        wait_until("the schedule was there", partial(machine.query, TAKEN, made["team"]))
        ((number, publisher),) = machine.query(EDITIONS, made["team"])
        assert number == 1
        won.append("manager" if publisher else "schedule")
    figure(f"published by the schedule and the manager at once: one edition; first: {won}")
