"""The story that the demo tells, as people say it."""

from __future__ import annotations

from datetime import date

from reports.demo.story import StoryDue
from tests.tables import each_row


@each_row(
    ("due", "words"),
    [
        (StoryDue(date(2024, 7, 23)), "7月23日"),
        (StoryDue(date(2024, 7, 31), "month"), "7月底"),
        (StoryDue(date(2024, 7, 10), "part"), "7月上旬"),
        (StoryDue(date(2024, 7, 20), "part"), "7月中旬"),
        (StoryDue(date(2024, 7, 31), "part"), "7月下旬"),
    ],
)
def test_dates_are_spoken_as_people_say_them(due: StoryDue, words: str) -> None:
    assert due.spoken == words
