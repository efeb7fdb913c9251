"""What each screen, mail and export shows of a team's projects, read from what it renders."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bs4 import Tag
from django.core import mail
from django.test import Client

from projects.models import Membership, Project, Team, User
from reports.schedule import reminder_dispatch, reminders
from tests.factories import WEEK
from tests.html import element, elements, text, texts

_HEALTHS: Final = ("on track", "at risk", "off track", "done", "paused")
_PERCENT: Final = re.compile(r"([\d.]+)%")
_TIME_GONE: Final = re.compile(r"time gone (\d+)%")


@dataclass
class Shown:
    """What one screen, mail or export says of the projects, by their names."""

    percents: dict[str, str] = field(default_factory=dict)  # "40%", "40% last known", ""
    dues: dict[str, tuple[str, int, int]] = field(default_factory=dict)  # day, days late, moves
    moving: set[str] = field(default_factory=set)  # it tells this week's move, not how many
    owing: set[str] | None = None
    closed: set[str] | None = None
    counts: str | None = None  # "1 / 2"
    objectives: dict[str, str] = field(default_factory=dict)  # by code: "86% ↑1", "86%", "–"
    time_gone: dict[str, str] = field(default_factory=dict)  # "85", where any is shown
    listed: int | None = None  # how many projects it says that there are
    late: set[str] = field(default_factory=set)  # marked as updated after the cutoff


def dues_shown(
    page: Shown, dues: dict[str, tuple[str, int, int]]
) -> dict[str, tuple[str, int, int]]:
    """Of these dates, with what it tells: without the number of moves where it tells the last."""
    return {name: (*due[:2], 0) if name in page.moving else due for name, due in dues.items()}


def percent_in(words: str) -> str:
    """The first percent in the words, with its mark."""
    match = _PERCENT.search(_TIME_GONE.sub("", words))
    if not match:
        return ""
    return f"{match[1]}% last known" if "last known" in words else f"{match[1]}%"


def due_in(words: str) -> tuple[str, int, int]:
    """The last day named, the days that it slipped, and how often."""
    days = re.findall(r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)\.? \d+", words)
    late, moves = re.search(r"(\d+) days? late", words), re.search(r"(\d+) moves?", words)
    return days[-1], int(late[1]) if late else 0, int(moves[1]) if moves else 0


def gone_in(words: str) -> str:
    """The share of time in the words that stand beside a percent."""
    match = _TIME_GONE.search(" ".join(words.split()))  # some spaces do not break
    return match[1] if match else ""


def measured(page: Tag) -> str:
    """An objective's progress and its change, as the first of its measures shows them."""
    first = page.select_one(".measure")
    assert first is not None
    changes = [change for change in texts(first, ".row > .change") if change != "—"]
    return " ".join([text(first, ".big"), *changes])


def dashboard(client: Client, team: Team) -> Iterator[Shown]:
    page = client.get(f"/t/{team.slug}/").content.decode()
    shown = Shown(counts=_counts(text(page, "#dashboard_progress")))
    for row in elements(page, "#projects_table tbody tr:not(.group)"):
        name = text(row, "a[href*='/projects/']:not(.ask-open)")
        shown.percents[name] = percent_in(" ".join(texts(row, ".col-percent")))
        shown.time_gone[name] = gone_in(row.get_text(" "))
        for cell in elements(row, ".col-due_on"):
            present = copy(cell)  # the page is read for other things as well
            in_all = 0
            for moved in present.select(".moved"):
                total = re.search(r"(\d+) in all", moved.get_text(" "))
                in_all = int(total[1]) if total else 0
                shown.moving.add(name)
                moved.decompose()
            if present.get_text(strip=True) != "–":
                day, late, moves = due_in(present.get_text(" "))
                shown.dues[name] = (day, late or in_all, moves)
    for card in elements(page, "article.objective"):
        code, *_name = text(card, "h3").split(" ")
        shown.objectives[code] = measured(card)
    footer = re.search(r"(\d+) projects?", " ".join(texts(page, "#projects_table .under [role]")))
    shown.listed = int(footer[1]) if footer else 0
    assert shown.listed == len(shown.percents)
    yield shown
    stale = client.get(f"/t/{team.slug}/?stale=1").content.decode()
    rows = elements(stale, "#projects_table tbody tr:not(.group)")
    yield Shown(owing={text(row, "a[href*='/projects/']:not(.ask-open)") for row in rows})
    yield Shown(owing=set(texts(page, "#todo-silent .subject")))


