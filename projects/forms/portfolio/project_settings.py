"""The forms of a project's settings: what it is, its place, its other names, its end, a merge."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import DayField, NameField
from projects.forms.guarded import GuardedForm
from projects.models import Objective, Project, Role, Team, User
from projects.models.people import person_place
from projects.portfolio.aliases import ProjectNameTaken
from projects.portfolio.lifecycle import Description


class ProjectSettingsForm(GuardedForm):
    """What a manager decides of a project."""

    name = NameField(label=_("name"), max_length=120)
    objective = forms.TypedChoiceField(
        label=_("objective"), coerce=int, empty_value=None, required=False, choices=[]
    )
    lead = forms.TypedChoiceField(
        label=_("lead"), coerce=int, empty_value=None, required=False, choices=[]
    )
    is_focus = forms.BooleanField(label=_("focus project"), required=False)
    started_on = DayField(label=_("started on"))

    def __init__(self, project: Project, data: Any = None) -> None:
        team = project.team
        super().__init__(
            data,
            initial={
                "name": project.name,
                "objective": project.objective_id,
                "lead": project.lead_id,
                "is_focus": project.is_focus,
                "started_on": project.started_on,
            },
        )
        self.objectives = {objective.pk: objective for objective in objectives_of(team)}
        leading = (Role.MANAGER, Role.LEAD)
        members = User.objects.filter(memberships__team=team, memberships__role__in=leading)
        self.people = {member.pk: member for member in sorted(members, key=person_place)}
        if project.lead is not None:  # who has changed roles, or left, is no reason to lose it
            self.people.setdefault(project.lead.pk, project.lead)
        self._choose("objective", objective_choices(self.objectives.values()))
        self._choose("lead", [(pk, _label(team, person)) for pk, person in self.people.items()])
        self.guard()

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = cast("forms.ChoiceField", self.fields[name])
        field.choices = [("", "—"), *choices]

    def description(self) -> Description:
        """What the valid form says."""
        cleaned = self.cleaned_data
        return Description(
            name=cleaned["name"],
            objective=self.objectives.get(cleaned["objective"]),
            lead=self.people.get(cleaned["lead"]),
            is_focus=cleaned["is_focus"],
            started_on=cleaned["started_on"],
        )

    def refuse_start(self) -> None:
        self.add_error("started_on", gettext("The project was closed before that day."))


def _label(team: Team, person: User) -> str:
    """In the choice of a lead."""
    name = team.name_of(person)
    return name if person.is_active else gettext("%(name)s, deactivated") % {"name": name}


class PlaceForm(GuardedForm):
    """Behind which project it comes, on the pages and in lists."""

    after = forms.TypedChoiceField(
        label=_("comes after"), coerce=int, empty_value=None, required=False, choices=[]
    )

    def __init__(self, project: Project, data: Any = None) -> None:
        in_order = list(Project.objects.filter(team=project.team_id))
        place = in_order.index(project)
        before = in_order[place - 1].pk if place else None
        super().__init__(data, initial={"after": before})
        self.others = {other.pk: other for other in in_order if other.pk != project.pk}
        field = cast("forms.ChoiceField", self.fields["after"])
        names = [(other.pk, other.name) for other in self.others.values()]
        field.choices = [("", _("— the first of all —")), *names]
        self.guard()

    def clean_after(self) -> Project | None:
        return self.others.get(self.cleaned_data["after"])


class AliasForm(forms.Form):
    name = NameField(label=_("another name"), max_length=120)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="alias-%s")


class EndForm(forms.Form):
    """Why the project is over, or goes on."""

    reason = forms.CharField(
        label=_("reason"), max_length=500, error_messages={"required": _("Please say why.")}
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="end-%s")


class MergeForm(forms.Form):
    """Which project of the team; those that look like the one that is kept come first."""

    other = forms.TypedChoiceField(
        label=_("the other project"),
        coerce=int,
        choices=[],
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose a project of this team.")
        ),
    )

    def __init__(self, project: Project, alike: Iterable[Project], data: Any = None) -> None:
        super().__init__(data)
        everyone = Project.objects.filter(team=project.team_id).exclude(pk=project.pk)
        self.projects = {other.pk: other for other in everyone}
        first = [self.projects[other.pk] for other in alike]
        rest = [other for other in self.projects.values() if other not in first]
        groups: list[Any] = [("", "—")]
        if first:
            groups.append((_("Looks like it"), [(other.pk, other.name) for other in first]))
        groups.append((_("All others"), [(other.pk, other.name) for other in rest]))
        field = cast("forms.ChoiceField", self.fields["other"])
        field.choices = groups

    @property
    def project(self) -> Project:
        """The one that the valid form names."""
        return self.projects[self.cleaned_data["other"]]


def refuse_taken(form: forms.Form, taken: ProjectNameTaken) -> None:
    """Mark the name that another project goes by, and say which."""
    words = gettext("%(name)s already is a name of %(project)s.")
    form.add_error("name", words % {"name": taken.name, "project": taken.project})


def refuse_empty(form: forms.Form) -> None:
    form.add_error("name", gettext("A name needs a letter, a digit or a character."))


def objectives_of(team: Team) -> QuerySet[Objective]:
    """All that a project may be put under, those of the newest cycle first."""
    objectives = Objective.objects.filter(team=team).select_related("cycle", "carried_from__cycle")
    return objectives.order_by("-cycle__starts_on", "cycle_id", "position", "code")


def objective_choices(objectives: Iterable[Objective]) -> list[Any]:
    """As groups of choices by cycle, in the order in which the objectives come."""
    return [
        (cycle.name, [(objective.pk, str(objective)) for objective in group])
        for cycle, group in groupby(objectives, key=lambda objective: objective.cycle)
    ]
