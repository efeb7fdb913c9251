"""What the ledger of deliveries says, against what the mail server took."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tests.machine.machine import Machine


@dataclass(frozen=True, slots=True)
class Outcome:
    states: Counter[str]
    sent: frozenset[str]  # recipients, by the ledger
    failed: frozenset[str]
    twice: int  # mails that came again, with the Message-ID of the first


ROWS = "SELECT recipient, state, message_id FROM reports_delivery WHERE team_id = %s"


def is_settled(machine: Machine, team: int, recipients: int) -> bool:
    """Whether there is a delivery for each, and nothing more to be done for any."""
    states = Counter(state for _, state, _ in machine.query(ROWS, team))
    return states["sent"] + states["failed"] == recipients == states.total()


def outcome(machine: Machine, team: int) -> Outcome:
    """Compares the two, recipient by recipient; fails where they disagree.

    Who got a mail got one: whatever else reached them bears the same Message-ID, that of the
    ledger. Who is listed as failed got none.
    """
    rows = machine.query(ROWS, team)
    got = machine.mail.ids_by_recipient()
    assert set(got) <= {recipient for recipient, _, _ in rows}
    for recipient, state, message_id in rows:
        expected = {message_id} if state == "sent" else set()
        assert set(got.get(recipient, ())) == expected, (recipient, state, got.get(recipient))
    return Outcome(
        states=Counter(state for _, state, _ in rows),
        sent=frozenset(recipient for recipient, state, _ in rows if state == "sent"),
        failed=frozenset(recipient for recipient, state, _ in rows if state == "failed"),
        twice=sum(len(ids) - 1 for ids in got.values()),
    )
