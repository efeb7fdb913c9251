from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml.html import HtmlElement, document_fromstring

from projects import audit, weeks
from projects.checkin import ledger, questions
from projects.models import (
    EntrySource,
    Health,
    ProgressChange,
    Reading,
    StatusEntry,
)
from projects.portfolio import aliases
from tests import html
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_cycle,
    make_entry,
    make_incident,
    make_metric,
    make_milestone,
    make_objective,
    make_project,
    make_question,
    make_reading,
)
from tests.html import row

pytestmark = pytest.mark.usefixtures("now")
LIST = "/t/pay/projects/"


def list_html(personas: Personas, query: str = "") -> HtmlElement:
    response = personas.client("viewer").get(LIST + query)
    return document_fromstring(response.content.decode())


def names(personas: Personas, query: str = "") -> list[str]:
    links = list_html(personas, query).xpath("//td[@class='name']/a")
    return [link.text_content() for link in links]


def test_list_has_all_projects_by_cycle_and_objective(personas: Personas) -> None:
    team = personas.team
    old = make_cycle(team, "2023H2", date(2023, 7, 1), date(2023, 12, 31))
    now = make_cycle(team)
    first, second = make_objective(now, "O1"), make_objective(now, "O2", "系统升级")
    make_project(team, "交易路由", second)
    make_project(team, "农行存管", first, closed_on=date(2024, 6, 1))
    make_project(team, "二手收银台", first)
    make_project(team, "网关迁移", make_objective(old, "O1"), closed_on=date(2023, 11, 3))
    page = list_html(personas)
    words = " ".join(page.get_element_by_id("main").text_content().split())
    order = ["2024H1", "O1 业务服务", "二手收银台", "农行存管", "O2 系统升级", "交易路由"]
    order += ["2023H2", "网关迁移", "Under no objective", "贝易转"]
    assert [words.index(word) for word in order] == sorted(words.index(word) for word in order)
    assert "closed Jun 1" in words
    assert [
        chapter.get("open") is not None
        for chapter in page.xpath("//details[contains(@class, 'chapter')]")
    ] == [*(True, False, True)]


def test_list_shows_the_latest_update(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 6, 3), percent=40, health=Health.ON_TRACK)
    make_entry(personas.project, date(2024, 6, 10), health=Health.AT_RISK)
    cells = row(personas.client("viewer").get(LIST), "贝易转")
    assert (cells["Lead"], cells["Health"], cells["Last update"]) == (
        "许澄",
        "▲at risk",
        "2024-W24",
    )
    assert cells["Complete"].startswith("40%")


@pytest.mark.parametrize("search", ["影像", "docai", "ＤｏｃＡＩ", " DocAI项目 "])
def test_search_finds_names_and_aliases(personas: Personas, search: str) -> None:
    make_project(personas.team, "AI影像数字化", aliases=("DocAI",))
    assert names(personas, f"?q={search}") == ["AI影像数字化"]


def test_search_without_result_says_so_and_keeps_the_words(personas: Personas) -> None:
    page = list_html(personas, "?q=<b>")
    assert "No project is called “<b>”." in page.text_content()
    assert page.xpath("string(//input[@name='q']/@value)") == "<b>"


def test_projects_of_another_team_are_not_listed(personas: Personas) -> None:
    other = personas.outsider.memberships.get().team
    make_project(other, "反诈平台")
    assert names(personas) == ["贝易转"]
    assert names(personas, "?q=反诈") == []


def test_projects_add_no_queries_to_the_list(personas: Personas) -> None:
    client = personas.client("viewer")
    objective = make_objective(make_cycle(personas.team))

    def queries(search: str = "") -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST + search).status_code == 200
        return len(captured)

    few = queries()
    assert queries("?q=贝") == few
    for number in range(20):
        project = make_project(personas.team, f"项目{number}", objective, lead=personas.lead)
        make_entry(project, percent=number)
    assert queries() == few


def address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/"


def detail_html(personas: Personas, query: str = "") -> HtmlElement:
    """The page as a viewer gets it."""
    return document_fromstring(personas.client("viewer").get(address(personas) + query).content)


def text(personas: Personas, query: str = "") -> str:
    main = detail_html(personas, query).get_element_by_id("main")
    return " ".join(" ".join(main.itertext()).split())


@pytest.mark.parametrize(
    ("name", "may"), [("lead", True), ("viewer", False), ("other_lead", False)]
)
def test_only_reporters_are_offered_to_report(personas: Personas, name: str, may: bool) -> None:
    page = personas.client(name).get(address(personas)).content.decode()
    assert (f'href="{address(personas)}checkin/"' in page) is may


