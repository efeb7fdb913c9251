"""Old pages of a department, all invented, in three dresses: for the border of past and present.

They end with the week before ``START`` and speak of projects, milestones, metrics, objectives and
people of the demo team, too: whatever they say is history and must not show in its present.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

START: Final = date(2026, 6, 1)

PAGES: Final = {
    "2026-W16.md": """\
# 2026-W16

Created: 2026年4月17日 17:50

- 【贝易转】
    - 试点收款开发进度35%，预计5月22日上线，依赖：清算专线
    - 门店名单还差四家

## 【O1 业务增长】

1. 装修存管：系统开发进度62%，预计4月24日上线
2. 票据池：接口联调完成，整体进度48%，预计5月8日提测
3. 旧收银台下线：还剩 3/12 家门店，负责人：高原

## 【O2 能力建设】

- POS收单：收单核心 90%，预计4月24日完成
- 账务中台：方案评审通过，预计6月底完成

## 【系统运行数据】

入金有效成功率：97.2%（对账延迟）
年度可用性：99.1%
旧网关超时：41 次
AB类：0次，C类：3次

## 【生产事件】

4月15日 10:20 监控发现旧网关超时，原因：连接数打满，处理：扩容后11:05恢复

## 【收获与反思】

压测要按双倍流量来。

## 下周工作及目标

1. 票据池提测
2. POS收单核心联调完成
""",
    "2026-W21.md": """\
# 2026-W21

Created: 2026年5月22日 18:05

- 【贝易转】
    - 试点收款开发进度20%，预计9月30日上线

## 【O1 业务增长】

1. 装修存管：系统开发进度70%，预计12月18日上线
2. 票据池：整体进度66%，预计5月15日上线
3. 旧收银台下线：完成，全部门店已切换

## 【O2 能力建设】

- POS收单：收单核心 95%
- 账务中台：已暂停，等预算

## 【系统运行数据】

入金有效成功率：98.8%
年度可用性：99.3%

## 下周工作及目标

1. 票据池上线
""",
    "2026-W22.md": """\
# 2026-W22

Created: 2026年5月29日 18:30

## 【O1 业务增长】

1. 票据池：整体进度80%，预计6月30日上线
2. 门店巡检：进度10%，预计12月底完成

## 【O3 安全与稳定】

- 国密改造：替换 12/40 处

## 【系统运行数据】

入金有效成功率：99.4%
AB类：1次，C类：2次

## 下周工作及目标

1. 贝易转试点门店名单敲定
""",
    "risk.md": """\
# 风险管理部工作周报 2026-05-29

## 1. 重点工作

| 序号 | 工作项 | 负责人 | 进度 | 计划完成 | 说明 |
|---|---|---|---|---|---|
| 1 | 金融反诈平台 | 白景行 | 55% | 6月30日 | 规则灰度两成 |
| 2 | 贝易转限额模型 | 韩牧野 | 30% | 5月15日 | 样本不足 |
| 3 | 黑名单共享 | 秦朗 | 100% | 5月15日 | 已上线 |

## 2. 风险指标

- 商户投诉：55 次

## 3. 下周计划

1. 金融反诈平台规则全量
""",
    "log.md": """\
# 终端组周志

## 2026-05-25 - 2026-05-29

- POS收单：终端试点进度25%，预计6月15日完成
- 扫码枪换代：进度40%

## 2026-05-18 - 2026-05-22

- POS收单：终端试点进度15%
- 扫码枪换代：进度35%，预计5月29日交付
""",
}


def write_pages(folder: Path) -> list[Path]:
    """The pages as files."""
    paths = [folder / name for name in PAGES]
    for path in paths:
        path.write_text(PAGES[path.name], encoding="utf-8")
    return paths
