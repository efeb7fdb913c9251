"""What the leads of a team still owe a week: read for all of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from projects.models import Membership, Milestone, Project, Question, Team
from projects.models.deputies import signature
from projects.teams import deputies
from projects.teams.deputies import StandIns
from projects.weeks import WEEK
from reports.schedule import reminders
from reports.weekly.needs import Owed, OwedAnswer, OwedEntry, OwedMilestone


def owed_in(team: Team, week: date) -> dict[int, Owed]:
    """By membership, what that member owes: those who owe nothing are left out.

    What somebody owes who is away, their deputy owes. A fixed number of queries.

    Projects without an entry for the week, as far as the week is not over; questions that nobody
    has answered; milestones that are past their date today.
    """
    is_open = week >= team.this_week()
    entries = _by_lead(reminders.waiting(team, week), week) if is_open else {}
    stand_ins = deputies.today(team)
    answers, milestones = _answers(team, stand_ins), _milestones(team, stand_ins)
    members = Membership.objects.filter(team=team).values_list("pk", "user_id")
    plain = Owed(team_slug=team.slug, year=week.year)
    owed_by = {
        membership: replace(
            plain,
            entries=tuple(entries.get(user, ())),
            answers=tuple(answers.get(user, ())),
            milestones=tuple(milestones.get(user, ())),
        )
        for membership, user in members
    }
    return {membership: owed for membership, owed in owed_by.items() if owed}


def _by_lead(projects: Iterable[Project], week: date) -> dict[int, list[OwedEntry]]:
    owed_by: dict[int, list[OwedEntry]] = defaultdict(list)
    for project in projects:
        last: date | None = project.last_week  # type: ignore[attr-defined]  # annotated by reminders.waiting
        silent = (week - last) // WEEK if last else None
        if (person := reminders.asked_for(project)) is not None:
            owed_by[person.pk].append(OwedEntry(project.pk, project.name, silent))
    return owed_by


def _answers(team: Team, stand_ins: StandIns) -> dict[int, list[OwedAnswer]]:
    projects = Project.objects.filter(team=team).open_on(team.today())
    since = team.starts_on or date.min  # nothing of history is owed
    rows = Question.objects.filter(team=team, project__in=projects, week__gte=since).open()
    owed_by: dict[int, list[OwedAnswer]] = defaultdict(list)
    people = ("asked_by", "asked_on_behalf_of")
    for row in rows.exclude(project__lead=None).select_related("project", *people):
        asked_by = signature(team, row.asked_by, row.asked_on_behalf_of)
        answer = OwedAnswer(row.project_id, row.project.name, row.text, asked_by)
        owed_by[stand_ins.key_of(row.project.lead_id)].append(answer)
    return owed_by


def _milestones(team: Team, stand_ins: StandIns) -> dict[int, list[OwedMilestone]]:
    """Past due, the longest first: neither done nor closed."""
    today = team.today()
    projects = Project.objects.filter(team=team).open_on(today)
    rows = Milestone.objects.filter(team=team, project__in=projects, due_on__lt=today).open()
    owed_by: dict[int, list[OwedMilestone]] = defaultdict(list)
    ordered = rows.exclude(project__lead=None).select_related("project").order_by("due_on", "pk")
    for row in ordered:
        if row.due_on is not None:
            days = (today - row.due_on).days
            milestone = OwedMilestone(
                row.project_id, row.project.name, row.name, row.due_on, row.due_precision, days
            )
            owed_by[stand_ins.key_of(row.project.lead_id)].append(milestone)
    return owed_by
