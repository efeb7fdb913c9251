"""What a text offers: which number goes into which field. Sentences as leads write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from projects import prose
from projects.checkin.reading import suggestions
from projects.checkin.reading.figures import MetricNow
from projects.checkin.reading.suggestions import (
    Field,
    MilestoneNow,
    Offer,
    OfferedDue,
    ProjectNow,
    offers,
)
from projects.standing import Standing
from projects.text.numbers import plain
from tests.factories import WEEK
from tests.tables import each_row

CASHIER = MilestoneNow(
    "收银台 2.0",
    1,
    Decimal(63),
    OfferedDue(date(2024, 7, 23)),
    Standing(Decimal(63), date(2024, 7, 23), "day"),
)
LINK = MilestoneNow(
    "工行直联",
    2,
    Decimal(40),
    OfferedDue(date(2024, 7, 24)),
    Standing(Decimal(40), date(2024, 7, 24), "day"),
)
SECOND = MilestoneNow("二期联调", 3, Decimal(10), before=Standing(Decimal(10)))
FIRST = MilestoneNow("一期上线", 4, Decimal(100), before=Standing(Decimal(100)))
ALL = (CASHIER, LINK, SECOND, FIRST)


def offered(
    text: str,
    milestones: tuple[MilestoneNow, ...] = ALL,
    percent: int | None = 63,
    new: tuple[MilestoneNow, ...] = (),
) -> tuple[Offer, ...]:
    percent_value = None if percent is None else Decimal(percent)
    project = ProjectNow(("贝易转", "快贷转账"), percent_value, milestones, new)
    return offers(text, prose.read(text, week=WEEK), project)


def offered_in_words(text: str, milestones: tuple[MilestoneNow, ...] = ALL) -> list[str]:
    """In short: what, and to which value; * for a milestone that is not there yet."""
    return [
        f"{'*' * offer.is_new_milestone}{offer.name or '整体'} {value(offer)}"
        for offer in offered(text, milestones)
    ]


def value(offer: Offer) -> str:
    if offer.due:
        return f"{offer.due.day:%m-%d} {offer.due.precision}"
    return plain(offer.percent or Decimal(0))


@each_row(
    ("text", "expected"),
    [
        # the project as a whole
        ("整体进度72%", ["整体 72"]),
        ("进度72%", ["整体 72"]),
        ("贝易转进度45%", ["整体 45"]),
        ("快贷转账整体完成45%", ["整体 45"]),
        ("63%->72%", ["整体 72"]),
        ("因返工，整体进度从63%下调到58%", ["整体 58"]),
        ("进度回退到55%", ["整体 55"]),
        ("用例完成 14/44=31.8%，整体进度 70%", ["整体 70"]),
        ("完成14/44", ["整体 31.82"]),
        ("Overall progress 72%", ["整体 72"]),
        # a milestone by its name, as a whole or nearly
        ("工行直联进度55%", ["工行直联 55"]),
        ("工行直联进度从40%提升到55%", ["工行直联 55"]),
        ("工行进度55%", ["工行直联 55"]),
        ("收银台(2.0)整体完成72%", ["收银台 2.0 72"]),
        ("【工行直联】进度80%", ["工行直联 80"]),
        ("工行直联 14/44", ["工行直联 31.82"]),
        ("工行直联完成 14/28", ["工行直联 50"]),
        ("工行直联80%，收银台2.0：90%", ["工行直联 80", "收银台 2.0 90"]),
        ("收银台进度百分之七十", ["收银台 2.0 70"]),
        ("二期联调：30%", ["二期联调 30"]),
        ("二期联调已完成30%", ["二期联调 30"]),
        ("工行直联接口联调完成80%", ["工行直联 80"]),
        # the line and the indent say of what
        ("收银台 2.0 评审通过，进度72%", ["收银台 2.0 72"]),
        ("收银台 2.0 评审通过，整体进度72%", ["整体 72"]),
        ("工行直联：接口开发完成80%", ["工行直联 80"]),
        ("工行直联：\n  - 开发进度80%\n  - 预计8月9日上线", ["工行直联 80", "工行直联 08-09 day"]),
        ("工行直联：开发80%，测试30%", []),
        ("工行直联进度50%。补测之后，工行直联进度52%", ["工行直联 52"]),
        # a date
        ("工行直联预计7月31日上线", ["工行直联 07-31 day"]),
        ("工行直联由7/24延期到7/31", ["工行直联 07-31 day"]),
        ("工行直联上线推迟至7月底", ["工行直联 07-31 month"]),
        ("工行直联预计Q4上线", ["工行直联 12-31 quarter"]),
        ("收银台2.0预计7月上旬上线", ["收银台 2.0 07-10 part"]),
        ("二期预计7月9日联调完成", ["二期联调 07-09 day"]),
        ("工行直联 ETA 7/31", ["工行直联 07-31 day"]),
        # what is done
        ("二期联调已完成", ["二期联调 100"]),
        ("工行直联已上线", ["工行直联 100"]),
        ("工行直联测试已完成", []),
        ("工行直联预计下周上线", ["工行直联 06-30 week"]),
        # a milestone that is not there yet
        ("三期联调进度30%", ["*三期联调 30"]),
        ("交行直联：\n  - 进度20%", ["*交行直联 20"]),
        ("工行直联联调完成，交行直联进度30%", ["*交行直联 30"]),
        ("交行直联进度30%，预计8月底上线", ["*交行直联 30", "*交行直联 08-31 month"]),
        ("商户切换 14/44 个", ["*商户切换 31.82"]),
        # neither
        ("灰度5%，成功率99.9%", []),
        ("工行直联成功率99.9%", []),
        ("方案评审通过并完成80%", []),
        ("剩余工作完成20%", []),
        ("预计下周完成90%", []),
        ("与工行确认8月5日联调", []),
        ("工行直联预计8月5日提测", []),
        ("收银台2.0已于6月18日提测", []),
        ("预计8月5日上线", []),
        ("开发80%，测试30%", []),
        ("", []),
    ],
)
def test_each_number_goes_to_its_field(text: str, expected: list[str]) -> None:
    assert offered_in_words(text) == expected


def test_milestone_that_opens_a_clause_is_not_taken_for_what_the_one_before_is_about() -> None:
    system = MilestoneNow("系统开发", 5, Decimal(85), before=Standing(Decimal(85)))
    asked = {
        "行方环境已通，系统开发进度88%": ["系统开发 88"],
        "移动端系统开发进度88%": ["*移动端 88"],
        "工行直联接口完成，系统开发进度88%": ["系统开发 88"],
    }
    for text, expected in asked.items():
        assert offered_in_words(text, (*ALL, system)) == expected


@each_row(
    ("text", "expected"),
    [
        ("进度72%", ["工行直联 72"]),
        ("整体进度72%", ["整体 72"]),
        ("研发进度75%", []),  # the milestone has another name: it is asked
        ("开发80%，测试30%", []),
        ("预计8月2日上线", ["工行直联 08-02 day"]),
        ("推迟到8月2日", ["工行直联 08-02 day"]),
        ("预计8月2日提测", []),
        ("已上线", ["工行直联 100"]),
        ("二期进度10%", ["*二期 10"]),
        ("二期进度10%，预计8月底上线", ["*二期 10", "*二期 08-31 month"]),
    ],
)
def test_number_without_a_name_goes_to_the_only_open_milestone(
    text: str, expected: list[str]
) -> None:
    assert offered_in_words(text, (LINK, FIRST)) == expected


@each_row(
    ("text", "expected"),
    [
        ("进度72%", ["整体 72"]),
        ("系统开发进度75%", ["*系统开发 75"]),
        ("预计8月2日上线", ["*上线 08-02 day"]),
        ("PC端7月初上线，移动端7月底上线", ["*PC端 07-10 part", "*移动端 07-31 month"]),
    ],
)
def test_project_without_milestones_is_offered_its_first(text: str, expected: list[str]) -> None:
    assert offered_in_words(text, ()) == expected


PC = MilestoneNow("PC端改造", 5, Decimal(30), before=Standing(Decimal(30)))


@each_row(
    ("text", "milestones", "asked", "left"),
    [
        ("系统开发95%", (PC, FIRST), {"系统开发95%": ["PC端改造 95"]}, ()),
        ("系统开发95%；PC端改造本周启动", (PC,), {"系统开发95%": ["PC端改造 95"]}, ()),
        (
            "预计8月5日上线",
            (PC, LINK),
            {"预计8月5日上线": ["PC端改造 08-05 day", "工行直联 08-05 day"]},
            (),
        ),
        ("预计8月5日上线", (LINK,), {}, ()),
        ("PC端改造7月3日过会", (PC, LINK), {"7月3日过会": ["PC端改造 07-03 day"]}, ()),
        ("开发80%，测试30%", (PC, LINK), {}, ("开发80%", "测试30%")),
        ("工行直联预计8月5日提测，成功率99.9%", (LINK,), {}, ("预计8月5日提测", "成功率99.9%")),
    ],
)
def test_what_is_of_no_milestone_for_sure_is_asked_or_said(
    text: str,
    milestones: tuple[MilestoneNow, ...],
    asked: dict[str, list[str]],
    left: tuple[str, ...],
) -> None:
    project = ProjectNow(("贝易转",), Decimal(63), milestones)
    mentions = prose.read(text, week=WEEK)
    choices = suggestions.choices(text, mentions, project)
    assert {
        choice.words: [f"{offer.name} {value(offer)}" for offer in choice.offers]
        for choice in choices
    } == asked
    assert suggestions.unplaced(text, mentions, project) == left


def test_reading_goes_to_the_metric_of_its_name() -> None:
    metrics = (
        MetricNow(1, "累计签约户数", "户", last=Decimal(1204)),
        MetricNow(2, "累计转账成功笔数", "笔", now=Decimal(15002)),
        MetricNow(3, "AI初审占比", "%"),
        MetricNow(4, "AI初审用时", "分钟"),
    )
    project = ProjectNow(("贝易转",), None, (LINK,), (), metrics)
    text = "累计签约 1,286 户。累计转账成功笔数15002笔，AI初审占比71.2%，目标80%"
    mentions = prose.read(text, week=WEEK)
    made = suggestions.offers(text, mentions, project)
    assert [(offer.name, offer.value) for offer in made] == [
        ("累计签约户数", 1286),
        ("AI初审占比", Decimal("71.2")),
    ]
    assert made[0].key == "n1|reading|1286"


@each_row(
    "text",
    [
        "整体进度63%",
        "工行直联进度40%",
        "工行直联预计7月24日上线",
        "工行直联预计7月上线",
        "工行直联预计7月下旬上线",
        "工行直联预计Q3上线",
        "一期上线已完成",
    ],
)
def test_value_that_stands_there_already_is_not_offered(text: str) -> None:
    assert offered(text) == ()


def test_more_precise_date_is_offered() -> None:
    vague = MilestoneNow("工行直联", 2, due=OfferedDue(date(2024, 7, 31), "month"))
    (offer,) = offered("工行直联预计7月24日上线", (vague, CASHIER))
    assert (offer.due, offer.old_due) == (OfferedDue(date(2024, 7, 24)), vague.due)
    assert offered("工行直联预计7月31日上线", (vague, CASHIER)) != ()


def test_step_back_requires_a_reason_until_one_is_typed() -> None:
    later, less = offered("工行直联预计7月31日上线，进度35%")
    assert (later.field, later.wants_reason, later.later) == (Field.DUE_ON, True, 7)
    assert (less.field, less.wants_reason, less.less) == (Field.PERCENT, True, 5)
    explained = MilestoneNow("工行直联", 2, before=LINK.before, is_explained=True)
    assert not any(offer.wants_reason for offer in offered("工行直联预计7月31日上线", (explained,)))
    (sooner,) = offered("工行直联预计7月20日上线")
    assert (sooner.wants_reason, sooner.later) == (False, 0)


def test_step_back_is_counted_from_the_saved_value() -> None:
    typed = MilestoneNow("工行直联", 2, Decimal(80), LINK.due, LINK.before)
    (offer,) = offered("工行直联进度60%", (typed, CASHIER))
    assert (offer.old_percent, offer.percent, offer.wants_reason) == (80, 60, False)


def test_milestone_that_is_not_in_the_form_is_not_offered() -> None:
    done = MilestoneNow("专线开通", 9, in_form=False)
    assert offered("专线开通进度90%", (done, LINK)) == ()


def test_new_milestone_in_the_form_is_offered_what_it_lacks() -> None:
    line = MilestoneNow("交行直联", percent=Decimal(30))
    (offer,) = offered("交行直联进度30%，预计8月底上线", new=(line,))
    assert (offer.field, offer.name, offer.is_new_milestone) == (Field.DUE_ON, "交行直联", True)


def test_keys_are_unique_and_stay_when_the_text_grows() -> None:
    text = "工行直联进度55%，预计7月31日上线；交行直联进度30%，整体进度72%"
    keys = [offer.key for offer in offered(text)]
    assert len(set(keys)) == len(keys) == 4
    assert [offer.key for offer in offered(f"{text}\n下周继续")] == keys


_NAMES = ("工行直联", "收银台", " 2.0", "二期联调", "交行", "贝易转", "整体")
_SAID = ("进度", "完成", "开发", "提测", "上线", "已", "预计", "推迟到", "成功率", "的", "和")
_VALUES = ("72%", "40%", "63%", "100%", "14/44", "7月24日", "7月底", "Q3", "8/2", "→")
_MARKS = ("：", "，", "。", "、", "\n", "\n  ", " - ", "(", "）")
WORDS = st.sampled_from(_NAMES + _SAID + _VALUES + _MARKS)


@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map("".join)))
def test_any_text_is_read_and_every_offer_changes_a_value(text: str) -> None:
    for milestones in (ALL, (LINK,), ()):
        made = offered(text, milestones)
        assert len({(offer.name, offer.milestone_id, offer.field) for offer in made}) == len(made)
        for offer in made:
            assert (offer.percent is None) != (offer.due is None)
            assert offer.percent is None or (0 <= offer.percent <= 100)
            assert offer.percent is None or offer.percent != offer.old_percent
            assert offer.due is None or offer.due != offer.old_due
