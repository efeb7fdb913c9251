"""Importing years of old pages changes nothing of a team's present.

The demo team is at work; the pages speak of its projects, milestones, metrics and objectives, up to
the week before its start. Every screen, mail and file of its present is compared before and after.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
import time_machine
from bs4 import Tag
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from projects.models import Milestone, Objective, Project, StatusEntry, Team, User
from projects.portfolio.border import carry_on
from projects.weeks import WEEK
from reports.demo.load import create_facts
from reports.models import Edition, Reminder, WeekStep
from reports.pages import live, publish
from reports.render.wording import not_updated
from reports.schedule import owed, reminders, steps
from reports.schedule.steps import Planned
from reports.weekly.content import say_the_same
from reports.weekly.document import WeeklyDocument
from reports.weekly.needs import Owed
from tests.html import element, elements, text, texts
from tests.reports.importer.pages import EXAMPLE_WEEKS, EXAMPLES
from tests.reports.importer.past import START, write_pages

NOW: Final = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # a Wednesday morning in Shanghai
PRESENT: Final = date(2026, 11, 23)
EARLY: Final = START + 3 * WEEK  # early, so that sparklines would reach into history


pytestmark = pytest.mark.django_db
# Named by the old pages as well.
PROJECTS: Final = ("贝易转", "装修存管", "POS收单", "金融反诈平台")


@pytest.fixture(scope="module")
def demo(module_rows: None) -> Iterator[Team]:
    """As it is at work: two of its weeks are published, this one was reminded of."""
    with time_machine.travel(NOW, tick=False):
        team = create_facts("a-password-for-tests", NOW)
        for week in (EARLY, PRESENT - WEEK):
            publish.publish_week(team, week, publish.Publication(by=None, mails=False))
        reminders.remind(team, PRESENT, by=None)
        yield team


@dataclass(frozen=True)
class Seen:
    """What the team's people see and get of the present."""

    pages: dict[str, str]  # by who opens which address
    documents: dict[date, WeeklyDocument]
    owed: dict[int, Owed]
    waiting: list[str]
    steps: list[Planned]
    rows: tuple[int, ...]  # reminders, editions, steps taken

    def differences(self, before: Seen) -> list[str]:
        """The addresses, weeks and lists that are not as before."""
        pages = [name for name in before.pages if before.pages[name] != self.pages[name]]
        weeks = [
            f"{week}"
            for week, document in before.documents.items()
            if not say_the_same(document, self.documents[week])
        ]
        lists = ("owed", "waiting", "steps", "rows")
        return [*pages, *weeks, *(n for n in lists if getattr(self, n) != getattr(before, n))]


@pytest.fixture(scope="module")
def before(demo: Team) -> Seen:
    return see(demo)


def see(team: Team) -> Seen:
    cache.clear()
    weeks = [*(START + number * WEEK for number in range(9)), PRESENT]
    clients = {name: client_of(name) for name in ("manager", "lead")}
    opened = {name: live.compile_page(team, name) for name in weeks}
    return Seen(
        pages={
            f"{who} {address}": shown(clients[who], address, part)
            for who, address, part in addresses(team)
        },
        documents=opened,
        owed=owed.owed_in(team, PRESENT),
        waiting=[project.name for project in reminders.waiting(team, PRESENT)],
        steps=steps.planned(timezone.now()),
        rows=tuple(model.objects.count() for model in (Reminder, Edition, WeekStep)),
    )


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def addresses(team: Team) -> list[tuple[str, str, str]]:
    """Who opens what, and which part of it is the present's; "" for all of it."""
    home, label = f"/t/{team.slug}/", team.week_label(PRESENT)
    week, early = f"{home}weeks/{label}/", f"{home}weeks/{team.week_label(EARLY)}/"
    led = Project.objects.filter(team=team, lead__username="lead")[0]
    named = Project.objects.filter(team=team, name__in=PROJECTS)
    objective = Objective.objects.filter(team=team, cycle__ends_on__gte=PRESENT)[0]
    return [
        ("manager", home, "main"),
        ("lead", home, "main"),
        ("manager", f"{early}dashboard/", "#projects_table, #dashboard_attention"),
        ("manager", f"{week}dashboard/projects.csv", ""),
        ("manager", week, "main"),
        ("manager", f"{week}publish/", "main"),
        ("manager", f"{week}run/", "main"),
        ("manager", f"{week}digest/html/", "body"),
        ("manager", f"{week}export.md", ""),
        ("manager", early, "main"),
        ("manager", f"{early}draft/", "main"),
        ("manager", f"{home}checkin/?of=all", "main"),
        ("lead", f"{home}checkin/", "main"),
        ("lead", f"{home}projects/{led.pk}/checkin/", "main"),
        ("manager", f"{home}metrics/?week={label}", "table"),
        ("manager", f"{home}objectives/", "main .card"),
        ("manager", f"{home}objectives/{objective.pk}/", "main .card"),
        *(
            ("manager", f"{home}projects/{project.pk}/", ".project-head, .course")
            for project in named
        ),
    ]


