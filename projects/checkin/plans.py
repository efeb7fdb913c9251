"""The plan of a week: its items, and the outcome of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db import transaction

from projects import audit, facts
from projects.checkin import plan_lines
from projects.conflicts import Opened, merge
from projects.models import Alias, AuditRecord, Outcome, PlannedItem, Team, User
from projects.standing import begins_with
from projects.text import names
from projects.weeks import WEEK


def promised_for(team: Team, week: date) -> list[PlannedItem]:
    """The items that the week before planned for this one, in the plan's order.

    What a page of history planned is asked of nobody in the present.
    """
    since = begins_with(week, team.starts_on)
    return list(PlannedItem.objects.filter(team=team, week=week - WEEK, week__gte=since))


def naming(items: Iterable[PlannedItem], keys: Collection[str]) -> list[PlannedItem]:
    """The items whose text has one of the names with these keys (``Alias.key``)."""
    return [item for item in items if names.places(item.text, keys)]


def is_promise_of(item: PlannedItem, leads: Collection[int]) -> bool:
    """Whether the item names a project that one of these people leads."""
    of_leads = Alias.objects.filter(team=item.team_id, project__lead__in=leads)
    return bool(naming([item], of_leads.values_list("key", flat=True)))


@transaction.atomic
def set_outcome(
    item: PlannedItem,
    outcome: Outcome | None,
    *,
    by: User | None,
    note: str | None = None,
    opened: Opened | None = None,
) -> PlannedItem:
    """Set the outcome of the item; ``None`` takes it back. The same outcome again changes nothing.

    ``note`` stays as it is unless it is given. Both are printed on the page of the week that the
    item was planned for. What is carried on stands in that week's plan, too, once; taken back
    before anybody built on it, it stands there no longer. Raises ``EditConflict`` for ``outcome``
    or ``note``.
    """
    locked = PlannedItem.objects.select_for_update(of=("self",)).select_related("team")
    item = locked.get(pk=item.pk)
    before = {"outcome": item.outcome, "note": item.outcome_note}
    typed = {"outcome": str(outcome.value) if outcome else ""}
    after = merge(before, typed if note is None else typed | {"note": note}, opened)
    if before == after:
        return item
    item.outcome, item.outcome_note = after["outcome"], after["note"]
    item.save(update_fields=["outcome", "outcome_note"])
    audit.note(item.team, "planned_item.outcome", item, by=by, before=before, after=after)
    if before["outcome"] != after["outcome"]:
        if after["outcome"] == Outcome.CARRIED_ON:
            _carry_on(item, by)
        elif before["outcome"] == Outcome.CARRIED_ON:
            _carry_back(item, by)
    facts.announce(item.team, [item.week + WEEK])
    return item


def _carry_on(item: PlannedItem, by: User | None) -> None:
    """The same words in the plan of the week after, unless they stand there already."""
    plan = PlannedItem.objects.filter(team=item.team, week=item.week + WEEK)
    if plan.filter(text=item.text).exists():
        return
    rows = [(row.position, row.pk) for row in plan.order_by("position", "pk")]
    copy = PlannedItem.objects.create(
        team=item.team,
        week=item.week + WEEK,
        text=item.text,
        position=plan_lines.placed([*rows, None])[-1],
    )
    after = {"item": item.pk, "copy": copy.pk}
    audit.note(item.team, "planned_item.carry_on", item, by=by, after=after)


def _carry_back(item: PlannedItem, by: User | None) -> None:
    """Take away the line that carrying on had put into the plan, if it is still as it was."""
    carried = AuditRecord.objects.filter(
        team=item.team, action="planned_item.carry_on", after__item=item.pk
    )
    if (last := carried.order_by("-pk").first()) is None:
        return
    copy = PlannedItem.objects.filter(
        team=item.team, pk=last.after["copy"], text=item.text, outcome=""
    )
    if copy.delete()[0]:
        audit.note(item.team, "planned_item.carry_back", item, by=by, before=last.after)


def _place(item: PlannedItem | None) -> tuple[int, int] | None:
    return None if item is None else (item.position, item.pk)


@transaction.atomic
def rewrite(
    items: Sequence[PlannedItem],
    text: str,
    *,
    team: Team,
    week: date,
    by: User | None,
    taken: Collection[int] = (),
) -> None:
    """Make the plan of the week what its text says, one line an item (``plan_lines``).

    ``items`` are those that the text was made of, in its order, locked by who calls. A line that
    stays keeps its row with its outcome, and on an imported page its place; ``taken`` are lines
    of that page that a plan item cannot have.
    """
    before = [item.text for item in items]
    after = plan_lines.read(text, before)
    if before == after:
        return
    old = [None if at is None else items[at] for at in plan_lines.matched(before, after)]
    places = plan_lines.placed([_place(item) for item in old], taken)
    kept_keys = {item.pk for item in old if item}
    gone = [item.pk for item in items if item.pk not in kept_keys]
    PlannedItem.objects.filter(pk__in=gone).delete()
    new = []
    for item, now, position in zip(old, after, places, strict=True):
        if item is None:
            new.append(PlannedItem(team=team, week=week, text=now, position=position))
        else:
            item.text, item.position = now, position
    PlannedItem.objects.bulk_update([item for item in old if item], ["text", "position"])
    PlannedItem.objects.bulk_create(new)
    label = team.week_label(week)
    audit.note(team, "plan.edit", label, by=by, before={"plan": before}, after={"plan": after})
    facts.announce(team, [week])
