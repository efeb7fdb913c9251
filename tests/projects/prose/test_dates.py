"""Which written dates are dates of the work, which day is meant, and what happens then."""

from __future__ import annotations

from datetime import date

from projects.prose import DateKind, DateMention, Precision, read
from tests.tables import each_row

WEEK = date(2024, 6, 17)


def _dates(text: str, week: date = WEEK) -> tuple[DateMention, ...]:
    return read(text, week=week).dates


# text, date, precision, kind, label
ONE_DATE: list[tuple[str, str, str, str, str]] = [
    ("Jun 29: swap the UPS", "2024-06-29", "day", "due", ""),
    ("tape-in 时间：2024/6/28", "2024-06-28", "day", "due", ""),
    ("眼下22%，月底前要冲到50%", "2024-06-30", "month", "due", ""),
    # lists and rows
    ("夹具改造,林涛,65%,2024-07-12,正常", "2024-07-12", "day", "due", ""),
    ("冲压自动化，80%，7/5，等备件", "2024-07-05", "day", "due", ""),
    # days
    ("预计7月23日上线", "2024-07-23", "day", "due", "上线"),
    ("预计7月23号上线", "2024-07-23", "day", "due", "上线"),
    ("预计7月23上线", "2024-07-23", "day", "due", "上线"),
    ("预计 7 月 23 日 上线", "2024-07-23", "day", "due", "上线"),
    ("６月２５日提测", "2024-06-25", "day", "due", "提测"),
    ("預計７月２３日上線", "2024-07-23", "day", "due", "上线"),
    ("计划六月二十五日提测", "2024-06-25", "day", "due", "提测"),
    ("计划十二月三十一日前完成", "2024-12-31", "day", "due", "完成"),
    ("计划2024年7月8日联调", "2024-07-08", "day", "due", "联调"),
    ("计划24年7月8日联调", "2024-07-08", "day", "due", "联调"),
    ("计划2025-01-15上线", "2025-01-15", "day", "due", "上线"),
    ("计划2024/7/8上线", "2024-07-08", "day", "due", "上线"),
    ("计划2024.7.8上线", "2024-07-08", "day", "due", "上线"),
    ("6/25提测", "2024-06-25", "day", "due", "提测"),
    ("预计6/25提测", "2024-06-25", "day", "due", "提测"),
    ("预计6/25（周二）提测", "2024-06-25", "day", "due", "提测"),
    ("计划7/23 22:00上线", "2024-07-23", "day", "due", "上线"),
    ("8月31日前", "2024-08-31", "day", "due", ""),
    ("8月31日前完成整改", "2024-08-31", "day", "due", "完成"),
    ("目标是7月30日联调+提测", "2024-07-30", "day", "due", "联调+提测"),
    ("预计7月15日完成验收", "2024-07-15", "day", "due", "验收"),
    ("预计7月15日验收完成", "2024-07-15", "day", "due", "验收"),
    ("上线时间：7月23日", "2024-07-23", "day", "due", "上线"),
    ("上线日期 2024-07-23", "2024-07-23", "day", "due", "上线"),
    ("预计上线时间为7月23日", "2024-07-23", "day", "due", "上线"),
    ("预计上线：7/23", "2024-07-23", "day", "due", "上线"),
    ("截止日期：2024-07-31", "2024-07-31", "day", "due", ""),
    ("计划于7月8日启动支付功能", "2024-07-08", "day", "due", "启动"),
    ("争取7月初具备提测条件", "2024-07-10", "part", "due", "提测"),
    # compact and dotted, next to a word that says so
    ("预计617上线", "2024-06-17", "day", "due", "上线"),
    ("预计 0628 提测", "2024-06-28", "day", "due", "提测"),
    ("预计628进入方案对接", "2024-06-28", "day", "due", ""),
    ("目标830前", "2024-08-30", "day", "due", ""),
    ("705提测", "2024-07-05", "day", "due", "提测"),
    ("提测705", "2024-07-05", "day", "due", "提测"),
    ("预计上线 0705", "2024-07-05", "day", "due", "上线"),
    ("20240705上线", "2024-07-05", "day", "due", "上线"),
    ("618大促后启动改造，715投产", "2024-07-15", "day", "due", "投产"),
    ("预计 7.30 迁移完成", "2024-07-30", "day", "due", "迁移"),
    ("7.30上线", "2024-07-30", "day", "due", "上线"),
    # parts of months, months, quarters
    ("目标7月下旬启动对接", "2024-07-31", "part", "due", "启动"),
    ("7月上旬上线", "2024-07-10", "part", "due", "上线"),
    ("预计7月初上线", "2024-07-10", "part", "due", "上线"),
    ("7月中提测", "2024-07-20", "part", "due", "提测"),
    ("计划7月中旬提测", "2024-07-20", "part", "due", "提测"),
    ("预计7月底上线", "2024-07-31", "month", "due", "上线"),
    ("7月末交付", "2024-07-31", "month", "due", "交付"),
    ("6月底开完其余账户", "2024-06-30", "month", "due", "开完"),
    ("6月份完成首批银行确认", "2024-06-30", "month", "due", "完成"),
    ("预计8月份上线", "2024-08-31", "month", "due", "上线"),
    ("预计8月上线", "2024-08-31", "month", "due", "上线"),
    ("计划2025年2月上线", "2025-02-28", "month", "due", "上线"),
    ("计划明年3月上线", "2025-03-31", "month", "due", "上线"),
    ("预计Q3上线", "2024-09-30", "quarter", "due", "上线"),
    ("目标2024Q4完成切换", "2024-12-31", "quarter", "due", "切换"),
    ("三季度上线", "2024-09-30", "quarter", "due", "上线"),
    ("计划第四季度投产", "2024-12-31", "quarter", "due", "投产"),
    ("年底前全部下线", "2024-12-31", "month", "due", "下线"),
    ("预计月底上线", "2024-06-30", "month", "due", "上线"),
    # ranges and moves
    ("6/24-6/28提测", "2024-06-28", "day", "due", "提测"),
    ("计划7月8-12日验收", "2024-07-12", "day", "due", "验收"),
    ("计划7月8日至12日验收", "2024-07-12", "day", "due", "验收"),
    ("上线由7/1延期至7/15", "2024-07-15", "day", "due", "上线"),
    ("延期至7月15日上线", "2024-07-15", "day", "due", "上线"),
    ("推迟到7月底", "2024-07-31", "month", "due", ""),
    # done and begun
    ("已于6月18日上线", "2024-06-18", "day", "done", "上线"),
    ("已于618在北京试点运行", "2024-06-18", "day", "done", "试点"),
    ("于6月18日完成上线", "2024-06-18", "day", "done", "上线"),
    ("6月3日上线", "2024-06-03", "day", "done", "上线"),
    ("6月18日已完成切换", "2024-06-18", "day", "done", "切换"),
    ("截止618全部追回完成", "2024-06-18", "day", "done", "完成"),
    ("6月18日开始检测", "2024-06-18", "day", "start", "开始"),
    ("7月1日启动", "2024-07-01", "day", "start", "启动"),
    # English
    ("due Jul 23", "2024-07-23", "day", "due", ""),
    ("by July 23rd", "2024-07-23", "day", "due", ""),
    ("Planned for 23 Jul 2024", "2024-07-23", "day", "due", ""),
    ("ETA 7/23", "2024-07-23", "day", "due", ""),
    ("launch by end of July", "2024-07-31", "month", "due", "launch"),
    ("expected mid-August", "2024-08-20", "part", "due", ""),
    ("due Q3 2025", "2025-09-30", "quarter", "due", ""),
    ("go-live: Jul 23, 2024", "2024-07-23", "day", "due", "go-live"),
    ("launch in June", "2024-06-30", "month", "due", "launch"),
    ("Slipped to mid-August", "2024-08-20", "part", "due", ""),
    ("will ship on 7/15", "2024-07-15", "day", "due", "ship"),
    ("预计 7-15 上线", "2024-07-15", "day", "due", "上线"),
    ("预计7月中下旬上线", "2024-07-31", "part", "due", "上线"),
    ("6.30前完成", "2024-06-30", "day", "due", "完成"),
    ("上线窗口：7/15 22:00", "2024-07-15", "day", "due", "上线"),
    ("开发排期 6/24~7/5", "2024-07-05", "day", "due", "开发"),
    ("去年12月已上线", "2023-12-31", "month", "done", "上线"),
    ("released on June 3", "2024-06-03", "day", "done", "released"),
    ("released on June 18", "2024-06-18", "day", "done", "released"),
]


