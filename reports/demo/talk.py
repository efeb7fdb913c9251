"""What is said in the demo team: questions and answers, comments, and verdicts on findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from okrtracker.mail.models import SendState
from projects.checkin import questions
from projects.comments import writing
from projects.comments.mails import HOUR
from projects.models import CommentMail, CommentNotice, Project, Question, User
from projects.workdays import moment
from reports.demo.cast import CastComment, CastQuestion, CastVerdict, Events
from reports.demo.clock import DemoClock
from reports.demo.people import username_of
from reports.demo.traces import Act
from reports.pages import live, verdicts

# Just after the cutoff, when the manager looks through the page.
_REVIEW: Final = 1.01
_A_DAY: Final = timedelta(days=1)


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
    memberships = clock.team.memberships.select_related("user")
    users = {membership.user.username: membership.user for membership in memberships}
    for comment in events.comments:
        author = users[username_of(comment.by)]
        yield clock.at(*comment.at), _commenting(comment, clock, projects[comment.project], author)


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
    judgement = verdicts.EXPLAINED if verdict.note else verdicts.ACCEPTED
    wanted = {"verdict": judgement, "note": verdict.note}

    def act(at: datetime) -> None:
        page = live.current_document(clock.team, week)
        for finding in page.findings if page else ():
            if (finding.project, finding.code) == (verdict.project, verdict.code):
                verdicts.judge(clock.team, week, finding.key, wanted, by=manager, at=at)

    return act


def _commenting(comment: CastComment, clock: DemoClock, project: Project, author: User) -> Act:
    week = clock.week(comment.at[0])

    def act(at: datetime) -> None:
        written = writing.write(project, week, comment.text, by=author, at=at)
        for notice in CommentNotice.objects.filter(comment=written):
            _mark_mailed(notice, clock, at)

    return act


def _mark_mailed(notice: CommentNotice, clock: DemoClock, at: datetime) -> None:
    """As if the mail of the next working morning had told of it, where that has come."""
    day = clock.team.local(at).date() + _A_DAY
    while not clock.calendar.is_working(day):
        day += _A_DAY
    sent_at = moment(day, HOUR, clock.team.zone)
    if not clock.has_come(sent_at):
        return
    notice.mail, _ = CommentMail.objects.get_or_create(
        team=clock.team,
        user_id=notice.user_id,
        day=day,
        defaults={"state": SendState.SENT, "attempts": 1, "sent_at": sent_at},
    )
    notice.taken_at = sent_at
    notice.save(update_fields=["mail", "taken_at"])
