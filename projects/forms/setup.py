"""The forms of the first week: who leads the imported projects, which go on, whom names mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.translation import gettext, pgettext

from projects.conflicts import Difference, EditConflict
from projects.forms.fields import LeadField, several_people
from projects.forms.members import too_many
from projects.forms.portfolio.project_bulk import parsed_row, row_value
from projects.models import Project
from projects.portfolio.leads import Lead, People, SeveralMeant
from projects.portfolio.lifecycle import WantedChange
from projects.teams.checklist import SortedProject, WaitingName
from projects.teams.invitations import Guest
from projects.text.names import mail_address


class SortingRow(forms.Form):
    """One project: who leads it, and whether it goes on."""

    lead = LeadField()
    goes_on = forms.BooleanField(required=False)

    def __init__(self, item: SortedProject, people: People, data: QueryDict | None) -> None:
        project = item.project
        lead = people.label(Lead(project.lead, project.lead_name))
        super().__init__(
            data,
            prefix=f"p{project.pk}",
            auto_id=False,
            initial={"lead": lead, "goes_on": item.goes_on},
        )
        self.item, self.project = item, project
        self.opened = self._opened(data)
        field = cast("LeadField", self.fields["lead"])
        field.people = people
        words = gettext("Lead of %(project)s") % {"project": project}
        field.widget.attrs |= {"aria-label": words, "placeholder": pgettext("of a person", "name")}
        words = gettext("%(project)s goes on") % {"project": project}
        self.fields["goes_on"].widget.attrs["aria-label"] = words

    def _opened(self, data: QueryDict | None) -> Mapping[str, str]:
        row = parsed_row(data.get(self.add_prefix("opened"), "")) if data else None
        return row[1] if row else {}

    @property
    def opened_value(self) -> str:
        """What the hidden field holds: the row as it is shown."""
        return row_value(self.project)

    @property
    def is_ended(self) -> bool:
        """Whether the form was opened when the project went on, and it does no longer."""
        is_opened = self.item.is_from_history and self.opened.get("closed_on") == ""
        return is_opened and not self.cleaned_data["goes_on"]

    @property
    def is_carried(self) -> bool:
        is_closed = self.item.is_from_history and bool(self.opened.get("closed_on"))
        return is_closed and self.cleaned_data["goes_on"]

    def wanted(self) -> WantedChange:
        lead: Lead = self.cleaned_data["lead"]
        return WantedChange(self.project.pk, lead.columns(), self.opened)


class SortingForm:
    """All of a team's projects. A row that was not sent is left as it is."""

    def __init__(
        self, items: Iterable[SortedProject], people: People, data: QueryDict | None = None
    ) -> None:
        self.rows = [
            SortingRow(item, people, data if _is_sent(item, data) else None) for item in items
        ]
        self.versions: tuple[Difference, ...] = ()

    @property
    def going(self) -> list[SortingRow]:
        return [row for row in self.rows if row.item.goes_on]

    @property
    def ended(self) -> list[SortingRow]:
        return [row for row in self.rows if not row.item.goes_on]

    @property
    def is_wrong_in_ended(self) -> bool:
        """Whether something is marked in the part of the page that is folded at first."""
        return any(row.is_bound and row.errors for row in self.ended)

    @property
    def sent(self) -> list[SortingRow]:
        return [row for row in self.rows if row.is_bound]

    def is_valid(self) -> bool:
        return not [row for row in self.sent if not row.is_valid()]

    def show_both(self, conflicts: Iterable[tuple[Project, EditConflict]]) -> None:
        """Show what others have made of a project's lead beside what was typed."""
        typed = {row.project.pk: row for row in self.sent}
        self.versions = tuple(
            Difference(
                project.name,
                str(typed[project.pk]["lead"].value()),
                str(project.lead or project.lead_name or "—"),
            )
            for project, _conflict in conflicts
        )


def _is_sent(item: SortedProject, data: QueryDict | None) -> bool:
    return data is not None and f"p{item.project.pk}-opened" in data


class NameRow(forms.Form):
    """A name that leads projects: the address to invite, or the member that it means."""

    who = forms.CharField(max_length=254, required=False)

    def __init__(
        self, waiting: WaitingName, number: int, people: People, data: QueryDict | None
    ) -> None:
        super().__init__(data, prefix=f"n{number}", auto_id=False)
        self.waiting, self.people = waiting, people
        self.guest: Guest | None = None
        self.lead: Lead | None = None
        words = gettext("Who is %(name)s?") % {"name": waiting.name}
        attrs = {"aria-label": words, "list": "people", "autocomplete": "off"}
        self.fields["who"].widget.attrs |= attrs | {"placeholder": gettext("mail address")}

    def clean_who(self) -> str:
        who = " ".join(self.cleaned_data["who"].split())
        if not who:
            return ""
        if self.people.called(who):
            try:
                self.lead = self.people.resolve(who)
            except SeveralMeant as several:
                raise ValidationError(several_people(several)) from None
            return who
        who = mail_address(who)
        try:
            validate_email(who)
        except ValidationError:
            words = gettext("This is neither a mail address nor a member.")
            raise ValidationError(words, code="invalid") from None
        self.guest = Guest(who.lower(), self.waiting.name)
        return who


class NamesForm:
    """All names that lead projects and have no account. An empty line stays just a name."""

    def __init__(
        self,
        names: Iterable[WaitingName],
        people: People,
        left_today: int,
        data: QueryDict | None = None,
    ) -> None:
        by_name = {name.name: name for name in names}
        sent = list(by_name) if data is None else data.getlist("name")
        self.rows = [
            NameRow(by_name[name], number, people, data)
            for number, name in enumerate(sent)
            if name in by_name
        ]
        self.left_today = left_today
        self.problem = ""

    def is_valid(self) -> bool:
        if [row for row in self.rows if not row.is_valid()]:
            return False
        if len(self.guests) > self.left_today:
            self.problem = too_many(self.left_today)
        return not self.problem

    @property
    def guests(self) -> list[Guest]:
        """Whom to invite; of two names with one address the first."""
        by_address: dict[str, Guest] = {}
        for row in self.rows:
            if row.guest:
                by_address.setdefault(row.guest.email, row.guest)
        return list(by_address.values())

    @property
    def meant(self) -> list[tuple[str, Lead]]:
        """The names that mean a member, or somebody who is invited under another name."""
        named = {guest.email: guest.name for guest in self.guests}
        meant = [(row.waiting.name, row.lead) for row in self.rows if row.lead]
        return meant + [
            (row.waiting.name, Lead(name=named[row.guest.email]))
            for row in self.rows
            if row.guest and named[row.guest.email] != row.waiting.name
        ]
