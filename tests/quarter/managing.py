"""What is decided of the team itself: settings, deputies, accounts, projects, cycles."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from projects.models import Cycle, Deputy, Objective, Project, User
from projects.objectives import carryover
from projects.objectives.carryover import Choice
from projects.objectives.cycles import Period
from projects.portfolio import lifecycle
from projects.portfolio.lifecycle import NewProject
from projects.teams import deputies, setup
from projects.teams.setup import Settings
from reports.pages import backlog, catching_up, editions
from tests.quarter import team as founding
from tests.quarter.acts import manager
from tests.quarter.quarters import DAY
from tests.quarter.truth import Absence, Ending

if TYPE_CHECKING:
    from tests.quarter.running import Running


def set_up(run: Running, **wanted: Any) -> None:
    """Change settings of the team."""
    now = run.rows.refreshed()
    standing = Settings(**{field.name: getattr(now, field.name) for field in fields(Settings)})
    user = run.rows.managing(manager(run))
    setup.change_team(now, replace(standing, **wanted), by=user)
    run.rows.refreshed()
    run.note(f"the team is set to {wanted}")


def wait_for_manager(run: Running, *, waits: bool) -> None:
    set_up(run, publishes_itself=not waits)
    run.truth.publishes_itself = not waits


def merge_idle_weeks(run: Running) -> None:
    set_up(run, idle_week="merge")
    run.truth.merges_idle = True


def renumber(run: Running) -> None:
    numbering = "calendar" if run.truth.numbering == "iso" else "iso"
    set_up(run, week_numbering=numbering)
    run.truth.numbering = numbering


def name_deputy(run: Running, person: str, deputy: str, first: date, last: date) -> None:
    try:
        deputies.name_deputy(
            run.rows.membership(person),
            run.rows.membership(deputy),
            first,
            last,
            by=run.rows.managing(manager(run)),
        )
    except deputies.CannotName as refused:
        run.note(f"{deputy} cannot stand in for {person}: {refused}")
        return
    run.truth.absences.append(Absence(person, deputy, first, last))
    run.note(f"{deputy} stands in for {person} from {first} to {last}")


def end_deputy(run: Running, person: str) -> None:
    user = run.rows.managing(manager(run))
    for row in Deputy.objects.to_come(run.rows.team).filter(person__user__name=person):
        deputies.end(row, by=user)
    truth = run.truth
    truth.absences = [
        away for away in truth.absences if away.person != person or away.last < truth.today
    ]
    run.note(f"{person} is back")


def deactivate(run: Running, person: str) -> None:
    User.objects.filter(name=person).update(is_active=False)
    run.truth.people[person].is_active = False
    run.note(f"the account of {person} is closed")


def hand_over(run: Running, person: str, to: str) -> None:
    rows, today = run.rows, run.truth.today
    user = rows.managing(manager(run))
    lifecycle.hand_projects_over(rows.team, rows.users[person], rows.users[to], by=user)
    for work in run.truth.works.values():
        if work.lead_on(today) == person and work.closed_on(today) is None:
            work.led.append((today, to))
    run.note(f"{to} takes over what {person} led")


def close(run: Running, name: str) -> None:
    if run.truth.works[name].closed_on(run.truth.today):
        return
    words = f"handed over {next(run.words)}"
    lifecycle.close_project(run.rows.project(name), words, by=run.rows.managing(manager(run)))
    run.truth.works[name].endings.append(Ending(run.truth.today, words))
    run.note(f"{name} is closed")


def reopen(run: Running, name: str) -> None:
    ending = run.truth.works[name].closed_on(run.truth.today)
    if ending is None:
        return
    words, user = f"second phase {next(run.words)}", run.rows.managing(manager(run))
    lifecycle.reopen_project(run.rows.project(name), words, by=user)
    ending.until = run.truth.today
    run.note(f"{name} is taken up again")


def begin_project(run: Running, name: str, lead: str) -> None:
    if name in run.truth.works:
        return
    cycle, *_days = run.truth.cycles[-1]
    objective = Objective.objects.get(team=run.rows.team, cycle__name=cycle, code="O1")
    wanted = [NewProject(name, objective, run.rows.users[lead])]
    founding.start_work(run.truth, run.rows, wanted, run.truth.today)
    run.objectives[name] = "O1"
    run.note(f"{name} begins")


def begin_cycle(run: Running) -> None:
    """The next cycle, with everything that is open carried over."""
    old = Cycle.objects.get(team=run.rows.team, name="C1")
    period = Period("C2", old.ends_on + DAY, old.ends_on + timedelta(days=120))
    choice = Choice(
        frozenset(Objective.objects.filter(cycle=old).values_list("pk", flat=True)),
        frozenset(Project.objects.filter(team=run.rows.team).values_list("pk", flat=True)),
    )
    user = run.rows.managing(manager(run))
    carryover.begin_cycle(run.rows.team, period, old, choice, by=user)
    run.truth.cycles.append((period.name, period.starts_on, period.ends_on))
    first = run.quarter.first_week_after(old.ends_on)
    for name, work in run.truth.works.items():
        ending = work.closed_on(run.truth.today)
        if ending is not None and ending.on < first:
            run.objectives[name] = ""  # of a cycle that is over, as long as nobody moves it
    run.note("the next cycle is made")


def leave_out(run: Running, week: date) -> None:
    if week not in run.papers.waiting():
        return
    reason = f"nobody was there {next(run.words)}"
    backlog.leave_out(run.rows.team, week, reason, by=run.rows.managing(manager(run)))
    run.truth.left_out[week] = reason
    run.note(f"{week} is left out")


def declare_final(run: Running, week: date) -> None:
    edition = editions.latest(run.rows.team, week)
    paper, now = run.papers.papers[week], run.truth.now
    if edition is None:
        return
    latest = paper.editions[-1]
    may = paper.mail_due is not None and paper.mail_due > latest.at and not latest.is_final
    user = run.rows.managing(manager(run))
    is_changed = catching_up.set_final(edition, is_final=True, by=user)
    assert is_changed == may, f"final: {is_changed} at {now}"
    latest.is_final = latest.is_final or may
    run.note(f"edition {latest.number} of {week} is declared final")
