"""The forms of the milestone editor: a row for each milestone, and one more for a new one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.checkin import milestones
from projects.checkin.drops import Fall
from projects.conflicts import EditConflict, Opened
from projects.forms.fields import DayField, NameField, PercentField, WholeField
from projects.forms.guarded import NOT_SAVED, GuardedForm, parsed
from projects.models import Milestone, Project, Stage
from projects.text.numbers import plain

_LIGHTEST, _HEAVIEST = 1, 99
_ROW: Final = re.compile(r"milestone-(\d{1,18})-(?:name|weight|stage)", re.ASCII)


class _ExplainedForm(forms.Form):
    """A change by which the project's percent may fall. ``fall`` is known once it was refused."""

    fall: Fall | None = None
    drop_reason = forms.CharField(label=_("reason of the drop"), max_length=500, required=False)

    def ask_why(self, fall: Fall) -> None:
        self.fall = fall
        self.add_error("drop_reason", gettext("Please say why."))


class WeighedForm(_ExplainedForm):
    """Why the project's percent falls by the weights of the list."""

    prefix = "list"


class MilestoneDetailsForm(GuardedForm):
    """What a milestone is called, how much it counts, and how far along it is."""

    name = NameField(label=_("name"), max_length=120)
    weight = WholeField(
        label=_("weight"),
        min_value=_LIGHTEST,
        max_value=_HEAVIEST,
        initial=1,
        error_messages=dict.fromkeys(("required", "invalid"), _("A whole number from 1 to 99.")),
    )
    stage = forms.TypedChoiceField(
        label=_("stage"), coerce=int, empty_value=None, required=False, choices=[]
    )

    def __init__(
        self, stages: Iterable[Stage], data: Any = None, *, milestone: Milestone | None = None
    ) -> None:
        initial = {}
        if milestone:
            initial = {
                "name": milestone.name,
                "weight": milestone.weight,
                "stage": milestone.stage_id,
            }
        prefix = prefix_of(milestone.pk) if milestone else None
        super().__init__(data, auto_id="%s", prefix=prefix, initial=initial)
        self.stages = {stage.pk: stage for stage in stages}
        names = ((stage.pk, stage.name) for stage in self.stages.values())
        self.fields["stage"].choices = [("", "—"), *names]  # type: ignore[attr-defined]
        if milestone:
            self.guard()

    def clean_stage(self) -> Stage | None:
        return self.stages.get(self.cleaned_data["stage"])

    def refuse_name(self) -> None:
        """Mark the name, which another milestone of the project has."""
        self.add_error("name", gettext("The project has a milestone of this name already."))


class NewMilestoneRowForm(_ExplainedForm, MilestoneDetailsForm):
    """The row below the others, which adds one."""

    percent = PercentField(label=_("complete"))
    due_on = DayField(label=_("due"))

    def __init__(self, project: Project, stages: Iterable[Stage], data: Any = None) -> None:
        super().__init__(stages, data)
        self.auto_id = f"milestone-new-{project.pk}-%s"


class MilestonesForm:
    """The open milestones as one list with one save: a form for each row of it.

    A row that was closed meanwhile and is sent has one, too. What was typed for a row that is gone
    is told (``not_saved``).
    """

    def __init__(self, rows: Iterable[Milestone], stages: Iterable[Stage], data: Any = None):
        sent = {int(match[1]) for name in data or () if (match := _ROW.fullmatch(name))}
        stages, self.data = list(stages), data
        self.rows = {
            row.pk: MilestoneDetailsForm(stages, data, milestone=row)
            for row in rows
            if row.closed_at is None or row.pk in sent
        }
        self.gone = sent - self.rows.keys()
        self.weighed = WeighedForm(data)

    def is_valid(self) -> bool:
        """Each is asked, so that all say what is wrong."""
        return not [form for form in (*self.rows.values(), self.weighed) if not form.is_valid()]

    @property
    def typed(self) -> dict[int, dict[str, Any]]:
        return {key: form.cleaned_data for key, form in self.rows.items()}

    @property
    def opened(self) -> dict[int, Opened]:
        return {key: form.opened or {} for key, form in self.rows.items()}

    @property
    def wrong(self) -> set[int]:
        return {key for key, form in self.rows.items() if form.errors}

    def refuse(self, causes: Mapping[int, Exception]) -> None:
        for key, cause in causes.items():
            if isinstance(cause, EditConflict):
                self.rows[key].show_both(cause)
            else:
                self.rows[key].refuse_name()

    def not_saved(self, gone: Iterable[int]) -> str:
        """What was typed for rows that are gone, in words; empty where nothing was."""
        typed = list(filter(None, map(self._typed_for, sorted({*gone, *self.gone}))))
        return NOT_SAVED % {"typed": " · ".join(typed)} if typed else ""

    def _typed_for(self, key: int) -> str:
        prefix = prefix_of(key)
        opened = parsed(self.data.get(f"{prefix}-opened"))
        sent = {name: self.data.get(f"{prefix}-{name}", "") for name in ("name", "weight")}
        return " ".join(value for name, value in sent.items() if value != opened.get(name))


