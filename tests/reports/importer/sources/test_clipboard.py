"""What editors put on the clipboard, as one page: the same facts whatever it was copied from."""

from __future__ import annotations

from typing import Final

from reports.importer.contract import as_json
from reports.importer.formats.markup import markdown_of
from reports.importer.sources.clipboard import pasted_page
from tests.reports.importer.pages import parsed
from tests.tables import each_row

FEISHU: Final = """\
<meta charset="utf-8"><div data-lark-html-role="root">\
<h1 class="heading-1 ace-line">2024-W25 周报</h1><h2 class="heading-2 ace-line">本周进展\
</h2><ul class="list-bullet1"><li class="ace-line" data-list="bullet"><div><strong>短信网关\
</strong>：进度65%，预计6月28日上线</div></li><ul class="list-bullet2">\
<li data-list="bullet"><div>路由：进度80%</div></li></ul><li data-list="bullet">\
<div>电子回单：联调中，进度40%</div></li></ul><div class="ace-line">\
<table class="ace-table"><colgroup><col width="100"></colgroup><tbody><tr>\
<td colspan="1" rowspan="1"><div class="ace-line">项目</div></td><td><div>负责人</div></td>\
<td><div>进度</div></td></tr><tr><td><div>规则引擎</div></td><td><div>李娜</div></td><td>\
<div>90%</div></td></tr></tbody></table></div><h2>下周计划</h2><ol start="1">\
<li data-list="number"><div>短信网关上线</div></li></ol></div>\
<span data-lark-record-data="{&quot;rootId&quot;:&quot;a&quot;}" class="lark-record-clipboard">\
</span>
"""
DINGTALK: Final = """\
<meta charset="utf-8"><div data-clipboard-cangjie="[&quot;root&quot;]"><p data-type="h1">\
<span data-type="leaf">2024-W25 周报</span></p><h2>本周进展</h2><ul><li data-level="0"><p>\
<span style="font-weight:bold">短信网关</span><span>：进度65%，预计6月28日上线</span></p>\
</li></ul><ul><li data-level="1" style="margin-left:32px"><p>路由：进度80%</p></li></ul><ul>\
<li data-level="0"><p>电子回单：联调中，进度40%</p></li></ul><table><tbody><tr><td><p>项目\
</p></td><td><p>负责人</p></td><td><p>进度</p></td></tr><tr><td><p>规则引擎</p></td><td>\
<p>李娜</p></td><td><p>90%</p></td></tr></tbody></table><h2>下周计划</h2><ol><li>\
<p>短信网关上线</p></li></ol></div>
"""
NOTION: Final = """\
<meta charset='utf-8'><!-- notionvc: 1f0b6c5e --><h1>2024-W25 周报</h1><h2>本周进展</h2><ul>\
<li><strong>短信网关</strong>：进度65%，预计6月28日上线<ul><li>路由：进度80%</li></ul></li>\
<li>电子回单：联调中，进度40%</li></ul><table><thead><tr><th>项目</th><th>负责人</th>\
<th>进度</th></tr></thead><tbody><tr><td>规则引擎</td><td>李娜</td><td>90%</td></tr></tbody>\
</table><h2>下周计划</h2><ol><li>短信网关上线</li></ol>
"""
WORD: Final = """\
Version:1.0
StartHTML:0000000105
EndHTML:0000009999
<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>\
<!-- p {margin:0cm;} --></style></head><body lang=ZH-CN><!--StartFragment-->\
<h1>2024-W25 周报<o:p></o:p></h1><h2>本周进展</h2>\
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]>\
<span style='font-family:Wingdings'><span style='mso-list:Ignore'>l<span>&nbsp;&nbsp; \
</span></span></span><![endif]><b>短信网关</b>：进度<span lang=EN-US>65%</span>，预计\
<span lang=EN-US>6</span>月28日上线</p>\
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'>\
<span style='mso-list:Ignore'>n&nbsp; </span>路由：进度80%</p>\
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>\
<span style='mso-list:Ignore'>l&nbsp; </span>电子回单：联调中，进度40%</p>\
<table class=MsoTableGrid><tr><td><p class=MsoNormal>项目</p></td><td><p>负责人</p></td><td>\
<p>进度</p></td></tr><tr><td><p>规则引擎</p></td><td><p>李娜</p></td><td><p>90%</p></td>\
</tr></table><h2>下周计划</h2><p class=MsoListParagraph style='mso-list:l1 level1 lfo2'>\
<span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>短信网关上线</p><!--EndFragment-->\
</body></html>
"""
WPS: Final = """\
<html xmlns:w="urn:schemas-microsoft-com:office:word"><body><!--StartFragment-->\
<p class=MsoNormal><b><span style="mso-spacerun:'yes';">2024-W25 周报</span></b></p>\
<p class=MsoNormal>一、本周进展</p><p class=MsoNormal style="mso-list:l0 level1 lfo1;">\
<![if !supportLists]><span style="mso-list:Ignore;">●<span>&nbsp;</span></span><![endif]>\
<b>短信网关</b>：进度65%，预计6月28日上线</p>\
<p class=MsoNormal style="mso-list:l0 level2 lfo1;"><span style="mso-list:Ignore;">○&nbsp;\
</span>路由：进度80%</p><p class=MsoNormal style="mso-list:l0 level1 lfo1;">\
<span style="mso-list:Ignore;">●&nbsp;</span>电子回单：联调中，进度40%</p><table><tr><td>\
<p>项目</p></td><td><p>负责人</p></td><td><p>进度</p></td></tr><tr><td><p>规则引擎</p></td>\
<td><p>李娜</p></td><td><p>90%</p></td></tr></table><p class=MsoNormal>二、下周计划</p>\
<p class=MsoNormal>1、短信网关上线</p><!--EndFragment--></body></html>
"""
CELLS: Final = """\
<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table><!--StartFragment-->\
<col width=72><tr><td colspan=4>2024-W25 周报</td></tr><tr><td>项目</td><td>负责人</td>\
<td>进度</td><td>预计上线</td></tr><tr><td>短信网关</td><td>张伟</td><td align=right>65%\
</td><td>6月28日</td></tr><tr><td>电子回单</td><td>李娜</td><td align=right>0.4</td><td>\
</td></tr><!--EndFragment--></table></body></html>
"""


