"""The choice of the project that is merged into another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.models import Project


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
        field: forms.ChoiceField = self.fields["other"]  # type: ignore[assignment]
        field.choices = groups

    @property
    def project(self) -> Project:
        """The one that the valid form names."""
        return self.projects[self.cleaned_data["other"]]
