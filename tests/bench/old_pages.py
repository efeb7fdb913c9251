"""Old weekly pages by the hundred, for the importer to read."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Final

from projects import weeks

_FIRST: Final = date(2022, 1, 3)
_PROJECTS: Final = 24  # on a page, some hundred lines of it


def write_pages(folder: Path, count: int) -> None:
    """That many Markdown files, one a week."""
    for number in range(count):
        monday = _FIRST + number * weeks.WEEK
        name = f"{weeks.label(monday, 'calendar')}.md"
        (folder / name).write_text(old_page(number), encoding="utf-8")


def old_page(number: int) -> str:
    """The text of one such page."""
    return _page(_FIRST + number * weeks.WEEK, number)


def _page(monday: date, number: int) -> str:
    friday = monday + timedelta(days=4)
    objectives = "\n".join(_objective(code, number) for code in range(1, 5))
    return f"""\
# {weeks.label(monday, "calendar")}

Created: {friday:%Y年%-m月%-d日} 17:30

【密钥轮换】

本周完成演练，整体进度 {number % 100}%，预计{friday.month}月底上线

{objectives}

## 【系统运行数据】

- 入金有效成功率：99.9{number % 10}%
- 出金有效成功率：99.98%（含一次通道切换）
- 日均交易{13000 + number}笔，金额1.66亿元
- 事故数AB级0次，C级0.5次，D级1次

## 【生产事件】

{friday:%m/%d} 09:12 监控发现代付队列堆积，09：40 恢复。原因：消费者线程耗尽
【解决办法】：扩容并限流

## 【其他】

1. 预算复核
2. 新人培训

## 收获与反思

发布前的演练值得坚持。

# 下周工作及目标

1. 完成渠道切换
2. 提交上线评审
"""


def _objective(code: int, number: int) -> str:
    lines = [f"## 【O{code} 方向{code}】", ""]
    for item in range(_PROJECTS // 4):
        percent = (number + item * 7) % 100
        lines += [
            f"{item + 1}. 渠道{code}{item}改造：系统开发进度{percent}%，依赖：专线进度",
            f"    - 网关：进度{percent}%，预计{item + 6}月{item + 3}日提测",
            f"    - 任务迁移 {item}/44={item / 44:.1%}，补数中；总体负责人：成员{item}",
        ]
    return "\n".join([*lines, ""])
