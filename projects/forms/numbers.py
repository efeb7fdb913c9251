"""The numbers of a week, and the metrics they are readings of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.conflicts import Difference, EditConflict, Opened
from projects.forms.fields import FigureField, NameField, NumberField, plain
from projects.forms.guarded import GuardedForm, parsed
from projects.models import IncidentCount, Metric, Reading, Team
from projects.operations.metrics import WeekNumbers, count_field, note_field, value_field
from projects.operations.owed_numbers import OwedNumber
from projects.standing import begins_with
from projects.weeks import WEEK

# A severity that was counted within so many weeks is asked for again.
_COUNTED_WITHIN: Final = 8


class ReadingForm(GuardedForm):
    """A metric's reading of the week; empty for none. ``last`` is the one of the week before."""

    of: OwedNumber | None = None  # where it is asked for in a check-in

    value = FigureField(label=_("value"), required=False)
    note = forms.CharField(label=_("note"), required=False, max_length=500)

    def __init__(
        self, metric: Metric, now: Reading | None, last: Reading | None, data: Any = None
    ) -> None:
        initial = {"value": plain(now.value), "note": now.note} if now else None
        super().__init__(data, prefix=f"m{metric.pk}", initial=initial)
        self.metric, self.now, self.last = metric, now, last
        self.fields["value"].unit = metric.unit  # type: ignore[attr-defined]
        self.names = {"value": value_field(metric.pk), "note": note_field(metric.pk)}
        self.guard()

    def label_of(self, field: BoundField) -> str:
        return f"{self.metric.name} · {field.label}"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if cleaned.get("note") and "value" in cleaned and cleaned["value"] is None:
            self.add_error("value", gettext("A note needs a value."))
        return cleaned


class CountForm(GuardedForm):
    """How many incidents of a severity; without a severity, of one that is named here."""

    severity = forms.CharField(
        label=_("severity"),
        required=False,
        max_length=IncidentCount._meta.get_field("severity").max_length,
    )
    count = NumberField(
        label=_("count"),
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
        size=10,
        error_messages={"invalid": _("A number from 0 on, with at most two decimals.")},
    )

    def __init__(
        self, severity: str, counts: tuple[Decimal | None, Decimal | None], data: Any = None
    ) -> None:
        now, last = counts
        prefix = f"count-{severity}" if severity else "count"
        super().__init__(data, prefix=prefix, initial={"count": plain(now)})
        self.named, self.now, self.last = severity, now, last
        if severity:
            del self.fields["severity"]
        self.guard()

    @property
    def names(self) -> dict[str, str]:
        typed = self.named or self.cleaned_data.get("severity", "")
        return {"count": count_field(typed)} if typed else {}

    def label_of(self, field: BoundField) -> str:
        return f"{self.named or self.cleaned_data['severity']} · {field.label}"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if "severity" in cleaned and bool(cleaned["severity"]) != (
            cleaned.get("count") is not None
        ):
            missing = "count" if cleaned["severity"] else "severity"
            if missing not in self.errors:
                self.add_error(missing, gettext("Both are needed: severity and count."))
        return cleaned


class NumbersForm:
    """All numbers of a week on one page: a form for each metric and for each severity."""

    def __init__(self, readings: Iterable[ReadingForm], counts: Iterable[CountForm]) -> None:
        self.readings, self.counts = list(readings), list(counts)
        self.parts: list[ReadingForm | CountForm] = [*self.readings, *self.counts]

    def is_valid(self) -> bool:
        # All of them, so that each marks what is wrong with it.
        valid = [form.is_valid() for form in self.parts]
        return all(valid)

    def numbers(self) -> WeekNumbers:
        """What the valid forms say."""
        readings = {
            form.metric.pk: (form.cleaned_data["value"], form.cleaned_data["note"])
            for form in self.readings
        }
        counts: Mapping[str, Decimal | None] = {
            severity: form.cleaned_data["count"]
            for form in self.counts
            if (severity := form.named or form.cleaned_data["severity"])
        }
        return WeekNumbers(readings, counts)

    @property
    def opened(self) -> Opened:
        """What the valid forms were opened with, by the names of ``WeekNumbers.by_field``."""
        return {
            name: (form.opened or {}).get(own, "")
            for form in self.parts
            for own, name in form.names.items()
        }

    def show_both(self, conflict: EditConflict) -> None:
        """Show the reader's numbers beside those that stand there; sent again, they are saved."""
        for form in self.parts:
            theirs = {
                own: conflict.theirs[name]
                for own, name in form.names.items()
                if name in conflict.theirs
            }
            if theirs:
                form.show_both(EditConflict(theirs))

    @property
    def versions(self) -> list[Difference]:
        return [version for form in self.parts for version in form.versions]