@each_row(("text", "day", "precision", "kind", "label"), ONE_DATE)
def test_one_date(text: str, day: str, precision: str, kind: str, label: str) -> None:
    got = [(str(d.date), d.precision, d.kind, d.label) for d in _dates(text)]
    assert got == [(day, Precision(precision), DateKind(kind), label)]


NO_DATE: list[str] = [
    "Meeting with the regulator held on June 12",
    "Crane booked until Friday",
    "押金 20%，尾款到货一周内付",
    "10月份累计转账7049笔",
    "计划周末刷5月份数据",
    "10月月结准备",
    "核对5月账单",
    "430事故待复盘",
    "430出金追款",
    "618大促保障",
    "v1.1上线",
    "1.1版本进入迭代",
    "贝易转1.2上线",
    "整装5.1节后启动方案沟通",
    "支付100组",
    "成本528万",
    "询问量203条",
    "预计1000笔",
    "目标1.2亿元",
    "计划支持300个商户",
    "完成203条用例",
    "端口 1230",
    "错误码 503",
    "06/18 12:03 对账报送超时",
    "6月18日 12点出现告警",
    "430事故：截至6/18，异常资金全部追回",
    "截止6月18日共完成14笔",
    "6月18日收到通知",
    "明天上线",
    "计划周末刷数",
    "2月31日上线",
    "预计13/45提测",
    "预计2024-13-01上线",
    "2024年基础成本盘点",
    "2025年预算编制",
    "近3月完成",
    "每月完成一次演练",
    "第3季完成",
    "IP 10.6.25.1 上线",
    "https://example.com/2024/6/25/上线",
    "we may launch",
    "May launch soon",
    "6月已完成 3 家，7月计划完成 5 家",
    "计划投入 3-5 人",
    "预计6.5人天",
    "6月18日召开评审会",
    "2024.6.17-2024.6.21 周报",
    "1-5月累计交易 30 亿元",
    "Q3 OKR 规划",
    "5月中信银行对接",
    "已完成14/44",
    "进度 8/18项",
    "比例 7/24",
    "Created: 2024年5月17日 10:03",
]


