"""What the forms of dates share: how plain they are, months, parts of a month, the nearest year."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto
from typing import Final

from projects.prose.mentions import Precision


class Shape(Enum):
    """How plainly a date is one: the less plainly, the more the words around it must say so."""

    NAMED = auto()  # 7月23日, 2024-07-23, Jul 23, 5月下旬: nothing else is written so
    RELATIVE = (
        auto()
    )  # 下周三, next Friday: often only when something happened or will be talked about
    MONTH = auto()  # 8月份, Q3: just as often what some data are about
    SLASHED = auto()  # 6/25, which may be a fraction
    DOTTED = auto()  # 11.30, which may be a version or an amount
    COMPACT = auto()  # 617, 20240617, 7-15, which may be any number


MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_SMALL_MONTH: Final = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
#: In small letters only beside a day or a part of it: eta may 9, mid may.
ENGLISH_MONTH: Final = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    "|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
    f"|{_SMALL_MONTH}(?=[ -][0-9]{{1,2}}(?:st|nd|rd|th)?(?![0-9A-Za-z:%]|[.,][0-9]))"
    "|(?:(?<=[0-9][ -])|(?<=[0-9](?:st|nd|rd|th) )|(?<=mid[ -])|(?<=early )|(?<=late )|"
    "(?<=end of ))"
    f"{_SMALL_MONTH}(?![A-Za-z]))"
)
CHINESE_NUMBER: Final = "[一二三四五六七八九十]{1,3}"
YEAR: Final = "(?P<year_{}>(?<![0-9])(?:(?:19|20)[0-9]{{2}}|[0-9]{{2}})|今|明|去) ?年(?:的)? ?"
# 5月中信银行 and 5月底层改造 name no part of the month.
PART_OF_MONTH: Final = (
    r"中下旬|上中旬|上旬|中旬|下旬|上半月|下半月|月末|初(?![审评步始版稿级次])"
    r"|中(?![信行国金银台间心小美介央东])|[底末](?![层座部盘线稿表端])"
)

#: The last day of a part of the month; every other part ends with the month.
LAST_OF_PART: Final = {
    "上旬": 10,
    "初": 10,
    "上半月": 15,
    "上中旬": 20,
    "中旬": 20,
    "中": 20,
}


@dataclass(slots=True)
class Written:
    """A possible date in the text; ``day`` is the last day that is meant."""

    start: int
    end: int
    day: date
    precision: Precision
    shape: Shape
    has_year: bool = False  # the text names the year
    before: date | None = None  # 6/10 → 6/25 holds 6/10
    is_range: bool = False  # 6/10-6/14, 周一到周五
    is_limit: bool = False  # by Thursday
    is_moved: bool = False  # the words between the two say that the date was moved


type DayRead = tuple[date, Precision, Shape] | None


def year_of(written: str | None, week: date) -> int | None:
    """The year that is written (2024, 24, 明), ``None`` when the text leaves it open."""
    if not written:
        return None
    relative = {"今": 0, "明": 1, "去": -1}.get(written)
    if relative is not None:
        return (week + timedelta(days=3)).year + relative
    return int(written) + (2000 if len(written) == 2 else 0)


def valid_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_end(year: int, month: int) -> date | None:
    if not (1 <= month <= 12 and 1 <= year <= 9999):
        return None
    return date(year, month, monthrange(year, month)[1])


def nearest(year: int | None, month: int, day: int | None, week: date) -> date | None:
    """The day (``None``: the month's last), in the year that is nearest to the week."""
    years = (year,) if year is not None else (week.year - 1, week.year, week.year + 1)
    days = [valid_day(y, month, day) if day else month_end(y, month) for y in years]
    return min((d for d in days if d), key=lambda d: abs((d - week).days - 3), default=None)
