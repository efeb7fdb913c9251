"""A share of a whole, and the words for numbers, units and what was done that its readers share."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum, auto
from typing import Final

from projects.prose import lazy
from projects.prose.units import chinese_number
from projects.prose.words import LATIN_END, LATIN_START, any_of


class Form(Enum):
    """How an amount is written: the less plainly, the more the words around it must say so."""

    PERCENT = auto()  # 85%, 百分之八十五, 85 percent, 14/44=31.8%
    FRACTION = auto()  # 14/44, 14 of 44
    COUNT = auto()  # 30 个已改 12 个
    WORDS = auto()  # 八成, 过半, 三分之二, two thirds


@dataclass(slots=True)
class Amount:
    """A share of a whole in the text, before anyone knows of what."""

    start: int
    end: int
    value: Decimal  # in percent
    form: Form = Form.PERCENT
    before: Decimal | None = None  # 70% → 80% holds 70
    fraction: tuple[int, int] | None = None
    is_past: bool = False  # read as a date, a bare fraction would lie before the week
    has_unit: bool = False
    values: int = 1  # in a chain: 5% → 20% → 50% holds three
    is_remainder: bool = False  # 还剩两成: ``value`` is what is done
    is_vague: bool = False  # 过半: another amount beside it says it exactly
    is_far: bool = False  # read as a date, a bare fraction would lie far from the week
    thing: tuple[int, int] = (0, 0)  # COUNT: where the name of the counted things stands


NUMBER: Final = r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]{1,6}"
#: A number of counted things, scaled or not: 1.2 万.
QUANTITY: Final = rf"(?:(?:{NUMBER})(?:\.[0-9]{{1,2}})?(?: ?[万千亿](?![米克瓦]))?)"
SPELLED: Final = rf"{QUANTITY}|[一二两三四五六七八九十百]{{1,6}}"
ENGLISH: Final = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
)

UNITS: Final = (
    "(?:㎡|m²|km|MW|kW|(?:公里|千米|平米|平方米?|课时|学时|小时|人天|人日|模块|接口|页面|环节|场次|"
    "架次|标段)"
    "|(?![月日年号点时分秒周天成倍折度期百千万亿])[\u4e00-\u9fff])"
)
#: Words of something that was done to counted things: 已改, 跑完, 上线, 通过.
DONE_TO: Final = (
    r"已经?(?!知|有|发现|报|反馈)|[\u4e00-\u9fff](?:完(?![整善美备全税成])|"
    r"[好毕](?![处评友感像莱])|掉了?)了?|"
    r"[做改换迁跑测签发装切修写录铺验审补配调接建买拆搬剪画印谈焊](?:过了?|了)|"
    r"[重补翻新][拍做写画录排装印签种建修]|"
    + any_of(
        "完成 搞定 通过 上线 接入 交付 落地 处理 关闭 解决 验收 联调 提测 迁移 改造 切换 整改 修复 "
        "核对 清理 部署 开通 适配 对接 替换 升级 回收 入库 归档 执行 审核 转测 投产 安装 更换 "
        "就绪 走访 收回 收到 签约 签署 修好 交接 培训 发放 入驻 调试 评审 审批 盘点 到位 到岗 "
        "到货 回签 完工 "
        "闭环 入组 入场 进场 拿到 提交 送达 送检 通电 通车 竣工 交验 封顶 定稿 核销 上架 出具 打通 "
        "关停 回款 "
        "注销 登记 核验 认领 排查 回访 补录 加装 加固 建档 清退 转移 铺设 标注 扫描 "
        "打勾 打钩 勾选 划掉 "
        "达标 实完成 搬完 试完 销号 落库 转正 挂牌 开业 结案 办结 归位 补齐 覆盖完"
    )
    + rf"|{LATIN_START}(?:done|completed?|finished|migrated|passed|closed|fixed|shipped|converted|"
    rf"replaced|moved|ported|delivered|live|ready|through|merged|reviewed|signed|installed|"
    rf"written|drafted|built|filled|tested|approved|handed over|trained|onboarded|deployed|"
    rf"held(?! (?:for|by|back|up))|given|run|met|paid|sent|sold|laid|hung|taught|shot|dug|"
    rf"poured|drawn|sewn|sown|lit|strung|bound|hired|"
    rf"bought|in place|made|up on|up(?= ?(?:[,.;)]|\Z))|up and running|"
    rf"pass(?:es)?|written|built|wired|done|switched over|signed off|in(?= ?(?:[,.;)]|\Z))|"
    rf"(?!(?:need|expect|plann|schedul|fail|block|delay|reject|report|affect|complain|opt|refus|"
    rf"cancel|skipp|ask|"
    rf"us|open|need|requir|miss|churn|return|declin|increas|decreas|improv|reduc|drop|dropp|"
    rf"slipp|stopp|cancell|relat|bas)ed)"
    rf"[a-z-]{{3,14}}ed(?: (?:over|out|off|up|in))?|(?:has|have) been [a-z-]+)"
    rf"{LATIN_END}"
)
DONE: Final = lazy.compile(DONE_TO, re.IGNORECASE)
#: Verb and complement right before the done part: 签回 49 张, 跑通 9 个, 过了两个.
JUST_DONE: Final = lazy.compile(
    r"[\u4e00-\u9fff](?:[回通完好齐妥成到毕掉入]了?|(?<=[签拿谈定买租拍])下|"
    r"(?<![支流退超])出(?:结果)?|(?<![超通经不])过|了) ?\Z"
)
LEFT: Final = lazy.compile(
    r"(?:还剩下?|剩余|剩下|仅剩|只剩|剩|尚余|余下|还差|仅差|只差|(?<![\u4e00-\u9fff])差|"
    r"(?<=[仍尚还只仅就体])差|(?<![其多盈结业剩])余|"
    r"[还尚仅]缺|(?<![\u4e00-\u9fff0-9])余)"
    r"(?:的?(?:工作量?|任务量?|内容|部分|工程量?|活儿?|进度|事项))?(?:还有|还|有|约|大约|"
    r"大概|最后|不到|了|的|"
    r"|:| )*\Z|"
    rf"{LATIN_START}(?:remaining:?|remaining (?:work|effort|scope|tasks)(?: is| at|:)?(?: about| "
    rf"around)?|"
    r"(?:the )?(?:last|final)) ?\Z",
    re.IGNORECASE,
)
LEFT_AFTER: Final = lazy.compile(
    r" ?(?:(?:的(?!商户|摊主|业主|店主|租户|住户|观众|选手|志愿者|"
    r"用户|客户|员工|学生|居民|会员|司机|顾客|家长|教师|老师|患者|网点|门店|"
    r"城市|人|企业|供应商)"
    r"[\u4e00-\u9fff]{1,6}?|用例|接口|任务|页面|数据)?(?:还|尚|仍)?[未没](?!来|有|"
    r"[问异报出]题?)"
    r"[\u4e00-\u9fff]"
    r"|(?:of (?:the )?[a-z ]{2,20}? )?(?:is |are |still )*(?:left|remain(?:s|ing)?|to go|to do|"
    r"outstanding|yet to|to be)(?![A-Za-z]))",
    re.IGNORECASE,
)
_STILL: Final = lazy.compile(r"还有 ?\Z")  # 还有一成半, 还有 20% 的商户没迁
_UNDONE: Final = lazy.compile("的?[\u4e00-\u9fff]{1,6}?[没未](?!来)")
_THINGS_LEFT: Final = lazy.compile(r" [a-z]{3,14} (?:left|remain(?:ing)?|to go)(?![A-Za-z])")
_SCALES: Final = {"千": 10**3, "万": 10**4, "亿": 10**8}
_TWO_PLACES: Final = Decimal("0.01")


def integer(written: str) -> int:
    if written.isascii() and written[0].isalpha():
        return ENGLISH.index(written.lower()) + 1
    return chinese_number(written.replace(",", "")) or 0


def quantity(written: str) -> Decimal:
    """The value of a text that ``QUANTITY`` or ``SPELLED`` matches: 1.2 万 is 12000."""
    scale = _SCALES.get(written[-1], 1)
    hundreds, hundred, rest = written.partition("百")
    if hundred and not written[:1].isdigit():
        return Decimal(100 * integer(hundreds or "一") + (integer(rest) if rest else 0))
    digits = written.rstrip("万千亿 ").replace(",", "")
    if not digits[:1].isdigit():
        return Decimal(integer(written))
    return Decimal(digits) * scale


def share(part: int | Decimal, whole: int | Decimal) -> Decimal:
    """The percentage, halves up; only the whole is 100 and only nothing is 0."""
    value = (Decimal(100) * part / whole).quantize(_TWO_PLACES, ROUND_HALF_UP)
    if 0 < part < whole:
        return min(max(value, _TWO_PLACES), 100 - _TWO_PLACES)
    return value


def whole_numbers(part: Decimal, whole: Decimal) -> tuple[int, int]:
    """Both numbers without a fraction: 1.5 of 2 is 150 of 200."""
    times = 1 if part == int(part) and whole == int(whole) else 100
    return int(part * times), int(whole * times)


def remaining(folded: str, amount: Amount) -> Amount:
    """还剩两成 and 20% left say what is not done."""
    is_left = LEFT.search(folded, max(0, amount.start - 24), amount.start)
    is_left_after = LEFT_AFTER.match(folded, amount.end) or (
        amount.fraction and _THINGS_LEFT.match(folded, amount.end)
    )
    is_undone = amount.form is Form.WORDS or _UNDONE.match(folded, amount.end)
    if is_undone and folded.endswith(("还有", "还有 "), 0, amount.start):
        is_left = _STILL.search(folded, max(0, amount.start - 4), amount.start)
    if (is_left or is_left_after) and amount.value <= 100:
        start = is_left.start() if is_left else amount.start
        left = Decimal(100) - amount.value
        return replace(amount, start=start, value=left, fraction=None, is_remainder=True)
    return amount
