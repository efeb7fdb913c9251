"""Days that no word of plan stands beside: 甲方 6 月 28 日确认, 批件 6 月 13 日已拿到.

A plain day to come beside words that something is done is a promise, one that is over beside
已 or 了 a result, unless the words speak of something that merely happens then.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from projects.prose import lazy
from projects.prose.dates.days import Shape, Written
from projects.prose.dates.moved import GIVEN_UP_BEFORE
from projects.prose.mentions import DateKind, Precision
from projects.prose.words import EVENT

HAPPENS_ANYWAY: Final = lazy.compile(
    r"封网|放假|假期|节假|节日|休假|请假|值班|例会|晨会|会议|开会|碰头|讨论|沟通|(?:技术|业务|"
    r"深入|进行了?)交流|会[谈晤]|磋商|走访|拜访|大促|"
    r"峰值|期间|停电|停服|停机|"
    r"断网|断电|跳闸|漏水|起火|着火|失火|泄漏|爆管|崩溃|挂掉|挂了|被封|被盗|受伤|轮班|倒班|值守|"
    r"开[放]时间|营业时间|闭馆|闭店|打烊|高考|中考|体检|家访|开学|到期|过期|失效|有效|"
    r"太(?![阳原湖空平])|厉害|扎堆|旺季|淡季|高峰|吃紧|忙不|抽不[出开]|爆[单仓]|"
    r"涨价|调价|生日|出现|发生|发现|事故|"
    r"宕机|再议|再看|再说|继续|跟进|"
    r"例行|参会|调休|作废|泡汤|搁置|搁浅|流产|告吹|没法|暴雨|台风|雷击|雷雨|冰雹|地震|损坏|受损|"
    r"丢失|进水|烧毁|"
    r"停工|卡顿|波动|断供|离职|提出|询问|来访|参观|停产|检修|梅雨|高温|寒潮|发薪|团建|例行|重启|"
    r"[0-9一两二三]次(?!成功|通过|合格|到位)|到访|座谈|接待|面谈|汇报|出差(?![异错额])|暂停|中断|"
    r"无法|"
    r"(?:开|召开|组织|参加|举行|举办)了?[^,。;]{0,8}会(?![员计议])|不能|不做|"
    r"不再|不会|取消|够呛|无望|可能性不大|"
    r"(?<![A-Za-z])(?:holidays?|(?<!sign-)(?<!cut-)off|vacation|leave|outage|freeze|frozen|"
    r"meeting|met|since|from|"
    r"as of|data|"
    r"(?:is|are|office|shop|store|bank|banks|school|market|markets) closed|expires?|effective|"
    r"weekend|incident|snapshot|not|won't|cannot|stats|numbers|until|"
    r"paused|after|payday|birthday)(?![A-Za-z])",
    re.IGNORECASE,
)
#: What may be made as well, where a verb of what will be done comes first: 下周四能出报表.
THINGS: Final = lazy.compile(
    "数据|账单|统计|报表|口径|版本|备份|日志|快照|截图|故障|告警|异常|投诉|报警|生效|周会|考试"
)
#: 6 月 26 日左右能把报表跑顺
WILL: Final = lazy.compile(
    r" ?(?:左右|前后|之前|前)? ?(?:就|才|再|应该|大概|估计|一定|肯定)?(?:能|可以|要(?!求)|得|"
    r"会(?!议)|必须|争取|把)(?![不否够])"
)
NOT_BEFORE: Final = lazy.compile(
    r"(?:自|从|每逢?|逢|隔|因|由于|创建|更新|统计|记录|周期|参[考照]|[根依]据|比|较|对比|相比|和|"
    r"与|跟|对|除|过了|"
    r"等到|原[定计]?|(?<![改封发出排制])版|"
    r"号|第|每|\(|(?<![A-Za-z])(?:until|since|after|before|from|till|than|versus|vs|"
    r"[Cc]ompared (?:with|to)))(?:时间|日期|于|在|:|"
    r" )*\Z"
)
NOT_AFTER: Final = lazy.compile(
    r" ?(?:起(?![用草诉])|后|之后|以后|以来|为止|开始|当[天日晚]|的|是|为|至|~|-|/|=|%|[0-9]|这|"
    r"那|号|"
    r"(?:[个项条笔次人户]|[A-Za-z]?[0-9]))"
)
DONE_MARK: Final = lazy.compile(
    r"已|了(?:[^解]|\Z)|完\Z|完成|完毕|到位|通过|顺利|成功|如期|按期|正式"
)
#: We finished wiring on 12 June; but an alarm raised on 12 June is no result.
WAS_DONE: Final = lazy.compile(
    r"(?i:(?<![A-Za-z])(?!(?:plann|schedul|expect|delay|join|report|fail|complain|bas|occurr|rais|"
    r"discuss|"
    r"happen|notic|detect|observ|crash|peak|miss|slipp|push|postpon|start|need|want|us|call|"
    r"promis|target|propos|request|ask|found|establish|creat)ed)"
    r"(?:[a-z]{2,}ed|(?:moved|opened) (?:in|into|out|over|up|to)|opened|done|came (?:through|in|"
    r"back)|went [a-z]+|got|won|paid|sent|built|took "
    r"delivery|gave|ran|held)"
    r"(?: [A-Za-z0-9()%-]+){0,4}(?: on)?(?: the)? \Z)"
)
#: What happened on a day that is over, with nothing else said of it: 上周三装船.
RESULT: Final = lazy.compile(
    r" ?(?![^,。;)\n]{0,5}(?:[没未不该高中大统]考?|考试|高考|停课|节))[\u4e00-\u9fff]{2,6}(?=[ "
    r",。;)\n]|\Z)"
)
#: 4.16 发了补丁包
_OPENS_A_REPORT: Final = lazy.compile(
    r" (?:已[\u4e00-\u9fff]|[签交发收开办]的|[\u4e00-\u9fff]{1,3}了)"
)
_OPENS_A_PLAN: Final = lazy.compile(
    r" (?!版|分|万|亿|元|倍|级|折)[\u4e00-\u9fff]{2,6}(?=[,。;\n]|\Z)"
)
#: 财政评审 1.20 出结果
_JUDGED: Final = lazy.compile(r"(?:评审|审批|初审|复审|开标|评标|验收|检测|鉴定|招标) ?\Z")
VALUE_AFTER: Final = lazy.compile(
    r" ?(?:就|已经?|才|刚)?(?:做|推进|完成|放|开|切|扩|提)?(?:到|达|了)? ?[0-9.]+ ?%"
)
#: 12 月 5 日切 5% 流量: a step of a release, and a day to come.
_STEP_AFTER: Final = lazy.compile(
    r" ?(?:先|再)?(?:切|放量?|扩量?|开放?|灰度|推)(?:到|至)? ?[0-9.]+ ?%"
)
DELAYED: Final = lazy.compile(
    r"[延拖推晚挪](?:期|后|迟|了|[一二两三0-9])|往后|后移|顺延|改期|提前|"
    r"(?<![A-Za-z])(?:another|more) (?:days?|weeks?|months?|time)|slip|delay|late|postpon|push",
    re.IGNORECASE,
)
_DONE_BEFORE: Final = lazy.compile(r"(?:完成|通过|已[\u4e00-\u9fff]?|[做改切迁跑]完)了? ?\Z")
ACTUAL: Final = lazy.compile(
    r"实际(?:于|在|是)? ?\Z|(?<![A-Za-z])actual(?:ly)?(?: on)? \Z", re.IGNORECASE
)
_AT: Final = lazy.compile(r"[\u4e00-\u9fff](?<![由鉴基位处])于 ?\Z")
#: demo on Thursday: the written date begins with "on"
_ON_DAY: Final = lazy.compile(r"[a-z-]{3,}(?<!ed) \Z")
_BEGINS: Final = lazy.compile(
    r"(?<![A-Za-z])(?:starts?|begins?|kicks? off|opens)(?: on)? \Z|(?:开始|启动|起始)(?:于|时间|"
    r"日期|:| )*\Z",
    re.IGNORECASE,
)
#: 融资文件 4.24 签, 包材 8.22 到厂
SHORT_ACT: Final = lazy.compile(
    r" ?(?:[交发签审验测送切定批拍录付装到换搬拆给寄]|[寄发送交]给?[\u4e00-\u9fff]{1,4}|"
    r"[到开装发交进出换拆测验投试切搬铺封][\u4e00-\u9fff])"
    r"(?=[ ,。;)、\n]|\Z)"
)
_PART_OF_DAY: Final = lazy.compile(
    r" ?(?:(?:in the )?(?:morning|afternoon|evening)|night|noon)?", re.IGNORECASE
)
_WINDOW: Final = 20
_IN_A_WORD: Final = lazy.compile("[A-Za-z-][A-Za-z-]+")
_FAR: Final = timedelta(days=75)
_MONTH: Final = timedelta(days=31)
_WORDS: Final = lazy.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]{3}")
LABEL: Final = lazy.compile(
    r" ?(?:已经?|将|会|由|可|能|要|得|再|才)?(?P<event>[\u4e00-\u9fff]{2,6}|"
    r"(?:凌晨|[早晚]上|[上中下]午|夜[里间])?"
    r"[交发开签审验测到出投搬停给送收切上见补定批谈换拍录拿付结撤拆装试播])[了吧]?"
    r"(?=[ ,。;)、\n]|\Z)"
)


#: What is done, with what it is done to behind it: 开放第二展厅, 把旧机还给供应商.
ACT: Final = lazy.compile(
    r" ?(?:[把将](?=[\u4e00-\u9fff]{3})|(?:拿[到下]|取得|开[放通业园馆始工]|起用|启用|更换|"
    r"换[成上掉发装]|装[完好上]|"
    r"搬[完到进空]|拆[完除掉]|铺[完好到]|补[齐完上录]|清[完空掉零]|出[台具齐]|递[交到]|"
    r"签[完掉下署]|收[齐回完尾口]|接[入通完管]|"
    r"建[成好完]|改[完造]|交[付齐完]|[送寄还退]|提[交供]|给[出到]|整理|梳理|完善|核[对完查]|"
    r"录[完入]|迁[完移入]|切[换完到入]|"
    r"关[停闭掉]|下[发线架]|上[架线报]|发[布放出]|推[出送]|做[完出]|实现全|"
    r"定[下完稿])(?=[\u4e00-\u9fffA-Za-z]))"
)
RESULTS: Final = lazy.compile(
    r" ?[\u4e00-\u9fff]{0,2}(?:到位|落成|见效|开放|启用|拿证|交房|[建搬装铺做改换]完|"
    r"建成)(?=[ ,。;)\n]|\Z)"
)
#: 10/9 装好
FINISHED: Final = lazy.compile(
    r" ?(?:已|都|全)?[装接改换搬铺拆测修验录迁切做建配调补签交]好了?(?=[ ,。;)\n]|\Z)"
)
_ACT_OF_DAYS: Final = lazy.compile(
    r" ?(?:集中|分批|陆续)?(?:做|补[录齐]|联调|迁移|割接|搬迁|安装|改造|试运[行营]|清[理点]|走查|"
    r"压测|回归)"
)
_RUNS: Final = lazy.compile(r"(?<![A-Za-z])(?:runs?|running|lasts?)(?: from)? \Z", re.IGNORECASE)
_NO_NAME_OF_WORK: Final = lazy.compile(
    r"[了已过]|[0-9] ?%|日期|时间|(?:[年月周]|节|元旦|国庆|期|[见按至到于在从自]) ?\Z"
)
_TOLD_OR_COUNTED: Final = lazy.compile("[了过已0-9]")
#: 反洗钱名单库切换，12 月第一周
ENDS_IN_WORK: Final = lazy.compile(rf"(?<![已了未没]){EVENT} ?\Z", re.IGNORECASE)
_WILL_BE_DONE: Final = lazy.compile(r" ?[\u4e00-\u9fff]{0,4}(?<![已了])完")


def kind_ahead(
    written: Written, before: str, after: str, week: date, earlier: str = ""
) -> DateKind | None:
    """The kind of a date that only its own words and the week speak for, if it has one.

    ``earlier`` is the clause before the date's: 又要延三周，约 11 月 7 日.
    """
    sunday = week + timedelta(days=6)
    is_plain = _is_plain(written, before, after, sunday)
    is_step = _is_step(written, after, week)
    may_be_read = is_step or _may_be_read(written, before, after, sunday, is_plain)
    if not may_be_read or _is_no_day_of_work(before, after, is_step=is_step):
        return None
    # by Thursday; Missed June 14, new date June 27
    is_limit = is_step or (written.is_limit and "%" not in before) or GIVEN_UP_BEFORE.search(before)
    begins = _BEGINS.search(before) is not None
    if is_plain and (begins or is_limit):
        return DateKind.START if begins else DateKind.DUE
    around = _last_words(before) + after[:16]
    says_more = (
        _WORDS.search(around)
        or after.startswith("吧")
        or LABEL.match(after)
        or DELAYED.search(earlier)
        or (ENDS_IN_WORK.search(earlier) and not after.strip())
    )
    if speaks_against(around, after) or not says_more:
        return None
    if written.day > sunday:
        is_over = "已" in after[:12] or "了" in after[:8]
        return None if is_over else DateKind.DUE
    is_finished = written.day < week + timedelta(days=3) and FINISHED.match(after)
    if is_finished or (is_plain and _is_result(written, before, after, week)):
        return DateKind.DONE
    return DateKind.DUE if _is_still_to_come(written, before, after, week) else None


def is_due_alone(written: Written, earlier: str, week: date) -> bool:
    """物流面单改版，本月内: whether a day that ends its line is that of the clause before it."""
    is_clear = written.shape is Shape.NAMED and not written.is_range
    is_ahead = is_clear and written.day > week + timedelta(days=6)
    is_of_work = len(earlier.strip()) > 3 and not _NO_NAME_OF_WORK.search(earlier)
    return is_ahead and is_of_work and not speaks_against(earlier, "")


def _is_plain(written: Written, before: str, after: str, sunday: date) -> bool:
    """Whether the date can be nothing but one: a day, a month to come at the head of its clause."""
    if written.shape in (Shape.NAMED, Shape.RELATIVE):
        return True
    if written.shape is Shape.DOTTED:
        is_sure = not before.strip() or _JUDGED.search(before) or SHORT_ACT.match(after)
        return bool(is_sure) and _opens_a_plan_or_report(written, after, sunday)
    if written.day <= sunday:
        return False
    is_month = written.precision is Precision.MONTH and written.day - _MONTH > sunday
    is_span = is_month or written.precision is Precision.QUARTER
    # 9 月完工, 上半年拿到证书
    if is_span and RESULTS.match(after):  # 采购 Q3 到位
        return True
    if before.strip():
        return False
    is_act = is_span and ACT.match(after) and not _TOLD_OR_COUNTED.search(after)
    return bool(is_act or (is_month and LABEL.match(after)))


def _is_step(written: Written, after: str, week: date) -> bool:
    is_named = written.shape is Shape.NAMED and written.day > week + timedelta(days=2)
    return is_named and _STEP_AFTER.match(after) is not None


def _may_be_read(written: Written, before: str, after: str, sunday: date, is_plain: bool) -> bool:
    """Whether the date is no count, and no span of days in which nothing ends: 周一到周五轮班."""
    if written.is_range and not (_ACT_OF_DAYS.match(after) or _RUNS.search(before)):
        return False
    if is_plain or written.shape is not Shape.SLASHED:
        return is_plain
    says_what = _WORDS.match(after.strip()) or LABEL.match(after)
    is_count = _DONE_BEFORE.search(before) or written.day - sunday > _FAR
    return says_what is not None and not is_count


def _is_still_to_come(written: Written, before: str, after: str, week: date) -> bool:
    """周四拆旧柜: a day of this week, from its middle on, on which something is done."""
    if written.day < week + timedelta(days=2):
        return False
    is_act = LABEL.match(after) or ACT.match(after) or _ACT_OF_DAYS.match(after)
    if is_act and not re.search("[了过已]", _last_words(before) + after[:16]):
        return True
    return _PART_OF_DAY.fullmatch(after) is not None and _ON_DAY.search(before) is not None


def speaks_against(around: str, after: str) -> bool:
    """Whether something merely happens on the day: 下周四例会, and no 下周四能出报表."""
    is_thing = THINGS.search(around) is not None and not any(
        act.match(after) for act in (WILL, ACT, _ACT_OF_DAYS)
    )
    return is_thing or HAPPENS_ANYWAY.search(around) is not None


def _last_words(before: str) -> str:
    """The last words without the rest of a word that the window cuts: off of sign-off."""
    words = before[-_WINDOW:]
    is_cut = _IN_A_WORD.match(before, len(before) - _WINDOW - 1) if len(before) > _WINDOW else None
    return words[is_cut.end() - is_cut.start() - 1 :] if is_cut else words


def _is_no_day_of_work(before: str, after: str, *, is_step: bool) -> bool:
    """Since 6 月 18 日, 6 月 18 日的, and 6 月 18 日已到 60%."""
    is_led = NOT_BEFORE.search(before) is not None and not DELAYED.search(before)
    is_value = VALUE_AFTER.match(after) is not None and not is_step
    return is_led or is_value or NOT_AFTER.match(after) is not None


def _opens_a_plan_or_report(written: Written, after: str, sunday: date) -> bool:
    """4.16 发了补丁包; 4.20 出报表, where the day has two digits, as no version has."""
    if written.day <= sunday:
        is_late = written.day >= sunday - timedelta(days=4) and written.day.day > 9
        return bool(_OPENS_A_REPORT.match(after) or (is_late and SHORT_ACT.match(after)))
    is_near = written.day - sunday <= _MONTH
    opens = _OPENS_A_PLAN.match(after) or SHORT_ACT.match(after)
    return (written.day.day > 9 or is_near) and opens is not None


def _is_result(written: Written, before: str, after: str, week: date) -> bool:
    """Whether the words say of a day that is over that something was done on it."""
    is_told = RESULT.match(after) is not None and (
        written.day < week or _AT.search(before) is not None  # 合同于 3 月 3 日签订
    )
    is_done = (
        DONE_MARK.search(after[: 12 if written.day >= week else 18]) is not None
        and written.precision is Precision.DAY
    )
    if written.day >= week + timedelta(days=3) and _WILL_BE_DONE.fullmatch(after):
        is_done = False  # 剩下的周四清完
    return is_told or is_done or bool(ACTUAL.search(before) or WAS_DONE.search(before))


def label_ahead(after: str) -> tuple[str, int]:
    """What happens on such a day, and how many characters of ``after`` tell so."""
    label = LABEL.match(after)
    return (label["event"], label.end("event")) if label else ("", 0)
