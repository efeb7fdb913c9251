"""What the words of a check-in form offer to its fields and say against them; taking it over."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.http import QueryDict

from projects import weeks
from projects.checkin import contradictions, recording, suggestions
from projects.checkin.contradictions import Contradiction, MilestoneTold, Statement
from projects.checkin.suggestions import MilestoneNow, NewNow, Offer, ProjectNow
from projects.forms.milestones import MAX_NEW, MilestoneForm, NewMilestoneForm, new_prefixes
from projects.numbers import plain
from projects.prose import Mentions

if TYPE_CHECKING:
    from projects.forms.checkin import CheckInForm

#: The key that stands for all offers at once.
EVERYTHING: Final = "all"
# What a form takes; there is no more in one that a browser sent, but a script may send anything.
_LONGEST_TEXT: Final = 10_000
_HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Found:
    """Beside the fields as typed so far. A difference that is offered is not said again."""

    offers: tuple[Offer, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()


def found_in(form: CheckInForm) -> Found:
    """What the form's text says, for its fields as they are now; right or wrong, saved or not."""
    text = str(form["text"].value() or "").replace("\r\n", "\n")[:_LONGEST_TEXT]
    project, week = form.assignment.project, form.assignment.week
    own_names: tuple[str, ...] = (project.name,)
    said = Mentions()
    if text.strip():
        own_names += tuple(alias.name for alias in project.aliases.all())
        said = contradictions.read(text, week)
    now = _as_typed(form, own_names)
    offers = suggestions.offers(text, said, now)
    told = Statement(
        text=text,
        week=week,
        day=weeks.judged_on(week, project.team.today()),
        project_names=own_names,
        health=str(form["health"].value() or ""),
        percent=now.percent,
        reported=_valid(form, "percent"),
        weighted=_weighted(form),
        milestones=tuple(_told(form)),
    )
    offered = {(one.name, plain(one.percent)) for one in offers if one.percent is not None}
    against = contradictions.before_saving(told)
    return Found(offers, tuple(one for one in against if not _is_offered(one, offered)))


def taken(form: CheckInForm, key: str) -> QueryDict:
    """What the bound form was sent, with the offer of that key (or ``EVERYTHING``) in its fields.

    A key that nothing is offered under any more changes nothing: the text has moved on.
    """
    data = QueryDict(mutable=True)
    data.update(form.data)
    for offer in form.found.offers:
        if key in (offer.key, EVERYTHING) and (prefix := _prefix(data, offer)) is not None:
            _put(data, prefix, offer)
    return data


# --- the form as typed so far ---------------------------------------------------------------


def _as_typed(form: CheckInForm, own_names: tuple[str, ...]) -> ProjectNow:
    shown = {row.milestone.pk: row for row in form.milestones}
    reported = _valid(form, "percent")
    return ProjectNow(
        names=own_names,
        percent=_weighted(form) if reported is None else reported,
        milestones=tuple(
            _milestone(shown[one.pk])
            if one.pk in shown
            else MilestoneNow(one.pk, one.name, is_open=False, in_form=False)
            for one in form.assignment.all_milestones
        ),
        new=tuple(
            NewNow(name, _valid(line, "percent"), line.due_now)
            for line in form.new_milestones
            if (name := str(line["name"].value() or "").strip())
        ),
    )


def _milestone(row: MilestoneForm) -> MilestoneNow:
    return MilestoneNow(
        id=row.milestone.pk,
        name=row.milestone.name,
        percent=row.percent_now,
        due=row.due_now,
        before=row.before,
        is_open=not row.is_done,
        is_explained=bool(str(row["reason"].value() or "").strip()),
    )


def _weighted(form: CheckInForm) -> Decimal | None:
    shown = {row.milestone.pk: row.percent_now for row in form.milestones}
    pairs = [
        (shown.get(one.pk, one.percent_then), one.weight)  # type: ignore[attr-defined]
        for one in form.assignment.all_milestones
        if not one.is_dropped
    ]
    new = [(_valid(line, "percent"), 1) for line in form.new_milestones if line["name"].value()]
    return recording.weighted_percent([*pairs, *new])


def _told(form: CheckInForm) -> list[MilestoneTold]:
    rows = [(row.milestone.name, row.percent_now, row.due_now) for row in form.milestones]
    rows += [
        (str(line["name"].value()), _valid(line, "percent"), line.due_now)
        for line in form.new_milestones
        if line["name"].value()
    ]
    return [
        MilestoneTold(
            name,
            percent,
            due.day if due else None,
            due.precision if due else "day",
            is_open=percent != _HUNDRED,
        )
        for name, percent, due in rows
    ]


def _valid(form: forms.Form, name: str) -> Any:
    """What one field says, whatever the others say; ``None`` for nothing or nothing valid."""
    try:
        return form.fields[name].clean(form[name].value())
    except forms.ValidationError:
        return None


def _is_offered(one: Contradiction, offered: set[tuple[str, str]]) -> bool:
    differs = one.code == "text_differs"
    return differs and (one.params["milestone"], one.params["text"]) in offered


# --- taking over ----------------------------------------------------------------------------


def _prefix(data: QueryDict, offer: Offer) -> str | None:
    """Of the fields that the offer is for; ``None`` where there is no line for it."""
    if offer.milestone_id is not None:
        return f"m{offer.milestone_id}-"
    if not offer.name:
        return ""
    lines = new_prefixes(data)
    for line in lines:
        if data.get(f"{line}-name", "").strip() == offer.name:
            return f"{line}-"
    empty = (line for line in lines if not _is_filled(data, line))
    free = next(empty, f"new{len(lines) + 1}" if len(lines) < MAX_NEW else None)
    if free is None:
        return None
    data[f"{free}-name"] = offer.name
    return f"{free}-"


def _is_filled(data: QueryDict, line: str) -> bool:
    return any(data.get(f"{line}-{name}") for name in NewMilestoneForm.base_fields)


def _put(data: QueryDict, prefix: str, offer: Offer) -> None:
    if offer.due is not None:
        data[f"{prefix}due_on"] = offer.due.day.isoformat()
        data[f"{prefix}said_due"] = offer.due.said
    elif offer.percent is not None:
        data[f"{prefix}percent"] = plain(offer.percent)
