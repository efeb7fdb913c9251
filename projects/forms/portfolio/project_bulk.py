"""The bar of the project list that changes many projects at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from okrtracker.requests.clean import number_in
from projects.conflicts import Difference, EditConflict, as_text
from projects.forms.fields import LeadField
from projects.forms.portfolio.project_settings import objective_choices, objectives_of
from projects.models import Project, Team
from projects.portfolio.leads import Lead, People
from projects.portfolio.lifecycle import WantedChange

CLOSE: Final = "close"
# What a row sends back of itself: the values that a verb may change, as the list showed them.
_COMPARED: Final = ("lead", "lead_name", "objective", "is_focus", "stage", "closed_on")
_NONE: Final = "none"


def row_value(project: Project) -> str:
    """The value of the row's box: which project it is, and what the list shows of it.

    The stage is that of ``with_stage``, if the project is one of these.
    """
    shown = {field: as_text(getattr(project, field)) for field in _COMPARED}
    shown["stage"] = as_text(getattr(project, "stage_now", project.stage_id))
    return urlencode({"project": project.pk, **shown})


def parsed_row(value: str) -> tuple[int, dict[str, str]] | None:
    """What a box sent; ``None`` when it is none of ours."""
    opened = dict(parse_qsl(value, keep_blank_values=True))
    key = number_in(opened.pop("project", ""))
    if key is None:
        return None
    return key, {name: opened[name] for name in _COMPARED if name in opened}


class BulkForm(forms.Form):
    """What to do with the ticked projects: a verb, and its value.

    ``opened`` holds by the key of each ticked project what the list showed of it.
    """

    verb = forms.ChoiceField(
        label=_("change"),
        choices=[
            ("lead", _("Lead")),
            ("objective", _("Objective")),
            ("stage", _("Stage")),
            ("focus", _("Focus project")),
            ("no_focus", _("No focus project")),
            (CLOSE, _("Close…")),
        ],
    )
    lead = LeadField(label=_("lead"))
    objective = forms.ChoiceField(label=_("objective"), required=False)

    stage = forms.ChoiceField(label=_("stage"), required=False)

    def __init__(self, team: Team, people: People, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="bulk-%s")
        lead = cast("LeadField", self.fields["lead"])
        lead.people = people
        lead.widget.attrs |= {
            "aria-label": gettext("Lead"),
            "placeholder": pgettext("of a person", "name"),
        }
        self.objectives = {str(objective.pk): objective for objective in objectives_of(team)}
        choice = cast("forms.ChoiceField", self.fields["objective"])
        choice.widget.attrs["aria-label"] = gettext("Objective")
        choice.choices = [
            ("", "—"),
            *objective_choices(self.objectives.values()),
            (_NONE, _("Under no objective")),
        ]
        self.stages = {str(stage.pk): stage for stage in team.stages.all()}
        stages = cast("forms.ChoiceField", self.fields["stage"])
        stages.widget.attrs["aria-label"] = gettext("Stage")
        stages.choices = [("", "—"), *((key, stage.name) for key, stage in self.stages.items())]
        rows = [parsed_row(value) for value in data.getlist("project")] if data else []
        self.opened: dict[int, dict[str, str]] = dict(row for row in rows if row)
        self.versions: tuple[Difference, ...] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        verb = cleaned.get("verb", "")
        if not self.opened:
            raise forms.ValidationError(gettext("Tick the projects first."))
        if verb == "lead" and cleaned.get("lead") == Lead():
            self.add_error("lead", gettext("Who leads them?"))
        if verb == "objective" and not cleaned.get("objective", _NONE):
            self.add_error("objective", gettext("Choose an objective."))
        if verb == "stage" and not cleaned.get("stage", _NONE):
            self.add_error("stage", gettext("Choose a stage."))
        return cleaned

    @property
    def ticked(self) -> frozenset[int]:
        return frozenset(self.opened)

    @property
    def verb_chosen(self) -> str:
        return str(self.cleaned_data["verb"])

    def wanted(self) -> list[WantedChange]:
        """What the valid form says of each ticked project."""
        values = self._values()
        return [WantedChange(key, values, opened) for key, opened in self.opened.items()]

    def _values(self) -> Mapping[str, Any]:
        cleaned = self.cleaned_data
        match self.verb_chosen:
            case "lead":
                lead: Lead = cleaned["lead"]
                return lead.columns()
            case "objective":
                return {"objective": self.objectives.get(cleaned["objective"])}
            case "stage":
                return {"stage": self.stages[cleaned["stage"]]}
        return {"is_focus": self.verb_chosen == "focus"}

    def show_both(self, conflicts: Iterable[tuple[Project, EditConflict]]) -> None:
        """Keep the ticks of the projects that others have changed, and show both versions."""
        conflicts = list(conflicts)
        mine = self._words(self._values())
        self.versions = tuple(
            Difference(project.name, mine, self._words(_standing(project, conflict)))
            for project, conflict in conflicts
        )
        self.opened = {project.pk: {} for project, _conflict in conflicts}

    def _words(self, values: Mapping[str, Any]) -> str:
        """The values as a reader knows them."""
        if "is_focus" in values:
            focus, plain = gettext("focus project"), gettext("no focus project")
            return focus if values["is_focus"] else plain
        if "objective" in values:
            return str(values["objective"] or gettext("Under no objective"))
        if "stage" in values:
            return str(self.stages.get(as_text(values["stage"]), "—"))
        return str(values.get("lead") or values.get("lead_name") or "—")


def _standing(project: Project, conflict: EditConflict) -> dict[str, Any]:
    """What stands there now of the thing that the verb is about."""
    if "stage" in conflict.theirs:
        return conflict.theirs
    columns = ("lead", "lead_name") if {"lead", "lead_name"} & set(conflict.theirs) else ()
    return {column: getattr(project, column) for column in columns or conflict.theirs}
