"""The form that begins several projects at once, one a line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import LeadField, NameField
from projects.models import Objective
from projects.portfolio.leads import Lead, People
from projects.portfolio.lifecycle import NewProject

LINES: Final = 5
MOST_LINES: Final = 30


class NewProjectForm(forms.Form):
    """One line: the name, and if it is known the objective and the lead.

    The lead is a member of the team or, by name, somebody who has no account yet.
    """

    name = NameField(label=_("project"), max_length=120)
    objective = forms.TypedChoiceField(
        label=_("objective"), coerce=int, empty_value=None, required=False, choices=[]
    )
    lead = LeadField(label=_("lead"))

    def __init__(
        self,
        *args: Any,
        objectives: Iterable[Objective],
        people: People,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.objectives = {objective.pk: objective for objective in objectives}
        lead = cast("LeadField", self.fields["lead"])
        lead.people = people
        field = cast("forms.ChoiceField", self.fields["objective"])
        names = (
            (objective.pk, f"{objective.code} {objective.name}")
            for objective in self.objectives.values()
        )
        field.choices = [("", "—"), *names]

    def project(self) -> NewProject:
        """What the valid line says."""
        cleaned = self.cleaned_data
        lead: Lead = cleaned["lead"]
        return NewProject(
            name=cleaned["name"],
            objective=self.objectives.get(cleaned["objective"]),
            lead=lead.user,
            lead_name=lead.name,
        )


if TYPE_CHECKING:  # where it is generic; Django's own takes no parameters
    _BaseFormSet = forms.BaseFormSet[NewProjectForm]
else:
    _BaseFormSet = forms.BaseFormSet


class NewProjectFormSet(_BaseFormSet):
    """The lines; empty ones count for nothing, but one at least says something."""

    def clean(self) -> None:
        filled = [form for form in self.forms if form.has_changed()]
        if not any(self.errors) and not filled:
            raise forms.ValidationError(gettext("Name one project at least."))
        seen: set[str] = set()
        for form in filled:
            name = form.cleaned_data.get("name", "")
            if name and name in seen:
                form.add_error("name", gettext("This name is on two lines."))
            seen.add(name)

    def filled(self) -> list[NewProjectForm]:
        """The lines that name a project."""
        return [form for form in self.forms if form.has_changed()]


def new_projects_form(
    objectives: Iterable[Objective],
    people: People,
    data: Any = None,
    lines: int = LINES,
) -> NewProjectFormSet:
    """So many empty lines, or what was sent."""
    factory = forms.formset_factory(
        NewProjectForm,
        formset=NewProjectFormSet,
        extra=min(max(lines, 1), MOST_LINES),
        max_num=MOST_LINES,
        absolute_max=MOST_LINES,
        validate_max=True,
    )
    kwargs = {"objectives": tuple(objectives), "people": people}
    return cast("NewProjectFormSet", factory(data, form_kwargs=kwargs, prefix="p"))
