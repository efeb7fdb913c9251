"""``import_weekly``: what it prints, what it writes, and how it fails."""

from __future__ import annotations

import json
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from projects.models import Project, Role, StatusEntry, Team
from reports.models import ImportBatch, WeeklyPage
from tests.factories import make_project, make_team, make_user
from tests.reports.importer import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def weekly(tmp_path: Path) -> Path:
    path = tmp_path / "2024-W25.md"
    path.write_text(pages.NOTION, encoding="utf-8")
    return path


def run(*args: object, **options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_weekly", *map(str, args), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_json_is_the_contract(weekly: Path) -> None:
    out, _ = run(weekly, "--json")
    (page,) = json.loads(out)
    assert page["source"] == weekly.as_posix()
    assert page["week"] == {"label": "2024-W25", "start": "2024-06-17", "warnings": []}
    assert page["objectives"][0] == {"code": "O1", "name": "业务服务", "line": 15}
    assert page["projects"][0] == {
        "name": "聚合收单",
        "objective": None,
        "focus": True,
        "line": 5,
    }
    assert {"project": "农行存管", "label": "系统开发进度", "percent": 85.0, "line": 17} in page[
        "progress"
    ]
    assert page["dates"][0] == {
        "project": "聚合收单",
        "text": "预计7月12日开通",
        "date": "2024-07-12",
        "precision": "day",
        "kind": "due",
        "line": 7,
    }
    assert page["incident_counts"] == {"AB": 0, "C": 0.5, "D": 1}
    assert page["incidents"][0]["occurred_at"] == "2024-06-18T09:12"
    assert page["incidents"][0]["recovered_at"] == "2024-06-18T09:40"
    assert [goal["text"] for goal in page["next_goals"]] == ["渠道甲开通", "密钥轮换收尾"]
    own = next(m for m in page["metrics"] if m["project"])
    assert own["project"] == "小贝"


def test_a_page_without_a_week_is_given_one(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("# 周报\n\n## 本周工作\n\n- 灯塔：进度40%\n", encoding="utf-8")
    with pytest.raises(CommandError, match="could not be read"):
        run(path)
    out, _ = run(path, "--week", "2024-06-19", "--json")
    assert json.loads(out)[0]["week"]["start"] == "2024-06-17"
    with pytest.raises(CommandError, match="is no week"):
        run(path, "--week", "soon")


def test_the_plan_says_what_was_left_unread(tmp_path: Path) -> None:
    path = tmp_path / "2024-W25.md"
    path.write_text("# 周报\n\n## 其他\n\n- 采购比价，完成80%\n", encoding="utf-8")
    out, _ = run(path)
    assert "  unread: 1 lines, 1 numbers, 0 dates\n    5: - 采购比价，完成80%" in out


def test_a_known_alias_begins_a_report_without_a_mark(tmp_path: Path) -> None:
    team = make_team(slug="team")
    make_project(team, name="AI影像数字化", aliases=("DocAI",))
    path = tmp_path / "2024-W25.md"
    path.write_text("# 周报\n\n## O1 提效\n\n1. DocAI旁路验证完成20%\n", encoding="utf-8")
    out, _ = run(path, "--json")
    (page,) = json.loads(out)
    assert [project["name"] for project in page["projects"]] == ["DocAI"]
    assert page["progress"][0]["percent"] == 20


def test_without_apply_nothing_changes(weekly: Path) -> None:
    out, _ = run(weekly)
    assert "+ 农行存管" in out
    assert not Team.objects.exists()
    assert not ImportBatch.objects.exists()


def test_apply_makes_the_team(weekly: Path) -> None:
    run(weekly, "--apply", "--team", "shouyin")
    team = Team.objects.get(slug="shouyin")
    assert team.stages.exists()
    assert WeeklyPage.objects.get(team=team).title == "2024-W25"


def test_apply_without_a_slug_makes_the_team_named_team(weekly: Path) -> None:
    run(weekly, "--apply")
    assert Team.objects.get().slug == "team"


def test_the_only_team_is_meant_when_none_is_named(weekly: Path) -> None:
    team = make_team(slug="pay")
    run(weekly, "--apply")
    assert WeeklyPage.objects.get().team == team


def test_several_teams_want_a_name(weekly: Path) -> None:
    make_team(slug="one")
    make_team(slug="two")
    with pytest.raises(CommandError, match="--team"):
        run(weekly, "--apply")


def test_applied_twice_imports_once(weekly: Path) -> None:
    run(weekly, "--apply")
    out, _ = run(weekly, "--apply")
    assert "Nothing new" in out
    assert ImportBatch.objects.count() == 1


def test_undo(weekly: Path) -> None:
    run(weekly, "--apply")
    out, _ = run(undo=ImportBatch.objects.get().pk)
    assert "undone" in out
    assert not Project.objects.exists()
    assert not StatusEntry.objects.exists()


def test_undo_of_no_import() -> None:
    with pytest.raises(CommandError, match="no import 99"):
        run(undo=99)


def test_an_unreadable_file_is_named_and_the_others_go_on(weekly: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.docx").write_bytes(b"no archive")
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 could not be read"):
        call_command("import_weekly", str(tmp_path), "--apply", stdout=out, stderr=err)
    assert "broken.docx" in err.getvalue()
    assert WeeklyPage.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "missing"),
    [("page.docx", "mammoth"), ("page.HTML", "bs4"), ("page.htm", "markdownify")],
)
def test_without_the_extra_import_a_file_names_it_and_the_others_go_on(
    weekly: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, missing: str
) -> None:
    for module in ("markup", "plain_html", "word"):
        monkeypatch.delitem(sys.modules, f"reports.importer.formats.{module}", raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    (tmp_path / name).write_text("<p>2024-W25</p>", encoding="utf-8")
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 could not be read"):
        call_command("import_weekly", str(tmp_path), "--apply", stdout=out, stderr=err)
    (line,) = err.getvalue().splitlines()
    kind = Path(name).suffix.lower()
    assert line.endswith(f"{name}: reading {kind} files needs the extra 'import'")
    assert WeeklyPage.objects.get().week == pages.WEEK


def test_a_path_that_is_not_there() -> None:
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError):
        call_command("import_weekly", "nowhere.md", "--json", stdout=out, stderr=err)
    assert "nowhere.md" in err.getvalue()
    assert json.loads(out.getvalue()) == []


def test_no_path_is_an_error() -> None:
    with pytest.raises(CommandError, match="Name at least one"):
        run()


def test_decisions_of_the_browser_hold(weekly: Path, tmp_path: Path) -> None:
    decisions = tmp_path / "decisions.json"
    decisions.write_text('{"same": {"农行存管": "存管平台"}}', encoding="utf-8")
    run(weekly, "--apply", "--decisions", decisions)
    project = Project.objects.get(name="存管平台")
    assert set(project.aliases.values_list("name", flat=True)) == {"存管平台", "农行存管"}


def test_a_file_without_decisions_is_refused(weekly: Path) -> None:
    with pytest.raises(CommandError, match="holds no decisions"):
        run(weekly, "--decisions", weekly)
    with pytest.raises(CommandError, match="No such file"):
        run(weekly, "--decisions", weekly.with_name("gone.json"))


def test_says_where_to_go_on_and_who_has_to(weekly: Path, settings: Any) -> None:
    settings.SITE_URL = "https://okr.example.com"
    out, _ = run(weekly, "--apply")
    assert "Next: open https://okr.example.com/t/team/setup/" in out
    assert "Nobody manages this team yet: sign in as a superuser" in out


def test_names_no_superuser_where_somebody_manages_the_team(weekly: Path) -> None:
    make_user("manager", team=make_team("team"), role=Role.MANAGER)
    out, _ = run(weekly, "--apply")
    assert "/t/team/setup/" in out
    assert "Nobody manages" not in out


def test_columns_are_named_once_and_remembered(tmp_path: Path) -> None:
    sheet, columns = tmp_path / "2024-W25.csv", tmp_path / "columns.json"
    sheet.write_text("干啥,搞定比例\n短信网关,0.65\n", encoding="utf-8")
    out, _ = run(sheet)
    assert "A1: no column names projects or key results (干啥, 搞定比例)" in out
    columns.write_text(json.dumps({"干啥": "name", "搞定比例": "progress"}), encoding="utf-8")
    run(sheet, "--columns", columns, "--apply")
    assert StatusEntry.objects.get().percent == 65
    sheet = sheet.rename(tmp_path / "2024-W26.csv")
    out, _ = run(sheet, "--json")
    assert json.loads(out)[0]["progress"][0]["percent"] == 65


@pytest.mark.parametrize("content", ["", "[]x", '{"干啥": "boss"}', "[5]"])
def test_a_file_that_names_no_columns_is_refused(weekly: Path, content: str) -> None:
    columns = weekly.with_name("columns.json")
    columns.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match="names no columns"):
        run(weekly, "--columns", columns)
