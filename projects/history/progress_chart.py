"""The course of a project as one picture: inline SVG, drawn on the server. Pure.

Over one time axis: above, the percent as a line, beside the straight plan and the forecast; below,
the due date as a staircase, one step for each time it moved, to the right when it moved later.

It carries classes and presentation attributes, no styles and no script. So a strict CSP lets it
pass, a page's stylesheet colours it for light and dark, and without one (print, PDF, mail) it has
the light colours. All it shows stands in the table beside it as text (``Timeline.by_week``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from projects.history.axis import Anchor, LabelRow, TimeAxis, ticks, width_of
from projects.history.forecast import Forecast
from projects.history.shapes import Spot, at, element, path, through, together
from projects.history.timeline import DueDate, Happening, Timeline
from projects.text.numbers import plain
from projects.text.wording import date_text
from projects.weeks import WEEK


@dataclass(frozen=True, slots=True)
class Size:
    """The width of the picture and the height of its upper half, in its own units."""

    name: str
    width: int
    plot: int


# About as wide as they are shown, so that their text is not scaled down.
WIDE: Final = Size("wide", 720, 190)
NARROW: Final = Size("narrow", 312, 160)

_TEXT: Final = 13.0
_LEFT, _RIGHT, _TOP = 60.0, 12.0, 24.0
_AXIS: Final = 40.0  # the labels of the time axis, two lines
_ROW: Final = 22.0  # of the staircase; two of its labels are at least so far apart
_ROWS: Final = 6  # more moves than that share the height of so many
_DOTS: Final = 60  # with more points, only those that no line reaches get a dot
_AHEAD: Final = timedelta(weeks=26)  # at least so much of the future may be shown
_BACK: Final = timedelta(weeks=13)  # at most so much of the time before anything was told
_SHORTEST: Final = timedelta(weeks=8)


def draw(timeline: Timeline, forecast: Forecast | None, name: str, size: Size = WIDE) -> SafeString:
    """The picture of the project called ``name``; empty where there is nothing to draw."""
    if not timeline:
        return SafeString("")
    return _Drawing(timeline, forecast, size).svg(name)


def in_words(timeline: Timeline, forecast: Forecast | None) -> str:
    """What the picture shows, in sentences for who does not see it."""
    near, sentences = timeline.today, []
    if timeline.points:
        begin, end = timeline.points[0], timeline.points[-1]
        sentences.append(
            _("%(first)s%% on %(begin)s, %(last)s%% on %(end)s.")
            % {
                "first": plain(begin.percent),
                "begin": date_text(timeline.day_of(begin.week), "day", near),
                "last": plain(end.percent),
                "end": date_text(timeline.day_of(end.week), "day", near),
            }
        )
    if due := timeline.due:
        slips = timeline.slips
        moved = ngettext("moved later %(n)s time", "moved later %(n)s times", slips) % {"n": slips}
        date_now = date_text(due.due_on, due.precision, near)
        sentences.append(_("Due %(date)s, %(moved)s.") % {"date": date_now, "moved": moved})
    if count := len(timeline.incidents):
        sentences.append(ngettext("%(n)s incident.", "%(n)s incidents.", count) % {"n": count})
    if forecast:
        sentences.append(
            _("Forecast: %(date)s.") % {"date": date_text(forecast.likely, "day", near)}
        )
    return " ".join(sentences)


def legend(timeline: Timeline, forecast: Forecast | None) -> SafeString:
    """What each line and mark of the picture means, those that are in it; a list."""
    items = list(_legend(timeline, forecast))
    swatch = '<svg class="progress-chart swatch" viewBox="0 0 26 12" aria-hidden="true">{}</svg>'
    rows = format_html_join("", "<li>" + swatch + "<span>{}</span></li>", items)
    return format_html('<ul class="legend">{}</ul>', rows)


def _legend(timeline: Timeline, forecast: Forecast | None) -> Iterator[tuple[SafeString, str]]:
    if timeline.points:
        yield path("actual", "M1 6H25"), _("Complete")
    if any(new.week - old.week > WEEK for old, new in pairwise(timeline.points)):
        yield path("gap", "M1 6H25"), _("Weeks without a percent")
    if plan := timeline.plan:
        first = timeline.due_dates[0]
        meant = date_text(plan.end, first.precision, timeline.today)
        text = _("Plan: a straight line from the first percent to the first due date, %(date)s")
        yield path("plan", "M1 6H25"), text % {"date": meant}
    if forecast:
        yield path("forecast", "M1 6H25"), _("Forecast and its range")
    if timeline.due_dates:
        text = _("Due date of “%(milestone)s”, a step for each move")
        yield path("due", "M1 2H13V10H25"), text % {"milestone": timeline.milestone}
    if timeline.incidents:
        yield path("incident", "M8 11L13 2L18 11Z"), _("Incident")


_SHIFT: Final[dict[Anchor, float]] = {"start": 7.0, "middle": 0.0, "end": -7.0}


class _Drawing:
    def __init__(self, timeline: Timeline, forecast: Forecast | None, size: Size) -> None:
        self.timeline, self.forecast, self.size = timeline, forecast, size
        self.axis = _axis(timeline, forecast, size)
        self.foot = _TOP + size.plot
        self.row = _ROW * min(_ROWS / max(len(timeline.due_dates), 1), 1)
        self.stairs = self.foot + _AXIS + _ROW / 2  # the first step of the staircase
        steps = len(timeline.due_dates)
        self.height = self.foot + _AXIS + (max(steps - 1, 0) * self.row + _ROW if steps else 0)

    def svg(self, name: str) -> SafeString:
        box, key = f"0 0 {self.size.width} {at(self.height)}", f"progress-{self.size.name}"
        shapes = together(
            *(self.grid(), self.guide(), self.present(), self.times(), self.plan()),
            *(self.range(), self.course(), self.incidents(), self.staircase()),
        )
        return format_html(
            '<svg class="progress-chart for-{size}" viewBox="{box}" role="img" font-size="{text}"'
            ' font-family="sans-serif" aria-labelledby="{key}-title" aria-describedby="{key}-desc">'
            '<title id="{key}-title">{title}</title><desc id="{key}-desc">{words}</desc>'
            "{shapes}</svg>",
            size=self.size.name,
            box=box,
            text=at(_TEXT),
            key=key,
            title=_("%(project)s: progress over time") % {"project": name},
            words=in_words(self.timeline, self.forecast),
            shapes=shapes,
        )

    def y(self, percent: float) -> float:
        return self.foot - self.size.plot * percent / 100

    def place(self, week: date, percent: object) -> Spot:
        return self.axis.x(self.timeline.day_of(week)), self.y(float(str(percent)))

    def rising(self, start: date, percent: float, end: date) -> Spot:
        """Where the line from there to 100 on ``end`` ends: at the picture's edge if not before."""
        last = self.axis.last
        if end > last:
            share = (last - start) / (end - start)
            return self.axis.right, self.y(percent + (100 - percent) * share)
        return self.axis.x(end), self.y(100)

    def label(self, x: float, y: float, text: str, anchor: str = "middle") -> SafeString:
        return element("text", "label", text, x=at(x), y=at(y), text_anchor=anchor)

    def upright(self, kind: str, x: float, top: float, foot: float) -> SafeString:
        return element("line", kind, x1=at(x), y1=at(top), x2=at(x), y2=at(foot))

    # --- the frame ----------------------------------------------------------------------------

    def grid(self) -> SafeString:
        left, right = at(self.axis.left), at(self.axis.right)
        made = []
        for percent in (0, 25, 50, 75, 100):
            y = self.y(percent)
            made.append(element("line", "grid", x1=left, y1=at(y), x2=right, y2=at(y)))
            if percent % 50 == 0:
                made.append(self.label(self.axis.left - 6, y + 4, f"{percent}%", "end"))
        return together(*made)

    def times(self) -> SafeString:
        days = LabelRow(0, self.size.width, _TEXT)
        years = LabelRow(0, self.size.width, _TEXT)
        made = []
        for tick in ticks(self.axis, _TEXT):
            x = self.axis.x(tick.day)
            made.append(self.upright("grid", x, self.foot, self.foot + 5))
            if anchor := days.place(x, tick.text):
                made.append(self.label(x, self.foot + 17, tick.text, anchor))
            if tick.year and (anchor := years.place(x, tick.year, "middle", "start")):
                made.append(self.label(x, self.foot + 31, tick.year, anchor))
        return together(*made)

    def present(self) -> SafeString:
        """Today and the team's start as lines; above them what they are, and when it is done."""
        above, made = LabelRow(0, self.size.width, _TEXT), []
        today, forecast = self.timeline.today, self.forecast
        if self.axis.holds(today):
            x = self.axis.x(today)
            made.append(self.upright("today", x, _TOP - 4, self.height))
            if anchor := above.place(x, _("today")):
                made.append(self.label(x, _TOP - 9, _("today"), anchor))
        if forecast and self.axis.holds(forecast.likely):
            x = self.axis.x(forecast.likely)
            text = _("forecast %(date)s") % {"date": date_text(forecast.likely, "day", today)}
            if anchor := above.place(x, text):
                made.append(self.label(x, _TOP - 9, text, anchor))
        border = self.timeline.border
        if border and self.axis.first < border and self.axis.holds(border):
            x = self.axis.x(border)
            made.append(self.upright("border", x, _TOP - 4, self.height))
            if anchor := above.place(x, _("team starts")):
                made.append(self.label(x, _TOP - 9, _("team starts"), anchor))
        return together(*made)

    # --- the upper half: percents ---------------------------------------------------------------

    def plan(self) -> SafeString:
        plan = self.timeline.plan
        if plan is None:
            return SafeString("")
        begin = self.axis.x(plan.start), self.y(float(plan.percent))
        end = self.rising(plan.start, float(plan.percent), plan.end)
        return path("plan", through([begin, end]))

    def range(self) -> SafeString:
        """The forecast as a line to its likely end, on the field from its early to its late one."""
        forecast = self.forecast
        if forecast is None:
            return SafeString("")
        start, percent = forecast.start, float(forecast.percent)
        begin = self.axis.x(start), self.y(percent)
        early, likely = (
            self.rising(start, percent, end) for end in (forecast.early, forecast.likely)
        )
        if forecast.late is None:  # at that end of the range it goes on as flat as it is
            late = self.axis.right, self.y(percent)
        else:
            late = self.rising(start, percent, forecast.late)
        is_cut = late[0] == self.axis.right and early[0] < late[0]
        corner = [(self.axis.right, self.y(100))] if is_cut else []
        field = path("range", through([begin, early, *corner, late]) + "Z")
        return field + path("forecast", through([begin, likely]))

    def course(self) -> SafeString:
        """The percents: a line where one week follows the other, dots where weeks are missing."""
        points = self.timeline.points
        if not points:
            return SafeString("")
        runs, gaps = [[points[0]]], []
        for old, new in pairwise(points):
            if new.week - old.week > WEEK:
                gaps.append([self.place(p.week, p.percent) for p in (old, new)])
                runs.append([])
            runs[-1].append(new)
        lines = [[self.place(p.week, p.percent) for p in run] for run in runs]
        shown = [line for line in lines if len(points) <= _DOTS or len(line) == 1]
        dots = [place for line in shown for place in line]
        last = self.place(points[-1].week, points[-1].percent)
        made = [path("gap", "".join(map(through, gaps)))] if gaps else []
        if drawn := [line for line in lines if len(line) > 1]:
            made.append(path("actual", "".join(map(through, drawn))))
        made += [element("circle", "dot", cx=at(x), cy=at(y), r="2") for x, y in dots]
        made.append(element("circle", "dot", cx=at(last[0]), cy=at(last[1]), r="3.6"))
        return together(*made) + self.last_percent(last)

    def last_percent(self, place: Spot) -> SafeString:
        """Left above the last point, where no line is; at the top of the picture right below it."""
        (x, y), text = place, f"{plain(self.timeline.points[-1].percent)}%"
        is_high = y - 8 - _TEXT < _TOP
        sides: tuple[Anchor, ...] = ("start", "end") if is_high else ("end", "start")
        anchor = self.beside(x, text, sides)
        x, y = x + _SHIFT[anchor], y + 16 if is_high else y - 8
        return element("text", "value", text, x=at(x), y=at(y), text_anchor=anchor)

    def beside(self, x: float, text: str, sides: tuple[Anchor, ...]) -> Anchor:
        """On which side of a dot its label has room: of the two, the first if it can be."""
        row = LabelRow(self.axis.left, self.size.width, _TEXT)
        return next((side for side in sides if row.place(x + _SHIFT[side], text, side)), sides[-1])

    def incidents(self) -> SafeString:
        """A triangle on the foot of the picture for each; those that would hide another are one."""
        groups: list[tuple[float, list[Happening]]] = []
        for incident in sorted(self.timeline.incidents, key=lambda incident: incident.day):
            x = self.axis.x(incident.day)
            if groups and x - groups[-1][0] < 9:
                groups[-1][1].append(incident)
            else:
                groups.append((x, [incident]))
        return together(*(self.incident(x, group) for x, group in groups))

    def incident(self, x: float, incidents: list[Happening]) -> SafeString:
        near = self.timeline.today
        lines = (f"{date_text(i.day, 'day', near)} {i.text}".strip() for i in incidents)
        foot = at(self.foot)
        d = f"M{at(x - 5)} {foot}L{at(x)} {at(self.foot - 9)}L{at(x + 5)} {foot}Z"
        return path("incident", d, format_html("<title>{}</title>", "\n".join(lines)))

    # --- the lower half: the due date -------------------------------------------------------------

    def guide(self) -> SafeString:
        """From the due date as it stands up to 100%."""
        due = self.timeline.due
        if due is None or not self.axis.holds(due.due_on):
            return SafeString("")
        return self.upright("due-guide", self.axis.x(due.due_on), self.y(100), self.height - 10)

    def staircase(self) -> SafeString:
        dates = self.timeline.due_dates
        if not dates:
            return SafeString("")
        steps = [
            (self.axis.x(due.due_on), self.stairs + n * self.row) for n, due in enumerate(dates)
        ]
        line = f"M{at(steps[0][0])} {at(steps[0][1])}" + "".join(
            f"V{at(y)}H{at(x)}" for x, y in steps[1:]
        )
        made = [path("due", line)]
        made += [element("circle", "due-dot", cx=at(x), cy=at(y), r="3") for x, y in steps]
        made.append(
            self.label(
                self.axis.left - 6, self.stairs + 4, pgettext("beside a chart", "Due"), "end"
            )
        )
        labelled, end = -_ROW, steps[-1][1]
        for (x, y), due, (before, _y) in zip(steps, dates, [steps[0], *steps], strict=False):
            if y == end or (y - labelled >= _ROW and end - y >= _ROW):
                made.append(self.step(due, x, y, x - before))
                labelled = y
        return together(*made)

    def step(self, due: DueDate, x: float, y: float, moved: float) -> SafeString:
        """A date beside its dot, away from the line that leads there, else above that line.

        One that lies beyond the picture points there.
        """
        text = date_text(due.due_on, due.precision, self.timeline.today)
        if due.due_on > self.axis.last:
            text = f"{text} →"
        elif due.due_on < self.axis.first:
            text = f"← {text}"
        free: Anchor = "end" if moved < 0 else "start"
        anchor = self.beside(x, text, (free, "start" if free == "end" else "end"))
        return self.label(x + _SHIFT[anchor], y + 4 if anchor == free else y - 5, text, anchor)


