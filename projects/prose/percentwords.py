"""The words around a percentage that say whether it is progress."""

from __future__ import annotations

import re
from typing import Final

from projects.prose.words import LATIN_END, LATIN_START, any_of

_QUALIFIERS: Final = any_of(
    "系统 技术 前端 后端 前后端 客户端 服务端 研发 开发 测试 联调 设计 改造 迁移 验收 上线 "
    "部署 产品 功能 需求 "
    "编码 业务 工作 实施 建设 接入 适配 对接 配置 切换 推进 执行 用例 数据 交付"
)
_WHOLE_OF_IT: Final = "(?:项目)?(?:整体|总体)|总|当前|目前|本周|各端|各模块|各系统"
_WORK_SHARE: Final = (
    r"完成(?:率|度|比例?|占比|百分比)|(?:开发|改造|适配|迁移|整改|配置|部署|研发)率|"
    r"(?:整体|总体)(?:切换|接入|上线|交付|推进|执行|验收|测试|实施|对接|开通|替换|覆盖完成)率"
)
#: Ends the words before the number: 系统开发进度, 功能完成, completed, progress.
PROGRESS: Final = re.compile(
    rf"(?:{_WHOLE_OF_IT})?(?:{_QUALIFIERS}){{0,3}}(?:进度条?|进展)\Z"
    rf"|(?:{_WHOLE_OF_IT})?(?:{_WORK_SHARE})\Z"
    r"|(?:已经?|基本|累计|大致|总计)?(?:完成|做完|开发完)(?:量|情况)?\Z"
    rf"|{LATIN_START}(?:(?:overall|dev|development|project|total) )?(?:progress|completion|"
    rf"completed?|"
    r"finished|done)\Z",
    re.IGNORECASE,
)
#: 整体 60%: the whole of the work, when nothing follows the number.
WHOLE: Final = re.compile(rf"(?:项目)?(?:整体|总体)\Z|{LATIN_START}overall\Z", re.IGNORECASE)
#: A stage that a number stands alone after.
STAGE: Final = re.compile(
    "(?:(?:已经?)?完成了?)?(?:(?:前端|后端|前后端|客户端|服务端|功能|代码|系统|技术|接口|方案|"
    "需求|产品|用例|数据|性能|回归|集成|主流程|核心)?"
    + any_of(
        "开发 研发 编码 联调 测试 自测 提测 验收 设计 评审 部署 迁移 改造 适配 对接 接入 切换 "
        "配置 上线 投产 实施 建设 "
        "调研 重构 梳理 搭建 编写 整改 割接 拆分 治理 替换 认证 验证 回归 前端 后端 前后端 服务端 "
        "客户端 需求"
    )
    + rf"(?:进行中|中|阶段|工作)?)\Z|{LATIN_START}(?:dev|development|design|testing|test|qa|uat|"
    rf"coding|implementation|integration"
    r"|migration|build|frontend|backend|rollout prep)\Z",
    re.IGNORECASE,
)
#: What may follow a number that stands alone.
ALONE: Final = re.compile(
    r" ?(?:左右|以上|上下|多|了|\(|\)|\Z|[、,;/+&|\]」]|和|及|[A-Za-z]|[\u4e00-\u9fff]{1,6} ?[0-9])"
)
#: Words of work between a number and 完成: 60%的接口开发已完成.
AFTER_DONE: Final = re.compile(
    r" ?(?:左右|以上)?的?(?:[\u4e00-\u9fffA-Za-z]{0,8}?(?:开发|功能|工作|任务|需求|内容|接口|"
    r"用例|页面|代码|测试|系统|模块|改造|"
    r"迁移|适配|配置|联调|编码|文档)(?:工作)?)?(?:均?已经?|基本|均)?(?P<word>完成(?![率度]))"
    rf"| ?(?:of (?:the )?(?:work|development|tasks?|features?|scope|project|testing|cases?)(?: "
    rf"(?:is|are|was))? )?"
    rf"(?P<latin>completed?|done|finished|progress|through|ready){LATIN_END}",
    re.IGNORECASE,
)
#: An opener that makes every number after it progress: 各端进度：iOS 80%、安卓 60%.
PROGRESS_OPENER: Final = re.compile(
    r"(?:整体|总体|当前|目前|开发|研发|各端|各模块|各项目|项目|系统|技术|工作)*(?:进度|完成度|"
    r"完成率|进展)(?:情况|如下)?\Z"
    rf"|{LATIN_START}(?:progress|completion)\Z",
    re.IGNORECASE,
)

