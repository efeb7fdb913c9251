"""The milestone editor: its page, its place in a check-in's card, and each of its buttons."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from projects.checkin import ledger, milestones, recording
from projects.models import Milestone
from projects.weeks import WEEK as ONE_WEEK
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_milestone, make_stage
from tests.html import element, elements, form_data, opened_json, row, text, texts

pytestmark = pytest.mark.usefixtures("now")


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


class TestAdd:
    def test_milestone_is_added_with_its_first_values(self, personas: Personas) -> None:
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
        milestone = Milestone.objects.get()
        assert (milestone.name, milestone.weight, milestone.stage) == ("二期 上线", 3, stage)
        assert (milestone.percent, milestone.due_on) == (Decimal("12.5"), date(2024, 7, 31))

    @pytest.mark.parametrize(
        ("sent", "words"),
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
        self, personas: Personas, sent: dict[str, str], words: str, headers: dict[str, str] | None
    ) -> None:
        make_milestone(personas.project)
        response = post(personas, "", "lead", headers, **sent)
        assert response.status_code == 422
        assert words in text(response, ".errorlist")
        assert elements(response, "[aria-invalid=true]")
        row = element(response, f"form:has([name=name]#milestone-new-{personas.project.pk}-name)")
        assert str(element(row, "[name=name]")["value"]).strip() == sent["name"].strip()
        assert Milestone.objects.count() == 1
        assert "HX-Trigger" not in response.headers


def why(milestone: Milestone, reason: str) -> dict[str, str]:
    """The reason of a drop as it is sent with the list."""
    return {f"milestone-{milestone.pk}-drop-reason": reason}


def typed(milestone: Milestone, **values: object) -> dict[str, object]:
    """What is sent of the milestone's row."""
    return {f"milestone-{milestone.pk}-{name}": value for name, value in values.items()}


