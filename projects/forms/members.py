"""Forms for who belongs to a team: roles, invitations by mail, and joining by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import MailedNameField
from projects.forms.rows import RowsForm
from projects.models import Invitation, Membership, Role, Team, User
from projects.teams.invitations import Guest
from projects.text.names import has_link, mail_address, one_line

_LINE_END: Final = re.compile(r"[\n\r;；]+")
_COMMA: Final = re.compile(r"[,，、]")
# What may stand around a name or an address, and in neither.
_AROUND: Final = " \t,，、<>()（）《》:：\"“”'‘’"
_ADDRESS: Final = re.compile(rf"[^\s{re.escape(_AROUND)}]+@[^\s{re.escape(_AROUND)}]*")
_LONGEST_NAME: Final = 80

if TYPE_CHECKING:  # where it is generic; Django's own takes no parameters
    _UserCreationForm = UserCreationForm[User]
else:
    _UserCreationForm = UserCreationForm


@dataclass(frozen=True, slots=True)
class GuestLine:
    """One of the pasted lines: whom it means, or what is wrong with it."""

    text: str
    guest: Guest | None
    problem: str = ""


def read_lines(text: str) -> list[GuestLine]:
    """Reads ``张三 <zhang@example.com>``, ``zhang@example.com 张三`` or the bare address."""
    lines = _LINE_END.split(mail_address(text))
    pieces = (one_line(piece) for line in lines for piece in _people(line))
    return [_read_line(piece) for piece in pieces if piece]


def _people(line: str) -> list[str]:
    """Several people after one another, as in the head of a mail; a name may hold a comma."""
    people: list[str] = []
    for piece in _COMMA.split(line):
        if people and "@" not in people[-1]:
            people[-1] += f", {piece}"
        else:
            people.append(piece)
    return people


def _read_line(text: str) -> GuestLine:
    addresses = _ADDRESS.findall(text)
    if not addresses:
        return GuestLine(text, None, gettext("there is no mail address in it"))
    if len(addresses) > 1:
        return GuestLine(text, None, gettext("there is more than one address in it"))
    email = addresses[0].lower()
    name = text.replace(addresses[0], "", 1).strip(_AROUND)
    try:
        validate_email(email)
    except ValidationError:
        return GuestLine(text, None, gettext("this is no mail address"))
    if len(name) > _LONGEST_NAME or len(email) > 254:
        return GuestLine(text, None, gettext("this is too long"))
    if has_link(name):
        return GuestLine(text, None, gettext("A name holds no link."))
    return GuestLine(text, Guest(email, name))


class InviteForm(forms.Form):
    """Whom to invite, in one role. A line that is wrong is named; nobody is invited until then."""

    people = forms.CharField(
        label=_("people"),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "张三 zhangsan@example.com"}),
        help_text=_("One person a line: the mail address, and the name if you like."),
    )
    role = forms.ChoiceField(label=_("role"), choices=Role.choices, initial=Role.LEAD)

    def __init__(self, team: Team, left_today: int, data: Any = None) -> None:
        super().__init__(data)
        self.team = team
        self.left_today = left_today
        self.guests: tuple[Guest, ...] = ()

    def put_cursor(self) -> None:
        """Into the list: the form stands at the end of a page that may be long."""
        self.fields["people"].widget.attrs["autofocus"] = True

    def clean_people(self) -> str:
        text: str = self.cleaned_data["people"]
        lines = read_lines(text)
        guests = {line.guest.email: line.guest for line in lines if line.guest}
        members = self._addresses_of_members(guests)
        problems = [line for line in lines if line.problem]
        problems += [
            GuestLine(email, None, gettext("is a member of the team already")) for email in members
        ]
        if problems:
            raise ValidationError([f"{line.text[:80]}: {line.problem}" for line in problems])
        if len(guests) > self.left_today:
            raise ValidationError(too_many(self.left_today))
        self.guests = tuple(guests.values())
        return text

    def _addresses_of_members(self, guests: dict[str, Guest]) -> list[str]:
        emails = Membership.objects.filter(team=self.team).values_list("user__email", flat=True)
        members = {email.lower() for email in emails}
        return [email for email in guests if email in members]


def too_many(left_today: int) -> str:
    """How many people may still be invited today."""
    words = ngettext(
        "Today you can invite %(n)s more person.",
        "Today you can invite %(n)s more people.",
        left_today,
    )
    return words % {"n": left_today}


class RolesForm(RowsForm):
    """The roles of all members."""

    part = "role"

    def __init__(self, team: Team, memberships: Iterable[Membership], data: Any = None) -> None:
        rows = list(memberships)
        labels = {
            row.pk: gettext("Role of %(name)s") % {"name": team.name_of(row.user)} for row in rows
        }
        super().__init__({row.pk: row.role for row in rows}, labels, data)

    def field(self) -> forms.Field:
        return forms.ChoiceField(choices=Role.choices)


class HandOverForm(forms.Form):
    """Who leads a member's open projects from now on."""

    to = forms.ChoiceField(label=_("to"))

    def __init__(self, membership: Membership, leading: Sequence[Membership], data: Any = None):
        super().__init__(data, prefix=f"hand-over-{membership.pk}")
        self.people = {str(row.pk): row.user for row in leading if row != membership}
        names = [(key, membership.team.name_of(user)) for key, user in self.people.items()]
        cast("forms.ChoiceField", self.fields["to"]).choices = [("", "—"), *names]

    @property
    def chosen(self) -> User:
        return self.people[self.cleaned_data["to"]]


class EmailForm(forms.Form):
    """Where to send the link for a new password."""

    email = forms.EmailField(
        label=_("mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class JoinForm(_UserCreationForm):
    """A new account for who was invited: user name, name, and the password chosen by themselves."""

    name = MailedNameField(
        label=pgettext_lazy("of a person", "name"),
        max_length=80,
        help_text=_("As colleagues know you."),
    )

    class Meta:
        model = User
        fields = ("username", "name")

    def __init__(self, invitation: Invitation, data: Any = None) -> None:
        initial = {"username": invitation.email.partition("@")[0], "name": invitation.name}
        super().__init__(data, initial=initial)
        self.fields["username"].help_text = _("You sign in with it.")
        for name, kind in (("username", "username"), ("name", "name")):
            self.fields[name].widget.attrs |= {"autocomplete": kind, "autofocus": False}

    def refuse_username(self) -> None:
        self.add_error("username", gettext("A user with that username already exists."))
