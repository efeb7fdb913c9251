"""A department's past in the database: as many projects and weeks as a measurement wants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import models
from django.utils import timezone

from projects import facts
from projects.models import (
    Cycle,
    Health,
    Incident,
    IncidentCount,
    KeyResult,
    LedgerField,
    Membership,
    Metric,
    Milestone,
    Objective,
    PlannedItem,
    ProgressChange,
    Project,
    Question,
    Reading,
    Role,
    StatusEntry,
    Team,
    User,
)
from projects.objectives.cycles import half_year
from projects.teams.setup import create_team
from projects.weeks import WEEK

SLUG: Final = "bench"
_METRICS: Final = 8
_MILESTONES: Final = 2
_HEALTH: Final = (Health.ON_TRACK, Health.ON_TRACK, Health.AT_RISK, Health.OFF_TRACK)
_TEXT: Final = (
    "完成渠道{n}的接口联调，累计处理{many}笔，成功率99.9{digit}%。\n"
    "- 网关改造：进度{percent}%，预计{month}月{day}日提测\n"
    "- 对账文件切换完毕，等待业务验收；下周灰度{digit}家商户"
)


@dataclass(frozen=True, slots=True)
class Department:
    """The team that was made, its manager, and a project that the manager reports on."""

    team: Team
    manager: User
    project: Project
    week: date  # the present one


def make_department(projects: int, weeks: int) -> Department:
    """A team whose ``projects`` have reported in each of the last ``weeks``, this one included.

    One in ten has not reported this week; a third has moved a date.
    """
    team = create_team(SLUG, "支付产研")
    team.created_at -= timedelta(weeks=max(weeks, 52))  # set up long ago
    team.save(update_fields=["created_at"])
    week = team.this_week()
    mondays = [week - back * WEEK for back in reversed(range(weeks))]
    people = _people(team, max(projects // 4, 1))
    made = _projects(team, _objectives(team, mondays), people, projects)
    _save(StatusEntry, _entries(made, mondays))
    _ledger(made, mondays)
    _numbers(team, mondays)
    _save(
        PlannedItem,
        (
            PlannedItem(team=team, week=m, text=f"完成第{i}项割接", position=i)
            for m in mondays
            for i in range(4)
        ),
    )
    _save(
        Question,
        (
            Question(team=team, project=project, week=week, text="窗口定了吗？", asked_by=people[0])
            for project in made[::20]
        ),
    )
    facts.announce(team, mondays)
    return Department(team, people[0], made[0], week)


def _save[M: models.Model](model: type[M], rows: Iterator[M]) -> list[M]:
    return model._default_manager.bulk_create(list(rows), batch_size=2000)


def _people(team: Team, count: int) -> list[User]:
    people = _save(User, (User(username=f"user{n}", name=f"成员{n}") for n in range(count)))
    roles = [Role.MANAGER, *[Role.LEAD] * (count - 1)]
    _save(
        Membership,
        (Membership(team=team, user=u, role=r) for u, r in zip(people, roles, strict=True)),
    )
    return people


def _objectives(team: Team, mondays: list[date]) -> list[Objective]:
    """Four for each half-year; the last four are the present ones."""
    spans = dict.fromkeys(half_year(monday + timedelta(days=4)) for monday in mondays)
    objectives = []
    for starts_on, ends_on, name in spans:
        cycle = Cycle.objects.create(team=team, name=name, starts_on=starts_on, ends_on=ends_on)
        objectives += [
            Objective(team=team, cycle=cycle, code=f"O{n}", name=f"方向{n}", position=n)
            for n in range(1, 5)
        ]
    return _save(Objective, iter(objectives))


def _projects(
    team: Team, objectives: list[Objective], people: list[User], count: int
) -> list[Project]:
    present = objectives[-4:]
    return _save(
        Project,
        (
            Project(
                team=team,
                name=f"渠道{n}改造",
                objective=present[n % 4],
                lead=people[n % len(people)],
                is_focus=n < 3,
                position=n,
            )
            for n in range(count)
        ),
    )


def _entries(projects: list[Project], mondays: list[date]) -> Iterator[StatusEntry]:
    for number, project in enumerate(projects):
        for index, monday in enumerate(mondays):
            if monday == mondays[-1] and number % 10 == 9:
                continue
            yield StatusEntry(
                team_id=project.team_id,
                project=project,
                week=monday,
                text=_text(number, index),
                health=_HEALTH[(number + index // 3) % len(_HEALTH)],
                percent=_percent(index),
                weighted_percent=_percent(index),
                objective_id=project.objective_id,
                is_focus=project.is_focus,
                author_id=project.lead_id,
                reported_at=_friday(monday),
            )


def _percent(index: int) -> Decimal:
    """Rises by a point a week, and begins anew after two years: a project has its next phase."""
    return Decimal(index % 100)


def _text(number: int, index: int) -> str:
    return _TEXT.format(
        n=number,
        many=1000 + 37 * index,
        digit=index % 9 + 1,
        percent=_percent(index),
        month=index % 12 + 1,
        day=number % 27 + 1,
    )


def _friday(monday: date) -> datetime:
    friday = datetime.combine(monday + timedelta(days=4), datetime.min.time())
    return min(timezone.make_aware(friday), timezone.now())


def _ledger(projects: list[Project], mondays: list[date]) -> None:
    milestones = _save(
        Milestone,
        (
            Milestone(
                team_id=project.team_id,
                project=project,
                name=f"阶段{n + 1}",
                percent=_percent(len(mondays) - 1),
                due_on=mondays[-1] + timedelta(days=40),
                position=n,
            )
            for project in projects
            for n in range(_MILESTONES)
        ),
    )
    _save(ProgressChange, _changes(milestones, mondays))


def _changes(milestones: list[Milestone], mondays: list[date]) -> Iterator[ProgressChange]:
    """A percent each week; the due date moves twice a year, for one project in three."""
    for milestone in milestones:
        percent: Decimal | None = None
        due: date | None = None
        for index, monday in enumerate(mondays):
            owner = {"team_id": milestone.team_id, "milestone": milestone, "week": monday}
            old, percent = percent, _percent(index)
            reason = "进入下一阶段" if old is not None and percent < old else ""
            yield ProgressChange(
                **owner,
                field=LedgerField.PERCENT,
                old_percent=old,
                new_percent=percent,
                reason=reason,
            )
            if index == 0 or (index % 26 == 0 and milestone.project_id % 3 == 0):
                old_due, due = due, monday + timedelta(days=40)
                yield ProgressChange(
                    **owner,
                    field=LedgerField.DUE_ON,
                    old_due_on=old_due,
                    new_due_on=due,
                    reason="专线到位晚" if old_due else "",
                )


def _numbers(team: Team, mondays: list[date]) -> None:
    metrics = _save(
        Metric,
        (
            Metric(team=team, name=f"渠道{n}成功率", unit="%", target=Decimal("99.9"), position=n)
            for n in range(_METRICS)
        ),
    )
    _save(
        Reading,
        (
            Reading(
                team=team, metric=metric, week=monday, value=Decimal("99.9") + n % 7 / Decimal(100)
            )
            for metric in metrics
            for n, monday in enumerate(mondays)
        ),
    )
    _key_results(team, metrics)
    _incidents(team, mondays)


def _key_results(team: Team, metrics: list[Metric]) -> None:
    objectives = Objective.objects.filter(team=team).order_by("-pk")[:4]
    _save(
        KeyResult,
        (
            KeyResult(team=team, objective=o, metric=m, baseline=Decimal(90), target=Decimal(100))
            for o, m in zip(objectives, metrics, strict=False)
        ),
    )


def _incidents(team: Team, mondays: list[date]) -> None:
    _save(
        Incident,
        (
            Incident(
                team=team,
                week=m,
                occurred_at=_friday(m),
                detected_by="监控发现",
                description="回调超时",
            )
            for m in mondays
        ),
    )
    _save(
        IncidentCount,
        (
            IncidentCount(team=team, week=monday, severity=severity, count=Decimal("0.5"))
            for monday in mondays
            for severity in ("AB", "C", "D")
        ),
    )