@each_row("text", NO_DATE)
def test_other_dates_are_not_dates_of_the_work(text: str) -> None:
    assert _dates(text) == ()


# text, then for each date: month-day, label, subject
SUBJECTS: list[tuple[str, list[tuple[str, str, str]]]] = [
    (
        "二手收银台：下单页改造预计6月25日上线，PC端7月初上线。",
        [("06-25", "上线", "下单页改造"), ("07-10", "上线", "PC端")],
    ),
    ("计划6月24日提测，6月30日MVP交付", [("06-24", "提测", ""), ("06-30", "交付", "MVP")]),
    (
        "对账平台：6/24提测、6/30上线",
        [("06-24", "提测", "对账平台"), ("06-30", "上线", "对账平台")],
    ),
    ("提测：6/24，上线：6/30", [("06-24", "提测", ""), ("06-30", "上线", "")]),
    ("提测时间6月24日 上线时间6月30日", [("06-24", "提测", ""), ("06-30", "上线", "")]),
    ("6月30日前端提测", [("06-30", "提测", "前端")]),
    ("7月1日前履约初审的备件上线", [("07-01", "初审", "履约")]),
    ("云闪付：计划于7月8日启动支付功能", [("07-08", "启动", "支付功能")]),
    ("直联：预计7月7日完整功能上线", [("07-07", "上线", "完整功能")]),
    ("农行：6月份完成首批意向确认", [("06-30", "完成", "首批意向确认")]),
    ("小程序人脸对接预计6/25提测", [("06-25", "提测", "小程序人脸对接")]),
    ("Login page launch by Jul 23", [("07-23", "launch", "Login page")]),
    ("本周进展：预计6/25提测", [("06-25", "提测", "")]),
    ("【好店】预计6/25提测", [("06-25", "提测", "好店")]),
]


@each_row(("text", "expected"), SUBJECTS)
def test_label_and_subject(text: str, expected: list[tuple[str, str, str]]) -> None:
    got = [(f"{d.date:%m-%d}", d.label, d.subject) for d in _dates(text)]
    assert got == expected


