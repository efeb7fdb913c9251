from __future__ import annotations

import logging
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from okrtracker.mail import smtp_errors
from projects.access import get_team_for_manager, get_week
from projects.models import Language
from reports.digest import previews

logger = logging.getLogger(__name__)


@require_POST
def digest_test(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """Send the week's digest mail to the manager who asks for it, and to nobody else."""
    access = get_team_for_manager(request, team)
    week = get_week(access.team, label)
    language = request.POST.get("language", "")
    language = language if language in Language.values else access.team.language
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
        told = _("The mail server did not take it: %(error)s")
        messages.error(request, told % {"error": smtp_errors.words_of(error)})
    else:
        messages.success(request, _("Sent to %(address)s.") % {"address": address})
    back = reverse("reports:digest_preview", args=(access.team.slug, label))
    return redirect(f"{back}?{urlencode({'language': language} | ({'draft': 1} if draft else {}))}")