def _counts(words: str) -> str:
    """``1 / 2``; where nobody owes or has reported anything, there is no such line."""
    match = re.search(r"(\d+) / (\d+)", words)
    return match[0] if match else "0 / 0"


def objective_pages(client: Client, team: Team) -> Iterator[Shown]:
    """The list of objectives and the page of each; they agree on the objective's projects, too."""
    listed, alone = Shown(), Shown()
    address = f"/t/{team.slug}/objectives/"
    for card in elements(client.get(address).content.decode(), "article.objective-state"):
        link = card.select_one("h2 a")
        assert link is not None
        code, *_name = link.get_text().split(" ")
        page = client.get(str(link["href"])).content.decode()
        assert texts(page, "td.name a") == texts(card, ".under a")
        listed.objectives[code] = measured(card)
        alone.objectives[code] = measured(element(page, "main"))
    yield from (listed, alone)


def publishing(client: Client, team: Team, week: date = WEEK) -> Iterator[Shown]:
    page = client.get(f"/t/{team.slug}/weeks/{team.week_label(week)}/publish/").content.decode()
    silent = elements(page, "h3:-soup-contains('Not updated') + ul li > a")
    yield Shown(owing={link.get_text(strip=True) for link in silent}, counts=_counts(text(page)))


def checkin(client: Client, team: Team) -> Iterator[Shown]:
    page = client.get(f"/t/{team.slug}/checkin/").content.decode()
    cards = elements(page, "article.checkin-card")
    if not cards:
        yield Shown(owing=set(), counts="0 / 0")
        return
    shown = Shown(counts=_counts(text(page, "#checkin_progress")))
    shown.owing = {_of_card(card) for card in cards if card.has_attr("data-waiting")}
    for card in elements(page, ".checkin-row.done"):
        shown.percents[_of_card(card)] = percent_in(text(card, ".facts"))
    yield shown


def _of_card(card: Tag) -> str:
    return text(card, "h2 a")


def project_pages(client: Client, team: Team, on_page: set[str]) -> Iterator[Shown]:
    """Of those on the week's page the percent and the date; of all, whether they owe or closed."""
    shown = Shown(owing=set(), closed=set())
    listed = client.get(f"/t/{team.slug}/projects/").content.decode()
    for project in Project.objects.filter(team=team):
        page = client.get(f"/t/{team.slug}/projects/{project.pk}/").content.decode()
        head = element(page, ".project-head")
        row = element(listed, f"tr:has(a[href$='/projects/{project.pk}/'])")
        on_page_itself = percent_in(" ".join(texts(head, ".percent")))
        assert percent_in(text(row, ".col-percent")) == on_page_itself
        is_closed = "closed" in text(head, ".head")
        assert ("closed" in text(row, ".col-health")) is is_closed
        if not is_closed:
            assert _health_in(text(row, ".col-health")) == _health_in(text(head, ".head"))
        if project.name in on_page:
            shown.percents[project.name] = on_page_itself
            shown.time_gone[project.name] = gone_in(text(head, ".head"))
            for due in elements(head, "dt:-soup-contains('Due') + dd"):
                shown.dues[project.name] = due_in(due.get_text(" "))
        if "Not updated yet" in head.get_text():
            assert shown.owing is not None
            shown.owing.add(project.name)
        if is_closed and project.name in on_page:
            assert shown.closed is not None
            shown.closed.add(project.name)
    yield shown


