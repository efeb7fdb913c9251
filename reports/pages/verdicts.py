"""The manager's word on a finding: explained, accepted as it is, or open again.

It is printed with the finding, which stays on the page. A verdict belongs to one finding with its
figures: with other figures it is another finding (another ``Finding.key``), which is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from projects import audit, facts
from projects.conflicts import EditConflict, Opened, merge
from projects.models import Team, User
from projects.models.deputies import signature_to_keep
from reports.models import WeeklyPage
from reports.pages import live
from reports.weekly.document import Finding, Verdict

# A note is printed in the line of its finding.
LONGEST_NOTE: Final = 500
EXPLAINED: Final = "explained"
ACCEPTED: Final = "accepted"


class FindingGone(Exception):
    """The page no longer has that finding: what it told of was mended, or has other figures."""


def fields_of(verdict: Verdict | None) -> dict[str, str]:
    """A verdict by the names of the form's fields; an empty one where the finding is open."""
    if verdict is None:
        return {"verdict": "", "note": ""}
    return {"verdict": EXPLAINED if verdict.note else ACCEPTED, "note": verdict.note}


@transaction.atomic
def judge(
    team: Team,
    week: date,
    key: str,
    wanted: Mapping[str, str],
    *,
    by: User,
    opened: Opened | None = None,
    at: datetime | None = None,
) -> None:
    """Save the ``verdict`` and the ``note`` that are ``wanted``; the same again changes nothing.

    ``opened`` is what the form was opened with, ``at`` is now. Raises ``FindingGone``,
    ``EditConflict``, and ``ValueError`` for an explanation without words.
    """
    if wanted["verdict"] == EXPLAINED and not wanted["note"]:
        raise ValueError("an explanation has words")
    finding = _finding(team, week, key) if wanted["verdict"] else None
    page = live.locked(team, week)
    before = page.verdicts.get(key)
    standing = fields_of(before and Verdict(before["note"], before["by"], timezone.now()))
    try:
        merged = merge(standing, wanted, opened)
    except EditConflict:
        # A verdict and its note are read together.
        theirs = {name: value for name, value in standing.items() if value != wanted[name]}
        raise EditConflict(theirs) from None
    if merged == standing and (before is None or before["by"] == signature_to_keep(team, by)):
        return
    if finding is None:
        del page.verdicts[key]
        page.save(update_fields=["verdicts"])
        audit.note(team, "finding.reopen", key, by=by, before=before)
    else:
        _write(page, key, finding, merged["note"], by=by, at=at or timezone.now())
    facts.announce(team, [week])


def _write(
    page: WeeklyPage, key: str, finding: Finding, note: str, *, by: User, at: datetime
) -> None:
    before = page.verdicts.get(key)
    signature = signature_to_keep(page.team, by)
    page.verdicts[key] = {"note": note, "by": signature, "at": at.isoformat()}
    page.save(update_fields=["verdicts"])
    audit.note(
        page.team,
        "finding.explain" if note else "finding.accept",
        f"{finding.project} {finding.code}".strip(),
        by=by,
        before=before,
        after={**page.verdicts[key], "key": key, "figures": finding.params},
    )


def _finding(team: Team, week: date, key: str) -> Finding:
    document = live.current_document(team, week)
    findings = document.findings if document and not document.is_history else ()
    finding = next((finding for finding in findings if finding.key == key), None)
    if finding is None:
        raise FindingGone(key)
    return finding