class TestChange:
    def test_all_rows_are_saved_at_once(self, personas: Personas) -> None:
        first, second = (make_milestone(personas.project, name) for name in ("一期", "二期"))
        sent = typed(first, name="一期上线", weight="9", stage="") | typed(second, weight="2")
        assert post(personas, "rows/", **sent).status_code == 302
        saved = [(row.name, row.weight) for row in Milestone.objects.order_by("pk")]
        assert saved == [("一期上线", 9), ("二期", 2)]

    def test_change_of_somebody_else_is_shown_and_not_overwritten(self, personas: Personas) -> None:
        stages = [make_stage(personas.team, name, at) for at, name in enumerate(("研发", "联调"))]
        milestone = make_milestone(personas.project, "一期", percent=10)
        opened = typed(milestone, opened=opened_json(name="一期", weight="1", stage=""))
        theirs = typed(milestone, name="一期上线", weight="3", stage=stages[1].pk)
        post(personas, "rows/", **theirs)
        mine = opened | typed(milestone, name="一期投产", weight="1", stage="")

        refused = post(personas, "rows/", **mine)

        assert refused.status_code == 422
        assert row(refused, "Name", "table.differences") == {
            "Differs": "Name",
            "Yours": "一期投产",
            "Theirs": "一期上线",
        }
        again = form_data(refused, f"#milestone-rows-{personas.project.pk}")
        post(personas, "rows/", **again)
        milestone.refresh_from_db()
        saved = (milestone.name, milestone.weight, milestone.stage)
        assert saved == ("一期投产", 3, stages[1])  # of these this tab touched the name alone

    def test_name_of_another_milestone_is_refused_in_its_row(self, personas: Personas) -> None:
        make_milestone(personas.project, "一期")
        milestone = make_milestone(personas.project, "二期")
        response = post(personas, "rows/", **typed(milestone, name="一期", weight="7"))
        assert response.status_code == 422
        assert "has a milestone of this name already" in text(response, ".errorlist")
        assert element(response, f"#milestone-{milestone.pk}-weight")["value"] == "7"

    def test_row_that_was_closed_meanwhile_comes_back_with_what_is_wrong(
        self, personas: Personas
    ) -> None:
        milestone = make_milestone(personas.project, percent=30)
        milestones.close(milestone, "业务取消", by=None)
        response = post(personas, "rows/", **typed(milestone, name="二期", weight="0"))
        assert response.status_code == 422
        assert "A whole number from 1 to 99." in text(response, ".errorlist")
        post(personas, "rows/", **typed(milestone, name="二期", weight="2"))
        milestone.refresh_from_db()
        assert (milestone.name, milestone.weight) == ("二期", 2)

    def test_weights_by_which_the_percent_falls_ask_why_and_keep_what_was_typed(
        self, personas: Personas
    ) -> None:
        project = personas.project
        behind = make_milestone(project, "一期", percent=20)
        make_milestone(project, "二期", percent=80)
        make_entry(project, WEEK - ONE_WEEK, "联调", 50)
        recording.record(project, WEEK, recording.CheckIn("联调", "on_track"), by=None)
        sent = typed(behind, name="一期上线", weight="3")
        response = post(personas, "rows/", **sent)
        assert response.status_code == 422
        assert "falls from 50% to 35%" in text(response, ".drop-reason")
        assert element(response, f"#milestone-{behind.pk}-name")["value"] == "一期上线"
        sent |= {"list-drop_reason": "一期更重要"}
        assert post(personas, "rows/", **sent).status_code == 302

    @pytest.mark.parametrize("path", ["move/", "close/", "remove/"])
    def test_buttons_of_a_row_save_what_was_typed_in_the_others(
        self, personas: Personas, path: str
    ) -> None:
        first, second = (make_milestone(personas.project, name) for name in ("一期", "二期"))
        sent = typed(first, name="一期上线") | {"up": "2"} | why(second, "业务取消")
        page = personas.client("lead").get(address(personas))
        (form,) = elements(page, "form:has(> .editor-rows)")
        assert form.select(f'button[formaction$="{second.pk}/{path}"]')
        post(personas, f"{second.pk}/{path}", **sent)
        first.refresh_from_db()
        assert first.name == "一期上线"

    def test_reason_of_a_drop_stays_where_the_list_is_saved_or_refused(
        self, personas: Personas
    ) -> None:
        milestone = make_milestone(personas.project, "一期", percent=30)
        for name, status in (("二期", 422), ("", 422)):
            sent = typed(milestone, name=name) | why(milestone, "业务取消")
            response = post(personas, "rows/", **sent)
            reason = element(response, f"#milestone-{milestone.pk}-drop-reason")
            assert (response.status_code, reason["value"]) == (status, "业务取消")
            milestone.refresh_from_db()
            assert (milestone.name, milestone.is_dropped) == ("二期", False)


class TestMove:
    def test_up_and_down(self, personas: Personas) -> None:
        _, second = (make_milestone(personas.project, name) for name in ("甲", "乙"))
        post(personas, f"{second.pk}/move/", up="2")
        assert [milestone.name for milestone in Milestone.objects.all()] == ["乙", "甲"]
        post(personas, f"{second.pk}/move/", down="1")
        assert [milestone.name for milestone in Milestone.objects.all()] == ["甲", "乙"]


