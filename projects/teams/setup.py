"""Setting up a team: itself with its stages, its settings and its start."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, time, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Exists, Min, OuterRef
from django.utils import timezone
from django.utils.text import slugify

from projects import audit, facts, weeks
from projects.conflicts import EditConflict, Opened, changed_by_others, merge
from projects.models import (
    Cycle,
    Membership,
    Role,
    Stage,
    Team,
    User,
    WeekFacts,
)
from projects.portfolio import leads
from projects.teams import members
from projects.weeks import WEEK, Numbering

# The steps of a project's life that a new team begins with; it edits the list as it likes.
STAGES: Final = ("待排期", "方案评审", "研发", "联调", "测试", "上线", "投产")
# A team of the same name by the same person within this time is the same form sent twice.
_SENT_TWICE: Final = timedelta(minutes=1)
# When a week closes and how it goes out stands on no page.
_NOT_PRINTED: Final = {
    *("cutoff_time", "digest_time", "calendar", "idle_week"),
    *(
        "digest_when",
        "publishes_itself",
        "attaches_pdf",
        "needs_second_factor",
        "severities",
        "detections",
    ),
}


class SlugTaken(Exception):
    """Another team has that address."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a manager decides of the team itself; times are by the team's clock."""

    name: str
    time_zone: str
    language: str
    week_numbering: str
    cutoff_time: time = time(16)
    digest_time: time = time(18)
    calendar: str = "china"
    idle_week: str = "skip"
    digest_when: str = "scheduled"
    publishes_itself: bool = True
    attaches_pdf: bool = False
    needs_second_factor: bool = False
    starts_on: date | None = None  # a Monday
    severities: str = ""
    detections: str = ""


@dataclass(frozen=True, slots=True)
class StartBounds:
    """The days of which a team's start may be one."""

    first: date
    last: date

    def refuse(self, day: date) -> bool:
        return not self.first <= day <= self.last


def start_bounds(team: Team, first_page: date | None = None) -> StartBounds:
    """From a year before the first week that anything is of, to half a year ahead.

    ``first_page`` is the first week of pages that are not imported yet.
    """
    this_week = team.this_week()
    oldest = WeekFacts.objects.filter(team=team).aggregate(week=Min("week"))["week"]
    first = min(week for week in (oldest, first_page, this_week) if week is not None)
    return StartBounds(first - 52 * WEEK, this_week + 26 * WEEK)


@transaction.atomic
def create_team(slug: str, name: str = "", numbering: Numbering = "calendar") -> Team:
    """A new team with the usual stages. Raises ``IntegrityError`` when the slug is taken."""
    team = Team.objects.create(slug=slug, name=name or slug, week_numbering=numbering)
    Stage.objects.bulk_create(
        Stage(team=team, name=stage, position=position) for position, stage in enumerate(STAGES)
    )
    return team


@transaction.atomic
def found_team(slug: str, wanted: Settings, *, by: User) -> Team:
    """A new team whose manager is the founder; without a slug it gets a free one.

    It starts with this week: what is imported of earlier ones is history.

    The same form sent twice founds one team. Raises ``SlugTaken``.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if (team := _founded_just_now(wanted.name, by)) is not None:
        return team
    try:
        with transaction.atomic():
            team = create_team(slug or free_slug(wanted.name), wanted.name)
    except IntegrityError:
        raise SlugTaken(slug) from None
    for field, value in asdict(wanted).items():
        setattr(team, field, value)
    team.starts_on = wanted.starts_on or team.this_week()
    team.save()
    Membership.objects.create(team=team, user=by, role=Role.MANAGER)
    audit.note(team, "team.create", team, by=by, after={"slug": team.slug, **asdict(wanted)})
    return team


@transaction.atomic
def claim_team(team: Team, user: User) -> Membership:
    """Make whoever sets the team up its manager and a member: after an import, or a superuser.

    A manager stays what they are. Who may do it is decided by the caller.
    """
    Team.objects.locked().get(pk=team.pk)
    membership, is_new = Membership.objects.get_or_create(
        team=team, user=user, defaults={"role": Role.MANAGER}
    )
    if is_new:
        audit.note(team, "member.join", user, by=user, after={"role": membership.role})
        members.announce_name(team, user, user.name)
        leads.hand_over(team, by=user)
    elif membership.role != Role.MANAGER:
        members.change_roles(membership.team, {membership.pk: Role.MANAGER}, by=user)
    return membership


def _founded_just_now(name: str, by: User) -> Team | None:
    mine = Membership.objects.filter(user=by, team=OuterRef("pk"), role=Role.MANAGER)
    recent = Team.objects.filter(name=name, created_at__gte=timezone.now() - _SENT_TWICE)
    return recent.filter(Exists(mine)).first()


def free_slug(name: str) -> str:
    """The name as an address where its letters allow that, else ``team``; numbered when taken."""
    base = slugify(name)[:40].strip("-_") or "team"
    taken = set(Team.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug = f"{base}-{number}"
        number += 1
    return slug


@transaction.atomic
def change_team(
    team: Team, settings: Settings, *, by: User | None, opened: Opened | None = None
) -> Team:
    """Settings as wanted; what is as it was is no change.

    Name, language, numbering and time zone are printed on every page, so all of them are stale.
    Raises ``EditConflict``.
    """
    team = Team.objects.locked().get(pk=team.pk)
    typed = asdict(settings)
    before = {field: getattr(team, field) for field in typed}
    after = merge(before, typed, opened)
    if opened and after["digest_time"] < after["cutoff_time"]:
        times = {field: before[field] for field in ("cutoff_time", "digest_time")}
        raise EditConflict(changed_by_others(times, opened))
    changed = [field for field in after if after[field] != before[field]]
    for field in changed:
        setattr(team, field, after[field])
    team.save(update_fields=changed)
    # Noted even without a change: the manager has seen the schedule, and it is right.
    audit.note(
        team,
        "team.change",
        team,
        by=by,
        before={field: before[field] for field in changed},
        after={field: after[field] for field in changed},
    )
    if set(changed) - _NOT_PRINTED:
        _announce_all(team)
    return team


@transaction.atomic
def change_start(
    team: Team, day: date | None, *, by: User | None, opened: Opened | None = None
) -> Team:
    """The team starts with the week of that day; ``None``: everything is present.

    Every page is stale then: those that are history now look different. Raises ``EditConflict``.
    """
    team = Team.objects.locked().get(pk=team.pk)
    before = {"starts_on": team.starts_on}
    after = merge(before, {"starts_on": day and weeks.monday_of(day)}, opened)
    if after != before:
        team.starts_on = after["starts_on"]
        team.save(update_fields=["starts_on"])
        audit.note(team, "team.start", team, by=by, before=before, after=after)
        _announce_all(team)
    return team


def _announce_all(team: Team) -> None:
    """The pages of all weeks are stale."""
    first = WeekFacts.objects.filter(team=team).order_by("week").first()
    facts.announce(team, [first.week if first else team.this_week()])


def present_cycle(team: Team) -> Cycle | None:
    """The cycle that holds today; where none does, the next one."""
    return team.cycles.filter(ends_on__gte=team.today()).order_by("starts_on").first()
