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
from projects.models import EntrySource, Health, ProgressChange, Reading, StatusEntry
from projects.portfolio import aliases
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_entry,
    make_incident,
    make_metric,
    make_milestone,
    make_question,
    make_reading,
)

pytestmark = pytest.mark.usefixtures("now")


def address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/"


def html(personas: Personas, query: str = "") -> HtmlElement:
    """The page as a viewer gets it."""
    return document_fromstring(personas.client("viewer").get(address(personas) + query).content)


def text(personas: Personas, query: str = "") -> str:
    main = html(personas, query).get_element_by_id("main")
    return " ".join(" ".join(main.itertext()).split())


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 200), ("other_lead", 200), ("manager", 200)],
)
def test_every_member_may_read(personas: Personas, name: str, status: int) -> None:
    assert personas.client(name).get(address(personas)).status_code == status


@pytest.mark.parametrize(
    ("name", "may"), [("lead", True), ("viewer", False), ("other_lead", False)]
)
def test_only_who_may_report_is_offered_to(personas: Personas, name: str, may: bool) -> None:
    page = personas.client(name).get(address(personas)).content.decode()
    assert (f'href="{address(personas)}checkin/"' in page) is may


def test_it_tells_what_was_moved_and_why(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1))
    ledger.move_due_date(
        milestone, date(2024, 7, 31), "day", week=WEEK, reason="专线晚到", by=personas.lead
    )
    make_entry(personas.project, text="本周的话", percent=40)
    page = personas.client("viewer").get(address(personas)).content.decode()
    for words in ("Jul 1", "Jul 31", "30 days later", "专线晚到", "许澄", "本周的话", "40%"):
        assert words in page


def test_a_milestone_shows_its_first_date_and_its_slips(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1), week=date(2024, 6, 3))
    for due_on in (date(2024, 7, 31), date(2024, 7, 20)):
        ledger.move_due_date(milestone, due_on, "day", week=WEEK)
    page = personas.client("viewer").get(address(personas)).content.decode()
    assert '<s>Jul 1</s> <span class="whole">Jul 20</span>' in page
    assert "19 days late · 1 move" in page


def test_words_are_read_as_markdown(personas: Personas) -> None:
    make_entry(personas.project, text="- 一\n- **二**<script>")
    page = personas.client("viewer").get(address(personas)).content.decode()
    assert "<li><strong>二</strong>&lt;script&gt;</li>" in page


def test_an_empty_project_says_so(personas: Personas) -> None:
    page = personas.client("viewer").get(address(personas)).content.decode()
    assert "Nobody has reported on this project yet." in page


def test_the_chart_is_there_twice_and_as_text(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1), week=date(2024, 5, 27))
    ledger.move_due_date(milestone, date(2024, 7, 31), "day", week=WEEK, reason="专线晚到")
    for week, percent in ((date(2024, 5, 27), 20), (date(2024, 6, 3), 30), (WEEK, 60)):
        make_entry(personas.project, week, percent=percent)
    make_incident(personas.team, project=personas.project)
    page = html(personas)
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


def test_the_forecast_is_compared_with_the_due_date(personas: Personas) -> None:
    make_milestone(personas.project, due_on=date(2024, 6, 28))
    for back, percent in enumerate((60, 50, 40, 30)):
        make_entry(personas.project, WEEK - back * weeks.WEEK, percent=percent)
    words = text(personas)
    assert "Finished, at the recent pace Jul 17" in words
    assert "about 3 weeks after it is due" in words


def test_the_same_in_chinese(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 6, 20))
    ledger.move_due_date(milestone, date(2024, 6, 28), "day", week=WEEK)
    for back, percent in enumerate((60, 50, 40, 30)):
        make_entry(personas.project, WEEK - back * weeks.WEEK, percent=percent)
    client = personas.client("manager")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    words = client.get(address(personas)).content.decode()
    for told in ("进展走势", "比到期晚约 3 周", "每周 10 个百分点", "5月31日 30%，6月19日 60%。"):
        assert told in words


@pytest.mark.parametrize(
    ("percents", "health", "reason"),
    [
        ((10, 20), Health.ON_TRACK, "Too little data: it takes 4 weeks with a percent."),
        ((40, 40, 40, 40), Health.ON_TRACK, "there is no end in sight"),
        ((10, 20, 30, 40), Health.PAUSED, "It is paused."),
        ((70, 80, 90, 100), Health.DONE, "Done Jun 19"),
    ],
)
def test_no_forecast_says_why(
    personas: Personas, percents: tuple[int, ...], health: Health, reason: str
) -> None:
    for back, percent in enumerate(reversed(percents)):
        make_entry(personas.project, WEEK - back * weeks.WEEK, percent=percent, health=health)
    assert reason in text(personas)


