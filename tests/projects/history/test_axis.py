from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from projects.history.axis import LabelRow, TimeAxis, ticks, width_of
from tests.tables import each_row

SIZE = 12.0


def axis(first: date, last: date, width: float = 800) -> TimeAxis:
    return TimeAxis(first, last, 0, width)


def test_days_stand_in_proportion_and_what_is_beyond_at_the_edge() -> None:
    made = TimeAxis(date(2024, 1, 1), date(2024, 1, 11), 10, 110)
    assert [made.x(date(2024, 1, day)) for day in (1, 6, 11)] == [10, 60, 110]
    assert made.x(date(2030, 1, 1)) == 110
    assert made.x(date(2020, 1, 1)) == 10
    assert not made.holds(date(2024, 1, 12))


@each_row(
    ("last", "texts", "years"),
    [
        (date(2024, 12, 23), ["Dec 2", "Dec 9", "Dec 16", "Dec 23"], ["2024", "", "", ""]),
        (date(2025, 2, 20), ["Dec 2", "Dec 16", "Dec 30", "Jan 13", "Jan 27", "Feb 10"], None),
        (date(2025, 5, 30), ["Dec", "Jan", "Feb", "Mar", "Apr", "May"], None),
        (date(2031, 1, 30), [str(year) for year in range(2025, 2032)], None),
    ],
)
def test_the_labels_are_round_days(last: date, texts: list[str], years: list[str] | None) -> None:
    with translation.override("en"):
        made = ticks(axis(date(2024, 11, 29), last, width=330), SIZE)
    assert [tick.text for tick in made] == texts
    if years is not None:
        assert [tick.year for tick in made] == years


def test_each_new_year_is_said() -> None:
    with translation.override("en"):
        made = ticks(axis(date(2024, 10, 1), date(2025, 4, 1)), SIZE)
    assert [tick.year for tick in made if tick.year] == ["2024", "2025"]


@given(st.integers(1, 4000), st.integers(250, 900), st.sampled_from(["zh-hans", "en"]))
def test_no_two_labels_touch(days: int, width: int, language: str) -> None:
    first = date(2023, 3, 15)
    made = axis(first, first + timedelta(days=days), width)
    with translation.override(language):
        labels = ticks(made, SIZE)
    places = [(made.x(tick.day), width_of(tick.text, SIZE) / 2) for tick in labels]
    for (x, half), (next_x, next_half) in pairwise(places):
        assert x + half <= next_x - next_half


def test_a_label_goes_where_it_has_room() -> None:
    row = LabelRow(0, 200, SIZE)
    assert row.place(100, "今天") == "middle"  # from 88 to 112
    assert row.place(100, "今天") is None
    assert row.place(120, "今天") == "start"
    assert row.place(80, "今天") == "end"
    assert row.place(5, "一") == "start"
    assert row.place(199, "一", "start") is None
