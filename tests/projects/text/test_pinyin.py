from __future__ import annotations

from projects.text.pinyin import person_key, sort_key


def test_people_are_in_the_order_of_their_pinyin() -> None:
    people = ["许澄", "曾敏", "陈默", "Anna", "林岚", "单田", "陈立", "闫雯", ""]
    in_order = ["", "Anna", "陈立", "陈默", "林岚", "单田", "许澄", "闫雯", "曾敏"]
    assert sorted(people, key=person_key) == in_order


def test_projects_of_either_script_are_in_one_order() -> None:
    projects = ["双活", "POS 收单", "贝易转", "docAI", "自建 POS", "对账"]
    in_order = ["贝易转", "docAI", "对账", "POS 收单", "双活", "自建 POS"]
    assert sorted(projects, key=sort_key) == in_order
