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
from reports.render import wording
from reports.weekly.changes import Change, ChangedPart, ChangeKind, Imprint, JoinedWeek
from reports.weekly.document import Finding
from reports.weekly.lines import in_one_line
from reports.weekly.sections import FACT_TYPES

# So much of a text is quoted; the whole stands on the page.
_QUOTED: Final = 48
# So many letters that two texts share are quoted before what differs.
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
    weeks = [f"{one.label}{within(one, year=year)}" for one in imprint.joined]
    return _("Published together with it: %(weeks)s") % {"weeks": _(", ").join(weeks)}


def within(one: JoinedWeek, *, year: int) -> str:
    """The days of the week behind its label: （9月28日 – 10月4日）."""
    days = {"dates": wording.days(one.week, year=year)}
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
    "question": gettext_lazy("question"),
    "answer": gettext_lazy("answer"),
    "value": gettext_lazy("value"),
    "target": gettext_lazy("target"),
    "baseline": gettext_lazy("baseline"),
    "unit": gettext_lazy("unit"),
}
_FACT_TYPES: Final = {fact_type.part: fact_type for fact_type in FACT_TYPES}
# What is said of a field without its values.
_PLAIN: Final[dict[str, Promise]] = {
    "place": gettext_lazy("stands in another section"),
    "milestones": gettext_lazy("milestones changed"),
    "details": gettext_lazy("details changed"),
}
_MEASURED: Final = frozenset({"value", "last_value", "target", "baseline"})
_WORDS: Final = frozenset(
    {"text", *FURTHER_TEXTS, "question", "answer", "description", "note", "cause"}
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


def change(one: Change, *, year: int) -> str:
    """One change in a sentence: 农行存管：完成度 85% → 90%."""
    told = _told(one, year)
    if not (subject := _subject(one)):
        return told
    return _("%(text)s: %(reason)s") % {"text": subject, "reason": told}


def _subject(one: Change) -> str:
    if one.section is not None:
        return wording.short_heading(one.section) or _("Before the first heading")
    if one.part == "incident_count":
        return _("Incidents %(severity)s") % {"severity": one.name}
    if one.part == ChangedPart.PAGE or (one.part == ChangedPart.FINDING and not one.name):
        return _("The page")
    name = in_one_line(one.name, _QUOTED)
    fact_type = _FACT_TYPES.get(one.part)
    if fact_type is None or not fact_type.label:
        return name
    named = {"kind": _(fact_type.label), "name": name}
    return pgettext("a thing on the page", "%(kind)s “%(name)s”") % named


def _told(one: Change, year: int) -> str:
    if one.finding is not None:
        return _of_finding(one.what, one.finding, year)
    if one.what is not ChangeKind.CHANGED:
        word = _("added") if one.what is ChangeKind.ADDED else _("removed")
        value = _shown(one, one.new or one.old, year)
        return f"{word} ({value})" if value else word
    if one.field == "is_updated":
        return _("updated after all") if one.new else _("not updated any more")
    if one.field == "is_focus":
        return _("is a focus project") if one.new else _("no focus project any more")
    if one.field in _PLAIN:
        return str(_PLAIN[one.field])
    return _from_to(one, year)


def _from_to(one: Change, year: int) -> str:
    name = _field_name(one)
    old, new = _where_they_differ(one.old, one.new) if one.field in _WORDS else (one.old, one.new)
    values = {"field": name, "old": _shown(one, old, year), "new": _shown(one, new, year)}
    if not one.old:
        return _("%(field)s now %(new)s") % values
    if not one.new:
        return _("%(field)s taken away (was %(old)s)") % values
    return _("%(field)s %(old)s → %(new)s") % values


def _field_name(one: Change) -> str:
    """The field's code, where an edition of before has one that is no longer known."""
    fact_type = _FACT_TYPES.get(one.part)
    if fact_type and (name := fact_type.fields.get(one.field)):
        return _(name)
    return str(_FIELDS.get(one.field, one.field))


def _where_they_differ(old: str, new: str) -> tuple[str, str]:
    """Two texts from a little before the first letter in which they differ, if that comes late."""
    pairs = enumerate(zip(old, new, strict=False))
    same = next((place for place, (one, other) in pairs if one != other), min(len(old), len(new)))
    start = same - _LEAD
    if not (old and new) or start < _LEAD:
        return old, new
    return f"…{old[start:]}", f"…{new[start:]}"


def _shown(one: Change, value: str, year: int) -> str:
    """A field's value as the page prints it."""
    if not value:
        return ""
    if one.field == "due_on":
        day, _space, precision = value.partition(" ")
        return wording.day(date.fromisoformat(day), precision, year=year)
    if one.field in _WORDS:
        return _("“%(text)s”") % {"text": in_one_line(value, _QUOTED)}
    if one.field in _MEASURED:
        return wording.quantity(Decimal(value), one.unit)
    return _PRINTED.get(one.field, str)(value)


def _of_finding(what: ChangeKind, found: Finding, year: int) -> str:
    sentence = wording.finding_text(found, year=year)
    if what is ChangeKind.ADDED:
        return _("now found: %(sentence)s") % {"sentence": sentence}
    if what is ChangeKind.REMOVED:
        return _("no longer found: %(sentence)s") % {"sentence": sentence}
    if found.verdict is None:
        return _("open again: %(sentence)s") % {"sentence": sentence}
    return wording.judged(found, year=year)
