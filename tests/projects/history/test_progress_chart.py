from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from projects.history.axis import width_of
from projects.history.forecast import Forecast, forecast
from projects.history.progress_chart import NARROW, WIDE, Size, draw, in_words, legend
from projects.history.timeline import DueDate, Happening, Point, Timeline
from projects.weeks import WEEK

MONDAY = date(2024, 6, 17)
TODAY = date(2024, 6, 19)
SVG = "{http://www.w3.org/2000/svg}"
BOTH = pytest.mark.parametrize("size", [WIDE, NARROW], ids=lambda size: size.name)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def weekly(*percents: float | None) -> tuple[Point, ...]:
    begin = MONDAY - WEEK * (len(percents) - 1)
    return tuple(
        Point(begin + n * WEEK, Decimal(str(percent)))
        for n, percent in enumerate(percents)
        if percent is not None
    )


def due(*days: date) -> tuple[DueDate, ...]:
    return tuple(DueDate(MONDAY - 4 * WEEK, day, "day") for day in days)


USUAL = Timeline(
    TODAY,
    weekly(20, 24, 30, None, 41, 50, 48, 60),
    due(date(2024, 6, 30), date(2024, 7, 20), date(2024, 8, 15)),
    (Happening(date(2024, 6, 4), "回调<超时>"),),
    "一期上线",
)


@BOTH
def test_the_border_between_history_and_present_is_a_line(size: Size) -> None:
    border = MONDAY - 2 * WEEK
    drawn = draw(replace(USUAL, border=border), None, "网关", size)
    assert drawn.count('class="border"') == 1
    assert ">team starts<" in drawn
    assert 'class="border"' not in draw(
        replace(USUAL, border=MONDAY - 60 * WEEK), None, "网关", size
    )


def forecast_of(timeline: Timeline) -> Forecast | None:
    made = forecast([(p.week, p.percent) for p in timeline.points], timeline.today)
    return made if isinstance(made, Forecast) else None


def drawn(timeline: Timeline, size: Size = WIDE) -> etree._Element:
    """The picture, read as XML: it fails where that is not well-formed."""
    svg = draw(timeline, forecast_of(timeline), "贝易转", size)
    return etree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def of_kind(svg: etree._Element, kind: str) -> list[etree._Element]:
    return [shape for shape in svg.iter() if shape.get("class") == kind]


def places(shape: etree._Element) -> list[tuple[float, float]]:
    """The corners of a path of M and L; H and V keep the other coordinate."""
    points: list[tuple[float, float]] = []
    for step, figures in re.findall(r"([MLHV])([-\d. ]+)", shape.get("d") or ""):
        numbers = [float(figure) for figure in figures.split()]
        if step == "H":
            points.append((numbers[0], points[-1][1]))
        elif step == "V":
            points.append((points[-1][0], numbers[0]))
        else:
            points.append((numbers[0], numbers[1]))
    return points


def all_places(svg: etree._Element) -> Iterator[tuple[float, float]]:
    for shape in svg.iter():
        yield from places(shape)
        for x, y in (("x", "y"), ("cx", "cy"), ("x1", "y1"), ("x2", "y2")):
            if shape.get(x) is not None:
                yield float(shape.get(x) or ""), float(shape.get(y) or "")


def boxes(svg: etree._Element) -> list[tuple[str, float, float, float, float]]:
    """Each label: its text, left, right, top and foot."""
    texts = []
    for label in svg.iter(f"{SVG}text"):
        text = label.text or ""
        width = width_of(text, 12)
        shift = {"start": 0.0, "middle": width / 2, "end": width}[label.get("text-anchor") or ""]
        left, foot = float(label.get("x") or "") - shift, float(label.get("y") or "")
        texts.append((text, left, left + width, foot - 10, foot + 2))
    return texts


