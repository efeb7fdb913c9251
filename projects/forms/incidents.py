"""Incidents: what people say of one, and its review. Moments are of the team's clock.

Whoever makes these forms does so under ``timezone.override(team.zone)``.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.forms.guarded import GuardedForm
from projects.models import Incident, Project
from projects.operations import incidents
from projects.operations.incident_line import IncidentLine

_FIRST_YEAR, _LAST_YEAR = 2000, 2100


class MomentField(forms.DateTimeField):
    """A moment as the browser's picker sends it: to the minute, without a zone."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        message = _("A date and a time, such as 2026-07-31 09:30.")
        super().__init__(
            widget=widget,
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            error_messages={"invalid": message},
            **kwargs,
        )

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        if moment is not None and not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class IncidentForm(GuardedForm, forms.ModelForm):  # type: ignore[type-arg]  # not generic while running
    occurred_at = MomentField(label=_("occurred at"))
    recovered_at = MomentField(label=_("recovered at"), required=False)

    class Meta:
        model = Incident
        fields = (
            *("occurred_at", "severity", "detected_by", "project", "description"),
            *("cause", "resolution", "recovered_at", "link"),
        )
        widgets = {
            "description": forms.Textarea(attrs={"rows": 2}),
            "cause": forms.Textarea(attrs={"rows": 2}),
            "resolution": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(
        self, data: Any = None, *, instance: Incident, line: IncidentLine | None = None
    ) -> None:
        """``line`` is what a new one begins with: read in a line that was pasted."""
        super().__init__(data, instance=instance, initial=None if instance.pk else _begun(line))
        choices = incidents.choices_of(instance.team)
        self._offer("severity", choices.severities)
        self._offer("detected_by", choices.detections)
        project: Any = self.fields["project"]
        project.queryset = Project.objects.filter(team=instance.team)
        project.empty_label = "—"
        self.fields["description"].required = True
        if instance.pk:
            self.guard()

    def _offer(self, name: str, choices: tuple[str, ...]) -> None:
        """A choice of these, and of what stands there or was read in the line."""
        stands = str(self.initial.get(name) or "")
        more = [stands] if stands and stands not in choices else []
        label = self.fields[name].label
        options = [("", "—"), *((text, text) for text in (*choices, *more))]
        self.fields[name] = forms.ChoiceField(label=label, required=False, choices=options)

    def clean_occurred_at(self) -> datetime:
        occurred_at: datetime = self.cleaned_data["occurred_at"]
        now = timezone.localtime()
        if occurred_at <= now:
            return occurred_at
        moment = timezone.localtime(occurred_at)
        words = gettext("This has not happened yet.")
        if moment.date() == now.date():
            words = gettext("%(time)s is still to come today. Was it yesterday, on %(day)s?") % {
                "time": f"{moment:%H:%M}",
                "day": f"{moment - timedelta(days=1):%m-%d}",
            }
        raise forms.ValidationError(words, code="future")

    def clean_recovered_at(self) -> datetime | None:
        begun: datetime | None = self.cleaned_data.get("occurred_at", self.instance.occurred_at)
        return _not_before(begun, self.cleaned_data["recovered_at"])


def _begun(line: IncidentLine | None) -> dict[str, Any]:
    """What a new incident shows: now, until another moment is given."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    return {**(asdict(line) if line else {}), "occurred_at": (line and line.occurred_at) or now}


class IncidentReviewForm(GuardedForm):
    cause = forms.CharField(label=_("cause"), widget=forms.Textarea(attrs={"rows": 2}))
    resolution = forms.CharField(label=_("resolution"), widget=forms.Textarea(attrs={"rows": 2}))
    recovered_at = MomentField(label=_("recovered at"), required=False)

    def __init__(self, data: Any = None, *, incident: Incident) -> None:
        # Several of these may stand on one page.
        super().__init__(
            data,
            auto_id=f"review-{incident.pk}-%s",
            initial={
                name: getattr(incident, name) for name in ("cause", "resolution", "recovered_at")
            },
        )
        self.incident = incident
        self.fields["cause"].widget.attrs["autofocus"] = True
        self.guard()

    def clean_recovered_at(self) -> datetime | None:
        return _not_before(self.incident.occurred_at, self.cleaned_data["recovered_at"])


def _not_before(begun: datetime | None, over: datetime | None) -> datetime | None:
    """``over``, to the minute as it was typed, unless that lies before ``begun``."""
    if begun is None or over is None:
        return over
    if over < begun.replace(second=0, microsecond=0):
        raise forms.ValidationError(gettext("This is before it occurred."), code="order")
    return max(over, begun)
