"""HTML to Markdown: what Word, WPS, mail, Notion and Confluence save."""

from __future__ import annotations

import re
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.importer.formats import read_document
from reports.importer.formats.markup import html_to_markdown, markdown_of
from reports.importer.formats.problems import CannotReadError
from tests.tables import each_row


def body(html: str) -> str:
    return markdown_of(f"<html><body>{html}</body></html>").strip()


@each_row(
    ("html", "markdown"),
    [
        ("<h1>周报</h1><h3>O1 业务</h3>", "# 周报\n\n### O1 业务"),
        ("<p>甲<br>乙</p><p>丙</p>", "甲\n乙\n\n丙"),
        ("<p>a_b * 2.0 #1 [x]</p>", "a_b * 2.0 #1 [x]"),
        ("<p>1. 甲</p>", "1. 甲"),
        ("<ul><li>甲<ul><li>乙</li></ul></li><li>丙</li></ul>", "- 甲\n  - 乙\n- 丙"),
        ("<ol><li>甲<ol><li>乙</li></ol></li><li>丙</li></ol>", "1. 甲\n   1. 乙\n2. 丙"),
        ("<ol start=3><li>甲</li><li>乙</li></ol>", "3. 甲\n4. 乙"),
        ("<ul><li>甲</li><ul><li>乙</li></ul></ul>", "- 甲\n  - 乙"),
        ("<ul><li><p>甲</p><p>乙</p></li></ul>", "- 甲\n\n  乙"),
        ("<p><b>甲</b><strong>乙</strong>：丙</p>", "**甲乙**：丙"),
        ("<p><b>甲<br>乙</b></p>", "**甲**\n**乙**"),
        ("<p><span style='font-weight:700'>甲</span></p>", "**甲**"),
        ("<b style='font-weight:normal'><p>甲</p></b>", "甲"),
        ("<p><a href='https://example.com/a b'>链接</a></p>", "[链接](https://example.com/a%20b)"),
        ("<p><a name=x>锚</a></p>", "锚"),
        ("<p>图<img src='data:image/png;base64,xx' alt='曲线'></p>", "图曲线"),
        ("<p><s>甲</s></p>", "~~甲~~"),
        ("<pre>甲\n  乙</pre>", "甲\n  乙"),
        ("<pre><code>x = 1</code></pre>", "```\nx = 1\n```"),
        ("<details><summary>甲</summary>乙</details>", "甲\n\n乙"),
        ("<header>甲</header><main>乙</main>", "甲\n\n乙"),
        ("<p>甲</p><script>no</script><style>no</style><!-- no -->", "甲"),
        ("<p>甲&nbsp;&nbsp;乙</p>", "甲 乙"),
        ("<p>甲</p><?php echo 1 ?>", "甲"),
    ],
)
def test_elements(html: str, markdown: str) -> None:
    assert body(html) == markdown


def test_lines_wrapped_by_the_program_are_joined() -> None:
    html = "<p class=MsoNormal>本周完成\r\n联调，release\r\nnotes已发</p>"
    assert body(html) == "本周完成联调，release notes已发"


@each_row(
    ("html", "line"),
    [
        ("<ul><li><input type=checkbox checked> 甲</li></ul>", "- [x] 甲"),
        ("<ul><li><input type=checkbox> 甲</li></ul>", "- [ ] 甲"),
        ("<ul><li><div class='checkbox checkbox-on'></div> <span>甲</span></li></ul>", "- [x] 甲"),
        ("<ul class=inline-task-list><li class=checked>甲</li></ul>", "- [x] 甲"),
        ("<ul class=inline-task-list><li>甲</li></ul>", "- [ ] 甲"),
    ],
)
def test_check_boxes(html: str, line: str) -> None:
    assert re.sub(r"\s+", " ", body(html)) == line


def test_list_paragraphs_of_word() -> None:
    def item(level: int, mark: str, text: str) -> str:
        return (
            f"<p class=MsoListParagraph style='mso-list:l0 level{level} lfo1'>"
            f"<![if !supportLists]><span><span style='mso-list:Ignore'>{mark}"
            f"<span style='font:7.0pt'>&nbsp;&nbsp; </span></span></span><![endif]>{text}</p>"
        )

    html = item(1, "l", "甲") + item(2, "1.", "乙") + item(1, "（二）", "丙")
    assert body(html).split("\n\n") == ["- 甲", "    1. 乙", "（二） 丙"]


