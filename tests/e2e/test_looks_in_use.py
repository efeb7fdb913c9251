"""Screens while they are used: menus and forms open, errors shown, two versions side by side."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from projects import facts
from projects.models import Project, Question
from projects.weeks import WEEK as ONE_WEEK
from tests.e2e.chromium import PHONE
from tests.e2e.conftest import Site
from tests.e2e.looks import faults, violations
from tests.factories import make_entry, make_incident, make_milestone, make_project, make_question

HOME = "/t/pay/"
CHECKIN = "/t/pay/checkin/"


@pytest.fixture
def project(site: Site) -> Project:
    """Two projects wait, one of them with a question; an incident has no review."""
    personas = site.personas
    team, week = personas.team, personas.team.this_week()
    personas.lead.email = "lead@example.com"
    personas.lead.save()
    for chosen in (personas.project, make_project(team, "装修存管", lead=personas.lead)):
        make_milestone(chosen, percent=63, due_on=week + 4 * ONE_WEEK, week=week - ONE_WEEK)
        make_entry(chosen, week - ONE_WEEK, "网关改造完成", 63, author=personas.lead)
    make_question(personas.project, personas.manager)
    Question.objects.update(week=week)
    make_incident(team, week)
    facts.announce(team, [week - ONE_WEEK, week])
    return personas.project


def unfold(page: Page) -> None:
    summary = page.locator("details.filters > summary")
    if summary.is_visible():
        summary.click()


def test_filter_and_menus_open(site: Site, project: Project) -> None:
    page = site.page("manager", HOME)
    unfold(page)
    page.click("details.filters details.menu > summary")
    assert not faults(page)
    page.keyboard.press("Escape")
    page.click("header details.menu > summary")
    assert not faults(page)


def test_nothing_found(site: Site, project: Project) -> None:
    page = site.page("viewer", HOME)
    unfold(page)
    page.locator("#filter-text").press_sequentially("没有这个")
    expect(page.locator("#projects_table .empty")).to_be_visible()
    assert not faults(page)


def test_a_question_and_a_review_with_errors(site: Site, project: Project) -> None:
    page = site.page("manager", HOME)
    page.locator("#projects_table a.ask-open").first.click()
    page.click(".ask-form button.primary")
    expect(page.locator(".ask-form .errorlist")).to_be_visible()
    page.click("#todo-incidents summary")
    page.click(".review a")
    page.click(".told-form button.primary")
    expect(page.locator(".told-form .errorlist").first).to_be_visible()
    assert not faults(page)


def test_confirmations_of_actions(site: Site, project: Project) -> None:
    page = site.page("manager", HOME)
    page.locator("#projects_table a.ask-open").first.click()
    page.fill(".ask-form textarea", "窗口定了吗？")
    page.click(".ask-form button.primary")
    expect(page.locator("#projects_table .ask [role=status]")).to_be_visible()
    page.click("#todo-silent .bulk button")
    expect(page.locator("#dashboard_attention .notice")).to_be_visible()
    assert not faults(page)


def test_a_question_on_the_weekly_page(site: Site, project: Project) -> None:
    label = project.team.week_label(project.team.this_week())
    page = site.page("manager", f"{HOME}weeks/{label}/")
    page.locator(".sheet a.ask-open").first.click()
    page.click(".ask-form button.primary")
    expect(page.locator(".ask-form .errorlist")).to_be_visible()
    assert not faults(page)


def test_offers_and_contradictions(site: Site, project: Project) -> None:
    page = site.page("lead", CHECKIN)
    page.locator("textarea[name=text]").first.fill("已上线，整体进度72%")
    expect(page.locator(".offers button").first).to_be_visible()
    expect(page.locator(".against li").first).to_be_visible()
    assert not faults(page)


def test_errors_in_the_check_in(site: Site, project: Project) -> None:
    page = site.page("lead", CHECKIN)
    card = page.locator(f"#checkin_card_{project.pk}")
    card.locator("textarea[name=text]").fill("返工")
    card.locator(".milestone input[inputmode]").first.fill("50")
    card.locator(".foot-row button.primary").click()
    expect(card.locator(".reason .errorlist")).to_be_visible()
    card.locator(".answer button").click()
    expect(card.locator(".question .errorlist")).to_be_visible()
    assert not faults(page)


def test_two_versions_side_by_side(site: Site, project: Project) -> None:
    page = site.page("lead", CHECKIN)
    card = page.locator(f"#checkin_card_{project.pk}")
    card.locator("textarea[name=text]").fill("负责人写的")
    make_entry(project, project.team.this_week(), "经理写的", 70, author=site.personas.manager)
    card.locator(".foot-row button.primary").click()
    expect(card.locator(".theirs")).to_be_visible()
    assert not faults(page)


def test_the_milestone_editor_beside_the_check_in(site: Site, project: Project) -> None:
    page = site.page("lead", CHECKIN)
    page.locator("a.edit-milestones").first.click()
    editor = page.locator(".milestone-editor")
    editor.locator("li summary").first.click()
    editor.locator(".why button").first.click()
    expect(editor.locator(".errorlist").first).to_be_visible()
    assert not faults(page)


def test_formulas_contents_and_further_tabs_open(site: Site, project: Project) -> None:
    page = site.page("lead", CHECKIN)
    page.locator(".formula-link").first.click()
    expect(page.locator(":popover-open")).to_be_visible()
    assert not faults(page)
    page.set_viewport_size(PHONE)
    page.goto(f"{HOME}weeks/{project.team.week_label(project.team.this_week())}/")
    page.click(".contents-folded summary")
    page.click(".more-tab")
    expect(page.locator(".more-tabs a").first).to_be_visible()
    assert not violations(page)
