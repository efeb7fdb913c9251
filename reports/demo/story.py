"""A project's story as reports week by week. Pure.

README.md beside this file says how the files are written.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

import msgspec

from projects.text.numbers import plain

WEEKS: Final = 26
FILES: Final = Path(__file__).parent
_PARTS: Final = {10: "上旬", 20: "中旬"}  # by the last day that is meant


@dataclass(frozen=True, slots=True)
class StoryMilestone:
    name: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class StoryWeek:
    """What the lead reports in one week; missing fields stay as they were."""

    say: str = ""
    risk: str = ""
    stage: str = ""
    health: str = ""
    p: dict[str, Decimal] = field(default_factory=dict)
    due: dict[str, int | tuple[int, str]] = field(default_factory=dict)
    why: str = ""
    drop: dict[str, str] = field(default_factory=dict)  # milestones that are dropped, and why
    percent: Decimal | None = None
    confirm: bool = False
    at: float = 0  # of the present week: how much of it has passed when this is reported


@dataclass(frozen=True, slots=True)
class Story:
    """One project, from one of stories/*.toml."""

    name: str
    lead: str
    objective: str
    milestones: dict[str, StoryMilestone]
    weeks: dict[int, StoryWeek]
    aliases: tuple[str, ...] = ()
    focus: bool = False
    closed: int | None = None  # so many weeks ago
    closed_because: str = ""

    @property
    def began(self) -> int:
        """How many weeks ago; in the present one where nothing is reported yet."""
        return max(self.weeks, default=0)


@dataclass(frozen=True, slots=True)
class StoryDue:
    on: date
    precision: str = "day"

    @property
    def spoken(self) -> str:
        """As people say it: 7月23日, 7月底, 5月中旬."""
        if self.precision == "day":
            return f"{self.on.month}月{self.on.day}日"
        if self.precision == "month":
            return f"{self.on.month}月底"
        return f"{self.on.month}月{_PARTS.get(self.on.day, '下旬')}"


@dataclass(frozen=True, slots=True)
class StoryReport:
    """One week of a project, as its status entry holds it and its ledger records it."""

    ago: int
    text: str
    risks: str
    stage: str
    health: str
    percent: Decimal | None  # as the lead put it; None: by milestones
    is_confirmed: bool
    percents: Mapping[str, Decimal]  # of all milestones known by then
    dues: Mapping[str, StoryDue]
    reason: str
    dropped: Mapping[str, str]  # milestones that are dropped by then, and why


def read_story(name: str) -> Story:
    text = (FILES / "stories" / f"{name}.toml").read_bytes()
    return msgspec.toml.decode(text, type=Story, strict=False)


def reports(story: Story, present: date) -> Iterator[StoryReport]:
    """The story's reports, oldest first; ``present`` is the Monday of the present week."""
    # Every milestone is planned from the beginning, so that the mean does not fall when one starts.
    unbegun = dict.fromkeys(story.milestones, Decimal(0))
    last = StoryReport(
        ago=WEEKS,
        text="",
        risks="",
        stage="",
        health="on_track",
        percent=None,
        is_confirmed=False,
        percents=unbegun,
        dues={},
        reason="",
        dropped={},
    )
    for ago, story_week in sorted(story.weeks.items(), reverse=True):
        if story_week.confirm:
            last = replace(last, ago=ago, is_confirmed=True, reason="")
        else:
            last = _report(last, ago, story_week, present)
        yield last


def _report(last: StoryReport, ago: int, story_week: StoryWeek, present: date) -> StoryReport:
    percents = {**last.percents, **story_week.p}
    dues = {**last.dues, **{key: _due(written, present) for key, written in story_week.due.items()}}
    words = {key: plain(percent) for key, percent in percents.items()}
    words |= {f"{key}_due": due.spoken for key, due in dues.items()}
    return StoryReport(
        ago=ago,
        text=story_week.say.format_map(words),
        risks=story_week.risk.format_map(words),
        stage=story_week.stage or last.stage,
        health=story_week.health or last.health,
        percent=story_week.percent,
        is_confirmed=False,
        percents=percents,
        dues=dues,
        reason=story_week.why,
        dropped={**last.dropped, **story_week.drop},
    )


def _due(written: int | tuple[int, str], present: date) -> StoryDue:
    """The date so many days from the present Monday, or the last day of the span it lies in."""
    days, precision = written if isinstance(written, tuple) else (written, "day")
    day = present + timedelta(days=days)
    if precision == "part" and day.day <= 20:
        return StoryDue(day.replace(day=10 if day.day <= 10 else 20), precision)
    if precision in {"part", "month"}:
        return StoryDue(day.replace(day=calendar.monthrange(day.year, day.month)[1]), precision)
    return StoryDue(day)
