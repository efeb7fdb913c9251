"""One page in each container that people keep pages in: the same facts come of all of them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import docx
import pytest
from django.core.management import call_command
from markdown_it import MarkdownIt

from projects.weeks import monday_of
from reports.importer.contract import as_json
from reports.importer.database.apply import apply_plan
from reports.importer.database.known import load_known
from reports.importer.page import ParsedPage
from reports.importer.plan import make_plan
from reports.importer.sources.clipboard import pasted_page
from tests.factories import make_team
from tests.reports.importer import pages
from tests.reports.importer.books import read_file, workbook

TABLE: Final = (
    ("项目", "负责人", "进度", "状态", "计划完成", "本周进展", "下周计划"),
    ("短信网关", "张伟", "65%", "有风险", "2024-06-28", "路由联调完成", "灰度"),
    ("电子回单", "李娜", "100%", "正常", "2024-06-20", "已上线", "复盘"),
)
MARKDOWN: Final = "\n".join(
    [
        "# 2024-W25 周报",
        "",
        "## O1 业务服务",
        "",
        "- 规则引擎：开发进度40%，预计7月5日提测",
        "- 账单中心：整体进度85%",
        "",
        "## 本周进展",
        "",
        *(f"| {' | '.join(row)} |" for row in (TABLE[0], ["---"] * 7, *TABLE[1:])),
        "",
        "## 系统运行数据",
        "",
        "- 入金成功率：99.97%",
        "",
        "## 下周计划",
        "",
        "1. 规则引擎提测",
        "",
        "## 风险",
        "",
        "厂商排期未定",
        "",
    ]
)


def html() -> str:
    return str(MarkdownIt().enable("table").render(MARKDOWN))


def plain() -> str:
    """As somebody writes it into a mail: no Markdown, the table pasted from a spreadsheet."""
    lines = ["\t".join(cells) if len(cells) > 1 else cells[0] for cells in rows()]
    headings = {line.lstrip("# ") for line in MARKDOWN.splitlines() if line.startswith("## ")}
    dressed = (f"【{line}】" if line in headings else line for line in lines)
    return "\n".join(f"• {line[2:]}" if line.startswith("- ") else line for line in dressed)


def word() -> bytes:
    document = docx.Document()
    for line in MARKDOWN.splitlines():
        text = line.lstrip("#-1. ")
        if line.startswith("#"):
            document.add_heading(text, level=line.index(" "))
        elif line.startswith("- "):
            document.add_paragraph(text, style="List Bullet")
        elif line.startswith("1. "):
            document.add_paragraph(text, style="List Number")
        elif line.startswith("| 项目"):
            table = document.add_table(0, len(TABLE[0]))
            for row in TABLE:
                for cell, value in zip(table.add_row().cells, row, strict=True):
                    cell.text = value
        elif line and not line.startswith("|"):
            document.add_paragraph(text)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def rows() -> list[Sequence[str]]:
    """Each line in the first column, the table in its own columns."""
    table = iter(TABLE)
    return [
        next(table) if line.startswith("| ") else [line.replace("# ", "").replace("#", "")]
        for line in MARKDOWN.splitlines()
        if "---" not in line
    ]


def separated() -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows(rows())
    return written.getvalue().encode("gbk")


def notion() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(f"周报 {'0' * 32}/2024-W25 {'1' * 32}.md", MARKDOWN)
    return written.getvalue()


def pasted() -> bytes:
    content, ending = pasted_page(html(), plain())
    assert ending == "html"
    return content.encode()


CONTAINERS: Final[Mapping[str, Callable[[], bytes]]] = {
    "2024-W25.md": MARKDOWN.encode,
    "2024-W25.txt": lambda: plain().encode("utf-16"),
    "2024-W25.html": lambda: html().encode(),
    "2024-W25.docx": word,
    "2024-W25.xlsx": lambda: workbook(("Sheet1", rows())),
    "2024-W25.csv": separated,
    "export.zip": notion,
    "pasted.html": pasted,
}


def facts(page: ParsedPage) -> dict[str, Any]:
    """Everything of the JSON but where it stands."""
    plain_page = as_json(page)
    names = (
        "week",
        "objectives",
        "projects",
        "progress",
        "dates",
        "metrics",
        "next_goals",
        "unread",
    )
    return {
        name: [{k: v for k, v in fact.items() if k != "line"} for fact in plain_page[name]]
        if name != "week"
        else plain_page[name]["start"]
        for name in names
    }


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_page_gives_the_same_facts_in_each_container(tmp_path: Path, name: str) -> None:
    result = read_file(tmp_path, name, CONTAINERS[name]())
    assert result.unreadable == []
    (page,) = result.pages
    page_facts = facts(page)
    assert page_facts == facts(pages.parsed(MARKDOWN, monday_of(page.week.start)))
    assert [(p["project"], p["percent"]) for p in page_facts["progress"]] == [
        ("规则引擎", 40),
        ("账单中心", 85),
        ("短信网关", 65),
        ("电子回单", 100),
    ]
    assert [(d["project"], d["date"]) for d in page_facts["dates"]] == [
        ("规则引擎", "2024-07-05"),
        ("短信网关", "2024-06-28"),
        ("电子回单", "2024-06-20"),
    ]
    assert [goal["text"] for goal in page_facts["next_goals"]] == [
        *("短信网关：灰度", "电子回单：复盘"),
        "规则引擎提测",
    ]
    assert page_facts["unread"] == []


@pytest.mark.django_db
def test_markdown_and_html_of_a_week_come_back_equal(tmp_path: Path) -> None:
    exported = []
    for number, name in enumerate(("2024-W25.md", "2024-W25.html")):
        team = make_team(slug=f"team{number}")
        read = read_file(tmp_path, name, CONTAINERS[name]()).pages
        plan = make_plan(read, load_known(team, "iso"))
        apply_plan(plan, team)
        out = io.StringIO()
        week = read[0].week.start.isoformat()
        call_command("export_week", week, "--team", team.slug, "--format", "markdown", stdout=out)
        exported.append((as_json(read[0]) | {"source": ""}, out.getvalue().splitlines()))
    assert exported[0] == exported[1]