_OPENED_METRIC: Final = re.compile(r"m(\d{1,18})-opened")


def typed_for_gone(metrics: QuerySet[Metric], data: QueryDict) -> list[str]:
    """What was typed for metrics that are not among these any more since the form was opened."""
    typed: dict[int, str] = {}
    for name in data:
        if match := _OPENED_METRIC.fullmatch(name):
            opened = parsed(data[name])
            sent = {
                field: data.get(f"m{match[1]}-{field}", "").strip() for field in ("value", "note")
            }
            changed = [text for field, text in sent.items() if text != opened.get(field, "")]
            typed |= {int(match[1]): " ".join(filter(None, changed))} if any(changed) else {}
    there = set(metrics.filter(pk__in=typed).values_list("pk", flat=True))
    return [text for pk, text in typed.items() if pk not in there]


def numbers_form(
    team: Team, week: date, data: Any = None, *, is_whole: bool = False
) -> NumbersForm:
    """The form of that week, by four queries.

    It asks for the team's metrics, with ``is_whole`` for those of history, too; for every severity
    that was counted of late, and one more.
    """
    metrics = Metric.objects.filter(team=team).of_the_team()
    if not is_whole:
        metrics = metrics.asked_in(team, week)
    rows = Reading.objects.filter(team=team, metric__project=None)
    return NumbersForm(_readings(metrics, rows, week, data), _counts(team, week, data))


def readings_form(metrics: Iterable[Metric], week: date, data: Any = None) -> NumbersForm:
    """The form of that week for these metrics, by one query."""
    in_order = list(metrics)
    rows = Reading.objects.filter(metric__in=in_order)
    return NumbersForm(_readings(in_order, rows, week, data), ())


def _readings(
    metrics: Iterable[Metric], rows: QuerySet[Reading], week: date, data: Any
) -> list[ReadingForm]:
    last = week - WEEK
    readings = {(row.metric_id, row.week): row for row in rows.filter(week__in=(week, last))}
    return [
        ReadingForm(metric, readings.get((metric.pk, week)), readings.get((metric.pk, last)), data)
        for metric in metrics
    ]


def _counts(team: Team, week: date, data: Any) -> list[CountForm]:
    first = max(week - (_COUNTED_WITHIN - 1) * WEEK, begins_with(week, team.starts_on))
    rows = list(IncidentCount.objects.filter(team=team, week__range=(first, week)))
    counts = {(row.severity, row.week): row.count for row in rows}
    severities = sorted({row.severity for row in rows})
    return [
        CountForm(name, (counts.get((name, week)), counts.get((name, week - WEEK))), data)
        for name in (*severities, "")
    ]


class OwedNumbersForm(NumbersForm):
    """The numbers that a person owes a week, each with its key result or project."""

    def __init__(self, owed: Iterable[OwedNumber], data: Any = None) -> None:
        self.owed = list(owed)
        super().__init__(
            (ReadingForm(number.metric, number.now, number.last, data) for number in self.owed), ()
        )
        for number, form in zip(self.owed, self.readings, strict=True):
            form.of = number
            hint = gettext("e.g. 120")
            if number.last is not None:
                hint = gettext("last week %(value)s") % {"value": plain(number.last.value)}
            form.fields["value"].widget.attrs["placeholder"] = hint

    @property
    def missing(self) -> int:
        """How many have no value of the week yet."""
        return sum(number.now is None for number in self.owed)


def as_last_week(owed: Iterable[OwedNumber], data: QueryDict) -> QueryDict:
    """What was sent, with last week's value in each field that is empty: to be seen, then saved."""
    filled = data.copy()
    for number in owed:
        name = f"m{number.metric.pk}-value"
        if number.last is not None and not filled.get(name, "").strip():
            filled[name] = plain(number.last.value)
    return filled


class MetricForm(GuardedForm, forms.ModelForm):  # type: ignore[type-arg]  # not generic while running
    """A number that the team watches."""

    name = NameField(label=_("name"), max_length=120)
    target = FigureField(label=_("target"), required=False)

    class Meta:
        model = Metric
        fields = ("name", "unit", "target", "direction")

    def __init__(self, data: Any = None, *, instance: Metric) -> None:
        super().__init__(data, instance=instance, initial={"target": plain(instance.target)})
        self.fields["target"].unit = (data or {}).get("unit", instance.unit)  # type: ignore[attr-defined]
        if instance.pk:
            self.guard()

    def refuse_name(self) -> None:
        self.add_error("name", gettext("The team already has a metric of that name."))
