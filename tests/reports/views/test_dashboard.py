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

ADDRESS = "/t/pay/"
pytestmark = pytest.mark.usefixtures("now")


def page_of(personas: Personas, address: str = ADDRESS) -> str:
    return personas.client("viewer").get(address).content.decode()


@pytest.mark.parametrize("address", [ADDRESS, "/t/pay/weeks/2024-W25/dashboard/"])
@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 200), ("lead", 200), ("manager", 200)],
)
def test_every_member_may_look(personas: Personas, name: str, status: int, address: str) -> None:
    assert personas.client(name).get(address).status_code == status


def test_only_who_may_report_is_led_to_the_form(personas: Personas) -> None:
    link = 'href="/t/pay/checkin/"'
    assert link not in page_of(personas)
    assert link in personas.client("lead").get(ADDRESS).content.decode()


def test_every_project_of_the_week_is_there(personas: Personas) -> None:
    make_project(personas.team, "POS")
    make_project(personas.team, "早已关闭", closed_on=date(2024, 6, 1))
    make_entry(personas.project, percent=60)
    page = page_of(personas)
    assert "贝易转" in page
    assert "POS" in page
    assert "早已关闭" not in page
    assert "Updated 1 / 2" in page


def test_what_needs_somebody_stands_first(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1), week=date(2024, 6, 3))
    ledger.move_due_date(
        milestone, date(2024, 7, 31), "day", week=WEEK, reason="专线晚到", by=personas.lead
    )
    make_entry(personas.project)
    make_project(personas.team, "POS")
    make_question(personas.project, personas.manager, "窗口定了吗？")
    page = page_of(personas)
    for words in ("Not updated · 1", "Dates moved later · 1", "专线晚到", "窗口定了吗？"):
        assert words in page
        assert page.index(words) < page.index('id="projects"')


def test_when_nothing_needs_anybody_the_card_is_not_there(personas: Personas) -> None:
    make_entry(personas.project)
    assert "Needs attention" not in page_of(personas)


def test_a_slip_shows_the_first_date(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1), week=date(2024, 6, 3))
    ledger.move_due_date(milestone, date(2024, 7, 31), "day", week=date(2024, 6, 10))
    page = page_of(personas)
    assert "<s>Jul 1</s> Jul 31" in page
    assert "30 days late · 1 move" in page


def test_objectives_metrics_and_incidents(personas: Personas) -> None:
    personas.project.objective = make_objective(make_cycle(personas.team))
    personas.project.save()
    make_entry(personas.project, percent=60)
    make_reading(make_metric(personas.team, target=Decimal("99.99")), "99.9")
    make_incident(personas.team, description="对账任务超时")
    page = page_of(personas)
    for words in ("O1 业务服务", "60%", "入金有效成功率", "missed", "对账任务超时"):
        assert words in page
    assert "06-19 10:00" in page  # the team's time, not UTC


def test_a_column_that_no_project_fills_is_left_out(personas: Personas) -> None:
    make_entry(personas.project, health="")
    page = page_of(personas)
    assert "sort=project" in page
    for column in ("stage", "health", "percent", "due_on"):
        assert f"sort={column}" not in page
    make_entry(make_project(personas.team, "POS"), percent=20)
    facts.announce(personas.team, [WEEK])
    page = page_of(personas)
    assert "sort=percent" in page
    assert "since last week" in page
    assert '<span class="unknown">–</span>' in page  # of the project that has none


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
    assert '一期 <span class="whole"><s>Jul 1</s> → Jul 5</span>' in page_of(personas)


def test_a_team_without_projects_is_told_how_to_get_some(personas: Personas) -> None:
    page = personas.client("outsider").get("/t/risk/").content.decode()
    assert "This team has no projects yet" in page
    assert "<table" not in page


def test_it_sorts_by_any_column(personas: Personas) -> None:
    make_entry(personas.project, percent=60)
    make_entry(make_project(personas.team, "POS"), percent=20)
    page = page_of(personas, f"{ADDRESS}?sort=percent")
    table = page[page.index("<tbody>") :]
    assert table.index("POS") < table.index("贝易转")
    assert 'aria-sort="ascending"' in page
    assert "Back to the order of the page" in page
    table = page_of(personas, f"{ADDRESS}?sort=-percent").split("<tbody>")[1]
    assert table.index("贝易转") < table.index("POS")


