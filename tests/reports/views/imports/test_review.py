"""The review of an import: each doubt decided once, beside the lines that it rests on."""

from __future__ import annotations

import pytest
from django.test import Client

from reports.importer.decisions import Decisions
from reports.imports import review
from reports.models import PageImport
from tests.conftest import Personas
from tests.html import element, form_data, text, texts
from tests.reports.imports.pages import W25, W26, read
from tests.reports.views.imports.reviewing import address, chosen, decide

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_the_first_open_doubt_is_shown_and_the_next_follows(
    client: Client, page_import: PageImport
) -> None:
    response = client.get(address(page_import))
    assert text(response, "#decide_title") == "Are these one project?"
    assert text(response, ".doubts .count") == "4"
    doubt = page_import.doubts.get(kind="names")
    after = decide(client, doubt)
    assert after["Location"].endswith(
        address(page_import, "metrics").removeprefix("/t/pay/imports")
    )
    assert chosen(doubt).same == {"对账中台": "对账中台", "对账中台建设": "对账中台"}


def test_roles_of_names(client: Client, page_import: PageImport) -> None:
    doubt = page_import.doubts.get(kind="names")
    decide(client, doubt, **{"role-1": "part"})
    assert chosen(doubt).parts == {"对账中台建设": "对账中台"}
    decide(client, doubt, **{"role-1": "none"})
    assert chosen(doubt).no_projects == ("对账中台建设",)
    decide(client, doubt, do="apart")
    assert chosen(doubt).apart == (("对账中台", "对账中台建设"),)
    page = client.get(address(page_import, "names"))
    assert form_data(page, "#decide")["role-1"] == "apart"
    decide(client, doubt, do="same", main="1")  # one press, whatever the selects say
    assert chosen(doubt).same == {"对账中台": "对账中台建设", "对账中台建设": "对账中台建设"}


def test_source_and_reading_stand_in_one_row(client: Client, page_import: PageImport) -> None:
    page = client.get(address(page_import, "names"))
    line = element(page, ".pair-table tr.hot")
    assert text(line, "th") == "5"
    assert texts(line, ".src mark") == ["40%", "预计6月28日上线"]
    assert text(line, ".got").startswith("entry 对账中台 progress 系统开发进度 40%")
    page = client.get(address(page_import, "names") + "&place=1")
    assert text(page, "#place_title").startswith("2024-W26")
    for place in ("99", "-1", "x", "²"):
        assert client.get(address(page_import, "names") + f"&place={place}").status_code == 200


def test_a_whole_page_is_shown_with_what_was_not_understood(
    client: Client, personas: Personas
) -> None:
    page_import = read(
        personas.team, personas.manager, w25_md=W25 + "\n## 【O2 能力升级】\n\n见附件\n"
    )
    page = client.get(f"/t/pay/imports/{page_import.pk}/pages/{page_import.pages.get().pk}/")
    assert text(page, "tr.ask .src") == "见附件"


def test_weeks_are_given_or_a_page_left_out(client: Client, personas: Personas) -> None:
    page_import = read(personas.team, personas.manager, notes_md="随手记\n\n- 对账中台：进度40%\n")
    doubt = page_import.doubts.get(kind="weeks")
    page = page_import.pages.get()
    response = decide(client, doubt, **{"week-0": "2023-02-30"})
    assert response.status_code == 422
    assert "“2023-02-30” is not a date" in text(response, "#decide [role=alert]")
    decide(client, doubt, **{"week-0": "2023-04-12"})
    assert str(chosen(doubt).weeks[page.key]) == "2023-04-10"
    shown = client.get(f"/t/pay/imports/{page_import.pk}/pages/{page.pk}/")
    assert text(shown, "h1") == "2023-W16 notes.md"
    decide(client, doubt, **{"skip-0": "on"})
    assert chosen(doubt).weeks == {page.key: None}


def test_of_two_drafts_of_a_week_one_is_proposed(client: Client, personas: Personas) -> None:
    longer = W25.replace("周五下午", "周五下午三点") + "\n4. 告警收敛：完成\n"
    page_import = read(personas.team, personas.manager, a_md=W25, b_md=longer)
    doubt = page_import.doubts.get(kind="doubles")
    decide(client, doubt)
    taken = {row["source"]: chosen(doubt).weeks[row["key"]] for row in doubt.detail["rows"]}
    assert (str(taken["b.md"]), taken["a.md"]) == ("2024-06-17", None)


def test_people_are_members_guests_or_names(client: Client, page_import: PageImport) -> None:
    doubt = page_import.doubts.get(kind="people")
    decide(client, doubt, **{"who-0": "许澄"})
    assert chosen(doubt).people["周砚"].user == "lead"
    response = decide(client, doubt, **{"who-0": "outsider"})
    assert "neither a member nor an address" in text(response, "#decide [role=alert]")
    decide(client, doubt, **{"who-0": "zhou@example.com"})
    assert chosen(doubt).people["周砚"].email == "zhou@example.com"
    decide(client, doubt, **{"who-0": ""})
    assert chosen(doubt).people["周砚"].role == "name"


