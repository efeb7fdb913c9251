"""The manager's word on a finding: explained, accepted as it is, or open again.

It is printed with the finding, which never vanishes. A verdict is on one finding with its figures:
when those change it is another finding (another ``Finding.key``), and open.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from projects import audit, facts
from projects.models import Team, User
from reports.pages import live
from reports.weekly.document import Finding

# A note is printed in the line of its finding.
LONGEST_NOTE: Final = 500


class FindingGone(Exception):
    """The page no longer has that finding: what it told of was mended, or has other figures."""


def explain(
    team: Team, week: date, key: str, note: str, *, by: User, at: datetime | None = None
) -> Finding:
    """Print ``note`` with the finding. Raises ``FindingGone``, and ``ValueError`` without words."""
    note = " ".join(note.split())[:LONGEST_NOTE]
    if not note:
        raise ValueError("an explanation has words")
    return _judge(team, week, key, note, by=by, at=at)


def accept(team: Team, week: date, key: str, *, by: User, at: datetime | None = None) -> Finding:
    """Let the finding stand as it is, and say so. Raises ``FindingGone``."""
    return _judge(team, week, key, "", by=by, at=at)


@transaction.atomic
def reopen(team: Team, week: date, key: str, *, by: User) -> None:
    """Take the verdict back; where there is none, nothing changes."""
    page = live.locked(team, week)
    if (before := page.verdicts.pop(key, None)) is None:
        return
    page.save(update_fields=["verdicts"])
    audit.note(team, "finding.reopen", key, by=by, before=before)
    facts.announce(team, [week])


@transaction.atomic
def _judge(
    team: Team, week: date, key: str, note: str, *, by: User, at: datetime | None
) -> Finding:
    document = live.current_document(team, week)
    found = next((one for one in document.findings if one.key == key), None) if document else None
    if found is None:
        raise FindingGone(key)
    page = live.locked(team, week)
    before = page.verdicts.get(key)
    said = {"note": note, "by": str(by)}
    if before is not None and {"note": before["note"], "by": before["by"]} == said:
        return found
    page.verdicts[key] = {**said, "at": (at or timezone.now()).isoformat()}
    page.save(update_fields=["verdicts"])
    audit.note(
        team,
        "finding.explain" if note else "finding.accept",
        f"{found.project} {found.code}".strip(),
        by=by,
        before=before,
        after={**page.verdicts[key], "key": key, "figures": found.params},
    )
    facts.announce(team, [week])
    return found
