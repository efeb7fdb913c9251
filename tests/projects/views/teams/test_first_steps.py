"""What a new member does first: on the screen that they land on, until it is done or put away."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from projects.models import AuditRecord, EntrySource, Membership, Team, User
from reports.pages import publish
from tests.conftest import Personas, english_client
from tests.factories import (
    NOW,
    WEEK,
    make_deputy,
    make_entry,
    make_milestone,
)
from tests.html import Page, element, elements, form_data, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "new_team")]
LANDING = {
    "manager": "/t/pay/",
    "lead": "/t/pay/checkin/",
    "viewer": "/t/pay/weeks/latest/",
}
PANEL = ".first-steps"


@pytest.fixture
def new_team(personas: Personas) -> None:
    cache.clear()
    Team.objects.update(created_at=NOW)
    publish.publish_week(personas.team, WEEK, publish.Publication(by=personas.manager))
    AuditRecord.objects.all().delete()


def shown_to(personas: Personas, persona: str) -> Page:
    """The page that the persona lands on; a page that is kept is asked for anew."""
    return personas.client(persona).get(LANDING[persona], follow=True)


def steps(page: Page) -> dict[str, bool]:
    """The steps of the panel, whether each is done; none where there is no panel."""
    done = [
        tag.has_attr("class") and "done" in tag["class"] for tag in elements(page, f"{PANEL} li")
    ]
    names = [line.lstrip("✓0123456789 ").partition(":")[0] for line in texts(page, f"{PANEL} li")]
    return dict(zip(names, done, strict=True))


def test_a_manager_is_led_through_the_set_up_to_the_first_page(personas: Personas) -> None:
    page = shown_to(personas, "manager")
    assert steps(page) == {
        "Cycle": False,
        "Objectives": False,
        "Projects and leads": True,
        "Members": True,
        "Start": True,
        "Schedule": False,
        "Test mail": False,
        "First weekly page": False,
    }
    assert element(page, f"{PANEL} .primary")["href"] == "/t/pay/setup/"
    cache.clear()
    AuditRecord.objects.create(team=personas.team, action="edition.publish", subject="W25")
    assert steps(shown_to(personas, "manager"))["First weekly page"]


def test_of_a_lead_are_ticked_by_what_they_did_and_go_away(personas: Personas) -> None:
    assert steps(shown_to(personas, "lead")) == {
        "First update": False,
        "A milestone with its date": False,
    }
    entry = make_entry(personas.project, author=personas.manager)
    assert not steps(shown_to(personas, "lead"))["First update"]  # somebody else's
    entry.author, entry.source = personas.lead, EntrySource.IMPORTED
    entry.save()
    assert not steps(shown_to(personas, "lead"))["First update"]
    entry.source = EntrySource.CONFIRMED
    entry.save()
    assert steps(shown_to(personas, "lead"))["First update"]
    make_milestone(personas.project, percent=None, due_on=WEEK)
    assert steps(shown_to(personas, "lead")) == {}


def test_a_lead_without_projects_has_none(personas: Personas) -> None:
    page = personas.client("other_lead").get(LANDING["lead"])
    assert steps(page) == {}
    assert elements(page, '.empty a[href="/t/pay/help/"]')


def test_a_viewer_reads_a_page_and_has_it_by_mail(personas: Personas) -> None:
    page = shown_to(personas, "viewer")
    assert steps(page) == {"Read the page": False, "Digest by mail": False}
    assert elements(page, f'{PANEL} a[href="/t/pay/subscription/"]')
    User.objects.update(email="gao@example.com")
    assert steps(shown_to(personas, "viewer"))["Digest by mail"]
    Membership.objects.update(gets_digest=False)
    assert not steps(shown_to(personas, "viewer"))["Digest by mail"]


@pytest.mark.parametrize("persona", LANDING)
def test_are_put_away_for_good_by_one_button_and_for_oneself_alone(
    personas: Personas, persona: str
) -> None:
    client = personas.client(persona)
    page = client.get(LANDING[persona], follow=True)
    here = page.wsgi_request.path
    form = element(page, f"{PANEL} form")
    for _ in range(2):
        response = client.post(str(form["action"]), form_data(form), headers={"Referer": here})
        assert response["Location"] == here
    assert steps(client.get(here)) == {}
    others = Membership.objects.filter(team=personas.team, shows_first_steps=True)
    assert others.count() == 3
    record = AuditRecord.objects.get(action="member.first_steps")
    assert record.by == getattr(personas, persona)


def test_a_deputy_of_the_manager_keeps_their_own(personas: Personas) -> None:
    of = {row.user_id: row for row in Membership.objects.filter(team=personas.team)}
    make_deputy(of[personas.manager.pk], of[personas.lead.pk])
    assert "First update" in steps(shown_to(personas, "lead"))


def test_an_older_team_shows_its_manager_none(personas: Personas) -> None:
    Team.objects.update(created_at=NOW.replace(year=2023))
    assert steps(shown_to(personas, "manager")) == {}


def test_a_superuser_who_is_no_member_cannot_put_them_away(personas: Personas) -> None:
    client = english_client()
    client.force_login(User.objects.create_superuser("root"))
    page = client.get("/t/pay/")
    assert "Manager" in steps(page)
    assert not elements(page, f"{PANEL} form")
    assert client.post("/t/pay/first-steps/")["Location"] == "/"
    assert not AuditRecord.objects.filter(action="member.first_steps").exists()
    assert texts(page, f"{PANEL} h2") == ["First steps"]
