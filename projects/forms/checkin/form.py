"""The check-in form: one project's status entry of a week, with its milestones and questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from okrtracker.requests.clean import number_in, parsed_json
from projects.checkin.drops import Fall, fall_between
from projects.checkin.ledger import standing
from projects.checkin.recording import CheckIn, weighted_percent
from projects.checkin.worklist import Assignment
from projects.conflicts import Opened
from projects.forms.checkin.milestones import (
    MilestoneForm,
    NewMilestoneForm,
    new_prefixes,
    valid,
)
from projects.forms.checkin.questions import AnswerForm
from projects.forms.fields import OpenedField, PercentField, plain
from projects.forms.guarded import NOT_SAVED
from projects.models import Health, Question, Stage
from projects.reported import FURTHER_TEXTS, OF_ITS_WEEK, REPORTED
from projects.standing import PrintedPercent, printed_percent, told_percent
from projects.text.formulas import Formula, mean_of_milestones

_HIDDEN: Final = ("revision", "week", "opened")
# A number that was taken from the text: see ``projects.forms.checkin.reading``.
_NUMBER: Final = re.compile(r"n\d{1,18}")
_BROKEN = _("This form is broken. Copy your text, then reload the page.")


class CheckInForm(forms.Form):
    """A status entry, with further forms inside it.

    ``milestones`` and ``new_milestones`` have a form for each line, ``answers`` one for each open
    question. ``standing`` is what every field shows before anything is typed, by its name.
    """

    text = forms.CharField(
        label=_("progress this week"),
        max_length=10_000,
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "placeholder": _(
                    "For example: gateway joined up, 85%; waiting for the bank's line"
                ),
            }
        ),
        error_messages={"required": _("Say in a line what happened, even if it is little.")},
    )
    health = forms.ChoiceField(label=_("health"), choices=Health.choices, widget=forms.RadioSelect)
    stage = forms.TypedChoiceField(
        label=_("stage"), coerce=int, empty_value=None, required=False, choices=[]
    )
    percent = PercentField(label=_("overall progress"), hint=_("e.g. 80"))
    drop_reason = forms.CharField(label=_("reason of the drop"), max_length=500, required=False)
    risks = forms.CharField(
        label=_("risks"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 1, "placeholder": _("For example: the review may want another test")}
        ),
    )
    revision = forms.IntegerField(
        min_value=0,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value"), _BROKEN),
    )
    # Of the week that the form was opened in: a tab may stay open over a weekend.
    week = forms.DateField(required=False, widget=forms.HiddenInput, input_formats=["%Y-%m-%d"])
    # What the fields showed then, by their names: it tells what was typed from what was not.
    opened = OpenedField()

    refused_fall: Fall | None = None

    def __init__(
        self,
        assignment: Assignment,
        stages: Iterable[Stage],
        data: QueryDict | None = None,
        *,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        """Bound to ``data``, or open with what stands there and over it what was ``typed``."""
        # On a page with many forms each needs ids of its own.
        auto_id = f"p{assignment.project.pk}-%s"
        super().__init__(data, auto_id=auto_id, initial=_initial(assignment))
        choices = [("", "—"), *((stage.pk, stage.name) for stage in stages)]
        self.fields["stage"].choices = choices  # type: ignore[attr-defined]  # of a Field
        self.assignment = assignment
        opened = _opened(data)
        self.milestones = [
            MilestoneForm(milestone, standing(milestone), data, auto_id, opened=opened, typed=typed)
            for milestone in assignment.milestones
        ]
        self.new_milestones = [
            NewMilestoneForm(data, prefix=prefix, auto_id=auto_id)
            for prefix in new_prefixes(data or typed)
        ]
        self.answers = [
            AnswerForm(question, data, auto_id, is_alone=False) for question in assignment.questions
        ]
        self.standing = self._standing()
        self.initial["opened"] = self.standing
        if typed:
            self._show(typed)

    def _parts(self) -> list[forms.Form]:
        return [self, *self.milestones, *self.new_milestones, *self.answers]

    def _standing(self) -> dict[str, str]:
        return {
            part.add_prefix(name): as_sent(part.get_initial_for_field(field, name))
            for part in self._parts()
            for name, field in part.fields.items()
            if name not in _HIDDEN or part is not self
        }

    def _show(self, typed: Mapping[str, str]) -> None:
        for part in self._parts():
            keys = {name: part.add_prefix(name) for name in part.fields}
            part.initial.update({name: typed[key] for name, key in keys.items() if key in typed})

    # --- what was sent ------------------------------------------------------------------------

    def sent(self) -> dict[str, str]:
        """The bound form's fields as they came, right or wrong, by their names."""
        return {name: as_sent(self.data[name]) for name in self.standing if name in self.data}

    def typed(self) -> dict[str, str]:
        """Of that, what differs from what the reader was shown."""
        shown = self.standing | _opened(self.data)
        return {name: value for name, value in self.sent().items() if value != shown[name]}

    @property
    def opened_revision(self) -> int:
        """The revision that was typed over; the present one where the bound form says none.

        That is the one the form was opened with, or an older one while two versions are compared.
        """
        revision = number_in(self.data.get("typed_over") or self.data.get("revision"))
        return self.assignment.revision if revision is None else revision

    @property
    def opened_with(self) -> Opened | None:
        """What the bound form showed when it was opened, by the names of ``REPORTED``.

        ``None`` where it does not say it of all of them.
        """
        shown = _opened(self.data)
        fields = {name: _field_of(name) for name in REPORTED}
        if not set(fields.values()) <= shown.keys():
            return None
        return {name: shown[field].strip() for name, field in fields.items()}

    @property
    def is_of_another_week(self) -> bool:
        """Whether what was sent was opened in a week that is over."""
        week = self.data.get("week")
        return bool(week) and week != self.assignment.week.isoformat()

    # --- what it shows ------------------------------------------------------------------------

    @property
    def reported_fields(self) -> list[str]:
        """The fields that are columns of the entry, by name, in the form's order: text first."""
        columns = {_field_of(name) for name in REPORTED}
        return [name for name in self.fields if name in columns]

    @property
    def further_texts(self) -> list[BoundField]:
        """The fields for what is reported beside the text in words."""
        return [self[name] for name in FURTHER_TEXTS]

    @property
    def has_new(self) -> bool:
        """Whether anything stands in a line for a new milestone."""
        return any(line[name].value() for line in self.new_milestones for name in line.fields)

    @property
    def open_milestones(self) -> list[MilestoneForm]:
        """The lines to be filled in: what is finished is counted and named below them."""
        return [line for line in self.milestones if not line.is_done or line.is_touched]

    @property
    def shares_now(self) -> list[tuple[str, Decimal | None, int]]:
        """Name, percent and weight of each milestone as typed so far, with those that are new."""
        percents = {line.milestone.pk: line.percent_now for line in self.milestones}
        shares = [
            # Of ``as_of``.
            (m.name, percents.get(m.pk, m.percent_then), m.weight)  # type: ignore[attr-defined]  # as_of
            for m in self.assignment.counting
        ]
        new = (line.now() for line in self.new_milestones)
        return [*shares, *((line.name, line.percent, 1) for line in new if line)]

    @property
    def weighted_now(self) -> Decimal | None:
        """What the milestones add up to as typed so far, with those that are new."""
        return weighted_percent((percent, weight) for _name, percent, weight in self.shares_now)

    @property
    def formula(self) -> Formula | None:
        """How ``weighted_now`` comes about."""
        percent = self.weighted_now
        return None if percent is None else mean_of_milestones(self.shares_now, percent)

    @property
    def printed_now(self) -> PrintedPercent:
        """The percent that would be printed of what is typed so far, compared with the last one."""
        percent = told_percent(valid(self, "percent"), self.weighted_now)
        printed = printed_percent(percent, self.assignment.last_percent)
        compared = self.assignment.compared_percent
        change = None if percent is None or compared is None else percent - compared
        return replace(printed, change=change)

    @property
    def fall(self) -> Fall | None:
        """How the percent as typed so far falls, unless a milestone's own drop is to say why."""
        entry = self.assignment.entry
        # Given in the editor of milestones, beside this form.
        is_kept = entry is not None and entry.drop_reason != "" and not self.data.get("drop_reason")
        is_explained = self.assignment.is_drop_explained or is_kept
        if self.refused_fall or is_explained or any(line.drops for line in self.milestones):
            return self.refused_fall
        percent = told_percent(valid(self, "percent"), self.weighted_now)
        return fall_between(self.assignment.compared_percent, percent)

    @property
    def fall_sent(self) -> str:
        """Which fall the form asks about, to be sent back: the answer renews it when it differs."""
        return f"{self.fall.old}-{self.fall.new}" if self.fall else ""

    @property
    def asks_anew(self) -> bool:
        """Whether what was sent asked about another fall than there is by now, or about none."""
        return str(self.data.get("asked_of", "")) != self.fall_sent

    def put_cursor(self) -> None:
        """Into the first field that is wrong, else into the text; for a form alone on its page."""
        fields = [self["text"]]
        for form in (*self.answers, *self.milestones, *self.new_milestones):
            fields += list(form)
        fields += [self[name] for name in self.reported_fields]
        first = next((field for field in fields if field.errors), self["text"])
        first.field.widget.attrs["autofocus"] = True

    # --- what the valid form says -------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """What was typed into a line that is gone is shown once; sent again, the rest is saved."""
        shown = _opened(self.data)
        gone = {name: as_sent(self.data.get(name, "")) for name in shown.keys() - self.standing}
        if typed := [text for name, text in gone.items() if text and text != shown[name]]:
            self.add_error(None, NOT_SAVED % {"typed": " · ".join(typed)})
        return self.cleaned_data

    def is_valid(self) -> bool:
        parts = self._parts()[1:]
        return all([super().is_valid(), *(part.is_valid() for part in parts)])

    def check_in(self) -> CheckIn:
        """What the valid form says."""
        updates = [milestone.update() for milestone in self.milestones]
        new = [line.update() for line in self.new_milestones if line.cleaned_data["name"]]
        return CheckIn(
            **{name: self.cleaned_data[_field_of(name)] for name in REPORTED},
            milestones=(*updates, *new),
        )

    def answered(self) -> list[tuple[Question, str]]:
        """The questions that the valid form answers, with the answers."""
        return [(form.question, form.words) for form in self.answers if form.words]

    def ask_for_reasons(self, names: Iterable[str]) -> None:
        """Mark the milestones whose change has to be explained."""
        unexplained = set(names)
        for form in self.milestones:
            if form.milestone.name in unexplained:
                form.add_error("reason", gettext("Please say why."))

    def ask_why(self, fall: Fall) -> None:
        """Mark the reason of the project's own drop."""
        self.refused_fall = fall
        self.add_error("drop_reason", gettext("Please say why."))

    def mark_number(self, name: str) -> None:
        """Say that a number that was taken from the text has been entered otherwise meanwhile."""
        words = gettext("%(metric)s has another value by now: look again.")
        self.add_error(None, words % {"metric": name})
        self.data = {
            field: value for field, value in self.data.items() if not _NUMBER.fullmatch(field)
        }

    def mark_answered(self, question: Question) -> None:
        """Mark the question that somebody else has answered meanwhile."""
        for form in self.answers:
            if form.question.pk == question.pk:
                form.mark_answered(question)


