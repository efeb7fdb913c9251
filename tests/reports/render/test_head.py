from __future__ import annotations

from dataclasses import replace

from django.utils import translation

from reports.render.head import head_of
from reports.render.html import standalone
from reports.weekly.compile import compile_week
from tests.reports.render.sample import kept_week
from tests.reports.weekly.builders import week_rows


def test_the_head_holds_news_objectives_and_metrics_of_the_week() -> None:
    with translation.override("en"):
        head = head_of(kept_week())
    counts = [(line.label, line.count, line.tone) for line in head.lines]
    assert counts == [
        ("Progress", "2", "ok"),
        ("Slipped", "1", "bad"),
        ("Incidents", "1", "bad"),
        ("Not updated", "2", "warn"),
    ]
    assert head.quiet == ("Nothing was finished this week.",)
    assert [(card.code, card.anchor) for card in head.objectives] == [("O1", "o1")]
    assert [metric.metric for metric in head.metrics] == ["出金有效成功率", "日均笔数"]


def test_the_head_of_history_asks_nobody_for_an_update() -> None:
    with translation.override("en"):
        head = head_of(replace(kept_week(), is_history=True))
    assert "Not updated" not in [line.label for line in head.lines]


def test_a_week_without_anything_has_no_head() -> None:
    assert not head_of(compile_week(week_rows()))


def test_the_file_begins_with_the_head() -> None:
    page = standalone(kept_week(), language="en").decode()
    assert page.index('class="headline"') < page.index('class="sheet"')
