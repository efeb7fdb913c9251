"""Pages that go by person: which lines are people's names instead of projects. Pure.

No list of names is complete and some products are called like persons, so a name counts only among
others: at least two lines of the same form bear one, and most lines of that form do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from projects.prose import fold
from reports.importer.reading.outline import PARAGRAPH, OutlineLine


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
_LATIN: Final = re.compile(r"(?P<first>[A-Z][a-z]+)(?: [A-Z][a-z]*\.?){0,2}")
_LABEL: Final = re.compile(r"@?(?P<name>[^：:\s][^：:]{0,19}?)\s*(?P<colon>[:：]|\Z)")
_SHARE: Final = 0.6


# People come back from week to week.
@lru_cache(maxsize=4096)
def looks_like_a_person(name: str) -> bool:
    """Whether the words can be a person's name; many other words can, too."""
    bare = fold(name).strip(" @【】[]()*_")
    if _CHINESE.fullmatch(bare):
        return bare not in _NO_NAMES and bare[:2] not in _NO_NAMES
    latin = _LATIN.fullmatch(bare)
    return latin is not None and latin["first"].lower() in _FIRST_NAMES


def people_of(lines: Sequence[OutlineLine]) -> dict[int, str]:
    """For each line that begins with a person's name, by its number, that name."""
    dresses: dict[tuple[object, ...], list[tuple[int, str, bool]]] = defaultdict(list)
    for line in lines:
        label = _LABEL.match(line.plain) if not line.is_table_row else None
        if label is None or (line.rank != PARAGRAPH and not label["colon"] and not line.level):
            continue
        is_bold = line.text.startswith(("**", "__"))
        dress = (line.rank, line.indent // 2, is_bold, bool(label["colon"]))
        name = label["name"].strip()
        dresses[dress].append((line.number, name, looks_like_a_person(name)))
    people: dict[int, str] = {}
    for dressed in dresses.values():
        named = {number: name for number, name, is_person in dressed if is_person}
        if len(set(named.values())) >= 2 and len(named) >= _SHARE * len(dressed):
            people |= named
    return people
