"""The review of an import: each doubt decided once, beside the lines that it rests on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from reports import tasks
from reports.forms.imports import ValueRefused, corrected_values, typed_values
from reports.importer.decisions import Decisions, from_json
from reports.importer.page import ParsedPage, UnreadLine
from reports.imports import review
from reports.imports.documents import packed
from reports.imports.doubts import refresh
from reports.imports.evidence import lines_of
from reports.models import ImportDoubt, PageImport
from tests.conftest import Personas
from tests.html import attribute, element, form_data, text, texts
from tests.reports.importer.pages import parsed
from tests.reports.imports.pages import W25, W26, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def client(personas: Personas) -> Client:
    return personas.client("manager")


@pytest.fixture
def page_import(personas: Personas) -> PageImport:
    return read(personas.team, personas.manager)


def address(page_import: PageImport, kind: str = "") -> str:
    base = f"/t/pay/imports/{page_import.pk}/review/"
    return f"{base}?doubt={page_import.doubts.get(kind=kind).pk}" if kind else base


def decide(client: Client, doubt: ImportDoubt, **changed: str) -> HttpResponse:
    """Send the doubt's form as it stands, with what is changed in it."""
    page = client.get(f"/t/pay/imports/{doubt.page_import_id}/review/?doubt={doubt.pk}")
    data = form_data(page, "#decide") | {"do": "decide"} | changed
    return client.post(f"/t/pay/imports/{doubt.page_import_id}/doubts/{doubt.pk}/", data)  # type: ignore[return-value]


def chosen(doubt: ImportDoubt) -> Decisions:
    doubt.refresh_from_db()
    return review.decisions_of(doubt.page_import)


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
    assert "“2023-02-30” is no day" in text(response, "#decide [role=alert]")
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


def correct(client: Client, page_import: PageImport, line: int, **changed: str) -> HttpResponse:
    """Send the form of that line as it stands on the first page, with what is changed in it."""
    path = f"/t/pay/imports/{page_import.pk}/pages/{page_import.pages.all()[0].pk}/"
    page = client.get(path)
    return client.post(f"{path}correct/", form_data(page, f"#line_{line} form.whose") | changed)  # type: ignore[return-value]


def correct_values(client: Client, page_import: PageImport, line: int, *typed: str) -> HttpResponse:
    """Send the values of that line of the first page; the others stay as they are."""
    path = f"/t/pay/imports/{page_import.pk}/pages/{page_import.pages.all()[0].pk}/"
    page = client.get(path)
    values = {f"value-{at}": text for at, text in enumerate(typed)}
    data = form_data(page, f"#line_{line} form.values") | {"do": "values"} | values
    return client.post(f"{path}correct/", data)  # type: ignore[return-value]


def test_a_wrong_number_and_date_are_corrected_shown_and_undone(
    client: Client, page_import: PageImport
) -> None:
    assert correct_values(client, page_import, 5, "45％", "2024-07-02").status_code == 302
    page = client.get(address(page_import, "names"))
    assert texts(page, "#line_5 .got s") == ["40%", "Jun 28"]
    assert texts(page, "#line_5 .got > mark") == ["45%", "Jul 2"]
    assert "corrected" in text(page, "#line_5 .got")
    mention = decided_page(page_import).projects[0]
    assert (mention.progress[0].percent, str(mention.dates[0].date)) == (45, "2024-07-02")
    exported = from_json(client.get(f"/t/pay/imports/{page_import.pk}/decisions/").content)
    (by_line,) = exported.values.values()
    assert [value.now for value in by_line["5"]] == ["45", "2024-07-02"]
    correct(client, page_import, 5, do="undo")
    assert decided_page(page_import).projects[0].progress[0].percent == 40
    assert not page_import.doubts.filter(kind="line").exists()


