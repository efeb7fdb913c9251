"""What an edition says of itself in words, in the active language: its imprint and its changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from projects.models import Outcome, StatusEntry
from projects.reported import FURTHER_TEXTS
from reports.render import finding_words, wording
from reports.weekly.changes import Change, ChangedPart, ChangeKind, Imprint, JoinedWeek
from reports.weekly.document import Finding
from reports.weekly.lines import in_one_line
from reports.weekly.sections import FACT_TYPES

# Characters of a text that are quoted; the whole stands on the page.
_QUOTED: Final = 48
# Characters that are quoted before the first difference of two texts.
_LEAD: Final = 12


def published(imprint: Imprint, *, year: int) -> str:
    """第 2 版 · 6月21日 17:42 · 林岚 · 3f2a9c01d4e5."""
    parts = (edition(imprint.number), published_at(imprint, year=year), publisher(imprint))
    return " · ".join([*parts, imprint.short_hash])


def edition(number: int) -> str:
    return _("Edition %(number)s") % {"number": number}


def published_at(imprint: Imprint, *, year: int) -> str:
    """The day and the time, by the team's clock; with the year where it is not the page's."""
    at = imprint.published_at
    return f"{wording.day(at.date(), year=year)} {at:%H:%M}"


def publisher(imprint: Imprint) -> str:
    return imprint.publisher or _("by schedule")


def published_by(imprint: Imprint) -> str:
    """由林岚发布."""
    if not imprint.publisher:
        return _("Published by schedule")
    return _("Published by %(name)s") % {"name": imprint.publisher}


def reason(imprint: Imprint) -> str:
    """Why this edition corrects the one before it."""
    return _("Correction: %(note)s") % {"note": imprint.note}


def changed_since(imprint: Imprint) -> str:
    return _("Changed since edition %(number)s") % {"number": imprint.previous}


def together(imprint: Imprint, *, year: int) -> str:
    """一并发布：2026-W40（9月28日 – 10月4日）; empty where no other week joined this one."""
    if not imprint.joined:
        return ""
    weeks = [f"{joined.label}{within(joined, year=year)}" for joined in imprint.joined]
    return _("Published together with it: %(weeks)s") % {"weeks": _(", ").join(weeks)}


def within(joined: JoinedWeek, *, year: int) -> str:
    """The days of the week behind its label: （9月28日 – 10月4日）."""
    days = {"dates": wording.days(joined.week, year=year)}
    return pgettext("days of a week", " (%(dates)s)") % days


# --- changes --------------------------------------------------------------------------------

# Of the page, its sections, entries and key results; those of facts stand in their FactType.
_FIELDS: Final[dict[str, Promise | str]] = {
    **{
        field.name: field.verbose_name
        for field in StatusEntry._meta.fields
        if field.name in FURTHER_TEXTS
    },
    "title": gettext_lazy("title"),
    "label": gettext_lazy("week"),
    "team_name": gettext_lazy("team"),
    "heading": gettext_lazy("heading"),
    "code": gettext_lazy("code"),
    "name": gettext_lazy("name"),
    "text": gettext_lazy("text"),
    "health": gettext_lazy("state"),
    "stage": gettext_lazy("stage"),
    "percent": gettext_lazy("percent"),
    "last_percent": pgettext_lazy("field of an entry", "last week's percent"),
    "due_on": gettext_lazy("due date"),
    "risks": gettext_lazy("at risk"),
    "lead": gettext_lazy("lead"),
    "drop_reason": gettext_lazy("reason of the drop"),
    "close_reason": gettext_lazy("reason of the closing"),
    "question": gettext_lazy("question"),
    "answer": gettext_lazy("answer"),
    "value": gettext_lazy("value"),
    "target": gettext_lazy("target"),
    "baseline": gettext_lazy("baseline"),
    "unit": gettext_lazy("unit"),
}
_FACT_TYPES: Final = {fact_type.part: fact_type for fact_type in FACT_TYPES}
# Fields whose change is told without their values.
_PLAIN: Final[dict[str, Promise]] = {
    "place": gettext_lazy("stands in another section"),
    "milestones": gettext_lazy("milestones changed"),
    "details": gettext_lazy("details changed"),
}
# Fields that are there or not: what is said of either.
_SWITCHED: Final[dict[str, tuple[Promise, Promise]]] = {
    "is_updated": (gettext_lazy("updated after all"), gettext_lazy("not updated any more")),
    "is_focus": (gettext_lazy("is a focus project"), gettext_lazy("no focus project any more")),
    "closed_on": (gettext_lazy("closed on %(day)s"), gettext_lazy("not closed any more")),
}
_MEASURED: Final = frozenset({"value", "last_value", "target", "baseline"})
_WORDS: Final = frozenset(
    {"text", *FURTHER_TEXTS, "question", "answer", "description", "note", "cause", "close_reason"}
)


def _moment(value: str) -> str:
    return wording.moment(datetime.fromisoformat(value))


def _percent(value: str) -> str:
    return wording.percent(Decimal(value))


def _outcome(value: str) -> str:
    return str(Outcome(value).label) if value in Outcome.values else value


_PRINTED: Final[dict[str, Callable[[str], str]]] = {
    "percent": _percent,
    "last_percent": _percent,
    "health": wording.health,
    "outcome": _outcome,
    "occurred_at": _moment,
    "recovered_at": _moment,
}


def change_text(change: Change, *, year: int) -> str:
    """One change in a sentence: 农行存管：完成度 85% → 90%."""
    sentence = _what_changed(change, year)
    if not (subject := _subject(change)):
        return sentence
    return _("%(text)s: %(reason)s") % {"text": subject, "reason": sentence}


def _subject(change: Change) -> str:
    if change.section is not None:
        return wording.short_heading(change.section) or _("Before the first heading")
    if change.part == "incident_count":
        return _("Incidents %(severity)s") % {"severity": change.name}
    if change.part == ChangedPart.PAGE or (change.part == ChangedPart.FINDING and not change.name):
        return _("The page")
    name = in_one_line(change.name, _QUOTED)
    fact_type = _FACT_TYPES.get(change.part)
    if fact_type is None or not fact_type.label:
        return name
    named = {"kind": _(fact_type.label), "name": name}
    return pgettext("a thing on the page", "%(kind)s “%(name)s”") % named


def _what_changed(change: Change, year: int) -> str:
    if change.finding is not None:
        return _of_finding(change.what, change.finding, year)
    if change.what is not ChangeKind.CHANGED:
        word = _("added") if change.what is ChangeKind.ADDED else _("removed")
        value = _printed(change, change.new or change.old, year)
        return f"{word} ({value})" if value else word
    if change.field in _SWITCHED:
        on, off = _SWITCHED[change.field]
        return str(on if change.new else off) % {"day": _printed(change, change.new, year)}
    if change.field in _PLAIN:
        return str(_PLAIN[change.field])
    return _from_to(change, year)


def _from_to(change: Change, year: int) -> str:
    name = _field_name(change)
    old, new = change.old, change.new
    if change.field in _WORDS:
        old, new = _where_they_differ(old, new)
    values = {"field": name, "old": _printed(change, old, year), "new": _printed(change, new, year)}
    if not change.old:
        return _("%(field)s now %(new)s") % values
    if not change.new:
        return _("%(field)s taken away (was %(old)s)") % values
    return _("%(field)s %(old)s → %(new)s") % values


def _field_name(change: Change) -> str:
    """The field's code, where an edition of before has one that is no longer known."""
    fact_type = _FACT_TYPES.get(change.part)
    if fact_type and (name := fact_type.fields.get(change.field)):
        return _(name)
    return str(_FIELDS.get(change.field, change.field))


