"""Whom a text names after an @."""

from __future__ import annotations

import pytest

from projects.comments.mentions import Names, Person, SeveralMeant, choices
from tests.tables import each_row

PEOPLE = (
    Person(1, "李磊", "lilei"),
    Person(2, "李磊磊", "lll"),
    Person(3, "Ann Lee", "ann"),
    Person(4, "王芳", "wangfang1"),
    Person(5, "王芳", "wangfang2"),
    Person(6, "曾明", "zm"),
    Person(7, "", "ops.bot"),
    Person(8, "孙丽", "sunli"),
    Person(9, "孙莉", "sl"),
    Person(10, "吴立", "wl"),
    Person(11, "吴莉", "wuli2"),
)


@each_row(
    ("text", "ids"),
    [
        ("请@李磊 看一下", [1]),
        ("请@李磊看一下", [1]),
        ("＠李 磊：看一下", [1]),
        ("@李磊磊，还有@李磊", [2, 1]),
        ("@李磊@李磊磊@李磊", [1, 2]),
        ("@lilei and @LILEI", [1]),
        ("@ＬｉＬｅｉ", [1]),
        ("@Ann Lee, please", [3]),
        ("@ann!", [3]),
        ("@annie is not Ann", []),
        ("@zengming", [6]),
        ("@ops.bot", [7]),
        ("@王芳 (wangfang2) 请看", [5]),
        ("@王芳（wangfang1）请看", [4]),
        ("@wangfang2", [5]),
        ("@sunli", [8]),  # a user name, though the other's name is read so
        ("lilei@lilei.example.com", []),
        ("@", []),
        ("@ \n李磊", []),
        ("@赵六 不在", []),
        ("李磊", []),
        ("@@李磊", [1]),
        ("\u202e@李\u200b磊", [1]),
    ],
)
def test_longest_name_after_an_at_is_meant(text: str, ids: list[int]) -> None:
    assert [person.id for person in Names(PEOPLE).mentioned_in(text)] == ids


@each_row(
    ("text", "people"),
    [
        ("@王芳 请看", ("王芳 (wangfang1)", "王芳 (wangfang2)")),
        ("@wuli", ("吴立 (wl)", "吴莉 (wuli2)")),
    ],
)
def test_name_of_several_people_is_asked_about(text: str, people: tuple[str, ...]) -> None:
    with pytest.raises(SeveralMeant) as error:
        Names(PEOPLE).mentioned_in(text)
    assert error.value.people == people


def test_team_without_people_mentions_nobody() -> None:
    assert Names(()).mentioned_in("@李磊") == ()


def test_each_choice_names_one_person_and_is_found_by_all_their_names() -> None:
    offered = {choice.written: choice.keys for choice in choices(PEOPLE)}
    assert len(offered) == len(PEOPLE)
    assert offered["吴立"] == ("吴立", "wl", "wuli")
    assert "王芳" not in offered
    for written in offered:
        assert len(Names(PEOPLE).mentioned_in(f"@{written} 请看")) == 1, written
