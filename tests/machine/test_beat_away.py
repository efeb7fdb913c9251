"""The clock of the machine: gone over the digest's time, and there twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Final

from tests.machine import ledger
from tests.machine.machine import TICK, Machine
from tests.machine.parts.processes import wait_until

READERS: Final = 20
SOON: Final = 1.5  # seconds until the digest's time
STEPS: Final = "SELECT step FROM reports_weekstep WHERE team_id = %s ORDER BY step"
EDITIONS: Final = "SELECT number FROM reports_edition WHERE team_id = %s"


def test_sent_once_when_it_is_back(machine: Machine, figure: Callable[[str], None]) -> None:
    machine.beat.kill()
    made = machine.inside("team", slug="late", subscribers=READERS, digest_in=SOON)
    time.sleep(SOON + TICK)
    assert machine.query(EDITIONS, made["team"]) == []
    assert machine.mail.taken == []

    machine.beat.start()
    took = wait_until("it is sent", lambda: ledger.is_settled(machine, made["team"], READERS), 60)
    _some_ticks(machine)
    _is_sent_once(machine, made["team"])
    figure(f"beat away over the digest's time: sent once, {took:.1f} s after it was back")


def test_two_beats_send_once(machine: Machine, figure: Callable[[str], None]) -> None:
    other = machine.another_beat("beat2")
    other.start()
    try:
        wait_until("the other ticks, too", partial(other.has_said, "Sending due task"))
        made = machine.inside("team", slug="twice", subscribers=READERS, digest_in=SOON)
        wait_until("it is sent", lambda: ledger.is_settled(machine, made["team"], READERS), 60)
        _some_ticks(machine)
    finally:
        other.kill()
    _is_sent_once(machine, made["team"])
    figure("two beats: published once, sent once")


def _some_ticks(machine: Machine) -> None:
    for _ in range(2):
        wait_until("a tick", partial(machine.ticked_since, machine.clock()))


def _is_sent_once(machine: Machine, team: int) -> None:
    outcome = ledger.outcome(machine, team)
    assert (outcome.states, outcome.twice) == ({"sent": READERS}, 0)
    assert machine.query(EDITIONS, team) == [(1,)]
    steps = [step for (step,) in machine.query(STEPS, team)]
    assert len(steps) == len(set(steps))
    assert {"publish", "digest"} <= set(steps)
