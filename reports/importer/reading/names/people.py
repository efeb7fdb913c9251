"""Pages that go by person: which lines are people's names instead of projects. Pure.

No list of names is complete and some products are called like persons, so a name counts only among
others: at least two lines of the same form bear one, and most lines of that form do.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from projects.prose import fold
from reports.importer.reading.headings import kind_of
from reports.importer.reading.outline import OutlineLine


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶"
    "阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚"
    "文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿"
    "牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边"
)
_CHINESE: Final = re.compile(
    rf"(?:[{_SURNAMES}]|欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容)[\u4e00-\u9fff]{{1,2}}"
)
# Words of the trade that begin like a name.
_NO_NAMES: Final = _words(
    """
    安全 金融 任务 方案 成本 成果 高可用 高优 常规 常见 路由 钱包 余额 项目 计划 应用 程序
    车险 时效 时间 单证 单元 房产 房屋 白名单 管理 管控 关键 关注 文档 文案 包装 解决 解约
    向量 万象 项目一 项目二 成员 查询 盛典 方向 费率 费用 纪要 安卓 安排 时序 强化 强制
    单测 白盒 高并发 高风险 高质量 成功率 任务流 石化 金额 金库 金管 文件 常态 章程 管道
    单据 华东 华南 华北 华中 江苏 江西 云南 河南 海南 温州 苏州 常州 兰州 柳州 康复 黄金
    万科 方舟 龙湖 安居客 安心 安防 马甲 马上 钟表 时钟 温度 高级 高峰 高危 高亮 盛夏
    易用性 易支付 顾问 顾客 任务池 康养
    """
)
_FIRST_NAMES: Final = _words(
    """
    aaron adam alan alex alice allen amy andrea andrew andy angela anna anne anthony ben
    benjamin bill bob brian bruce carl carlos carol cathy charles charlie chris christine
    cindy claire dan dana daniel dave david debbie dennis diana diego donna doug ed edward
    elena elizabeth ella emily emma eric erin eva evan fiona frank fred gary george grace
    greg hannah harry helen henry howard ian irene ivan jack jacob james jane jason jay
    jean jeff jenny jerry jessica jill jim joan joe john jon jose joseph josh joyce juan
    judy julia julie karen kate kathy keith kelly ken kevin kim kyle larry laura lee leo
    leon lily linda lisa liz louis lucas lucy luke lynn marco maria mark martin mary matt
    max megan michael michelle mike mohammed nancy nathan nick nicole nina noah nora
    olivia oscar pam pat patrick paul peter phil priya rachel raj ralph ray rebecca
    richard rita rob robert robin roger ron rose ruth ryan sally sam samantha sandra sara
    sarah scott sean sharon simon sofia sophie stella stephen steve sue susan ted teresa
    thomas tim tina tom tony vera victor vivian walter wendy will william zoe wei ming li
    yan jun hao lei fei tao chen wang zhang liu yang
    """
)
_NICKNAME: Final = re.compile(
    rf"(?:[小老阿大][{_SURNAMES}]|[{_SURNAMES}](?:工|总|哥|姐|老师|经理))"
)
_LATIN: Final = re.compile(r"(?P<first>[A-Z][a-z]+)(?: [A-Z][a-z]*\.?){0,2}")
_LABEL: Final = re.compile(r"@?(?P<name>[^：:\s][^：:]{0,19}?)\s*(?P<colon>[:：]|\Z)")
_REMARK: Final = re.compile(r"\s*[（(][^()（）]*[)）]$")  # 王可欣（休假 2 天）
_SHARE: Final = 0.6
_LEAST_PEOPLE: Final = 2
_BETWEEN: Final = re.compile(r"[/、,，&+]| and |\s和\s|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_OWNER: Final = re.compile(
    r"(?=[负完责ol])(?:负责人|完成人|责任人|owner|lead)\s*[:：]\s*(?P<names>[^\s:：;；|，。()（）]{2,24})",
    re.IGNORECASE,
)
_BRACKETED: Final = re.compile(r"(?:[（(]@?|\s[-–—]\s)(?P<names>[^()（）\d–—-]{2,20})(?:[)）]|$)")
_MAY_BRACKET: Final = frozenset("（(-–—")
# Words in brackets behind a name that are capitalised and nobody's name.
_NO_PEOPLE: Final = _words(
    """
    okta kafka redis oracle mysql postgres spark flink kubernetes docker jenkins jira
    salesforce sap aws azure stripe paypal adyen visa mastercard swift beta alpha web mobile
    android server client core backend frontend internal external pilot new old draft final
    done blocked paused delayed phase part europe asia china germany america global cloud data
    platform legacy preview optional demo test production staging north south east west urgent
    high medium low weekly monthly daily open closed today tomorrow remote local public
    private enterprise basic premium release launch design research support sales finance
    legal marketing security infra infrastructure java python golang swift kotlin redis kafka
    postgres january february march april june july august september october november december
    """
)


# People come back from week to week.
@lru_cache(maxsize=4096)
def looks_like_a_person(name: str) -> bool:
    """Whether the words can be a person's name; many other words can, too."""
    bare = fold(name).strip(" @【】[]()*_")
    if _NICKNAME.fullmatch(bare):
        return bare not in _NO_NAMES
    if _CHINESE.fullmatch(bare):
        return bare not in _NO_NAMES and bare[:2] not in _NO_NAMES
    latin = _LATIN.fullmatch(bare)
    return latin is not None and latin["first"].lower() in _FIRST_NAMES


