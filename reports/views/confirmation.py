"""What goes to many is asked about once, with how many they are; it works without JavaScript.

The answer is the same request again with ``confirmed``: so one click more, and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.access import Access
from projects.weeks import WEEK
from reports.models import Delivery, Subscriber

_ANSWER: Final = "confirmed"
_NOT_SENT_AGAIN: Final = frozenset({_ANSWER, "csrfmiddlewaretoken"})
_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What is asked: each sentence is a paragraph, the button says what is done then."""

    heading: str
    sentences: Sequence[str]
    button: str
    back: str  # where whoever does not want it goes


def is_confirmed(request: HttpRequest) -> bool:
    return request.POST.get(_ANSWER) == "yes"


def ask(request: HttpRequest, access: Access, question: Confirmation) -> HttpResponse:
    """The page that asks; what was sent goes along."""
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NOT_SENT_AGAIN
        for value in values
    ]
    context = {"access": access, "section": "weeks", "question": question, "sent": sent}
    return render(request, "components/confirmation.html", context, status=HTTPStatus.OK)


def send_button(count: int) -> str:
    """发给 11 人."""
    return ngettext("Send to %(n)s person", "Send to %(n)s people", count) % {"n": count}


def readers(deliveries: Sequence[Delivery]) -> list[str]:
    """How many get it, and who of them is from outside of the team."""
    chats = sum(row.is_chat for row in deliveries)
    ids = [row.subscriber_id for row in deliveries if row.subscriber_id is not None]
    words = ngettext(
        "It goes to %(n)s person.", "It goes to %(n)s people.", len(deliveries) - chats
    )
    sentences = [words % {"n": len(deliveries) - chats}]
    if chats:
        words = ngettext("It goes to %(n)s group chat.", "It goes to %(n)s group chats.", chats)
        sentences.append(words % {"n": chats})
    if ids:
        sentences.append(_outside(ids))
    return sentences


def _outside(ids: Sequence[int]) -> str:
    rows = Subscriber.objects.filter(pk__in=ids).order_by("email")[: _NAMED + 1]
    named = [f"{row.name} <{row.email}>" if row.name else row.email for row in rows]
    names = _(", ").join(named[:_NAMED])
    if len(ids) > _NAMED:
        names = _("%(names)s and others") % {"names": names}
    words = ngettext(
        "%(n)s of them is from outside of the team: %(names)s.",
        "%(n)s of them are from outside of the team: %(names)s.",
        len(ids),
    )
    return words % {"n": len(ids), "names": names}


def age_warning(access: Access, week: date) -> list[str]:
    """That a page is an old one; nothing of this week and the last."""
    team = access.team
    ago = (team.this_week() - week) // WEEK
    if ago < 2:
        return []
    words = ngettext(
        "%(label)s is an old page: %(n)s week ago.",
        "%(label)s is an old page: %(n)s weeks ago.",
        ago,
    )
    return [words % {"label": team.week_label(week), "n": ago}]
