"""What people write, rendered as HTML."""

from __future__ import annotations

from bs4 import BeautifulSoup

from projects.text.markup import words
from tests.tables import each_row


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "lxml")


@each_row(
    ("text", "html"),
    [
        ("一行\n又一行", "<p>一行<br>\n又一行</p>"),
        ("~~旧~~", "<p><s>旧</s></p>"),
        ("    缩进一句", "<p>缩进一句</p>"),
        ("# 标题", "<h4>标题</h4>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[点](javascript:alert(1))", "<p>[点](javascript:alert(1))</p>"),
        (
            "![图](https://example.com/a.png)",
            '<p><a href="https://example.com/a.png" rel="noopener noreferrer">图</a></p>',
        ),
        ("![](a.png)", "<p>a.png</p>"),
        ('![<b>](javascript:1 "x")', '<p>![&lt;b&gt;](javascript:1 "x")</p>'),
        (
            '<p onclick="x()" style="color:red">好</p>',
            '<p>&lt;p onclick="x()" style="color:red"&gt;好&lt;/p&gt;</p>',
        ),
        ("3. 三\n4. 四", '<ol start="3">\n<li>三</li>\n<li>四</li>\n</ol>'),
    ],
)
def test_markdown_becomes_clean_html(text: str, html: str) -> None:
    assert words(text) == html


def test_a_table_is_kept_without_styles() -> None:
    table = soup(words("| 项 | 值 |\n|:--|--:|\n| a | 1 |"))
    assert [cell.text for cell in table.find_all("td")] == ["a", "1"]
    assert not table.find(style=True)


def test_a_link_sends_no_referrer() -> None:
    link = soup(words("[记录](https://wiki.example.com/618)")).a
    assert link is not None
    assert (link["href"], link["rel"]) == (
        "https://wiki.example.com/618",
        ["noopener", "noreferrer"],
    )