@lru_cache(maxsize=4096)
def _looks_like_people(names: str) -> bool:
    return all(map(looks_like_a_person, _parted(names)))


# Lines come back from week to week.
@lru_cache(maxsize=4096)
def _label_of(plain: str) -> tuple[str, bool] | None:
    """The words before a line's colon, or all of a short line, and whether a colon follows."""
    label = _LABEL.match(plain)
    if label is None:
        return None
    name = label["name"]
    if name.endswith((")", "）")):
        name = _REMARK.sub("", name)
    return name.strip(), bool(label["colon"])


def people_of(lines: Sequence[OutlineLine]) -> dict[int, str]:
    """For each line that begins with a person's name, by its number, that name."""
    dresses: dict[tuple[object, ...], list[tuple[OutlineLine, str]]] = defaultdict(list)
    sure: dict[int, str] = {}
    for line in lines:
        label = _label_of(line.plain) if not line.is_table_row else None
        if label is None:
            continue
        name, has_colon = label
        is_bold = line.text.startswith(("**", "__"))
        dresses[line.rank, line.indent // 2, is_bold, has_colon].append((line, name))
        if not (line.level or is_bold):
            continue
        is_sure = _NICKNAME.fullmatch(name) or line.text.startswith("@")
        if is_sure and kind_of(line.plain) is None:
            sure[line.number] = name.removeprefix("@")
    for dressed in dresses.values():
        sure.update(_people_among(dressed))
    return sure


def _people_among(dressed: Sequence[tuple[OutlineLine, str]]) -> dict[int, str]:
    """The names of people in lines of one form, by line: two or more, and most of the names."""
    if len({name for _, name in dressed if _looks_like_people(name)}) < _LEAST_PEOPLE:
        return {}  # most pages; the headings among the lines are not asked for
    named = {
        line.number: name
        for line, name in dressed
        if _looks_like_people(name) and kind_of(line.plain) is None
    }
    all_names = sum(kind_of(line.plain) is None for line, _ in dressed)
    are_people = len(set(named.values())) >= _LEAST_PEOPLE and len(named) >= _SHARE * all_names
    return named if are_people else {}


def named_people(lines: Sequence[OutlineLine], people: dict[int, str]) -> frozenset[str]:
    """The people that a page surely names: as headings, as owners, and behind two names or more."""
    names = {part for name in people.values() for part in _parted(name)}
    behind: list[str] = []
    for line in lines:
        owners, bracketed = _owners_and_bracketed(line.plain)
        if owners or bracketed:
            names.update(owners)
            behind += bracketed
    repeated = (name for name, count in Counter(behind).items() if count >= 2)
    return frozenset(filter(looks_like_a_person, {*names, *repeated}))


# Lines come back from week to week.
@lru_cache(maxsize=4096)
def _owners_and_bracketed(plain: str) -> tuple[Sequence[str], Sequence[str]]:
    """Who stands on a line behind the word owner, and what stands there in brackets."""
    has_colon = "：" in plain or ":" in plain
    owners = _OWNER.finditer(plain) if has_colon else ()
    bracketed = () if _MAY_BRACKET.isdisjoint(plain) else _BRACKETED.finditer(plain)
    return (
        [name for match in owners for name in _parted(match["names"])],
        [name for match in bracketed for name in _parted(match["names"])],
    )


def is_person_list(text: str, people: frozenset[str]) -> bool:
    """Whether the words are people and nothing else: somebody of ``people``, or surely a name."""
    names = _parted(text)
    return bool(names) and all(name in people or _is_surely_a_person(name) for name in names)


def people_in(text: str) -> tuple[str, ...]:
    """The people in a list of them: 小陈、小李."""
    return tuple(name.removeprefix("@") for name in _parted(text))


def _parted(text: str) -> list[str]:
    return [part for piece in _BETWEEN.split(text) if (part := piece.strip(" @"))]


def _is_surely_a_person(name: str) -> bool:
    """A nickname, a name of three characters, or one capitalised word that names nothing else.

    Too many words of two characters begin like a name (车主, 高端).
    """
    bare = fold(name).strip(" @")
    if _NICKNAME.fullmatch(bare):
        return bare not in _NO_NAMES
    if _LATIN.fullmatch(bare):
        return bare.lower() not in _NO_PEOPLE and not bare.lower().startswith("phase")
    return len(bare) == 3 and looks_like_a_person(bare)
