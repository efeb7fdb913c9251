from __future__ import annotations

import io
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from projects import facts
from projects.models import Language, StatusEntry, Team
from reports.models import FileKind
from reports.pages import editions, publish
from tests.factories import WEEK, make_entry, make_project, make_team
from tests.reports.render.test_spreadsheets import sheet_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def team() -> Team:
    team = make_team()
    make_entry(make_project(team, "农行存管"), text="联调", percent=85)
    return team


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("export_week", *arguments, stdout=out)
    return out.getvalue()


def test_markdown(team: Team) -> None:
    text = run("--format", "markdown", "2024-W25")
    assert text.startswith("# 周报 2024-W25\n")
    assert "1. 农行存管：联调\n" in text


def test_the_teams_language(team: Team) -> None:
    Team.objects.update(language=Language.ENGLISH)
    assert run("--format", "markdown", "2024-W25").startswith("# Weekly report 2024-W25\n")


def test_html(team: Team) -> None:
    text = run("--format", "html", "2024-06-20")
    assert text.startswith("<!doctype html>")
    assert "农行存管" in text


def test_json(team: Team) -> None:
    page = json.loads(run("--format", "json", "2024-W25"))
    assert (page["label"], page["team_slug"]) == ("2024-W25", "pay")


def test_workbook_has_a_row_a_project(team: Team, tmp_path: Path) -> None:
    facts.announce(team, [WEEK])
    publish.publish_week(team, WEEK, publish.Publication(by=None))
    StatusEntry.objects.update(percent=90)
    facts.announce(team, [WEEK])
    of_edition, of_draft = tmp_path / "edition.xlsx", tmp_path / "draft.xlsx"
    run("--format", "xlsx", "--output", str(of_edition), "2024-W25")
    run("--format", "xlsx", "--draft", "--output", str(of_draft), "2024-W25")

    (headings, edition), _sheet = sheet_of(of_edition.read_bytes())
    (_headings, draft), _sheet = sheet_of(of_draft.read_bytes())

    assert headings[1:7] == ["项目", "项目负责人", "状态", "阶段", "完成度 %", "上周 %"]
    assert (edition[1], edition[5], edition[11]) == ("农行存管", 85, "联调")
    assert draft[5] == 90


def test_a_file_is_utf_8_whatever_the_locale(team: Team, tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    assert run("--format", "markdown", "--output", str(path), "2024-W25") == ""
    assert "农行存管" in path.read_text(encoding="utf-8")


def test_standard_output_is_utf_8_whatever_the_locale(team: Team) -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    call_command("export_week", "--format", "markdown", "2024-W25", stdout=out)
    assert "农行存管" in raw.getvalue().decode("utf-8")


def test_a_failure_is_reported_in_one_line(team: Team, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nothing is known of 2020-W01 in 'pay'"):
        run("--format", "json", "2020-W01")
    missing = tmp_path / "nowhere" / "page.md"
    with pytest.raises(CommandError, match=r"Cannot write .*: No such file or directory\."):
        run("--format", "json", "--output", str(missing), "2024-W25")
    with pytest.raises(CommandError, match="invalid choice: 'docx'"):
        run("--format", "docx", "2024-W25")


def test_the_latest_edition_another_one_or_the_draft(team: Team) -> None:
    for text in ("第一", "第二", "第三"):
        team.projects.get().entries.update(text=text)
        facts.announce(team, [WEEK])
        if text != "第三":
            publish.publish_week(team, WEEK, publish.Publication(by=None))
    asked = ("--format", "markdown", "2024-W25")
    latest = editions.latest(team, WEEK)
    assert latest is not None
    assert run(*asked) == editions.file_of(latest, FileKind.MARKDOWN, team.language).decode()
    assert "农行存管：第一\n" in run("--edition", "1", *asked)
    assert "农行存管：第三\n" in run("--draft", *asked)
    with pytest.raises(CommandError, match="2024-W25 of 'pay' has no edition 7"):
        run("--edition", "7", *asked)
