"""Dates said from the week of the text: 下周三, 下月5号, 两周后, 8月第三周, next Friday, 年内."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from projects.prose.dates.days import (
    CHINESE_NUMBER,
    ENGLISH_MONTH,
    LAST_OF_PART,
    MONTHS,
    PART_OF_MONTH,
    YEAR,
    DayRead,
    Shape,
    month_end,
    nearest,
    valid_day,
    year_of,
)
from projects.prose.mentions import Precision
from projects.prose.units import chinese_number

#: A week of a month further back is one of the next year.
_LONG_AGO: Final = timedelta(days=120)
_WHICH: Final = {"次": 1, "上上": -2, "上": -1, "本": 0, "这": 0, "": 0, "下": 1, "下下": 2}
_WEEKDAYS: Final = {
    day: place
    for place, days in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天7"))
    for day in days
}
_ENGLISH_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY: Final = (
    # 两周后的周四
    r"(?P<weeks_ahead>[一二两三四五六七八九十]|[1-9][0-9]?) ?(?:周|个?星期|个?礼拜)"
    r"(?:之?后|以后)的?(?:周|星期|礼拜)(?P<weekday_ahead>[一二三四五六日天])"
    r"|(?<![一二两三四五六几每隔0-9])(?P<which_week>上上|下下|[上本这下])?个?(?:周|星期|礼拜)"
    r"(?P<weekday>[一二三四五六日天])(?![次遍回月年度天个期节])"
    r"|(?<![A-Za-z])(?:(?:[Oo]n|[Bb]y) )?(?P<weekday_next>(?i:Mon|Tues|Wednes|Thurs|Fri)day) "
    r"next week(?![A-Za-z])"
    r"|(?<![A-Za-z])(?:(?P<which_week_en>[Nn]ext|[Ll]ast|[Tt]his|[Cc]oming|[Oo]n|[Bb]y) "
    r")(?P<weekday_en>[Mm]on(?:day)?|"
    r"[Tt]ue(?:s(?:day)?)?|[Ww]ed(?:nesday)?|[Tt]hu(?:rs?(?:day)?)?|[Ff]ri(?:day)?|"
    r"[Ss]at(?:urday)?|Sun(?:day)?|sunday)"
    r"(?![A-Za-z])"
    r"|(?<![A-Za-z])[Dd]ue (?P<weekday_due>(?i:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri)(?:day)?)"
    r"(?![A-Za-z])"
    r"|(?<=[a-z] )(?P<bare_weekday>(?i:Wednes|Thurs|Fri|Satur|Sun)day)(?=[,.;)]|\Z)"
    r"|(?<![A-Za-z])(?P<head_weekday>(?:Mon|Tues|Wednes|Thurs|Fri)day)(?=:)"
)
WHOLE_WEEK: Final = (
    r"(?:(?P<whole_week>下下|下)个?(?:周|星期|礼拜)(?:底|末尾?|内|中|初)?|"
    r"(?P<this_week>[本这])个?(?:周|星期|礼拜)(?:底|末尾?|内))(?![一二三四五六日天末报会度期])"
    r"|(?:再过|再有)?(?P<weeks_later>[一二两三四五六七八九十]|[1-9][0-9]?) ?(?:周|个?星期|"
    r"个?礼拜)(?:之?后|"
    r"以后|[之以]?内|(?<=再过.周)|(?<=再过..周)|(?<=再有.周))"
    r"|(?<![A-Za-z])(?:(?:end of )?(?P<whole_week_en>[Nn]ext|[Tt]his|(?<=end of )the|"
    r"(?<=by )end of) week"
    r"|(?P<end_of_week>EOW|eow)(?![A-Za-z])"
    r"|(?:[Ii]n|[Ww]ithin) (?P<weeks_later_en>a|one|two|three|four|[1-9]) weeks?)(?![A-Za-z])"
    r"|(?<![A-Za-z])(?P<more_weeks>[Oo]ne|[Tt]wo|[Tt]hree|[1-9]) more weeks?(?= until| to | till)"
)
WEEK_OF_MONTH: Final = (
    rf"(?:{YEAR.format('wom')})?(?P<wom_month>[0-9]{{1,2}}|{CHINESE_NUMBER}) ?月(?:份)?的?第 "
    rf"?(?P<wom>[一二三四五1-5]) ?(?:周|个星期)"
    rf"|(?<![A-Za-z])(?:the )?(?P<wom_en>first|second|third|fourth|1st|2nd|3rd|4th) week of "
    rf"(?P<wom_month_en>{ENGLISH_MONTH})(?![A-Za-z])"
)
NEAR_MONTH: Final = (
    r"(?P<which_month>[上本这下次])个?月(?:份)?(?: ?(?P<near_day>[0-9]{1,2}|"
    r"[一二三四五六七八九十]{1,3}) ?(?:日|号)"
    rf"|(?P<near_part>{PART_OF_MONTH})|(?P<within_month>[之以]?内))?(?![初中底末]?[度报会结])"
    r"|(?<![0-9一二三四五六七八九十上下个每当本这])(?P<inside_month>月内)"
    r"|(?<![A-Za-z])(?:the )?(?:(?P<near_part_en>early|mid|late|end of) "
    r")?(?P<which_month_en>next|this) month(?![A-Za-z])"
)
NEAR_SPAN: Final = (
    r"(?<![0-9一半多个])(?P<inside_year>(?:[今本]?年|年度)[之以]?内)"
    r"|(?:(?P<half_year_of>(?<![0-9])20[0-9]{2}|今|明)年)?(?P<half_year>[上下])半年(?:[末底]|"
    r"[之以]?内)?"
    r"|(?<![A-Za-z0-9])H(?P<half_en>[12])(?![0-9A-Za-z])(?: ?'?(?P<half_en_year>20[0-9]{2}))?"
    r"|(?P<which_quarter>[本下])(?:个?季度(?:[末底]|[之以]?内)?|季[末底])"
    r"|(?<![一二三四上下本每当各个第0-9Qq])(?P<this_quarter>季(?:度?[末底](?![考报结库清大促冲盘])|度[之以]?内))"
    r"|(?<![A-Za-z])(?:the )?(?:(?:end of|late|by) )(?P<end_of_quarter_en>Q[1-4])(?![0-9A-Za-z])"
    r"|(?<![A-Za-z])(?:by )?(?P<quarter_end>(?:the )?end of (?:(?:the|this) )?quarter|"
    r"quarter[ -]end|"
    r"EOQ|eoq)"
    r"(?![A-Za-z])"
    r"|(?<![A-Za-z])(?P<end_of_year_en>by (?:the )?end of (?:the )?year|later this "
    r"year)(?![A-Za-z])"
)


def weekday(match: re.Match[str], week: date) -> DayRead:
    if match["weekday_ahead"] is not None:
        weeks = chinese_number(match["weeks_ahead"]) or 0
        place = _WEEKDAYS[match["weekday_ahead"]]
    elif match["weekday"] is not None:
        weeks, place = _WHICH[match["which_week"] or ""], _WEEKDAYS[match["weekday"]]
    else:
        weeks = {"next": 1, "last": -1}.get((match["which_week_en"] or "").lower(), 0)
        # A text of the week that says "due Monday" means the next one.
        is_next = match["weekday_next"] or (match["weekday_due"] or "").lower().startswith("mon")
        weeks = 1 if is_next else weeks
        named = (
            match["weekday_en"]
            or match["bare_weekday"]
            or match["head_weekday"]
            or match["weekday_next"]
            or match["weekday_due"]
        )
        place = _ENGLISH_DAYS.index(named[:3].lower())
    return week + timedelta(weeks=weeks, days=place), Precision.DAY, Shape.RELATIVE


def whole_week(match: re.Match[str], week: date) -> DayRead:
    later = match["weeks_later"] or match["weeks_later_en"] or match["more_weeks"]
    if later is not None:
        number = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4}.get(later.lower())
        weeks = number or chinese_number(later) or 0
    elif match["this_week"] is not None:
        weeks = 0
    elif match["whole_week"] is not None:
        weeks = _WHICH[match["whole_week"]]
    else:
        weeks = 1 if (match["whole_week_en"] or "").lower() == "next" else 0
    is_within = match[0].endswith(("内", "EOW", "eow"))  # 本周内给出结论
    shape = Shape.MONTH if later is None and not is_within else Shape.RELATIVE
    return week + timedelta(weeks=weeks, days=6), Precision.WEEK, shape


_ORDINALS: Final = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
}


def week_of_month(match: re.Match[str], week: date) -> DayRead:
    """The Sunday of the n-th week that has a working day (Monday to Friday) in the month."""
    if match["wom"] is not None:
        number, month = chinese_number(match["wom"]), chinese_number(match["wom_month"])
    else:
        number = _ORDINALS[match["wom_en"].lower()]
        month = MONTHS[match["wom_month_en"][:3].lower()]
    if not number or not month:
        return None
    end = nearest(year_of(match["year_wom"], week), month, None, week)
    if end is None:
        return None
    if match["year_wom"] is None and end < week - _LONG_AGO:
        end = month_end(end.year + 1, month) or end
    first = end.replace(day=1)
    monday = first - timedelta(days=first.weekday())
    if first.weekday() > 4:
        monday += timedelta(weeks=1)
    return monday + timedelta(weeks=number - 1, days=6), Precision.WEEK, Shape.NAMED


def near_month(match: re.Match[str], week: date) -> DayRead:
    friday = week + timedelta(days=4)
    which = match["which_month"]
    if which is not None:
        months = {"上": -1, "下": 1, "次": 1}.get(which, 0)
    else:
        months = 1 if (match["which_month_en"] or "").lower() == "next" else 0
    place = friday.year * 12 + friday.month - 1 + months
    year, month = place // 12, place % 12 + 1
    if match["near_day"] is not None:
        number = chinese_number(match["near_day"])
        when = valid_day(year, month, number) if number else None
        return (when, Precision.DAY, Shape.NAMED) if when else None
    part = match["near_part"] or (match["near_part_en"] or "").lower()
    last = LAST_OF_PART.get(part) or {"early": 10, "mid": 20}.get(part)
    when = valid_day(year, month, last) if last else month_end(year, month)
    is_inside = match["within_month"] or match["inside_month"]
    if which in {"本", "这"} and not (part or is_inside):
        return None  # 本月完成 3 家
    shape = Shape.NAMED if part or is_inside else Shape.MONTH
    return (when, Precision.PART if last else Precision.MONTH, shape) if when else None


def lone_day(match: re.Match[str], week: date) -> DayRead:
    """25 号前: the day of this month, or of the next one where it lies well before the week."""
    when = coming_day(
        int(match["lone_day"] or match["lone_day_moved"] or match["lone_day_en"]), week
    )
    return (when, Precision.DAY, Shape.RELATIVE) if when else None


def coming_day(number: int, week: date) -> date | None:
    days = [nearest(None, month, number, week) for month in (week.month, week.month % 12 + 1)]
    return next((day for day in days if day and day >= week - timedelta(days=7)), None)


def near_span(match: re.Match[str], week: date) -> DayRead:
    friday = week + timedelta(days=4)
    if match["inside_year"] is not None or match["end_of_year_en"] is not None:
        return date(friday.year, 12, 31), Precision.MONTH, Shape.NAMED
    half = match["half_year"] or match["half_en"]
    if half is not None:
        month = 6 if half in {"上", "1"} else 12
        year = year_of(match["half_year_of"] or match["half_en_year"], week) or friday.year
        return date(year, month, 30 if month == 6 else 31), Precision.QUARTER, Shape.MONTH
    if match["end_of_quarter_en"] is not None:
        middle = nearest(None, int(match["end_of_quarter_en"][1]) * 3 - 1, 15, week)
        when = month_end(middle.year, middle.month + 1) if middle else None
    else:
        place = friday.year * 4 + (friday.month - 1) // 3 + (match["which_quarter"] == "下")
        when = month_end(place // 4, place % 4 * 3 + 3)
    return (when, Precision.QUARTER, Shape.NAMED) if when else None