def test_values_and_whose_they_are_stand_beside_each_other(
    client: Client, page_import: PageImport
) -> None:
    correct_values(client, page_import, 6, "75")
    correct(client, page_import, 6, do="project", project="消息平台")
    mention = decided_page(page_import).projects[1]
    assert (mention.name, mention.progress[0].percent) == ("消息平台", 75)
    correct_values(client, page_import, 6, "", "2024-07-12")
    mention = decided_page(page_import).projects[1]
    assert (mention.name, mention.progress, len(mention.dates)) == ("消息平台", (), 1)


def test_a_value_that_cannot_be_is_said_and_stays_typed(
    client: Client, page_import: PageImport
) -> None:
    response = correct_values(client, page_import, 5, "450", "2024-07-02")
    assert response.status_code == 422
    assert "no percentage from 0 to 100" in text(response, "#line_5 [role=alert]")
    typed = form_data(response, "#line_5 form.values")
    assert (typed["value-0"], typed["value-1"]) == ("450", "2024-07-02")
    assert not page_import.doubts.filter(kind="line").exists()


def test_the_time_of_an_incident_is_a_value_of_its_line() -> None:
    page = parsed("# 周报\n\n## 生产事件\n\n- 06/18 12:03 监控发现：对账任务超时\n")
    (line,) = (line for line in lines_of(page) if line.number == 5)
    assert [(piece.is_time, piece.now) for piece in line.values] == [(True, "2024-06-18T12:03")]
    for typed in ("2024-06-19 13:05", "2024-06-19T13:05:00"):
        (time,) = corrected_values(line, typed_values(line, {"value-0": typed}))
        assert (time.now, f"{time.moment:%d %H:%M}") == ("2024-06-19T13:05", "19 13:05")
    with pytest.raises(ValueRefused, match="no day with a time"), translation.override("en"):
        corrected_values(line, typed_values(line, {"value-0": "13:05"}))


def decided_page(page_import: PageImport) -> ParsedPage:
    return review.as_decided(page_import.pages.all()[0], review.decisions_of(page_import))


def projects_of(page_import: PageImport) -> list[str]:
    return [mention.name for mention in decided_page(page_import).projects]


def test_a_wrong_reading_is_corrected_line_by_line(client: Client, page_import: PageImport) -> None:
    correct(client, page_import, 6, do="project", project="消息平台")
    assert projects_of(page_import) == ["对账中台", "消息平台", "团建安排"]
    correct(client, page_import, 7, do="never")
    assert projects_of(page_import) == ["对账中台", "消息平台"]
    page = client.get(f"/t/pay/imports/{page_import.pk}/pages/{page_import.pages.all()[0].pk}/")
    assert text(page, "#line_6 .got").startswith("entry 消息平台 progress")
    correct(client, page_import, 6, do="undo")
    correct(client, page_import, 5, do="none")
    assert projects_of(page_import) == ["短信网关"]
    assert client.get(address(page_import, "names")).status_code == 200


def test_a_correction_that_says_nothing_changes_nothing(
    client: Client, page_import: PageImport
) -> None:
    for data in ({"do": "project", "project": ""}, {"do": "x"}, {"do": "undo"}):
        assert correct(client, page_import, 6, **data).status_code == 302
    path = f"/t/pay/imports/{page_import.pk}/pages/{page_import.pages.all()[0].pk}/correct/"
    assert client.post(path, {"line": "x", "do": "none"}).status_code == 302
    assert not page_import.doubts.filter(kind="line").exists()


def test_two_who_correct_one_line_do_not_overwrite_each_other(
    client: Client, page_import: PageImport
) -> None:
    correct(client, page_import, 6, do="project", project="消息平台")
    response = correct(client, page_import, 6, do="none", opened='{"choice": ""}')
    assert response.status_code == 422
    assert projects_of(page_import)[1] == "消息平台"


def test_a_page_that_gets_its_week_raises_its_own_doubts(
    client: Client, personas: Personas
) -> None:
    notes = "随手记\n\n## 【O1 业务服务】\n\n1. 对账中台建设：进度50%\n"
    page_import = read(personas.team, personas.manager, w25_md=W25, notes_md=notes)
    assert not page_import.doubts.filter(kind="names").exists()
    decide(client, page_import.doubts.get(kind="weeks"), **{"week-0": "2024-06-26"})
    assert page_import.doubts.get(kind="names").title == "对账中台"
    assert page_import.doubts.get(kind="weeks").is_open is False