def test_ledger_shows_moves_with_reasons(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1))
    ledger.move_due_date(
        milestone, date(2024, 7, 31), "day", week=WEEK, reason="专线晚到", by=personas.lead
    )
    make_entry(personas.project, text="本周的话", percent=40)
    page = personas.client("viewer").get(address(personas)).content.decode()
    for words in ("Jul 1", "Jul 31", "30 days later", "专线晚到", "许澄", "本周的话", "40%"):
        assert words in page


def test_milestone_shows_its_first_date_and_slips(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1), week=date(2024, 6, 3))
    for due_on in (date(2024, 7, 31), date(2024, 7, 20)):
        ledger.move_due_date(milestone, due_on, "day", week=WEEK)
    page = personas.client("viewer").get(address(personas)).content.decode()
    assert html.text(page, "td.due").startswith("Jul 1 Jul 20")
    assert "19 days late · 1 move" in page


def test_first_date_keeps_the_precision_it_was_said_with(personas: Personas) -> None:
    due_on = date(2024, 7, 20)
    milestone = make_milestone(
        personas.project, due_on=due_on, due_precision="part", week=date(2024, 6, 3)
    )
    ledger.move_due_date(milestone, date(2024, 8, 9), "day", week=WEEK)
    page = personas.client("viewer").get(address(personas)).content.decode()
    assert html.text(page, "td.due").startswith("mid-Jul Aug 9")
    week = personas.client("viewer").get("/t/pay/weeks/2024-W25/").content.decode()
    assert "mid-Jul Aug 9 20 days late · 1 move" in html.text(week, "main")


def test_text_is_rendered_as_markdown(personas: Personas) -> None:
    make_entry(personas.project, text="- 一\n- **二**<script>")
    page = personas.client("viewer").get(address(personas)).content.decode()
    assert "<li><strong>二</strong>&lt;script&gt;</li>" in page


def test_project_without_entries_says_so(personas: Personas) -> None:
    page = personas.client("viewer").get(address(personas)).content.decode()
    assert "No updates yet." in page


def test_charts_have_a_text(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1), week=date(2024, 5, 27))
    ledger.move_due_date(milestone, date(2024, 7, 31), "day", week=WEEK, reason="专线晚到")
    for week, percent in ((date(2024, 5, 27), 20), (date(2024, 6, 3), 30), (WEEK, 60)):
        make_entry(personas.project, week, percent=percent)
    make_incident(personas.team, project=personas.project)
    page = detail_html(personas)
    assert len(page.xpath("//svg[contains(@class, 'progress-chart') and @role='img']")) == 2
    assert not page.xpath("//*[@style]")
    rows = [
        " ".join(filter(None, (cell.text_content() for cell in row)))
        for row in page.xpath("//details[@class='as-text']//tbody/tr")
    ]
    assert rows == [
        "2024-W25 60% ↑30 69% Jul 1 → Jul 31 专线晚到 Jun 19 回调超时",
        "2024-W23 30% ↑10 38.1%",
        "2024-W22 20% 20% Jul 1",
    ]


def test_forecast_is_compared_with_the_due_date(personas: Personas) -> None:
    make_milestone(personas.project, due_on=date(2024, 6, 28))
    for back, percent in enumerate((60, 50, 40, 30)):
        make_entry(personas.project, WEEK - back * weeks.WEEK, percent=percent)
    words = text(personas)
    assert "Finished, at the recent pace Jul 17" in words
    assert "about 3 weeks after it is due" in words


def test_page_in_chinese(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 6, 20))
    ledger.move_due_date(milestone, date(2024, 6, 28), "day", week=WEEK)
    for back, percent in enumerate((60, 50, 40, 30)):
        make_entry(personas.project, WEEK - back * weeks.WEEK, percent=percent)
    client = personas.client("manager")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    words = client.get(address(personas)).content.decode()
    for part in ("进展走势", "比计划晚约 3 周", "40 ÷ 10 ≈ 4 周", "5月31日 30%，6月19日 60%。"):
        assert part in words


@pytest.mark.parametrize(
    ("percents", "health", "reason"),
    [
        ((10, 20), Health.ON_TRACK, "Too little data: it takes 4 weeks with a percent."),
        ((40, 40, 40, 40), Health.ON_TRACK, "there is no end in sight"),
        ((10, 20, 30, 40), Health.PAUSED, "It is paused."),
        ((70, 80, 90, 100), Health.DONE, "Done Jun 19"),
    ],
)
def test_missing_forecast_says_why(
    personas: Personas, percents: tuple[int, ...], health: Health, reason: str
) -> None:
    for back, percent in enumerate(reversed(percents)):
        make_entry(personas.project, WEEK - back * weeks.WEEK, percent=percent, health=health)
    assert reason in text(personas)


def test_head_shows_this_week_or_what_was_last_known(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 6, 3), percent=30, health=Health.AT_RISK)
    assert "at risk (2 weeks ago) 30% Not updated yet" in text(personas)
    make_entry(personas.project, percent=0)
    assert "on track 0% ↓30" in text(personas)


