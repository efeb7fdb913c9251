"""An edition goes to all its recipients, whatever befalls workers and mail server meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Final

from tests.machine import ledger
from tests.machine.machine import Machine
from tests.machine.parts.mail import Behaviour
from tests.machine.parts.processes import wait_until

KILLS: Final = 3
MANY: Final = 1000
FEW: Final = 300
SETTLED_WITHIN: Final = 90.0  # seconds


def test_two_workers_and_nobody_gets_it_twice(
    machine: Machine, figure: Callable[[str], None]
) -> None:
    made = machine.inside("team", slug="few", members=FEW // 2, subscribers=FEW // 2)
    machine.inside("publish_now", slug="few", week=made["week"])
    began = time.monotonic()
    wait_until("all is sent", lambda: ledger.is_settled(machine, made["team"], FEW), SETTLED_WITHIN)
    took = time.monotonic() - began
    outcome = ledger.outcome(machine, made["team"])
    assert (outcome.states, outcome.twice) == ({"sent": FEW}, 0)
    assert len(machine.mail.taken) == FEW
    both = [worker.output(200).count("send_deliveries") for worker in machine.workers]
    assert all(both), f"one worker did it alone: {both}"
    figure(f"two workers, {FEW} recipients: {FEW} mails, none twice, in {took:.1f} s")


def test_killed_workers_and_a_failing_server_cost_no_mail(
    machine: Machine, figure: Callable[[str], None]
) -> None:
    made = machine.inside("team", slug="many", members=MANY // 2, subscribers=MANY // 2)
    machine.mail.forget(Behaviour(refuses=0.01, postpones=0.2, delay=0.002))
    machine.inside("publish_now", slug="many", week=made["week"])
    began = time.monotonic()
    for kill in range(KILLS):
        share = MANY * (kill + 1) // (KILLS + 2)
        wait_until(f"{share} mails are out", partial(machine.mail.has_taken, share), 60)
        worker = machine.workers[kill % len(machine.workers)]
        worker.kill()
        worker.start()
    wait_until("all is settled", lambda: ledger.is_settled(machine, made["team"], MANY), 120)
    took = time.monotonic() - began

    outcome = ledger.outcome(machine, made["team"])
    assert outcome.failed == set(machine.mail.refused)
    assert len(outcome.sent) + len(outcome.failed) == MANY
    assert 0 < len(outcome.failed) < MANY * 0.03
    assert machine.mail.postponed.total() > MANY * 0.15
    assert outcome.twice <= KILLS
    figure(
        f"{MANY} recipients, {KILLS} workers killed with -9, "
        f"{machine.mail.postponed.total()} attempts postponed (451), "
        f"{len(machine.mail.refused)} recipients refused (550): {len(outcome.sent)} got exactly "
        f"one mail, {len(outcome.failed)} listed as failed, 0 both, 0 neither; "
        f"{outcome.twice} came again with the same Message-ID; {took:.0f} s"
    )


def test_a_server_that_drops_the_line(machine: Machine, figure: Callable[[str], None]) -> None:
    """Before the answer to DATA nobody can know whether the mail was taken: it comes again then,
    recognisable by its Message-ID.
    """
    made = machine.inside("team", slug="drops", members=FEW // 2, subscribers=FEW // 2)
    machine.mail.forget(Behaviour(drops_within=0.03, drops_after=0.03))
    machine.inside("publish_now", slug="drops", week=made["week"])
    wait_until("all is sent", lambda: ledger.is_settled(machine, made["team"], FEW), SETTLED_WITHIN)
    outcome = ledger.outcome(machine, made["team"])
    dropped = machine.mail.dropped.total()
    assert outcome.states == {"sent": FEW}
    assert dropped > 0
    assert outcome.twice <= dropped
    figure(
        f"{FEW} recipients, the line dropped {dropped} times within or after DATA: "
        f"all got it, {outcome.twice} again with the same Message-ID"
    )
