"""The vocabulary that several readers share: what promises, what happens, what is past."""

from __future__ import annotations

import re
from typing import Final

from projects.prose import lazy


def any_of(words: str) -> str:
    """A pattern for one of the blank-separated ``words``, the longest first.

    It looks at the first character before it tries them: most places of a text begin none.
    """
    longest_first = sorted(words.split(), key=len, reverse=True)
    firsts = "".join(sorted({word[0] for word in longest_first}))
    return f"(?=[{re.escape(firsts)}])(?:" + "|".join(map(re.escape, longest_first)) + ")"


#: No Latin letter before or after: ``\b`` would see one word in 上线ETA. A letter comes next.
LATIN_START: Final = r"(?=[A-Za-z])(?<![A-Za-z])"
LATIN_END: Final = r"(?![A-Za-z])"

#: Words that make what follows a promise rather than a fact.
PLAN: Final = (
    "(?:"
    + any_of(
        "预计 预期 预估 预定 计划 规划 拟 拟于 本应 本该 本来 说好 约好 定好 讲好 目标 争取 力争 "
        "力保 确保 保证 将于 将在 将会 "
        "即将 定于 定在 "
        "暂定 初定 约定 敲定 定档 约在 定到 排在 排到 排进 放在 安排在 安排到 订在 卡在 卡到 锁定 "
        "改约 改搭 改到 改在 排期 倒排 承诺 截止 截至 期限 最晚 最迟 不晚于 原定 原计划 原拟 "
        "原本 本定 本拟 原约 本来定"
    )
    + "|(?:(?:往后|向后|往前)?(?:延期|推迟|顺延|延后|延迟|调整|变更|修改|提前|改|推|延|拖|挪|顺|"
    + "移))(?:期|后)?了?"
    + "(?:[一二两三四五六七八九十0-9半]{1,3}个?(?:天|周|星期|月|季度|工作日))?(?:到|至|为|成)"
    + "|新的?(?:上线|完成|计划|目标|提测|交付)?(?:日期|时间|计划)(?:是|为|定在)?"
    + "|"
    + LATIN_START
    + r"(?:(?:is |are )?(?:due|expected?|expecting|scheduled|planned|planning|targeted|targeting|"
    + r"slated)"
    + r"(?: (?:for|on|by|to|in|at))?|by|before|no later than|target(?:s| date)?|plan"
    + r"|originally|initially|promised(?: for)?|will|should|re-?planned(?: for)?|moving to|"
    r"booked for|set for|"
    r"lands?|new (?:date|target|eta|plan)"
    + r"|(?:slipped|slid|slides|moved|postponed|pushed|pulled|brought|delayed|rescheduled|"
    r"extended)(?: back|"
    r" out| in| forward| up)?(?: (?:a|"
    r"one|two|" + r"three|four|[0-9]{1,2}) (?:days?|weeks?|months?))? (?:to|until)|eta|ddl|"
    r"deadline|aim(?:ing)? for)" + LATIN_END + ")"
)

