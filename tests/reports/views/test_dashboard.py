from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from projects import facts
from projects.checkin import ledger
from projects.models import IncidentCount, Project, StatusEntry, Team
from projects.portfolio import lifecycle
from reports.pages.publish import Publication, publish_week
from reports.templatetags.dashboard import TOKEN
from tests.conftest import Personas
from tests.factories import (
    NOW,
    WEEK,
    make_cycle,
    make_entry,
    make_incident,
    make_metric,
    make_milestone,
    make_objective,
    make_project,
    make_question,
    make_reading,
)
from tests.html import attribute, element, elements, row, text, texts

ADDRESS = "/t/pay/"
pytestmark = pytest.mark.usefixtures("now")


def page_of(personas: Personas, address: str = ADDRESS) -> str:
    return personas.client("viewer").get(address).content.decode()


def test_only_who_may_report_is_led_to_the_form(personas: Personas) -> None:
    link = 'href="/t/pay/checkin/"'
    assert link not in page_of(personas)
    assert link in personas.client("lead").get(ADDRESS).content.decode()


def test_every_project_of_the_week_is_there(personas: Personas) -> None:
    make_project(personas.team, "POS")
    make_project(personas.team, "早已关闭", closed_on=date(2024, 6, 1))
    make_entry(personas.project, percent=60)
    page = page_of(personas)
    assert texts(page, "#projects_table td.col-project a") == ["贝易转", "POS"]
    assert text(page, "#dashboard_progress b:-soup-contains('Updated')") == "Updated 1 / 2"
    assert row(page, "贝易转")["Complete since last week"] == "60%"


def test_a_project_done_last_week_is_expected_by_nobody(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 6, 10), health="done")
    make_entry(make_project(personas.team, "POS", lead=personas.lead))
    counted = text(page_of(personas), "#dashboard_progress b:-soup-contains('Updated')")
    assert counted == "Updated 1 / 1"
    checkin = personas.client("lead").get("/t/pay/checkin/").content.decode()
    assert text(checkin, "#checkin_progress").endswith("1 / 1")
    assert not elements(checkin, "article[data-waiting]")


def test_the_last_known_percent_is_shown_as_such(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 6, 10), percent=40)
    make_entry(personas.project)
    assert row(page_of(personas), "贝易转")["Complete since last week"] == "40% last known"


def test_a_project_closed_this_week_says_so_and_owes_nothing(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 6, 10))
    lifecycle.close_project(personas.project, "已移交运营", by=personas.manager)
    page = page_of(personas)
    assert text(page, "td.col-reported_at") == "closed Jun 19"
    assert not elements(page, "#todo-silent")
    draft = page_of(personas, "/t/pay/weeks/2024-W25/")
    assert texts(draft, "article.entry p.finding") == ["▲ Closed on Jun 19: 已移交运营"]


def test_what_needs_somebody_stands_first(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1), week=date(2024, 6, 3))
    ledger.move_due_date(
        milestone, date(2024, 7, 31), "day", week=WEEK, reason="专线晚到", by=personas.lead
    )
    make_entry(personas.project)
    make_project(personas.team, "POS")
    make_question(personas.project, personas.manager, "窗口定了吗？")
    page = page_of(personas)
    assert texts(page, "#dashboard_attention .group summary b") == [
        "Not updated",
        "Slipped",
        "Open questions",
    ]
    assert texts(page, "#dashboard_attention .group summary .count") == ["1", "1", "1"]
    for words in ("专线晚到", "窗口定了吗？"):
        assert page.index(words) < page.index('id="projects"')


def test_when_nothing_needs_anybody_the_card_is_not_there(personas: Personas) -> None:
    make_entry(personas.project)
    assert "Needs attention" not in page_of(personas)


def test_a_slip_shows_the_first_date(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1), week=date(2024, 6, 3))
    ledger.move_due_date(milestone, date(2024, 7, 31), "day", week=date(2024, 6, 10))
    page = page_of(personas)
    assert text(page, "td.col-due_on") == "Jul 31 30 days late · 1 move"
    assert attribute(page, "td.col-due_on .slip", "title") == "first due Jul 1"


def test_objectives_metrics_and_incidents(personas: Personas) -> None:
    personas.project.objective = make_objective(make_cycle(personas.team))
    personas.project.save()
    make_entry(personas.project, percent=60)
    make_reading(make_metric(personas.team, target=Decimal("99.99")), "99.9")
    make_incident(personas.team, description="对账任务超时")
    page = page_of(personas)
    card = element(page, "article:has(h3:-soup-contains('O1 业务服务'))")
    assert text(card, ".big") == "60%"
    assert text(card, "#progress-o1 .sum") == "60 ÷ 1 = 60%"
    for words in ("入金有效成功率", "■ target 99.99% · below target", "对账任务超时"):
        assert words in page
    assert "06-19 10:00" in page  # the team's time, not UTC


