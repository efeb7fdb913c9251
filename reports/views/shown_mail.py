"""Which look of the digest mail a manager asks to see: its language, its reader, its light."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest

from okrtracker.mail.mime import Mail, OwnPart
from projects.access import Access
from projects.models import Language
from reports.digest import previews
from reports.digest.previews import Debtor
from reports.models import Edition
from reports.render.mail import digest

LOOKS: Final = ("light", "dark", "phone", "phone-dark")


@dataclass(frozen=True, slots=True)
class ShownMail:
    """The mail, of an edition or of the draft, as a reader sees it."""

    edition: Edition | None
    mail: Mail
    language: str
    look: str  # one of LOOKS
    debtors: list[Debtor]
    debtor: Debtor | None  # who reads it, when that is somebody who owes something
    is_of_draft: bool  # asked for, whatever is published

    @property
    def own(self) -> OwnPart:
        """With a link to unsubscribe that leads nowhere: a preview unsubscribes nobody."""
        owed = self.debtor.owed if self.debtor else None
        return digest.own_part(self.language, owed, f"{settings.SITE_URL}/")

    def query(self, **other: object) -> str:
        """What asks for this, or for another look of it, in an address."""
        chosen: dict[str, object] = {"language": self.language, "look": self.look}
        if self.is_of_draft:
            chosen["draft"] = 1
        if self.debtor:
            chosen["as"] = self.debtor.membership_id
        return urlencode({**chosen, **other})


def shown_mail(request: HttpRequest, access: Access, week: date) -> ShownMail:
    """What the address asks for. ``Http404`` where the week has no page."""
    language = request.GET.get("language", "")
    language = language if language in Language.values else access.team.language
    is_of_draft = "draft" in request.GET
    shown = previews.mail_to_show(access.team, week, language, of_draft=is_of_draft)
    if shown is None:
        raise Http404
    debtors = previews.debtors(access.team, week)
    chosen = request.GET.get("as", "")
    debtor = next((one for one in debtors if str(one.membership_id) == chosen), None)
    look = request.GET.get("look", "")
    look = look if look in LOOKS else LOOKS[0]
    return ShownMail(*shown, language, look, debtors, debtor, is_of_draft)
