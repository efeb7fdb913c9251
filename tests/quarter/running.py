"""Moves the clock of a simulated quarter, has people act and the schedule tick, and checks."""

from __future__ import annotations

import heapq
import logging
from collections import deque
from collections.abc import Callable
from datetime import date, datetime
from itertools import count
from random import Random
from typing import Final

import time_machine

from reports import tasks
from reports.digest import dispatch
from tests.quarter import checks, team
from tests.quarter.papers import Papers
from tests.quarter.post import Post
from tests.quarter.quarters import DAY, HOUR, Quarter, moment

type Act = Callable[["Running"], None]

_KEPT: Final = 12  # events that a failure tells


class Running:
    """One run of a quarter. ``hourly``: it ticks and is checked each hour, not only when something
    is due or was done.
    """

    def __init__(self, seed: int, quarter: Quarter, weeks: int, *, hourly: bool) -> None:
        self.seed, self.quarter, self.hourly = seed, quarter, hourly
        self.random = Random(seed)
        self.weeks = list(quarter.weeks(weeks))
        self.events: deque[str] = deque(maxlen=_KEPT)
        self.post = Post()
        self.objectives = {name: code for name, (_, code) in team.WORKS.items()}
        self.checked: set[int] = set()  # editions
        self.words = count(1)
        self._agenda: list[tuple[datetime, int, Act]] = []
        self._numbers = count()
        self._errors = _Errors()

    def plan(self, at: datetime, act: Act) -> None:
        """Have it done at that moment; nothing is planned on a full hour, when the clock ticks."""
        if at.minute == 0:
            at = at.replace(minute=self.random.randint(1, 59))
        heapq.heappush(self._agenda, (at, next(self._numbers), act))

    def weeks_so_far(self) -> list[date]:
        return [week for week in self.weeks if week <= self.truth.week]

    def note(self, words: str) -> None:
        self.events.append(f"{self.truth.now:%a %m-%d %H:%M} {words}")

    def run(self, plan_week: Callable[[Running, date], None]) -> None:
        logging.getLogger("reports").addHandler(self._errors)
        try:
            with time_machine.travel(moment(self.weeks[0], 0), tick=False) as self._clock:
                self.truth, self.rows = team.set_up(self.quarter)
                self.papers = Papers(self.truth)
                for week in self.weeks:
                    plan_week(self, week)
                    self._live_through(week)
                checks.at_the_end(self)
        except Exception as error:
            raise AssertionError(self._story(error)) from error
        finally:
            logging.getLogger("reports").removeHandler(self._errors)

    def _story(self, error: Exception) -> str:
        at = f"{self.truth.now:%a %Y-%m-%d %H:%M}"
        events = "\n".join(f"  {event}" for event in self.events)
        return f"seed {self.seed}, {at}: {error}\nafter\n{events}"

    def _live_through(self, week: date) -> None:
        for hour in self._hours(week):
            while self._agenda and self._agenda[0][0] < hour:
                at, _, act = heapq.heappop(self._agenda)
                self._move_to(at)
                act(self)
                checks.after_act(self)
            if self.hourly or hour in self._hours_due(week) or self._has_acted(hour):
                self._move_to(hour)
                self._tick()

    def _hours(self, week: date) -> list[datetime]:
        return [moment(week, 0) + n * HOUR for n in range(7 * 24)]

    def _hours_due(self, week: date) -> set[datetime]:
        hours = {moment(week, 0), *self.quarter.mornings(week), moment(week + 6 * DAY, 23)}
        return hours | {at for at in (self.quarter.cutoff(week), self.quarter.digest(week)) if at}

    def _has_acted(self, hour: datetime) -> bool:
        return self.truth.now > hour - HOUR

    def _move_to(self, at: datetime) -> None:
        self._clock.move_to(at)
        self.truth.now = at

    def _tick(self) -> None:
        expected = self.papers.expect()
        tasks.tick()
        for edition in dispatch.sweep():
            tasks.send_deliveries(edition)
        assert not self._errors.messages, self._errors.messages
        checks.after_tick(self, expected)
        is_due = self.truth.now in self._hours_due(self.truth.week)
        if is_due and (self.hourly or self.truth.now == self.quarter.digest(self.truth.week)):
            checks.screens(self)


class _Errors(logging.Handler):
    """What the tick survives, and a test does not."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(f"{record.getMessage()}: {record.exc_info and record.exc_info[1]}")
