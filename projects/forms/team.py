"""Forms for the team itself: founding it, its settings, its stages, its calendar."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, Final, cast

from babel.core import Locale, get_global
from babel.dates import get_timezone_location
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import get_language, gettext, to_locale
from django.utils.translation import gettext_lazy as _

from projects import weeks
from projects.forms.asking import AskingForm
from projects.forms.fields import ChoicesField, DayField, MailedNameField, NameField
from projects.forms.guarded import GuardedForm
from projects.forms.rows import RowsForm
from projects.models import (
    CalendarKind,
    DigestTime,
    IdleWeek,
    Language,
    Stage,
    Team,
    WeekNumbering,
)
from projects.teams import setup
from projects.teams.setup import Settings
from projects.text.names import one_line
from projects.weeks import Numbering

_SLUG = RegexValidator(
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$", _("Small letters, digits and hyphens only, such as pay-dev.")
)


# As the names of time zones begin, in the order of the list.
_CONTINENTS: Final = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian"),
    "Pacific": _("Pacific"),
}


def _time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The zones of the world by continent; what is there only for old systems is left out."""
    return _time_zones_in(to_locale(get_language() or "en"))


@cache
def _time_zones_in(locale: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Kept for each language: looking up five hundred cities takes longer than the page's rest."""
    zones = sorted(zoneinfo.available_timezones() - get_global("zone_aliases").keys())
    return [
        (str(name), [(zone, _place(zone, locale)) for zone in zones if zone.startswith(f"{key}/")])
        for key, name in _CONTINENTS.items()
    ]


def _place(zone: str, locale: str) -> str:
    """The zone's city in that language, which may know it by an older name of the zone."""
    known_places = Locale.parse(locale).time_zones
    older = [alias for alias, name in get_global("zone_aliases").items() if name == zone]
    cities = (known_places.get(name, {}).get("city") for name in (zone, *older))
    city: str | None = next((city for city in cities if city), None)
    return city or get_timezone_location(zone, locale=locale, return_city=True)


def numbering_choices(today: date) -> list[tuple[str, str]]:
    """Each numbering with what it makes of today and of the next turn of the year."""
    new_year = date(today.year + 1, 1, 1)

    def labelled(numbering: Numbering, name: str) -> str:
        labels = [weeks.label(weeks.monday_of(day), numbering) for day in (today, new_year)]
        return gettext("%(name)s: this week is %(week)s, the one of %(day)s is %(next)s") % {
            "name": name,
            "week": labels[0],
            "day": new_year.isoformat(),
            "next": labels[1],
        }

    return [
        (WeekNumbering.CALENDAR.value, labelled("calendar", gettext("From January 1st"))),
        (WeekNumbering.ISO.value, labelled("iso", gettext("ISO 8601"))),
    ]


class TeamForm(GuardedForm):
    """What every team has."""

    name = MailedNameField(label=_("name"), max_length=80)
    language = forms.ChoiceField(
        label=_("language"),
        choices=Language.choices,
        help_text=_("For weekly pages and mails."),
    )
    time_zone = forms.ChoiceField(label=_("time zone"), choices=_time_zones)
    week_numbering = forms.ChoiceField(label=_("week numbering"), widget=forms.RadioSelect)

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbering = cast("forms.ChoiceField", self.fields["week_numbering"])
        numbering.choices = numbering_choices(today)


class NewTeamForm(TeamForm):
    """A new team; its schedule is that of every team until its manager changes it."""

    slug = forms.CharField(
        label=_("address"),
        max_length=40,
        required=False,
        validators=[_SLUG],
        help_text=_("It stays for good, as in /t/pay-dev/. Left empty, it is made up."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "placeholder": "pay-dev"}),
    )
    field_order = ("name", "slug", "language", "time_zone", "week_numbering")

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug and Team.objects.filter(slug=slug).exists():
            self.refuse_slug()
        return slug

    def refuse_slug(self) -> None:
        self.add_error("slug", gettext("Another team has this address."))

    def settings(self) -> Settings:
        cleaned = self.cleaned_data
        return Settings(
            name=cleaned["name"],
            time_zone=cleaned["time_zone"],
            language=cleaned["language"],
            week_numbering=cleaned["week_numbering"],
        )


