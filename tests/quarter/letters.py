"""What each mail says, against what is true at that moment."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from tests.conftest import english_client
from tests.quarter import surfaces
from tests.quarter.post import Letter, monday_in, weeks_named
from tests.quarter.quarters import SEVEN_DAYS, label

if TYPE_CHECKING:
    from tests.quarter.running import Running


def week_of_label(run: Running, letter: Letter) -> date:
    """The week that a mail is about; the present one where it names none."""
    if not letter.label:
        return run.truth.week
    near = [run.truth.week - n * SEVEN_DAYS for n in range(40)]
    weeks = [week for week in near if label(week, run.truth.numbering) == letter.label]
    assert weeks, f"{letter.subject!r} names a week that is none of the past"
    return weeks[0]


def check(run: Running, letter: Letter) -> None:
    week = week_of_label(run, letter)
    for name in weeks_named(letter.links):
        assert monday_in(name) is not None, f"{letter.subject!r} leads to {name}, not to a Monday"
    reader = next(p.name for p in run.truth.people.values() if p.address == letter.to)
    if letter.kind in ("digest", "correction"):
        _check_digest(run, letter, week)
    elif letter.kind == "check_in":
        owed = run.papers.owed_by(reader, week)
        assert letter.named_after("- ") == owed, f"{reader} is asked for {letter.body}"
        assert f"{len(owed)} project" in letter.subject
    elif letter.kind in ("review", "publish"):
        silent = letter.body.partition("Not updated ·")[2]
        names = set(re.findall(r"^- (\w+) ·", silent, re.MULTILINE))
        assert names == run.truth.owing(week), f"{letter.subject}: {names}"
    elif letter.kind == "changed":
        _check_changed(run, letter, week)
    elif letter.kind == "backlog":
        labels = re.findall(r"^- (\S+) http", letter.body, re.MULTILINE)
        waiting = [label(week, run.truth.numbering) for week in run.papers.waiting()]
        assert labels == waiting, f"{letter.subject}: {labels}"


def _check_changed(run: Running, letter: Letter, week: date) -> None:
    changed = run.papers.behind(week) - {"page"}
    lines = re.findall(r"^- (.*)", letter.body, re.MULTILINE)
    for name in changed:
        assert any(name in line for line in lines), f"{letter.subject} does not name {name}"
    named = {name for name in run.truth.works for line in lines if line.startswith(f"{name}:")}
    assert named >= changed, f"{letter.subject}: {lines}"


def _check_digest(run: Running, letter: Letter, week: date) -> None:
    paper = run.papers.papers[week]
    issued = paper.editions[-1]
    surfaces.check_digest(letter.body, issued.lines, f"mail {letter.subject!r}")
    assert issued.words[1] in letter.subject
    body = re.sub(r"\s+", " ", letter.body)
    for name, line in issued.lines.items():
        if line.is_updated:
            assert line.words in body, (
                f"mail of {week} to {letter.to} lacks {line.words!r} ({name})"
            )
    # What an edition before said stands there only as what it was.
    body = re.sub(r"Changed since the edition before .*?(?= \[Alpha\]| Progress )", "", body)
    for work in run.truth.works.values():
        stale = {s.words for s in [*work.saved.values(), *work.overwritten]}
        stale -= {line.words for line in issued.lines.values()}
        stale = {words for words in stale if f"{words} " in f"{body} "}
        assert not stale, f"mail of {week} to {letter.to} still says {stale}"


def check_links(run: Running) -> None:
    """What the mails led to is there, in whatever way weeks are numbered by now."""
    client = english_client()
    client.force_login(run.rows.users["May"])
    links = {link for letter in run.post.opened for link in letter.links if "/weeks/" in link}
    for link in sorted(links)[-8:]:
        (week,) = weeks_named([link])
        answer = client.get(link.partition("#")[0], follow=True)
        assert answer.status_code == 200, f"{link} answers {answer.status_code}"
        written = label(date.fromisoformat(week), run.truth.numbering)
        assert answer.redirect_chain[-1][0].count(written), (
            f"{link} leads to {answer.redirect_chain}"
        )