def assert_in_order(svg: etree._Element) -> None:
    """Everything stands in the picture, no two labels overlap, and a strict CSP lets it pass."""
    _x, _y, width, height = (float(figure) for figure in (svg.get("viewBox") or "").split())
    assert all(0 <= x <= width and 0 <= y <= height for x, y in all_places(svg))
    for text, left, right, top, foot in boxes(svg):
        assert left >= -0.1, text
        assert right <= width + 0.1, text
        assert top >= 0, text
        assert foot <= height, text
    for box, other in combinations(boxes(svg), 2):
        apart = box[2] <= other[1] or other[2] <= box[1] or box[4] <= other[3] or other[4] <= box[3]
        assert apart, (box, other)
    assert not [shape for shape in svg.iter() if shape.get("style") or shape.tag == f"{SVG}style"]
    assert not svg.xpath("//@*[starts-with(name(), 'on')]")


@BOTH
def test_the_usual_picture(size: Size) -> None:
    svg = drawn(USUAL, size)
    assert_in_order(svg)
    for kind in ("actual", "gap", "plan", "forecast", "range", "due", "today", "incident"):
        assert len(of_kind(svg, kind)) == 1, kind
    assert [label.text for label in of_kind(svg, "value")] == ["60%"]
    texts = {text for text, *_ in boxes(svg)}
    assert {"0%", "50%", "100%", "today", "Due", "Jun 30", "Jul 20", "Aug 15"} <= texts


def test_the_percents_stand_at_their_height() -> None:
    svg = drawn(Timeline(TODAY, weekly(0, 50, 100)))
    heights = [y for _x, y in places(of_kind(svg, "actual")[0])]
    lines = [float(line.get("y1") or "") for line in of_kind(svg, "grid")[:5]]
    assert heights == [lines[0], lines[2], lines[4]]


def test_weeks_without_a_percent_are_a_dotted_gap() -> None:
    svg = drawn(Timeline(TODAY, weekly(10, 20, None, 40, None, None, 70, 80)))
    assert len(re.findall("M", of_kind(svg, "actual")[0].get("d") or "")) == 2
    gaps = places(of_kind(svg, "gap")[0])
    assert len(gaps) == 4
    # The point that stands alone between two gaps has no line of its own.
    assert len(places(of_kind(svg, "actual")[0])) == 4


def test_a_slip_steps_to_the_right_and_a_date_that_comes_nearer_to_the_left() -> None:
    dates = due(date(2024, 7, 1), date(2024, 8, 1), date(2024, 7, 15))
    stairs = places(of_kind(drawn(replace(USUAL, due_dates=dates)), "due")[0])
    xs = [x for x, _y in stairs]
    assert xs[0] == xs[1] < xs[2] == xs[3]
    assert xs[4] < xs[3]
    assert [y for _x, y in stairs] == sorted(y for _x, y in stairs)


def test_what_is_told_twice_is_told_the_same() -> None:
    words = in_words(USUAL, forecast_of(USUAL))
    assert "20% on May 3, 60% on Jun 19." in words
    assert "Due Aug 15, moved later 2 times." in words
    assert "1 incident." in words
    svg = drawn(USUAL)
    assert svg.get("role") == "img"
    title, desc = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert (title.get("id"), desc.get("id")) == (
        svg.get("aria-labelledby"),
        svg.get("aria-describedby"),
    )
    assert title.text == "贝易转: progress over time"
    assert desc.text == words


def test_words_of_people_cannot_break_out() -> None:
    svg = draw(USUAL, None, "<script>")
    assert "<script>" not in svg
    assert "回调&lt;超时&gt;" in svg


def test_the_legend_names_what_is_there_and_no_more() -> None:
    made = legend(USUAL, forecast_of(USUAL))
    for words in ("Complete", "Weeks without", "Jun 30", "Forecast", "“一期上线”", "Incident"):
        assert words in made
    assert legend(Timeline(TODAY, weekly(40)), None).count("<li>") == 1


