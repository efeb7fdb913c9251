"""No page's number of queries grows with the projects of a team or the weeks of its history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.models import (
    Comment,
    CommentNotice,
    Cycle,
    Incident,
    KeyResult,
    Metric,
    Milestone,
    Project,
    Role,
    StatusEntry,
)
from projects.teams import invitations
from projects.teams.invitations import Guest
from projects.weeks import WEEK
from reports.digest import recipients, subscribers
from reports.models import ImportBatch
from reports.pages import live, publish
from tests.addresses import WHO, path_of, patterns
from tests.bench.history import Department, make_department
from tests.factories import make_channel, make_subscriber, recipient_of
from tests.reports.imports.pages import read as read_import

# (projects, weeks): a small team, more projects than a table shows at once, a year of history.
SIZES = [(20, 8), (34, 12)]


def past(department: Department) -> date:
    return department.week - 3 * WEEK


def history(department: Department) -> date:
    """A week before the team's start."""
    return department.week - 6 * WEEK


def values_of(department: Department) -> dict[str, object]:
    team = department.team

    def first(model: type[Model]) -> int:
        rows = model._default_manager.filter(team=team).order_by("pk")
        pk: int = rows.values_list("pk", flat=True)[0]
        return pk

    guests = [Guest("zhao@example.com")]
    (invitation,) = invitations.invite(team, guests, Role.LEAD, by=department.manager)
    subscriber = make_subscriber(team)
    return {
        "team": team.slug,
        "language": "en",
        "channel_id": make_channel(team).pk,
        "token": invitations.token_of(invitation),
        "reason": "expired",
        "address": "too.old",
        "subscription": recipients.token_of(recipient_of(subscriber)),
        "confirmation": subscribers.token_of(subscriber),
        "label": team.week_label(department.week),
        "number": 1,
        "ending": "md",
        "spreadsheet": "csv",
        "field": "reflection",
        "key": "0" * 16,
        "project_id": department.project.pk,
        "milestone_id": first(Milestone),
        "objective_id": KeyResult.objects.get(pk=first(KeyResult)).objective_id,
        "cycle_id": first(Cycle),
        "metric_id": first(Metric),
        "key_result_id": first(KeyResult),
        "incident_id": first(Incident),
        **import_of(department, len(Project.objects.filter(team=team))),
    }


def import_of(department: Department, pages: int) -> dict[str, object]:
    """An import to be reviewed, of as many pages as the department has projects."""
    page = "# 2023-W{week:02d}\n\n## 【O1 业务】\n\n1. 系统{number}：进度{number}%\n"
    files = {
        f"{number}_md": page.format(week=number % 50 + 1, number=number) for number in range(pages)
    }
    page_import = read_import(department.team, department.manager, **files)
    return {
        "import_id": page_import.pk,
        "page_id": page_import.pages.all()[0].pk,
        "doubt_id": page_import.doubts.all()[0].pk,
        "batch_id": ImportBatch.objects.create(team=department.team).pk,
    }


@contextmanager
def department_of(projects: int, weeks: int) -> Iterator[Department]:
    """A team of that size, gone again afterwards."""
    with transaction.atomic():
        department = make_department(projects, weeks)
        department.team.starts_on = department.week - 4 * WEEK
        department.team.save()
        comment_on_all(department)
        for week in (department.week, past(department), history(department)):
            live.compile_page(department.team, week)
        publish.publish_week(
            department.team, department.week, publish.Publication(by=department.manager)
        )
        cache.clear()
        yield department
        transaction.set_rollback(True)


def comment_on_all(department: Department) -> None:
    """Two comments under each entry, that each name somebody."""
    entries = StatusEntry.objects.filter(team=department.team)
    comments = Comment.objects.bulk_create(
        Comment(
            team=department.team,
            project_id=entry.project_id,
            week=entry.week,
            text="看一下",
            author=department.manager,
        )
        for entry in entries
        for _ in range(2)
    )
    CommentNotice.objects.bulk_create(
        CommentNotice(
            team=department.team, comment=comment, user=department.manager, is_mentioned=True
        )
        for comment in comments
    )


def queries_of_each_page(department: Department) -> dict[str, int]:
    client = Client()
    client.force_login(department.manager)
    values = values_of(department)
    counts = {}
    for pattern in patterns():
        if "manager" in WHO[pattern.name].reads:
            counts[pattern.name] = queries_of(client, path_of(pattern, values))
    for address in states_of_pages(department):
        # The row has another key at each size where the database counts on.
        name = address.replace(f"/{department.project.pk}/", "/PROJECT/")
        name = name.replace(f"open={department.project.pk}", "open=PROJECT")
        counts[name] = queries_of(client, address)
    return counts


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
        b"".join(response) if response.streaming else response.content
    assert response.status_code in (200, 204, 302, 410), address  # 410: an invitation that is over
    return len(asked)


def states_of_pages(department: Department) -> list[str]:
    """What an address can ask a page for besides, and its past; at each size the same."""
    team, this_week = department.team, department.team.week_label(department.week)
    home, then = f"/t/{team.slug}/", team.week_label(past(department))
    table = f"?objective=O1&health=at_risk&text=接口&sort=-change&size=200&against={then}"
    return [
        f"{home}checkin/?open={department.project.pk}",
        f"{home}checkin/?of=all&open={department.project.pk}",
        f"{home}{table}",
        f"{home}weeks/{then}/",
        f"{home}weeks/{then}/dashboard/",
        *(
            f"{home}weeks/{week}/dashboard/projects.{ending}{table if week == this_week else ''}"
            for week in (this_week, then)
            for ending in ("csv", "xlsx")
        ),
        f"{home}projects/?q=渠道1",
        f"{home}weeks/{team.week_label(history(department))}/",
        f"{home}projects/{department.project.pk}/?history=1",
    ]


@pytest.mark.django_db
def test_pages_ask_as_often_whatever_the_size() -> None:
    counts = []
    for projects, weeks in SIZES:
        with department_of(projects, weeks) as department:
            counts.append(queries_of_each_page(department))
    usual, *others = counts
    for (projects, weeks), other in zip(SIZES[1:], others, strict=True):
        grown = {name: (usual[name], other[name]) for name in usual if other[name] != usual[name]}
        assert not grown, f"{projects} projects, {weeks} weeks"
    assert usual["reports:dashboard"] <= 12  # where there are open questions
    # With everything that it can show, for a manager: the open form reads its text besides.
    assert usual["projects:checkin"] <= 14
    assert usual["/t/bench/checkin/?open=PROJECT"] <= 15
    assert usual["/t/bench/checkin/?of=all&open=PROJECT"] <= 15