# ---- tables


def test_a_table() -> None:
    html = "<table><tr><th>项目</th><th>进度</th></tr><tr><td>收银台</td><td>85%</td></tr></table>"
    assert body(html) == "| 项目 | 进度 |\n| --- | --- |\n| 收银台 | 85% |"


def test_merged_cells_are_written_out() -> None:
    html = (
        "<table><tr><td rowspan=3>O1</td><td colspan=2>进度</td></tr>"
        "<tr><td>甲</td><td rowspan=2>85%</td></tr><tr><td>乙</td></tr></table>"
    )
    assert body(html).splitlines() == [
        "| O1 | 进度 |  |",
        "| --- | --- | --- |",
        "|  | 甲 | 85% |",
        "|  | 乙 |  |",
    ]


def test_lines_within_a_cell_stay_apart() -> None:
    html = (
        "<table><tr><td>a|b</td><td><p>甲</p><p>乙</p></td></tr>"
        "<tr><td>一<br>二</td><td><ul><li>三</li><li>四</li></ul></td></tr></table>"
    )
    assert body(html).splitlines()[::2] == ["| a\\|b | 甲<br>乙 |", "| 一<br>二 | - 三<br>- 四 |"]


def test_a_layout_table_becomes_blocks() -> None:
    inner = "<table><tr><td>甲</td><td>1</td></tr><tr><td>乙</td><td>2</td></tr></table>"
    html = f"<table><tr><td><h2>周报</h2>{inner}</td></tr></table>"
    assert body(html) == "## 周报\n\n| 甲 | 1 |\n| --- | --- |\n| 乙 | 2 |"


def test_absurd_spans_are_cut() -> None:
    html = "<table><tr><td rowspan=9999999 colspan=9999999>x<td>y<tr><td>z</table>"
    assert len(body(html)) < 5000


# ---- whole documents


@each_row("charset", ["utf-8", "gb2312", "gbk", "big5"])
def test_the_charset_that_the_page_declares(charset: str) -> None:
    html = f"<html><head><meta charset={charset}></head><body><p>O1 二手</p></body></html>"
    assert html_to_markdown(html.encode(charset)) == "O1 二手\n"


def test_a_week_named_only_by_the_window_title_is_kept() -> None:
    assert markdown_of("<title>支付 2024-W25</title><p>甲</p>") == "# 支付 2024-W25\n\n甲\n"
    assert markdown_of("<title>2024-W25</title><h1>2024-W25</h1>") == "# 2024-W25\n"
    assert markdown_of("<title>无标题文档</title><p>甲</p>") == "甲\n"


def test_xhtml() -> None:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
    assert markdown_of(f"{head}<html><body><p>甲</p></body></html>") == "甲\n"
    assert markdown_of(f"{head}<p>甲</p>") == "甲\n"


def test_damaged_html_is_refused_by_line() -> None:
    with pytest.raises(CannotReadError) as caught:
        read_document(
            ".html", "<p>第一行内容与第二行内容都完整无缺地写在这里</p>\n".encode() + b"\xff"
        )
    assert caught.value.line == 2


@each_row(
    "html",
    ["<div>" * 5000, "<b>" * 3000, "<table><tr><td>" * 800, "<ul><li>" * 2000, "<li>" * 5000],
)
def test_absurd_nesting_loses_structure_but_no_text(html: str) -> None:
    started = process_time()
    assert "正文" in body(f"{html}正文")
    assert process_time() - started < 5


_TAGS = st.sampled_from(
    ["p", "b", "ul", "ol", "li", "table", "tr", "td", "th", "h2", "br", "a", "pre", "div", "span"]
)
_PIECE = st.one_of(
    _TAGS.map(lambda tag: f"<{tag}>"),
    _TAGS.map(lambda tag: f"</{tag}>"),
    st.text("甲乙丙ab1.-# \n", min_size=1, max_size=8),
)


@given(st.lists(_PIECE, max_size=60).map("".join))
def test_every_character_of_text_comes_through(html: str) -> None:
    text = re.sub(r"<[^>]*>", "", html)
    markdown = body(html)
    for sign in "甲乙丙":
        assert markdown.count(sign) == text.count(sign)


@given(st.text(max_size=200))
def test_any_html_can_be_converted(html: str) -> None:
    markdown_of(html)
