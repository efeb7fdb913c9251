"""A week before the team's start: its page is read, and nothing on it is asked of anybody."""

from __future__ import annotations

from datetime import date

import pytest

from projects.models import Question, Team, WeekFacts
from projects.portfolio.border import close_as_history
from projects.weeks import WEEK as SEVEN_DAYS
from reports.models import Edition, ImportBatch
from reports.pages import live, publish
from reports.schedule.owed import owed_in
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_entry,
    make_milestone,
    make_page,
    make_project,
    make_question,
    make_section,
)
from tests.html import elements, text, texts

pytestmark = pytest.mark.usefixtures("now")
OLD = WEEK - 4 * SEVEN_DAYS
PAGE = "/t/pay/weeks/2024-W21/"


@pytest.fixture
def team(personas: Personas) -> Team:
    """It starts this week; an old page has one project at 98 % that says it is done."""
    team = personas.team
    team.starts_on = WEEK
    team.save()
    make_section(make_page(team, OLD))
    WeekFacts.objects.create(team=team, week=OLD)
    project = make_project(team, "旧网关", started_on=OLD)
    make_milestone(project, "下线", percent=60, due_on=OLD, week=OLD)
    make_entry(project, OLD, "已上线，全部切换完成", percent=60)
    make_project(team, "没有更新的", started_on=OLD)
    sources = [{"name": "周报/2024-W21.md", "week": OLD.isoformat(), "digest": "0"}]
    ImportBatch.objects.create(team=team, sources=sources)
    return team


@pytest.mark.parametrize("reader", ["manager", "lead", "viewer"])
def test_page_of_history_says_so_and_names_its_source(
    personas: Personas, team: Team, reader: str
) -> None:
    page = personas.client(reader).get(PAGE)
    assert text(page, "h1").startswith("Past weekly page 2024-W21")
    assert texts(page, ".edition-bar cite") == ["2024-W21.md"]
    assert texts(page, "article.entry h3") == ["旧网关"]
    assert "Imported weekly page" in texts(page, ".week-line .chip")
    assert not elements(page, "progress, .stale, .finding, #page_deliveries, #review, .ask-open")
    assert "target" not in texts(page, "th")
    assert "publish" not in text(page, "main").lower()
    notes = [note for note in texts(page, "article.entry p.small") if note.startswith("Note")]
    assert any("60%" in note for note in notes)


def test_notes_of_history_are_no_findings_in_markdown(personas: Personas, team: Team) -> None:
    markdown = personas.client("viewer").get(f"{PAGE}export.md").text
    assert "**Note** " in markdown
    assert "▲" not in markdown


def test_a_start_in_another_year_than_the_page_is_named_with_it(
    personas: Personas, team: Team
) -> None:
    Team.objects.filter(pk=team.pk).update(starts_on=date(2025, 1, 6))
    assert "2025" in text(personas.client("viewer").get(PAGE), ".edition-bar")


def test_page_of_the_present_looks_as_ever(personas: Personas, team: Team) -> None:
    page = personas.client("manager").get("/t/pay/weeks/2024-W25/")
    assert text(page, "h1").startswith("Weekly page 2024-W25")
    assert elements(page, ".week-line a[href$='/run/']")
    assert elements(page, "#review")
    # The project of history is known, and its milestone is past due.
    assert "没有更新的" in texts(page, "article.entry h3")


def test_nothing_of_history_is_published_judged_or_edited(personas: Personas, team: Team) -> None:
    client = personas.client("manager")
    assert client.get(f"{PAGE}publish/").status_code == 404
    assert client.post(f"{PAGE}publish/", {"expected": 0}).status_code == 404
    assert client.get(f"{PAGE}edit/reflection/").status_code == 404
    (finding, *_) = live.compile_page(team, OLD).findings
    sent = {"verdict": "accepted"}
    assert client.post(f"{PAGE}findings/{finding.key}/", sent).status_code == 404
    with pytest.raises(publish.NothingToPublish):
        publish.publish_week(team, OLD, publish.Publication(by=None))
    assert not Edition.objects.exists()


def test_week_that_was_published_before_it_became_history_keeps_its_edition(
    personas: Personas, team: Team
) -> None:
    Team.objects.update(starts_on=None)
    plain = Team.objects.get(pk=team.pk)
    publish.publish_week(plain, OLD, publish.Publication(by=None, mails=False))
    Team.objects.update(starts_on=WEEK)
    page = personas.client("manager").get(PAGE)
    assert text(page, "h1").startswith("Past weekly page")
    assert "Correct…" not in text(page, "main")
    assert "Edition 1" in text(page, ".week-line")


def test_dashboard_of_history_asks_for_nothing(personas: Personas, team: Team) -> None:
    page = personas.client("manager").get(f"{PAGE}dashboard/")
    assert "history" in texts(page, ".head .chip")
    assert not elements(page, "#dashboard_attention li, #dashboard_progress .parts, .ask-open")


def test_archive_marks_history(personas: Personas, team: Team) -> None:
    lines = texts(personas.client("viewer").get("/t/pay/weeks/"), ".archive li")
    assert [line for line in lines if "history" in line] == [
        line for line in lines if "2024-W21" in line
    ]


def test_left_behind_project_is_not_on_the_present_page(personas: Personas, team: Team) -> None:
    before = live.compile_page(team, OLD)
    projects = [p for p in team.projects.all() if p.started_on]
    close_as_history(team, projects, by=personas.manager)
    document = live.compile_page(team, WEEK)
    assert {entry.project for entry in document.entries} == {"贝易转"}
    assert live.compile_page(team, OLD).entries == before.entries


def test_check_in_before_the_start_says_when_it_begins(personas: Personas, team: Team) -> None:
    Team.objects.update(starts_on=WEEK + SEVEN_DAYS)
    page = personas.client("lead").get("/t/pay/checkin/")
    assert "The team starts on" in text(page, ".head .chip")
    assert not elements(page, "[data-waiting]")


def test_what_was_asked_before_the_start_moved_is_asked_of_nobody(
    personas: Personas, team: Team
) -> None:
    question = make_question(personas.project, personas.manager)
    make_entry(personas.project, WEEK)
    asked = personas.client("lead").get("/t/pay/checkin/")
    assert question.text in text(asked, "main")
    Question.objects.update(week=OLD)
    client = personas.client("lead")
    assert question.text not in text(client.get("/t/pay/checkin/"), "main")
    assert not live.compile_page(team, WEEK).entries[0].questions
    assert not owed_in(team, WEEK)
