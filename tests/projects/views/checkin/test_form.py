"""The form of one project: saved, refused, compared, confirmed without change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from projects.checkin import drafts
from projects.models import LedgerField, Milestone, ProgressChange, StatusEntry
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_milestone, make_project, make_question
from tests.html import element, elements, text
from tests.tables import each_row

HTMX = {"HX-Request": "true"}
LAST_WEEK = date(2024, 6, 10)
pytestmark = pytest.mark.usefixtures("now")


def address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/checkin/"


def typed(milestone: Milestone | None = None, **fields: Any) -> dict[str, Any]:
    """What a browser sends for a form whose milestone was left as it stood, but for ``fields``."""
    sent = {"text": "联调完成", "health": "on_track", "revision": "0"}
    if milestone is not None:
        sent |= {f"m{milestone.pk}-percent": "60", f"m{milestone.pk}-due_on": "2024-07-01"}
    return {**sent, **fields}


def make_standing_milestone(personas: Personas) -> Milestone:
    return make_milestone(personas.project, percent=60, due_on=date(2024, 7, 1))


def test_login_leads_back_to_the_form(personas: Personas) -> None:
    response = personas.client("anonymous").get(address(personas))
    assert response["Location"] == f"/accounts/login/?next={address(personas)}"


@pytest.mark.parametrize("name", ["manager", "lead"])
def test_entry_has_its_author(personas: Personas, name: str) -> None:
    assert personas.client(name).post(address(personas), typed()).status_code == 302
    assert StatusEntry.objects.get().author == getattr(personas, name)


def test_form_without_its_csrf_token_saves_nothing(personas: Personas) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(personas.lead)
    response = client.post(address(personas), typed())
    assert response.status_code == 403
    assert any(words in text(response) for words in ("nothing was saved", "没有保存"))
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
def test_saving_leads_back_to_the_page_in_the_address(personas: Personas, is_htmx: bool) -> None:
    client, back = personas.client("manager"), "/t/pay/weeks/2024-W25/draft/#review"
    here = f"{address(personas)}?{urlencode({'back': back})}"
    page = client.get(here)
    assert element(page, "form.checkin")["action"] == here
    assert element(page, ".head a.button")["href"] == back
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{here}"}
    answer = client.post(here, typed(), headers=headers if is_htmx else {})
    assert answer["HX-Redirect" if is_htmx else "Location"] == back


def test_saving_never_leads_to_another_site(personas: Personas) -> None:
    here = f"{address(personas)}?back=//evil.example/"
    answer = personas.client("lead").post(here, typed())
    assert answer["Location"] == "/t/pay/checkin/"


def test_htmx_gets_the_saved_card_with_the_count(personas: Personas) -> None:
    response = personas.client("lead").post(address(personas), typed(), headers=HTMX)
    assert response.status_code == 200
    assert "HX-Request" in response["Vary"]
    assert element(response, ".checkin-card")["id"] == f"checkin_card_{personas.project.pk}"
    assert text(response, "#checkin_progress") == "Updated 1 / 1"
    assert "<html" not in response.text
    assert elements(response, "textarea") == []


def test_htmx_opens_the_form_as_a_card(personas: Personas) -> None:
    response = personas.client("lead").get(address(personas), headers=HTMX)
    assert "<html" not in response.text
    assert element(response, ".checkin-card form.checkin textarea[name=text]")


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_later_date_without_a_reason_is_refused_and_asks_for_it(
    personas: Personas, headers: dict[str, str]
) -> None:
    milestone = make_standing_milestone(personas)
    fields = {f"m{milestone.pk}-due_on": "2024-07-31"}
    client = personas.client("lead")
    response = client.post(address(personas), typed(milestone, **fields), headers=headers)
    assert response.status_code == 422
    assert text(response, ".reason label") == "30 days later: why?"
    assert element(response, "[aria-invalid=true]")["name"] == f"m{milestone.pk}-reason"
    assert text(response, "[name=text]") == "联调完成"
    assert element(response, f"[name=m{milestone.pk}-due_on]")["value"] == "2024-07-31"
    assert not StatusEntry.objects.exists()
    fields[f"m{milestone.pk}-reason"] = "专线晚到"
    assert client.post(address(personas), typed(milestone, **fields)).status_code == 302
    change = ProgressChange.objects.filter(field=LedgerField.DUE_ON).last()
    assert change is not None
    assert (change.reason, change.slip_days) == ("专线晚到", 30)


def test_lower_percent_without_a_reason_is_refused_and_asks_for_it(personas: Personas) -> None:
    milestone = make_standing_milestone(personas)
    fields = {f"m{milestone.pk}-percent": "50"}
    response = personas.client("lead").post(address(personas), typed(milestone, **fields))
    assert response.status_code == 422
    assert text(response, ".reason label") == "Less than before: why?"
    milestone.refresh_from_db()
    assert milestone.percent == 60


@each_row(
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
def test_wrong_input_is_marked_and_what_was_typed_is_kept(
    personas: Personas, fields: dict[str, str]
) -> None:
    milestone = make_standing_milestone(personas)
    sent = typed(milestone, risks="等银联入网", **fields)
    response = personas.client("lead").post(address(personas), sent)
    assert response.status_code == 422
    assert elements(response, ".errorlist")
    assert text(response, "[name=risks]") == "等银联入网"
    assert "<script>a" not in response.text
    assert not StatusEntry.objects.exists()


def test_html_in_the_text_stays_text(personas: Personas) -> None:
    client = personas.client("lead")
    client.post(address(personas), typed(text="<script>alert(1)</script> 完成"))
    page = client.get(f"/t/pay/projects/{personas.project.pk}/")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 完成" in page.text


def test_both_texts_are_shown_when_somebody_else_saved_meanwhile(personas: Personas) -> None:
    make_entry(personas.project, text="经理写的", author=personas.manager)
    client = personas.client("lead")
    response = client.post(address(personas), typed(text="我写的"))
    assert response.status_code == 422
    assert text(response, "p.theirs") == "经理写的"
    assert text(response, "[name=text]") == "我写的"
    assert element(response, "[name=revision]")["value"] == "1"
    assert StatusEntry.objects.get().text == "经理写的"
    client.post(address(personas), typed(text="我写的", revision="1"))
    assert StatusEntry.objects.get().text == "我写的"


def test_form_sent_twice_is_saved_once(personas: Personas) -> None:
    client = personas.client("lead")
    for _ in range(2):
        assert client.post(address(personas), typed()).status_code == 302
    assert StatusEntry.objects.get().revision == 1


def test_new_milestone_is_saved_with_the_entry(personas: Personas) -> None:
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
    page = personas.client("lead").get(address(personas))
    assert text(page, ".foot-row details .prose") == "上周写的话"
    assert "工行联调定在哪天？" in text(page, ".question p")


@override_settings(DEBUG=True)  # as under `make run`, where django-htmx would put one there
def test_debug_does_not_load_the_script_that_shows_error_pages(personas: Personas) -> None:
    page = personas.client("lead").get(address(personas))
    scripts = " ".join(str(tag["src"]) for tag in elements(page, "script[src]"))
    assert "htmx-2.min.js" in scripts
    assert "django-htmx.js" not in scripts


# --- confirmed without change -----------------------------------------------------------------


def confirm_address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/checkin/confirm/"


def this_week(personas: Personas) -> StatusEntry | None:
    return StatusEntry.objects.filter(project=personas.project, week=WEEK).first()


@pytest.mark.parametrize("name", ["manager", "lead"])
def test_confirming_saves_last_weeks_words_for_this_week(personas: Personas, name: str) -> None:
    make_entry(personas.project, LAST_WEEK, "路由灰度中", 63)
    response = personas.client(name).post(confirm_address(personas))
    assert response["Location"] == "/t/pay/checkin/"
    entry = this_week(personas)
    assert entry is not None
    assert (entry.text, entry.percent, entry.source) == ("路由灰度中", 63, "confirmed")
    assert entry.author == getattr(personas, name)


def test_manager_who_confirms_goes_back_to_the_page_of_the_whole_team(personas: Personas) -> None:
    make_entry(personas.project, LAST_WEEK)
    response = personas.client("manager").post(confirm_address(personas), {"of": "all"})
    assert response["Location"] == "/t/pay/checkin/?of=all"


def test_confirming_by_htmx_gets_the_folded_card_with_the_count(personas: Personas) -> None:
    make_entry(personas.project, LAST_WEEK)
    make_project(personas.team, "DocAI", lead=personas.lead)
    card = personas.client("lead").post(confirm_address(personas), headers=HTMX)
    assert element(card, ".checkin-row.done .mark")["aria-label"] == "Updated"
    assert text(card, ".said").endswith("· No change")
    assert text(card, "#checkin_progress") == "Updated 1 / 2"
    assert element(card, ".checkin-card[data-saved]:not([data-waiting])")
    assert elements(card, "textarea") == []


def test_confirming_leaves_an_entry_of_this_week_as_it_is(personas: Personas) -> None:
    make_entry(personas.project, LAST_WEEK, "上周的话")
    make_entry(personas.project, text="经理写的", author=personas.manager)
    for _ in range(2):
        assert personas.client("lead").post(confirm_address(personas)).status_code == 302
    entry = this_week(personas)
    assert entry is not None
    assert (entry.text, entry.author, entry.revision) == ("经理写的", personas.manager, 1)


def test_confirming_without_an_earlier_entry_opens_the_form(
    personas: Personas,
) -> None:
    response = personas.client("lead").post(confirm_address(personas), headers=HTMX)
    assert response.status_code == 422
    assert text(response, ".notice").startswith("There is no earlier update to confirm")
    assert element(response, "textarea[name=text]")
    assert this_week(personas) is None


def test_confirming_with_a_draft_opens_the_form_with_it(personas: Personas) -> None:
    make_entry(personas.project, LAST_WEEK)
    drafts.save(personas.lead, personas.project, WEEK, {"text": "打了一半"}, seen=0)
    response = personas.client("lead").post(confirm_address(personas), headers=HTMX)
    assert response.status_code == 422
    assert text(response, "[name=text]") == "打了一半"
    assert this_week(personas) is None
    manager = personas.client("manager")  # who has no draft
    assert manager.post(confirm_address(personas)).status_code == 302


def test_confirm_button_stands_only_where_there_is_something_to_confirm(personas: Personas) -> None:
    client = personas.client("lead")
    form = f'form[action="{confirm_address(personas)}"]'
    assert elements(client.get("/t/pay/checkin/"), form) == []
    make_entry(personas.project, LAST_WEEK)
    assert element(client.get("/t/pay/checkin/"), form)
    make_entry(personas.project)
    assert elements(client.get("/t/pay/checkin/"), form) == []


@pytest.mark.parametrize("size", [1, 12])
def test_number_of_queries_of_confirming_does_not_grow(personas: Personas, size: int) -> None:
    client = personas.client("lead")
    make_entry(personas.project, LAST_WEEK)
    for number in range(size):
        make_milestone(personas.project, f"里程碑{number}", percent=10)
        make_entry(make_project(personas.team, f"项目{number}", lead=personas.lead), LAST_WEEK)
    with CaptureQueriesContext(connection) as captured:
        assert client.post(confirm_address(personas), headers=HTMX).status_code == 200
    assert len(captured) <= 27
