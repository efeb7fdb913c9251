"""Apply a reviewed import in one transaction, and take it back."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_noop

from projects import audit
from projects.models import Membership, Team, User
from projects.teams import setup
from projects.teams.invitations import Guest, waiting
from reports.importer.database.apply import apply_plan
from reports.importer.database.batch import undo
from reports.importer.database.known import load_known
from reports.importer.deciding import decided_pages
from reports.importer.decisions import Decisions
from reports.importer.page import ParsedPage
from reports.importer.plan import make_plan
from reports.importer.planned import ImportPlan
from reports.imports import review, work
from reports.imports.documents import unpacked
from reports.models import ImportBatch, ImportPage, ImportRecord, ImportState, PageImport

logger = logging.getLogger(__name__)

NOTHING_NEW = gettext_noop("Nothing new: every page was imported before or is left out.")
WEEKS_MISSING = gettext_noop(
    "Nothing to import yet: there are pages that name no week and wait for one."
)
_PLANNED: Final = 0.3  # of the work, before the first row is written
BROKEN = gettext_noop("The import failed; nothing was written. The decisions are still here.")


def request(page_import: PageImport, *, by: User) -> bool:
    """Have a worker apply it; ``False`` where it is not to be reviewed (any more)."""
    rows = PageImport.objects.filter(pk=page_import.pk, state=ImportState.REVIEW)
    work.say_written(page_import, 0)
    return bool(
        rows.update(
            state=ImportState.APPLYING,
            applied_by=by,
            claimed_at=None,
            attempts=0,
            failure="",
            step="write",
            done=0,
        )
    )


def run(import_id: int) -> None:
    """Apply the import, if that was asked for and nobody else does."""
    page_import = work.claim(import_id, ImportState.APPLYING)
    if page_import is None:
        return
    try:
        batch = _apply(page_import)
    except work.CalledOff:
        logger.info("import %s was applied by another worker", import_id)
    except Exception:
        # Whatever it was, the person who waits is told, and may try again.
        logger.exception("cannot apply import %s", import_id)
        work.give_back(page_import, BROKEN)
    else:
        if batch is None:
            work.give_back(page_import, _why_nothing(page_import))


def _why_nothing(page_import: PageImport) -> str:
    decided = review.decisions_of(page_import).weeks
    undated = page_import.pages.filter(week=None).values_list("key", flat=True)
    return WEEKS_MISSING if any(key not in decided for key in undated) else NOTHING_NEW


@transaction.atomic
def _apply(page_import: PageImport) -> ImportBatch | None:
    team = Team.objects.select_for_update().get(pk=page_import.team_id)
    if page_import.applied_by is not None:
        setup.claim_team(team, page_import.applied_by)
    decisions = review.decisions_of(page_import)
    work.say_written(page_import, 0)
    plan = plan_of(page_import, decisions)
    batch = apply_plan(
        plan,
        team,
        by=page_import.applied_by,
        report=lambda share: work.say_written(page_import, _PLANNED + (1 - _PLANNED) * share),
    )
    if batch is None:
        return None
    audit.note(
        team,
        "import.apply",
        f"#{batch.pk}",
        by=page_import.applied_by,
        after={"pages": len(plan.pages), "projects": len(plan.projects)},
    )
    page_import.files.update(data=None)
    work.finish(page_import, ImportState.APPLIED, batch=batch, step="")
    return batch


def plan_of(page_import: PageImport, decisions: Decisions) -> ImportPlan:
    """Everything that applying it would make now."""
    known_facts = load_known(page_import.team, page_import.team.numbering)
    pages = decided_pages(dated_pages(page_import.pages.all(), decisions), decisions)
    return make_plan(pages, known_facts, decisions)


def dated_pages(rows: Iterable[ImportPage], decisions: Decisions) -> list[ParsedPage]:
    """The pages whose week is known or decided."""
    return [
        unpacked(row.document)
        for row in rows
        if row.week is not None or decisions.weeks.get(row.key) is not None
    ]


def guests_of(page_import: PageImport) -> list[Guest]:
    """Whom the review said to invite, without those who are asked already or members."""
    people = review.decisions_of(page_import).people
    guests = [Guest(who.email, name) for name, who in people.items() if who.role == "invite"]
    asked = set(waiting(page_import.team).values_list("email", flat=True))
    members = Membership.objects.filter(team=page_import.team)
    known_addresses = asked | set(members.values_list("user__email", flat=True))
    return [
        guest for guest in guests if guest.email.lower() not in {e.lower() for e in known_addresses}
    ]


@transaction.atomic
def take_back(batch: ImportBatch, *, by: User) -> ImportBatch:
    """Undo an applied import; one of the browser can be reviewed again.

    Raises ``ImportUndoRefused``.
    """
    was_undone = batch.undone_at is not None
    batch = undo(batch)
    if not was_undone:
        audit.note(batch.team, "import.undo", f"#{batch.pk}", by=by)
        rows = PageImport.objects.filter(batch=batch, state=ImportState.APPLIED)
        rows.update(state=ImportState.REVIEW, batch=None)
    return batch


@dataclass(frozen=True, slots=True)
class ApplyOutcome:
    """What came of an import, as numbers of rows."""

    pages: int
    first_week: date | None
    last_week: date | None
    empty_weeks: int  # between the two, without a page
    counts: dict[str, int]  # by the label of the table

    @property
    def projects(self) -> int:
        return self.counts.get("projects.Project", 0)

    @property
    def entries(self) -> int:
        return self.counts.get("projects.StatusEntry", 0)

    @property
    def milestones(self) -> int:
        return self.counts.get("projects.Milestone", 0)

    @property
    def readings(self) -> int:
        return self.counts.get("projects.Reading", 0)

    @property
    def incidents(self) -> int:
        return self.counts.get("projects.Incident", 0)


def outcome_of(batch: ImportBatch) -> ApplyOutcome:
    return outcomes_of([batch])[batch.pk]


def outcomes_of(batches: Iterable[ImportBatch]) -> dict[int, ApplyOutcome]:
    """By the key of each batch, in one query."""
    by_key = {batch.pk: batch for batch in batches}
    created = ImportRecord.objects.filter(batch__in=by_key, before__isnull=True).values(
        "batch", "model"
    )
    counts: dict[int, dict[str, int]] = {}
    for row in created.annotate(rows=Count("pk")).order_by():
        counts.setdefault(row["batch"], {})[row["model"]] = row["rows"]
    return {pk: _outcome(batch, counts.get(pk, {})) for pk, batch in by_key.items()}


def _outcome(batch: ImportBatch, counts: dict[str, int]) -> ApplyOutcome:
    weeks = sorted({date.fromisoformat(source["week"]) for source in batch.sources})
    if not weeks:
        return ApplyOutcome(0, None, None, 0, counts)
    span = (weeks[-1] - weeks[0]).days // 7 + 1
    return ApplyOutcome(len(batch.sources), weeks[0], weeks[-1], span - len(weeks), counts)
