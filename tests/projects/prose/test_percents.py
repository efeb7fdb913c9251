"""Which percentages are progress, and of what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from projects.prose import Percent, read
from tests.tables import each_row

WEEK = date(2024, 6, 17)

# text, then for each progress percentage: value, label, subject
PROGRESS: list[tuple[str, list[tuple[str, str, str]]]] = [
    ("整体进度85%", [("85", "整体进度", "")]),
    ("系统开发进度85%", [("85", "系统开发进度", "")]),
    # a part that is done says nothing of what the whole is
    ("日元对账已完成，整体进度97%", [("97", "整体进度", "")]),
    ("分拣系统改造，设备已全部进场，整体 60%", [("60", "整体", "分拣系统改造")]),
    ("温控改造 -5%（返工），现在 60%", [("60", "", "温控改造")]),
    ("总装 AGV，陈立，50%，7/10", [("50", "", "总装 AGV")]),
    ("毛坯 8 件到 6 件", [("75.00", "", "毛坯")]),
    ("视频模型：标注 40%，训练 20%", [("40", "", "标注"), ("20", "", "训练")]),
    # one of a list tells of the others, where only their words doubt them
    ("小麦追肥 20%，油菜追肥 45%", [("20", "", "小麦追肥"), ("45", "", "油菜追肥")]),
    ("拟音约85%", [("85", "", "拟音")]),
    ("晾晒棚推了 6/10 个村", [("60.00", "村", "晾晒棚推")]),
    ("原来的12个展项做完9个", [("75.00", "", "展项")]),
    ("Piling plans 45%", [("45", "", "Piling plans")]),
    # the parts of a system sound like what is measured
    ("停车系统：月租 90%，电子发票 25%", [("90", "", "月租"), ("25", "", "电子发票")]),
    ("植被 35%", [("35", "", "植被")]),
    ("Voice-over 30%", [("30", "", "Voice-over")]),
    ("给排水改造，给水泵 40%", [("40", "", "给水泵")]),
    ("技术开发进度：20%", [("20", "技术开发进度", "")]),
    ("开发进度达到100%", [("100", "开发进度", "")]),
    ("开发进度达到了 92.5%。", [("92.5", "开发进度", "")]),
    ("钱包首页功能完成90%", [("90", "完成", "钱包首页功能")]),
    ("钱包首页功能已完成 80%", [("80", "已完成", "钱包首页功能")]),
    ("已完成80%", [("80", "已完成", "")]),
    ("进度 98%", [("98", "进度", "")]),
    ("进度为98%", [("98", "进度", "")]),
    ("进度：98%左右", [("98", "进度", "")]),
    ("目前进度约70%", [("70", "目前进度", "")]),
    (
        "限流改造整体进度65%，注销流程整体进度30%",
        [("65", "整体进度", "限流改造"), ("30", "整体进度", "注销流程")],
    ),
    ("整体配置率44.4%", [("44.4", "整体配置率", "")]),
    ("接口改造完成率 75%", [("75", "完成率", "接口改造")]),
    ("完成度60%", [("60", "完成度", "")]),
    ("研发 80%, 联调60%", [("80", "研发", ""), ("60", "联调", "")]),
    ("开发（80%）", [("80", "开发", "")]),
    ("前端开发80%，后端开发65%", [("80", "前端开发", ""), ("65", "后端开发", "")]),
    ("对账平台：联调 40%；测试 10%", [("40", "联调", "对账平台"), ("10", "测试", "对账平台")]),
    ("整体 55%", [("55", "整体", "")]),
    ("收银台二期整体进度 70%", [("70", "整体进度", "收银台二期")]),
    ("数据仓库项目进度98%，刷数中", [("98", "进度", "数据仓库项目")]),
    ("【清结算】整体进度 35%", [("35", "整体进度", "清结算")]),
    ("清结算：系统开发进度85%，依赖专线", [("85", "系统开发进度", "清结算")]),
    ("清结算：整体进度：85%", [("85", "整体进度", "清结算")]),
    (
        "各端进度：安卓 80%、鸿蒙 60%，网页 20%",
        [("80", "各端进度", "安卓"), ("60", "各端进度", "鸿蒙"), ("20", "各端进度", "网页")],
    ),
    ("60%的接口开发已完成", [("60", "完成", "接口开发")]),
    ("商户侧 85%完成", [("85", "完成", "商户侧")]),
    ("开发完成80%，测试完成20%", [("80", "完成", "开发"), ("20", "完成", "测试")]),
    ("识别率优化完成80%", [("80", "完成", "识别率优化")]),
    ("识别率优化开发进度80%", [("80", "开发进度", "识别率优化")]),
    ("按计划完成50%", [("50", "完成", "")]),
    ("灰度发布开发进度20%", [("20", "开发进度", "灰度发布")]),
    ("进度０%", [("0", "进度", "")]),
    ("整體進度８５％，預計下週上線", [("85", "整体进度", "")]),
    ("**整体进度**：**85%**", [("85", "整体进度", "")]),
    ("整体进度百分之八十五", [("85", "整体进度", "")]),
    ("清结算：18 个任务，配置率 66.7%", [("66.7", "配置率", "清结算")]),
    ("测试进行中60%", [("60", "测试进行中", "")]),
    ("1、开发进度80%；2、测试进度30%", [("80", "开发进度", ""), ("30", "测试进度", "")]),
    ("| 收银台 | 开发 80% |", [("80", "开发", "收银台")]),
    ("前端 50%，后端 30%", [("50", "前端", ""), ("30", "后端", "")]),
    ("85% complete", [("85", "complete", "")]),
    ("Login page is 85% complete", [("85", "complete", "Login page")]),
    ("60% done, on track", [("60", "done", "")]),
    ("progress: 45%", [("45", "progress", "")]),
    ("Overall progress is at 70%.", [("70", "Overall progress", "")]),
    (
        "Settlement API: development 80%, testing 30%",
        [("80", "development", "Settlement API"), ("30", "testing", "Settlement API")],
    ),
    ("Completed 40%", [("40", "Completed", "")]),
    ("70% of the work is done", [("70", "done", "")]),
]


@each_row(("text", "expected"), PROGRESS)
def test_progress_with_label_and_subject(text: str, expected: list[tuple[str, str, str]]) -> None:
    got = [(p.value, p.label, p.subject) for p in read(text, week=WEEK).percents]
    assert got == [(Decimal(value), label, subject) for value, label, subject in expected]


# text, value, before
CHANGES: list[tuple[str, str, str]] = [
    ("门禁改造 60% ----> 75%", "75", "60"),
    ("疫苗冷链探头 上周33%→本周51%", "51", "33"),
    ("题库录入 62 -> 71%", "71", "62"),
    ("石斑鱼投苗48→54%", "54", "48"),
    ("Hull painting up from 20 to 35%", "35", "20"),
    ("整体进度70% → 80%", "80", "70"),
    ("整体进度 70%->80%", "80", "70"),
    ("70% → 80%", "80", "70"),
    ("开发进度由65%降到60%", "60", "65"),
    ("开发进度从40%提升到55%", "55", "40"),
    ("整体进度从63%下调到58%", "58", "63"),
    ("进度从63%回退到58%", "58", "63"),
    ("整体进度：从 40% 推进至 55%", "55", "40"),
    ("进度由百分之四十提升至55%", "55", "40"),
    ("整体进度上周70%，本周80%", "80", "70"),
    ("整体进度80%（上周70%）", "80", "70"),
    ("progress went from 40% to 55%", "55", "40"),
]


@each_row(("text", "value", "before"), CHANGES)
def test_before_and_after(text: str, value: str, before: str) -> None:
    (percent,) = read(text, week=WEEK).percents
    assert (percent.value, percent.before) == (Decimal(value), Decimal(before))


# text, value, numerator, denominator
FRACTIONS: list[tuple[str, str, int, int]] = [
    ("整体进展14/44=31.8%，沉淀用例若干", "31.8", 14, 44),
    ("整体进展31.8%（14/44）", "31.8", 14, 44),
    ("整体进度 14/44（31.8%）", "31.8", 14, 44),
    ("已完成14/44", "31.82", 14, 44),
    ("目前完成 8/18项", "44.44", 8, 18),
    ("完成8/18", "44.44", 8, 18),
    ("进度：3/4", "75.00", 3, 4),
    ("接口迁移进度 6/25", "24.00", 6, 25),
    ("14 of 44 done", "31.82", 14, 44),
    ("8/18项已完成", "44.44", 8, 18),
]


@each_row(("text", "value", "part", "whole"), FRACTIONS)
def test_fractions_keep_both_numbers(text: str, value: str, part: int, whole: int) -> None:
    (percent,) = read(text, week=WEEK).percents
    assert (percent.value, percent.numerator, percent.denominator) == (
        Decimal(value),
        part,
        whole,
    )


NO_PROGRESS: list[str] = [
    "30% advance paid, materials on the way",
    "Half of the crates arrived damaged",
    "经费构成：设备 55%、人员 45%",
    "旧档里有三成是手写的",
    "三成订单是补录的",
    "三分之一的摊主没续约",
    "30% of the seats are held for schools",
    "20% at signing, 80% on delivery",
    "乙 -5%",
    "华北 - 8%",
    "加盟商毁约 9%",
    "帧率提了 15%",
    "考种比上周多做了 10%",
    "加湿器设到 55%",
    "width 写了 33.3%",
    "停车系统：月租占 60%，周转 25%",
    "margin: 0 5%",
    "接口成功率，99%，正常",
    "区域\t达成率\n华东\t92%\n华南\t88%",
    "蒙层 rgba(0, 0, 0, 45%)",
    "新人教程完成率 72%，高于上季",
    "线上培训完成率 88%",
    "线上交易笔数占比9.93%",
    "身份证识别成功率为97.20%",
    "整体成功率99%",
    "运营目标准确率超过90%",
    "初审效率提升28%",
    "交易额环比增长12%",
    "交易额同比下降 8%",
    "年度可用性：99.998%",
    "用例通过率 96%",
    "转化率：3.5%",
    "单测覆盖率80%",
    "失败率0.3%",
    "整体进度目标90%",
    "目标：整体进度不低于90%",
    "预计下周完成90%",
    "计划6月底完成80%",
    "争取本月完成100%",
    "SLA 99.9%",
    "灰度 5%→20%→50%",
    "扩量10%",
    "灰度20%",
    "完成10%流量切换",
    "按5%→20%→100%逐步放量",
    "已放量至 30%",
    "https://example.com/a?name=%E5%85%B3%E9%97%AD&x=85%25",
    "参数 %E5%85%B3 解码失败",
    "完成 style='width: 50%' 的样式调整",
    "printf 打印 进度%d%%",
    "整体进度 120%",
    "进度-5%",
    "进度提升5%",
    "进度 +10%",
    "工行90%的商户反馈正常",
    "开发80%的需求来自业务",
    "success rate 99.9%",
    "target 90%",
    "will be 80% complete next week",
    "traffic 20%",
    "CPU 使用率 85%",
    "费率 0.38%",
    "预计6/25上线",
    "7/24小时值守",
    "二手业务占 35%",
]


@each_row("text", NO_PROGRESS)
def test_other_percentages_are_not_progress(text: str) -> None:
    assert read(text, week=WEEK).percents == ()


def test_a_percentage_knows_its_place() -> None:
    text = "清结算：开发进度 85%。"
    (percent,) = read(text, week=WEEK).percents
    assert isinstance(percent, Percent)
    assert text[percent.start : percent.end] == percent.text == "85%"


def test_places_count_bold_marks() -> None:
    text = "P**OS收单**开发进度 **8**5%"
    (percent,) = read(text, week=WEEK).percents
    assert percent.text == "8**5%" == text[percent.start : percent.end]
    assert percent.subject == "POS收单"


def test_a_date_shaped_like_a_fraction_is_not_one() -> None:
    mentions = read("进度：6/25提测", week=WEEK)
    assert mentions.percents == ()
    assert [mention.date for mention in mentions.dates] == [date(2024, 6, 25)]


@each_row("text", ["完成 44/14", "进度 0/0", "5% → 20% → 50%"])
def test_no_progress_is_made_of(text: str) -> None:
    """More than the whole is no fraction; three values in a row are the steps of a release."""
    assert not read(text, week=WEEK).percents


def test_more_than_the_whole_is_no_fraction_beside_a_percent() -> None:
    (percent,) = read("整体进度80%（44/14）", week=WEEK).percents
    assert (percent.value, percent.numerator, percent.denominator) == (80, None, None)


def test_a_whole_in_words_is_exact_and_a_half_gives_way_to_what_says_it_exactly() -> None:
    whole, part = read("联调百分百完成，文档 40%", week=WEEK).percents
    assert (whole.value, part.value) == (Decimal(100), Decimal(40))
    (counted,) = read("共 1,800 个工位，已搬 1,350 个，进度过半", week=WEEK).percents
    assert counted.value == Decimal(75)


@each_row(
    "text",
    [
        "本票的验印通过率达到100%，身份证为99.3%",
        "柜面：本票的识别率达到100%，身份证为98.4%，户口本为97%",
    ],
)
def test_names_alone_after_a_rate_are_rates(text: str) -> None:
    assert not read(text, week=WEEK).percents


def test_work_after_a_rate_is_progress() -> None:
    texts = [
        percent.text for percent in read("支票识别率达到99%，网关改造 60%", week=WEEK).percents
    ]
    assert texts == ["60%"]
