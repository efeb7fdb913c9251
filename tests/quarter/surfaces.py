"""Screens, exports and the text of digests, as ``tests.reports.surfaces`` reads them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from projects.text.numbers import plain
from tests.conftest import english_client
from tests.quarter.truth import Line
from tests.reports import surfaces
from tests.reports.surfaces import Shown

if TYPE_CHECKING:
    from tests.quarter.running import Running


def shown_of(lines: dict[str, Line]) -> Shown:
    """What is to be seen of these lines."""
    updated = sum(line.is_updated for line in lines.values())
    wanted = updated + sum(line.is_owed for line in lines.values())
    return Shown(
        percents={name: _percent(line) for name, line in lines.items()},
        dues={name: _due(line.due_on, line) for name, line in lines.items() if line.due_on},
        owing={name for name, line in lines.items() if line.is_owed},
        closed={name for name, line in lines.items() if line.closed_on},
        counts=f"{updated} / {wanted}",
    )


def _percent(line: Line) -> str:
    if line.percent is None:
        return ""
    return f"{plain(line.percent)}%" + (" last known" if line.is_carried else "")


def _due(due_on: date, line: Line) -> tuple[str, int, int]:
    return f"{due_on:%b} {due_on.day}", line.slip_days, line.slips


def compare(what: str, observed: Shown, expected: Shown) -> None:
    """A surface may show none of a fact."""
    _compare_some(f"{what}: percents", observed.percents, expected.percents)
    dues = {name: _short(due) for name, due in observed.dues.items()}
    _compare_some(f"{what}: dues", dues, surfaces.dues_shown(observed, expected.dues))
    for fact in ("owing", "closed", "counts"):
        if (seen := getattr(observed, fact)) is not None:
            true = getattr(expected, fact)
            assert seen == true, f"{what}: {fact} is {seen}, not {true}"


def _compare_some[T](what: str, seen: dict[str, T], true: dict[str, T]) -> None:
    assert not seen or seen == true, f"{what} are {seen}, not {true}"


def _short(due: tuple[str, int, int]) -> tuple[str, int, int]:
    month, day = due[0].replace(".", "").split(" ")
    return f"{month[:3]} {day}", due[1], due[2]


def check_digest(words: str, lines: dict[str, Line], what: str) -> None:
    shown = surfaces.digest_in(words)
    assert shown.late == {name for name, line in lines.items() if line.is_late}, what
    compare(what, shown, shown_of(lines))


def check(run: Running) -> None:
    """The screens of the present week."""
    team, week, expected = run.rows.team, run.truth.week, shown_of(run.truth.lines(run.truth.week))
    manager = english_client()
    manager.force_login(run.rows.users["May"])
    everywhere = {
        "weekly page": surfaces.weekly_page(manager, team, week),
        "dashboard": surfaces.dashboard(manager, team),
        "CSV": surfaces.spreadsheet(manager, team, week),
    }
    if not run.papers.papers[week].editions:
        everywhere["publishing"] = surfaces.publishing(manager, team, week)
    for place, pieces in everywhere.items():
        for shown in pieces:
            compare(place, shown, expected)
    if run.hourly:
        check_project_pages(run, expected)


def check_project_pages(run: Running, expected: Shown) -> None:
    manager = english_client()
    manager.force_login(run.rows.users["May"])
    on_page = set(expected.percents)
    for shown in surfaces.project_pages(manager, run.rows.team, on_page):
        shown.owing = None if shown.owing is None else shown.owing & on_page
        compare("project page", shown, expected)
