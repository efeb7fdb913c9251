"""A row of each table, for the test of their constraints."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db.models import Model

from projects.models import (
    Alias,
    AuditRecord,
    CommentMail,
    CommentNotice,
    DayException,
    Draft,
    IncidentCount,
    Invitation,
    Membership,
    MetricAlias,
    PlannedItem,
    ProgressChange,
    Project,
    Team,
    User,
    WeekFacts,
)
from reports.models import (
    Channel,
    Delivery,
    Edition,
    EditionFile,
    ImportBatch,
    ImportDoubt,
    ImportRecord,
    PageImport,
    RememberedColumns,
    Reminder,
    Subscriber,
    WeeklyPage,
    WeekStep,
)
from tests.factories import (
    NOW,
    WEEK,
    make_comment,
    make_deputy,
    make_entry,
    make_incident,
    make_key_result,
    make_metric,
    make_milestone,
    make_question,
    make_reading,
    make_section,
    make_stage,
    make_user,
)

TUESDAY = WEEK + timedelta(days=1)


def rows_of_project(team: Team, user: User, project: Project) -> dict[str, Model]:
    milestone = make_milestone(project, percent=40)
    assert project.objective
    comment = make_comment(project, user)
    return {
        "team": team,
        "comment": comment,
        "comment_mail": CommentMail.objects.create(team=team, user=user, day=WEEK),
        "comment_notice": CommentNotice.objects.create(team=team, comment=comment, user=user),
        "project": project,
        "objective": project.objective,
        "cycle": project.objective.cycle,
        "alias": Alias.objects.get(project=project),
        "milestone": milestone,
        "change": ProgressChange.objects.get(milestone=milestone),
        "entry": make_entry(project),
        "question": make_question(project, user),
        "draft": Draft.objects.create(
            team=team, user=user, project=project, week=WEEK, field="text", value="联调"
        ),
        "audit": AuditRecord.objects.create(
            team=team, by=user, action="project.rename", subject="贝易转", project=project
        ),
    }


def rows_of_team(team: Team, user: User, project: Project) -> dict[str, Model]:
    metric = make_metric(team)
    membership = Membership.objects.get(user=user)
    deputy = Membership.objects.create(team=team, user=make_user("deputy"))
    assert project.objective
    return {
        "membership": membership,
        "deputy": make_deputy(membership, deputy),
        "stage": make_stage(team),
        "day_exception": DayException.objects.create(team=team, day=TUESDAY, is_working=False),
        "invitation": Invitation.objects.create(
            team=team, email="b@example.com", token_sha256="0" * 64, expires_at=NOW
        ),
        "week_facts": WeekFacts.objects.create(team=team, week=WEEK),
        "planned_item": PlannedItem.objects.create(team=team, week=WEEK, text="双活演练"),
        "incident": make_incident(team),
        "incident_count": IncidentCount.objects.create(
            team=team, week=WEEK, severity="AB", count=Decimal("0.5")
        ),
        "metric": metric,
        "project_metric": make_metric(team, "累计金额", "万元", project=project),
        "metric_alias": MetricAlias.objects.create(
            team=team, metric=metric, name="成功率", key="成功率"
        ),
        "reading": make_reading(metric, "99.996"),
        "key_result": make_key_result(project.objective, metric),
    }


def rows_of_page(team: Team, user: User, page: WeeklyPage) -> dict[str, Model]:
    edition = Edition.objects.create(
        team=team, page=page, number=1, document={}, sha256="0" * 64, published_by=user
    )
    channel = Channel.objects.create(
        team=team, kind="webhook", name="支付群", address_env="OKR_HOOK"
    )
    return {
        "page": page,
        "section": make_section(page),
        "page_draft": Draft.objects.create(team=team, user=user, week=WEEK, field="plan"),
        "edition": edition,
        "edition_file": EditionFile.objects.create(
            team=team, edition=edition, kind="md", language="en", content=b"", sha256="0" * 64
        ),
        "delivery": Delivery.objects.create(team=team, edition=edition, recipient="a@example.com"),
        "subscriber": Subscriber.objects.create(team=team, email="c@example.com"),
        "channel": channel,
        "reminder": Reminder.objects.create(team=team, week=WEEK, user=user),
        "channel_reminder": Reminder.objects.create(
            team=team, week=WEEK, channel=channel, kind="check_in", round=1
        ),
        "round": Reminder.objects.create(team=team, week=WEEK, user=user, round=1),
        "week_step": WeekStep.objects.create(team=team, week=WEEK, step="open", due_at=NOW),
    }


def rows_of_import(team: Team, project: Project) -> dict[str, Model]:
    batch = ImportBatch.objects.create(team=team)
    page_import = PageImport.objects.create(team=team)
    return {
        "page_import": page_import,
        "import_doubt": ImportDoubt.objects.create(
            team=team, page_import=page_import, kind="names", key="names:1"
        ),
        "import_record": ImportRecord.objects.create(
            team=team, batch=batch, model="projects.project", object_id=project.pk
        ),
        "columns": RememberedColumns.objects.create(team=team, key="1" * 64),
    }
