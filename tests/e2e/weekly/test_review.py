"""The manager's Friday on the live page, in a real browser: resolve, write, plan, two tabs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from projects import facts
from projects.models import Draft, PlannedItem, Project
from projects.weeks import WEEK as ONE_WEEK
from reports.models import Section, WeeklyPage
from tests.e2e.conftest import Site
from tests.e2e.looks import looks_well
from tests.e2e.using import ENGLISH, PLAIN_PHONE
from tests.factories import make_entry, make_milestone, make_project, make_question


@pytest.fixture
def path(site: Site) -> str:
    """Two findings are open, one project waits, and last week promised two things."""
    personas = site.personas
    team, week = personas.team, personas.team.this_week()
    second = make_project(team, "装修存管", lead=personas.lead)
    make_project(team, "实时数仓", lead=personas.lead)
    for project in (personas.project, second):
        make_milestone(project, "二期", percent=40, week=week - ONE_WEEK)
        make_entry(project, week, "全部上线", 100, author=personas.lead)
    make_question(personas.project, personas.manager)
    for text in ("路由灰度 29 城", "POS 联调"):
        PlannedItem.objects.create(team=team, week=week - ONE_WEEK, text=text)
    facts.announce(team, [week])
    return f"/t/{team.slug}/weeks/{team.week_label(week)}/draft/"


def editor(page: Page, field: str) -> str:
    return f"form#field_{field}"


def open_editor(page: Page, field: str) -> None:
    page.click(f"#open_{field}")
    expect(page.locator(f"{editor(page, field)} textarea")).to_be_focused()
    has_settled(page)


def has_settled(page: Page) -> None:
    """What htmx put into the page has its behaviour, some 20 ms after it is seen."""
    under_way = ".htmx-request, .htmx-swapping, .htmx-added, .htmx-settling"
    expect(page.locator(under_way)).to_have_count(0)


def page_row(site: Site) -> WeeklyPage:
    team = site.personas.team
    return WeeklyPage.objects.get(team=team, week=team.this_week())


def test_findings_are_resolved_in_place(site: Site, path: str) -> None:
    page = site.page("manager", path, **ENGLISH)
    count = page.locator("#review_count")
    rows = page.locator(".to-resolve > li:not(.is-judged)")
    before = rows.count()
    assert before >= 2
    expect(count).to_contain_text(f"{before} findings to resolve")
    looks_well(page)
    rows.first.get_by_role("button", name="Accept").click()
    expect(rows).to_have_count(before - 1)
    rows.first.get_by_text("Explain", exact=False).first.click()
    rows.first.locator("textarea").fill("二期另行立项")
    rows.first.get_by_role("button", name="Save the explanation").click()
    expect(rows).to_have_count(before - 2)
    expect(page.locator("#page_said")).to_have_text("Explained.")
    expect(page.locator(".entry .finding.judged").first).to_be_visible()
    assert len(page_row(site).verdicts) == 2
    page.locator(".is-judged").first.get_by_role("button", name="Open again").click()
    expect(rows).to_have_count(before - 1)
    looks_well(page)


def test_a_draft_survives_a_reload_and_is_saved_by_the_keyboard(site: Site, path: str) -> None:
    page = site.page("manager", path, **ENGLISH)
    open_editor(page, "reflection")
    page.keyboard.insert_text("本周验收**三件**事")
    form = page.locator(editor(page, "reflection"))
    expect(form.locator(".draft-state")).to_contain_text("Draft saved")
    expect(form.locator(".preview strong")).to_have_text("三件")
    looks_well(page)
    page.reload()
    expect(page.locator("#reflection .chip")).to_contain_text("not saved yet")
    open_editor(page, "reflection")
    expect(form.locator("textarea")).to_have_value("本周验收**三件**事")
    page.keyboard.press("Escape")
    # The cursor is where it was, and so is the draft.
    expect(page.locator("#open_reflection")).to_be_focused()
    page.keyboard.press("Enter")
    expect(form.locator("textarea")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#reflection strong")).to_have_text("三件")
    expect(page.locator("#page_said")).to_have_text("Saved.")
    section = Section.objects.get()
    expect(page.locator(f"#open_section-{section.pk}")).to_be_focused()
    assert not Draft.objects.exists()


def test_escape_keeps_what_was_just_typed(site: Site, path: str) -> None:
    page = site.page("manager", path, **ENGLISH)
    open_editor(page, "other")
    page.keyboard.insert_text("团建定在周五")
    page.keyboard.press("Escape")
    expect(page.locator("#open_other")).to_be_focused()
    assert Draft.objects.get().value == "团建定在周五"
    assert not Section.objects.exists()


def test_two_tabs_show_both_texts(site: Site, path: str) -> None:
    first = site.page("manager", path, **ENGLISH)
    second = first.context.new_page()
    second.goto(path)
    for page, text in ((first, "先写的话"), (second, "后写的话")):
        open_editor(page, "other")
        page.locator(f"{editor(page, 'other')} textarea").fill(text)
    first.keyboard.press("Control+Enter")
    expect(first.locator("#other")).to_contain_text("先写的话")
    expect(first.locator("#other form")).to_have_count(0)
    second.locator(f"{editor(second, 'other')} textarea").press("Control+Enter")
    form = second.locator(editor(second, "other"))
    expect(form.get_by_role("alert")).to_contain_text("Nothing is overwritten")
    expect(form.locator(".theirs")).to_have_text("先写的话")
    expect(form.locator("textarea")).to_have_value("后写的话")
    looks_well(second)
    assert Section.objects.get().body == "先写的话"
    form.locator("textarea").fill("先写的话\n后写的话")
    form.get_by_role("button", name="Save mine instead").click()
    expect(second.locator("#other form")).to_have_count(0)
    assert Section.objects.get().body == "先写的话\n后写的话"


def test_an_ended_session_keeps_the_words_in_the_field(site: Site, path: str) -> None:
    page = site.page("manager", path, **ENGLISH)
    open_editor(page, "other")
    page.context.clear_cookies(name="sessionid")
    page.keyboard.insert_text("还没存的话")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#signed-out")).to_be_visible()
    expect(page.locator(f"{editor(page, 'other')} textarea")).to_have_value("还没存的话")
    assert not Section.objects.exists()


def test_signed_in_again_in_another_tab_the_words_are_kept(site: Site, path: str) -> None:
    page = site.page("manager", path, **ENGLISH)
    open_editor(page, "other")
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.keyboard.insert_text("还没存的话")
    form = page.locator(editor(page, "other"))
    expect(form.locator(".draft-state")).to_contain_text("You are signed out")
    session = next(cookie for cookie in cookies if cookie["name"] == "sessionid")
    page.context.add_cookies(
        [{"name": "sessionid", "value": session["value"], "url": site.address}]
    )
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(form.locator(".draft-state")).to_contain_text("Draft saved")
    expect(page.locator("#signed-out")).to_be_hidden()
    assert Draft.objects.get().value == "还没存的话"


def test_next_weeks_plan_is_lines(site: Site, path: str) -> None:
    page = site.page("manager", path, **ENGLISH)
    open_editor(page, "plan")
    page.keyboard.insert_text("1. 装修存管提测\n2. 入金监控")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#plan ol li")).to_have_text(["入金监控", "装修存管提测"])
    # What was not done is carried on, into the plan, with one click.
    page.locator(".outcomes li").first.get_by_role("button", name="carried on").click()
    expect(page.locator("#plan ol li")).to_have_text(["入金监控", "装修存管提测", "路由灰度 29 城"])
    pressed = page.locator(".outcomes li").first.locator("[aria-pressed=true]")
    expect(pressed).to_have_text("carried on")
    expect(pressed).to_be_focused()
    note = page.locator(".outcomes li").nth(1).get_by_role("textbox")
    note.fill("等专线")
    note.press("Enter")
    expect(page.locator("#page_said")).to_contain_text("no outcome yet")
    assert PlannedItem.objects.get(text="POS 联调").outcome_note == "等专线"
    looks_well(page)


def test_own_sections_by_the_keyboard_alone(site: Site, path: str) -> None:
    page = site.page("manager", path, **ENGLISH)
    for heading in ("招聘", "培训"):
        page.focus("#open_new")
        page.keyboard.press("Enter")
        expect(page.locator("form#field_new input[name=heading]")).to_be_focused()
        has_settled(page)
        page.keyboard.insert_text(heading)
        page.keyboard.press("Control+Enter")
        expect(page.locator(f"#sheet h2:has-text('{heading}')")).to_be_visible()
        has_settled(page)
    own = page.locator("#sheet section[id^=own] h2")
    up = page.locator(f"#section_{Section.objects.get(heading='培训').pk}_up")
    up.focus()
    page.keyboard.press("Enter")
    expect(own).to_have_text(["培训", "招聘"])
    expect(up).to_be_focused()
    page.locator("details.confirm summary").first.click()
    page.locator("details.confirm[open]").get_by_role("button", name="Remove").click()
    expect(own).to_have_text(["招聘"])


def test_review_works_without_javascript(site: Site, path: str) -> None:
    page = site.page("manager", path, **PLAIN_PHONE, **ENGLISH)
    open_rows = page.locator(".to-resolve > li:not(.is-judged)")
    before = open_rows.count()
    open_rows.first.locator("button[value=accept]").click()
    expect(open_rows).to_have_count(before - 1)
    page.click("#open_reflection")
    page.fill("textarea[name=text]", "本周**验收**")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview strong")).to_have_text("验收")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#reflection strong")).to_have_text("验收")
    page.locator(".outcomes button[value=carried_on]").first.click()
    expect(page.locator("#plan ol li")).to_have_text(["路由灰度 29 城"])
    page.click("#open_plan")
    page.fill("textarea[name=text]", "路由灰度 29 城\n装修存管提测")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#plan ol li")).to_have_text(["路由灰度 29 城", "装修存管提测"])


def test_a_reminder_from_the_list(site: Site, path: str) -> None:
    lead = site.personas.lead
    lead.email = "lead@example.com"
    lead.save()
    page = site.page("manager", path, **ENGLISH)
    waiting = Project.objects.get(name="实时数仓")
    page.click(f"#remind_{waiting.pk}")
    expect(page.locator("#review")).to_contain_text("reminder on its way")
    expect(page).to_have_url(f"{site.address}{path}")
