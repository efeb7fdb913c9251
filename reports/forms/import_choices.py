"""What is chosen of each doubt of an import: the form as it stands, and what it sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any, Final

from django import forms
from django.core.validators import validate_email
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from okrtracker.requests.clean import number_in
from projects.text.names import mail_address
from projects.weeks import monday_of
from reports.importer import doubts
from reports.importer.column_mapping import ColumnMapping
from reports.importer.columns import ColumnRole
from reports.importer.decisions import Decisions, PersonDecision, from_plain
from reports.models import ImportDoubt

_LONGEST_NAME: Final = 120
_YEARS: Final = range(1990, 2101)


class ChoiceRefused(ValueError):
    """What was chosen cannot be; the words say why."""


def choice_of(
    kind: str, detail: Mapping[str, Any], post: Mapping[str, Any], members: Mapping[str, str]
) -> Decisions:
    """What the form of a doubt says; ``members`` are user names by user name and by name.

    What it leaves out is undecided. Raises ``ChoiceRefused``.
    """
    sent = {name: str(post[name]).replace("\0", "") for name in post}
    match kind:
        case doubts.NAMES:
            choice = _names(detail, sent)
        case doubts.METRICS:
            choice = _metrics(detail, sent)
        case doubts.WEEKS:
            choice = _weeks(detail["rows"], sent)
        case doubts.DOUBLES:
            choice = _doubles(detail["rows"], sent)
        case doubts.PEOPLE:
            choice = _people(detail["rows"], sent, members)
        case doubts.UNREAD:
            choice = _lines(detail["rows"], sent)
        case doubts.COLUMNS:
            choice = _columns(detail, sent)
        case doubts.FUTURE:
            choice = _future(sent)
        case _:
            raise ChoiceRefused(_("A correction is changed on its page."))
    return choice


def _names(detail: Mapping[str, Any], sent: Mapping[str, str]) -> Decisions:
    """A cluster: which names are the main one's, parts of it, projects of their own, or none."""
    names = [row["name"] for row in detail["names"]]
    main = _chosen_main(names, sent)
    if sent.get("do") == "apart":
        return Decisions(apart=(tuple(names),))
    roles = {name: _role_of(at, sent) for at, name in enumerate(names)}
    main_name = sent.get("main_name", "").strip()[:_LONGEST_NAME] or main
    roles[main] = "same"
    same = {name: main_name for name in names if roles[name] == "same"}
    apart = [name for name in names if roles[name] not in {"same", "part", "none"}]
    return Decisions(
        same=same if len(same) > 1 or main_name != main else {},
        parts={name: main_name for name in names if roles[name] == "part"},
        apart=(tuple(dict.fromkeys((main, main_name, *apart))),) if apart else (),
        no_projects=tuple(name for name in names if roles[name] == "none"),
    )


def _metrics(detail: Mapping[str, Any], sent: Mapping[str, str]) -> Decisions:
    names = [row["name"] for row in detail["names"]]
    main = _chosen_main(names, sent)
    if sent.get("do") == "apart":
        return Decisions(metrics_apart=(tuple(names),))
    same = [name for at, name in enumerate(names) if _role_of(at, sent) == "same"]
    apart = [name for name in names if name not in same and name != main]
    return Decisions(
        metrics={name: main for name in same if name != main},
        metrics_apart=((main, *apart),) if apart else (),
    )


def _role_of(at: int, sent: Mapping[str, str]) -> str:
    """What a name of a cluster is; one button says of all of them that they are one."""
    return "same" if sent.get("do") == "same" else sent.get(f"role-{at}", "apart")


def _chosen_main(names: Sequence[str], sent: Mapping[str, str]) -> str:
    at = number_in(sent.get("main")) or 0
    return names[at if at < len(names) else 0]


