"""The forms of an objective, of a key result, and of a value read this week."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import CodeField, FigureField, NameField, plain
from projects.forms.guarded import GuardedForm
from projects.models import KeyResult, Metric, Objective, Team, User
from projects.models.people import person_place
from projects.objectives.key_results import Goal, MetricTaken, NewMetric
from projects.objectives.objectives import CodeTaken, Wording


class _ObjectiveChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic while running
    """Objectives of several teams and cycles: each says of which."""

    def label_from_instance(self, obj: Objective) -> str:
        return f"{obj.team} · {obj.cycle} · {obj}"


class ObjectiveForm(GuardedForm):
    """Code, name, owner and alignment.

    ``alignable`` are the objectives of other teams that the user may see. One that is aligned to
    an objective beyond them has no field for it, and stays aligned.
    """

    code = CodeField(
        label=_("code"),
        max_length=20,
        widget=forms.TextInput(attrs={"size": 6}),
        error_messages={"required": _("What is it called for short? For example O1.")},
    )
    name = NameField(
        label=_("name"),
        max_length=200,
        error_messages={"required": _("What is to be achieved?")},
    )
    owner = forms.ModelChoiceField(
        label=_("owner"), queryset=User.objects.none(), required=False, empty_label="—"
    )
    aligned_to = _ObjectiveChoice(
        label=_("aligned to"), queryset=Objective.objects.none(), required=False, empty_label="—"
    )

    def __init__(
        self,
        data: Any = None,
        *,
        team: Team,
        owners: QuerySet[User],
        alignable: QuerySet[Objective],
        objective: Objective | None = None,
        code: str = "",
    ) -> None:
        initial: dict[str, Any] = {"code": code}
        if objective is not None:
            fields = ("code", "name", "owner", "aligned_to")
            initial = {name: getattr(objective, name) for name in fields}
        super().__init__(data, initial=initial)
        self.aligned_before = objective.aligned_to if objective else None
        owner = cast("forms.ModelChoiceField[User]", self.fields["owner"])
        owner.queryset = owners
        people = sorted(owners, key=person_place)
        owner.choices = [("", "—"), *((user.pk, team.name_of(user)) for user in people)]
        self.fields["aligned_to"].queryset = alignable  # type: ignore[attr-defined]
        choices = {row.pk for row in alignable}
        if not choices or (
            self.aligned_before is not None and self.aligned_before.pk not in choices
        ):
            del self.fields["aligned_to"]
        if objective is not None:
            self.guard()

    def wording(self) -> Wording:
        """What the valid form says."""
        cleaned = self.cleaned_data
        aligned_to = cleaned["aligned_to"] if "aligned_to" in self.fields else self.aligned_before
        return Wording(cleaned["code"], cleaned["name"], cleaned["owner"], aligned_to)

    def mark(self, problem: CodeTaken) -> None:
        words = gettext("%(objective)s has this code already.")
        self.add_error("code", words % {"objective": problem.objective})


class KeyResultForm(GuardedForm):
    """A metric of the team, or a new one, and from where to where it shall go."""

    metric = forms.TypedChoiceField(
        label=_("metric"), coerce=int, empty_value=None, required=False, choices=[]
    )
    name = NameField(label=_("new metric"), max_length=120, required=False)
    unit = forms.CharField(
        label=_("unit"), max_length=20, required=False, widget=forms.TextInput(attrs={"size": 6})
    )
    baseline = FigureField(label=_("baseline"))
    target = FigureField(label=_("target"))
    owner = forms.ModelChoiceField(
        label=_("owner"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Enters the number each week, in the check-in."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        metrics: Iterable[Metric],
        objective: Objective,
        owners: QuerySet[User],
        result: KeyResult | None = None,
    ) -> None:
        initial: dict[str, Any] = {}
        if result is not None:
            ends = {"baseline": plain(result.baseline), "target": plain(result.target)}
            initial = {"metric": result.metric_id, **ends, "owner": result.owner}
        super().__init__(data, initial=initial)
        team = objective.team
        owner = cast("forms.ModelChoiceField[User]", self.fields["owner"])
        owner.queryset = owners
        default = gettext("Owner of the objective: %(name)s") % {
            "name": team.name_of(objective.owner) or "—"
        }
        people = ((user.pk, team.name_of(user)) for user in sorted(owners, key=person_place))
        owner.choices = [("", default), *people]
        self.metrics = {metric.pk: metric for metric in metrics}
        choices = [("", "—"), *((pk, _with_unit(metric)) for pk, metric in self.metrics.items())]
        self.fields["metric"].choices = choices  # type: ignore[attr-defined]
        for name in ("baseline", "target"):
            self.fields[name].unit = self._unit(result)  # type: ignore[attr-defined]
        if result is not None:
            self.guard()

    def _unit(self, result: KeyResult | None) -> str:
        """Of the metric that is chosen, or of the new one as it is typed."""
        chosen = str(self.data.get("metric", result.metric_id if result else ""))
        units = {str(pk): metric.unit for pk, metric in self.metrics.items()}
        return units.get(chosen) or str(self.data.get("unit", ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "metric" not in self.errors and "name" not in self.errors:
            if cleaned["metric"] is None and not cleaned["name"]:
                self.add_error("metric", gettext("Choose a metric, or name a new one."))
            elif cleaned["metric"] is not None and cleaned["name"]:
                self.add_error("name", gettext("Either an existing metric or a new one, not both."))
        baseline, target = cleaned.get("baseline"), cleaned.get("target")
        if baseline is not None and baseline == target:
            self.add_error("target", gettext("The target is where it starts already."))
        return cleaned

    def goal(self) -> Goal:
        """What the valid form says."""
        cleaned = self.cleaned_data
        metric: Metric | NewMetric = (
            NewMetric(cleaned["name"], cleaned["unit"])
            if cleaned["metric"] is None
            else self.metrics[cleaned["metric"]]
        )
        return Goal(metric, cleaned["baseline"], cleaned["target"], cleaned["owner"])

    def mark(self, problem: MetricTaken) -> None:
        """The metric is the objective's already, or there is one of the new one's name."""
        if self.cleaned_data["name"]:
            words = gettext("There is a metric called %(metric)s: choose it above.")
            self.add_error("name", words % {"metric": problem.metric})
        else:
            words = gettext("The objective has a key result of %(metric)s already.")
            self.add_error("metric", words % {"metric": problem.metric})


def _with_unit(metric: Metric) -> str:
    name = f"{metric.project} · {metric.name}" if metric.project else metric.name
    return f"{name} ({metric.unit})" if metric.unit else name