# week, text, date
YEARS: list[tuple[str, str, str]] = [
    ("2025-01-06", "1228上线完成", "2024-12-28"),
    ("2024-12-30", "预计1月15日上线", "2025-01-15"),
    ("2024-12-23", "预计1月上线", "2025-01-31"),
    ("2025-01-06", "12月28日已上线", "2024-12-28"),
    ("2024-06-17", "预计12月31日上线", "2024-12-31"),
    ("2024-12-30", "预计7月上线", "2025-07-31"),
    ("2024-02-26", "2月29日上线", "2024-02-29"),
    ("2024-12-30", "年底前上线", "2025-12-31"),
    ("2025-01-06", "2024年底已上线", "2024-12-31"),
]


@each_row(("week", "text", "day"), YEARS)
def test_a_date_without_a_year_is_in_the_nearest_one(week: str, text: str, day: str) -> None:
    assert [str(d.date) for d in _dates(text, date.fromisoformat(week))] == [day]


# text, mention
EXTENTS: list[tuple[str, str]] = [
    ("移动端改造预计6月25日上线，其余待定", "预计6月25日上线"),
    ("预计7月7日完整功能上线", "预计7月7日完整功能上线"),
    ("上线时间：7月23日", "上线时间：7月23日"),
    ("目标830前", "目标830前"),
    ("7月初上线", "7月初上线"),
    ("已于618在北京试点运行", "已于618在北京试点"),
]


@each_row(("text", "mention"), EXTENTS)
def test_a_mention_holds_the_words_that_make_it_a_date(text: str, mention: str) -> None:
    assert [d.text for d in _dates(text)] == [mention]


def test_a_move_keeps_the_date_before() -> None:
    (moved,) = _dates("上线由7月1日延期至7月15日")
    assert (moved.before, moved.date) == (date(2024, 7, 1), date(2024, 7, 15))
    (moved,) = _dates("Deadline moved from Jul 1 to Jul 15")
    assert (moved.before, moved.date) == (date(2024, 7, 1), date(2024, 7, 15))


def test_a_plan_that_was_moved_is_the_new_date_with_the_old_one_before() -> None:
    (moved,) = _dates("小程序原计划6月10日上线，因接口问题延期至6月25日")
    assert (moved.date, moved.before) == (date(2024, 6, 25), date(2024, 6, 10))
    assert (moved.label, moved.subject) == ("上线", "小程序")


def test_a_promise_half_a_year_back_means_next_year_but_a_fact_does_not() -> None:
    """The nearest year of 7月 in the first week of January is the last one."""
    week = date(2025, 1, 6)
    assert [str(d.date) for d in _dates("预计7月15日上线", week)] == ["2025-07-15"]
    assert [str(d.date) for d in _dates("已于7月15日上线", week)] == ["2024-07-15"]


