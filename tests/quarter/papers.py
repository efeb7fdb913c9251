"""What is to be published, mailed and asked at an hour, as the truth has it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from tests.quarter.quarters import HOUR, SEVEN_DAYS, label
from tests.quarter.truth import Line, Truth, changed

MOST_ASKED: Final = 2  # times a week that somebody is asked to report
LAST_ANNOUNCED: Final = 2 * SEVEN_DAYS  # before a cycle ends

type Sent = tuple[str, date, str]  # kind, week, to


@dataclass
class Issued:
    """An edition."""

    number: int
    lines: dict[str, Line]
    words: tuple[str, str]  # the manager's own, and the label of the week
    at: datetime
    is_final: bool = False


@dataclass
class Paper:
    """A week's page."""

    editions: list[Issued] = field(default_factory=list)
    mail_due: datetime | None = None  # of a mail that has not gone out
    mailed: list[int] = field(default_factory=list)  # the editions that went out
    is_closed: bool = False
    own_words: str = ""


@dataclass
class Papers:
    truth: Truth
    papers: defaultdict[date, Paper] = field(default_factory=lambda: defaultdict(Paper))
    asked: defaultdict[tuple[date, str], list[datetime]] = field(
        default_factory=lambda: defaultdict(list)
    )
    requested: set[str] = field(default_factory=set)  # whom the manager has asked just now
    notices: set[Sent] = field(default_factory=set)  # what managers are told, once a week
    _told_before: set[Sent] = field(default_factory=set)
    _joined: set[date] = field(default_factory=set)

    # --- publishing -----------------------------------------------------------------------------

    def says(self, week: date) -> tuple[dict[str, Line], tuple[str, str]]:
        """The page as it would be published now."""
        words = self.papers[week].own_words, label(week, self.truth.numbering)
        return self.truth.lines(week), words

    def issue(self, week: date, *, is_final: bool = False, mails: bool | None = None) -> Issued:
        """Publish, and have it mailed where that is usual or wanted."""
        paper, now = self.papers[week], self.truth.now
        lines, words = self.says(week)
        issued = Issued(len(paper.editions) + 1, lines, words, now, is_final)
        is_usual = not paper.editions and week >= self.truth.week - SEVEN_DAYS
        paper.editions.append(issued)
        self.truth.left_out.pop(week, None)
        if paper.mail_due is None and (is_usual if mails is None else mails):
            digest = self._digest_of(week)
            is_first = len(paper.editions) == 1 and week >= self.truth.week - SEVEN_DAYS
            paper.mail_due = max(now, digest) if is_first and digest else now
        return issued

    def behind(self, week: date) -> set[str]:
        """The projects, or ``page``, that the latest edition does not show as they are."""
        lines, words = self.says(week)
        return self.changed_since(
            self.papers[week].editions[-1], Issued(0, lines, words, self.truth.now)
        )

    @staticmethod
    def changed_since(old: Issued, new: Issued) -> set[str]:
        return changed(old.lines, new.lines) | ({"page"} if new.words != old.words else set())

    def may_follow(self, week: date) -> bool:
        """Whether what moved since the latest edition has to do with its mail."""
        paper = self.papers[week]
        latest = paper.editions[-1]
        return paper.mail_due is not None and paper.mail_due > latest.at and not latest.is_final

    def waiting(self) -> list[date]:
        """Weeks that were closed and never published."""
        return sorted(
            week
            for week, paper in self.papers.items()
            if paper.is_closed and not paper.editions and week not in self.truth.left_out
        )

    # --- an hour --------------------------------------------------------------------------------

    def expect(self) -> Counter[Sent]:
        """Everything that is to be sent now; the editions that the schedule makes are issued."""
        week, now, quarter = self.truth.week, self.truth.now, self.truth.quarter
        sent: Counter[Sent] = Counter()
        names = set(self.requested)
        if now in quarter.mornings(week):
            names |= {name for name in self._owing_people(week) if self._may_be_asked(week, name)}
        if now == quarter.cutoff(week):
            self.papers[week].is_closed = True
            self._close(week)
        if now == quarter.digest(week):
            self._publish(week)
        self._join_idle_weeks()
        sent += Counter(self._managers_told())
        for of in list(self.papers):
            sent += self._mail(of)
        cutoff = quarter.cutoff(week)
        for name in names:
            by_schedule = name not in self.requested
            if self.owed_by(name, week) and not (by_schedule and cutoff and cutoff <= now):
                self.asked[week, name].append(now)
                sent["check_in", week, self.truth.people[name].address] += 1
        self.requested = set()
        return sent

    def request(self, week: date) -> None:
        """The manager asks everybody who owes."""
        people = self._owing_people(week)
        self.requested |= {name for name in people if self._may_be_asked(week, name)}

    def owed_by(self, name: str, week: date) -> set[str]:
        """The projects that this person is asked for today."""
        return self._owing_people(week).get(name, set())

    def _owing_people(self, week: date) -> dict[str, set[str]]:
        people: defaultdict[str, set[str]] = defaultdict(set)
        for project in self.truth.owing(week):
            lead = self.truth.works[project].lead_on(self.truth.today)
            person = self.truth.acting_for(lead)
            if self.truth.is_reachable(person):
                people[person].add(project)
        return dict(people)

    def _may_be_asked(self, week: date, name: str) -> bool:
        before = self.asked[week, name]
        if name in self.requested or (before and self.truth.now - before[-1] < HOUR):
            return False
        return len(before) < MOST_ASKED

    def _says_something(self, week: date) -> bool:
        lines, (words, _) = self.says(week)
        is_said = any(line.is_updated or line.moves for line in lines.values())
        return bool(words) or is_said or any((week, name) in self.truth.talk for name in lines)

    def _close(self, week: date) -> None:
        if self.papers[week].editions:
            self._tell_of_changes(week)
        elif self.truth.owing(week) and self._says_something(week):
            self._tell("review", week)
        ends = max(end for _, _, end in self.truth.cycles)
        announced, last = ends - LAST_ANNOUNCED, ends
        if week in (monday(announced), monday(last)) and self.truth.today >= announced:
            self._tell("cycle", week)

    def _tell_of_changes(self, week: date) -> None:
        if self.may_follow(week) and self.behind(week):
            self._tell("changed", week)

    def _publish(self, week: date) -> None:
        if self.papers[week].editions:
            self._follow(week)
        elif not self._says_something(week):
            self.papers[week].is_closed = False  # there is nothing to wait for
        elif self.truth.publishes_itself:
            self.issue(week)
        else:
            self._tell("publish", week)
            if [earlier for earlier in self.waiting() if earlier < week]:
                self._tell("backlog", week)

    def _follow(self, week: date) -> None:
        """What moved since it was published goes along, or its manager decides."""
        if not self.truth.publishes_itself:
            self._tell_of_changes(week)
        elif self.may_follow(week) and self.behind(week):
            self.issue(week)

    def _digest_of(self, week: date) -> datetime | None:
        """Of a week without a working day that of the next one, where they are merged."""
        digest = self.truth.quarter.digest(week)
        if digest is None and self.truth.merges_idle:
            return self.truth.quarter.digest(week + SEVEN_DAYS)
        return digest

    def _join_idle_weeks(self) -> None:
        """A week without a working day is published with the next one, and not mailed."""
        week = self.truth.week
        for idle in (week - SEVEN_DAYS, week - 2 * SEVEN_DAYS):
            is_published = bool(self.papers[idle + SEVEN_DAYS].editions)
            if self.truth.quarter.cutoff(idle) or not (self.truth.merges_idle and is_published):
                continue
            if idle in self._joined:
                continue
            self._joined.add(idle)
            if self.papers[idle].editions:
                self._follow(idle)
            elif self._says_something(idle):
                self.issue(idle, mails=False)

    def _tell(self, kind: str, week: date) -> None:
        for name in self.truth.managers():
            self.notices.add((kind, week, self.truth.people[name].address))

    def _managers_told(self) -> set[Sent]:
        new = {sent for sent in self.notices if sent not in self._told_before}
        self._told_before |= new
        return new

    def _mail(self, week: date) -> Counter[Sent]:
        """The mail of that week's page, to whoever reads it at this moment."""
        paper = self.papers[week]
        if paper.mail_due is None or paper.mail_due > self.truth.now:
            return Counter()
        if self.may_follow(week) and self.behind(week):
            if not self.truth.publishes_itself:
                return Counter()
            self.issue(week)
        kind = "correction" if paper.mailed else "digest"
        paper.mail_due = None
        paper.mailed.append(paper.editions[-1].number)
        return Counter((kind, week, address) for address in self.truth.readers())


def monday(day: date) -> date:
    return day - (day.weekday() * (SEVEN_DAYS / 7))
