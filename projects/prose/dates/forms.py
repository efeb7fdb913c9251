"""Dates as people write them: their shape, the last day that is meant, how exactly it was said.

Whether a written date is a promise, a result or no date of work at all is for ``dates`` to judge;
here 617 and 11.30 are possible dates like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from projects.prose import lazy
from projects.prose.dates import near
from projects.prose.dates.days import (
    CHINESE_NUMBER,
    ENGLISH_MONTH,
    LAST_OF_PART,
    MONTHS,
    PART_OF_MONTH,
    YEAR,
    DayRead,
    Shape,
    Written,
    month_end,
    nearest,
    valid_day,
    year_of,
)
from projects.prose.dates.pairs import one_date
from projects.prose.mentions import Precision
from projects.prose.units import chinese_number

_CHINESE_DATE: Final = (
    rf"(?:{YEAR.format('cn')}|(?<![0-9年近满每第过]))"
    rf"(?P<month>[0-9]{{1,2}}|{CHINESE_NUMBER}) ?月(?: ?份)?"
    rf"(?: ?(?P<day>[0-9]{{1,2}}|{CHINESE_NUMBER}) ?(?:日|号)(?!店|楼|线)"
    r"| ?(?P<bare_day>[0-9]{1,2})(?![0-9.%万亿个笔条次人户家项组件台套城日号年月/])"
    rf"| ?(?P<part>{PART_OF_MONTH}))?"
)
_FULL_DATE: Final = (
    r"(?<![0-9./\-])(?P<full_year>(?:19|20)[0-9]{2})(?P<sign>[-/.]) ?(?P<full_month>[0-9]{1,2})"
    r"(?:(?P=sign) ?(?P<full_day>[0-9]{1,2}))?(?![0-9]|[./\-][0-9])"
)
_SHORT_DATE: Final = (
    r"(?<![0-9A-Za-z./])(?P<short_month>[0-9]{1,2}) ?(?P<short_sign>[/.]) "
    r"?(?P<short_day>[0-9]{1,2})"
    r"(?![0-9%=]|[./][0-9A-Za-z]|[A-Za-z])"
)
_DASHED_DATE: Final = (
    r"(?<![0-9A-Za-z./\-])(?P<dashed_month>[0-9]{1,2})-(?P<dashed_day>[0-9]{1,2})"
    r"(?![0-9\-/.%A-Za-z]| ?[月日号年])"
)
_COMPACT_DATE: Final = (
    r"(?<![0-9A-Za-z.\-_/:#$¥])(?<![0-9],)(?:(?P<compact_year>20[0-9]{2}))?"
    r"(?P<compact_month>0?[1-9]|1[0-2])(?P<compact_day>[0-3][0-9])(?![0-9A-Za-z%_/]|"
    r"[.\-:][0-9]|,[0-9]{3})"
)
_QUARTER: Final = (
    rf"(?:{YEAR.format('quarter')})?"
    r"(?:(?P<quarter_year>(?<![0-9])20[0-9]{2})[ -]?)?"
    r"(?:(?<![A-Za-z])[Qq](?P<quarter>[1-4])(?![0-9A-Za-z])(?: "
    r"?'?(?P<year_after>20[0-9]{2})(?![0-9]))?(?: ?[末底内])?"
    r"|第?(?P<quarter_cn>[一二三四1-4]) ?季度?(?<=季度)(?:[末底内])?)"
)
_YEAR_END: Final = (
    r"(?:(?P<end_year>(?<![0-9])20[0-9]{2}|(?<![0-9])[0-9]{2}|今|明|去)|"
    r"(?<![0-9个一半多]))年(?:底|末)"
    r"|(?<![A-Za-z])(?:the )?(?P<year_end>end of (?:the )?year|year[ -]end|EOY|eoy)(?![A-Za-z])"
)
_MONTH_END: Final = (
    r"(?P<month_end>(?:本月|(?<![0-9一二三四五六七八九十上下个每当])月)(?:底|"
    r"末)(?![层座部盘线稿表端]))"
    r"|(?P<month_middle>(?:本月|"
    r"(?<![0-9一二三四五六七八九十上下个每当])月)中旬?(?![信行国金银台间心小]))"
    r"|(?<![A-Za-z])(?P<month_end_en>(?:the )?end of (?:(?:the|this) )?month|month[ -]end|"
    r"EOM|eom)(?![A-Za-z])"
)
_LONE_DAY: Final = (
    r"(?<![0-9月./第A-Za-z])(?<![A-Za-z第] )(?P<lone_day>[12]?[0-9]|3[01]) ?号(?= ?(?:前|之前|"
    r"以前|左右|上午|下午|晚|完成|上线|交|提[测交审]|发[版货布车出]?|开[始工标业课]?|给|定稿|封|"
    r"评审|试[运营跑产点用]|换|启|定|完工|竣工|搬|下发|报|上[架会]|入场|过会|"
    r"能|可以|验收|送|到|出[稿货具样图数]?|签|正式|收|结|上会|进场|割接|切|搬|启动|投|必须|"
    r"[要得就]))"
    r"(?! ?(?:发生|出[现生问]|发现|开会|停|到期|交易|收到|收盘|结账|开除))"
    r"|(?<=改到|变成|改成|改为|压到|卡到|卡在|推到|延到|拖到|挪到|放到|调到|定在|定到|排在|排到|"
    r"约在|约到|顺到|"
    r"移到)"
    r"(?P<lone_day_moved>[12]?[0-9]|3[01]) ?[号日](?![店楼线院机内])"
    r"|(?<![A-Za-z])[Tt]he (?P<lone_day_en>[0-9]{1,2})(?:st|nd|rd|th)(?! ?(?:of|[a-z]{3,}))"
)
#: 5 月 19 日评标，22 日公示: a day of the month that was named before it in the line.
_DAY_OF_MONTH: Final = (
    r"(?<![0-9月年./第A-Za-z\-~至到时共约需仅期])(?<![月年至到时共约需] )"
    r"(?P<day_of_month>[12]?[0-9]|3[01]) ?日"
    r"(?![内元常均报志程期间后本历]|左右|以[内后]|之[内后]|工期)"
)
_HAPPENS_THAT_DAY: Final = lazy.compile(
    r" ?(?:之?前(?=[\u4e00-\u9fff]{0,6}[完交报提给清补定出发签搬换收])|(?:正式|全部|"
    r"开始)?(?:提[测交审]|上[线架会]|"
    r"发[版布货]|交[付稿货底]?|给|定稿|评审|验收|切换|割接|到[货场]|进场|开[工业标园馆放]|"
    r"封[版样]|试[运营产点跑]|投[产用运]|"
    r"出[稿图样报]|签[字约署]|送[审检样]|搬|启用|完工|竣工|"
    r"[换装拆签审测切批拍录付送](?=[ ,。;)、\n]|\Z)))"
)
_LONGEST_WAY: Final = 40
#: What is longer is not remembered.
_LONGEST_LINE: Final = 300
_ENGLISH_DATE: Final = (
    r"(?<![A-Za-z0-9])(?:(?P<en_part>[Ee]arly|[Mm]id|[Ll]ate|(?:the )?(?:beginning|middle|end) of|"
    r"(?:the )?(?:first|second) half of)[ -]?)?"
    r"(?:(?P<en_day_first>[0-9]{1,2})(?:st|nd|rd|th)?[ -](?:of )?)?"
    rf"(?P<en_month>{ENGLISH_MONTH})(?![A-Za-z])\.?"
    r"(?:[ -](?P<en_day>[0-9]{1,2})(?:st|nd|rd|th)?(?![0-9A-Za-z%]|:[0-9]))?(?:,? "
    r"?(?P<en_year>20[0-9]{2})(?![0-9]))?"
)
# Looked at first at every place of the text: without it each place tries all the forms.
_FIRST_CHARACTERS: Final = (
    "(?=[0-9一二两三四五六七八九十今明去第年季月本上下这次再周星礼QHJFMASONDELTWIembltynciwofs"
    "jadq])"
)
# Nor does a date begin within a word, or a percentage.
_NO_BEGINNING: Final = r"(?!(?<=[A-Za-z])[A-Za-z]|[0-9]{1,3}(?:\.[0-9]+)? ?%)"
_NUMERALS: Final = "0-9一二两三四五六七八九十"
_YEAR_BEGINS: Final = "今明去"
#: Each form with the characters it may begin with: at a place only few forms are tried.
_FORMS: Final = (
    ("is_full", "12", _FULL_DATE),
    ("is_week_of_month", f"{_NUMERALS}{_YEAR_BEGINS}tfs", near.WEEK_OF_MONTH),
    ("is_weekday", f"{_NUMERALS}上下本这个周星礼OoBbMmTWwFfSsNnLltCcDd", near.WEEKDAY),
    ("is_whole_week", f"{_NUMERALS}下本这再eENnTtIiWwOo", near.WHOLE_WEEK),
    ("is_near_month", "上本这下次月temln", near.NEAR_MONTH),
    ("is_near_span", "2今明本年季上下telbqEH", near.NEAR_SPAN),
    ("is_chinese", f"{_NUMERALS}{_YEAR_BEGINS}", _CHINESE_DATE),
    ("is_quarter", f"{_NUMERALS}{_YEAR_BEGINS}第Qq", _QUARTER),
    ("is_year_end", f"0-9{_YEAR_BEGINS}年teyE", _YEAR_END),
    ("is_month_end", "本月temE", _MONTH_END),
    ("is_short", "0-9", _SHORT_DATE),
    ("is_dashed", "0-9", _DASHED_DATE),
    ("is_compact", "0-9", _COMPACT_DATE),
    ("is_lone", "0-9Tt", _LONE_DAY),
    ("is_day_of_month", "0-9", _DAY_OF_MONTH),
    ("is_english", "0-9EeMmLltbfsJFASONDjaond", _ENGLISH_DATE),
)
ANY_DATE: Final = lazy.compile(
    rf"{_FIRST_CHARACTERS}{_NO_BEGINNING}(?:"
    + "|".join(f"(?=[{firsts}])(?P<{name}>{form})" for name, firsts, form in _FORMS)
    + ")"
)
#: What every form of a date holds. Few lines do, and looking for it is quick.
_MAY_BE_DATED: Final = lazy.compile(
    r"[日月周季年号]|星期|礼拜|[0-9] ?[-/.] ?[0-9]|[0-9]{3}|[A-Za-z]{3}|[QqH][1-4]"
)
#: 6月10-14日, 6月13、14两天
_SECOND_DAY: Final = lazy.compile(
    r" ?(?:日|号)? ?(?:-|~|至|到|--|[、和](?= ?[0-9]{1,2} ?[日号]?两[天日晚])) ?([0-9]{1,2}) ?"
    r"(?:日|号|(?=两))"
)
_SECOND_DAY_EN: Final = lazy.compile(r" ?-{1,2} ?([0-9]{1,2})(?:st|nd|rd|th)?(?![0-9:/.%A-Za-z\-])")
#: The week that a day lies in: 11 月 24 日当周, the week of Dec 8.
_THAT_WEEK: Final = lazy.compile(r" ?(?:当|那|所在)(?:周|星期)")
_WEEK_OF: Final = lazy.compile(r"(?<![A-Za-z])week of (?:the )?\Z", re.IGNORECASE)


def written_dates(folded: str, week: date) -> list[Written]:
    """Every possible date of the text in its order; a range (6/10-6/14) is its last day, once.

    ``week`` is the Monday the text belongs to: a date without a year is the nearest to it.
    """
    merged: list[Written] = []
    for written in _single_dates(folded, week):
        last = merged[-1] if merged else None
        joined = one_date(folded, last, written) if last else None
        if joined is not None:
            merged[-1] = joined
        else:
            merged.append(written)
    return merged


def _matches(folded: str) -> tuple[re.Match[str], ...]:
    return tuple(ANY_DATE.finditer(folded)) if may_be_dated(folded) else ()


# Lines come back from week to week; only the week makes days of their dates.
_matches_again: Final = lru_cache(maxsize=1024)(_matches)


def may_be_dated(folded: str) -> bool:
    """Whether any form of a date may stand in the text; ``False`` is sure."""
    return _MAY_BE_DATED.search(folded) is not None


def _single_dates(folded: str, week: date) -> Iterator[Written]:
    last: Written | None = None
    for match in _matches_again(folded) if len(folded) <= _LONGEST_LINE else _matches(folded):
        number = match["day_of_month"]
        written = _later_that_month(folded, match, last) if number else _read(match, week)
        if written is None and number and last is None:
            written = _coming_day(folded, match, week)
        if written is not None:
            last = _with_second_day(folded, _of_week(folded, written))
            yield last


def _later_that_month(folded: str, match: re.Match[str], last: Written | None) -> Written | None:
    """The day of the month of the date before it, where that one stands near in the line."""
    if last is None or last.precision is not Precision.DAY or last.shape is not Shape.NAMED:
        return None
    way = folded[last.end : match.start()]
    day = valid_day(last.day.year, last.day.month, int(match["day_of_month"]))
    if day is None or day <= last.day or len(way) > _LONGEST_WAY or "\n" in way:
        return None
    return replace(last, start=match.start(), end=match.end(), day=day, is_range=False)


def _coming_day(folded: str, match: re.Match[str], week: date) -> Written | None:
    """18 日提测, 20 日前交: a day of no month is one to come, where something happens then."""
    when = near.coming_day(int(match["day_of_month"]), week)
    if when is None or _HAPPENS_THAT_DAY.match(folded, match.end()) is None:
        return None
    return Written(match.start(), match.end(), when, Precision.DAY, Shape.RELATIVE)


def _of_week(folded: str, written: Written) -> Written:
    """11 月 24 日当周, the week of Dec 8: the Sunday of that week."""
    after = _THAT_WEEK.match(folded, written.end)
    is_week = after or _WEEK_OF.search(folded, max(0, written.start - 12), written.start)
    if not is_week or written.precision is not Precision.DAY:
        return written
    sunday = written.day + timedelta(days=6 - written.day.weekday())
    end = after.end() if after else written.end
    return replace(written, end=end, day=sunday, precision=Precision.WEEK)


def _with_second_day(folded: str, written: Written) -> Written:
    """6月10-14日: the second day has the month of the first."""
    is_english = folded[written.start].isascii() and folded[written.start].isalpha()
    second = (_SECOND_DAY_EN if is_english else _SECOND_DAY).match(folded, written.end)
    if second is None or written.precision is not Precision.DAY:
        return written
    day = valid_day(written.day.year, written.day.month, int(second[1]))
    if day is None or day < written.day:
        return written
    return replace(written, end=second.end(), day=day, is_range=True)


def _read(match: re.Match[str], week: date) -> Written | None:
    # The group of the form closes after all groups within it.
    read = _READERS[match.lastgroup](match, week) if match.lastgroup else None
    if read is None:
        return None
    day, precision, shape = read
    has_year = any(match.group(*_YEARS))
    is_limit = (match["which_week_en"] or "").lower() == "by"
    return Written(match.start(), match.end(), day, precision, shape, has_year, is_limit=is_limit)


def _full(match: re.Match[str], _week: date) -> DayRead:
    year, month = int(match["full_year"]), int(match["full_month"])
    if match["full_day"] is None:
        day, precision, shape = month_end(year, month), Precision.MONTH, Shape.MONTH
    else:
        day = valid_day(year, month, int(match["full_day"]))
        precision, shape = Precision.DAY, Shape.NAMED
    return (day, precision, shape) if day else None


def _chinese(match: re.Match[str], week: date) -> DayRead:
    month = chinese_number(match["month"])
    year = year_of(match["year_cn"], week)
    day = match["day"] or match["bare_day"]
    if month is None:
        return None
    if day is not None:
        number = chinese_number(day)
        when = nearest(year, month, number, week) if number else None
        return (when, Precision.DAY, Shape.NAMED) if when else None
    part = match["part"]
    when = nearest(year, month, LAST_OF_PART.get(part or ""), week)
    precision = Precision.PART
    if part is None or part in {"底", "末", "月末"}:
        precision = Precision.MONTH
    return (when, precision, Shape.NAMED if part else Shape.MONTH) if when else None


def _quarter(match: re.Match[str], week: date) -> DayRead:
    number = chinese_number(match["quarter"] or match["quarter_cn"])
    year = year_of(match["year_quarter"] or match["quarter_year"] or match["year_after"], week)
    middle = nearest(year, number * 3 - 1, 15, week) if number else None
    when = month_end(middle.year, middle.month + 1) if middle else None
    return (when, Precision.QUARTER, Shape.MONTH) if when else None


def _end_of_year(match: re.Match[str], week: date) -> DayRead:
    # 年底 means the end of the year one is in, even in January.
    year = year_of(match["end_year"], week) or (week + timedelta(days=3)).year
    when = month_end(year, 12)
    return (when, Precision.MONTH, Shape.NAMED) if when else None


def _end_of_month(match: re.Match[str], week: date) -> DayRead:
    friday = week + timedelta(days=4)
    if match["month_middle"] is not None:
        return friday.replace(day=LAST_OF_PART["中"]), Precision.PART, Shape.NAMED
    when = month_end(friday.year, friday.month)
    return (when, Precision.MONTH, Shape.NAMED) if when else None


def _short(match: re.Match[str], week: date) -> DayRead:
    when = nearest(None, int(match["short_month"]), int(match["short_day"]), week)
    shape = Shape.SLASHED if match["short_sign"] == "/" else Shape.DOTTED
    return (when, Precision.DAY, shape) if when else None


def _dashed(match: re.Match[str], week: date) -> DayRead:
    when = nearest(None, int(match["dashed_month"]), int(match["dashed_day"]), week)
    return (when, Precision.DAY, Shape.COMPACT) if when else None


def _compact(match: re.Match[str], week: date) -> DayRead:
    year = int(match["compact_year"]) if match["compact_year"] else None
    when = nearest(year, int(match["compact_month"]), int(match["compact_day"]), week)
    return (when, Precision.DAY, Shape.COMPACT) if when else None


def _english(match: re.Match[str], week: date) -> DayRead:
    month = MONTHS[match["en_month"][:3].lower()]
    year = year_of(match["en_year"], week)
    day = match["en_day"] or match["en_day_first"]
    part = (match["en_part"] or "").lower().removeprefix("the ")
    if day is not None and not part:
        when = nearest(year, month, int(day), week)
        return (when, Precision.DAY, Shape.NAMED) if when else None
    last = {"e": 10, "b": 10, "m": 20, "f": 15}.get(part[:1]) if part != "end of" else None
    when = nearest(year, month, last, week)
    precision = Precision.PART if part and part != "end of" else Precision.MONTH
    return (when, precision, Shape.NAMED if part else Shape.MONTH) if when else None


_READERS: Final = {
    "is_full": _full,
    "is_week_of_month": near.week_of_month,
    "is_weekday": near.weekday,
    "is_whole_week": near.whole_week,
    "is_near_month": near.near_month,
    "is_near_span": near.near_span,
    "is_chinese": _chinese,
    "is_quarter": _quarter,
    "is_year_end": _end_of_year,
    "is_month_end": _end_of_month,
    "is_short": _short,
    "is_dashed": _dashed,
    "is_compact": _compact,
    "is_lone": near.lone_day,
    "is_english": _english,
}


_YEARS: Final = (
    "full_year",
    "year_cn",
    "year_wom",
    "year_quarter",
    "quarter_year",
    "year_after",
    "end_year",
    "compact_year",
    "en_year",
    "half_year_of",
    "half_en_year",
)
