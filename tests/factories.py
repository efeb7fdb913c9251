"""Rows for tests: the same call makes the same row, and nothing is made that was not asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet

from projects.checkin import ledger
from projects.models import (
    Alias,
    Comment,
    Cycle,
    Deputy,
    Direction,
    EntrySource,
    Health,
    Incident,
    IncidentCount,
    KeyResult,
    Language,
    Membership,
    Metric,
    Milestone,
    Objective,
    Project,
    Question,
    Reading,
    Role,
    Stage,
    StatusEntry,
    Team,
    User,
    WeekNumbering,
)
from projects.prepared import Prepared
from projects.text import names
from reports.channels import vault
from reports.digest.recipients import Recipient
from reports.models import (
    Channel,
    Delivery,
    Edition,
    Section,
    Subscriber,
    WeeklyPage,
)
from reports.weekly.sections import Kind

# The Monday that tests stand on unless they say another: 2024-W25 in either numbering.
WEEK: Final = date(2024, 6, 17)
# A moment in that week: Wednesday, 10:00 in Shanghai.
NOW: Final = datetime(2024, 6, 19, 2, 0, tzinfo=UTC)
PASSWORD: Final = "a-password-for-tests"


def make_team(
    slug: str = "pay",
    name: str = "支付产研",
    numbering: WeekNumbering = WeekNumbering.CALENDAR,
) -> Team:
    return Team.objects.create(slug=slug, name=name, week_numbering=numbering)


def make_user(
    username: str = "lead", name: str = "", team: Team | None = None, role: Role = Role.LEAD
) -> User:
    """A user who can sign in with ``PASSWORD``; with a team, a member of it."""
    user = User.objects.create_user(username, password=PASSWORD, name=name)
    if team is not None:
        Membership.objects.create(team=team, user=user, role=role)
    return user


def make_deputy(
    person: Membership, deputy: Membership, first_day: date = WEEK, last_day: date | None = None
) -> Deputy:
    """Of the week of ``WEEK``, unless other days are given."""
    return Deputy.objects.create(
        team=person.team,
        person=person,
        deputy=deputy,
        first_day=first_day,
        last_day=last_day or first_day + timedelta(days=6),
    )


def make_stage(team: Team, name: str = "研发", position: int = 0) -> Stage:
    return Stage.objects.create(team=team, name=name, position=position)


def make_cycle(
    team: Team,
    name: str = "2024H1",
    starts_on: date = date(2024, 1, 1),
    ends_on: date = date(2024, 6, 30),
) -> Cycle:
    return Cycle.objects.create(team=team, name=name, starts_on=starts_on, ends_on=ends_on)


def make_objective(cycle: Cycle, code: str = "O1", name: str = "业务服务") -> Objective:
    position = Objective.objects.filter(cycle=cycle).count()
    return Objective.objects.create(
        team=cycle.team, cycle=cycle, code=code, name=name, position=position
    )


def make_project(
    team: Team,
    name: str = "贝易转",
    objective: Objective | None = None,
    lead: User | None = None,
    *,
    is_focus: bool = False,
    started_on: date | None = None,
    closed_on: date | None = None,
    aliases: tuple[str, ...] = (),
) -> Project:
    """A project with its own name and the others among the team's aliases."""
    project = Project.objects.create(
        team=team,
        name=name,
        objective=objective,
        lead=lead,
        is_focus=is_focus,
        position=len(_projects.rows(team=team.pk)),
        started_on=started_on,
        closed_on=closed_on,
    )
    for alias in (name, *aliases):
        Alias.objects.create(team=team, project=project, name=alias, key=names.key(alias))
    return project


@Prepared
def _projects(*, team: int) -> QuerySet[Any, int]:
    return Project.objects.filter(team=team).values_list("pk", flat=True)


def make_milestone(
    project: Project,
    name: str = "一期上线",
    percent: Decimal | int | None = None,
    due_on: date | None = None,
    *,
    due_precision: str = "day",
    weight: int = 1,
    week: date = WEEK,
) -> Milestone:
    """A milestone whose percent and date were first said in ``week``, by the ledger."""
    milestone = Milestone.objects.create(
        team=project.team,
        project=project,
        name=name,
        weight=weight,
        position=Milestone.objects.filter(project=project).count(),
    )
    if percent is not None:
        ledger.change_percent(milestone, Decimal(percent), week=week, at=NOW)
    if due_on is not None:
        ledger.move_due_date(milestone, due_on, due_precision, week=week, at=NOW)
    return milestone


