from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from okrtracker import broker
from okrtracker.requests.clean import number_in
from projects.access import signed_in_staff
from reports import operating, tasks
from reports.digest import deliveries
from reports.models import Edition
from reports.views.health import Condition, tick_age


@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """What ran, what waits and what failed, in all teams: for staff."""
    signed_in_staff(request)
    condition = Condition(has_database=True, has_broker=broker.answers(), tick_age=tick_age())
    context = {
        "problems": list(condition.problems()),
        "tick_age": condition.tick_age,
        "operation": operating.operation(timezone.now()),
    }
    return render(request, "reports/operations.html", context)


@require_POST
def operations_run(request: HttpRequest) -> HttpResponse:
    """Have a tick done now, or what failed of an ``edition`` sent again."""
    user = signed_in_staff(request)
    given = request.POST.get("edition")
    if given is None:
        if broker.publish(tasks.tick):
            messages.success(request, _("A tick is on its way: it does whatever is due."))
        else:
            messages.error(request, _("The broker does not answer."))
        return redirect("operations")
    if (key := number_in(given)) is None:
        raise Http404
    edition = get_object_or_404(Edition.objects.select_related("team", "page"), pk=key)
    count = deliveries.resend(edition, by=user)
    tasks.enqueue_deliveries(edition.pk, max(count, 1))
    notice = ngettext("%(n)s message is sent again.", "%(n)s messages are sent again.", count)
    messages.success(request, notice % {"n": count})
    return redirect("operations")
