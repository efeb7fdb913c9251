from __future__ import annotations

from datetime import date
from decimal import Decimal
from html import escape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client, override_settings

from projects.models import LedgerField, Milestone, ProgressChange, StatusEntry
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_milestone, make_question

HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("now")


def address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/checkin/"


def typed(milestone: Milestone | None = None, **fields: Any) -> dict[str, Any]:
    """What a browser sends for a form whose milestone was left as it stood, but for ``fields``."""
    said = {"text": "联调完成", "health": "on_track", "revision": "0"}
    if milestone is not None:
        said |= {f"m{milestone.pk}-percent": "60", f"m{milestone.pk}-due_on": "2024-07-01"}
    return {**said, **fields}


def make_standing_milestone(personas: Personas) -> Milestone:
    return make_milestone(personas.project, percent=60, due_on=date(2024, 7, 1))


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("other_lead", 403)],
)
def test_who_may_not_report(personas: Personas, name: str, status: int, method: str) -> None:
    client = personas.client(name)
    url = address(personas)
    response = client.get(url) if method == "get" else client.post(url, typed())
    assert response.status_code == status
    assert not StatusEntry.objects.exists()
    if name == "anonymous":
        assert response["Location"] == f"/accounts/login/?next={address(personas)}"


@pytest.mark.parametrize("name", ["manager", "lead"])
def test_who_may(personas: Personas, name: str) -> None:
    client = personas.client(name)
    assert client.get(address(personas)).status_code == 200
    assert client.post(address(personas), typed()).status_code == 302
    assert StatusEntry.objects.get().author == getattr(personas, name)


def test_a_project_of_another_team_is_not_reached_through_mine(personas: Personas) -> None:
    url = f"/t/risk/projects/{personas.project.pk}/checkin/"
    assert personas.client("outsider").post(url, typed()).status_code == 404


def test_a_form_sent_without_its_token_changes_nothing(personas: Personas) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(personas.lead)
    response = client.post(address(personas), typed())
    assert response.status_code == 403
    assert (
        "nothing was saved" in response.content.decode() or "没有保存" in response.content.decode()
    )
    assert not StatusEntry.objects.exists()


def test_saving_writes_entry_milestone_and_ledger(personas: Personas) -> None:
    milestone = make_standing_milestone(personas)
    fields = {f"m{milestone.pk}-percent": "72.5", "percent": "70", "risks": "等专线"}
    response = personas.client("lead").post(address(personas), typed(milestone, **fields))
    assert response["Location"] == "/t/pay/checkin/"
    entry = StatusEntry.objects.get()
    assert (entry.week, entry.text, entry.percent) == (WEEK, "联调完成", Decimal(70))
    assert (entry.risks, entry.health) == ("等专线", "on_track")
    milestone.refresh_from_db()
    assert milestone.percent == Decimal("72.5")
    change = ProgressChange.objects.filter(field=LedgerField.PERCENT).last()
    assert change is not None
    assert (change.old_percent, change.new_percent) == (Decimal(60), Decimal("72.5"))
    assert change.by == personas.lead


@pytest.mark.parametrize("is_htmx", [False, True])
def test_who_came_to_mend_something_comes_back_to_it(personas: Personas, is_htmx: bool) -> None:
    client, back = personas.client("manager"), "/t/pay/weeks/2024-W25/draft/#review"
    here = f"{address(personas)}?{urlencode({'back': back})}"
    form = client.get(here).content.decode()
    assert f'action="{escape(here)}"' in form
    assert f'<a class="button" href="{back}">' in form
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{here}"}
    answer = client.post(here, typed(), headers=headers if is_htmx else {})
    assert answer["HX-Redirect" if is_htmx else "Location"] == back


def test_nobody_is_sent_to_another_site(personas: Personas) -> None:
    here = f"{address(personas)}?back=//evil.example/"
    answer = personas.client("lead").post(here, typed())
    assert answer["Location"] == "/t/pay/checkin/"