class TestCloseAndReopen:
    def test_milestone_is_dropped_with_a_reason_and_brought_back(self, personas: Personas) -> None:
        milestone = make_milestone(personas.project, percent=30)
        post(personas, f"{milestone.pk}/close/", **why(milestone, "业务取消"))
        milestone.refresh_from_db()
        assert milestone.is_dropped
        assert "dropped" in text(personas.client("lead").get(address(personas)), "main")
        post(personas, f"{milestone.pk}/reopen/")
        milestone.refresh_from_db()
        assert milestone.closed_at is None

    def test_the_reason_of_the_second_person_is_shown_again(self, personas: Personas) -> None:
        milestone = make_milestone(personas.project, percent=30)
        typed = [("close", "业务取消"), ("close", "业务取消"), ("close", "客户不要了")]
        typed += [("reopen", "又要了"), ("reopen", "弄错了")]
        client, notices = personas.client("lead"), []
        for verb, reason in typed:
            path = f"{address(personas)}{milestone.pk}/{verb}/"
            page = client.post(path, {"reason": reason} | why(milestone, reason), follow=True)
            notices.append(texts(page, "p.notice.warning"))
        assert notices == [
            *([], [], ["“一期上线” is closed already (业务取消). Not saved: 客户不要了"]),
            *([], ["“一期上线” is open already (又要了). Not saved: 弄错了"]),
        ]

    def test_milestone_is_not_dropped_without_a_reason(self, personas: Personas) -> None:
        milestone = make_milestone(personas.project, percent=30)
        response = post(personas, f"{milestone.pk}/close/", **why(milestone, " "))
        assert response.status_code == 422
        assert text(response, ".errorlist") == "Say in a line why it will not be done."

    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            ({"percent": "", "reason": "漏测"}, "How far is it now?"),
            ({"percent": "100", "reason": "漏测"}, "How far is it now?"),
            ({"percent": "90", "reason": ""}, "Please say why."),
        ],
    )
    def test_reopening_what_was_done_asks_how_far_it_is_and_why(
        self, personas: Personas, sent: dict[str, str], words: str
    ) -> None:
        milestone = make_milestone(personas.project, percent=100)
        response = post(personas, f"{milestone.pk}/reopen/", **sent)
        assert response.status_code == 422
        assert words in text(response, ".errorlist")
        post(personas, f"{milestone.pk}/reopen/", percent="90", reason="漏测")
        milestone.refresh_from_db()
        assert (milestone.percent, milestone.closed_at) == (90, None)


class TestRemove:
    def test_milestone_without_history_is_removed(self, personas: Personas) -> None:
        milestone = make_milestone(personas.project, percent=30)
        path = f"{milestone.pk}/remove/"
        page = personas.client("lead").get(address(personas))
        assert elements(page, f'button[formaction$="{path}"]')
        post(personas, path)
        assert not Milestone.objects.exists()

    def test_milestone_with_history_is_not_offered_for_removal_and_stays(
        self, personas: Personas
    ) -> None:
        milestone = make_milestone(personas.project, percent=30)
        ledger.change_percent(milestone, Decimal(40), week=WEEK)
        path = f"{milestone.pk}/remove/"
        client = personas.client("lead")
        assert path not in client.get(address(personas)).text
        page = client.post(address(personas) + path, follow=True)
        assert any("has a history by now" in words for words in texts(page, ".notice"))
        assert Milestone.objects.exists()


class TestInACard:
    def test_htmx_gets_the_editor_alone_and_the_card_is_told(self, personas: Personas) -> None:
        response = post(personas, "", "lead", IN_CARD, name="二期", weight="1")
        assert "<html" not in response.text
        assert elements(response, "[hx-post]")
        assert response["HX-Trigger"] == f'{{"milestones-changed-{personas.project.pk}": {{}}}}'

    def test_forms_of_the_page_are_plain(self, personas: Personas) -> None:
        make_milestone(personas.project)
        assert "hx-post" not in personas.client("lead").get(address(personas)).text

    def test_rows_of_the_check_in_keep_what_was_typed(self, personas: Personas) -> None:
        milestone = make_milestone(personas.project, "一期", percent=30)
        milestones.add(personas.project, "二期", percent=Decimal(5), by=None)
        rows = f"/t/pay/projects/{personas.project.pk}/checkin/milestones/"
        typed = {f"m{milestone.pk}-percent": "44", f"m{milestone.pk}-due_on": ""}
        client = personas.client("lead")
        page = client.get(rows, typed, headers=IN_CARD)
        shown = [str(field["value"]) for field in elements(page, "[name^=m][name$=-percent]")]
        assert shown == ["44", "5"]
        assert texts(page, ".milestone > .name:not(label)") == ["一期", "二期"]
        assert elements(page, "form") == []

    def test_card_offers_the_editor(self, personas: Personas) -> None:
        page = personas.client("lead").get("/t/pay/checkin/")
        assert element(page, ".edit-milestones")["href"] == address(personas)
        assert element(page, f"#milestone_editor_{personas.project.pk}")


def test_number_of_queries_does_not_grow(personas: Personas) -> None:
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