#: Work of many like pieces: two numbers behind it count them sooner than they are a day.
LASTS: Final = lazy.compile(
    "(?:"
    + any_of(
        "改造 整改 治理 铺设 铺贴 安装 更换 替换 加装 加固 消杀 嫁接 录入 扫描 标注 巡检 盘点 清理 "
        "修缮 翻新 清淤 补种 移栽 打捞 迁移 适配 改写 校对 复核 核对 回访 走访 摸排 普查"
    )
    + r"|[改换装刷铺修拆补栽贴焊][\u4e00-\u9fff]) ?\Z"
)
_HAPPENS: Final = (
    "上线 提测 转测 送测 联调 验收 启动 开始 完成 交付 投产 发布 发版 封板 封版 灰度 全量 "
    "推全 评审 立项 "
    "切换 切量 割接 试点 试运行 上架 下线 结项 结束 部署 迁移 测试 定稿 开通 就绪 冒烟 回归 达标 "
    "开发 研发 改造 演练 压测 冻结 投用 启用 停用 UAT "
    "切流 收尾 签约 签署 上会 过会 投放 开业 试产 量产 打样 开标 招标 进场 竣工 到货 发货 开课 "
    "结课 直播 交稿 出版 建成 签订 "
    "开机 提审 上报 报送 提交 备案 复盘 归档 培训 搬迁 入驻 施工 安装 调试 铺设 开工 完工 送审 "
    "送检 取证 上车 下发 公示 "
    "并网 通航 通车 通水 通电 通气 点火 封顶 亮灯 开园 开馆 开机 开播 首播 首飞 下水 试航 开镜 "
    "杀青 播种 收割 采收 上市 开服 公测 内测 开庭 开标 定标 入场 撤场 清场 复产 投运 "
    "落地 交接 转产 首发 回款 验证 自测 移交 割接 换装 出具 关闭 结案 清零 发车 扩容 轮换"
)
#: What happens on a date; a run of them is one label (联调+提测, 迁移完成, 正式上线).
_ONE_EVENT: Final = (
    any_of(_HAPPENS)
    + r"|[初终复预内外]验|[初终复二三]审|[初复]测|[初终]稿|(?<!召)开启|交样|封样|出样|到样|"
    + r"[交提发投验签送](?:货|样|稿|标|审|验|件|测|版)|"
    + r"[做开跑写改测修建搬切签走谈迁换装拍录审补铺发配调接]完(?![整善美备全])"
    + "|"
    + LATIN_START
    + r"(?:(?:go|goes|going)[ -]?live|launch(?:es|ed|ing)?|releas(?:e|es|ed|ing)"
    + r"|deliver(?:y|s|ed|ing)?|complet(?:e|es|ed|ing|ion)|finish(?:es|ed|ing)?"
    + r"|start(?:s|ed|ing)?|kick[ -]?off|ship(?:s|ped|ping)?|deploy(?:s|ed|ing|ment)?"
    + r"|roll(?:s|ed)?[ -]?out|cutover|ends?|testing|migrat(?:e|es|ed|ion)|code freeze|done|live"
    + r"|hand(?:s|ed)? ?over|sign-off|submi(?:t|ts|tted|ssion)|sign(?:s|ed)?(?: off)?|"
    + r"install(?:s|ed)?|"
    + r"approv(?:es?|ed|al)|publish(?:es|ed)?|open(?:s|ing)|(?:hand|sign)ing|closing|ready|"
    r"wrap(?:s|ped)?(?: up)?|pilot|merge[sd]?|arriv(?:es?|ed|al))" + LATIN_END
)
EVENT: Final = rf"(?:(?:{_ONE_EVENT})(?:[ ]?(?:[+/、&]|和|及|并|与)?[ ]?(?:{_ONE_EVENT})){{0,3}})"

#: A moment named as such: 上线时间, 完成日期, 提测节点.
MOMENT: Final = r"(?:时间点?|日期|日|节点|期限|时点|窗口| ?date| ?time| weekend| window)"

#: Words between a plan word and its date that say nothing of their own.
FILLER: Final = (
    r"(?:于|在|是|为|到|至|到了|:|=| |的|约|大概|大约|今年|本年|最晚|最迟|不晚于|时间|日期|节点|"
    r"上线|提测|投产|"
    r"交付|完成|发布|在|整体|全部|the |on |in |at |for |by |is |to |around |end |early |late )"
)

#: Said of a time to come without a date of its own, or not true yet.
NOT_YET: Final = (
    r"尚未|还未|并未|并非|并不是|(?<![是也])不是(?!不)|不能?算|[算谈]不上|远未|"
    r"(?<![距脱])离\Z|还没有?|没有|未(?!来)|没|无法|无需|不(?=[能会再予]|需|具备|打算|延|存在|"
    r"影响上线)|暂不|待(?!遇)|等待|准备(?!完成|工作|就绪|完毕)|筹备(?!完成|工作)|预备|即将|"
    r"将(?![近军])|需(?![求])|拟(?!合)|预计|计划|规划|预期|目标|争取|力争|确保|下周|下月|"
    r"下个月|明天|明日|后天|"
    r"下半年|明年|[本周月]内|若|如果|是否|能否|可否|距离|待定|后续|前 ?\Z"
    "|"
    + LATIN_START
    + r"(?:not|never|no|will|to be|plan(?:ned|s)? to|expected|going to|ready to|next week|if|when"
    + r"|should|aim(?:s|ing)? to|until|before|isn't|aren't|hasn't|haven't"
    + r"|wasn't|weren't|didn't|not yet|due)"
    + LATIN_END
)