@pytest.mark.parametrize("sort", ["health", "due_on", "reported_at", "lead", "-stage", "nothing"])
def test_no_sorting_breaks_it(personas: Personas, sort: str) -> None:
    make_entry(personas.project, percent=60)
    make_project(personas.team, "POS")
    response = personas.client("viewer").get(ADDRESS, {"sort": sort})
    assert response.status_code == 200


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
    assert "Nothing is known of this week" in response.content.decode()


@pytest.mark.parametrize("label", ["2024-W99", "2024-06-17", "latest"])
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


def test_it_is_filtered_sorted_and_shown_in_part_by_the_address(personas: Personas) -> None:
    make_entry(personas.project, percent=60, health="off_track")
    make_entry(make_project(personas.team, "POS"), percent=20)
    page = page_of(personas, f"{ADDRESS}?health=off_track&columns=percent")
    table = page.split("<tbody>")[1].split("</tbody>")[0]
    assert "贝易转" in table
    assert "POS" not in table
    assert "col-percent" in table
    assert "col-health" not in table
    assert "1 of 2 projects" in page
    assert '<option value="off_track" selected>' in page


def test_groups_stay_when_the_table_is_filtered(personas: Personas) -> None:
    cycle = make_cycle(personas.team)
    for code, name in (("O1", "业务服务"), ("O2", "能力升级")):
        objective = make_objective(cycle, code, name)
        make_entry(make_project(personas.team, f"{code}项目", objective), text="联调")
    page = page_of(personas, f"{ADDRESS}?objective=O2")
    assert page.count('<tr class="group">') == 1
    assert "O2 能力升级</th>" in page


def test_when_nothing_fits_the_filter_can_be_cleared(personas: Personas) -> None:
    make_entry(personas.project, percent=60)
    page = page_of(personas, f"{ADDRESS}?text=nowhere&sort=-percent")
    assert "No project fits." in page
    assert '<a class="button" href="?sort=-percent#projects">Clear the filter</a>' in page


@pytest.mark.parametrize(
    "query",
    [
        *("page=999", "page=-1", "page=x", "sort=<script>", "health=x", "size=1", "columns=x"),
        *("against=2024-W99", "against=x", "against=0001-W01", "against=2030-W01"),
        *("against=2024-W25", "text=%00", "objective=%27%22%3E%3Cb%3E", "lead=-&stage=-"),
    ],
)
def test_nonsense_in_the_address_breaks_nothing(personas: Personas, query: str) -> None:
    make_entry(personas.project, percent=60)
    response = personas.client("manager").get(f"{ADDRESS}?{query}")
    assert response.status_code == 200
    assert "贝易转" in response.content.decode()


def test_an_alias_finds_its_project(personas: Personas) -> None:
    make_entry(make_project(personas.team, "AI影像数字化", aliases=("DocAI",)))
    make_entry(personas.project)
    table = page_of(personas, f"{ADDRESS}?text=docai").split("<tbody>")[1]
    assert "AI影像数字化" in table
    assert "贝易转" not in table


def test_htmx_gets_the_table_alone_and_the_address_of_what_it_shows(personas: Personas) -> None:
    make_entry(personas.project, percent=60)
    response = personas.client("viewer").get(
        f"{ADDRESS}?objective=&health=on_track&sort=-percent&stage=&text=&size=50",
        headers={"HX-Request": "true"},
    )
    content = response.content.decode()
    assert content.lstrip().startswith('<div id="projects_table"')
    assert "贝易转" in content
    assert response["HX-Push-Url"] == "/t/pay/?health=on_track&sort=-percent"
    assert "HX-Request" in response["Vary"]


def test_a_restored_page_of_the_history_is_the_whole_page(personas: Personas) -> None:
    make_entry(personas.project, percent=60)
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    response = personas.client("viewer").get(f"{ADDRESS}?health=on_track", headers=headers)
    assert '<option value="on_track" selected>' in response.content.decode()
    assert "HX-Push-Url" not in response


