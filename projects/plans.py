"""What a team meant to do, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from projects import audit, facts, names
from projects.models import Alias, Outcome, PlannedItem, Project, Team, User
from projects.weeks import WEEK


def promised_for(team: Team, week: date) -> list[PlannedItem]:
    """What the week before planned for this one, in the plan's order."""
    return list(PlannedItem.objects.filter(team=team, week=week - WEEK))


def naming(items: Iterable[PlannedItem], projects: Iterable[Project]) -> list[PlannedItem]:
    """Those of the items whose text names one of the projects, by its name or an alias."""
    wanted = [project.pk for project in projects]
    items = list(items)
    if not (items and wanted):
        return []
    keys = list(Alias.objects.filter(project__in=wanted).values_list("key", flat=True))
    return [item for item in items if names.places(item.text, keys)]


def is_promise_of(item: PlannedItem, lead: User) -> bool:
    """Whether the item names a project that this person leads."""
    return bool(naming([item], Project.objects.filter(team=item.team_id, lead=lead)))


@transaction.atomic
def set_outcome(
    item: PlannedItem, outcome: Outcome | None, *, by: User | None, note: str | None = None
) -> PlannedItem:
    """Say what became of the item; ``None`` takes it back. The same outcome again changes nothing.

    ``note`` stays as it is unless it is given. Both are printed on the page of the week that the
    item was planned for.
    """
    locked = PlannedItem.objects.select_for_update(of=("self",)).select_related("team")
    item = locked.get(pk=item.pk)
    before = {"outcome": item.outcome, "note": item.outcome_note}
    after = {
        "outcome": str(outcome.value) if outcome else "",
        "note": item.outcome_note if note is None else note,
    }
    if before == after:
        return item
    item.outcome, item.outcome_note = after["outcome"], after["note"]
    item.save(update_fields=["outcome", "outcome_note"])
    audit.note(item.team, "planned_item.outcome", item, by=by, before=before, after=after)
    facts.announce(item.team, [item.week + WEEK])
    return item
