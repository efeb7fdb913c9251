"""Damaged pages through the whole of an import: parsed, planned, applied, compiled, printed.

Whatever a hurried hand, a bad paste or a broken export makes of a page: nothing raises, and every
line of text stands in the Markdown of its week.
"""

from __future__ import annotations

import random
import re
from typing import Final

import pytest
from hypothesis import settings

from projects.models import PlannedItem, Team
from reports.importer.database.apply import apply_plan
from reports.importer.database.batch import undo
from reports.importer.database.known import load_known
from reports.importer.page import ParsedPage
from reports.importer.plan import make_plan
from reports.render import wording
from reports.render.markdown import markdown
from reports.weekly.compile import compile_week
from reports.weekly.load.week import load_week
from tests.factories import make_team
from tests.reports.importer import pages
from tests.reports.importer.pages import WEEK, parsed

pytestmark = pytest.mark.django_db

SEEDS: Final = 20 if settings.get_current_profile_name() in ("ci", "explore") else 8
_LINES: Final = [line for text in pages.ALL for line in text.splitlines()]
_SIGNS: Final = (
    "**",
    "【",
    "】",
    "：",
    "|",
    "| a | b |",
    "```",
    "> ",
    "- ",
    "1. ",
    "①",
    "（1）",
    "◆",
    "一、",
    "- [x] ",
    "## ",
    "１２％",
    "99999999999999999999%",
    "12/31",
    "2月30日",
    "3/0",
    "\u200b",
    "\u3000",
    "\x00",
    "🎉",
    "06/18 12:03 ",
    "AB级3次",
    "25:00",
    "https://example.org/a_b",
)
# What two spellings of a line may differ in: marks, brackets, spaces, case.
_FOLDED: Final = re.compile(r"[\s\0*_`「」【】\[\]()（）:：，,。.、；;《》“”\"'#>\-–—]")
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARK: Final = re.compile(r"^\s*(?:[-*+]|\d+[.、)]|#+|>)*\s*(?:\[[ x]\])?\s*")


def folded_lines(text: str) -> list[str]:
    """The lines of text without their list marks and all that may differ; no empty ones."""
    lines = (_MARK.sub("", _LINK.sub(r"\1", line)) for line in text.splitlines())
    return [folded for line in lines if (folded := _FOLDED.sub("", line).lower())]


def mutated(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(lines))
        match chance.randrange(10):
            case 0 if len(lines) > 1:
                del lines[at]
            case 1:
                lines.insert(at, lines[at])
            case 2:
                other = chance.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines.insert(at, chance.choice(_LINES))
            case 4 if at + 1 < len(lines):
                lines[at] += lines.pop(at + 1)
            case _:
                lines[at] = damaged(lines[at], chance)
    return "\n".join(lines)


def damaged(line: str, chance: random.Random) -> str:
    place = chance.randint(0, len(line))
    return chance.choice(
        (
            line[:place],
            line + chance.choice(_LINES),
            " " * chance.randint(0, 10) + line.lstrip(),
            chance.choice(_SIGNS) + line.lstrip(" -*#0123456789.、"),
            line[:place] + chance.choice(_SIGNS) + line[place:],
        )
    )


def printed(team: Team) -> str:
    return markdown(compile_week(load_week(team, WEEK)), language="zh-hans")


def imported(team: Team, *parsed_pages: ParsedPage) -> None:
    apply_plan(make_plan(parsed_pages, load_known(team, team.numbering)), team)


@pytest.mark.parametrize("text", pages.ALL)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_line_of_a_damaged_page_is_printed(text: str, seed: int) -> None:
    page = mutated(text, random.Random(seed))
    team = make_team()
    imported(team, parsed(page))
    back = "".join(folded_lines(printed(team)))
    assert [line for line in folded_lines(page) if line not in back] == []


def test_two_pages_of_one_week_are_both_printed() -> None:
    team = make_team()
    imported(team, parsed(pages.NOTION), parsed(pages.PLAIN))
    back = "".join(folded_lines(printed(team)))
    lines = folded_lines(pages.NOTION) + folded_lines(pages.PLAIN)
    assert [line for line in lines if line not in back] == []


@pytest.mark.parametrize(
    "line",
    [
        "【聚合收单】1. 商户签约完成",
        "【聚合收单】99.995%的交易已切换",
        "聚合收单：- [x] 商户签约",
        "1. 聚合收单：3、商户签约",
        "- | 聚合收单：98%",
        "# 下周计划\n1. \n①",
        "## 本周工作\n### 1.3 跨境\n- 已开户\n## 业务\n### 2.3 跨境\n- 进度40%",
        "# 下周计划\n重点：\n   1. \n       - 商户签约\n",
    ],
)
def test_text_that_looks_like_a_list_item_stays_on_its_line(line: str) -> None:
    page = f"{line}\n\n## 【O1 业务】\n{line}\n"
    team = make_team()
    imported(team, parsed(page))
    back = "".join(folded_lines(printed(team)))
    assert [line for line in folded_lines(page) if line not in back] == []


def test_a_page_without_a_title_keeps_its_headings() -> None:
    page = "◆下周计划\n●全量\n商户部\n◆重点项目\n◆重点项目\n"
    team = make_team()
    imported(team, parsed(page))
    assert printed(team).count("重点项目") == 2


def test_importing_again_after_undo_gives_the_same_page() -> None:
    team = make_team()
    page = parsed(pages.NOTION)
    batch = apply_plan(make_plan([page], load_known(team, team.numbering)), team)
    assert batch is not None
    before = printed(team)
    assert make_plan([page], load_known(team, team.numbering)).is_empty
    undo(batch)
    imported(team, page)
    assert printed(team) == before


def test_plans_in_a_table_are_printed_once_and_carried_over() -> None:
    team = make_team()
    page = "# 2024-W26\n## 下周计划\n| 工作内容 | 负责人 |\n|---|---|\n| 入驻提测 | 甲 |\n"
    imported(team, parsed(page))
    assert printed(team).count("入驻提测") == 1
    assert [item.text for item in PlannedItem.objects.filter(team=team)] == ["入驻提测"]


def test_tables_of_metrics_and_incidents_are_printed_once() -> None:
    team = make_team()
    page = (
        "# 2024-W25\n\n## 系统运行数据\n\n| 指标 | 本周 | 上周 |\n|---|---|---|\n"
        "| 入金成功率 | 99.9% | 99.8% |\n\n## 生产事件\n\n| 时间 | 描述 | 原因 |\n|---|---|---|\n"
        "| 6/18 12:03 | 对账超时 | 快照过大 |\n"
    )
    imported(team, parsed(page))
    back = printed(team)
    assert [back.count(words) for words in ("入金成功率", "对账超时", "快照过大")] == [1, 1, 1]


def test_a_heading_with_its_text_below_deeper_ones_is_not_called_empty() -> None:
    team = make_team()
    page = (
        "# 2024-W25\n\n# 上周进展\n\n## 【O1 业务】\n\n- 灯塔：整体进度85%\n\n## 【O2 平台】\n\n"
        "### A. 账户\n\n- 核对完成\n\n# 反思\n"
    )
    imported(team, parsed(page))
    empty = str(wording.empty())
    assert [line.startswith(f"> {empty}") for line in printed(team).splitlines()].count(True) == 1