def _where_they_differ(old: str, new: str) -> tuple[str, str]:
    """Two texts from shortly before their first difference, where that comes late."""
    pairs = enumerate(zip(old, new, strict=False))
    differing = (place for place, (before, after) in pairs if before != after)
    first = next(differing, min(len(old), len(new)))
    start = first - _LEAD
    if not (old and new) or start < _LEAD:
        return old, new
    return f"…{old[start:]}", f"…{new[start:]}"


def _printed(change: Change, value: str, year: int) -> str:
    """A field's value as the page prints it."""
    if not value:
        return ""
    if change.field == "due_on":
        day, _space, precision = value.partition(" ")
        return wording.day(date.fromisoformat(day), precision, year=year)
    if change.field == "closed_on":
        return wording.day(date.fromisoformat(value), year=year)
    if change.field in _WORDS:
        return _("“%(text)s”") % {"text": in_one_line(value, _QUOTED)}
    if change.field in _MEASURED:
        return wording.quantity(Decimal(value), change.unit)
    return _PRINTED.get(change.field, str)(value)


def _of_finding(kind: ChangeKind, finding: Finding, year: int) -> str:
    sentence = finding_words.finding_text(finding, year=year)
    if kind is ChangeKind.ADDED:
        return _("now found: %(sentence)s") % {"sentence": sentence}
    if kind is ChangeKind.REMOVED:
        return _("no longer found: %(sentence)s") % {"sentence": sentence}
    if finding.verdict is None:
        return _("open again: %(sentence)s") % {"sentence": sentence}
    return finding_words.judged(finding, year=year)
