"""The review of an import: a wrong reading of a line is corrected beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from reports import tasks
from reports.forms.imports import ValueRefused, corrected_values, typed_values
from reports.importer.decisions import from_json
from reports.importer.page import ParsedPage, UnreadLine
from reports.imports import review
from reports.imports.documents import packed
from reports.imports.doubts import refresh
from reports.imports.evidence import lines_of
from reports.models import PageImport
from tests.conftest import Personas
from tests.html import attribute, element, form_data, text, texts
from tests.reports.importer.pages import parsed
from tests.reports.imports.pages import W25, W26, read
from tests.reports.views.imports.reviewing import address, chosen, decide

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


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
    assert "not a percentage from 0 to 100" in text(response, "#line_5 [role=alert]")
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
    with pytest.raises(ValueRefused, match="not a date with a time"), translation.override("en"):
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