def test_progress_is_shown_against_the_time_that_is_gone(personas: Personas) -> None:
    personas.project.started_on = date(2024, 6, 10)
    personas.project.save()
    make_milestone(personas.project, percent=40, due_on=date(2024, 6, 29), week=date(2024, 6, 10))
    make_entry(personas.project, date(2024, 6, 10), percent=45)
    make_entry(personas.project, percent=50)
    # NOW is a Wednesday, the 19th.
    assert attribute(page_of(personas), "td.col-percent .timed", "title") == "time gone 47%"
    manager = personas.client("manager")
    project = manager.get(f"/t/pay/projects/{personas.project.pk}/").content.decode()
    week = manager.get("/t/pay/weeks/2024-W25/").content.decode()
    assert "last week 45% · time gone 47%" in text(project, ".project-head")
    assert "last week 45% · time gone 47%" in text(week, f"#project-{personas.project.pk}")


def test_focus_projects_of_an_old_page_stand_in_one_group(personas: Personas) -> None:
    for name in ("重点一", "重点二"):
        make_entry(make_project(personas.team, name, is_focus=True))
    assert page_of(personas).count("Focus projects") == 1


def test_the_last_week_with_updates_is_at_hand_after_a_long_silence(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 5, 20))
    facts.announce(personas.team, [date(2024, 5, 20)])
    page = page_of(personas)
    assert 'The latest week with updates is <a href="/t/pay/weeks/2024-W21/dashboard/">' in page
    make_entry(make_project(personas.team, "POS"))
    facts.announce(personas.team, [WEEK])
    assert "The latest week with updates" not in page_of(personas)


def test_a_paused_project_is_not_blamed_for_its_silence(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 6, 3), health="paused")
    assert 'class="stale"' not in page_of(personas)


def test_which_milestone_moved_is_said_where_there_are_several(personas: Personas) -> None:
    moved = make_milestone(personas.project, "一期", due_on=date(2024, 7, 1), week=date(2024, 6, 3))
    make_milestone(personas.project, "二期", due_on=date(2024, 8, 1), week=date(2024, 6, 3))
    ledger.move_due_date(moved, date(2024, 7, 5), "day", week=WEEK)
    make_entry(personas.project)
    assert text(page_of(personas), "li:has(span.whole)").startswith("贝易转 一期 Jul 1 → Jul 5")


def test_a_team_without_projects_is_told_how_to_get_some(personas: Personas) -> None:
    page = personas.client("outsider").get("/t/risk/").content.decode()
    assert "This team has no projects yet" in page
    assert "<table" not in page


def test_the_weeks_around_it_are_a_click_away(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 6, 3))
    facts.announce(personas.team, [date(2024, 6, 3)])
    page = page_of(personas)
    assert 'rel="prev" href="/t/pay/weeks/2024-W23/dashboard/"' in page
    earlier = page_of(personas, "/t/pay/weeks/2024-W23/dashboard/")
    assert 'rel="next" href="/t/pay/weeks/2024-W25/dashboard/"' in earlier


def test_a_week_of_which_nothing_is_known_says_so(personas: Personas) -> None:
    response = personas.client("viewer").get("/t/pay/weeks/2019-W10/dashboard/")
    assert response.status_code == 200
    assert "Nothing is recorded for this week" in response.content.decode()


@pytest.mark.parametrize("label", ["2024-W99", "2024-06-31", "latest"])
def test_what_is_no_week_is_not_there(personas: Personas, label: str) -> None:
    address = f"/t/pay/weeks/{label}/dashboard/"
    assert personas.client("viewer").get(address).status_code == 404


def test_a_fixed_number_of_queries(personas: Personas) -> None:
    client = personas.client("viewer")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ADDRESS).status_code == 200
        return len(captured)

    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            project = make_project(personas.team, f"项目{number}", lead=personas.lead)
            make_milestone(project, percent=10, due_on=date(2024, 7, 1))
            for week in (date(2024, 6, 3), date(2024, 6, 10), WEEK):
                make_entry(project, week, percent=10)
        facts.announce(personas.team, [WEEK])

    fill(0, 2)
    queries()  # the very first time the page's row is made
    fill(2, 4)
    compiled, shown = queries(), queries()
    fill(4, 14)
    assert (queries(), queries()) == (compiled, shown)
    assert shown <= 12


def test_incidents_have_a_change_and_a_course(personas: Personas) -> None:
    make_entry(personas.project)
    for week, count in ((date(2024, 6, 10), "2"), (WEEK, "0.5")):
        IncidentCount.objects.create(team=personas.team, week=week, severity="C", count=count)
    page = page_of(personas)
    tile = page[page.index("Incident counts C") :]
    assert '<span class="change up">↓1.5</span>' in tile
    assert '<svg class="trend"' in tile


def test_the_cutoff_is_counted_down_in_the_present_week_alone(personas: Personas) -> None:
    make_entry(personas.project)
    assert "in progress · 2 days 6 hours to the cutoff" in page_of(personas)
    assert "to the cutoff" not in page_of(personas, "/t/pay/weeks/2024-W24/dashboard/")
    with time_machine.travel(NOW + timedelta(days=2, hours=7), tick=False):
        assert "in progress, past the cutoff" in page_of(personas)
    with time_machine.travel(NOW + timedelta(days=2, hours=5, minutes=40), tick=False):
        assert "in progress · 20 minutes to the cutoff" in page_of(personas)


