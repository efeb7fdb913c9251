"""Incidents: what people say of one, and its review. Moments are of the team's clock.

Whoever makes these forms does so under ``timezone.override(team.zone)``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.forms.guarded import GuardedForm
from projects.models import Incident, Project

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

    def __init__(self, data: Any = None, *, instance: Incident) -> None:
        super().__init__(data, instance=instance)
        project: Any = self.fields["project"]
        project.queryset = Project.objects.filter(team=instance.team)
        project.empty_label = "—"
        self.fields["description"].required = True
        if instance.pk:
            self.guard()

    def clean_occurred_at(self) -> datetime:
        occurred_at: datetime = self.cleaned_data["occurred_at"]
        if occurred_at > timezone.now():
            raise forms.ValidationError(gettext("This has not happened yet."), code="future")
        return occurred_at

    def clean_recovered_at(self) -> datetime | None:
        begun: datetime | None = self.cleaned_data.get("occurred_at", self.instance.occurred_at)
        return _not_before(begun, self.cleaned_data["recovered_at"])


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
        raise forms.ValidationError(gettext("This lies before it occurred."), code="order")
    return max(over, begun)
