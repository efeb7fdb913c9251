"""An incident as people write it in one line."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from projects.operations.incident_line import IncidentLine, read_line
from tests.tables import each_row

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2024, 6, 19, 15, 0, tzinfo=ZONE)
SEVERITIES = ("A", "B", "C", "AB", "P1")
DETECTIONS = ("监控发现", "用户反馈", "巡检")


def at(month: int, day: int, hour: int, minute: int = 0, year: int = 2024) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def read(text: str) -> IncidentLine:
    return read_line(text, NOW, SEVERITIES, DETECTIONS)


@each_row(
    ("text", "moment"),
    [
        ("06-18 12:03 监控发现 超时", at(6, 18, 12, 3)),
        ("- 06-18 12:03 监控发现 超时", at(6, 18, 12, 3)),
        ("6月18日 12:03 超时", at(6, 18, 12, 3)),
        ("6/18 12：03，超时", at(6, 18, 12, 3)),
        ("2023-12-30 08:00 超时", at(12, 30, 8, year=2023)),
        ("2024年6月18日8点 超时", at(6, 18, 8)),
        ("12-30 08:00 超时", at(12, 30, 8, year=2023)),
        ("昨天 22:10 超时", at(6, 18, 22, 10)),
        ("昨天下午3点20 超时", at(6, 18, 15, 20)),
        ("09:05 超时", at(6, 19, 9, 5)),
        ("23:05 超时", at(6, 19, 23, 5)),
        ("【P2】6月18日 23点15分 超时", at(6, 18, 23, 15)),
        ("P1 06-18 12:03 超时", at(6, 18, 12, 3)),
        ("发生时间：06-18 12:03，超时", at(6, 18, 12, 3)),
        ("昨天晚上十点半 超时", at(6, 18, 22, 30)),
        ("昨晚9点一刻 超时", at(6, 18, 21, 15)),
        ("中午1点 超时", at(6, 19, 13)),
        ("13-40 25:70 超时", None),
        ("超时", None),
    ],
)
def test_the_moment_is_read(text: str, moment: datetime | None) -> None:
    assert read(text).occurred_at == moment


@each_row(
    ("text", "wanted"),
    [
        (
            "06-18 12:03 监控发现 对账任务超时",
            {"detected_by": "监控发现", "description": "对账任务超时"},
        ),
        (
            "06-18 12:03 【P1】用户反馈：无法付款",
            {"severity": "P1", "detected_by": "用户反馈", "description": "无法付款"},
        ),
        (
            "06-18 12:03 C级 渠道报障，回调失败",
            {"severity": "C", "detected_by": "渠道报障", "description": "回调失败"},
        ),
        (
            "06-18 12:03 监控发现：队列堆积，12:40 恢复。原因：磁盘写满；处理：扩容",
            {
                "description": "队列堆积",
                "cause": "磁盘写满",
                "resolution": "扩容",
                "recovered_at": at(6, 18, 12, 40),
            },
        ),
        (
            "06-18 12:03 监控发现：队列堆积 根因：磁盘写满 解决措施：扩容 恢复：12:40",
            {
                "description": "队列堆积",
                "cause": "磁盘写满",
                "resolution": "扩容",
                "recovered_at": at(6, 18, 12, 40),
            },
        ),
        (
            "6/18 12:03-12:40 用户反馈扫码慢，C级，扩容",
            {
                "severity": "C",
                "detected_by": "用户反馈",
                "description": "扫码慢，扩容",
                "recovered_at": at(6, 18, 12, 40),
            },
        ),
        (
            "昨天23:50 队列堆积，原因：证书过期，已于0:20恢复，换证书",
            {"cause": "证书过期，换证书", "recovered_at": at(6, 19, 0, 20)},
        ),
        (
            "06-18 12:03 【P2】渠道反馈超时",  # a level that the team does not have
            {"severity": "", "detected_by": "", "description": "【P2】渠道反馈超时"},
        ),
        (
            "2024-06-18 12:03\t监控发现\tC\t队列堆积\t磁盘写满\t扩容\t12:40",
            {
                "severity": "C",
                "detected_by": "监控发现",
                "description": "队列堆积",
                "cause": "磁盘写满",
                "resolution": "扩容",
                "recovered_at": at(6, 18, 12, 40),
            },
        ),
        ("CPU 飙高", {"severity": "", "detected_by": "", "description": "CPU 飙高"}),
        ("06-18 12:03 监控发现", {"detected_by": "监控发现", "description": "监控发现"}),
        ("", {"description": ""}),
    ],
)
def test_the_words_go_where_they_belong(text: str, wanted: dict[str, Any]) -> None:
    line = read(text)
    assert {name: getattr(line, name) for name in wanted} == wanted