def _health_in(words: str) -> str:
    return next((health for health in _HEALTHS if health in words), "")


def weekly_page(client: Client, team: Team, week: date = WEEK) -> Iterator[Shown]:
    label = team.week_label(week)
    page = client.get(f"/t/{team.slug}/weeks/{label}/draft/").content.decode()
    shown = Shown(owing=set(), closed=set(), counts=_counts(" ".join(texts(page, ".week-line"))))
    for article in elements(page, "article.entry"):
        name, header = text(article, "h3"), element(article, "header")
        shown.percents[name] = percent_in(header.get_text(" "))
        for when in elements(article, ".when"):
            shown.time_gone[name] = gone_in(when.get_text(" "))
            if re.search(r"[A-Z][a-z]+\.? \d", when.get_text(" ")):
                shown.dues[name] = due_in(when.get_text(" "))
        _note(shown, name, article.get_text(" "))
    yield shown


def digest(client: Client, team: Team, lead: Membership) -> Iterator[Shown]:
    label = team.week_label(WEEK)
    address = f"/t/{team.slug}/weeks/{label}/digest/?language=en&draft=1&as={lead.pk}"
    words = element(client.get(address).content.decode(), "pre").get_text()
    yield digest_in(words)
    yield Shown(owing=set(re.findall(r"^  \* To update (\w+)", words, re.MULTILINE)))


def digest_in(words: str) -> Shown:
    """What the text of a digest says."""
    shown = Shown(owing=set(), closed=set())
    shown.counts = _counts(" ".join(re.findall(r"Updated \d+ / \d+", words)))
    for code, percent, change in re.findall(
        r"^(O\d) .*\[[#.]+\] (\S+)(?: ([↑↓][\d.]+))?$", words, re.MULTILINE
    ):
        shown.objectives[code] = f"{percent} {change}".strip()
    for name, paragraph in re.findall(
        r"^\[(\w+)\](.*?)(?=^\s*$|\Z)", words, re.DOTALL | re.MULTILINE
    ):
        shown.percents[name] = percent_in(paragraph.partition("\n")[0])
        shown.time_gone[name] = gone_in(paragraph)
        due = re.search(r"^  due (.*?)(?: \(first .*?\))?(?: · (.*))?$", paragraph, re.MULTILINE)
        if due:
            shown.dues[name] = due_in(due[0].replace(_first_in(due[0]), ""))
        _note(shown, name, paragraph)
    return shown


def _first_in(words: str) -> str:
    match = re.search(r" \(first .*?\)", words)
    return match[0] if match else ""


def _note(shown: Shown, name: str, words: str) -> None:
    assert shown.owing is not None
    assert shown.closed is not None
    if "Not updated this week" in words:
        shown.owing.add(name)
    if "Closed on" in words:
        assert "handed over" in words
        shown.closed.add(name)
    if "Updated after the cutoff" in words:
        shown.late.add(name)


def spreadsheet(client: Client, team: Team, week: date = WEEK) -> Iterator[Shown]:
    label = team.week_label(week)
    answer = client.get(f"/t/{team.slug}/weeks/{label}/dashboard/projects.csv").content
    shown = Shown()
    for row in csv.DictReader(io.StringIO(answer.decode("utf-8-sig"))):
        percent = f"{row['Complete %']}%" if row.get("Complete %") else ""
        mark = " last known" if row.get("Last known") else ""
        shown.percents[row["Project"]] = f"{percent}{mark}"
    yield shown


def reminder(team: Team, manager: User) -> Iterator[Shown]:
    mail.outbox.clear()
    reminders.remind(team, WEEK, by=manager)
    reminder_dispatch.send_due()
    words = "\n".join(str(message.body) for message in mail.outbox)
    yield Shown(owing=set(re.findall(r"^- (\w+)", words, re.MULTILINE)))


# --- the property -----------------------------------------------------------------------------