def test_the_head_tells_this_week_or_what_was_last_known(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 6, 3), percent=30, health=Health.AT_RISK)
    assert "at risk 30% Not updated yet" in text(personas)
    make_entry(personas.project, percent=0)
    assert "on track 0% ↓30" in text(personas)


def test_entries_and_ledger_go_on_on_further_pages(personas: Personas) -> None:
    milestone = make_milestone(personas.project)
    for number in range(30):
        week = WEEK - number * weeks.WEEK
        make_entry(personas.project, week, text=f"第{number}号")
        ledger.change_percent(milestone, Decimal(90 - number), week=week)
    first, second = text(personas), text(personas, "?page=2")
    assert "第25号" in first
    assert "第26号" not in first
    assert "第26号" in second
    assert "第25号" not in second
    assert html(personas).xpath("//a[@rel='next']/@href") == ["?page=2#entries"]
    assert "第29号" in text(personas, "?page=99")
    assert "第0号" in text(personas, "?page=x")


def test_the_ledger_shows_what_was_asked_for(personas: Personas) -> None:
    milestone = make_milestone(personas.project, percent=10, due_on=date(2024, 7, 1))
    ledger.move_due_date(milestone, date(2024, 7, 31), "day", week=WEEK, reason="专线晚到")
    ledger.change_percent(milestone, Decimal(5), week=WEEK, reason="返工")

    def ledger_of(query: str) -> str:
        return str(html(personas, query).xpath("string(//section[@aria-labelledby='ledger'])"))

    assert "专线晚到" in ledger_of("")
    assert "返工" in ledger_of("")
    assert "专线晚到" not in ledger_of("?field=percent")
    assert "返工" not in ledger_of("?field=due_on")
    assert "返工" in ledger_of("?field=nonsense")


def test_open_questions_come_first_with_the_answers_below(personas: Personas) -> None:
    answered = make_question(personas.project, personas.manager, "联调窗口定了吗？")
    questions.answer(answered, "周四上午", by=personas.lead)
    make_question(personas.project, personas.manager, "谁来验收？")
    words = text(personas)
    assert words.index("Unanswered 谁来验收？ 林岚") < words.index("联调窗口定了吗？ 林岚")
    assert "周四上午 许澄" in words


def test_metrics_aliases_and_records(personas: Personas) -> None:
    metric = make_metric(personas.team, "接入商户", "家", project=personas.project)
    make_reading(metric, "20", date(2024, 6, 10))
    make_reading(metric, "26")
    aliases.add(personas.project, "C转", by=personas.manager)
    words = text(personas)
    assert "接入商户 26家 ↑6" in words
    assert "Also called C转" in words
    assert "林岚 alias added" in words


def test_what_an_old_page_said_twice_is_there_twice(personas: Personas) -> None:
    entry = make_entry(personas.project, text="一处", source=EntrySource.IMPORTED)
    entry.repeats = [{"section": "", "name": "", "text": "另一处", "position": 9}]
    entry.save()
    words = text(personas)
    assert "一处" in words
    assert "另一处" in words
    assert "imported" in words


def test_a_fixed_number_of_queries(personas: Personas) -> None:
    """The same with 3 milestones and 12 weeks as with 60 and 260."""
    client, project, owner = personas.client("viewer"), personas.project, {"team": personas.team}

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(personas)).status_code == 200
        return len(captured)

    def fill(milestones: range, numbers: range) -> None:
        made = [make_milestone(project, f"里程碑{n}", due_on=date(2024, 7, 1)) for n in milestones]
        metric = make_metric(personas.team, f"指标{numbers[0]}", project=project)
        mondays = [WEEK - number * weeks.WEEK for number in numbers]
        StatusEntry.objects.bulk_create(
            StatusEntry(**owner, project=project, week=week, percent=40, author=personas.lead)
            for week in mondays
        )
        Reading.objects.bulk_create(
            Reading(**owner, metric=metric, week=week, value=7) for week in mondays
        )
        ProgressChange.objects.bulk_create(
            ProgressChange(
                **owner,
                milestone=made[0],
                week=week,
                field="percent",
                new_percent=9,
                by=personas.lead,
            )
            for week in mondays
        )
        for week in mondays[::4]:
            make_incident(personas.team, week, project=project)
            make_question(project, personas.manager, f"{week}？")
            audit.note(personas.team, "alias.add", "x", by=personas.lead, project=project)

    fill(range(3), range(12))
    few = queries()
    assert few <= 20
    fill(range(3, 60), range(12, 260))
    assert queries() == few


def test_who_wrote_an_entry_is_said_when_it_was_not_the_lead(personas: Personas) -> None:
    make_entry(personas.project, author=personas.lead)
    page = personas.client("viewer").get(address(personas)).content.decode()
    assert page.count("许澄") == 1  # in the head
    make_entry(personas.project, date(2024, 6, 10), author=personas.manager)
    assert "林岚" in personas.client("viewer").get(address(personas)).content.decode()