class TeamSettingsForm(AskingForm, TeamForm):
    """The settings of a team with its schedule of the week."""

    unguarded = frozenset({"confirmed"})
    starts_on = DayField(
        label=_("start"),
        help_text=_(
            "From the week of this day on the team works here. Weeks before it are history: they"
            " are shown, but nothing of them is asked or counted. Empty: there is no history."
        ),
    )

    cutoff_time = forms.TimeField(
        label=_("cutoff"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Until then leads update their projects."),
    )
    digest_time = forms.TimeField(
        label=_("mail goes out"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Then the page goes out by mail."),
    )
    calendar = forms.ChoiceField(label=_("working days"), choices=CalendarKind.choices)
    idle_week = forms.ChoiceField(label=_("week without a working day"), choices=IdleWeek.choices)
    publishes_itself = forms.BooleanField(
        label=_("publish by itself"),
        required=False,
        help_text=_(
            "At the digest's time a page that nobody has published is published as it stands."
            " Otherwise the digest waits, and the managers are reminded once."
        ),
    )
    digest_when = forms.ChoiceField(
        label=_("when a manager publishes the page, its digest goes out"),
        choices=DigestTime.choices,
        widget=forms.RadioSelect,
    )
    attaches_pdf = forms.BooleanField(
        label=_("PDF attached"),
        required=False,
        help_text=_("The whole page as a PDF in every digest mail, to print or to file."),
    )

    needs_second_factor = forms.BooleanField(
        label=_("second factor of managers"),
        required=False,
        help_text=_("Managers sign in with a code of an app, too; without it they see nothing."),
    )

    severities = ChoicesField(
        label=_("incident levels"),
        longest=10,
        help_text=_("One a line, such as P1. Empty: A, B, C, D. Those in use stay."),
    )
    detections = ChoicesField(
        label=_("how incidents are found"),
        longest=40,
        help_text=_(
            "One a line. Empty: monitoring, user feedback, colleagues, partners. Those in use stay."
        ),
    )

    def __init__(self, team: Team, data: Any = None) -> None:
        fields = (
            *("severities", "detections"),
            "name",
            "language",
            "time_zone",
            "week_numbering",
            "starts_on",
            "cutoff_time",
            "digest_time",
            "calendar",
            "idle_week",
            "publishes_itself",
            "digest_when",
            "attaches_pdf",
            "needs_second_factor",
        )
        initial = {field: getattr(team, field) for field in fields}
        super().__init__(team.today(), data, initial=initial)
        self.team = team
        zones = cast("forms.ChoiceField", self.fields["time_zone"])
        if team.time_zone in get_global("zone_aliases"):  # an older name, which stays
            zones.choices = [*_time_zones(), (team.time_zone, team.time_zone)]
        self.guard()

    def clean_starts_on(self) -> date | None:
        day: date | None = self.cleaned_data["starts_on"]
        if day is None:
            return None
        if (bounds := setup.start_bounds(self.team)).refuse(day):
            raise forms.ValidationError(start_refusal(bounds))
        return weeks.monday_of(day)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cutoff, digest = cleaned.get("cutoff_time"), cleaned.get("digest_time")
        if cutoff and digest and digest < cutoff:
            self.add_error("digest_time", gettext("The digest cannot go out before the cutoff."))
        return cleaned

    def settings(self) -> Settings:
        return Settings(
            **{field: self.cleaned_data[field] for field in self.fields if field != "confirmed"}
        )


def start_refusal(bounds: setup.StartBounds) -> str:
    """Why a day is no start of a team."""
    return gettext("The start is a day from %(first)s to %(last)s.") % {
        "first": bounds.first.isoformat(),
        "last": bounds.last.isoformat(),
    }


class StageForm(forms.Form):
    """A new stage."""

    name = NameField(label=_("name"), max_length=40)

    def refuse_name(self) -> None:
        self.add_error("name", gettext("There is a stage of this name already."))


class StagesForm(RowsForm):
    """The names of all stages."""

    part = "stage"

    def __init__(self, stages: Iterable[Stage], data: Any = None) -> None:
        names = {stage.pk: stage.name for stage in stages}
        labels = {
            key: gettext("Name of %(stage)s") % {"stage": name} for key, name in names.items()
        }
        super().__init__(names, labels, data)

    def field(self) -> forms.Field:
        return NameField(max_length=40)

    def refuse_name(self, key: int | None) -> None:
        if key is not None:
            self.add_error(self.name_of(key), gettext("There is a stage of this name already."))


class DayExceptionForm(AskingForm):
    """A day that the team works, or does not, whatever its calendar says."""

    day = DayField(label=_("day"))
    is_working = forms.TypedChoiceField(
        label=_("on this day"),
        choices=[("no", _("nobody works")), ("yes", _("we work"))],
        coerce=lambda chosen: chosen == "yes",
    )
    note = forms.CharField(label=_("note"), max_length=80, required=False)

    def clean_day(self) -> date:
        day: date | None = self.cleaned_data["day"]
        if day is None:
            raise forms.ValidationError(gettext("Choose a day."), code="required")
        return day

    def clean_note(self) -> str:
        return one_line(self.cleaned_data["note"])

    def refuse_day(self) -> None:
        self.add_error("day", gettext("There is an exception for this day already."))


class RemovalForm(AskingForm):
    """Takes an exception from the calendar away."""

    def __init__(self, data: Any, *, of: int) -> None:
        super().__init__(data)
        self.of = of  # the exception's key
