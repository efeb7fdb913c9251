"""The forms of the milestone editor: a row for each milestone, and one more for a new one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.checkin import milestones
from projects.checkin.drops import Fall
from projects.forms.fields import DayField, NameField, PercentField, WholeField
from projects.forms.guarded import GuardedForm
from projects.models import Milestone, Project, Stage
from projects.text.numbers import plain

_LIGHTEST, _HEAVIEST = 1, 99


class _ExplainedForm(forms.Form):
    """A change by which the project's percent may fall. ``fall`` is known once it was refused."""

    fall: Fall | None = None
    drop_reason = forms.CharField(label=_("reason of the drop"), max_length=500, required=False)

    def ask_why(self, fall: Fall) -> None:
        self.fall = fall
        self.add_error("drop_reason", gettext("Please say why."))


class MilestoneDetailsForm(_ExplainedForm, GuardedForm):
    """What a milestone is called, how much it counts, and how far along it is."""

    unguarded = frozenset({"drop_reason"})
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
        super().__init__(data, auto_id=_auto_id(milestone, "details"), initial=initial)
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


class NewMilestoneRowForm(MilestoneDetailsForm):
    """The row below the others, which adds one."""

    percent = PercentField(label=_("complete"))
    due_on = DayField(label=_("due"))

    def __init__(self, project: Project, stages: Iterable[Stage], data: Any = None) -> None:
        super().__init__(stages, data)
        self.auto_id = f"milestone-new-{project.pk}-%s"


class RemoveForm(_ExplainedForm):
    """Nothing but why the project's percent falls, once that is asked."""

    def __init__(self, milestone: Milestone, data: Any = None) -> None:
        super().__init__(data, auto_id=_auto_id(milestone, "remove"))


class DropForm(forms.Form):
    """Why a milestone will not be done."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=500,
        error_messages={"required": _("Say in a line why it will not be done.")},
    )

    def __init__(self, milestone: Milestone, data: Any = None) -> None:
        super().__init__(data, auto_id=_auto_id(milestone, "drop"))


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
    details: MilestoneDetailsForm
    drop: DropForm
    reopen: ReopenForm
    remove: RemoveForm
    is_removable: bool
    place: int = 0  # among the open ones, from 1
    is_first: bool = False
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Editor:
    """The open milestones, those that are done or dropped, and the row that adds one."""

    open: tuple[MilestoneFormRow, ...]
    closed: tuple[MilestoneFormRow, ...]
    new: NewMilestoneRowForm


def editor_of(
    project: Project,
    stages: Iterable[Stage],
    wrong: forms.Form | None = None,
    of: Milestone | None = None,
) -> Editor:
    """The project's milestones with their forms; ``wrong`` takes its place among those of ``of``.

    Without ``of`` it is the one of the new milestone.
    """
    stages = list(stages)
    removable = milestones.removable(project)
    open_ones: list[MilestoneFormRow] = []
    closed_ones: list[MilestoneFormRow] = []
    for milestone in Milestone.objects.filter(project=project).select_related("stage"):
        of_row = wrong if of is not None and milestone.pk == of.pk else None
        row = _row(milestone, stages, of_row, is_removable=milestone.pk in removable)
        (open_ones if milestone.closed_at is None else closed_ones).append(row)
    return Editor(
        open=_with_ends(open_ones),
        closed=tuple(closed_ones),
        new=wrong
        if isinstance(wrong, NewMilestoneRowForm)
        else NewMilestoneRowForm(project, stages),
    )


def _row(
    milestone: Milestone, stages: list[Stage], wrong: forms.Form | None, *, is_removable: bool
) -> MilestoneFormRow:
    return MilestoneFormRow(
        milestone,
        wrong
        if isinstance(wrong, MilestoneDetailsForm)
        else MilestoneDetailsForm(stages, milestone=milestone),
        wrong if isinstance(wrong, DropForm) else DropForm(milestone),
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


def _auto_id(milestone: Milestone | None, form: str) -> str:
    """On a page with many forms each needs ids of its own."""
    return f"milestone-{milestone.pk if milestone else 'new'}-{form}-%s"