def _axis(timeline: Timeline, forecast: Forecast | None, size: Size) -> TimeAxis:
    """From the first known day to today, the due dates and the forecast.

    What lies years ahead does not squeeze what is known: at most half of the axis is future, or
    half a year where less than that is known.
    """
    known_days = [timeline.day_of(point.week) for point in timeline.points]
    known_days += [timeline.day_of(due.week) for due in timeline.due_dates]
    known_days += [incident.day for incident in timeline.incidents]
    if timeline.started_on and not timeline.points:
        known_days.append(timeline.started_on)
    now = max([timeline.ended_on or timeline.today, *known_days])
    first = min([now, *known_days])
    dates = [due.due_on for due in timeline.due_dates]
    ahead = [*dates, forecast.likely, forecast.late or forecast.likely] if forecast else dates
    last = max(now, min(max(ahead, default=now), now + max(_AHEAD, now - first)))
    first = max(min([first, *dates]), first - _BACK)
    last = max(last, first + _SHORTEST)
    if (due := timeline.due) and first <= due.due_on <= last:
        # Room for its label to the right of it.
        label = date_text(due.due_on, due.precision, timeline.today)
        width = size.width - _LEFT - _RIGHT
        room = width_of(label, _TEXT) + _SHIFT["start"]
        last = max(last, first + (due.due_on - first) * (width / (width - room)))
    return TimeAxis(first, last, _LEFT, size.width - _RIGHT)