# text, its due dates
LISTS: list[tuple[str, list[str]]] = [
    ("培训 7/2，考核 7/9", ["2024-07-02", "2024-07-09"]),
    ("三批走访：7/3、7/10、7/17", ["2024-07-03", "2024-07-10", "2024-07-17"]),
    ("7月3日、7月10日各培训一场", ["2024-07-03", "2024-07-10"]),
    ("7 月 3 日评标，8 日前公示", ["2024-07-03", "2024-07-08"]),
    ("Drills on 7/3, 7/10 and 8/7", ["2024-07-03", "2024-07-10", "2024-08-07"]),
    ("培训 7/12，考核 3/12", []),
    ("接口 7/12，页面 7/18", []),
    ("Gates wired: from 2/8 to 6/8", []),
    ("8/12 完成", []),
    ("6/27 盘点，6/28 出差异", ["2024-06-27", "2024-06-28"]),
    ("6 月 26 日 14:00 联合验收", ["2024-06-26"]),
    ("定于 6 月 26 日召开竣工验收会", ["2024-06-26"]),
    ("把初验从 6 月 28 日压到 6 月 26 日", ["2024-06-26"]),
    ("6 月 20 日肯定不行了，争取 6 月 27 日", ["2024-06-27"]),
    ("The July 1 tariff change was withdrawn", []),
    ("Will need another week, so July 3", ["2024-07-03"]),
    ("财政评审 6.28 出结果", ["2024-06-28"]),
    ("6.14 签的合同", ["2024-06-14"]),
    ("6 月 13 日试车一次成功", ["2024-06-13"]),
    ("竞价文件 6/27 交", ["2024-06-27"]),
    ("本来这周四送样，炉子坏了，下周二吧", ["2024-06-25"]),
    ("Demo on Thursday afternoon", ["2024-06-20"]),
    ("不是 6 月 24 日，是 7 月 1 日", ["2024-07-01"]),
    ("三季度要把两座站房都投用", ["2024-09-30"]),
    ("Wrap-up Thursday", ["2024-06-20"]),
    # days of no month, ends of weeks, dates with what is done behind them
    ("费率模型，28日提测", ["2024-06-28"]),
    ("工期15日，按天计费", []),
    ("15号弄不完，往后放到28号吧", ["2024-06-28"]),
    ("Draft by EOW", ["2024-06-23"]),
    ("明年上半年开放二号馆", ["2025-06-30"]),
    ("周五把样机还给供应商", ["2024-06-21"]),
    ("下周四能出报表", ["2024-06-27"]),
    ("下周四统计报表", []),
    ("名单库切换，7月第一周", ["2024-07-07"]),
    ("端午假期，7月1日", []),
    ("配套用房（7.20）前还要粉刷", []),
    ("上线（7.20）前还要压测", ["2024-07-20"]),
    ("Demo days: July 3-5 for training", []),
    ("UAT starts July 1 and ends July 12", ["2024-07-01", "2024-07-12"]),
    ("参照6月12日发的通知", []),
    ("数据截止到6月16日24时", []),
    ("原定6月28日的发布会不开了", []),
    ("样衣 7.12寄客户", ["2024-07-12"]),
    ("合同期限2024年7月1日至2025年6月30日", []),
    ("报告说好25号出，现在变成28号", ["2024-06-28"]),
    ("Compared with June 3 the queue is shorter", []),
    # in small letters, halves of a year, days at the head of a line, two days of one month
    ("eta jul 9", ["2024-07-09"]),
    ("went live 13 june", ["2024-06-13"]),
    ("ship the fix next fri", ["2024-06-28"]),
    ("done by eom", ["2024-06-30"]),
    ("you may 9 times out of ten", []),
    ("7/10 test cases written", []),
    ("H1 2025 for the rest", ["2025-06-30"]),
    ("Thursday: fill the tank", ["2024-06-20"]),
    ("搬家排在 7 月 13、14 两天", ["2024-07-14"]),
    # what only the words around a day, weighed together, say
    ("还剩一轮回归，7月1日不能再拖", ["2024-07-01"]),
    ("Tender closes 6/28", ["2024-06-28"]),
    ("Fraud rules: freeze 26 June, release 2 July", ["2024-06-26", "2024-07-02"]),
    ("听说对手 7 月 1 日发新品", []),
]


@each_row(("text", "days"), LISTS)
def test_days_of_a_list(text: str, days: list[str]) -> None:
    assert [mention.date.isoformat() for mention in _dates(text)] == days


def test_a_row_says_what_its_date_is_of_and_whether_it_is_done() -> None:
    (mention,) = _dates("3,能耗看板,孙岩,100%,6/14")
    assert (mention.subject, mention.kind) == ("能耗看板", DateKind.DONE)


@each_row(
    ("heading", "days"),
    [
        ("计划完成", [("2024-06-28", DateKind.DUE)]),
        ("到期日", [("2024-06-28", DateKind.DUE)]),
        ("Due", [("2024-06-28", DateKind.DUE)]),
        ("实际完成", [("2024-06-28", DateKind.DONE)]),
        ("入职日期", []),
        ("报修时间", []),
    ],
)
def test_what_heads_its_column_says_of_what_a_date_is(
    heading: str, days: list[tuple[str, DateKind]]
) -> None:
    mentions = read(f"事项\t{heading}\t备注\n闸机\t6/28\t换新", week=WEEK)
    assert [(mention.date.isoformat(), mention.kind) for mention in mentions.dates] == days
    assert mentions.percents == ()


def test_what_words_speak_against_is_no_date_though_a_rule_takes_it_for_one() -> None:
    """The rules would read a day to come and a verb beside it."""
    assert _dates("隔壁楼7月1日动工，注意噪音") == ()


def test_a_date_that_stays_is_of_what_happens_then() -> None:
    (mention,) = _dates("6月27日全量不变")
    assert (mention.label, mention.subject) == ("全量", "")