_CHANGE: Final = any_of(
    "提升 提高 增长 增加 上升 上涨 升高 升 涨 下降 降低 减少 下跌 回落 回升 下调 上调 回退 倒退 "
    "退回 跌 降 推进 推动 更新 调整 变更 变 改 由 从 推"
)
# 签约, 提现, 归还, 收到 and 日均 end in such a word and are words of their own.
_LOOSE: Final = (
    r"(?<![签预合节续履解违契])约|(?<![提兑变贴实体发出])现|(?<![归偿退返])还|(?<![收签迟])到了?|"
    r"(?<![日月年周人户笔])均|(?<![行华认作])为"
)
#: Words between the label and its number that say nothing of their own.
CONNECTED: Final = re.compile(
    rf"(?:{_CHANGE}(?:到了?|至|为|成)|达到了?|达成了?|达|到达|突破|超过|超|已经|已|大约|大概|{_LOOSE}|"
    rf"接近|将近|近|不到|是|"
    r"至|在|了|仅|只有|只|有|共|从|由|仍|处于|维持|保持|目前|当前|现在|本周|今日|"
    r"今天|截至目前|暂|预估|上周|上期|上次|此前|"
    rf"{LATIN_START}(?:is|are|at|was|now|currently|about|around|approximately|from|to|of|"
    rf"reached|around|only|up to|went|moved|rose|grew)"
    rf"{LATIN_END}|[ :=~\-(\[<\"'「【*≈、,|\t])+\Z",
    re.IGNORECASE,
)
#: A number by which something changed, not the value it has.
CHANGED: Final = re.compile(
    rf"(?:{_CHANGE}|环比|同比|较上周|比上周|较昨日|相比|增幅|降幅|涨幅|波动)(?:了|约|近|超过?|:|"
    rf" )*\Z|[+↑↓±]\s?\Z|"
    rf"{LATIN_START}(?:up|down|increased?|decreased?|grew|rose|fell|dropped|improved)(?: by)? ?\Z",
    re.IGNORECASE,
)
#: Names of things that are measured.
READ: Final = re.compile(
    r"(?:率|占比|比例|比重|份额|可用性|准确度|精度|覆盖|命中|通过|SLA|水位|使用|负载|CPU|内存|"
    r"折扣|费率|利率|占|"
    r"rate|accuracy|availability|uptime|coverage|ratio|share|sla|recall|precision|usage|"
    r"utili[sz]ation)\Z",
    re.IGNORECASE,
)
#: What should be, not what is.
TARGET: Final = re.compile(
    r"(?:目标(?!的|完成|达成|是完成)|完成目标|不低于|不少于|不高于|不超过|不小于|不大于|低于|"
    r"高于|至少|要求|阈值|上限|下限|红线|承诺|"
    r"标准|应达|需达|须达|指标|SLA|计划进度|[≥≤><])[^%0-9。;]{0,20}\Z"
    rf"|{LATIN_START}(?:target|goal|at least|at most|no less than|sla|threshold|should be|must "
    rf"be)[^%0-9]{{0,20}}\Z",
    re.IGNORECASE,
)
#: A plan makes a percentage of progress a target: 预计下周完成90%.
PLANNED: Final = re.compile(
    r"(?:(?<![按据照较])(?:预计|计划)(?!内|已|的)|争取|力争|预期|将(?!近)|拟|下周|下月|明天|"
    r"月底前?|年底前?|希望|确保|有望|"
    rf"{LATIN_START}(?:will|plan(?:s|ned)?|expect(?:s|ed)?|aim(?:s|ing)?|next week|"
    rf"should){LATIN_END})",
    re.IGNORECASE,
)
#: A share of users or of traffic.
STEP: Final = re.compile(
    r"(?:灰度|放量|扩量|切量|切流|引流|分流|流量|放开|开量|推量|全量|白名单|小流量)(?:发布|"
    r"比例|用户|流量|范围|至|到|上线|切换|阶段|放开)*\Z"
    rf"|{LATIN_START}(?:roll(?:ed|ing)?[ -]?out|rollout|ramp(?:ed)?(?: up)?|traffic|canary|"
    rf"gr[ae]y(?:scale)?)\Z",
    re.IGNORECASE,
)
AFTER_STEP: Final = re.compile(
    r" ?的?(?:流量|灰度|用户|放量|切量|扩量|引流|切流|白名单|(?:of )?(?:traffic|users|"
    r"customers|rollout))",
    re.IGNORECASE,
)
#: Joins the two values of a change.
LINK: Final = re.compile(
    rf" ?(?:左右|以内)?[,(]? ?(?:已|又|进一步|逐步|持续|已经)?(?:{_CHANGE}到了?|{_CHANGE}至了?|"
    rf"{_CHANGE}[为成]|→|-{{1,2}}>|=>|>>|到|至"
    r"|to|up to|down to) ?",
    re.IGNORECASE,
)
#: The value of a time before: 上周70%，本周80%; 80%（上周70%）.
EARLIER: Final = re.compile(
    rf"(?:上周|上期|上次|上一周|此前|之前|原|昨日|前值|上月|{LATIN_START}(?:was|last week|"
    rf"previously))(?:进度|整体|为|是|:|的| )*\Z",
    re.IGNORECASE,
)
