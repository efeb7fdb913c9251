"""A team from nothing: founded, set up, its lead invited, the first week reported on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from projects.models import Membership, Role, Team, User
from projects.teams import invitations
from tests.e2e.conftest import Site
from tests.e2e.looks import violations
from tests.e2e.using import (
    ENGLISH,
    HOSTILE,
    PLAIN_PHONE,
    follow,
    marked,
    press,
    sign_in,
)
from tests.factories import make_cycle, make_project, make_team, make_user


def link_in_mail(address: str) -> str:
    (message,) = [sent for sent in mail.outbox if sent.to == [address]]
    match = re.search(r"https?://\S+/invitations/\S+", str(message.body))
    assert match
    return match[0]


def test_from_no_team_to_the_first_update_on_the_weekly_page(site: Site, settings: Any) -> None:
    settings.SITE_URL = site.address
    make_user("newcomer", "韩松")
    User.objects.filter(username="newcomer").update(email="han@example.com")
    page = site.page("anonymous", "/", **ENGLISH)
    sign_in(page, "newcomer")
    follow(page, "New team")
    page.get_by_label("Name").fill("清算产研")
    page.get_by_label("Address").fill("clearing")
    press(page, "Create the team")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up 清算产研")
    set_up(page)
    expect(page.get_by_text("Everything is there.")).to_be_visible()
    follow(page, "To the dashboard")
    expect(page.locator("main")).to_contain_text("日切提速")

    invitations.send_due(Team.objects.get(slug="clearing").pk)
    lead = site.page("anonymous", link_in_mail("zhao@example.com"), **PLAIN_PHONE, **ENGLISH)
    joins_and_reports(lead)

    page.reload()
    expect(page.get_by_role("row", name="日切提速")).to_contain_text("just now")
    follow(page, "See the draft")
    expect(page.locator("main")).to_contain_text("联调过半")


def test_a_refused_form_comes_back_with_the_cursor_in_what_is_wrong(site: Site) -> None:
    page = site.page("manager", "/teams/new/", **ENGLISH)
    page.get_by_label("Name").fill("清算产研")
    page.get_by_label("Address").fill("Clearing Team")
    press(page, "Create the team")
    expect(page.get_by_label("Address")).to_be_focused()


def set_up(page: Page) -> None:
    """Each step by the button that the list shows as the next one, and back to the list."""
    follow(page, "Add a cycle")
    press(page, "Create the cycle")
    follow(page, "Add an objective")
    page.get_by_label("Name").fill("结算更快")
    press(page, "Save")
    follow(page, "Add a key result")
    page.get_by_label("New metric").fill("日切耗时")
    page.get_by_label("Unit").fill("分钟")
    page.get_by_label("Baseline").fill("90")
    page.get_by_label("Target").fill("30")
    press(page, "Save")
    expect(page.get_by_role("region", name="Key results")).to_contain_text("日切耗时")
    follow(page, "Continue the set-up")
    follow(page, "Add projects")
    line = page.get_by_role("group", name="Project 1")
    line.get_by_label("Project").fill("日切提速")
    line.get_by_label("Objective").select_option(label="O1 结算更快")
    line.get_by_label("Lead").fill("赵宁")
    press(page, "Create")
    follow(page, "Invite members")
    page.get_by_label("People").fill("赵宁 zhao@example.com")
    press(page, "Invite")
    expect(page.locator("main")).to_contain_text("1 person is invited.")
    page.get_by_role("link", name="Set-up").click()
    press(page, "Keep this")
    press(page, "Send me a test mail")
    expect(page.locator("main")).to_contain_text("Sent to han@example.com.")


def joins_and_reports(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Join 清算产研")
    page.get_by_label("Username").fill("zhao")
    page.get_by_label("Password", exact=True).fill("a long way to go")
    page.get_by_label("Password confirmation").fill("a long way to go")
    press(page, "Join")
    expect(page.locator("main")).to_contain_text("日切提速")
    page.get_by_role("link", name="My updates").first.click()
    expect(page.locator(".checkin-card")).to_contain_text("日切提速")
    page.locator("textarea[name=text]").fill("联调过半")
    page.locator("button.primary", has_text="Save").first.click()
    expect(page.locator(".checkin-card.done").first).to_be_visible()


def test_a_new_cycle_takes_over_what_is_unfinished(site: Site) -> None:
    team = site.personas.team
    page = site.page("manager", "/t/pay/cycles/new/", **ENGLISH)
    press(page, "Create the cycle")
    first = team.cycles.get()
    page.goto(f"/t/pay/cycles/{first.pk}/objectives/new/")
    page.get_by_label("Name").fill("业务服务")
    press(page, "Save")
    page.goto(f"/t/pay/projects/{site.personas.project.pk}/settings/")
    page.get_by_label("Objective").select_option(label="O1 业务服务")
    press(page, "Save")
    page.goto("/t/pay/objectives/")
    follow(page, "New cycle")
    expect(page.get_by_role("checkbox", name="贝易转")).to_be_checked()
    assert violations(page) == []
    press(page, "Create the cycle")
    expect(page.locator("main")).to_contain_text("业务服务")
    site.personas.project.refresh_from_db()
    objective = site.personas.project.objective
    assert objective
    assert objective.carried_from
    assert objective.carried_from.cycle == first
    assert objective.cycle.starts_on > first.ends_on


class TestWrongInput:
    """It comes back marked, with all that was typed; and its page is easy to use, too."""

    @pytest.fixture
    def page(self, site: Site) -> Page:
        return site.page("manager", **ENGLISH)

    def test_a_cycle(self, site: Site, page: Page) -> None:
        make_cycle(site.personas.team)
        page.goto("/t/pay/cycles/new/")
        page.locator("[name=name]").fill("2024H1")
        page.locator("[name=starts_on]").fill("2024-07-01")
        page.locator("[name=ends_on]").fill("2024-06-01")
        press(page, "Create the cycle")
        marked(page, "ends_on", "2024-06-01")
        page.locator("[name=ends_on]").fill("2024-08-01")
        press(page, "Create the cycle")
        marked(page, "name", "2024H1")

    def test_account_of_an_invited_person(self, site: Site, page: Page, settings: Any) -> None:
        settings.SITE_URL = site.address
        guest = invitations.Guest("zhao@example.com", HOSTILE)
        invitations.invite(site.personas.team, [guest], Role.LEAD, by=site.personas.manager)
        invitations.send_due(site.personas.team.pk)
        message = mail.outbox[0]
        assert isinstance(message, mail.EmailMultiAlternatives)
        assert HOSTILE not in str(message.alternatives)
        page.context.clear_cookies(name="sessionid")
        page.goto(link_in_mail("zhao@example.com"))
        assert violations(page) == []
        page.get_by_label("Username").fill("lead")
        page.get_by_label("Password", exact=True).fill("a long way to go")
        page.get_by_label("Password confirmation").fill("a long way")
        press(page, "Join")
        marked(page, "username", "lead")
        assert page.locator("[name=name]").input_value() == HOSTILE
        assert Membership.objects.filter(team=site.personas.team).count() == 4


def test_a_hostile_name_is_only_a_name(site: Site) -> None:
    team = make_team("evil", HOSTILE)
    Membership.objects.create(team=team, user=site.personas.manager, role=Role.MANAGER)
    make_project(team, HOSTILE)
    page = site.page("manager", **ENGLISH)
    for path in ("", "setup/", "settings/", "members/", "projects/", "objectives/", "weeks/"):
        page.goto(f"/t/evil/{path}")
        expect(page.locator("header .brand")).to_have_text(HOSTILE)
        assert page.locator("main script").count() == 0