def make_entry(
    project: Project,
    week: date = WEEK,
    text: str = "联调进行中",
    percent: Decimal | int | None = None,
    *,
    health: str = Health.ON_TRACK,
    author: User | None = None,
    source: EntrySource = EntrySource.REPORTED,
) -> StatusEntry:
    return StatusEntry.objects.create(
        team=project.team,
        project=project,
        week=week,
        text=text,
        percent=None if percent is None else Decimal(percent),
        health=health,
        objective=project.objective,
        is_focus=project.is_focus,
        author=author,
        source=source,
        reported_at=NOW,
    )


def make_question(project: Project, asked_by: User, text: str = "为什么没有进展？") -> Question:
    return Question.objects.create(
        team=project.team, project=project, week=WEEK, text=text, asked_by=asked_by, asked_at=NOW
    )


def make_comment(
    project: Project,
    author: User,
    text: str = "联调环境周四到位",
    week: date = WEEK,
    *,
    at: datetime = NOW,
) -> Comment:
    """As it was written, and nobody is told of it."""
    return Comment.objects.create(
        team=project.team, project=project, week=week, text=text, author=author, created_at=at
    )


def make_metric(
    team: Team,
    name: str = "入金有效成功率",
    unit: str = "%",
    *,
    target: Decimal | None = None,
    direction: Direction = Direction.UP,
    project: Project | None = None,
) -> Metric:
    return Metric.objects.create(
        team=team, name=name, unit=unit, target=target, direction=direction, project=project
    )


def make_reading(metric: Metric, value: Decimal | str, week: date = WEEK) -> Reading:
    return Reading.objects.create(team=metric.team, metric=metric, week=week, value=Decimal(value))


def make_key_result(
    objective: Objective, metric: Metric, baseline: Decimal | int = 0, target: Decimal | int = 100
) -> KeyResult:
    return KeyResult.objects.create(
        team=objective.team,
        objective=objective,
        metric=metric,
        baseline=Decimal(baseline),
        target=Decimal(target),
    )


def make_count(team: Team, severity: str, count: Decimal | int, week: date = WEEK) -> IncidentCount:
    return IncidentCount.objects.create(team=team, week=week, severity=severity, count=count)


def make_incident(
    team: Team,
    week: date = WEEK,
    occurred_at: datetime = NOW,
    description: str = "回调超时",
    *,
    project: Project | None = None,
) -> Incident:
    return Incident.objects.create(
        team=team, week=week, occurred_at=occurred_at, description=description, project=project
    )


def make_page(team: Team, week: date = WEEK) -> WeeklyPage:
    return WeeklyPage.objects.create(team=team, week=week)


def make_section(
    page: WeeklyPage,
    kind: Kind = Kind.CUSTOM,
    heading: str = "团队建设",
    body: str = "",
) -> Section:
    return Section.objects.create(team=page.team, page=page, kind=kind, heading=heading, body=body)


def make_subscriber(
    team: Team,
    email: str = "wai@example.com",
    name: str = "外部读者",
    *,
    language: Language = Language.CHINESE,
    confirmed_at: datetime | None = NOW,
) -> Subscriber:
    """Somebody from outside who gets the digest; with ``confirmed_at=None`` not yet."""
    return Subscriber.objects.create(
        team=team, email=email, name=name, language=language, confirmed_at=confirmed_at
    )


def recipient_of(reader: Membership | Subscriber) -> Recipient:
    """Whom a digest to that reader is for."""
    team = reader.team
    if isinstance(reader, Membership):
        user = reader.user
        return Recipient(user.email, user.name, team.language, membership_id=reader.pk)
    return Recipient(reader.email, reader.name, reader.language, subscriber_id=reader.pk)


def make_edition(team: Team, week: date = WEEK, number: int = 1) -> Edition:
    """An edition without a word on it, for tests of what is sent to whom."""
    page = WeeklyPage.objects.get_or_create(team=team, week=week)[0]
    return Edition.objects.create(
        team=team, page=page, number=number, document={}, sha256="0" * 64, published_at=NOW
    )


def make_delivery(edition: Edition, subscriber: Subscriber) -> Delivery:
    """The mail of that edition to the subscriber, to be sent."""
    return Delivery.objects.create(
        team=edition.team,
        edition=edition,
        recipient=subscriber.email,
        subscriber=subscriber,
        language=subscriber.language,
    )


def make_channel(team: Team, kind: str = "feishu", name: str = "支付群", **fields: Any) -> Channel:
    """A group chat, or a webhook; by ``address`` and ``secret``, which are encrypted here."""
    robots = {
        "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/0f9e8d7c-token",
        "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=0f9e8d7c",
        "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0f9e8d7c",
        "webhook": "https://hooks.example.com/okr",
    }
    sealed = {
        "address": vault.seal(fields.pop("address", robots[kind])),
        "secret": vault.seal(fields.pop("secret", "")),
    }
    return Channel.objects.create(team=team, kind=kind, name=name, **sealed, **fields)
