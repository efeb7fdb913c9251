"""A reviewed import is written in one go, says what came of it, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from projects.models import AuditRecord, Metric, Project, Role, StatusEntry, Team, User
from projects.operations import metrics
from projects.portfolio import border, leads, lifecycle
from projects.portfolio.lifecycle import WantedChange
from reports import tasks
from reports.importer.database.batch import ImportUndoRefused
from reports.importer.decisions import Decisions, PersonDecision
from reports.imports import applying, future, review
from reports.models import ImportBatch, ImportState, PageImport, Section, WeeklyPage
from reports.pages import editing, live, navigation
from reports.pages.editing import PageField, Words
from tests.conftest import Personas
from tests.factories import WEEK
from tests.reports.imports.pages import W25, W26, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def applied(page_import: PageImport, personas: Personas) -> PageImport:
    assert applying.request(page_import, by=personas.manager)
    tasks.apply_import(page_import.pk)
    page_import.refresh_from_db()
    return page_import


def decide(page_import: PageImport, personas: Personas, kind: str, decisions: Decisions) -> None:
    review.decide(page_import.doubts.get(kind=kind), decisions, by=personas.manager)


def test_pages_are_written_with_what_was_decided(personas: Personas) -> None:
    page_import = read(personas.team, personas.manager)
    decide(page_import, personas, "names", Decisions(same={"对账中台建设": "对账中台"}))
    applied(page_import, personas)
    assert page_import.state == ImportState.APPLIED
    assert page_import.batch is not None
    assert page_import.batch.applied_by == personas.manager
    project = Project.objects.get(name="对账中台")
    assert set(project.aliases.values_list("name", flat=True)) == {"对账中台", "对账中台建设"}
    outcome = applying.outcome_of(page_import.batch)
    assert (outcome.pages, outcome.projects, outcome.entries) == (2, 3, 5)
    assert AuditRecord.objects.get(action="import.apply").after == {"pages": 2, "projects": 3}


def test_it_is_applied_once(personas: Personas) -> None:
    page_import = applied(read(personas.team, personas.manager), personas)
    assert not applying.request(page_import, by=personas.manager)
    tasks.apply_import(page_import.pk)
    assert ImportBatch.objects.count() == 1


def test_pages_without_a_week_wait_for_one(personas: Personas) -> None:
    page_import = read(
        personas.team, personas.manager, w25_md=W25, notes_md="随手记\n\n- 对账中台：进度40%\n"
    )
    applied(page_import, personas)
    assert WeeklyPage.objects.filter(team=personas.team).exclude(title="").count() == 1


def test_nothing_new_goes_back_to_the_review_and_says_so(personas: Personas) -> None:
    applied(read(personas.team, personas.manager), personas)
    page_import = applied(read(personas.team, personas.manager), personas)
    assert (page_import.state, page_import.failure) == (ImportState.REVIEW, applying.NOTHING_NEW)


@pytest.mark.parametrize("words", ["随手记\n\n- 对账中台：进度40%\n", "x"])
def test_when_every_page_waits_for_a_week_it_says_so(personas: Personas, words: str) -> None:
    page_import = applied(read(personas.team, personas.manager, notes_md=words), personas)
    assert (page_import.state, page_import.failure) == (ImportState.REVIEW, applying.WEEKS_MISSING)
    left_out = Decisions(weeks={page_import.pages.get().key: None})
    decide(page_import, personas, "weeks", left_out)
    assert applied(page_import, personas).failure == applying.NOTHING_NEW


def test_an_error_leaves_everything_as_it_was(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    page_import = read(personas.team, personas.manager)

    def break_off(*_: object, **__: object) -> None:
        Project.objects.create(team=personas.team, name="halb")
        raise ZeroDivisionError

    monkeypatch.setattr(applying, "apply_plan", break_off)
    applied(page_import, personas)
    assert (page_import.state, page_import.failure) == (ImportState.REVIEW, applying.BROKEN)
    assert not Project.objects.filter(name="halb").exists()


def test_taken_back_it_can_be_reviewed_again(personas: Personas) -> None:
    page_import = applied(read(personas.team, personas.manager), personas)
    assert page_import.batch is not None
    applying.take_back(page_import.batch, by=personas.manager)
    page_import.refresh_from_db()
    assert (page_import.state, page_import.batch) == (ImportState.REVIEW, None)
    assert list(Project.objects.filter(team=personas.team)) == [personas.project]
    assert AuditRecord.objects.filter(action="import.undo").count() == 1
    assert applied(page_import, personas).state == ImportState.APPLIED


def _name_a_lead(project: Project, personas: Personas) -> None:
    wanted = WantedChange(project.pk, {"lead": None, "lead_name": "王五"})
    lifecycle.change_projects(personas.team, [wanted], by=personas.manager)


def _choose_a_member(project: Project, personas: Personas) -> None:
    wanted = WantedChange(project.pk, {"lead": personas.other_lead})
    lifecycle.change_projects(personas.team, [wanted], by=personas.manager)


def _leave_behind(project: Project, personas: Personas) -> None:
    Team.objects.filter(pk=personas.team.pk).update(starts_on=date(2024, 7, 1))
    border.close_as_history(personas.team, [project], by=personas.manager)


def _describe_a_metric(_: Project, personas: Personas) -> None:
    metric = Metric.objects.filter(team=personas.team).earliest("pk")
    metric.unit = "‰"
    metrics.save_metric(metric, by=personas.manager)


def _correct_a_number(_: Project, personas: Personas) -> None:
    metric = Metric.objects.filter(team=personas.team).earliest("pk")
    week = metric.readings.latest("week").week
    numbers = metrics.WeekNumbers({metric.pk: (Decimal("98.5"), "")})
    assert metrics.record_numbers(personas.team, week, numbers, by=personas.manager)


def _judge_a_finding(_: Project, personas: Personas) -> None:
    page = WeeklyPage.objects.filter(team=personas.team).exclude(title="")[:1].get()
    page.verdicts = {"key": {"note": "按计划推迟", "by": str(personas.manager), "at": ""}}
    page.save()


def _rewrite_words(_: Project, personas: Personas) -> None:
    section = Section.objects.filter(page__team=personas.team).earliest("pk")
    field = PageField.of_section(personas.team, section.page.week, section.pk)
    editing.save(field, Words("人工改过的一段话"), by=personas.manager)


@pytest.mark.parametrize(
    "change",
    [
        _name_a_lead,
        _choose_a_member,
        _leave_behind,
        _describe_a_metric,
        _correct_a_number,
        _judge_a_finding,
        _rewrite_words,
    ],
)
def test_what_a_person_changed_since_is_not_taken_back(
    change: Callable[[Project, Personas], None], personas: Personas
) -> None:
    noted = W26 + "\n## 杂项\n\n行政通知请留意邮箱。\n"
    page_import = applied(read(personas.team, personas.manager, w25_md=W25, w26_md=noted), personas)
    project = Project.objects.get(name="对账中台")
    change(project, personas)
    assert page_import.batch is not None
    with pytest.raises(ImportUndoRefused):
        applying.take_back(page_import.batch, by=personas.manager)
    assert Project.objects.filter(pk=project.pk).exists()


def test_what_a_person_changed_of_a_namesake_keeps_nothing_back(personas: Personas) -> None:
    page_import = applied(read(personas.team, personas.manager), personas)
    name = Metric.objects.filter(team=personas.team).latest("pk").name
    namesake = Metric(team=personas.team, project=personas.project, name=name, unit="%")
    metrics.save_metric(namesake, by=personas.manager)
    assert page_import.batch is not None
    applying.take_back(page_import.batch, by=personas.manager)
    assert list(Metric.objects.filter(name=name)) == [namesake]


def test_a_lead_who_joined_since_is_no_change_of_a_persons(personas: Personas) -> None:
    page_import = applied(read(personas.team, personas.manager), personas)
    User.objects.filter(pk=personas.other_lead.pk).update(name="周砚")
    assert leads.hand_over(personas.team, by=personas.manager)
    assert page_import.batch is not None
    applying.take_back(page_import.batch, by=personas.manager)
    assert list(Project.objects.filter(team=personas.team)) == [personas.project]


@pytest.mark.parametrize("is_reported", [False, True])
def test_weeks_that_were_taken_back_are_gone_unless_something_stands_in_them(
    is_reported: bool,
    personas: Personas,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    weeks_before = _known_weeks(personas.team)
    with django_capture_on_commit_callbacks(execute=True):
        old = {"w20_md": W25.replace("W25", "W20"), "w21_md": W26.replace("W26", "W21")}
        page_import = applied(read(personas.team, personas.manager, **old), personas)
    imported = _known_weeks(personas.team) - weeks_before
    assert len(imported) == 2
    live.compile_page(personas.team, min(imported))
    if is_reported:
        StatusEntry.objects.create(
            team=personas.team, project=personas.project, week=min(imported), text="接口联调"
        )
    assert page_import.batch is not None
    with django_capture_on_commit_callbacks(execute=True):
        applying.take_back(page_import.batch, by=personas.manager)
    still_there = {min(imported)} if is_reported else set()
    assert _known_weeks(personas.team) == weeks_before | still_there
    assert imported & set(WeeklyPage.objects.values_list("week", flat=True)) == still_there


def _known_weeks(team: Team) -> set[date]:
    return {row.week for _year, rows in navigation.weeks_by_year(team) for row in rows}


def test_what_was_decided_holds_for_the_next_import(personas: Personas) -> None:
    first = read(personas.team, personas.manager, w25_md=W25)
    doubt = first.doubts.get(kind="people")
    choice = Decisions(no_projects=("团建安排",), apart=(("对账中台", "对账中台建设"),))
    review.decide(doubt, choice, by=personas.manager)
    applied(first, personas)
    assert not Project.objects.filter(name="团建安排").exists()
    second = read(personas.team, personas.manager, w26_md=W26)
    assert not second.doubts.filter(kind="names").exists()


def test_a_person_who_is_a_member_leads_what_the_pages_say(personas: Personas) -> None:
    page_import = read(personas.team, personas.manager)
    decide(
        page_import,
        personas,
        "people",
        Decisions(people={"周砚": PersonDecision("member", "lead")}),
    )
    applied(page_import, personas)
    project = Project.objects.get(name="对账中台")
    assert (project.lead, project.lead_name) == (personas.lead, "周砚")


def test_the_start_and_what_goes_on_are_those_of_the_review(personas: Personas) -> None:
    page_import = read(personas.team, personas.manager)
    choice = Decisions(starts_on=date(2024, 7, 1), goes_on={"团建安排": False, "短信网关": True})
    decide(page_import, personas, "future", choice)
    applied(page_import, personas)
    assert Team.objects.get(pk=personas.team.pk).starts_on == date(2024, 7, 1)
    closed = dict(Project.objects.values_list("name", "closed_on"))
    assert closed["团建安排"] == date(2024, 6, 23)
    assert closed["短信网关"] is None


def test_without_a_decision_what_the_form_proposes_is_applied(personas: Personas) -> None:
    page_import = read(personas.team, personas.manager, w13_md=W25.replace("W25", "W13"))
    doubt = page_import.doubts.get(kind="future")
    assert all(row.goes_on for row in future.of_import(page_import, doubt).rows)
    # The team's page of the present opens by itself; nobody has reported on it.
    WeeklyPage.objects.create(team=personas.team, week=WEEK)
    proposed = future.of_import(page_import, doubt)
    assert {row.name for row in proposed.rows} == {"对账中台", "短信网关", "团建安排"}
    applied(page_import, personas)
    rows = Project.objects.filter(name__in=[row.name for row in proposed.rows])
    going = {project.name: project.closed_on is None for project in rows}
    assert going == {row.name: row.goes_on for row in proposed.rows}
    assert set(going.values()) == {True}
    starts_on = Team.objects.get(pk=personas.team.pk).starts_on
    assert starts_on is not None
    assert starts_on.isoformat() == proposed.starts_on
    assert Project.objects.owing(personas.team, WEEK).filter(name="短信网关").exists()


def test_a_superuser_who_imports_becomes_a_manager_of_the_team(personas: Personas) -> None:
    root = User.objects.create_superuser("root", password="x")
    page_import = read(personas.team, root)
    applying.request(page_import, by=root)
    tasks.apply_import(page_import.pk)
    assert root.memberships.get(team=personas.team).role == Role.MANAGER


def test_a_team_that_is_gone_is_no_error(personas: Personas) -> None:
    page_import = read(personas.team, personas.manager)
    applying.request(page_import, by=personas.manager)
    Team.objects.filter(pk=personas.team.pk).delete()
    tasks.apply_import(page_import.pk)
    tasks.read_import(page_import.pk)


def test_metrics_under_two_names_become_one_course(personas: Personas) -> None:
    page_import = read(personas.team, personas.manager)
    choice = Decisions(metrics={"到账成功率（日均）": "到账成功率"})
    decide(page_import, personas, "metrics", choice)
    applied(page_import, personas)
    metric = Metric.objects.get(team=personas.team)
    assert [str(reading.value) for reading in metric.readings.all()] == ["99.9100", "99.9300"]
    assert metric.aliases.get().name == "到账成功率（日均）"
    # The next import knows the name.
    third = W26.replace("2024-W26", "2024-W27")
    applied(read(personas.team, personas.manager, w27_md=third), personas)
    assert metric.readings.count() == 3
    assert page_import.batch is not None
