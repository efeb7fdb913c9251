"""The run of a week as its manager sees it: under way, closed, published, and one left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import time_machine
from playwright.sync_api import Page, expect

from projects import facts
from projects.models import Team
from reports.digest import dispatch
from reports.models import Delivery, Edition, Heartbeat, SendState
from reports.schedule import steps
from tests.e2e.conftest import Site
from tests.e2e.looks import faults
from tests.factories import WEEK, make_entry, make_milestone, make_project

ADDRESS: Final = "/t/pay/weeks/2024-W25/run/"
LANGUAGES: Final = {"en": 0, "zh-CN": 1}
in_both_languages = pytest.mark.parametrize("locale", list(LANGUAGES))


def at(day: int, hour: int) -> datetime:
    """That hour in Shanghai, on the day of the week counted from Monday the 17th of June 2024."""
    return datetime(2024, 6, 16, 16, tzinfo=UTC) + timedelta(days=day, hours=hour)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(0, 0), tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def team(clock: time_machine.Traveller, site: Site) -> Team:
    """Two projects: one has reported what contradicts itself, one waits for its lead."""
    personas = site.personas
    for user in (personas.manager, personas.lead):
        user.email = f"{user.username}@example.com"
        user.save()
    Team.objects.update(runs_from=at(-1, 0))
    make_milestone(personas.project, "首批放量", 40)
    make_entry(personas.project, text="已上线", percent=60, author=personas.lead)
    make_project(personas.team, "装修存管", lead=personas.lead)
    facts.announce(personas.team, [WEEK])
    return Team.objects.get(pk=personas.team.pk)


def run(clock: time_machine.Traveller, *ticks: datetime) -> None:
    for now in ticks:
        clock.move_to(now)
        steps.run(now)
        Heartbeat.objects.update_or_create(part="tick", defaults={"at": now})


def opened(site: Site, locale: str) -> Page:
    """The screen, which is easy to use on a desk and on a phone, light and dark."""
    page = site.page("manager", ADDRESS, locale=locale)
    assert not faults(page)
    return page


def stations(page: Page) -> list[str]:
    """Each step's state, as its class has it."""
    steps_of_week = page.locator("ol.run > li")
    return [str(step.get_attribute("class")) for step in steps_of_week.all()]


def test_a_week_under_way(site: Site, clock: time_machine.Traveller) -> None:
    run(clock, at(0, 0), at(3, 10))
    page = opened(site, "en")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The week's steps")
    assert stations(page)[:3] == ["is-done", "is-done", "is-next"]
    expect(page.locator("[aria-current=step]")).to_have_count(1)
    silent = page.get_by_role("region", name="Not updated")
    expect(silent).to_contain_text("装修存管")
    expect(page.locator("table.reminders tbody tr")).to_have_count(1)


def test_a_week_that_closed_and_waits_for_its_manager(
    site: Site, clock: time_machine.Traveller
) -> None:
    Team.objects.update(publishes_itself=False)
    run(clock, at(0, 0), at(3, 10), at(4, 10), at(4, 16), at(4, 18))
    page = opened(site, "zh-CN")
    assert stations(page)[-2:] == ["is-waits", "is-upcoming"]
    page.locator("main .head a.primary").click()
    page.wait_for_url("**/2024-W25/draft/")


@in_both_languages
def test_a_week_that_was_published_and_sent(
    site: Site, clock: time_machine.Traveller, locale: str
) -> None:
    run(clock, at(0, 0), at(3, 10), at(4, 16), at(4, 18))
    dispatch.prepare(Edition.objects.get().pk, at(4, 18))
    of_lead = Delivery.objects.filter(recipient="lead@example.com")
    of_lead.update(state=SendState.FAILED, error="550 5.1.1 unknown")
    Delivery.objects.exclude(pk__in=of_lead).update(state=SendState.SENT, sent_at=at(4, 18))
    run(clock, at(4, 18) + timedelta(minutes=1))
    page = opened(site, locale)
    expected = ("1 sent · 1 failed", "已发 1 封 · 失败 1 封")[LANGUAGES[locale]]
    expect(page.locator("ol.run > li").last).to_contain_text(expected)
    page.get_by_role("link", name=("Deliveries", "发送记录")[LANGUAGES[locale]], exact=True).click()
    expect(page.locator("main table")).to_contain_text("lead@example.com")


@pytest.mark.parametrize(("idle_week", "locale"), [("skip", "en"), ("merge", "zh-CN")])
def test_a_week_without_a_working_day(
    site: Site, clock: time_machine.Traveller, team: Team, idle_week: str, locale: str
) -> None:
    Team.objects.update(idle_week=idle_week)
    for day in range(7):
        team.day_exceptions.create(day=WEEK + timedelta(days=day), is_working=False)
    run(clock, at(0, 0), at(2, 9))
    page = opened(site, locale)
    nothing = ("No working day this week", "本周没有工作日")[LANGUAGES[locale]]
    expect(page.locator("main")).to_contain_text(nothing)
    if idle_week == "skip":
        assert stations(page) == []
    else:
        page.get_by_role("link", name="2024-W26", exact=True).click()
        page.wait_for_url("**/2024-W26/run/")


def test_a_clock_that_stands_still_is_seen(site: Site, clock: time_machine.Traveller) -> None:
    run(clock, at(0, 0))
    clock.move_to(at(3, 12))
    page = opened(site, "en")
    expect(page.locator("main .notice.bad:visible")).to_contain_text("The clock stands still")
    clock.move_to(at(0, 0) + timedelta(minutes=1))
    page.reload()
    expect(page.locator("main .notice.bad:visible")).to_have_count(0)