def _weeks(rows: Sequence[Mapping[str, Any]], sent: Mapping[str, str]) -> Decisions:
    weeks: dict[str, date | None] = {}
    for at, row in enumerate(rows):
        typed = sent.get(f"week-{at}", row["week"]).strip()
        if f"skip-{at}" in sent:
            weeks[row["key"]] = None
        elif typed:
            weeks[row["key"]] = monday_of(_day(typed, row["source"]))
    return Decisions(weeks=weeks)


def _doubles(rows: Sequence[Mapping[str, Any]], sent: Mapping[str, str]) -> Decisions:
    return Decisions(
        weeks={
            row["key"]: date.fromisoformat(row["week"]) if f"take-{at}" in sent else None
            for at, row in enumerate(rows)
        }
    )


def _day(typed: str, what: str) -> date:
    try:
        day = parse_date(typed)
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise ChoiceRefused(
            _("%(what)s: “%(typed)s” is not a date.") % {"what": what, "typed": typed}
        )
    return day


def _people(
    rows: Sequence[Mapping[str, Any]], sent: Mapping[str, str], members: Mapping[str, str]
) -> Decisions:
    """Of each name a member, by user name or name, or an address to invite; else only a name."""
    people: dict[str, PersonDecision] = {}
    for at, row in enumerate(rows):
        who = sent.get(f"who-{at}", "").strip()
        if who in members:
            people[row["name"]] = PersonDecision("member", user=members[who])
        elif who:
            people[row["name"]] = PersonDecision("invite", email=_address(who, row["name"]))
        else:
            people[row["name"]] = PersonDecision("name")
    return Decisions(people=people)


def _address(typed: str, name: str) -> str:
    email = mail_address(typed)
    try:
        validate_email(email)
    except forms.ValidationError:
        raise ChoiceRefused(
            _("%(name)s: “%(typed)s” is neither a member nor an address to invite.")
            % {"name": name, "typed": typed}
        ) from None
    return email


def _columns(detail: Mapping[str, Any], sent: Mapping[str, str]) -> Decisions:
    """What each column holds; a table of which nobody says it stays unread."""
    roles = {
        row["heading"]: ColumnRole(role)
        for at, row in enumerate(detail["rows"])
        if (role := sent.get(f"role-{at}", "")) in set(ColumnRole)
    }
    mapping = ColumnMapping(tuple(detail["headings"]), roles)
    return Decisions(columns=(mapping,) if roles else ())


def _lines(rows: Sequence[Mapping[str, Any]], sent: Mapping[str, str]) -> Decisions:
    """A line that was not understood, and the project that it reports; the others stay texts."""
    lines: dict[str, dict[str, str]] = {}
    for at, row in enumerate(rows):
        if name := sent.get(f"project-{at}", "").strip()[:_LONGEST_NAME]:
            for page_key, line in row["lines"]:
                lines.setdefault(page_key, {})[str(line)] = name
    return Decisions(lines=lines)


def _future(sent: Mapping[str, str]) -> Decisions:
    """The projects that the form names itself: they follow from what is decided before."""
    goes_on: dict[str, bool] = {}
    for at in count():
        name = sent.get(f"name-{at}")
        if name is None:
            break
        if sent.get(f"goes-{at}") in {"on", "over"}:
            goes_on[name[:_LONGEST_NAME]] = sent[f"goes-{at}"] == "on"
    starts_on = sent.get("starts_on", "").strip()
    return Decisions(
        goes_on=goes_on,
        starts_on=monday_of(_day(starts_on, _("Start"))) if starts_on else None,
        closes_overdue="closes_overdue" in sent if goes_on else None,
    )


# ---- the form as it stands


