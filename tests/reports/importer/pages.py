"""Weekly pages for the importer's tests, all invented, one in each dress that people use."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Final

from reports.importer.page import ParsedPage
from reports.importer.reading.parse import parse
from reports.importer.source import PageWeek, SourceLine, SourcePage

WEEK: Final = date(2024, 6, 17)

# A folder of real pages with their right answers, which the repository does not hold: README.md of
# reports/importer says what must lie in it. The tests of them are skipped without it.
EXAMPLES: Final = Path(os.environ["WEEKLY_EXAMPLES"]) if "WEEKLY_EXAMPLES" in os.environ else None
EXAMPLE_WEEKS: Final = ("2024-W20", "2024-W25", "2024-W43")

NOTION: Final = """\
# 2024-W25

Created: 2024年6月21日 18:40

- 【聚合收单】
    1. 渠道：
        - 渠道甲完成签约，预计7月12日开通。
        - 渠道乙资料补件中
    2. 产研：
        - 收单核心开发进度70%
- 【密钥轮换】

    本周完成演练，整体进度 35%

## 【O1 业务服务】

1. 农行存管：系统开发进度85%，依赖：专线进度
2. 账单中心，对账文件切换完毕，预计6/28提测。
3. 「小贝」问答准确率91%，完成知识库更新。
4. 本周接待商户咨询18起

## 【O2系统升级】

- P**OS路由改造**方案评审通过
    - 限额配置：进度60%，预计7月初上线
    - 黑名单：待排期
- 实时数仓**：**任务迁移 8/20=40%，补数中

## 【O4 支付 × AI】

AI影像数字化（DocAI）

1. 证件识别成功率：98.10%
2. 初审占比达到61.5%

## 【系统运行数据】

支付成功率：

- 入金有效成功率：99.97%
- 出金有效成功率：99.98%（含一次通道切换）

系统可用性：

- 事故数AB级0次，C级0.5次，D级1次
 月度演练完成一次。

## 【生产事件】

06/18 09:12 监控发现代付队列堆积，09：40 恢复。原因：消费者线程耗尽
【解决办法】：扩容并限流

06/20 15:02 商户反馈重复通知。

详细记录：[台账](https://example.org/ledger)

## 【其他】

1. 预算复核
2. 新人培训

## 收获与反思

发布前的演练值得坚持。

# 下周工作及目标

1. 渠道甲开通
2.
3. 密钥轮换收尾
"""

PLAIN: Final = """\
支付产研周报（2024.06.17-2024.06.21）

一、重点项目
1、银企直联：
（1）工行直联开发完成，整体进度70%，预计7月28日上线。
（2）建行证书申请中
2、备付金迁移：账户梳理完毕，进度45%，计划7月中旬切换

二、O1 商户服务
1、收银台改版：UI评审通过，开发进度30%，预计7月底提测
2、商户自助平台，接口联调中，预计6/25上线
三、O2 技术升级
网关重构
①限流组件完成80%
②灰度方案评审
账务核心
①分库方案定稿，预计8月启动
四、系统运行数据
支付成功率99.98%，较上周提升0.01%
P0：0次，P1：1次
五、生产事件
6月19日 14:20 监控发现收银台响应变慢，原因：连接池耗尽，处理：扩容后14:35恢复
六、下周计划
1、银企直联联调
2、
3、周会复盘
"""

TABLE: Final = """\
# 第25周 2024-06-21

### A. 支付账户2.0升级

| 项目 | 负责人 | 进展 | 完成度 | 计划上线 |
|---|---|---|---|---|
| 账户模型 | 甲 | 表结构评审完成 | 60% | 7月20日 |
| | | 迁移脚本编写中 | 30% | 8月初 |
| 余额服务 | 乙 | 联调中 | 85% | 2024-06-28 |

### B. 稳定性建设

* **全链路压测**：脚本完成 12/20，预计6月底完成
* **容灾演练** 方案评审通过

### 风险

- 人力不足

### 日报合集

#### 6月17日
- [x] 评审
- [ ] 联调

### 下周计划
- 账户模型评审
  - 准备材料
"""

ENGLISH: Final = """\
# Payments weekly, week of June 17, 2024

## Highlights
- Checkout redesign: 80% complete, due Jul 24
- Ledger migration - on track, 45% done; blocked by database capacity

## Metrics
- Success rate: 99.95%
- p99 latency: 320 ms

## Incidents
- 06/18 09:15 detected by monitoring: gateway timeouts. Root cause: expired certificate.
  Resolution: renewed; recovered at 09:40

## Next week
1. Start the load test

## Lessons learned
Watch the certificates.
"""

ALL: Final = (NOTION, PLAIN, TABLE, ENGLISH)


def parsed(text: str, week: date = WEEK) -> ParsedPage:
    """The text as one page of that week."""
    lines = tuple(
        SourceLine(number, line) for number, line in enumerate(text.splitlines(), start=1)
    )
    return parse(SourcePage("page.md", lines), PageWeek(week, "2024-W25"))
