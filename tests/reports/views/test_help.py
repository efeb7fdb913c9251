from __future__ import annotations

from datetime import time

import pytest
from django.test import Client
from django.utils import translation

from projects.models import Role, Team
from projects.text.terms import TERMS
from reports.pages import publish
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_cycle,
    make_entry,
    make_key_result,
    make_metric,
    make_milestone,
    make_objective,
    make_question,
)
from tests.html import Page, attribute, elements, text, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
HELP = "/t/pay/help/"


def hours(page: Page) -> list[str]:
    return texts(page, ".course > li > b")


@pytest.mark.parametrize("persona", ["manager", "lead", "viewer"])
def test_shows_the_reader_their_own_role_first(personas: Personas, persona: str) -> None:
    page = personas.client(persona).get(HELP)
    assert attribute(page, "main .subnav [aria-current]", "href") == f"?role={persona}"
    others = [str(link["href"]) for link in elements(page, "main .subnav a")]
    assert others == [f"?role={role}" for role in Role.values]


def test_shows_another_role_on_demand_and_ones_own_for_any_other_word(personas: Personas) -> None:
    client = personas.client("viewer")
    assert "Whoever has not updated" in text(client.get(HELP, {"role": "lead"}), "ol.course")
    assert text(client.get(HELP, {"role": "nobody\x00"})) == text(client.get(HELP))


@pytest.mark.parametrize("persona", ["manager", "lead", "viewer"])
def test_every_link_leads_to_a_screen_that_the_reader_may_open(
    personas: Personas, persona: str
) -> None:
    """Whichever role's help they read."""
    client = personas.client(persona)
    all_links = set()
    for role in Role.values:
        page = client.get(HELP, {"role": role})
        links = {str(link["href"]) for link in elements(page, "main a")}
        assert len(links) > 6, role
        all_links |= links
    for link in all_links - {f"?role={value}" for value in Role.values}:
        assert client.get(link, follow=True).status_code == 200, link


def test_says_the_times_of_the_team_as_the_dashboard_does(personas: Personas) -> None:
    Team.objects.update(cutoff_time=time(15, 30), digest_time=time(17, 45))
    client = personas.client("manager")
    steps = texts(client.get("/t/pay/"), ".pipeline small")
    assert hours(client.get(HELP))[:1] == [steps[0]]
    assert hours(client.get(HELP))[3:5] == [steps[2], steps[4]] == ["Fri 15:30", "Fri 17:45"]


def test_says_who_publishes(personas: Personas) -> None:
    client = personas.client("manager")
    assert "published and mailed by itself" in text(client.get(HELP), "ol.course")
    Team.objects.update(publishes_itself=False)
    assert "no mail goes out before" in text(client.get(HELP), "ol.course")
    assert "until the page is published" in text(client.get(HELP, {"role": "lead"}), "ol.course")


def test_is_in_the_menu_of_each_screen(personas: Personas) -> None:
    page = personas.client("lead").get("/t/pay/metrics/")
    assert HELP in [str(link["href"]) for link in elements(page, ".menu a")]


def word(anchor: str) -> str:
    with translation.override("en"):
        return str(TERMS[anchor].word)


def known_anchors(client: Client) -> set[str]:
    return {str(tag["id"]) for tag in elements(client.get(HELP), "main [id]")}


def test_words_are_explained_where_they_stand(personas: Personas) -> None:
    """Behind a question mark or the formula, each with the way to the help."""
    milestone = make_milestone(personas.project, percent=40, due_on=personas.team.today())
    make_entry(personas.project, percent=None)
    make_question(personas.project, personas.manager)
    objective = make_objective(make_cycle(personas.team))
    make_key_result(objective, make_metric(personas.team))
    publish.publish_week(personas.team, WEEK, publish.Publication(by=personas.manager))
    client = personas.client("manager")
    week = personas.team.week_label(personas.team.this_week())
    wanted = {
        "/t/pay/": {"silent", "finding", "question", "percent", "by-milestones", "slip"},
        "/t/pay/checkin/?of=all": {"silent", "question", "slip", "finding"},
        f"/t/pay/checkin/?of=all&open={personas.project.pk}": {"percent", "by-milestones"},
        f"/t/pay/projects/{milestone.project_id}/": {"question", "by-milestones"},
        f"/t/pay/weeks/{week}/": {"silent", "finding", "question", "slip", "progress", "score"},
    }
    anchors = known_anchors(client)
    assert anchors > TERMS.keys()
    for address, words in wanted.items():
        page = client.get(address)
        shown = set(texts(page, "[popover] .terms dt"))
        links = {str(a["href"]) for a in elements(page, f'[popover] a[href^="{HELP}#"]')}
        assert {link.partition("#")[2] for link in links} <= anchors
        missing = {w for w in words if word(w) not in shown and f"{HELP}#{w}" not in links}
        assert not missing, address
        marks = [str(tag["popovertarget"]) for tag in elements(page, "button.explains")]
        assert len(marks) == len(set(marks)), "one id for each popover"
