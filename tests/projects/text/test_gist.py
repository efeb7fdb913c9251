"""A text in one line."""

from __future__ import annotations

from django.utils import translation

from projects.text.gist import gist
from tests.tables import each_row


@each_row(
    ("text", "line"),
    [
        ("- 收银台只剩两城\n- 压测到每秒180笔", "收银台只剩两城；压测到每秒180笔"),
        ("1. 联调完成。\n\n2、等专线", "联调完成。 等专线"),
        ("## 小结\n一切正常", "小结；一切正常"),
        ("3.5 万笔\n-5% 投诉", "3.5 万笔；-5% 投诉"),
        ("- 5 个接口", "5 个接口"),
        ("", ""),
        ("0123456789", "01234567…"),
    ],
)
def test_lines_stand_in_one_without_their_marks(text: str, line: str) -> None:
    with translation.override("zh-hans"):
        assert gist(text, 9 if text.isdigit() else 40) == line