TABS: Final = """\
2024-W25 周报

项目\t负责人\t进度\t预计上线
短信网关\t张伟\t65%\t6月28日
电子回单\t李娜\t0.4
"""


def markdown(html: str, text: str) -> str:
    """The paste as the reader of its file makes it Markdown."""
    content, ending = pasted_page(html, text)
    return markdown_of(content) if ending == "html" else content


@each_row("html", [FEISHU, DINGTALK, NOTION, WORD, WPS])
def test_a_page_gives_the_same_facts_from_each_editor(html: str) -> None:
    page = as_json(parsed(markdown(html, "2024-W25 周报")))
    assert [project["name"] for project in page["projects"]] == ["短信网关", "电子回单", "规则引擎"]
    assert [(p["project"], p["label"], p["percent"]) for p in page["progress"]] == [
        ("短信网关", "进度", 65),
        ("短信网关", "路由进度", 80),
        ("电子回单", "进度", 40),
        ("规则引擎", "进度", 90),
    ]
    assert [(d["project"], d["date"]) for d in page["dates"]] == [("短信网关", "2024-06-28")]
    assert [goal["text"] for goal in page["next_goals"]] == ["短信网关上线"]
    assert page["unplaced"] == []


@each_row(
    ("html", "text"),
    [
        (CELLS, "2024-W25 周报\t\t\t\n项目\t负责人"),
        ("", TABS),
    ],
)
def test_cells_of_a_spreadsheet(html: str, text: str) -> None:
    page = parsed(markdown(html, text))
    assert page.title == "2024-W25 周报"
    assert [(p.name, p.owners, [x.percent for x in p.progress]) for p in page.projects] == [
        ("短信网关", ("张伟",), [65]),
        ("电子回单", ("李娜",), [40]),
    ]


@each_row(
    ("html", "text", "expected"),
    [
        ("", "", ("", "md")),
        ("", "# 甲\n- 乙\n", ("# 甲\n- 乙\n", "md")),
        ("<meta><div><span># 甲</span></div><div>- 乙</div>", "# 甲\n- 乙", ("# 甲\n- 乙", "md")),
        ("<p>甲</p><p>乙</p>", "甲\n乙", ("<p>甲</p><p>乙</p>", "html")),
        ("<span>甲</span>", "甲", ("甲", "md")),
        ("<img src='x'>", "", ("<img src='x'>", "html")),
        ("<p><img src='x'></p>", "甲", ("甲", "md")),
        ("Version:0.9\nStartHTML:97 <h1>甲</h1>", "甲", ("<h1>甲</h1>", "html")),
    ],
)
def test_html_counts_where_it_says_more_than_the_text(
    html: str, text: str, expected: tuple[str, str]
) -> None:
    assert pasted_page(html, text) == expected
