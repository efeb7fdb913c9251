from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import translation

from reports.render.mail import headline
from reports.render.mail.headline import LONGEST_SUBJECT, Line
from reports.weekly.compile import compile_week
from reports.weekly.document import WeeklyDocument
from reports.weekly.rows import IncidentCountRow, ProjectRow
from tests.reports.render.sample import imported_week, kept_week
from tests.reports.weekly.builders import entry, milestone, move, project, week_rows
from tests.tables import each_row


def subject(document: WeeklyDocument, language: str = "zh-hans") -> str:
    with translation.override(language):
        return headline.subject(document)


def lines(document: WeeklyDocument) -> tuple[Line, ...]:
    with translation.override("zh-hans"):
        return headline.lines(document)


def live(name: str, pk: int = 1) -> ProjectRow:
    return project(name, entry("已上线", 100), pk=pk, last_percent=Decimal(90))


def page(*rows: ProjectRow, **more: object) -> WeeklyDocument:
    return compile_week(week_rows(rows, **more))


def test_the_subject_says_the_weightiest_of_each_kind() -> None:
    assert subject(kept_week()) == "支付产研周报 2024-W25：1 起生产事件，POS 延期 26 天"
    assert subject(kept_week(), "en") == "支付产研 weekly 2024-W25: 1 incident, POS 26 days late"


def test_two_slips_of_a_project_name_their_milestones() -> None:
    then, now = date(2024, 7, 20), date(2024, 8, 15)
    stones = [
        milestone(name, 60, now, first_due_on=then, moves=(move(then, now),))
        for name in ("入网", "验收")
    ]
    slipped = lines(page(project("POS", entry("x", 60), milestones=tuple(stones))))[1]
    assert [item.figures for item in slipped.items] == [
        f"{name} 7月20日 → 8月15日，延期 26 天" for name in ("入网", "验收")
    ]


def test_live_project_comes_before_a_big_move() -> None:
    big = project("数仓", entry("x", 70), pk=2, last_percent=Decimal(50))
    assert subject(page(live("贝易转"), big)) == "支付产研周报 2024-W25：贝易转上线，数仓 ↑20%"


def test_a_quiet_week_says_who_updated() -> None:
    quiet = page(project("甲", entry("x", 5), last_percent=Decimal(5)), project("乙", pk=2))
    assert subject(quiet) == "支付产研周报 2024-W25：2 个项目更新 1 个"
    assert subject(page(project("甲", entry("x", 5), last_percent=Decimal(5)))).endswith(
        "：项目全部更新"
    )
    assert subject(page()) == "支付产研周报 2024-W25：本周无重大变化"


@each_row("language", ["zh-hans", "en"])
def test_the_subject_is_short_and_one_line(language: str) -> None:
    many = page(*(live("一个很长很长的\n项目名字" * 3 + str(n), n) for n in range(1, 9)))
    for document in (many, kept_week(), imported_week()):
        line = subject(document, language)
        assert len(line) <= LONGEST_SUBJECT + 10
        assert "\n" not in line


def test_the_five_lines_name_names_and_figures() -> None:
    printed = [
        [f"{item.name} {item.figures}" for item in line.items] for line in lines(kept_week())
    ]
    assert printed == [
        ["贝易转 72% ↑9", "POS 60% ↓5"],
        ["POS 6月30日 → 8月15日，延期 46 天（本周 26 天）"],
        ["06-18 12:03 C 对账任务超时"],
        ["实时数仓 2 周", "巡检工具 尚无更新"],
        [],
    ]
    assert [line.items[0].anchor for line in lines(kept_week())[:4]] == [
        "project-1",
        "project-2",
        "incidents",
        "project-4",
    ]


def test_a_line_without_news_says_so() -> None:
    assert [line.empty for line in lines(page())] == [
        "本周完成度无变化",
        "本周无延期",
        "本周无生产事件",
        "全部项目已更新",
        "本周无项目完成",
    ]


def test_a_line_shows_five_and_says_how_many_more() -> None:
    line = lines(page(*(live(f"项目{n}", n) for n in range(1, 9))))[-1]
    assert len(line.items) == 5
    assert line.more == "另 3 个"


def test_incidents_that_are_only_counted() -> None:
    counted = page(incident_counts=(IncidentCountRow("C", Decimal("0.5"), "", 0),))
    assert [item.figures for item in lines(counted)[2].items] == ["计 0.5 次"]
    none = page(incident_counts=(IncidentCountRow("C", Decimal(0), "", 0),))
    assert lines(none)[2].items == ()
