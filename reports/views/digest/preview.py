"""The digest mail before it goes out, and a member's choice whether to get it."""

from __future__ import annotations

import base64
import logging
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from okrtracker.mail import smtp_errors
from okrtracker.mail.mime import Mail, OwnPart
from projects.access import Access, get_team_for_manager, get_team_for_user
from projects.models import Language, Membership, Team
from projects.teams.week_addresses import get_week
from reports.digest import previews, recipients
from reports.digest.previews import Debtor
from reports.forms.subscribers import DigestChoiceForm
from reports.models import Edition
from reports.pages.navigation import navigation_of
from reports.render.mail import digest

logger = logging.getLogger(__name__)

LOOKS: Final = ("light", "dark", "phone", "phone-dark")
# The page shows the mail in a frame, which stands for the mail program.
_WITH_FRAME: Final[dict[str, Any]] = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}
# A mail has its own styles and pictures; nothing in it may run or be loaded.
_OF_A_MAIL: Final[dict[str, Any]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [CSP.SELF],
    "sandbox": "",
}
_NIGHT: Final = "(prefers-color-scheme: dark)"
_ALWAYS, _NEVER = "all", "not all"


@dataclass(frozen=True, slots=True)
class MailPreview:
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


def _preview(request: HttpRequest, access: Access, week: date) -> MailPreview:
    """What the address asks for. ``Http404`` where the week has no page."""
    language = _language(request.GET.get("language", ""), access.team)
    is_of_draft = "draft" in request.GET
    shown = previews.mail_to_show(access.team, week, language, of_draft=is_of_draft)
    if shown is None:
        raise Http404
    debtors = previews.debtors(access.team, week)
    chosen = request.GET.get("as", "")
    debtor = next((debtor for debtor in debtors if str(debtor.membership_id) == chosen), None)
    look = request.GET.get("look", "")
    look = look if look in LOOKS else LOOKS[0]
    return MailPreview(*shown, language, look, debtors, debtor, is_of_draft)


def _language(asked_for: str, team: Team) -> str:
    return asked_for if asked_for in Language.values else team.language


@require_safe
@csp_override(_WITH_FRAME)
def digest_preview(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """The digest mail of the week as its readers get it: of the latest edition, or of the draft."""
    access = get_team_for_manager(request, team)
    week = get_week(access.team, label)
    preview = _preview(request, access, week)
    context = {
        "access": access,
        "section": "weeks",
        "navigation": navigation_of(access.team, week),
        "preview": preview,
        "query": preview.query(),
        "looks": [(look, preview.query(look=look)) for look in LOOKS],
        "languages": Language.choices,
        "text": preview.own.text_of(preview.mail),
        "size": len(preview.own.html_of(preview.mail).encode()),
        "from_email": settings.DEFAULT_FROM_EMAIL,
        "recipients": recipients.recipients_of(access.team),
    }
    return render(request, "reports/digest_preview.html", context)


@require_safe
@xframe_options_sameorigin
@csp_override(_OF_A_MAIL)
def digest_preview_html(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """The HTML of the digest mail, as a mail program shows it by day or by night."""
    access = get_team_for_manager(request, team)
    preview = _preview(request, access, get_week(access.team, label))
    html = preview.own.html_of(preview.mail)
    for picture in preview.mail.images:
        data = base64.b64encode(picture.png).decode("ascii")
        html = html.replace(f"cid:{picture.cid}", f"data:image/png;base64,{data}")
    return HttpResponse(html.replace(_NIGHT, _ALWAYS if "dark" in preview.look else _NEVER))


@require_POST
def digest_test(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """Send the week's digest mail to the manager who asks for it, and to nobody else.

    With ``?setup`` it leads back to the list of the set-up.
    """
    access = get_team_for_manager(request, team)
    week = get_week(access.team, label)
    language = _language(request.POST.get("language", ""), access.team)
    draft = "draft" in request.POST
    try:
        address = previews.send_test(
            access.team, week, by=access.user, language=language, of_draft=draft
        )
    except previews.NoAddress:
        messages.error(request, _("Your account has no mail address to send a test to."))
    except previews.TooMany:
        messages.error(request, _("That is enough tests for now: try again in an hour."))
    except LookupError:
        raise Http404 from None
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors
        logger.warning("the test mail was not sent: %s", error)
        words = _("The mail server did not take it: %(error)s")
        messages.error(request, words % {"error": smtp_errors.words_of(error)})
    else:
        messages.success(request, _("Sent to %(address)s.") % {"address": address})
    if "setup" in request.GET:
        return redirect("projects:team_setup", access.team.slug)
    back = reverse("reports:digest_preview", args=(access.team.slug, label))
    return redirect(f"{back}?{urlencode({'language': language} | ({'draft': 1} if draft else {}))}")


@require_http_methods(["GET", "HEAD", "POST"])
def digest_choice(request: HttpRequest, team: str) -> HttpResponse:
    """A member's own choice: the weekly digest by mail, or not, and where it goes."""
    access = get_team_for_user(request, team)
    # An administrator opens teams without being a member of them.
    membership = Membership.objects.filter(team=access.team, user=access.user).first()
    form = None
    if membership is not None:
        form = DigestChoiceForm(membership, request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            wanted = form.cleaned_data["gets_digest"]
            gets_it = recipients.choose(
                membership, gets_digest=wanted, by=access.user, opened=form.opened
            )
            no, yes = _("You get no weekly digest."), _("You get the weekly digest by mail.")
            messages.success(request, yes if gets_it else no)
            return redirect("reports:digest_choice", access.team.slug)
    context = {
        "access": access,
        "section": "digest_choice",
        "membership": membership,
        "form": form,
    }
    return render(request, "reports/digest_choice.html", context)
