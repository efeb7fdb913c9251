"""What is asked of an import's names, and what is proposed."""

from __future__ import annotations

from datetime import date

from projects.weeks import WEEK as ONE_WEEK
from reports.importer.decisions import Decisions, key_of
from reports.importer.doubts import METRICS, NAMES, Doubt, ReadPage, doubts_of
from reports.importer.plan import make_plan
from reports.importer.planned import KnownFacts
from tests.reports.importer.pages import WEEK, parsed

type Dated = tuple[str, date]


def asked(kind: str, *bodies: Dated) -> list[Doubt]:
    """The doubts of that kind of pages with these bodies."""
    pages = [parsed(f"# 周报\n\n{body}\n", week) for body, week in bodies]
    read = [ReadPage(at, key_of(page.source), page) for at, page in enumerate(pages, start=1)]
    known_facts = KnownFacts("calendar")
    plan = make_plan(pages, known_facts)
    return [d for d in doubts_of(read, plan, known_facts, Decisions(), []) if d.kind == kind]


def roles(*bodies: Dated) -> dict[str, str]:
    (doubt,) = asked(NAMES, *[(f"## 【O1 业务】\n\n{body}", week) for body, week in bodies])
    return {row["name"]: row["role"] for row in doubt.detail["names"]}


def test_a_name_with_words_that_say_nothing_is_proposed_as_the_same() -> None:
    pages = (("1. 票据池：进度30%", WEEK), ("1. 票据池系统改造：进度50%", WEEK + ONE_WEEK))
    assert roles(*pages) == {"票据池": "same", "票据池系统改造": "same"}


def test_a_name_that_tells_its_former_one_joins_both() -> None:
    pages = (
        ("1. 海外收单：进度50%\n2. 分账：进度5%", WEEK + 2 * ONE_WEEK),
        ("1. 海外收单（原跨境收单）：进度40%", WEEK + ONE_WEEK),
        ("1. 跨境收单：进度30%", WEEK),
    )
    assert set(roles(*pages).values()) == {"same"}


def test_a_second_phase_is_proposed_as_another_project() -> None:
    pages = (("1. 票据池项目：进度95%", WEEK), ("1. 票据池二期：进度10%", WEEK + ONE_WEEK))
    assert sorted(roles(*pages).values()) == ["apart", "same"]


def test_a_name_with_an_acronym_is_asked_about_and_never_joined_by_itself() -> None:
    pages = (("1. AML名单筛查：进度30%", WEEK), ("1. 反洗钱名单筛查：进度50%", WEEK + ONE_WEEK))
    assert sorted(roles(*pages).values()) == ["apart", "same"]


def test_names_beside_each_other_are_proposed_as_two_projects() -> None:
    body = "1. 票据池：进度30%\n2. 票据池改造：进度50%"
    assert roles((body, WEEK)) == {"票据池": "same", "票据池改造": "apart"}
    two_pages = (("1. 票据池：进度30%", WEEK), ("1. 票据池改造：进度50%", WEEK))
    assert set(roles(*two_pages).values()) == {"same", "apart"}


def test_of_two_that_stand_beside_each_other_one_is_the_main_ones() -> None:
    pages = (
        ("1. 票据池：进度30%", WEEK),
        ("1. 票据池改造：进度40%\n2. 票据池建设：进度10%", WEEK + ONE_WEEK),
        ("1. 票据池：进度50%", WEEK + 2 * ONE_WEEK),
    )
    assert sorted(roles(*pages).values()) == ["apart", "same", "same"]


def test_a_measure_of_something_narrower_is_proposed_as_another_metric() -> None:
    section = "## 【系统运行数据】\n\n"
    pages = (
        (f"{section}转账成功率：99.1%", WEEK),
        (f"{section}国际转账成功率：95.2%", WEEK + ONE_WEEK),
    )
    (doubt,) = asked(METRICS, *pages)
    assert sorted(row["role"] for row in doubt.detail["names"]) == ["apart", "same"]
