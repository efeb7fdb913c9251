"""Incidents in the shapes that people write them."""

from __future__ import annotations

from datetime import date, datetime

from reports.importer.page import IncidentRead
from reports.importer.reading.events import read_events
from reports.importer.reading.outline import outline
from reports.importer.source import SourceLine
from tests.tables import each_row

WEEK = date(2024, 6, 17)


def incidents(text: str) -> list[IncidentRead]:
    lines = outline(SourceLine(n, line) for n, line in enumerate(text.splitlines(), 1))
    return read_events(lines, week=WEEK).incidents


@each_row(
    ("text", "by", "description", "cause", "resolution"),
    [
        (
            "06/18 09:35 监控发现 连接池打满。【原因】证书更新【处理】扩容",
            "监控发现",
            "连接池打满。",
            "证书更新",
            "扩容",
        ),
        (
            "06/18 10:11 业务发现：回单打不开。原因为权限变更",
            "业务发现",
            "回单打不开。",
            "权限变更",
            "",
        ),
        (
            "6/18 16:40 【商户反馈】回调异常\n - 原因：升级未通知\n - 解决：补单",
            "商户反馈",
            "回调异常",
            "升级未通知",
            "补单",
        ),
        (
            "6.18 15:30-16:05 代付失败。原因：配置错误。处理：回滚",
            "",
            "代付失败。",
            "配置错误。",
            "回滚",
        ),
    ],
)
def test_incident_has_detection_cause_and_resolution(
    text: str, by: str, description: str, cause: str, resolution: str
) -> None:
    (incident,) = incidents(text)
    parts = (incident.detected_by, incident.description, incident.cause, incident.resolution)
    assert parts == (by, description, cause, resolution)


@each_row(
    "words",
    ["10:35完成补单", "10:35恢复", "10:35重启后恢复", "10:35全部处理完成", "恢复时间：10:35"],
)
def test_time_of_recovery(words: str) -> None:
    (incident,) = incidents(f"06/18 10:20 退款服务繁忙，{words}。")
    assert incident.recovered_at == datetime.fromisoformat("2024-06-18T10:35")


@each_row(
    ("text", "recovered"),
    [
        ("Jun 18 09:05–09:20: login latency", "09:20"),
        ("6月18日 09:05-09:20 登录超时", "09:20"),
        ("Jun 18, 03:15 – errors at 12%. Fix: rollback. Recovered 03:35", "03:35"),
    ],
)
def test_it_was_over_at_the_end_of_the_range(text: str, recovered: str) -> None:
    (incident,) = incidents(text)
    assert incident.recovered_at is not None
    assert f"{incident.recovered_at:%H:%M}" == recovered
