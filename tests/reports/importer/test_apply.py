"""A plan written to the database, and taken back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.checkin import recording
from projects.models import (
    Alias,
    Cycle,
    EntrySource,
    Incident,
    IncidentCount,
    Metric,
    Milestone,
    Objective,
    PlannedItem,
    ProgressChange,
    Project,
    Reading,
    StatusEntry,
    Team,
    WeekFacts,
)
from projects.weeks import WEEK as ONE_WEEK
from reports.importer.database.apply import apply_plan
from reports.importer.database.batch import ImportUndoRefused, undo
from reports.importer.database.known import load_known
from reports.importer.plan import make_plan
from reports.models import ImportBatch, Section, WeeklyPage
from tests.factories import make_team, make_user
from tests.reports.importer import pages
from tests.reports.importer.pages import WEEK, parsed

pytestmark = pytest.mark.django_db

OWNED = (
    Alias,
    Cycle,
    Incident,
    IncidentCount,
    Metric,
    Milestone,
    Objective,
    ProgressChange,
    Project,
    Reading,
    StatusEntry,
    PlannedItem,
    Section,
    WeeklyPage,
)


def run(team: Team, *texts: str, week: date = WEEK) -> ImportBatch | None:
    parsed_pages = [parsed(text, week + ONE_WEEK * index) for index, text in enumerate(texts)]
    return apply_plan(make_plan(parsed_pages, load_known(team, "calendar")), team)


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in OWNED}


def test_every_fact_on_the_page_becomes_a_row() -> None:
    team = make_team()
    run(team, pages.NOTION)
    assert Cycle.objects.get().name == "2024H1"
    assert [str(o) for o in Objective.objects.all()] == [
        "O1 业务服务",
        "O2 系统升级",
        "O4 支付 × AI",
    ]
    entry = StatusEntry.objects.get(project__name="农行存管")
    assert (entry.percent, entry.source, entry.health) == (85, EntrySource.IMPORTED, "")
    assert entry.objective is not None
    assert entry.objective.code == "O1"
    assert Reading.objects.filter(metric__project=None).count() == 2
    assert IncidentCount.objects.get(severity="C").count == Decimal("0.5")
    assert Incident.objects.filter(recovered_at__isnull=False).count() == 1
    assert [item.text for item in PlannedItem.objects.all()] == ["渠道甲开通", "密钥轮换收尾"]
    assert Project.objects.get(name="聚合收单").is_focus


def test_a_project_is_recognised_by_its_aliases_the_next_week() -> None:
    team = make_team()
    run(
        team,
        "# a\n## 【O1 业务】\n1. AI影像（DocAI）项目：一期上线\n",
        "# b\n## 【O1 业务】\n1. DocAI：二期启动\n",
    )
    project = Project.objects.get()
    assert project.entries.count() == 2
    assert {alias.key for alias in project.aliases.all()} == {"ai影像docai", "ai影像", "docai"}


def test_changes_of_percents_and_dates_are_in_the_ledger() -> None:
    team = make_team()
    run(
        team,
        "# a\n## 【O1 业务】\n1. 收银台：下单页预计6月25日上线，整体进度60%\n",
        "# b\n## 【O1 业务】\n1. 收银台：下单页预计7月9日上线，整体进度70%\n",
    )
    moves = ProgressChange.objects.exclude(old_due_on=None)
    assert [move.slip_days for move in moves] == [14]
    assert Milestone.objects.get().due_on == date(2024, 7, 9)
    assert [e.percent for e in StatusEntry.objects.order_by("week")] == [60, 70]


def test_an_old_page_does_not_bring_back_a_dropped_milestone() -> None:
    team = make_team()
    run(team, "# a\n## 【O1 业务】\n1. 收银台：下单页预计6月25日上线，整体进度60%\n")
    Milestone.objects.update(closed_at=timezone.now())
    run(
        team,
        "# b\n## 【O1 业务】\n1. 收银台：下单页预计7月9日上线，整体进度70%\n",
        week=WEEK + ONE_WEEK,
    )
    milestone = Milestone.objects.get()
    assert (milestone.due_on, milestone.is_dropped) == (date(2024, 7, 9), True)


def test_a_second_import_plans_nothing() -> None:
    team = make_team()
    assert run(team, pages.NOTION) is not None
    before = counts()
    assert run(team, pages.NOTION) is None
    assert counts() == before


def test_an_import_makes_its_pages_stale() -> None:
    team = make_team()
    run(team, pages.NOTION)
    assert WeekFacts.objects.get(team=team, week=WEEK).revision == 1


def test_an_entry_reported_here_is_kept_beside_the_imported_one() -> None:
    team = make_team()
    project = Project.objects.create(team=team, name="农行存管")
    Alias.objects.create(team=team, project=project, name="农行存管", key="农行存管")
    recording.record(project, WEEK, recording.CheckIn(text="自己写的", health="on_track"), by=None)
    run(team, pages.NOTION)
    entry = StatusEntry.objects.get(project=project)
    assert entry.text == "自己写的"
    assert [repeat["text"] for repeat in entry.repeats] == ["系统开发进度85%，依赖：专线进度"]


def test_earlier_and_later_pages_move_start_and_end_of_a_project() -> None:
    team = make_team()
    old, long_after = WEEK - 30 * ONE_WEEK, WEEK + ONE_WEEK
    older = parsed("# 周报\n## O1 业务\n1. 收银台：整体进度70%\n", old)
    silent = parsed("# 周报\n## O1 业务\n1. 网关：整体进度70%\n", WEEK)
    apply_plan(make_plan([older, silent], load_known(team, team.numbering)), team)
    project = Project.objects.get(name="收银台")
    assert (project.started_on, project.closed_on) == (old, old + timedelta(days=6))

    earlier = parsed("# 周报\n## O1 业务\n1. 收银台：整体进度60%\n", old - ONE_WEEK)
    again = parsed("# 周报\n## O1 业务\n1. 收银台：整体进度90%\n", long_after)
    batch = apply_plan(make_plan([earlier, again], load_known(team, team.numbering)), team)
    project.refresh_from_db()
    assert (project.started_on, project.closed_on) == (old - ONE_WEEK, None)

    assert batch is not None
    undo(batch)
    project.refresh_from_db()
    assert (project.started_on, project.closed_on) == (old, old + timedelta(days=6))


def test_undo_takes_everything_back() -> None:
    team = make_team()
    before = counts()
    batch = run(team, pages.NOTION, pages.PLAIN)
    assert batch is not None
    undo(batch)
    assert counts() == before
    batch.refresh_from_db()
    assert batch.undone_at is not None
    assert run(team, pages.NOTION, pages.PLAIN) is not None


def test_undo_restores_what_it_changed() -> None:
    team = make_team()
    first = "# a\n## 【O1 业务】\n1. 收银台：下单页预计6月25日上线\n"
    second = "# b\n## 【O1 业务】\n1. 收银台：下单页预计7月9日上线\n"
    run(team, first)
    batch = run(team, second, week=WEEK + ONE_WEEK)
    assert batch is not None
    undo(batch)
    assert Milestone.objects.get().due_on == date(2024, 6, 25)
    assert StatusEntry.objects.count() == 1


def test_undo_is_refused_when_later_rows_refer_to_the_import() -> None:
    team = make_team()
    batch = run(team, pages.NOTION)
    assert batch is not None
    project = Project.objects.get(name="农行存管")
    check_in = recording.CheckIn(text="继续", health="on_track")
    recording.record(project, WEEK + ONE_WEEK, check_in, by=None)
    before = counts()
    with pytest.raises(ImportUndoRefused) as refused:
        undo(batch)
    assert any("农行存管" in str(row) for row in refused.value.rows)
    assert counts() == before


def test_undo_is_refused_when_an_entry_was_edited() -> None:
    team = make_team()
    batch = run(team, pages.NOTION)
    assert batch is not None
    project = Project.objects.get(name="农行存管")
    recording.record(project, WEEK, recording.CheckIn(text="更正", health="on_track"), by=None)
    with pytest.raises(ImportUndoRefused):
        undo(batch)


def test_an_import_that_fails_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team()
    before = counts()
    monkeypatch.setattr(PlannedItem.objects, "bulk_create", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(team, pages.NOTION)
    assert counts() == before
    assert not ImportBatch.objects.exists()


def test_queries_do_not_grow_with_the_pages() -> None:
    team = make_team()
    run(team, "# a\n## 【O1 业务】\n1. 收银台：联调\n")
    used = []
    for first, size in ((WEEK + ONE_WEEK, 2), (WEEK + 10 * ONE_WEEK, 8)):
        texts = [
            f"# {index}\n## 【O1 业务】\n"
            + "".join(f"1. 第{size}批{n}号项：进度{index * 9 + 5}%\n" for n in range(size))
            for index in range(size)
        ]
        with CaptureQueriesContext(connection) as queries:
            run(team, *texts, week=first)
        used.append(len(queries))
    assert used[1] <= used[0] + 2, used  # the second reaches into the next half-year: a cycle more


def test_whoever_imports_manages_the_team_and_members_lead_what_the_pages_say() -> None:
    team = make_team()
    lead, root = make_user("zhao", "趙寧", team), make_user("root")
    page = parsed("# 2024-W25\n\n## 【O1 业务】\n\n- 日切提速（负责人：赵宁）：联调中\n")
    apply_plan(make_plan([page], load_known(team, "calendar")), team, by=root)
    assert team.memberships.get(user=root).role == "manager"
    assert Project.objects.get().lead == lead
