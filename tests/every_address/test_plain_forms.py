"""Forms sent without JavaScript: what is wrong comes back, and no ended session loses its way."""

from __future__ import annotations

from typing import Final

import pytest
from django.conf import settings

from projects import facts
from projects.models import (
    EntrySource,
    Metric,
    Objective,
    Project,
    Question,
    Reading,
    StatusEntry,
    Team,
    User,
)
from projects.weeks import WEEK as ONE_WEEK
from reports.models import Reminder
from tests.conftest import Personas
from tests.factories import (
    PASSWORD,
    WEEK,
    make_cycle,
    make_entry,
    make_key_result,
    make_metric,
    make_milestone,
    make_objective,
    make_project,
    make_question,
    make_stage,
)
from tests.html import texts
from tests.plain import PlainBrowser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
LONG: Final = "长" * 10_000
HOSTILE: Final = "<script>alert(1)</script>"


def browser(personas: Personas, path: str, name: str = "manager") -> PlainBrowser:
    return PlainBrowser(personas.client(name), path)


@pytest.fixture
def objective_path(personas: Personas) -> str:
    """An objective with one key result, whose metric has no reading."""
    objective = make_objective(make_cycle(personas.team))
    make_key_result(objective, make_metric(personas.team, "占比"), 20, 60)
    return f"/t/pay/objectives/{objective.pk}/edit/"


def reading_field() -> str:
    return f"m{Metric.objects.get().pk}-value"


class TestWrongInput:
    """It comes back marked as wrong, with all that was typed, and nothing is saved."""

    @pytest.mark.parametrize("value", ["1" * 10_000, "0.00001", "many"])
    def test_reading(self, personas: Personas, objective_path: str, value: str) -> None:
        page, field = browser(personas, objective_path), reading_field()
        page.fill(field, value)
        page.press("Save readings")
        assert page.marked_as_wrong() == {field: value}
        assert texts(page.response, ".errorlist")
        assert not Reading.objects.exists()

    @pytest.mark.parametrize("name", ["", "   ", LONG])
    def test_name_of_an_objective(self, personas: Personas, objective_path: str, name: str) -> None:
        page = browser(personas, objective_path)
        page.fill("code", "O9")
        page.fill("name", name)
        page.press("Save")
        assert page.marked_as_wrong() == {"name": name}
        assert page.value("code") == "O9"

    @pytest.mark.parametrize("code", ["O2", "o2", "Ｏ2", "O-2"])
    def test_code_of_another_objective(
        self, personas: Personas, objective_path: str, code: str
    ) -> None:
        make_objective(personas.team.cycles.get(), "O2")
        page = browser(personas, objective_path)
        page.fill("code", code)
        page.press("Save")
        assert page.marked_as_wrong() == {"code": code}

    @pytest.mark.parametrize("name", ["", "   ", LONG])
    def test_name_of_a_team(self, personas: Personas, name: str) -> None:
        page = browser(personas, "/teams/new/")
        page.fill("name", name)
        page.fill("slug", "Clearing!")
        page.press("Create the team")
        assert page.marked_as_wrong() == {"name": name, "slug": "Clearing!"}

    @pytest.mark.parametrize("name", ["", LONG])
    def test_name_of_a_new_project(self, personas: Personas, name: str) -> None:
        page = browser(personas, "/t/pay/projects/new/")
        page.fill("p-0-name", name)
        page.fill("p-0-lead", "赵宁")
        page.press("Create")
        assert page.marked_as_wrong() == {"p-0-name": name}
        assert page.value("p-0-lead") == "赵宁"

    @pytest.mark.parametrize("name", ["", "  ", LONG, "——"])
    def test_name_of_a_project(self, personas: Personas, name: str) -> None:
        page = browser(personas, f"/t/pay/projects/{personas.project.pk}/settings/")
        page.fill("name", name)
        page.check("is_focus")
        page.press("Save")
        assert page.marked_as_wrong() == {"name": name}
        assert page.page.xpath("//input[@name='is_focus']")[0].checked

    @pytest.mark.parametrize("people", ["", "没有地址", "长" * 60_001, f"{HOSTILE} zhao@"])
    def test_people_to_invite(self, personas: Personas, people: str) -> None:
        page = browser(personas, "/t/pay/members/")
        page.fill("people", people)
        page.press("Invite")
        assert page.marked_as_wrong() == {"people": people}
        assert not page.page.xpath("//main//script")

    @pytest.mark.parametrize("percent", ["101", "-1", "many", "9" * 10_000])
    def test_percent_of_a_milestone(self, personas: Personas, percent: str) -> None:
        milestone = make_milestone(personas.project, percent=40)
        field = f"m{milestone.pk}-percent"
        page = browser(personas, f"/t/pay/projects/{personas.project.pk}/checkin/", "lead")
        page.fill("text", "提测")
        page.fill(field, percent)
        page.press("Save and next")
        assert page.marked_as_wrong() == {field: percent}
        assert page.value("text") == "提测"
        milestone.refresh_from_db()
        assert milestone.percent == 40


@pytest.mark.parametrize("value", ["0", "-1", "101"])
def test_a_figure_of_a_metric_has_no_bounds(
    personas: Personas, objective_path: str, value: str
) -> None:
    page, field = browser(personas, objective_path), reading_field()
    page.fill(field, value)
    page.press("Save readings")
    assert page.value(field) == value
    assert Reading.objects.get().value == int(value)


