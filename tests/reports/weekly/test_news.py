from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from reports.weekly.compile import compile_week
from reports.weekly.document import WeeklyDocument
from reports.weekly.news import News, news_of
from reports.weekly.rows import IncidentCountRow, ProjectRow
from tests.reports.weekly.builders import entry, milestone, move, project, week_rows, weeks_ago


def page(*projects: ProjectRow, **more: object) -> WeeklyDocument:
    return compile_week(week_rows(projects, **more))


def news(*projects: ProjectRow, **more: object) -> News:
    return news_of(page(*projects, **more))


def names(entries: tuple) -> list[str]:  # type: ignore[type-arg]  # of entries or slips
    return [getattr(item, "entry", item).name for item in entries]


def moved(name: str, percent: int, last: int, pk: int, **more: object) -> ProjectRow:
    return project(name, entry("x", percent), pk=pk, last_percent=Decimal(last), **more)


def test_movers_stand_by_their_points_whichever_way() -> None:
    week_news = news(moved("甲", 60, 58, 1), moved("乙", 40, 70, 2), moved("丙", 90, 80, 3))
    assert names(week_news.movers) == ["乙", "丙", "甲"]
    assert names(week_news.risen) == ["丙", "甲"]
    assert names(week_news.fallen) == ["乙"]


def test_a_slip_knows_its_first_date_and_all_its_days() -> None:
    first, then, now = date(2024, 6, 30), date(2024, 7, 20), date(2024, 8, 15)
    moves = (move(first, then, weeks_ago(4)), move(then, now))
    stone = milestone("入网", 60, now, first_due_on=first, moves=moves)
    (slip,) = news(project("POS", entry("x", 60), milestones=(stone,))).slips
    assert (slip.first_due_on, slip.total, slip.days) == (first, 46, 26)


def test_moves_of_one_week_are_one_slip() -> None:
    first, wrong, now = date(2024, 6, 30), date(2024, 7, 20), date(2024, 7, 5)
    moves = (move(first, wrong), move(wrong, now))
    stone = milestone("入网", 60, now, first_due_on=first, moves=moves)
    (slip,) = news(project("POS", entry("x", 60), milestones=(stone,))).slips
    assert (slip.move.old, slip.move.new, slip.days, slip.total) == (first, now, 5, 5)

    moves = (move(first, wrong), move(wrong, first))
    stone = milestone("入网", 60, first, first_due_on=first, moves=moves)
    assert not news(project("POS", entry("x", 60), milestones=(stone,))).slips


def test_a_slip_that_ends_before_the_first_date_counts_from_last_week() -> None:
    first, nearer, now = date(2024, 6, 30), date(2024, 6, 20), date(2024, 6, 25)
    moves = (move(first, nearer, weeks_ago(4)), move(nearer, now))
    stone = milestone("入网", 60, now, first_due_on=first, moves=moves)
    (slip,) = news(project("POS", entry("x", 60), milestones=(stone,))).slips
    assert (slip.first_due_on, slip.total, slip.days) == (nearer, 5, 5)


def test_a_date_that_came_nearer_is_no_slip() -> None:
    sooner = move(date(2024, 7, 20), date(2024, 7, 1))
    stone = milestone("入网", 60, date(2024, 7, 1), moves=(sooner,))
    assert not news(project("POS", entry("x", 60), milestones=(stone,))).slips


def test_done_is_what_was_reported_as_done_and_was_not_before() -> None:
    stands_at_100 = project(
        "甲",
        entry("完成", 100, health="done"),
        previous=entry("验收", 100, week=weeks_ago(1)),
        last_percent=Decimal(100),
    )
    before = project(
        "乙",
        entry("x", 100, health="done"),
        pk=2,
        previous=entry("完成", 90, week=weeks_ago(1), health="done"),
        last_percent=Decimal(90),
    )
    assert names(news(stands_at_100, before).done) == ["甲"]


def test_what_went_live_is_done_and_called_so() -> None:
    week_news = news(project("贝易转", entry("贝易转已上线", 100), last_percent=Decimal(90)))
    assert names(week_news.live) == names(week_news.done) == ["贝易转"]


def test_not_live_is_what_contradicts_itself_is_to_come_or_is_said_of_a_part() -> None:
    texts = [
        "已上线",
        "预计下周上线",
        "- 整体\n    - 已上线",
        "收银台已上线",
        "已上线，仅对内部员工开放",
        "已上线 30% 流量",
        "已上线，周三回滚",
    ]
    percents = [60, *(100 for _ in texts[1:])]
    rows = [
        project(f"项目{n}", entry(text, percent), pk=n, last_percent=Decimal(percent))
        for n, (text, percent) in enumerate(zip(texts, percents, strict=True), 1)
    ]
    assert not news(*rows).live


def test_silent_are_those_that_owe_an_entry_the_longest_first() -> None:
    rows = [
        project("甲", pk=1, previous=entry(week=weeks_ago(1))),
        project("乙", pk=2, previous=entry(week=weeks_ago(3))),
        project("丙", pk=3, previous=entry(week=weeks_ago(5), health="paused")),
    ]
    assert names(news(*rows).silent) == ["乙", "甲"]


def test_incidents_are_counted_as_the_page_counts_them() -> None:
    half = IncidentCountRow("C", Decimal("0.5"), "", 0)
    count = IncidentCountRow("AB", Decimal(1), "", 0)
    assert news(incident_counts=(half, count)).incident_count == Decimal("1.5")
    assert news().incident_count is None


def test_the_slip_of_the_most_days_stands_first() -> None:
    def slipped(name: str, days: int, pk: int) -> ProjectRow:
        due = date(2024, 7, 1)
        now = due + timedelta(days=days)
        stone = milestone("入网", 60, now, first_due_on=due, moves=(move(due, now),))
        return project(name, entry("x", 60), pk=pk, milestones=(stone,))

    week_news = news(slipped("甲", 3, 1), slipped("乙", 30, 2), slipped("丙", 10, 3))
    assert names(week_news.slips) == ["乙", "丙", "甲"]