def test_what_goes_on_and_from_when(client: Client, page_import: PageImport) -> None:
    doubt = page_import.doubts.get(kind="future")
    page = client.get(address(page_import, "future"))
    rows = form_data(page, "#decide")
    at = next(name[5:] for name, value in rows.items() if value == "团建安排")
    decide(client, doubt, **{f"goes-{at}": "over", "starts_on": "2024-07-03"})
    assert chosen(doubt).goes_on["团建安排"] is False
    assert chosen(doubt).goes_on["短信网关"] is True
    assert str(chosen(doubt).starts_on) == "2024-07-01"


@pytest.mark.parametrize("day", ["1999-01-04", "2031-01-06"])
def test_a_start_far_from_the_pages_is_refused(
    client: Client, page_import: PageImport, day: str
) -> None:
    response = decide(client, page_import.doubts.get(kind="future"), starts_on=day)
    words = text(response, "#decide [role=alert]")
    assert words == "The start is a day from 2023-06-19 to 2024-12-16."


def test_skipping_decides_nothing(client: Client, page_import: PageImport) -> None:
    doubt = page_import.doubts.get(kind="names")
    decide(client, doubt, do="skip")
    doubt.refresh_from_db()
    assert doubt.is_open


def test_two_who_decide_the_same_do_not_overwrite_each_other(
    client: Client, personas: Personas, page_import: PageImport
) -> None:
    doubt = page_import.doubts.get(kind="names")
    opened = form_data(client.get(address(page_import, "names")), "#decide")
    review.decide(doubt, Decisions(no_projects=("对账中台",)), by=personas.lead)
    path = f"/t/pay/imports/{page_import.pk}/doubts/{doubt.pk}/"
    response = client.post(path, opened | {"do": "decide", "role-1": "part"})
    assert response.status_code == 422
    assert "has decided this meanwhile" in text(response, "#decide [role=alert]")
    assert chosen(doubt).no_projects == ("对账中台",)
    again = form_data(response, "#decide")
    assert again["role-1"] == "part"
    assert client.post(path, again | {"do": "decide"}).status_code == 302
    assert chosen(doubt).parts == {"对账中台建设": "对账中台"}


def test_what_was_chosen_in_another_window_is_shown_again(
    client: Client, personas: Personas, page_import: PageImport
) -> None:
    doubt = page_import.doubts.get(kind="names")
    opened = form_data(client.get(address(page_import, "names")), "#decide")
    decide(client, doubt)
    path = f"/t/pay/imports/{page_import.pk}/doubts/{doubt.pk}/"
    response = client.post(path, opened | {"do": "apart", "main": "1", "main_name": "对账平台"})
    assert text(response, "#decide [role=alert]").startswith("You decided this in another window")
    again = form_data(response, "#decide")
    assert (again["role-0"], again["role-1"]) == ("apart", "apart")
    assert (again["main"], again["main_name"]) == ("1", "对账平台")
    assert client.post(path, again | {"do": "apart"}).status_code == 302
    assert chosen(doubt).apart == (("对账中台", "对账中台建设"),)


def test_what_was_chosen_of_the_future_is_shown_again(
    client: Client, personas: Personas, page_import: PageImport
) -> None:
    doubt = page_import.doubts.get(kind="future")
    opened = form_data(client.get(address(page_import, "future")), "#decide")
    at = next(name[5:] for name, value in opened.items() if value == "短信网关")
    choice = Decisions(goes_on={"短信网关": True})
    review.decide(doubt, choice, by=personas.lead)
    path = f"/t/pay/imports/{page_import.pk}/doubts/{doubt.pk}/"
    changed = {f"goes-{at}": "over", "starts_on": "2024-07-03", "do": "decide"}
    again = form_data(client.post(path, opened | changed), "#decide")
    assert (again[f"goes-{at}"], again["starts_on"]) == ("over", "2024-07-03")
    client.post(path, again | {"do": "decide"})
    assert chosen(doubt).goes_on["短信网关"] is False


def test_an_import_that_is_applied_takes_no_decision(
    client: Client, personas: Personas, page_import: PageImport
) -> None:
    doubt = page_import.doubts.get(kind="names")
    PageImport.objects.update(state="applied")
    response = client.post(f"/t/pay/imports/{page_import.pk}/doubts/{doubt.pk}/", {"do": "decide"})
    assert response["Location"] == f"/t/pay/imports/{page_import.pk}/"
    doubt.refresh_from_db()
    assert doubt.is_open


def test_pages_that_say_nothing_twice_leave_few_doubts(client: Client, personas: Personas) -> None:
    page_import = read(personas.team, personas.manager, w26_md=W26)
    assert [doubt.kind for doubt in page_import.doubts.all()] == ["future"]
