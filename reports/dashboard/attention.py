"""What needs attention on the dashboard, and what its reader can do about it there.

The document says what needs attention. The database knows who was reminded, who can be, and which
incidents nobody has reviewed: a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from projects.access import Access
from projects.models import Deputy, Incident, Project, Role, Team, User
from projects.standing import begins_with
from projects.teams import deputies
from projects.weeks import WEEK
from projects.workdays import WorkCalendar
from reports.dashboard.overview import Attention, attention_of, move_key
from reports.dashboard.pulse import Pulse, Unpublished, gone_leads
from reports.models import Reminder, SendState
from reports.pages import catching_up
from reports.schedule import answers, reminders
from reports.schedule.answers import Owing
from reports.schedule.notices import Notices, notices_of
from reports.weekly.document import Entry, WeeklyDocument
from reports.weekly.needs import Behind

# An incident waits for its review in the week it happened in and so many weeks more.
REVIEWED_WITHIN: Final = 4


@dataclass(frozen=True, slots=True)
class Silence:
    """A project that nobody updated, and how its lead can be reminded."""

    entry: Entry
    lead: User | None = None
    reminder: Reminder | None = None  # the last one of the week
    may_remind: bool = False  # the lead has an account and an address, and was left alone of late
    is_enough: bool = False  # the lead was reminded as often as a week allows

    @property
    def wants_lead(self) -> bool:
        """Whether nobody is there who could be asked: another lead is needed."""
        return self.lead is None or not self.lead.is_active

    @property
    def is_failed(self) -> bool:
        return self.reminder is not None and self.reminder.state == SendState.FAILED

    @property
    def is_under_way(self) -> bool:
        waits = (SendState.PENDING, SendState.CLAIMED)
        return self.reminder is not None and self.reminder.state in waits


@dataclass(frozen=True, slots=True)
class AttentionBlock:
    """The block at the head of the dashboard, for one reader."""

    revision: str
    week_label: str
    document: Attention
    silent: tuple[Silence, ...]
    incidents: tuple[Incident, ...]
    mine: frozenset[int]  # ids of the projects that the reader leads
    is_present: bool
    undelivered: Mapping[date, int]  # by week, how many did not get its page
    unpublished: tuple[Unpublished, ...]
    notices: Notices
    behind: tuple[tuple[date, Behind], ...] = ()  # published weeks that have changed since
    gone_leads: Mapping[int, str] = field(default_factory=dict)  # by project: who cannot sign in
    deputies: tuple[Deputy, ...] = ()  # who stand in for somebody today
    owing: tuple[Owing, ...] = ()  # who owes answers
    acknowledged: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by move_key

    def __bool__(self) -> bool:
        of_all = (self.document, self.incidents, self.undelivered, self.unpublished, self.notices)
        return any(map(bool, (*of_all, self.behind, self.gone_leads, self.deputies)))

    @property
    def reminding(self) -> int:
        """How many leads "remind all" would write to."""
        return len(
            {silence.lead.pk for silence in self.silent if silence.may_remind and silence.lead}
        )

    @property
    def asking(self) -> int:
        """How many leads "ask all again" would write to."""
        return sum(row.may_remind for row in self.owing)


def notices_for(access: Access, week: date, calendar: WorkCalendar | None = None) -> Notices:
    """What the time to come lacks: for managers, in the present week."""
    if access.is_manager and week == access.team.this_week():
        return notices_of(access.team, calendar)
    return Notices()


def block_of(
    access: Access,
    document: WeeklyDocument,
    pulse: Pulse,
    notices: Notices | None = None,
    *,
    just_acknowledged: Collection[str] = (),
) -> AttentionBlock:
    """The block of the document's week. Read ``pulse`` before the document.

    ``notices`` where the caller has read them already. Moves that somebody took note of are left
    out, but for those that were ``just_acknowledged``: their rows show what became of them.
    """
    team, week = access.team, document.week
    needs = attention_of(document)
    gone = pulse.acknowledged.keys() - just_acknowledged
    moved = tuple((entry, move) for entry, move in needs.moved if move_key(entry, move) not in gone)
    needs = replace(needs, moved=moved)
    is_present = week == team.this_week()
    # A lead reports on the present week, so nobody can be reminded of another.
    may_remind = access.is_manager and is_present and bool(needs.silent)
    stand_ins = deputies.today(team) if access.has_deputies else deputies.NOBODY
    written = _reminders(access, needs, week) if is_present else []
    return AttentionBlock(
        revision=pulse.revision,
        week_label=document.label,
        document=needs,
        silent=silences(team, week, needs, stand_ins, written)
        if may_remind
        else tuple(map(Silence, needs.silent)),
        incidents=tuple(unreviewed(team, week)),
        mine=_led_by(access),
        is_present=is_present,
        undelivered=pulse.undelivered,
        unpublished=pulse.unpublished,
        notices=notices_for(access, week) if notices is None else notices,
        acknowledged=pulse.acknowledged,
        **_of_the_manager(access, pulse, needs, stand_ins, written, is_present=is_present),
    )


def _reminders(access: Access, needs: Attention, week: date) -> list[Reminder]:
    """What a manager has asked for already, of whom the block lists."""
    if not access.is_manager or not (needs.silent or needs.questions):
        return []
    today = answers.midnight(access.team, timezone.now())
    return reminders.written(access.team, week, answers_since=today)


def _led_by(access: Access) -> frozenset[int]:
    """Which projects a reader who leads reports on; none where the reader has another role."""
    if access.role != Role.LEAD:
        return frozenset()
    led = Project.objects.filter(team=access.team, lead__in=access.leads)
    return frozenset(led.values_list("pk", flat=True))


def _of_the_manager(
    access: Access,
    pulse: Pulse,
    needs: Attention,
    stand_ins: deputies.StandIns,
    written: Sequence[Reminder],
    *,
    is_present: bool,
) -> dict[str, Any]:
    """What only a manager of the present week is shown; no query where there is nothing of it."""
    if not access.is_manager or not is_present:
        return {}
    team = access.team
    states = ((week, catching_up.behind(team, week)) for week in pulse.moved)
    parts: dict[str, Any] = {"behind": tuple((week, state) for week, state in states if state)}
    if needs.questions:
        parts["owing"] = answers.owing(team, stand_ins=stand_ins, written=written)
    if pulse.gone_leads:
        projects = gone_leads(team.pk).select_related("lead")
        parts["gone_leads"] = {project.pk: team.name_of(project.lead) for project in projects}
    if access.has_deputies:
        rows = Deputy.objects.to_come(team).filter(first_day__lte=team.today())
        parts["deputies"] = tuple(rows.order_by("last_day", "pk"))
    return parts


def unreviewed(team: Team, week: date) -> QuerySet[Incident]:
    """The incidents of that week and of the four before it that nobody has reviewed.

    Incidents of imported pages need no review, nor do those of history.
    """
    if team.is_history(week):
        return Incident.objects.none()
    first = max(week - REVIEWED_WITHIN * WEEK, begins_with(week, team.starts_on))
    rows = Incident.objects.filter(team=team, week__range=(first, week))
    return rows.filter(reviewed_at=None, text="")


def silences(
    team: Team,
    week: date,
    needs: Attention,
    stand_ins: deputies.StandIns | None = None,
    written: Sequence[Reminder] | None = None,
) -> tuple[Silence, ...]:
    waiting = reminders.waiting(team, week, stand_ins=stand_ins)
    leads = {project.pk: reminders.asked_for(project) for project in waiting}
    asked, now = reminders.asked_before(team, week, written), timezone.now()
    silences = []
    for entry in needs.silent:
        lead = leads.get(entry.project_id)
        request = asked.get(lead.pk) if lead else None
        is_enough = request is not None and request.is_enough
        is_left_alone = request is None or not reminders.is_recent(request.last, now)
        is_reachable = lead is not None and reminders.is_reachable(lead)
        may_remind = is_reachable and is_left_alone and not is_enough
        silences.append(
            Silence(entry, lead, request.last if request else None, may_remind, is_enough)
        )
    return tuple(silences)
