"""What a manager does from the dashboard, and where it arrives with the lead."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from projects import facts
from projects.checkin import ledger, recording
from projects.checkin.recording import CheckIn
from projects.models import EntrySource, Health, Incident, Project, Question, StatusEntry
from projects.weeks import WEEK as ONE_WEEK
from reports import tasks
from tests.e2e.chromium import PHONE
from tests.e2e.conftest import Hand, Site
from tests.e2e.looks import faults
from tests.factories import make_entry, make_incident, make_milestone, make_project, make_question

HOME = "/t/pay/"
BLOCK = "#dashboard_attention"


@pytest.fixture
def project(site: Site) -> Project:
    """Reported last week and not yet in this one; its lead has a mail address."""
    personas = site.personas
    personas.lead.email = "lead@example.com"
    personas.lead.save()
    week = personas.team.this_week()
    make_entry(personas.project, week - ONE_WEEK, "网关改造完成", 63, author=personas.lead)
    facts.announce(personas.team, [week - ONE_WEEK, week])
    return personas.project


class TestReminding:
    def test_from_the_button_to_no_change_in_two_interactions(
        self, site: Site, project: Project, hand: Callable[[Page], Hand]
    ) -> None:
        page = site.page("manager", HOME)
        page.click(f"#todo-silent-{project.pk} button")
        expect(page.locator(f"#todo-silent-{project.pk} .result")).to_be_focused()
        expect(page.locator("#todo-silent .item button")).to_have_count(0)
        tasks.send_reminders(site.personas.team.pk)

        lead = hand(site.page("lead", viewport=PHONE))
        lead.open(link_to(project))
        here = f"#checkin_card_{project.pk}"
        expect(lead.page.locator(here)).to_be_in_viewport()
        lead.click(f"{here} form.confirm button")
        expect(lead.page.locator(f"{here}.done")).to_be_visible()
        assert lead.interactions <= 2
        entry = StatusEntry.objects.get(project=project, week=project.team.this_week())
        assert entry.source == EntrySource.CONFIRMED

    def test_all_leads_are_reminded_and_the_page_says_when(
        self, site: Site, project: Project
    ) -> None:
        personas = site.personas
        personas.other_lead.email = "other@example.com"
        personas.other_lead.save()
        make_project(personas.team, "装修存管", lead=personas.lead)
        make_project(personas.team, "POS收单", lead=personas.other_lead)
        page = site.page("manager", HOME)
        page.click("#todo-silent .bulk button")
        page.get_by_role("button", name="发给 2 人").click()
        expect(page.locator(f"{BLOCK} [role=status]")).to_contain_text("已提醒 2 位")
        tasks.send_reminders(site.personas.team.pk)
        assert sorted(message.to[0] for message in mail.outbox) == [
            "lead@example.com",
            "other@example.com",
        ]

        page.reload()
        expect(page.locator("#todo-silent .result", has_text="已提醒")).to_have_count(3)
        expect(page.locator("#todo-silent form")).to_have_count(0)

    def test_without_javascript(self, site: Site, project: Project) -> None:
        page = site.page("manager", f"{HOME}?sort=project", java_script_enabled=False)
        page.click("#todo-silent .item button")
        expect(page.locator("main > [role=status]")).to_be_visible()
        assert page.url.endswith(f"?sort=project#todo-silent-{project.pk}")
        tasks.send_reminders(site.personas.team.pk)
        assert len(mail.outbox) == 1


def link_to(project: Project) -> str:
    """The link of the mail that was sent, without the host, which is another in the test."""
    (message,) = mail.outbox
    (address,) = re.findall(r"https://\S+", str(message.body))[:1]
    parts = urlsplit(address)
    assert parts.fragment == f"checkin_card_{project.pk}"
    return f"{parts.path}#{parts.fragment}"


class TestAsking:
    def test_from_a_row_to_the_answer_on_the_weekly_page(
        self, site: Site, project: Project
    ) -> None:
        page = site.page("manager", HOME)
        page.click("#projects_table a.ask-open")
        page.fill("#projects_table .ask-form textarea", "窗口定了吗？")
        page.click("#projects_table .ask-form button.primary")
        expect(page.locator("#projects_table .ask [role=status]")).to_contain_text("窗口定了吗？")
        expect(page.locator("#todo-questions")).to_contain_text("窗口定了吗？")

        lead = site.page("lead", f"{HOME}checkin/", viewport=PHONE)
        question = lead.locator(".question")
        expect(question).to_contain_text("窗口定了吗？")
        lead.fill("textarea[name=text]", "写到一半的话")
        question.locator("textarea, input[type=text]").fill("定在周三")
        question.locator("button").click()
        expect(question).to_contain_text("定在周三")
        expect(question.locator("button")).to_have_count(0)
        expect(lead.locator("textarea[name=text]")).to_have_value("写到一半的话")

        team = project.team
        page.goto(f"{HOME}weeks/{team.week_label(team.this_week())}/")
        expect(page.locator(".question.answered")).to_contain_text("定在周三")
        page.goto(HOME)
        expect(page.locator(BLOCK)).not_to_contain_text("窗口定了吗？")

    def test_an_empty_question_stays_in_the_form(self, site: Site, project: Project) -> None:
        page = site.page("manager", HOME)
        page.click("#projects_table a.ask-open")
        expect(page.locator(".ask-form textarea")).to_be_focused()
        page.click(".ask-form button.primary")
        expect(page.locator(".ask-form .errorlist")).to_be_visible()
        page.fill(".ask-form textarea", "窗口定了吗？")
        page.click(".ask-form button.primary")
        expect(page.locator("#projects_table .ask [role=status]")).to_be_visible()
        assert Question.objects.get().text == "窗口定了吗？"

    def test_cancel_brings_the_button_back(self, site: Site, project: Project) -> None:
        page = site.page("manager", HOME)
        page.click("#projects_table a.ask-open")
        page.click(".ask-form a")
        expect(page.locator("#projects_table a.ask-open")).to_be_visible()
        expect(page.locator(".ask-form")).to_have_count(0)

    def test_a_moved_date_is_asked_about_and_a_finding_is_checked(
        self, site: Site, project: Project
    ) -> None:
        week = project.team.this_week()
        milestone = make_milestone(
            project, "一期上线", 63, due_on=week + timedelta(days=10), week=week - ONE_WEEK
        )
        ledger.move_due_date(
            milestone, week + timedelta(days=40), "day", week=week, reason="专线晚到"
        )
        done = CheckIn(text="已上线", health=Health.ON_TRACK)
        recording.record(project, week, done, by=site.personas.lead)
        page = site.page("manager", HOME)
        moved = page.locator("#todo-moved .item")
        expect(moved).to_contain_text("专线晚到")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        # The question has begun already.
        expect(moved.locator("textarea")).not_to_have_value("")
        # Its answer may be swapped out at once by what the page asks for every ten seconds.
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            moved.locator("button.primary").click()
        assert Question.objects.count() == 1
        page.locator("#todo-findings .item", has_text="已上线").locator(".verb a").click()
        expect(page.locator("#review")).to_be_in_viewport()

    def test_a_question_is_withdrawn(self, site: Site, project: Project) -> None:
        make_question(project, site.personas.manager, "窗口定了吗？")
        Question.objects.update(week=project.team.this_week())
        page = site.page("manager", HOME)
        page.click("#todo-questions summary")
        page.click("#todo-questions .item button")
        expect(page.locator("#todo-questions [role=status]")).to_have_text("✓ 已撤回")
        expect(page.locator("#todo-questions .item form")).to_have_count(0)
        assert not Question.objects.exists()

    def test_without_javascript_it_comes_back_to_the_same_table(
        self, site: Site, project: Project
    ) -> None:
        page = site.page("manager", f"{HOME}?sort=project", java_script_enabled=False)
        page.click("#projects_table a.ask-open")
        page.fill("textarea[name=text]", "窗口定了吗？")
        page.click("main button.primary")
        assert page.url.endswith("?sort=project")
        expect(page.locator(BLOCK)).to_contain_text("窗口定了吗？")
        lead = site.page("lead", f"{HOME}checkin/", java_script_enabled=False)
        lead.fill("textarea[name=text]", "写到一半的话")
        lead.fill(".question textarea, .question input[type=text]", "定在周三")
        lead.click(".question button")
        expect(lead.locator("textarea[name=text]")).to_have_value("写到一半的话")
        assert Question.objects.get().answer == "定在周三"


class TestAllAtOnce:
    def test_moved_dates_are_noted_in_place_and_then_listed_no_more(
        self, site: Site, project: Project
    ) -> None:
        week = project.team.this_week()
        first = week + timedelta(days=10)
        milestone = make_milestone(project, percent=63, due_on=first, week=week - ONE_WEEK)
        later = week + timedelta(days=40)
        ledger.move_due_date(milestone, later, "day", week=week, reason="专线晚到")
        facts.announce(project.team, [week])
        page = site.page("manager", HOME)
        page.click("#todo-moved .bulk button")
        expect(page.locator("#todo-moved .result")).to_contain_text("已知晓")
        expect(page.locator(f"{BLOCK} .notice")).to_be_focused()
        expect(page.locator("#todo-moved .bulk")).to_have_count(0)
        assert not faults(page)
        page.reload()
        expect(page.locator(BLOCK)).to_be_visible()
        expect(page.locator("#todo-moved")).to_have_count(0)

    def test_answers_are_asked_for_again_after_a_confirmation(
        self, site: Site, project: Project
    ) -> None:
        team, other = project.team, site.personas.other_lead
        other.email = "other@example.com"
        other.save()
        for asked in (project, make_project(team, "装修存管", lead=other)):
            make_question(asked, site.personas.manager, "窗口定了吗？")
        Question.objects.update(week=team.this_week())
        facts.announce(team, [team.this_week()])
        page = site.page("manager", HOME)
        page.click("#todo-questions .bulk button")
        send = page.locator("#todo-questions .confirm button")
        expect(send).to_have_text("发给 2 人")
        expect(send).to_be_focused()
        assert not faults(page)
        page.keyboard.press("Enter")
        expect(page.locator("#todo-questions .result")).to_have_count(2)
        expect(page.locator("#todo-questions .bulk")).to_have_count(0)
        tasks.send_reminders(team.pk)
        assert {message.to[0] for message in mail.outbox} == {"lead@example.com", other.email}


class TestReviewing:
    @pytest.fixture
    def incident(self, project: Project) -> Incident:
        return make_incident(project.team, project.team.this_week())

    def fill_and_save(self, page: Page) -> None:
        page.fill(".told-form [name=cause]", "连接池打满")
        page.fill(".told-form [name=resolution]", "已扩容")
        page.click(".told-form button.primary")

    def test_incident_is_reviewed_in_place(self, site: Site, incident: Incident) -> None:
        page = site.page("manager", HOME, viewport=PHONE)
        page.click("#todo-incidents summary")
        page.click("#todo-incidents .review a")
        self.fill_and_save(page)
        expect(page.locator(f"{BLOCK} .review [role=status]")).to_be_visible()
        incident.refresh_from_db()
        assert incident.reviewed_by == site.personas.manager
        page.reload()
        expect(page.locator(f"{BLOCK} .review")).to_have_count(0)

    def test_without_javascript(self, site: Site, incident: Incident) -> None:
        page = site.page("manager", HOME, java_script_enabled=False)
        page.click("#todo-incidents summary")
        page.click("#todo-incidents .review a")
        self.fill_and_save(page)
        assert urlsplit(page.url).path == HOME
        expect(page.locator(f"{BLOCK} .review")).to_have_count(0)


class TestLive:
    """An open dashboard follows what leads save, by its own clock."""

    POLL = 11_000  # ms; longer than the page waits between two questions

    def opened(self, site: Site) -> Page:
        make_entry(
            make_project(site.personas.team, "装修存管", lead=site.personas.other_lead),
            site.personas.team.this_week(),
        )
        page = site.page("manager", is_changed=True)
        page.clock.install()
        page.goto(HOME)
        expect(page.locator("#dashboard_progress")).to_contain_text("1 / 2")
        return page

    def save_as_the_lead(self, site: Site, project: Project) -> None:
        lead = site.page("lead", f"{HOME}checkin/")
        lead.click(f"#checkin_card_{project.pk} form.confirm button")
        expect(lead.locator(f"#checkin_card_{project.pk}.done")).to_be_visible()

    def test_count_of_updates_follows_a_save(self, site: Site, project: Project) -> None:
        page = self.opened(site)
        expect(page.locator(BLOCK)).to_contain_text(project.name)
        page.evaluate("window.isSamePage = true")
        self.save_as_the_lead(site, project)
        page.clock.fast_forward(self.POLL)
        expect(page.locator("#dashboard_progress")).to_contain_text("2 / 2")
        expect(page.locator(BLOCK)).not_to_contain_text(project.name)
        assert page.evaluate("window.isSamePage")

    def test_an_open_form_is_left_alone(self, site: Site, project: Project) -> None:
        make_incident(project.team, project.team.this_week())
        page = self.opened(site)
        page.click("#todo-incidents summary")
        page.click("#todo-incidents .review a")
        field = page.locator(f"{BLOCK} .told-form textarea").first
        field.fill("写到一半")
        page.click("h1")  # the cursor is elsewhere, the form still open
        self.save_as_the_lead(site, project)
        page.clock.fast_forward(self.POLL)
        expect(page.locator("#dashboard_progress")).to_contain_text("2 / 2")
        expect(field).to_have_value("写到一半")
        page.click(f"{BLOCK} .told-form .row a")
        page.clock.fast_forward(self.POLL)
        expect(page.locator(BLOCK)).not_to_contain_text(project.name)