class RemoveForm(_ExplainedForm):
    """Nothing but why the project's percent falls, once that is asked. It is sent with the list."""

    def __init__(self, milestone: Milestone, data: Any = None) -> None:
        super().__init__(data, auto_id="%s", prefix=f"{prefix_of(milestone.pk)}-remove")


class DropForm(forms.Form):
    """Why a milestone will not be done. It is sent with the list."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=500,
        error_messages={"required": _("Say in a line why it will not be done.")},
    )

    def __init__(self, milestone: Milestone, data: Any = None, *, typed: Any = None) -> None:
        """``typed`` is what was sent with a list that was not taken: shown again."""
        super().__init__(data, auto_id="%s", prefix=f"{prefix_of(milestone.pk)}-drop")
        self.initial["reason"] = (typed or {}).get(self.add_prefix("reason"), "")

    def ask_for_the_button(self) -> None:
        """The list was saved while a reason stood here: it is not dropped by that."""
        self.add_error("reason", gettext("Not dropped yet: press “Drop”."))


class ReopenForm(forms.Form):
    """How far a milestone that was done is now, and why; of one that was dropped, nothing.

    Unless the project's percent ``fall``s when it is brought back: then why.
    """

    fall: Fall | None = None
    percent = PercentField(label=_("complete"))
    reason = forms.CharField(label=_("reason"), max_length=500, required=False)

    def __init__(self, milestone: Milestone, data: Any = None) -> None:
        super().__init__(data, auto_id=_auto_id(milestone, "reopen"))

    def typed(self) -> str:
        """What was typed, in one line."""
        percent, reason = self.cleaned_data["percent"], self.cleaned_data["reason"]
        return " ".join(filter(None, ("" if percent is None else f"{plain(percent)}%", reason)))

    def refuse_percent(self) -> None:
        self.add_error("percent", gettext("How far is it now? Less than 100%."))

    def refuse_reason(self) -> None:
        self.add_error("reason", gettext("Please say why."))

    def ask_why(self, fall: Fall) -> None:
        self.fall = fall
        self.refuse_reason()


@dataclass(frozen=True, slots=True)
class MilestoneFormRow:
    """One milestone in the editor, with the forms that apply to it."""

    milestone: Milestone
    details: MilestoneDetailsForm | None  # of an open one
    drop: DropForm
    reopen: ReopenForm
    remove: RemoveForm
    is_removable: bool
    place: int = 0  # among the open ones, from 1
    is_first: bool = False
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Editor:
    """The list of open milestones, those that are done or dropped, and the row that adds one."""

    rows: MilestonesForm
    open: tuple[MilestoneFormRow, ...]
    closed: tuple[MilestoneFormRow, ...]
    new: NewMilestoneRowForm


type Wrong = forms.Form | MilestonesForm


def editor_of(
    project: Project,
    stages: Iterable[Stage],
    wrong: Wrong | None = None,
    of: Milestone | None = None,
) -> Editor:
    """The project's milestones with their forms; ``wrong`` takes its place among those of ``of``.

    Without ``of`` it is the list, or the form of the new milestone.
    """
    stages = list(stages)
    removable = milestones.removable(project)
    standing = list(Milestone.objects.filter(project=project).select_related("stage"))
    rows = wrong if isinstance(wrong, MilestonesForm) else MilestonesForm(standing, stages)
    open_ones: list[MilestoneFormRow] = []
    closed_ones: list[MilestoneFormRow] = []
    for milestone in standing:
        is_open = milestone.closed_at is None or milestone.pk in rows.wrong
        details = rows.rows.get(milestone.pk) if is_open else None
        of_row = wrong if of is not None and milestone.pk == of.pk else None
        drop = DropForm(milestone, typed=rows.data)
        row = _row(milestone, details, of_row, drop, is_removable=milestone.pk in removable)
        (open_ones if details else closed_ones).append(row)
    return Editor(
        rows=rows,
        open=_with_ends(open_ones),
        closed=tuple(closed_ones),
        new=wrong
        if isinstance(wrong, NewMilestoneRowForm)
        else NewMilestoneRowForm(project, stages),
    )


def _row(
    milestone: Milestone,
    details: MilestoneDetailsForm | None,
    wrong: Wrong | None,
    drop: DropForm,
    *,
    is_removable: bool,
) -> MilestoneFormRow:
    return MilestoneFormRow(
        milestone,
        details,
        wrong if isinstance(wrong, DropForm) else drop,
        wrong if isinstance(wrong, ReopenForm) else ReopenForm(milestone),
        wrong if isinstance(wrong, RemoveForm) else RemoveForm(milestone),
        is_removable=is_removable,
    )


def _with_ends(rows: list[MilestoneFormRow]) -> tuple[MilestoneFormRow, ...]:
    last = len(rows) - 1
    return tuple(
        replace(row, place=at + 1, is_first=at == 0, is_last=at == last)
        for at, row in enumerate(rows)
    )


def prefix_of(key: int) -> str:
    """How the names of the fields of a milestone's row begin."""
    return f"milestone-{key}"


def _auto_id(milestone: Milestone, form: str) -> str:
    """On a page with many forms each needs ids of its own."""
    return f"{prefix_of(milestone.pk)}-{form}-%s"
