"""The form that names a deputy for somebody who is away."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from projects.access import Access
from projects.forms.fields import DayField
from projects.models import DatePrecision, Membership, Role
from projects.models.people import person_place
from projects.teams import members
from projects.teams.deputies import CannotName, DeputyProblem
from projects.text.wording import date_text

_PROBLEMS: Final[dict[DeputyProblem, tuple[str, str | Promise]]] = {
    DeputyProblem.SELF: ("deputy", _("Somebody else has to stand in.")),
    DeputyProblem.PAST: ("last_day", _("This day is over.")),
    DeputyProblem.INACTIVE: ("deputy", _("This account is deactivated.")),
    DeputyProblem.NOTHING: (
        "person",
        _("They lead nothing here, so there is nothing to stand in for."),
    ),
}


class DeputyForm(forms.Form):
    """Who stands in for whom, and on which days. A lead names one for themselves."""

    person = forms.ChoiceField(label=_("away"))
    deputy = forms.ChoiceField(label=pgettext_lazy("of a person", "deputy"))
    first_day = DayField(label=_("first day"))
    last_day = DayField(label=_("last day"))

    def __init__(self, access: Access, data: Any = None) -> None:
        super().__init__(data, auto_id="deputy-%s", initial={"first_day": access.team.today()})
        self.team = access.team
        active = [row for row in members.members_of(access.team) if row.user.is_active]
        rows = sorted(active, key=lambda row: person_place(row.user))
        self.members = {str(row.pk): row for row in rows}
        self.own = next((row for row in rows if row.user_id == access.user.pk), None)
        away = [row for row in rows if row.role != Role.VIEWER]
        self._offer("deputy", [row for row in rows if access.is_manager or row != self.own])
        self._offer("person", sorted(away, key=lambda row: row != self.own))
        if not access.is_manager:
            del self.fields["person"]
        for name in ("first_day", "last_day"):
            field = self.fields[name]
            field.required = True
            field.error_messages["required"] = field.error_messages["invalid"]

    def _offer(self, name: str, rows: list[Membership]) -> None:
        choices = [(str(row.pk), self.team.name_of(row.user)) for row in rows]
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "—"), *choices] if name == "deputy" else choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", gettext("It ends before it begins."))
        return cleaned

    @property
    def who(self) -> tuple[Membership, Membership, date, date]:
        """What the valid form says: the person, the deputy, the first and the last day."""
        cleaned = self.cleaned_data
        person = self.members[cleaned["person"]] if "person" in cleaned else self.own
        if person is None:
            raise Membership.DoesNotExist
        deputy = self.members[cleaned["deputy"]]
        return person, deputy, cleaned["first_day"], cleaned["last_day"]

    def refuse(self, problem: CannotName) -> None:
        """Say at its field why nobody was named."""
        if problem.other is None:
            field, words = _PROBLEMS[problem.problem]
            self.add_error(field if field in self.fields else "deputy", str(words))
            return
        row = problem.other
        figures = {
            "person": self.team.name_of(row.person.user),
            "deputy": self.team.name_of(row.deputy.user),
            "first": date_text(row.first_day, DatePrecision.DAY),
            "last": date_text(row.last_day, DatePrecision.DAY),
        }
        if problem.problem is DeputyProblem.OVERLAP:
            words = gettext("%(deputy)s stands in for %(person)s from %(first)s to %(last)s.")
            self.add_error("first_day", words % figures)
        else:
            words = gettext(
                "%(person)s is away from %(first)s to %(last)s, and %(deputy)s stands in."
            )
            self.add_error("deputy", words % figures)
