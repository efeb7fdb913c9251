"""Dates at their precision, and the sentences about contradictions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import translation

from projects.checkin.reading import contradictions
from projects.checkin.reading.contradictions import ReportedMilestone, Statement
from projects.text.wording import CONTRADICTIONS, date_text
from tests.tables import each_row

NEAR = date(2024, 6, 17)
SIXTY = Decimal(60)


@each_row(
    ("day", "precision", "english", "chinese"),
    [
        (date(2024, 7, 31), "day", "Jul 31", "7月31日"),
        (date(2024, 7, 10), "part", "early Jul", "7月上旬"),
        (date(2024, 7, 31), "month", "Jul", "7月"),
        (date(2025, 9, 30), "quarter", "Q3, 2025", "2025年第3季度"),
    ],
)
def test_a_date_is_written_at_its_precision(
    day: date, precision: str, english: str, chinese: str
) -> None:
    with translation.override("en"):
        assert date_text(day, precision, NEAR) == english
    with translation.override("zh-hans"):
        assert date_text(day, precision, NEAR) == chinese


def test_a_given_figure_chooses_the_longer_sentence() -> None:
    with translation.override("en"):
        shorter = CONTRADICTIONS.say("open_milestone", {"milestone": "验收"}, near=NEAR)
        longer = CONTRADICTIONS.say(
            "open_milestone", {"milestone": "验收", "percent": "90"}, near=NEAR
        )
    assert (shorter, longer) == (
        "100%, but milestone 验收 is open",
        "100%, but milestone 验收 is at 90%",
    )


def test_an_unknown_code_is_returned_as_it_is() -> None:
    assert CONTRADICTIONS.say("of_old", {}, near=NEAR) == "of_old"


def test_every_contradiction_has_a_sentence() -> None:
    open_one = ReportedMilestone("验收", None, date(2024, 6, 1), "day", is_open=True)
    statements = [
        Statement(
            "已上线，已完成。进度40%。进度50%",
            NEAR,
            NEAR,
            (),
            "done",
            SIXTY,
            SIXTY,
            Decimal(9),
        ),
        Statement("整体进度40%", NEAR, NEAR, (), "done", Decimal(100), None, None, (open_one,)),
        Statement("", NEAR, NEAR, (), "on_track", None, None, None, (open_one,)),
    ]
    codes = {
        contradiction.code
        for each in statements
        for contradiction in contradictions.before_saving(each)
    }
    assert len(codes) == 8
    assert codes <= CONTRADICTIONS.by_code.keys()
