"""What the administration asks of a name, as the pages of a team do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _

from projects.forms.fields import refuse_marks
from projects.models import Alias, Cycle, Metric, Milestone, Objective, Project, Stage
from projects.text import names

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm

# By model: its name, and what its rows of one name would have in common.
_NAMED: Final[dict[type[Any], tuple[str, tuple[str, ...]]]] = {
    Stage: ("name", ("team",)),
    Cycle: ("name", ("team",)),
    Objective: ("code", ("cycle",)),
    Project: ("name", ("team",)),
    Alias: ("name", ("team",)),
    Milestone: ("name", ("project",)),
    Metric: ("name", ("team", "project")),
}
# These are known by a key, under which words of kind say nothing either.
_BY_KEY: Final = (Project, Alias, Metric)


def namesakes() -> Iterator[tuple[str, list[Any]]]:
    """Rows that were stored under one name before names were compared like this, by model."""
    for model, (field, owners) in _NAMED.items():
        rows: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
        for row in model._default_manager.order_by("pk"):
            key = _comparison(model, field)(getattr(row, field))
            rows[(*(getattr(row, f"{owner}_id") for owner in owners), key)].append(row)
        yield from ((model._meta.label, same) for same in rows.values() if len(same) > 1)


def _comparison(model: type[Any], field: str) -> Callable[[str], str]:
    if field == "code":
        return names.folded
    return names.key if model in _BY_KEY else names.spelling


class NamedForm(ModelForm):
    """Cleans the row's name, and refuses one that another row has, or that nobody could read."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        field, owners = _NAMED.get(self._meta.model, ("", ()))
        if not cleaned.get(field):
            return cleaned
        name = cleaned[field] = names.one_line(cleaned[field])
        try:
            refuse_marks(name)
            if not name:
                raise forms.ValidationError(forms.Field.default_error_messages["required"])
            self._refuse_namesake(field, name, {owner: cleaned.get(owner) for owner in owners})
        except forms.ValidationError as error:
            self.add_error(field, error)
        return cleaned

    def _refuse_namesake(self, field: str, name: str, owners: dict[str, Any]) -> None:
        model = self._meta.model
        compared = _comparison(model, field)
        others = model._default_manager.filter(**owners).exclude(pk=self.instance.pk)
        taken = {compared(text) for text in others.values_list(field, flat=True)}
        if model is Project and owners["team"]:
            aliases = Alias.objects.filter(team=owners["team"]).exclude(project=self.instance.pk)
            taken |= set(aliases.values_list("key", flat=True))
        if compared(name) in taken:
            raise forms.ValidationError(_("There is another of this name already."))
