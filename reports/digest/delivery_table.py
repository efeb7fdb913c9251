"""An edition's deliveries as a table: who, how far, when, and what is the matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django_tables2.config import RequestConfig

from projects.models import Team
from projects.templatetags.okr import local_moment
from reports.digest.deliveries import STATES
from reports.digest.delivery_errors import explain
from reports.models import Delivery, SendState
from reports.models.deliveries import DeliveryQuerySet

PAGE: Final = 50
_TONES: Final[Mapping[str, str]] = {
    SendState.SENT: "ok",
    SendState.FAILED: "bad",
    SendState.UNWANTED: "idle",
}


def name_of(state: str) -> str:
    """What a manager calls a state; ``STATES`` has the names."""
    names = {
        "failed": pgettext("deliveries", "Failed"),
        "waiting": pgettext("deliveries", "Waiting"),
        "sent": pgettext("deliveries", "Sent"),
        "unwanted": pgettext("deliveries", "Not wanted"),
    }
    return names[state]


def state_name(state: str) -> str:
    """The same of ``SendState``."""
    return name_of(next(name for name, states in STATES.items() if state in states))


class DeliveriesTable(tables.Table):  # type: ignore[misc]  # the library is untyped
    """Rows are ``Delivery``, read with who reads them."""

    chosen = tables.Column("", accessor="pk", orderable=False)
    recipient = tables.Column(_("recipient"))
    state = tables.Column(_("state"))
    attempts = tables.Column(_("attempts"))
    sent_at = tables.Column(_("when"), empty_values=())  # what waits has a time, too
    error = tables.Column(_("what is the matter"), orderable=False, default="")

    def __init__(self, rows: DeliveryQuerySet, team: Team, *, may_choose: bool) -> None:
        self.team = team
        hidden = () if may_choose else ("chosen",)
        # By name the states stand as a manager wants them: failed, waiting (pending), sent.
        super().__init__(rows, exclude=hidden, order_by=("state", "recipient"))

    def order_sent_at(self, rows: QuerySet[Delivery], is_descending: bool) -> Any:
        moment = F("sent_at")
        last = {"nulls_last": True}
        order = moment.desc(**last) if is_descending else moment.asc(**last)
        return rows.order_by(order, "pk"), True

    def render_chosen(self, record: Delivery) -> SafeString | str:
        if record.state != SendState.FAILED:
            return ""
        return format_html(
            '<label class="box"><input type="checkbox" name="delivery" value="{}"'
            ' aria-label="{}"></label>',
            record.pk,
            gettext("Send again to %(name)s") % {"name": record.recipient},
        )

    def render_recipient(self, record: Delivery) -> SafeString:
        return format_html("{} <small>{}</small>", record.recipient, _who(record, self.team))

    def render_state(self, record: Delivery) -> SafeString:
        tone = _TONES.get(record.state, "warn")
        return format_html('<span class="chip {}">{}</span>', tone, state_name(record.state))

    def render_attempts(self, record: Delivery) -> str:
        return str(record.attempts) if record.attempts else ""

    def render_sent_at(self, record: Delivery) -> str:
        return _when(record, self.team)

    def render_error(self, record: Delivery) -> SafeString | str:
        explanation = explain(record)
        if explanation is None:
            return ""
        words, answer = str(explanation.words), explanation.answer
        return format_html("{} <small><code>{}</code></small>", words, answer) if answer else words


def _who(row: Delivery, team: Team) -> str:
    if row.is_chat:
        return row.channel.get_kind_display() if row.channel else gettext("channel")
    if row.membership is not None:
        return team.name_of(row.membership.user)
    return row.subscriber.name if row.subscriber is not None else ""


def _when(row: Delivery, team: Team) -> str:
    if row.sent_at is not None:
        return local_moment(row.sent_at, team)
    if row.state == SendState.PENDING and row.claimed_until is not None:
        again = local_moment(row.claimed_until, team)
        return gettext("again on %(moment)s") % {"moment": again}
    return ""


def table_of(
    request: HttpRequest, rows: DeliveryQuerySet, team: Team, *, may_choose: bool
) -> DeliveriesTable:
    """The page of the table that the request asks for; a page that there is not is the last."""
    table = DeliveriesTable(rows, team, may_choose=may_choose)
    RequestConfig(request, paginate={"per_page": PAGE, "silent": True}).configure(table)
    return table