def shown_rows(doubt: ImportDoubt, sent: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The rows of the doubt's form, each with what is chosen: now, before, or by proposal."""
    decided = from_plain(doubt.choice) if doubt.choice is not None else None
    rows = doubt.detail.get("names") or doubt.detail.get("rows") or []
    shown = []
    if doubt.kind == doubts.CORRECTION:
        return list(rows)
    main = _main_row(doubt, decided)
    for at, row in enumerate(rows):
        values = _values(doubt.kind, row, decided)
        if sent is not None:
            values = {name: _as_sent(name, at, value, sent) for name, value in values.items()}
        if "names" in doubt.detail:
            values["is_main"] = _is_main(at, row, main, sent)
        shown.append({**row, **values, "at": at})
    return shown


def typed_name(doubt: ImportDoubt) -> str:
    """The name that a person typed for a cluster; empty where it goes by one of its own."""
    if doubt.choice is None or doubt.kind != doubts.NAMES:
        return ""
    main = _decided_main(doubt.kind, from_plain(doubt.choice))
    return "" if any(row["name"] == main for row in doubt.detail["names"]) else main


def _main_row(doubt: ImportDoubt, decided: Decisions | None) -> str:
    """The row's name that the dot stands on: as decided, else as proposed."""
    if decided is None or "names" not in doubt.detail:
        return str(doubt.detail.get("main", ""))
    names = [row["name"] for row in doubt.detail["names"]]
    main = _decided_main(doubt.kind, decided)
    return main if main in names else next((n for n in names if n in decided.same), names[0])


def _decided_main(kind: str, decided: Decisions) -> str:
    """The name that a cluster goes by since somebody decided it; empty where all are apart."""
    if kind == doubts.METRICS:
        mains, apart = [*decided.metrics.values()], decided.metrics_apart
    else:
        mains, apart = [*decided.same.values(), *decided.parts.values()], decided.apart
    return next(iter([*mains, *(group[0] for group in apart)]), "")


def _is_main(at: int, row: Mapping[str, Any], main: str, sent: Mapping[str, Any] | None) -> bool:
    if sent is not None and "main" in sent:
        return str(sent["main"]) == str(at)
    return bool(row["name"] == main)


def _as_sent(name: str, at: int, value: Any, sent: Mapping[str, Any]) -> Any:
    if name == "role" and sent.get("do") in {"apart", "same"}:
        return sent["do"]  # the button says it of all names, whatever the selects say
    field = f"{name}-{at}"
    return field in sent if isinstance(value, bool) else str(sent.get(field, value))


def _values(kind: str, row: Mapping[str, Any], decided: Decisions | None) -> dict[str, Any]:
    match kind:
        case doubts.NAMES | doubts.METRICS | doubts.COLUMNS:
            return {"role": _ROLES[kind](row, decided)}
        case doubts.WEEKS:
            week = decided.weeks.get(row["key"], row["week"] or "") if decided else row["week"]
            return {"week": str(week or ""), "skip": week is None}
        case doubts.DOUBLES:
            takes = decided.weeks.get(row["key"]) is not None if decided else row["takes"]
            return {"take": takes}
        case doubts.PEOPLE:
            return _person_values(row, decided)
        case _:
            page_key, line = row["lines"][0]
            lines = decided.lines.get(page_key, {}) if decided else {}
            return {"project": lines.get(str(line), "")}


def _role(row: Mapping[str, Any], decided: Decisions | None) -> str:
    name = row["name"]
    if decided is None:
        return str(row["role"])
    if name in decided.parts:
        return "part"
    if name in decided.no_projects:
        return "none"
    return "same" if name in decided.same else "apart"


def _column_role(row: Mapping[str, Any], decided: Decisions | None) -> str:
    if decided is None or not decided.columns:
        return str(row["role"])
    role = decided.columns[0].roles.get(row["heading"])
    return role.value if role else ""


def _metric_role(row: Mapping[str, Any], decided: Decisions | None) -> str:
    if decided is None:
        return str(row["role"])
    is_same = row["name"] in decided.metrics or row["name"] in decided.metrics.values()
    return "same" if is_same else "apart"


_ROLES: Final = {
    doubts.NAMES: _role,
    doubts.METRICS: _metric_role,
    doubts.COLUMNS: _column_role,
}


def _person_values(row: Mapping[str, Any], decided: Decisions | None) -> dict[str, Any]:
    person = decided.people.get(row["name"]) if decided else None
    return {"who": person.user or person.email if person else row["user"]}
