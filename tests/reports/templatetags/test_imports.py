"""Why a file gives no page, in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from reports.templatetags.imports import reason


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("larger than 32 MB", "超过 32 MB"),
        ("has more than 50,000 rows", "超过 50,000 行"),
        ("cannot be read (IndexError)", "无法读取"),
        ("not a kind of file that holds weekly pages: .jpg", "不是周报文件：.jpg"),
        ("a reason of tomorrow", "a reason of tomorrow"),
    ],
)
def test_a_reason_is_said_in_the_readers_language(words: str, shown: str) -> None:
    with translation.override("zh-hans"):
        assert reason(words) == shown