def test_a_reading_is_corrected_beside_the_doubt(client: Client, page_import: PageImport) -> None:
    page = client.get(address(page_import, "names"))
    form = element(page, "#line_6 form.whose")
    sent = form_data(form) | {"do": "project", "project": "消息平台"}
    response = client.post(str(form["action"]), sent)
    doubt = page_import.doubts.get(kind="names")
    assert response["Location"].endswith(f"review/?doubt={doubt.pk}&place=0#line_6")
    page = client.get(address(page_import, "names"))
    assert text(page, "#line_6 .got").startswith("entry 消息平台")
    assert texts(page, ".doubts h3") == ["Names", "Metrics", "Corrections"]


def test_equal_lines_are_asked_once_and_labels_not_at_all(
    client: Client, personas: Personas
) -> None:
    odd = "\n## 【O2 能力升级】\n\n见附件\n\n支付成功率：\n"
    page_import = read(personas.team, personas.manager, w25_md=W25 + odd, w26_md=W26 + odd)
    doubt = page_import.doubts.get(kind="unread")
    page = client.get(address(page_import, "unread"))
    (row,) = texts(page, "#decide tbody tr")
    assert row == "2024-W25 · line 15 and 1 more place 见附件"
    decide(client, doubt, **{"project-0": "附件平台"})
    assert [list(lines) for lines in chosen(doubt).lines.values()] == [["15"], ["14"]]
    assert (
        form_data(client.get(address(page_import, "unread")), "#decide")["project-0"] == "附件平台"
    )


def test_a_number_that_was_left_is_added_on_its_line(client: Client, personas: Personas) -> None:
    page_import = read(personas.team, personas.manager, w25_md=W25)
    parsed = decided_page(page_import)
    left = UnreadLine(6, parsed.source.lines[5].text, 1, 0)
    page_import.pages.update(document=packed(replace(parsed, unread=(left,))))
    refresh(page_import)
    page = client.get(address(page_import, "unread"))
    assert texts(page, "#decide td[data-label]") == ["短信网关 · add the number"]
    assert attribute(page, "#decide td[data-label] a", "href").endswith("/#line_6")
    assert "a number was not read" in text(page, "#line_6 .got")


def test_columns_that_nobody_knows_are_named_once_and_the_files_read_again(
    client: Client, personas: Personas
) -> None:
    sheet = "干啥,搞定比例,谁\n对账中台,40%,周砚\n短信网关,60%,许澄\n"
    page_import = read(personas.team, personas.manager, **{"2024-W25_csv": sheet})
    doubt = page_import.doubts.get(kind="columns")
    page = client.get(address(page_import, "columns"))
    assert "2024-W25.csv A1: nothing was read" in text(page, "#decide")
    assert texts(page, ".pair-table .src")[-1] == "| 短信网关 | 60% | 许澄 |"
    response = decide(client, doubt, **{"role-0": "name", "role-1": "progress"})
    assert response["Location"] == f"/t/pay/imports/{page_import.pk}/"
    tasks.read_import(page_import.pk)
    assert projects_of(page_import) == ["对账中台", "短信网关"]
    assert not page_import.doubts.filter(kind="columns", decided_at=None).exists()
    again = read(personas.team, personas.manager, **{"2024-W26_csv": sheet})
    assert not again.doubts.filter(kind="columns").exists()


def test_a_name_that_was_typed_is_shown_again(client: Client, page_import: PageImport) -> None:
    doubt, page = page_import.doubts.get(kind="names"), address(page_import, "names")
    decide(client, doubt, main="1", main_name="对账平台")
    assert form_data(client.get(page), "#decide")["main_name"] == "对账平台"
    decide(client, doubt, main="1", main_name="")
    again = form_data(client.get(page), "#decide")
    assert (again["main"], again["main_name"]) == ("1", "")
