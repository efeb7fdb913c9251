"""The milestone editor: its page, its place in a check-in's card, and each of its buttons."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from projects.checkin import ledger, milestones
from projects.models import AuditRecord, Milestone
from tests.conftest import Personas
from tests.factories import WEEK, make_milestone, make_project, make_stage
from tests.html import form_data, opened_json, row

pytestmark = pytest.mark.usefixtures("now")

REFUSED = [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("other_lead", 403)]


def address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/milestones/"


# How htmx asks.
IN_CARD = {"HX-Request": "true"}


def post(
    personas: Personas,
    path: str,
    who: str = "lead",
    headers: dict[str, str] | None = None,
    /,
    **data: object,
) -> HttpResponse:
    client = personas.client(who)
    response = client.post(address(personas) + path, data, headers=headers)
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.parametrize(("name", "status"), [*REFUSED, ("lead", 200), ("manager", 200)])
def test_who_may_edit(personas: Personas, name: str, status: int) -> None:
    assert personas.client(name).get(address(personas)).status_code == status


@pytest.mark.parametrize(("name", "status"), REFUSED)
@pytest.mark.parametrize("path", ["", "{}/", "{}/move/", "{}/close/", "{}/reopen/", "{}/remove/"])
def test_nobody_else_changes_anything(
    personas: Personas, path: str, name: str, status: int
) -> None:
    milestone = make_milestone(personas.project, percent=10)
    said = {"name": "改名", "weight": "2", "reason": "不做了", "steps": "1"}

    response = post(personas, path.format(milestone.pk), name, **said)

    assert response.status_code == status
    assert list(Milestone.objects.values_list("name", "closed_at")) == [("一期上线", None)]
    assert not AuditRecord.objects.exists()


@pytest.mark.parametrize("path", ["{}/", "{}/move/", "{}/close/", "{}/reopen/", "{}/remove/"])
def test_a_milestone_of_another_project_is_not_there(personas: Personas, path: str) -> None:
    other = make_milestone(make_project(personas.team, "POS"), percent=10)
    said = {"name": "改名", "weight": "2", "reason": "不做了"}
    assert post(personas, path.format(other.pk), "manager", **said).status_code == 404


class TestAdd:
    def test_adds_and_comes_back(self, personas: Personas) -> None:
        stage = make_stage(personas.team)
        response = post(
            personas,
            "",
            name="  二期 \n 上线",
            weight="3",
            stage=stage.pk,
            percent="12.5",
            due_on="2024-07-31",
        )
        assert (response.status_code, response["Location"]) == (302, address(personas))
        made = Milestone.objects.get()
        assert (made.name, made.weight, made.stage) == ("二期 上线", 3, stage)
        assert (made.percent, made.due_on) == (Decimal("12.5"), date(2024, 7, 31))

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"name": " ", "weight": "1"}, "This field is required."),
            ({"name": "一期上线", "weight": "1"}, "has a milestone of this name already"),
            ({"name": "二期", "weight": "0"}, "A whole number from 1 to 99."),
            ({"name": "二期", "weight": "1000000000000"}, "A whole number from 1 to 99."),
            ({"name": "二期", "weight": "x"}, "A whole number from 1 to 99."),
            ({"name": "长" * 121, "weight": "1"}, "at most 120 characters"),
            ({"name": "二期", "weight": "1", "percent": "101"}, "A number from 0 to 100"),
            ({"name": "二期", "weight": "1", "stage": "999"}, "Select a valid choice"),
        ],
    )
    @pytest.mark.parametrize("headers", [None, IN_CARD], ids=["page", "card"])
    def test_wrong_input_comes_back_marked(
        self, personas: Personas, said: dict[str, str], words: str, headers: dict[str, str] | None
    ) -> None:
        make_milestone(personas.project)
        response = post(personas, "", "lead", headers, **said)
        page = response.content.decode()
        assert response.status_code == 422
        assert words in page
        assert 'aria-invalid="true"' in page
        assert said["name"].strip() in page
        assert Milestone.objects.count() == 1
        assert "HX-Trigger" not in response.headers


class TestChange:
    def test_saves_the_row(self, personas: Personas) -> None:
        milestone = make_milestone(personas.project, "一期")
        post(personas, f"{milestone.pk}/", name="一期上线", weight="9", stage="")
        milestone.refresh_from_db()
        assert (milestone.name, milestone.weight) == ("一期上线", 9)

    def test_what_somebody_else_changed_meanwhile_is_shown(self, personas: Personas) -> None:
        stages = [make_stage(personas.team, name, at) for at, name in enumerate(("研发", "联调"))]
        milestone = make_milestone(personas.project, "一期", percent=10)
        opened = {"opened": opened_json(name="一期", weight="1", stage="")}
        post(personas, f"{milestone.pk}/", name="一期上线", weight="3", stage=stages[1].pk)
        mine = {**opened, "name": "一期投产", "weight": "1", "stage": ""}

        refused = post(personas, f"{milestone.pk}/", **mine)

        assert refused.status_code == 422
        assert row(refused, "Name", "table.differences") == {
            "Differs": "Name",
            "Yours": "一期投产",
            "Theirs": "一期上线",
        }
        again = form_data(refused, f"form:has(#milestone-{milestone.pk}-save)")
        post(personas, f"{milestone.pk}/", **again)
        milestone.refresh_from_db()
        told = (milestone.name, milestone.weight, milestone.stage)
        assert told == ("一期投产", 3, stages[1])  # of these this tab touched the name alone

    def test_another_s_name_comes_back_in_its_row(self, personas: Personas) -> None:
        make_milestone(personas.project, "一期")
        milestone = make_milestone(personas.project, "二期")
        response = post(personas, f"{milestone.pk}/", name="一期", weight="7")
        page = response.content.decode()
        assert response.status_code == 422
        assert page.count("has a milestone of this name already") == 1
        assert 'value="7"' in page


class TestMove:
    def test_up_and_down(self, personas: Personas) -> None:
        _, second = (make_milestone(personas.project, name) for name in ("甲", "乙"))
        post(personas, f"{second.pk}/move/", steps="-1")
        assert [one.name for one in Milestone.objects.all()] == ["乙", "甲"]
        post(personas, f"{second.pk}/move/", steps="1")
        assert [one.name for one in Milestone.objects.all()] == ["甲", "乙"]


class TestCloseAndReopen:
    def test_dropped_with_a_reason(self, personas: Personas) -> None:
        milestone = make_milestone(personas.project, percent=30)
        post(personas, f"{milestone.pk}/close/", reason="业务取消")
        milestone.refresh_from_db()
        assert milestone.is_dropped
        page = personas.client("lead").get(address(personas)).content.decode()
        assert "dropped" in page
        post(personas, f"{milestone.pk}/reopen/")
        milestone.refresh_from_db()
        assert milestone.closed_at is None

    def test_not_without_one(self, personas: Personas) -> None:
        milestone = make_milestone(personas.project, percent=30)
        response = post(personas, f"{milestone.pk}/close/", reason=" ")
        assert response.status_code == 422
        assert "Say in a line why it will not be done." in response.content.decode()

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"percent": "", "reason": "漏测"}, "How far is it now?"),
            ({"percent": "100", "reason": "漏测"}, "How far is it now?"),
            ({"percent": "90", "reason": ""}, "Please say why."),
        ],
    )
    def test_what_was_done_asks_how_far_and_why(
        self, personas: Personas, said: dict[str, str], words: str
    ) -> None:
        milestone = make_milestone(personas.project, percent=100)
        response = post(personas, f"{milestone.pk}/reopen/", **said)
        assert response.status_code == 422
        assert words in response.content.decode()
        post(personas, f"{milestone.pk}/reopen/", percent="90", reason="漏测")
        milestone.refresh_from_db()
        assert (milestone.percent, milestone.closed_at) == (90, None)


class TestRemove:
    def test_what_has_no_history(self, personas: Personas) -> None:
        milestone = make_milestone(personas.project, percent=30)
        path = f"{milestone.pk}/remove/"
        assert path in personas.client("lead").get(address(personas)).content.decode()
        post(personas, path)
        assert not Milestone.objects.exists()

    def test_what_has_one_is_not_offered_and_stays(self, personas: Personas) -> None:
        milestone = make_milestone(personas.project, percent=30)
        ledger.change_percent(milestone, Decimal(40), week=WEEK)
        path = f"{milestone.pk}/remove/"
        client = personas.client("lead")
        assert path not in client.get(address(personas)).content.decode()
        page = client.post(address(personas) + path, follow=True).content.decode()
        assert "has a history by now" in page
        assert Milestone.objects.exists()


class TestInACard:
    def test_the_editor_comes_alone_and_the_card_is_told(self, personas: Personas) -> None:
        response = post(personas, "", "lead", IN_CARD, name="二期", weight="1")
        page = response.content.decode()
        assert "<html" not in page
        assert "hx-post" in page
        assert response["HX-Trigger"] == f'{{"milestones-changed-{personas.project.pk}": {{}}}}'

    def test_the_page_s_forms_are_plain(self, personas: Personas) -> None:
        make_milestone(personas.project)
        page = personas.client("lead").get(address(personas)).content.decode()
        assert "hx-post" not in page

    def test_the_rows_of_the_form_keep_what_was_typed(self, personas: Personas) -> None:
        milestone = make_milestone(personas.project, "一期", percent=30)
        milestones.add(personas.project, "二期", percent=Decimal(5), by=None)
        rows = f"/t/pay/projects/{personas.project.pk}/checkin/milestones/"
        typed = {f"m{milestone.pk}-percent": "44", f"m{milestone.pk}-due_on": ""}
        client = personas.client("lead")
        page = client.get(rows, typed, headers={"HX-Request": "true"}).content.decode()
        assert 'value="44"' in page
        assert 'value="5"' in page
        assert "二期" in page
        assert "<form" not in page

    def test_the_card_offers_the_editor(self, personas: Personas) -> None:
        page = personas.client("lead").get("/t/pay/checkin/").content.decode()
        assert f'href="{address(personas)}"' in page
        assert f'id="milestone_editor_{personas.project.pk}"' in page


def test_a_fixed_number_of_queries(personas: Personas) -> None:
    client = personas.client("lead")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(address(personas))
        return len(captured)

    make_milestone(personas.project, "一期", percent=10)
    few = queries()
    for number in range(12):
        make_milestone(personas.project, f"里程碑{number}", percent=number * 10 % 110)
    assert queries() == few