def test_what_is_published_says_so_instead(personas: Personas) -> None:
    make_entry(personas.project)
    assert not elements(page_of(personas), ".head .chip.ok")
    publish_week(personas.team, WEEK, Publication(by=personas.manager))
    page = page_of(personas)
    assert text(page, ".head .chip.ok") == "✓ published"
    assert "in progress" not in page


def test_the_cutoff_is_that_of_the_last_working_day(personas: Personas) -> None:
    make_entry(personas.project)
    exceptions = personas.team.day_exceptions
    exceptions.create(day=date(2024, 6, 23), is_working=True)
    assert "in progress · 4 days 6 hours to the cutoff" in page_of(personas)
    exceptions.all().delete()
    for day in range(17, 22):
        exceptions.create(day=date(2024, 6, day), is_working=False)
    assert "in progress · no working day this week" in page_of(personas)


@pytest.fixture
def remembering() -> Iterator[None]:
    """Parts of the page are kept, as in use."""
    cache = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "fragments"}
    with override_settings(CACHES={**settings.CACHES, "template_fragments": cache}):
        caches["template_fragments"].clear()
        yield


@pytest.mark.usefixtures("remembering")
def test_what_is_kept_is_never_shown_to_another_role_or_team(personas: Personas) -> None:
    make_entry(personas.project)
    make_project(personas.team, "POS", lead=personas.lead)
    other = make_project(personas.outsider.memberships.get().team, "风控项目")
    question = make_question(personas.project, personas.manager, "窗口定了吗？")
    withdraw = f"/questions/{question.pk}/"
    facts.announce(personas.team, [WEEK])
    manager, lead = personas.client("manager"), personas.client("lead")
    assert withdraw in manager.get(ADDRESS).content.decode()
    assert withdraw in manager.get(ADDRESS).content.decode()
    for client in (lead, personas.client("other_lead"), personas.client("viewer")):
        page = client.get(ADDRESS).content.decode()
        assert withdraw not in page
        assert "ask-open" not in page
    assert "#checkin_card_" in lead.get(ADDRESS).content.decode()
    assert "#checkin_card_" not in page_of(personas)
    theirs = personas.client("outsider").get("/t/risk/").content.decode()
    assert other.name in theirs
    assert "贝易转" not in theirs


@pytest.mark.usefixtures("remembering")
def test_each_reader_s_forms_have_a_token_of_their_own(personas: Personas) -> None:
    make_question(personas.project, personas.manager, "窗口定了吗？")
    facts.announce(personas.team, [WEEK])
    tokens = set()
    for _ in range(2):
        client = personas.client("manager")
        page = client.get(ADDRESS).content.decode()
        assert TOKEN not in page
        block = page[page.index('id="dashboard_attention"') :]
        tokens.add(block.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0])
    assert len(tokens) == 2


@pytest.mark.usefixtures("remembering")
def test_what_is_kept_goes_with_the_facts_the_language_and_the_state(personas: Personas) -> None:
    entry = make_entry(personas.project, percent=60)
    facts.announce(personas.team, [WEEK])
    assert "60%" in page_of(personas)
    entry.percent = Decimal(70)
    entry.save()
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        facts.announce(personas.team, [WEEK])
        page = page_of(personas)
        assert "70%" in page
        assert "60%" not in page
        assert "No matching projects." in page_of(personas, f"{ADDRESS}?text=nowhere")
        client = personas.client("viewer")
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
        assert "全部状态" in client.get(ADDRESS).content.decode()


@pytest.mark.usefixtures("remembering")
def test_an_age_is_never_older_than_a_minute(personas: Personas) -> None:
    make_entry(personas.project, percent=60)
    assert "just now" in page_of(personas)
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        assert "5 minutes ago" in page_of(personas)


@pytest.mark.parametrize(("projects", "weeks"), [(40, 12), (400, 12), (40, 260)])
def test_the_queries_are_as_many_at_any_size(personas: Personas, projects: int, weeks: int) -> None:
    fill(personas.team, projects, weeks)
    client = personas.client("manager")
    for query, queries in (("", 11), ("?against=2024-W20&text=x&page=2&size=25", 13)):
        client.get(ADDRESS + query)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ADDRESS + query).status_code == 200
        assert len(captured) == queries, query


def fill(team: Team, projects: int, weeks: int) -> None:
    """Projects that have all reported in this week and the one before, and weeks of the first."""
    made = Project.objects.bulk_create(
        Project(team=team, name=f"项目{number}", position=number) for number in range(projects)
    )
    mondays = [WEEK - back * timedelta(weeks=1) for back in range(weeks)]
    StatusEntry.objects.bulk_create(
        StatusEntry(
            team=team, project=project, week=week, text="联调", percent=40, health="at_risk"
        )
        for project in made
        for week in (mondays if project is made[0] else mondays[:2])
    )
    facts.announce(team, mondays)