def as_sent(value: object) -> str:
    """A field's value as a browser sends it back, with the line ends that the database has."""
    return "" if value is None else str(value).replace("\r\n", "\n").replace("\0", "")


def _opened(data: Mapping[str, Any] | None) -> dict[str, str]:
    """What a form that was sent had shown; nothing where it does not say it, or not properly."""
    shown = parsed_json((data or {}).get("opened"))
    return {str(k): str(v) for k, v in shown.items()} if isinstance(shown, dict) else {}


def _initial(assignment: Assignment) -> dict[str, Any]:
    """This week's entry; without one, what still holds of the latest: all but its text."""
    last = assignment.entry or assignment.previous
    reported = last.reported() if last else {}
    initial = {_field_of(name): value for name, value in reported.items()}
    initial["health"] = initial.get("health") or Health.ON_TRACK
    initial["percent"] = plain(initial.get("percent"))
    if not assignment.entry:
        for name in OF_ITS_WEEK:
            initial.pop(name, None)
        initial["stage"] = assignment.project.stage_id or initial.get("stage")
    return initial | {"revision": assignment.revision, "week": assignment.week}


def _field_of(column: str) -> str:
    """The form's field for a column of ``REPORTED``: a reference goes by its name without _id."""
    return column.removesuffix("_id")
