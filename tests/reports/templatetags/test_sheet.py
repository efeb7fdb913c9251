from __future__ import annotations

from decimal import Decimal

from reports.templatetags.sheet import remark
from reports.weekly.document import MetricState
from tests.tables import each_row


@each_row(
    ("value", "text", "expected"),
    [
        ("99.99", "年度可用性：99.990%", ""),  # the same number with a digit more
        ("99.99", "- 年度可用性 99.99%", ""),
        ("100", "年度可用性：100.00%", ""),
        ("100", "年度可用性：100%", ""),
        ("99.99", "年度可用性：99.990%（含计划内停机）", "年度可用性：99.990%（含计划内停机）"),
        ("99.99", "", "备注"),
    ],
)
def test_remark_is_what_goes_beyond_name_and_number(value: str, text: str, expected: str) -> None:
    note = "" if text else "备注"
    metric = MetricState(
        *("年度可用性", "%", Decimal(value), None, None, None, None, False, note, text)
    )
    assert remark(metric) == expected