def test_for_htmx_the_saved_card_comes_back_with_the_count(personas: Personas) -> None:
    response = personas.client("lead").post(address(personas), typed(), headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 200
    assert "HX-Request" in response["Vary"]
    assert f'id="checkin_card_{personas.project.pk}"' in page
    assert 'id="checkin_progress"' in page
    assert ">Updated </span>1 / 1<" in page
    assert "<html" not in page
    assert "<textarea" not in page


def test_htmx_opens_the_form_as_a_card(personas: Personas) -> None:
    page = personas.client("lead").get(address(personas), headers=HTMX).content.decode()
    assert "<html" not in page
    assert "<textarea" in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_later_date_without_a_reason_is_asked_for_it(
    personas: Personas, headers: dict[str, str]
) -> None:
    milestone = make_standing_milestone(personas)
    fields = {f"m{milestone.pk}-due_on": "2024-07-31"}
    client = personas.client("lead")
    response = client.post(address(personas), typed(milestone, **fields), headers=headers)
    page = response.content.decode()
    assert response.status_code == 422
    assert "30 days later: why?" in page
    assert f'name="m{milestone.pk}-reason"' in page
    assert 'aria-invalid="true"' in page
    assert "联调完成" in page
    assert 'value="2024-07-31"' in page
    assert not StatusEntry.objects.exists()
    fields[f"m{milestone.pk}-reason"] = "专线晚到"
    assert client.post(address(personas), typed(milestone, **fields)).status_code == 302
    change = ProgressChange.objects.filter(field=LedgerField.DUE_ON).last()
    assert change is not None
    assert (change.reason, change.slip_days) == ("专线晚到", 30)


def test_a_lower_percent_without_a_reason_is_asked_for_it(personas: Personas) -> None:
    milestone = make_standing_milestone(personas)
    fields = {f"m{milestone.pk}-percent": "50"}
    response = personas.client("lead").post(address(personas), typed(milestone, **fields))
    assert response.status_code == 422
    assert "Less than before: why?" in response.content.decode()
    milestone.refresh_from_db()
    assert milestone.percent == 60


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"text": "长" * 10_001},
        {"percent": "101"},
        {"percent": "-1"},
        {"percent": "<script>alert(1)</script>"},
        {"health": "<script>"},
        {"new-percent": "40"},
        {"new-name": "二期", "new-due_on": "2024-02-30"},
        {"revision": "x"},
    ],
)
def test_wrong_input_is_marked_and_nothing_typed_is_lost(
    personas: Personas, fields: dict[str, str]
) -> None:
    milestone = make_standing_milestone(personas)
    said = typed(milestone, risks="等银联入网", **fields)
    response = personas.client("lead").post(address(personas), said)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'class="errorlist' in page
    assert "等银联入网" in page
    assert "<script>a" not in page
    assert not StatusEntry.objects.exists()


def test_what_looks_like_html_stays_text(personas: Personas) -> None:
    client = personas.client("lead")
    client.post(address(personas), typed(text="<script>alert(1)</script> 完成"))
    page = client.get(f"/t/pay/projects/{personas.project.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 完成" in page


def test_if_somebody_else_saved_meanwhile_both_texts_are_shown(personas: Personas) -> None:
    make_entry(personas.project, text="经理写的", author=personas.manager)
    client = personas.client("lead")
    response = client.post(address(personas), typed(text="我写的"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "经理写的" in page
    assert "我写的" in page
    assert 'name="revision" value="1"' in page
    assert StatusEntry.objects.get().text == "经理写的"
    client.post(address(personas), typed(text="我写的", revision="1"))
    assert StatusEntry.objects.get().text == "我写的"


def test_a_form_sent_twice_is_saved_once(personas: Personas) -> None:
    client = personas.client("lead")
    for _ in range(2):
        assert client.post(address(personas), typed()).status_code == 302
    assert StatusEntry.objects.get().revision == 1


def test_a_new_milestone_comes_with_the_entry(personas: Personas) -> None:
    fields: dict[str, Any] = {
        "new-name": "二期联调",
        "new-percent": "30",
        "new-due_on": "2024-08-31",
    }
    personas.client("lead").post(address(personas), typed(**fields))
    milestone = Milestone.objects.get()
    assert (milestone.name, milestone.percent) == ("二期联调", Decimal(30))
    assert milestone.due_on == date(2024, 8, 31)


def test_last_week_and_open_questions_stand_beside_the_form(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 6, 10), "上周写的话", 40)
    make_question(personas.project, personas.manager, "工行联调定在哪天？")
    page = personas.client("lead").get(address(personas)).content.decode()
    assert "上周写的话" in page
    assert "工行联调定在哪天？" in page


@override_settings(DEBUG=True)  # as under `make run`, where django-htmx would put one there
def test_no_error_page_takes_the_place_of_what_was_typed(personas: Personas) -> None:
    page = personas.client("lead").get(address(personas)).content.decode()
    assert "htmx-2.min.js" in page
    assert "django-htmx.js" not in page


def test_no_other_method(personas: Personas) -> None:
    assert personas.client("lead").delete(address(personas)).status_code == 405