# Words that stand around a name without being part of it. Single characters only where they
# begin or end no word of their own: 对接, 现代 and 功能 must stay whole.
_LOOSE: Final = r"[\s,、\-~→=+·•:.\"'()\[\]{}<>《》「」/|&#;]"
_TIME: Final = (
    r"(?:本周|上周|下周)[一二三四五六日天末]?|周[一二三四五六日天末]|本月|今日|今天|昨日|昨天"
)
_BEFORE_A_NAME: Final = (
    rf"(?:[0-9]{{1,2}}[、.)](?![0-9])|[0-9]{{1,2}}(?:\.[1-9][0-9]?){{1,2}} (?![版期代月年])|"
    rf"和(?![平解谐])|及(?!时)|以及|并且|"
    rf"并(?![发行购网轨表联线柜库单机])|且|与(?!会)|或者|其中|另外|同时|"
    rf"目前|当前|现在|{_TIME}|截止|"
    rf"截至|"
    r"已经|已|均已|均|都已|也已|的|然后|之后|但是?|而且|整体上|因此|所以|一共|共计|总共|"
    r"共(?![享同管])|"
    rf"(?:and|the|is|are|now|currently|with|our|of|but|has|have|yet)(?![A-Za-z])|{_LOOSE})+"
)
_AFTER_A_NAME: Final = (
    rf"(?:的|已经|已|(?<![日月年周人])均已?|都已|都|也已|也|将|在|于|为|是|还需|仍需|均可|全部|"
    rf"正式|目前|当前|"
    rf"现在|{_TIME}|"
    r"一共|共计|合计|总计|达到|[按如]期|按时|按(?:照)?计划|以及|(?<![饱调])和|(?<![普涉])及|"
    r"(?<!参)与|(?<!合)并|正在|大约|仅|"
    r"(?<![A-Za-z])(?:is|are|at|was|now|currently|will|be|to|of|has|have|been|the|we|by|yet|"
    r"next week|this week)"
    rf"|{_LOOSE})+"
)
_LEADING: Final = lazy.compile(_BEFORE_A_NAME, re.IGNORECASE)
_TRAILING: Final = lazy.compile(_AFTER_A_NAME + r"\Z", re.IGNORECASE)
# Openers that name no thing: the clause after them has no subject from them.
_NO_NAME: Final = lazy.compile(
    r"(?:本周|上周|下周|本月|当前|目前|最新|整体|总体|工作|项目)?(?:工作)?"
    r"(?:进展|进度|状态|情况|说明|备注|问题|风险|计划|目标|时间|依赖|安排|现状|业务|产研|其他|"
    r"更新|重点|里程碑)(?:情况|如下)?"
    r"|本周|上周|下周|本月|项目|整体|总体|status|progress|update|notes?|this week|next week",
    re.IGNORECASE,
)
_MOMENT: Final = lazy.compile(rf"(?:预计|计划|目标)?{EVENT}{MOMENT}?", re.IGNORECASE)
_VALUE: Final = lazy.compile(r"[0-9] ?%|[0-9]/[0-9]")
_LONGEST_NAME: Final = 60
_PAIRS: Final = ("()", "[]", "《》", "「」")
_PARTNER: Final = {pair[i]: pair[1 - i] for pair in _PAIRS for i in (0, 1)}


def last_match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last place in a short text where the pattern matches."""
    last: re.Match[str] | None = None
    for match in pattern.finditer(text):
        last = match
    return last


def name_in(text: str, folded: str, start: int, end: int) -> str:
    """The name that stands in ``text[start:end]``, without the words around it; may be empty."""
    if start >= end:
        return ""
    start, end = trimmed(folded, max(start, end - _LONGEST_NAME), end)
    return text[start:end]


def trimmed(folded: str, start: int, end: int) -> tuple[int, int]:
    """The stretch between ``start`` and ``end`` that a name fills; empty when there is none."""
    lead = _LEADING.match(folded, start, end)
    first = lead.end() if lead else start
    tail = _TRAILING.search(folded, first, end)
    last = tail.start() if tail else end
    # AI影像数字化（DocAI） and 「贝小理」助手 keep their brackets, a stray one goes.
    if last < end and _PARTNER.get(folded[last], "") in folded[first:last]:
        last += 1 if folded[last] in _PARTNER else 0
    if first > start and _PARTNER.get(folded[first - 1], "\n") in folded[first:last]:
        first -= 1
    # 告警治理（告警量 is about the 告警量 within the bracket that is still open.
    opened = folded.rfind("(", first, last)
    if opened >= 0 and folded.find(")", opened, last) < 0:
        first = opened + 1
    return first, max(first, last)


def is_no_name(folded: str) -> bool:
    """Whether the words are a mere heading (本周进展, 状态), which nothing can be about."""
    return _NO_NAME.fullmatch(folded.strip()[:_LONGEST_NAME]) is not None


def opens_a_subject(folded: str) -> bool:
    """Whether words before a colon name a thing: neither a heading nor a moment (上线时间：…)."""
    words = folded.strip()[:_LONGEST_NAME]
    return bool(words) and not (
        is_no_name(words) or _MOMENT.fullmatch(words) or _VALUE.search(words)
    )
