"""Reading the text while it is typed, and taking over what it offers: neither saves anything."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Alias, Draft, LedgerField, Milestone, ProgressChange, StatusEntry
from tests.conftest import Personas
from tests.factories import make_entry, make_milestone

HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("now")


def address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/checkin/reading/"


def save_address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/checkin/"


@pytest.fixture
def link(personas: Personas) -> Milestone:
    return make_milestone(personas.project, "工行直联", 40, date(2024, 7, 24))


@pytest.fixture
def cashier(personas: Personas) -> Milestone:
    return make_milestone(personas.project, "收银台 2.0", 86, date(2024, 7, 23))


def typed(text: str, **fields: Any) -> dict[str, Any]:
    return {"text": text, "health": "on_track", "revision": "0", **fields}


def read(personas: Personas, text: str, **fields: Any) -> str:
    client = personas.client("lead")
    response = client.post(address(personas), typed(text, **fields), headers=HTMX)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("other_lead", 403)],
)
def test_who_may_not_report(personas: Personas, name: str, status: int) -> None:
    response = personas.client(name).post(address(personas), typed("进度72%", take="all"))
    assert response.status_code == status


@pytest.mark.parametrize("name", ["manager", "lead"])
def test_who_may(personas: Personas, name: str) -> None:
    assert personas.client(name).post(address(personas), typed("进度72%")).status_code == 200


def test_a_project_of_another_team_is_not_reached_through_mine(personas: Personas) -> None:
    url = f"/t/risk/projects/{personas.project.pk}/checkin/reading/"
    assert personas.client("outsider").post(url, typed("进度72%")).status_code == 404


def test_it_is_asked_by_post_alone(personas: Personas) -> None:
    assert personas.client("lead").get(address(personas)).status_code == 405


def test_what_is_found_stands_beside_what_the_fields_have(
    personas: Personas, link: Milestone, cashier: Milestone
) -> None:
    page = read(personas, "评审通过，整体进度72%\n工行直联预计7月31日上线")
    assert "<html" not in page
    assert "Overall progress 63% → <strong>72%</strong>" in page
    assert "工行直联 Due <s>Jul 24</s> → <strong>Jul 31</strong>" in page
    assert "7 days later, which wants a reason" in page
    assert 'value="|percent|72"' in page
    assert f'value="m{link.pk}|due_on|2024-07-31|day"' in page
    assert 'value="all"' in page


def test_reading_changes_nothing(personas: Personas, link: Milestone) -> None:
    before = ProgressChange.objects.count()
    read(personas, "进度80%，预计8月2日上线", take="all")
    link.refresh_from_db()
    assert (link.percent, link.due_on) == (40, date(2024, 7, 24))
    assert ProgressChange.objects.count() == before
    assert not StatusEntry.objects.exists()
    assert not Draft.objects.exists()


def test_an_alias_of_the_project_is_the_project(personas: Personas, link: Milestone) -> None:
    Alias.objects.create(
        team=personas.team, project=personas.project, name="快贷转账", key="快贷转账"
    )
    page = read(personas, "快贷转账进度72%")
    assert "Overall progress 40% →" in page
    assert "New milestone" not in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"text": "已上线"}, "the text says “已上线”, the percent says 63%"),
        ({"health": "done"}, "called done, the percent says 63%"),
        ({"percent": "90"}, "reported as 90%, by its milestones 63%"),
        ({"percent": "100"}, "100%, but milestone 工行直联 is at 40%"),
        ({"text": "进度50%。进度60%"}, "the text gives two percents: 50% and 60%"),
    ],
)
def test_what_contradicts_the_fields_is_said_before_saving(
    personas: Personas,
    link: Milestone,
    cashier: Milestone,
    said: dict[str, str],
    sentence: str,
) -> None:
    assert sentence in read(personas, **{"text": "联调继续", **said})


def test_past_due_and_on_track_is_said_until_the_date_is_moved(personas: Personas) -> None:
    late = make_milestone(personas.project, "验收", 40, date(2024, 6, 14))
    sentence = "验收 was due on Jun 14, 5 days ago, and is still called on track"
    assert sentence in read(personas, "联调继续")
    assert sentence not in read(personas, "联调继续", health="at_risk")
    assert sentence not in read(personas, "联调继续", **{f"m{late.pk}-due_on": "2024-07-01"})


def test_a_difference_that_is_offered_is_not_said_twice(
    personas: Personas, link: Milestone, cashier: Milestone
) -> None:
    page = read(personas, "整体进度72%")
    assert "→ <strong>72%</strong>" in page
    assert "the text says" not in page


def test_whatever_comes_is_answered(personas: Personas, link: Milestone) -> None:
    for said in (
        {},
        {"text": "整体进度72%", "percent": "viel", f"m{link.pk}-due_on": "bald", "health": "x"},
        {"text": "进度72%\0" + "长" * 20_000, "take": "<script>"},
        {"text": "整体进度72%", "take": "all", f"m{link.pk}-said_due": "2024-99-99/day"},
    ):
        client = personas.client("lead")
        assert client.post(address(personas), said, headers=HTMX).status_code == 200
        assert client.post(address(personas), said).status_code == 200


def test_what_looks_like_html_stays_text(personas: Personas, link: Milestone) -> None:
    page = read(personas, "<b>直联</b>进度30%，整体进度72%")
    assert "<b>" not in page


# --- taking over ----------------------------------------------------------------------------


def test_for_htmx_the_one_field_comes_back_filled_in(
    personas: Personas, link: Milestone, cashier: Milestone
) -> None:
    page = read(personas, "整体进度72%，工行直联进度55%", take=f"m{link.pk}|percent|55")
    pk = personas.project.pk
    assert f'name="m{link.pk}-percent" value="55"' in page
    assert page.count("hx-swap-oob") == 3  # the field, the words of its date, its reason
    assert f'id="p{pk}-m{link.pk}-percent"' in page
    assert f"m{cashier.pk}-percent" not in page
    assert "<textarea" not in page
    assert 'value="|percent|' in page  # the other one is still offered
    assert f'value="m{link.pk}|percent|55"' not in page


def test_a_later_date_takes_the_cursor_to_its_reason(personas: Personas, link: Milestone) -> None:
    page = read(personas, "预计7月31日上线", take=f"m{link.pk}|due_on|2024-07-31|day")
    assert 'value="2024-07-31"' in page
    assert "7 days later: why?" in page
    assert page.count("autofocus") == 1
    reason = {f"m{link.pk}-reason": "专线晚到"}
    page = read(personas, "预计7月31日上线", take="all", **reason)
    assert 'value="专线晚到"' in page
    assert "autofocus" not in page


def test_an_offer_that_is_gone_from_the_text_is_not_taken(
    personas: Personas, link: Milestone
) -> None:
    page = read(personas, "进度50%", take=f"m{link.pk}|percent|80")
    assert "80" not in page
    assert "→ <strong>50%</strong>" in page


def test_without_javascript_the_page_comes_back_filled_in(
    personas: Personas, link: Milestone
) -> None:
    data = typed("整体进度72%，预计7月底交付；二期联调进度30%", take="all", risks="等专线")
    page = personas.client("lead").post(address(personas), data).content.decode()
    assert "<html" in page
    assert 'name="percent" value="72"' in page
    assert "等专线" in page
    assert 'name="new-name" value="二期联调"' in page
    assert 'name="new-percent" value="30"' in page
    assert not StatusEntry.objects.exists()


def test_several_new_milestones_each_get_a_line(personas: Personas, link: Milestone) -> None:
    page = read(personas, "交行直联进度20%，预计8月底上线\n三期联调进度10%", take="all")
    assert f'id="new_milestones_{personas.project.pk}"' in page
    for field in (
        'name="new-name" value="交行直联"',
        'name="new-due_on" value="2024-08-31"',
        'name="new-said_due" value="2024-08-31/month"',
        'name="new2-name" value="三期联调"',
        'name="new2-percent" value="10"',
    ):
        assert field in page
    fields = {"new-name": "建行直联", "new-percent": "5"}
    page = read(personas, "交行直联进度20%", take="all", **fields)
    assert 'name="new-name" value="建行直联"' in page
    assert 'name="new2-name" value="交行直联"' in page


def test_there_are_never_more_lines_than_a_form_has(personas: Personas, link: Milestone) -> None:
    text = "\n".join(f"{name}直联进度20%" for name in "甲乙丙丁戊己庚辛壬癸子丑")
    page = read(personas, text, take="all")
    assert "new10-name" in page
    assert "new11-name" not in page


# --- and saving -----------------------------------------------------------------------------


def test_how_exactly_a_date_was_said_survives_taking_over_and_saving(
    personas: Personas, link: Milestone
) -> None:
    key = f"m{link.pk}"
    page = read(personas, "推迟到Q3上线", take="all")
    assert f'name="{key}-said_due" value="2024-09-30/quarter"' in page
    assert "Q3" in page
    fields = {f"{key}-due_on": "2024-09-30", f"{key}-said_due": "2024-09-30/quarter"}
    reason = {f"{key}-reason": "专线晚到"}
    client = personas.client("lead")
    saved = client.post(save_address(personas), typed("推迟到Q3上线", **fields, **reason))
    assert saved.status_code == 302
    change = ProgressChange.objects.filter(field=LedgerField.DUE_ON).last()
    assert change is not None
    assert (change.new_due_on, change.new_precision) == (date(2024, 9, 30), "quarter")


def test_a_day_that_is_picked_by_hand_afterwards_is_a_day(
    personas: Personas, link: Milestone
) -> None:
    key = f"m{link.pk}"
    fields = {f"{key}-due_on": "2024-09-20", f"{key}-said_due": "2024-09-30/quarter"}
    reason = {f"{key}-reason": "专线晚到"}
    personas.client("lead").post(save_address(personas), typed("联调", **fields, **reason))
    link.refresh_from_db()
    assert (link.due_on, link.due_precision) == (date(2024, 9, 20), "day")


def test_a_month_can_become_its_last_day(personas: Personas) -> None:
    vague = make_milestone(personas.project, "验收", 40, date(2024, 7, 31), due_precision="month")
    key = f"m{vague.pk}"
    page = read(personas, "预计7月31日完成验收", take="all", **{f"{key}-due_on": "2024-07-31"})
    assert f'name="{key}-said_due" value="2024-07-31/day"' in page
    fields = {f"{key}-due_on": "2024-07-31", f"{key}-said_due": "2024-07-31/day"}
    opened = json.dumps({f"{key}-due_on": "2024-07-31", f"{key}-said_due": ""})
    data = typed("预计7月31日完成验收", opened=opened, **fields)
    personas.client("lead").post(save_address(personas), data)
    vague.refresh_from_db()
    assert vague.due_precision == "day"


def test_new_milestones_are_saved_as_exactly_as_they_were_said(personas: Personas) -> None:
    fields = {
        "new-name": "交行直联",
        "new-due_on": "2024-08-31",
        "new-said_due": "2024-08-31/month",
        "new2-name": "三期联调",
        "new2-percent": "10",
    }
    personas.client("lead").post(save_address(personas), typed("开工", **fields))
    first, second = Milestone.objects.all()
    assert (first.name, first.due_on, first.due_precision) == (
        "交行直联",
        date(2024, 8, 31),
        "month",
    )
    assert (second.name, second.percent) == ("三期联调", Decimal(10))


def test_the_form_shows_at_once_what_an_entry_says_against_itself(personas: Personas) -> None:
    make_entry(personas.project, text="已上线", percent=60)
    page = personas.client("lead").get(save_address(personas)).content.decode()
    assert "the text says “已上线”, the percent says 60%" in page


@pytest.mark.parametrize("milestones", [2, 40])
def test_its_queries_do_not_grow(personas: Personas, milestones: int) -> None:
    for number in range(milestones):
        make_milestone(personas.project, f"里程碑第{number}", 10)
    client = personas.client("lead")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.post(address(personas), typed("整体进度72%"), headers=HTMX)
    assert len(queries) <= 13