class TestFilter:
    """Each control of the dashboard's filter, and back to all rows."""

    GATEWAY, CUSTODY, OVERSEAS, POS = "贝易转网关", "装修存管", "海外收款", "POS 终端"

    @pytest.fixture
    def board(self, personas: Personas) -> PlainBrowser:
        team, lead, other = personas.team, personas.lead, personas.other_lead
        personas.project.delete()
        objective = make_objective(make_cycle(team))
        for name, of_objective, leader, health, text in (
            (self.GATEWAY, objective, lead, "on_track", "联调过半"),
            (self.CUSTODY, None, other, "off_track", "返工"),
            (self.OVERSEAS, objective, lead, None, ""),
            (self.POS, None, lead, "on_track", "提测"),
        ):
            project = make_project(team, name, of_objective, leader)
            if health:
                make_entry(project, text=text, health=health, author=leader)
        StatusEntry.objects.filter(project__name=self.GATEWAY).update(stage=make_stage(team))
        facts.announce(team, [WEEK])
        return browser(personas, "/t/pay/", "viewer")

    def rows(self, page: PlainBrowser) -> set[str]:
        return set(texts(page.response, "#projects_table td.col-project > a"))

    @pytest.mark.parametrize(
        ("name", "value", "rows"),
        [
            ("objective", "O1", {GATEWAY, OVERSEAS}),
            ("objective", "-", {CUSTODY, POS}),
            ("health", "off_track", {CUSTODY}),
            ("stage", "研发", {GATEWAY}),
            ("lead", "陈默", {CUSTODY}),
            ("text", "返工", {CUSTODY}),
        ],
    )
    def test_a_control_filters(
        self, board: PlainBrowser, name: str, value: str, rows: set[str]
    ) -> None:
        board.fill(name, value)
        board.press("Show")
        assert self.rows(board) == rows
        assert board.value(name) == value
        board.follow("Clear the filter")
        assert self.rows(board) == {self.GATEWAY, self.CUSTODY, self.OVERSEAS, self.POS}

    def test_only_what_is_not_updated(self, board: PlainBrowser) -> None:
        board.check("stale")
        board.press("Show")
        assert self.rows(board) == {self.OVERSEAS}


class TestEndedSession:
    """A form sent after the session ended has changed nothing, and loses nothing.

    What was typed stays on the page that answers; a form without words leads to the login and back.
    """

    def send_and_sign_in_again(self, page: PlainBrowser, button: str) -> None:
        path = page.path
        for name in ("name", "people", "reason", "text"):
            if page.page.xpath(f"//main//*[@name='{name}']"):
                page.fill(name, "清算")
        del page.client.cookies[settings.SESSION_COOKIE_NAME]
        page.press(button)
        if page.response.status_code == 401:
            assert "清算" in page.response.text
            return
        page.fill("username", "manager")
        page.fill("password", PASSWORD)
        page.press("Sign in")
        assert page.path == path
        assert "not saved" in " ".join(texts(page.response, "[role=status]"))

    @pytest.mark.parametrize(
        ("path", "button"),
        [
            ("/teams/new/", "Create the team"),
            ("/t/pay/cycles/new/", "Create the cycle"),
            ("/t/pay/projects/new/", "Create"),
            ("/t/pay/settings/", "Save"),
            ("/t/pay/members/", "Invite"),
            ("/t/pay/settings/stages/", "Add"),
        ],
    )
    def test_form_of_a_team(self, personas: Personas, path: str, button: str) -> None:
        self.send_and_sign_in_again(browser(personas, path), button)
        assert not Team.objects.filter(name="清算").exists()
        assert not personas.team.cycles.exists()
        assert not personas.team.stages.exists()
        assert Project.objects.count() == 1

    @pytest.mark.parametrize(
        ("rest", "button"),
        [
            ("settings/", "Save"),
            ("settings/", "Add"),
            ("settings/", "Move"),
            ("settings/", "Close the project"),
            ("checkin/", "Save and next"),
        ],
    )
    def test_form_of_a_project(self, personas: Personas, rest: str, button: str) -> None:
        project = personas.project
        page = browser(personas, f"/t/pay/projects/{project.pk}/{rest}")
        self.send_and_sign_in_again(page, button)
        project.refresh_from_db()
        assert (project.name, project.closed_on) == ("贝易转", None)
        assert not project.entries.exists()
        assert not project.aliases.exclude(name="贝易转").exists()

    @pytest.mark.parametrize(
        ("rest", "button"),
        [("edit/", "Save"), ("edit/", "Save readings"), ("key-results/new/", "Save")],
    )
    def test_form_of_an_objective(
        self, personas: Personas, objective_path: str, rest: str, button: str
    ) -> None:
        page = browser(personas, objective_path.removesuffix("edit/") + rest)
        self.send_and_sign_in_again(page, button)
        objective = Objective.objects.get()
        assert objective.name != "清算"
        assert objective.key_results.count() == 1
        assert not Reading.objects.exists()


class TestOneButton:
    """What is done by one button needs no script."""

    def test_no_change(self, personas: Personas) -> None:
        make_entry(personas.project, WEEK - ONE_WEEK, "联调", 63, author=personas.lead)
        page = browser(personas, "/t/pay/checkin/", "lead")
        page.press("No change 贝易转")
        assert personas.project.entries.get(week=WEEK).source == EntrySource.CONFIRMED

    def test_reminding_comes_back_to_the_same_table(self, personas: Personas) -> None:
        User.objects.filter(pk=personas.lead.pk).update(email="lead@example.com")
        page = browser(personas, "/t/pay/?sort=project")
        page.press("Remind")
        assert page.path == "/t/pay/?sort=project"
        assert Reminder.objects.count() == 1

    def test_a_question_is_withdrawn(self, personas: Personas) -> None:
        make_question(personas.project, personas.manager, "窗口定了吗？")
        page = browser(personas, "/t/pay/")
        page.press("Withdraw")
        assert "窗口定了吗？" in " ".join(texts(page.response, "[role=status]"))
        assert not Question.objects.exists()
