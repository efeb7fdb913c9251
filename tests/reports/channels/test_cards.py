from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import facts
from projects.models import Health, Team
from reports.channels import cards
from reports.models import Digest, Edition
from reports.pages import editions
from reports.pages.publish import Publication, publish_week
from reports.schedule import reminders
from tests.factories import NOW, WEEK, make_entry, make_incident, make_project, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
PAGE = "https://okr.example.com/t/pay/weeks/2024-06-17/"


def published(team: Team, *, incident: bool = False) -> Edition:
    make_entry(make_project(team, "贝易转"), text="已上线", percent=100, health=Health.DONE)
    make_project(team, "POS")
    if incident:
        make_incident(team)
    return publish_week(team, WEEK, Publication(by=None))


def test_the_card_of_an_edition_in_chinese() -> None:
    card = cards.card_of_edition(published(make_team()), "zh-hans")
    assert "支付产研" in card.title
    assert "2024-W25" in card.title
    assert len(card.lines) == 5
    assert any("贝易转" in line for line in card.lines)
    assert any("POS" in line for line in card.lines)
    assert (card.url, card.kind, card.level) == (PAGE, "digest", "info")
    assert dict(card.about) == {
        "team": "pay",
        "week": "2024-W25",
        "monday": "2024-06-17",
        "edition": 1,
    }


def test_the_card_of_an_edition_in_english() -> None:
    card = cards.card_of_edition(published(make_team(), incident=True), "en")
    assert card.title.startswith("支付产研 weekly 2024-W25")
    assert "Not updated: POS no update yet" in card.lines
    assert "Slipped: No date slipped this week." in card.lines
    assert card.button == "Open the weekly page"
    assert card.level == "bad"


def test_a_correction_says_which_edition_it_is() -> None:
    team = make_team()
    published(team)
    make_incident(team)
    edition = publish_week(team, WEEK, Publication(by=None))
    assert edition.number == 2
    assert cards.card_of_edition(edition, "en").title.endswith("(edition 2)")


def test_a_correction_of_what_was_told_comes_as_one() -> None:
    team = make_team()
    published(team)
    Digest.objects.update(prepared_at=NOW)
    team.projects.get(name="贝易转").entries.update(text="下周上线")
    facts.announce(team, [WEEK])
    edition = publish_week(team, WEEK, Publication(by=None, note="上线日期写错了"))
    title = cards.card_of_edition(edition, "zh-hans").title
    assert title == "【更正】支付产研周报 2024-W25：上线日期写错了（第 2 版）"


def test_card_of_a_reminder_names_leads_and_projects() -> None:
    team = make_team()
    team.language = "en"
    lead, other = make_user("xu", "许澄", team), make_user("chen", "陈默", team)
    namesake = make_user("xu2", "许澄", team)
    for name, leads in (("贝易转", lead), ("POS", lead), ("DocAI", other), ("国密", None)):
        make_project(team, name, lead=leads)
    make_project(team, "路由", lead=namesake)
    card = cards.card_of_waiting(team, WEEK, reminders.waiting(team, WEEK))
    assert card.title == "2024-W25: 5 projects are not updated yet"
    assert card.lines == (
        "许澄 (xu): 贝易转, POS",
        "陈默: DocAI",
        "许澄 (xu2): 路由",
        "without a lead: 国密",
    )
    assert card.url == "https://okr.example.com/t/pay/checkin/"
    assert dict(card.about)["waiting"] == 5


def test_many_leads_are_counted() -> None:
    team = make_team()
    team.language = "en"
    for number in range(18):
        make_project(team, f"P{number}", lead=make_user(f"lead{number}", f"许{number}", team))
    card = cards.card_of_waiting(team, WEEK, reminders.waiting(team, WEEK))
    assert len(card.lines) == 16
    assert card.lines[-1] == "and 3 more leads"


def test_a_card_asks_the_database_no_more_often_for_more_projects() -> None:
    counts = []
    for slug, projects in (("few", 1), ("many", 12)):
        team = make_team(slug=slug)
        for number in range(projects):
            make_project(team, f"P{number}")
        edition = published(team)
        editions._document.cache_clear()
        with CaptureQueriesContext(connection) as asked:
            cards.card_of_edition(edition, "zh-hans")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 2