def shown(client: Client, address: str, part: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    if not part:
        return response.content.decode()
    tags = elements(response, part)
    assert tags, f"{address} has no {part}"
    tags = [copy(tag) for tag in tags]  # others read the same page
    for tag in tags:
        _forget_what_passes(tag)
    return "\n".join(map(str, tags))


def _forget_what_passes(tag: Tag) -> None:
    """Tokens, and how often facts have changed: they differ from one request to the next."""
    for field in tag.select("input[name=csrfmiddlewaretoken], #attention_revision"):
        field.decompose()
    for holder in tag.select("[hx-get]"):
        holder["hx-get"] = re.sub(r"revision=[^&]*", "", str(holder["hx-get"]))


def import_pages(team: Team, paths: list[Path]) -> None:
    options = {"team": team.slug, "apply": True, "stdout": io.StringIO()}
    call_command("import_weekly", *map(str, paths), **options)


def test_importing_the_past_changes_nothing_of_the_present(
    demo: Team, before: Seen, tmp_path: Path
) -> None:
    import_pages(demo, write_pages(tmp_path))
    of_history = StatusEntry.objects.filter(team=demo, week__lt=START)
    assert {*PROJECTS, "票据池"} <= set(of_history.values_list("project__name", flat=True))
    assert Milestone.objects.filter(team=demo, is_history=True).exists()
    assert see(demo).differences(before) == []
    assert not any(map(publish.has_moved_on, Edition.objects.filter(team=demo)))


@pytest.mark.skipif(EXAMPLES is None, reason="WEEKLY_EXAMPLES names no folder")
def test_importing_real_pages_changes_nothing_of_the_present(demo: Team, before: Seen) -> None:
    assert EXAMPLES is not None
    import_pages(demo, [EXAMPLES / f"{week}.md" for week in EXAMPLE_WEEKS])
    assert see(demo).differences(before) == []


def test_only_what_is_carried_on_comes_into_the_present(
    demo: Team, before: Seen, tmp_path: Path
) -> None:
    import_pages(demo, write_pages(tmp_path))
    project = Project.objects.get(team=demo, name="票据池")
    milestones = project.milestones.filter(due_on__gte=START)
    carry_on(demo, [project], milestones, by=None)
    assert [p.name for p in reminders.waiting(demo, PRESENT)] == [*before.waiting, "票据池"]
    page = client_of("manager").get(f"/t/{demo.slug}/?size=200")
    line = element(page, f"#projects_table tr:has(a[href$='/projects/{project.pk}/'])")
    assert text(line, ".col-percent").endswith("80% 上次所报")
    entries = live.compile_page(demo, PRESENT).entries
    (carried,) = [entry for entry in entries if entry.project == "票据池"]
    assert (carried.percent, carried.is_carried, carried.slips) == (Decimal(80), True, 0)
    assert (carried.weeks_silent, carried.last_week) == (0, None)
    assert "整体进度80%" in not_updated(carried, year=PRESENT.year)
    assert [m.name for m in carried.milestones] == [m.name for m in milestones]
    others = {entry.project for entry in entries} - {"票据池"}
    assert len(others) == len(entries) - 1
    assert not others & {"旧收银台下线", "门店巡检", "账务中台", "扫码枪换代", "黑名单共享"}


def test_charts_show_history_on_demand(demo: Team, tmp_path: Path) -> None:
    import_pages(demo, write_pages(tmp_path))
    project = Project.objects.get(team=demo, name="装修存管")
    client, page = client_of("manager"), f"/t/{demo.slug}/projects/{project.pk}/"
    weeks = ".as-text tbody td:first-child"
    since = texts(client.get(page), weeks)
    whole = texts(client.get(f"{page}?history=1"), weeks)
    assert since[-1] == "2026-W23"
    assert whole == [*since, "2026-W21", "2026-W16"]
