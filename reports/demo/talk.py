"""What the demo team's manager asks, what is answered, and what he says of findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from projects.checkin import questions
from projects.models import Project, Question, User
from reports.demo.cast import CastQuestion, CastVerdict, Events
from reports.demo.clock import DemoClock
from reports.demo.traces import Act
from reports.pages import live, verdicts

# Just after the cutoff, when the manager looks through the page.
_REVIEW: Final = 1.01


def acts_of_talk(
    events: Events, clock: DemoClock, projects: Mapping[str, Project], manager: User
) -> Iterator[tuple[datetime, Act]]:
    for question in events.questions:
        project = projects[question.project]
        yield clock.at(*question.asked), _asking(question, clock, project, manager)
        if question.answered is not None:
            yield clock.at(*question.answered), _answering(question, project)
    for verdict in events.verdicts:
        yield clock.at(verdict.ago, _REVIEW), _judging(verdict, clock, manager)


def _asking(question: CastQuestion, clock: DemoClock, project: Project, manager: User) -> Act:
    week = clock.week(question.asked[0])
    return lambda at: questions.ask(project, week, question.text, by=manager, at=at)


def _answering(question: CastQuestion, project: Project) -> Act:
    def act(at: datetime) -> None:
        if project.lead is not None:
            asked = Question.objects.get(project=project, text=question.text)
            questions.answer(asked, question.answer, by=project.lead, at=at)

    return act


def _judging(verdict: CastVerdict, clock: DemoClock, manager: User) -> Act:
    week = clock.week(verdict.ago)
    said = verdicts.EXPLAINED if verdict.note else verdicts.ACCEPTED
    wanted = {"verdict": said, "note": verdict.note}

    def act(at: datetime) -> None:
        page = live.current_document(clock.team, week)
        for finding in page.findings if page else ():
            if (finding.project, finding.code) == (verdict.project, verdict.code):
                verdicts.judge(clock.team, week, finding.key, wanted, by=manager, at=at)

    return act
