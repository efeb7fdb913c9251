"""Milestones edited beside a check-in that is being filled in, and on their own page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Site
from tests.e2e.using import PLAIN_PHONE
from tests.factories import make_milestone

pytestmark = pytest.mark.django_db(transaction=True)


def test_typed_text_stays_while_milestones_are_edited(site: Site) -> None:
    project = site.personas.project
    first = make_milestone(project, "一期上线", percent=40)
    second = make_milestone(project, "二期", percent=10)
    page = site.page("lead", f"/t/pay/projects/{project.pk}/checkin/")
    page.fill("textarea[name=text]", "联调到一半")
    page.fill(f"[name=m{first.pk}-percent]", "55")
    page.click("a.edit-milestones")
    editor = page.locator(".milestone-editor")
    expect(editor.locator("summary").first).to_be_focused()

    expect(editor.locator("form.new")).to_have_count(0)  # there is one way to add, in the form
    name = editor.locator(f"[name=milestone-{second.pk}-name]")
    name.fill("二期上线")
    name.press("Enter")

    rows = page.locator(".milestones > .milestone > .name")
    expect(rows).to_have_text(["一期上线", "二期上线"])
    page.locator(f"#milestone-{second.pk}-up").press("Enter")
    expect(rows).to_have_text(["二期上线", "一期上线"])
    expect(page.locator(f"#milestone-{second.pk}-up")).to_be_focused()
    expect(page.locator("textarea[name=text]")).to_have_value("联调到一半")
    expect(page.locator(f"[name=m{first.pk}-percent]")).to_have_value("55")


def test_editor_is_a_page_of_its_own_without_javascript(site: Site) -> None:
    project = site.personas.project
    milestone = make_milestone(project, "海外版", percent=40)
    path = f"/t/pay/projects/{project.pk}/checkin/"
    page = site.page("lead", path, **PLAIN_PHONE)
    page.click("a.edit-milestones")
    editor = page.locator(".milestone-editor")
    editor.locator("li summary").click()
    editor.locator(".why button").click()
    expect(editor.locator(".why .errorlist")).to_be_visible()
    editor.locator(f"#milestone-{milestone.pk}-drop-reason").fill("业务取消")
    editor.locator(".why button").click()
    expect(editor.locator(".closed")).to_contain_text("海外版")
    milestone.refresh_from_db()
    assert milestone.is_dropped
