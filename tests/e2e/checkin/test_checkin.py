"""The check-in as a lead uses it, in a real browser: on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, ViewportSize, expect

from projects.models import Draft, EntrySource, ProgressChange, Project, StatusEntry
from projects.weeks import WEEK as ONE_WEEK
from tests.e2e.chromium import PHONE, WIDE
from tests.e2e.conftest import Hand, Site
from tests.factories import make_entry, make_milestone, make_project

HOME = "/t/pay/checkin/"
both_sizes = pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])


@pytest.fixture
def project(site: Site) -> Project:
    """Reported last week at 63 %, with one open milestone; a second project waits behind it."""
    personas = site.personas
    week = personas.team.this_week()
    second = make_project(personas.team, "装修存管", lead=personas.lead)
    for chosen, percent in ((personas.project, 63), (second, 80)):
        make_milestone(
            chosen, percent=percent, due_on=week + timedelta(days=30), week=week - ONE_WEEK
        )
        make_entry(chosen, week - ONE_WEEK, "网关改造完成", percent, author=personas.lead)
    return personas.project


def card(page: Page, project: Project) -> str:
    return f"#checkin_card_{project.pk}"


def entry_of(project: Project) -> StatusEntry | None:
    return StatusEntry.objects.filter(project=project, week=project.team.this_week()).first()


@both_sizes
def test_no_change_takes_two_interactions_from_the_mail(
    site: Site, project: Project, hand: Callable[[Page], Hand], viewport: ViewportSize
) -> None:
    page = site.page("lead", viewport=viewport)
    lead = hand(page)
    lead.open(HOME)
    lead.click(f"{card(page, project)} form.confirm button")
    expect(page.locator(f"{card(page, project)}.done")).to_be_visible()
    assert lead.interactions <= 2
    entry = entry_of(project)
    assert entry is not None
    assert entry.source == EntrySource.CONFIRMED
    assert entry.text == "网关改造完成"
    expect(page.locator("#checkin_progress")).to_contain_text("1 / 2")


@both_sizes
def test_an_ordinary_update_takes_four_interactions(
    site: Site, project: Project, hand: Callable[[Page], Hand], viewport: ViewportSize
) -> None:
    page = site.page("lead", HOME, viewport=viewport)
    lead = hand(page)
    lead.click(f"{card(page, project)} textarea[name=text]")
    lead.type("收银台评审通过，整体进度72%")
    lead.click(f"{card(page, project)} .offers button")
    expect(page.locator(f"{card(page, project)} .offers")).to_have_count(0)
    lead.press("Control+Enter")
    expect(page.locator(f"{card(page, project)}.done")).to_be_visible()
    assert lead.interactions <= 4
    entry = entry_of(project)
    assert entry is not None
    assert entry.percent == 72
    assert entry.text == "收银台评审通过，整体进度72%"
    # On to the next, which waits.
    expect(page.locator("textarea[name=text]:focus")).to_be_visible()


def test_a_date_that_moves_later_asks_why_and_the_ledger_keeps_it(
    site: Site, project: Project
) -> None:
    page = site.page("lead", HOME)
    due = project.team.this_week() + timedelta(days=44)
    page.fill(f"{card(page, project)} textarea[name=text]", f"预计{due.month}月{due.day}日上线")
    page.click(f"{card(page, project)} .offers button")
    page.locator(f"{card(page, project)} .reason input").fill("专线晚到")
    page.click(f"{card(page, project)} button.primary")
    expect(page.locator(f"{card(page, project)}.done")).to_be_visible()
    moved = ProgressChange.objects.filter(new_due_on=due).get()
    assert moved.reason == "专线晚到"


def test_without_the_reason_it_is_not_saved_and_nothing_typed_is_lost(
    site: Site, project: Project
) -> None:
    page = site.page("lead", HOME)
    here = card(page, project)
    page.fill(f"{here} textarea[name=text]", "返工")
    page.fill(f"{here} .milestone input[inputmode]", "50")
    page.click(f"{here} button.primary")
    expect(page.locator(f"{here} .reason .errorlist")).to_be_visible()
    expect(page.locator(f"{here} textarea[name=text]")).to_have_value("返工")
    assert entry_of(project) is None


def test_what_contradicts_the_fields_is_said_before_saving(site: Site, project: Project) -> None:
    page = site.page("lead", HOME)
    page.fill(f"{card(page, project)} textarea[name=text]", "已上线")
    expect(page.locator(f"{card(page, project)} .against li").first).to_be_visible()
    assert entry_of(project) is None


def test_a_draft_survives_a_closed_tab(site: Site, project: Project) -> None:
    page = site.page("lead", HOME)
    page.fill(f"{card(page, project)} textarea[name=text]", "写到一半")
    expect(page.locator(f"{card(page, project)} .draft-state")).to_contain_text("草稿")
    page.context.close()
    again = site.page("lead", HOME)
    expect(again.locator(f"{card(again, project)} textarea[name=text]")).to_have_value("写到一半")


def test_a_discarded_draft_stays_away(site: Site, project: Project) -> None:
    page = site.page("lead", HOME)
    text = page.locator(f"{card(page, project)} textarea[name=text]")
    text.press_sequentially("写错了")
    expect(page.locator(f"{card(page, project)} .draft-state")).to_contain_text("草稿已保存")
    page.locator(f"{card(page, project)} .draft-state button").click()
    expect(text).to_have_value("")
    page.goto("about:blank")
    page.goto(HOME)
    expect(text).to_have_value("")
    # It can be taken up again, by the notice alone.
    assert not Draft.objects.filter(discarded_at=None).exists()


def test_a_save_waits_for_the_draft_before_it(site: Site, project: Project) -> None:
    page = site.page("lead", HOME, is_changed=True)
    here = card(page, project)
    drafts_sent: list[Route] = []

    def hold(route: Route) -> None:
        drafts_sent.append(route)

    page.route("**/draft/", hold)
    with page.expect_request("**/draft/"):
        page.fill(f"{here} textarea[name=text]", "联调完成")
    page.click(f"{here} .foot-row button.primary")
    expect(page.locator(f"{here} form.checkin[data-sending]")).to_have_count(0)
    assert entry_of(project) is None
    drafts_sent[0].continue_()
    expect(page.locator(f"{here}.done")).to_be_visible()
    expect(page.locator(f"{here} .draft")).to_have_count(0)
    assert not Draft.objects.exists()


def test_a_button_that_moves_away_while_it_is_pressed_sends(site: Site, project: Project) -> None:
    page = site.page("lead", HOME)
    form = page.locator(f"{card(page, project)} form.checkin")
    form.locator("textarea[name=text]").fill("返工")
    form.locator(".milestone input[inputmode]").first.fill("50")
    save = form.locator(".foot-row button.primary")
    save.hover()
    page.mouse.down()
    expect(form.locator(".reason")).to_be_visible()  # the rows above are one more
    page.mouse.up()
    expect(form.locator(".reason .errorlist")).to_be_visible()
    form.locator(".reason input, .reason textarea").fill("需求变了")
    save.hover()
    page.mouse.down()
    page.mouse.move(0, 0)  # pressed by mistake
    page.mouse.up()
    assert form.get_attribute("data-sending") is None
    save.focus()
    assert entry_of(project) is None
    page.keyboard.press("Enter")
    expect(page.locator(f"{card(page, project)}.done")).to_be_visible()


def test_a_draft_survives_a_dead_line(site: Site, project: Project) -> None:
    page = site.page("lead", HOME)
    here = card(page, project)
    page.context.set_offline(True)
    page.fill(f"{here} textarea[name=text]", "隧道里写的")
    expect(page.locator(f"{here} .draft-state.late")).to_be_visible()
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(f"{here} .draft-state.late")).to_have_count(0)
    assert Draft.objects.get(field="text").value == "隧道里写的"


def test_a_draft_survives_an_ended_session(site: Site, project: Project) -> None:
    page = site.page("lead", HOME)
    here = card(page, project)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.fill(f"{here} textarea[name=text]", "登录过期前写的")
    expect(page.locator(f"{here} .draft-state.late")).to_be_visible()
    page.context.add_cookies(cookies)  # type: ignore[arg-type]  # what it gave it also takes
    page.goto(HOME)
    expect(page.locator(f"{here} textarea[name=text]")).to_have_value("登录过期前写的")


def test_the_second_of_two_sees_both_texts_and_chooses(site: Site, project: Project) -> None:
    page, other = site.page("lead", HOME), site.page("manager", f"{HOME}?of=all")
    here = card(page, project)
    other.click(f"{here} .opens")
    other.fill(f"{here} textarea[name=text]", "经理写的")
    page.fill(f"{here} textarea[name=text]", "负责人写的")
    other.click(f"{here} button.primary")
    expect(other.locator(f"{here}.done")).to_be_visible()
    page.click(f"{here} .foot-row button.primary")
    expect(page.locator(f"{here} .theirs")).to_have_text("经理写的")
    expect(page.locator(f"{here} textarea[name=text]")).to_have_value("负责人写的")
    entry = entry_of(project)
    assert entry is not None
    assert entry.text == "经理写的"
    page.click(f"{here} .version button.primary")
    expect(page.locator(f"{here}.done")).to_be_visible()
    entry.refresh_from_db()
    assert entry.text == "负责人写的"


def test_a_double_click_saves_once(site: Site, project: Project) -> None:
    page = site.page("lead", HOME)
    here = card(page, project)
    page.fill(f"{here} textarea[name=text]", "提测")
    page.dblclick(f"{here} button.primary")
    expect(page.locator(f"{here}.done")).to_be_visible()
    entry = entry_of(project)
    assert entry is not None
    assert entry.revision == 1


def test_back_shows_what_was_saved(site: Site, project: Project) -> None:
    page = site.page("lead", HOME)
    here = card(page, project)
    page.fill(f"{here} textarea[name=text]", "提测")
    page.click(f"{here} button.primary")
    expect(page.locator(f"{here}.done")).to_be_visible()
    page.click(f"{here} h2 a")
    page.go_back()
    expect(page.locator(f"{here}.done")).to_be_visible()


def test_a_card_on_its_own_page_leads_on_to_the_others(site: Site, project: Project) -> None:
    page = site.page("lead", f"/t/pay/projects/{project.pk}/checkin/")
    page.fill("textarea[name=text]", "提测")
    page.click("button.primary")
    page.wait_for_url(f"**{HOME}")
    expect(page.locator(f"{card(page, project)}.done")).to_be_visible()
    page.click(f"{card(page, project)} .opens")
    expect(page.locator(f"{card(page, project)} .draft-state")).to_have_text("")


def test_keys_move_between_cards_and_confirm(site: Site, project: Project) -> None:
    page = site.page("lead", HOME)
    page.keyboard.press("j")
    expect(page.locator(".checkin-card:focus")).to_have_id(card(page, project)[1:])
    page.keyboard.press("j")
    expect(page.locator(".checkin-card:focus")).not_to_have_id(card(page, project)[1:])
    page.keyboard.press("k")
    page.keyboard.press("n")
    expect(page.locator(f"{card(page, project)}.done")).to_be_visible()
    assert entry_of(project) is not None


class TestWithoutJavaScript:
    @pytest.fixture
    def page(self, site: Site, project: Project) -> Page:
        return site.page("lead", HOME, java_script_enabled=False, viewport=PHONE)

    def test_an_update_with_a_number_taken_over(self, page: Page, project: Project) -> None:
        page.fill(f"{card(page, project)} textarea[name=text]", "整体进度72%")
        page.click(f"{card(page, project)} noscript button")
        page.click(".offers button")
        page.click("button.primary")
        entry = entry_of(project)
        assert entry is not None
        assert entry.percent == 72

    def test_a_missing_reason_is_asked_for(self, page: Page, project: Project) -> None:
        page.fill(f"{card(page, project)} textarea[name=text]", "返工")
        page.fill(f"{card(page, project)} .milestone input[inputmode]", "50")
        page.click(f"{card(page, project)} button.primary")
        page.fill(".reason input", "接口重做")
        page.click("button.primary")
        dropped = ProgressChange.objects.get(old_percent=63)
        assert (dropped.new_percent, dropped.reason) == (50, "接口重做")

    def test_milestones_are_added(self, page: Page, project: Project) -> None:
        page.click(f"{card(page, project)} .edit-milestones")
        page.fill("form [name=name] >> nth=-1", "二期联调")
        page.keyboard.press("Enter")
        expect(page.locator("body")).to_contain_text("二期联调")
        assert project.milestones.filter(name="二期联调").exists()