def test_entries_and_ledger_are_paged(personas: Personas) -> None:
    milestone = make_milestone(personas.project)
    for number in range(30):
        week = WEEK - number * weeks.WEEK
        make_entry(personas.project, week, text=f"第{number}号")
        ledger.change_percent(milestone, Decimal(90 - number), week=week)
    first, second = text(personas), text(personas, "?page=2")
    assert "第11号" in first
    assert "第12号" not in first
    assert "第12号" in second
    assert "第11号" not in second
    assert detail_html(personas).xpath("//a[@rel='next']/@href") == [
        "?page=2#entries",
        "?changes=2#ledger",
    ]
    assert "第29号" in text(personas, "?page=99")
    assert "第0号" in text(personas, "?page=x")


def test_ledger_is_filtered_by_field(personas: Personas) -> None:
    milestone = make_milestone(personas.project, percent=10, due_on=date(2024, 7, 1))
    ledger.move_due_date(milestone, date(2024, 7, 31), "day", week=WEEK, reason="专线晚到")
    ledger.change_percent(milestone, Decimal(5), week=WEEK, reason="返工")

    def ledger_of(query: str) -> str:
        return str(
            detail_html(personas, query).xpath("string(//section[@aria-labelledby='ledger'])")
        )

    assert "专线晚到" in ledger_of("")
    assert "返工" in ledger_of("")
    assert "专线晚到" not in ledger_of("?field=percent")
    assert "返工" not in ledger_of("?field=due_on")
    assert "返工" in ledger_of("?field=nonsense")


def test_open_questions_come_before_answered_ones(personas: Personas) -> None:
    answered = make_question(personas.project, personas.manager, "联调窗口定了吗？")
    questions.answer(answered, "周四上午", by=personas.lead)
    make_question(personas.project, personas.manager, "谁来验收？")
    words = text(personas)
    assert words.index("Unanswered 谁来验收？ 林岚") < words.index("联调窗口定了吗？ 林岚")
    assert "周四上午 许澄" in words


def test_metrics_aliases_and_audit_are_shown(personas: Personas) -> None:
    metric = make_metric(personas.team, "接入商户", "家", project=personas.project)
    make_reading(metric, "20", date(2024, 6, 10))
    make_reading(metric, "26")
    aliases.add(personas.project, "C转", by=personas.manager)
    words = text(personas)
    assert "接入商户 26家 ↑6" in words
    assert "Also called C转" in words
    assert "林岚 alias added" in words


def test_text_that_an_imported_page_has_twice_is_shown_twice(personas: Personas) -> None:
    entry = make_entry(personas.project, text="一处", source=EntrySource.IMPORTED)
    entry.repeats = [{"section": "", "name": "", "text": "另一处", "position": 9}]
    entry.save()
    words = text(personas)
    assert "一处" in words
    assert "另一处" in words
    assert "imported" in words


def test_weeks_and_milestones_add_no_queries_to_the_page(personas: Personas) -> None:
    """The same with 3 milestones and 12 weeks as with 60 and 260."""
    client = personas.client("viewer")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(personas)).status_code == 200
        return len(captured)

    fill(personas, range(3), range(12))
    few = queries()
    assert few <= 20
    fill(personas, range(3, 60), range(12, 260))
    assert queries() == few


def fill(personas: Personas, milestones: range, weeks_ago: range) -> None:
    """Give the project so many milestones, and something of each kind in those weeks."""
    project, owner, lead = personas.project, {"team": personas.team}, personas.lead
    made = [make_milestone(project, f"里程碑{n}", due_on=date(2024, 7, 1)) for n in milestones]
    metric = make_metric(personas.team, f"指标{weeks_ago[0]}", project=project)
    mondays = [WEEK - number * weeks.WEEK for number in weeks_ago]
    StatusEntry.objects.bulk_create(
        StatusEntry(**owner, project=project, week=week, percent=40, author=lead)
        for week in mondays
    )
    Reading.objects.bulk_create(
        Reading(**owner, metric=metric, week=week, value=7) for week in mondays
    )
    change = {**owner, "milestone": made[0], "field": "percent", "new_percent": 9, "by": lead}
    ProgressChange.objects.bulk_create(ProgressChange(**change, week=week) for week in mondays)
    for week in mondays[::4]:
        make_incident(personas.team, week, project=project)
        make_question(project, personas.manager, f"{week}？")
        audit.note(personas.team, "alias.add", "x", by=lead, project=project)


def test_author_is_named_who_is_not_the_lead(personas: Personas) -> None:
    make_entry(personas.project, author=personas.lead)
    page = personas.client("viewer").get(address(personas)).content.decode()
    assert page.count("许澄") == 1  # in the head
    make_entry(personas.project, date(2024, 6, 10), author=personas.manager)
    assert "林岚" in personas.client("viewer").get(address(personas)).content.decode()
