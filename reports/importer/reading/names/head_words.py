"""The words by which a line tells where the name of its project ends, in two languages. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from projects.prose import fold

_BOLD: Final = re.compile(r"\*{2,}|__")
# Words that begin the report on a project where no mark separates it from the name.
VERB: Final = re.compile(
    r"(?<=\s)(?:联调|压测|自测|测试|开发|研发|设计|评审|需求|方案|灰度|验收|提测|部署|投产|上线)"
    r"(?:完毕|结束|通过|完成|中|阶段)"
    r"|(?:整体|总体)?(?:(?:系统|技术|功能)(?=开发|研发))?(?:开发|研发|测试|联调)?(?:进度|进展|"
    r"完成度|完成率)"
    r"|预计|计划(?!书|管理|系统|平台)|已经?|正在|本周|下周|目前|当前|仍|持续|由于|因为?(?=\S{3})|"
    r"(?:正常|有序|顺利|稳步)(?=推进|进行|开展|运行)|按计划|开始|启动|完成|上线|提测|投产"
    r"|进入|处于|等待|待|需要|将(?!军)|推进|联调中|测试中|开发中|研发中|设计中|进行中|评审|验收|"
    r"暂停|延期|达到|共(?=\d)|暂无|平稳|稳定运行|运行(?=平稳|稳定|正常|良好)|顺利"
    r"|(?<=[A-Za-z\d]\s)(?i:slipp(?:ed|ing)|postponed|delayed|pushed (?:back|out|to)|"
    r"moved (?:from|out|to (?=[A-Z\d]))|shipped|launched|went live|goes live|"
    r"is (?:on track|done|blocked|delayed|late|live))\b"
    r"|主要(?:开发|工作|完成)?|开发(?:工作|完成|中)|测试(?:工作|完成|中)|需求(?:评审|梳理|沟通)"
)
# 实时数仓项目进度：98% is 实时数仓项目.
PROGRESS_WORD: Final = re.compile(
    r"\s*(?:整体|总体|系统|研发|技术|功能|开发|测试)*(?:进度|进展|完成度|完成率|情况)$"
)
# POS机预计：8月20日上线 is POS机; 外壳计划：8月13日 as well, but 产能计划：进度30% is a name.
PLAN_WORD: Final = re.compile(
    r"\s*(?:[,，]?(?:预计|预期|预估|预定|暂定|争取|力争|拟定?)|\s(?:ETA|due|expected|planned|estimated))$",
    re.IGNORECASE,
)
PLAN_BEFORE_DAY: Final = re.compile(r"\s*(?:原?计划|目标)$")
# 第一期, phase 2, V2.0: of which round of a project something is said.
PHASE: Final = re.compile(
    r"第?[一二三四五六七八九十\d]{1,2}(?:期|阶段)|phase\s*\d{1,2}|v\d{1,2}(?:\.\d{1,2}){0,2}",
    re.IGNORECASE,
)
STARTS_WITH_VERB: Final = re.compile(
    r"(?:本周|本月|上周|下周|今日|昨日|目前|当前|已|正在|继续|持续|完成|参加|参与|推进|支持|处理|跟进"
    r"|修复|优化|对接|协助|组织(?!架构)|准备(?!金)|编写|梳理|沟通|讨论|召开|输出|整理|制定|开展|"
    r"启动"
    r"|上线|提交|确认|排查|解决|配合|评审|开发(?!者)|测试(?!平台|环境)|联调|调研|落实|落地(?!页)"
    r"|实现|新增|增加|更新|发布(?!平台|系统|会|页)|部署(?!平台)|进行|预计|计划|由于|因为|如果|虽然|尽管|那么|所以|因此|"
    r"然后|接下来|首先|其次|最后|总之|例如|比如|此外|不过|而且|并且|为了|根据|通过|关于|鉴于|考虑到|我们|"
    r"他们|大家|感谢|希望|建议|请|总体来看|整体来看|但|并(?!购)"
    r"|与|和|为|对(?!账|公|私|外)|将|把|在(?!线)|从|按(?!揭)|其中|另外|同时|截至|截止|累计|"
    r"共(?!享|有)"
    r"|近\d|第[一二三四五六七八九十\d]|\d+月|\d{1,2}[/.\-]\d{1,2}|\d{1,2}:\d{2}|无$|暂无|详见|"
    r"详细|见|包括)"
)
# 完成城市开通3个：济南 says what was done; 上线质量平台：and 对接中心： are names.
TELLS: Final = re.compile(
    r"(?:本周|上周|下周|今日|已(?!知)|正在|继续|持续(?!集成|交付)|完成|参加|参与|修复|协助|召开|累计|截至|截止|其中|"
    r"另外|同时|由于|因为|大家|各位|你好|您好|以下|附件)"
)
# Words that end like a verb and name things: Billing migration, Shared library.
NOUNS: Final = (
    r"(?:billing|routing|onboarding|pricing|reporting|monitoring|logging|messaging|mapping|caching|"
    r"training|hiring|ticketing|marketing|accounting|invoicing|scheduling|tracking|mailing|booking|"
    r"banking|building|gaming|streaming|landing|shipping|shopping|staging|sharding|autosharding|"
    r"networking|clustering|rendering|indexing|engineering|licensing|screening|lending|trading|"
    r"embedded|shared|advanced|managed|distributed|federated|unified|automated|feed|speed|red|seed)\b"
)
ENGLISH_VERB: Final = re.compile(
    rf"(?!{NOUNS}\s)(?:although|though|however|because|since|so|then|but|if|when|while|after|before|there|"
    r"[A-Za-z]+ed|[A-Za-z]+ing|no|the|we|i|a|an|in|on|to|this|next|last|and|will|all|see|"
    r"hi|hello|hey|dear|thanks|thank|best|kind|regards)\b",
    re.IGNORECASE,
)
HAS_NUMBER: Final = re.compile(
    r"\d+(?:\.\d+)?\s*%|\d+\s*(?:笔|万|亿|元|条|单|组|次|人|起|个|件|家|户|台)|\d{1,2}月\d{1,2}|\d{4}[-/.年]"
)
# Labels that lead a line and name no project: parts of a report, people, times.
GENERIC: Final = re.compile(
    r"(?:本周|上周|下周|本期|当前|目前|近期|今日|昨日|主要|重点|整体|总体|项目|工作|业务|系统|"
    r"技术|核心|后续|其中|具体|存在|相关|最新|待|已|未|需|与|和|及|、|&"
    r"|进展|进度|状态|情况|完成(?:情况|度)?|内容|事项|计划|目标|风险点?|问题|难点|阻塞|卡点|原因|"
    r"影响|措施|方案|结论|结果|说明|备注|注意?|总结"
    r"|银行|产研|产品|研发|开发|测试|运营|设计|市场|合作|推广|商务|法务|合规|数据|指标|成果|亮点|"
    r"产出|收益|价值|背景|依赖"
    r"|会议(?:时间|地点|主题)|参会人员?|缺席|主持人?|整理人?|抄送|议题"
    r"|负责人|接口人|对接人|owner|责任人|参与人|干系人|人员|时间|日期|截止|里程碑|汇报人|报告人|填[写报]人|"
    r"提交人|编写人|作者|姓名|部门|团队|小组|岗位|周期|周次|创建|更新|编辑|标签"
    r"|进行中|未完成|未开始|待办|待定|跟进|上线|提测|联调|发布|交付|延期|暂停|故障|事故|阶段|环境|链接|地址|文档|附件|"
    r"详细记录|详情|参考|发现|处理|解决(?:办法|方案)?"
    r"|周[一二三四五六日天]|星期[一二三四五六日天]|第[一二三四五六七八九十\d]+[周期步阶段]*|"
    r"[一二三四五六]期|[Pp]\d|[Kk][Rr]\s?\d*|[Qq][1-4]|需求|改进|建议|决策|协助|支持|资源|成本|"
    r"人力|质量|效率|其他|其它|制度|建设|日常|运维|方面|类|无)+"
    r"|(?:status|progress|updates?|risks?|issues?|blockers?|next|next steps?|done|todo|to do|"
    r"in progress|completed|owners?|lead|due|eta|notes?"
    r"|plans?|goals?|summary|highlights|impact|cause|root cause|resolution|actions?|date|time|"
    r"(?:open |closed |other |new |current |active |remaining )?(?:epics|stories|tickets|bugs|"
    r"topics|highlights|lowlights|workstreams|initiatives)|"
    r"dependencies|kr\s?\d*|key results?|reporters?|authors?|prepared by|team|department|period|"
    r"reporting period|week(?: of| ending)?|created|last edited(?: by| time)?|tags?|name|from|to|"
    r"cc|"
    r"subject|sent|eta|expected completion|blockers?|"
    r"overall(?: status)?|project status|rag|health|attendees|participants|agenda)",
    re.IGNORECASE,
)


# Names and labels come back from week to week.
@lru_cache(maxsize=4096)
def is_generic(label: str) -> bool:
    """Whether the words label a part of a report (本周进展, 风险) and name no project."""
    bare = fold(_BOLD.sub("", label)).strip(" :：【】[]()（）「」*_")
    return not bare or GENERIC.fullmatch(bare) is not None
