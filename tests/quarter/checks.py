"""Compares what the product says with what is true, at one moment of a simulated quarter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING

from projects.models import Objective
from reports.dashboard.overview import attention_of
from reports.models import Edition
from reports.pages import editions, live
from reports.pages.navigation import weeks_by_year
from reports.schedule import reminders
from reports.weekly.document import Entry, WeeklyDocument
from tests.quarter import letters, surfaces
from tests.quarter.papers import Issued, Sent
from tests.quarter.post import Letter
from tests.quarter.quarters import SEVEN_DAYS, label
from tests.quarter.truth import Line, Moved

if TYPE_CHECKING:
    from tests.quarter.running import Running


def after_act(run: Running) -> None:
    check_pages(run, run.weeks_so_far()[-2:])


def after_tick(run: Running, expected: Counter[Sent]) -> None:
    opened = run.post.open()
    check_recipients(run, opened, expected)
    for letter in opened:
        letters.check(run, letter)
    check_editions(run)
    check_pages(run, run.weeks_so_far()[-2:])


def screens(run: Running) -> None:
    check_pages(run, run.weeks_so_far())
    check_cycle(run)
    check_waiting(run)
    check_archive(run)
    surfaces.check(run)


# --- the live pages -----------------------------------------------------------------------------


def check_pages(run: Running, weeks: Iterable[date]) -> None:
    """What each week's page would say now."""
    team = run.rows.refreshed()
    pages = live.current_pages(team, weeks)
    for week, page in pages.items():
        check_document(run, page.document, run.truth.lines(week), f"page of {week}")
        assert page.document.label == label(week, run.truth.numbering)
        counts = page.document.updated, page.document.expected
        assert counts == run.truth.counts(week), f"counts of {week}: {counts}"
        owing = {entry.project for entry in attention_of(page.document).silent}
        assert owing == run.truth.owing(week), f"attention of {week}: {owing}"


def check_document(
    run: Running, document: WeeklyDocument, lines: dict[str, Line], what: str
) -> None:
    printed = {entry.project: line_of(entry) for entry in document.entries}
    assert printed.keys() == lines.keys(), f"{what}: shows {set(printed)}, not {set(lines)}"
    for name, line in lines.items():
        differences = [
            f"{field.name} is {getattr(printed[name], field.name)!r}, not {value!r}"
            for field in fields(line)
            if (value := getattr(line, field.name)) != getattr(printed[name], field.name)
        ]
        assert not differences, f"{what}: {name}: {'; '.join(differences)}"


def line_of(entry: Entry) -> Line:
    fell = entry.change is not None and entry.change < 0
    return Line(
        project=entry.name,
        lead=entry.lead,
        words=entry.text if entry.is_updated else entry.last_text,
        is_updated=entry.is_updated,
        is_owed=entry.is_owed,
        health=entry.health,
        percent=entry.percent,
        is_carried=entry.is_carried,
        change=entry.change,
        weeks_silent=entry.weeks_silent,
        due_on=entry.due_on,
        slips=entry.slips,
        slip_days=entry.slip_days,
        moves=tuple(
            Moved(move.milestone, move.old, move.new, move.number, move.reason)
            for move in entry.moves
        ),
        steps=tuple(
            (step.name, None if step.percent is None else int(step.percent), step.due_on)
            for step in entry.milestones
        ),
        closed_on=entry.closed_on,
        close_reason=entry.close_reason,
        reason=entry.drop_reason if fell else "",
        is_late=entry.is_late,
    )


def check_cycle(run: Running) -> None:
    """The week's page has the objectives of its own cycle alone; projects stand under theirs."""
    week = run.truth.week
    document = live.current_document(run.rows.team, week)
    assert document is not None
    shown = {section.objective_id for section in document.sections if section.objective_id}
    names = Objective.objects.filter(pk__in=shown).values_list("cycle__name", flat=True)
    cycle = run.truth.cycle_of(week)
    assert set(names) == {cycle}, f"page of {week} is of {set(names)}, not {cycle}"
    codes = {entry.project: entry.objective_code for entry in document.entries}
    expected = {name: run.objectives.get(name, "") for name in codes}
    assert codes == expected, f"objectives in {week}: {codes}"


def check_waiting(run: Running) -> None:
    team, week = run.rows.team, run.truth.week
    names = {project.name for project in reminders.waiting(team, week)}
    assert names == run.truth.owing(week), f"waiting for {names}"


def check_archive(run: Running) -> None:
    """Of each week its latest edition, and whether it waits for one, or why it has none."""
    rows = {row.week: row for _, of_year in weeks_by_year(run.rows.team) for row in of_year}
    waiting, present = run.papers.waiting(), run.truth.week
    for week in run.weeks_so_far():
        paper = run.papers.papers[week]
        expected = (
            label(week, run.truth.numbering),
            len(paper.editions),
            week in waiting,
            run.truth.left_out.get(week, ""),
        )
        row = rows[week]
        shown = row.label, row.edition, row.is_waiting, row.left_out_reason
        assert shown == expected, f"archive of {week} in {present}: {shown}, not {expected}"


# --- editions -----------------------------------------------------------------------------------


def check_editions(run: Running) -> None:
    """Each new edition says what was true when it was made, and lists what a reader sees changed.

    The schedule may make one more for a finding that came with a day: that is not in the truth.
    """
    rows = Edition.objects.filter(team=run.rows.team).exclude(pk__in=run.checked)
    for row in rows.select_related("page__team").order_by("pk"):
        week = row.page.week
        issued = run.papers.papers[week].editions
        assert row.number <= len(issued), f"edition {row.number} of {week} was not expected"
        check_edition(run, row, issued[row.number - 1], issued[: row.number - 1])
        run.checked.add(row.pk)
    expected = sum(len(paper.editions) for paper in run.papers.papers.values())
    assert len(run.checked) == expected, f"{expected} editions were to be made"


def check_edition(run: Running, row: Edition, issued: Issued, before: list[Issued]) -> None:
    what = f"edition {row.number} of {row.page.week}"
    document = editions.document_of(row)
    check_document(run, document, issued.lines, what)
    assert document.label == issued.words[1], what
    imprint = editions.imprint_of(row)
    talk = ("question", "answer")  # told beside the changes of the page
    names = {c.name for c in imprint.changes if c.part == "entry" and c.field not in talk}
    expected = run.papers.changed_since(before[-1], issued) - {"page"} if before else set()
    assert names == expected, f"{what} says that {names} changed, not {expected}"
    # An objective's change since last week goes with its cycle, and is told so.
    details = [c for c in imprint.changes if c.field == "details" and c.part != "section"]
    assert not details, f"{what} cannot say what changed: {details}"


# --- who got what -------------------------------------------------------------------------------


def check_recipients(run: Running, opened: list[Letter], expected: Counter[Sent]) -> None:
    """Nobody gets a mail twice, none too many, none too few."""
    got = Counter((letter.kind, letters.week_of_label(run, letter), letter.to) for letter in opened)
    missing, surplus = expected - got, got - expected
    # A finding that nobody has explained makes a manager look at the page: findings are not here.
    surplus = Counter({sent: n for sent, n in surplus.items() if sent[0] != "review"})
    assert not missing, f"not sent: {sorted(missing)}"
    assert not surplus, f"sent: {sorted(surplus)}"


def at_the_end(run: Running) -> None:
    numbers = Counter((letter.message_id, letter.to) for letter in run.post.opened)
    assert all(count == 1 for count in numbers.values())
    assert run.truth.week in (run.weeks[-1], run.weeks[-1] + SEVEN_DAYS)
    letters.check_links(run)