def test_up_to_fifty_rows_stand_on_one_page(personas: Personas) -> None:
    for number in range(49):
        make_project(personas.team, f"项目{number:02}")
    assert "Pages of the table" not in page_of(personas)
    make_project(personas.team, "第五十一个")
    facts.announce(personas.team, [WEEK])
    page = page_of(personas)
    assert "第五十一个" not in page.split("<tbody>")[1]
    assert 'href="?page=2#projects"' in page
    assert "第五十一个" in page_of(personas, f"{ADDRESS}?page=2")
    assert "第五十一个" in page_of(personas, f"{ADDRESS}?page=999")
    assert "第五十一个" in page_of(personas, f"{ADDRESS}?size=100")


def test_what_somebody_wrote_is_escaped_in_the_table(personas: Personas) -> None:
    evil = "<img src=x onerror=alert(1)>"
    project = make_project(personas.team, evil, lead=personas.lead, is_focus=True)
    personas.lead.name = '"><b>'
    personas.lead.save()
    make_entry(project, percent=10)
    make_entry(project, date(2024, 6, 10), percent=5)
    page = page_of(personas, f"{ADDRESS}?text=onerror")
    assert evil not in page
    assert '"><b>' not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def told(personas: Personas, week: date, percent: int, due_on: date) -> None:
    make_entry(personas.project, week, percent=percent)
    milestone = personas.project.milestones.first() or make_milestone(personas.project, week=week)
    ledger.move_due_date(milestone, due_on, "day", week=week, reason="联网晚到")
    facts.announce(personas.team, [week])


def test_it_compares_with_last_week_or_with_any_other(personas: Personas) -> None:
    personas.project.objective = make_objective(make_cycle(personas.team))
    personas.project.save()
    told(personas, date(2024, 5, 13), 20, date(2024, 7, 1))
    told(personas, date(2024, 6, 10), 55, date(2024, 7, 1))
    told(personas, WEEK, 60, date(2024, 7, 11))
    page = page_of(personas)
    assert page.count('<span class="change up">↑5</span>') == 2  # the objective's and its project's
    assert "since last week 10 days later" in page
    assert "<option>2024-W20</option>" in page
    page = page_of(personas, f"{ADDRESS}?against=2024-W20")
    assert page.count('<span class="change up">↑40</span>') == 2
    assert "since 2024-W20" in page
    assert "<option selected>2024-W20</option>" in page
    # As it was then, with what was known then.
    page = page_of(personas, "/t/pay/weeks/2024-W24/dashboard/?against=2024-W20")
    assert page.count('<span class="change up">↑35</span>') == 2
    assert "days later" not in page


def test_a_change_over_a_gap_says_since_when(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 5, 20), percent=50)
    make_entry(personas.project, WEEK, percent=60)
    assert '<small class="since">since 2024-W21</small>' in page_of(personas)
    make_entry(personas.project, date(2024, 6, 10), percent=55)
    facts.announce(personas.team, [WEEK])
    assert 'class="since"' not in page_of(personas)


def test_incidents_have_a_change_and_a_course(personas: Personas) -> None:
    make_entry(personas.project)
    for week, count in ((date(2024, 6, 10), "2"), (WEEK, "0.5")):
        IncidentCount.objects.create(team=personas.team, week=week, severity="C", count=count)
    page = page_of(personas)
    tile = page[page.index("Incident counts C") :]
    assert '<span class="change up">↓1.5</span>' in tile
    assert '<svg class="spark"' in tile


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
    assert "✓ published" not in page_of(personas)
    publish_week(personas.team, WEEK, Publication(by=personas.manager))
    page = page_of(personas)
    assert "✓ published" in page
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
    kept = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "fragments"}
    with override_settings(CACHES={**settings.CACHES, "template_fragments": kept}):
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
        assert "No project fits." in page_of(personas, f"{ADDRESS}?text=nowhere")
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
@pytest.mark.parametrize("query", ["", "?against=2024-W20&text=x&page=2&size=25"])
def test_the_queries_are_as_many_at_any_size(
    personas: Personas, projects: int, weeks: int, query: str
) -> None:
    fill(personas.team, projects, weeks)
    client = personas.client("manager")
    client.get(ADDRESS + query)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(ADDRESS + query).status_code == 200
    assert len(captured) == (13 if query else 11)


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