@BOTH
@pytest.mark.parametrize(
    "timeline",
    [
        Timeline(TODAY, weekly(40)),
        Timeline(TODAY, weekly(40), due(date(2024, 7, 1))),
        Timeline(TODAY, (), due(date(2024, 7, 1))),
        Timeline(TODAY, (), (), (Happening(TODAY, "超时"),)),
        Timeline(TODAY, weekly(80, 70, 60, 50, 40)),
        Timeline(TODAY, weekly(1, 2, 3, 4, 5), due(date(2034, 12, 31))),
        Timeline(TODAY, weekly(1, 2, 3, 4, 5), due(date(2004, 12, 31), date(2024, 7, 1))),
        Timeline(
            TODAY, weekly(*[n / 4 for n in range(400)]), due(date(2020, 1, 1), date(2024, 9, 1))
        ),
        Timeline(TODAY, weekly(70, 90, 100), ended_on=TODAY),
        Timeline(date(2026, 1, 1), weekly(70, 90, 100), ended_on=TODAY),
        replace(USUAL, due_dates=due(*[date(2024, 7, 1) + n * WEEK for n in range(20)])),
        replace(USUAL, incidents=tuple(Happening(TODAY - n * WEEK, "x") for n in range(60))),
        replace(USUAL, started_on=date(2030, 1, 1)),
    ],
    ids=[
        *("one point", "one point and a date", "a date alone", "an incident alone"),
        *("going down", "due in ten years", "due before the start", "400 weeks"),
        *("done", "done long ago", "twenty moves", "sixty incidents", "starts in years"),
    ],
)
def test_every_course_is_drawn_in_order(timeline: Timeline, size: Size) -> None:
    assert_in_order(drawn(timeline, size))


def test_a_date_years_away_does_not_squeeze_what_is_known() -> None:
    svg = drawn(Timeline(TODAY, weekly(*range(1, 53)), due(date(2034, 12, 31))))
    xs = [x for x, _y in places(of_kind(svg, "actual")[0])]
    assert xs[-1] - xs[0] > WIDE.width * 0.4
    assert "Dec 31, 2034 →" in [text for text, *_ in boxes(svg)]


def test_a_finished_project_ends_with_its_end() -> None:
    svg = drawn(Timeline(date(2026, 1, 1), weekly(*range(81, 101)), ended_on=TODAY))
    assert not of_kind(svg, "today")
    assert places(of_kind(svg, "actual")[0])[-1][0] > WIDE.width * 0.9


def test_nothing_known_is_no_picture() -> None:
    assert draw(Timeline(TODAY), None, "贝易转") == ""


days = st.dates(date(2015, 1, 1), date(2035, 1, 1))
courses = st.builds(
    Timeline,
    today=st.just(TODAY),
    points=st.lists(st.one_of(st.none(), st.integers(0, 100)), max_size=80).map(
        lambda values: weekly(*values)
    ),
    due_dates=st.lists(days, max_size=12).map(lambda days_of: due(*days_of)),
    incidents=st.lists(days, max_size=5).map(
        lambda days_of: tuple(Happening(day, "x") for day in days_of if day <= TODAY)
    ),
    started_on=st.one_of(st.none(), days),
    ended_on=st.one_of(st.none(), days.filter(lambda day: day <= TODAY)),
)


@given(courses, st.sampled_from([WIDE, NARROW]), st.sampled_from(["en", "zh-hans"]))
def test_any_course_is_drawn_in_order(timeline: Timeline, size: Size, language: str) -> None:
    with translation.override(language):
        if timeline:
            assert_in_order(drawn(timeline, size))


def test_today_is_after_every_point() -> None:
    """A week that was told ahead of its time does not draw the line backwards."""
    ahead = Timeline(TODAY - timedelta(weeks=3), weekly(10, 20, 30, 40))
    xs = [x for x, _y in places(of_kind(drawn(ahead), "actual")[0])]
    assert xs == sorted(xs)
