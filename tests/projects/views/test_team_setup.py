"""A team from nothing, without the admin; and the page that leads through it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.models import AuditRecord, Membership, Project, Role, StatusEntry, Team, User
from projects.teams import invitations
from tests.conftest import Personas, english_client
from tests.factories import make_cycle, make_objective, make_project, make_user

pytestmark = pytest.mark.usefixtures("now")
ADDRESS = "/t/pay/setup/"


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403), ("manager", 200)],
)
def test_only_managers_set_a_team_up(personas: Personas, name: str, status: int) -> None:
    assert personas.client(name).get(ADDRESS).status_code == status


def test_it_names_what_is_missing_and_leads_there(personas: Personas) -> None:
    Project.objects.all().delete()
    page = personas.client("manager").get(ADDRESS).text
    assert 'class="button primary" href="/t/pay/cycles/new/?setup=1"' in page
    for path in ("/t/pay/projects/new/?setup=1", "/t/pay/members/#invite", "/t/pay/settings/"):
        assert f'href="{path}"' in page
    assert "Everything is there" not in page


def test_it_says_when_nothing_is_missing(personas: Personas) -> None:
    make_objective(make_cycle(personas.team))
    AuditRecord.objects.create(team=personas.team, action="team.change", subject="支付产研")
    page = personas.client("manager").get(ADDRESS).text
    assert "Everything is there" in page
    assert "2024H1" in page
    assert "1 objective<" in page


def test_a_fixed_number_of_queries(personas: Personas) -> None:
    client = personas.client("manager")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(ADDRESS)
        return len(captured)

    cycle = make_cycle(personas.team)
    make_objective(cycle)
    few = queries()
    for n in range(5):
        make_objective(cycle, f"P{n}")
        make_project(personas.team, f"项目{n}")
        make_user(f"member{n}", team=personas.team)
    assert queries() == few


def test_from_an_empty_database_to_the_first_check_in(db: None) -> None:
    """What the issue asks for: cycle, objective, project, an invited lead, their first update."""
    manager = english_client()
    manager.force_login(make_user("wang", "王敏"))
    assert 'href="/teams/new/"' in manager.get("/").text
    about = {"name": "清算产研", "language": "zh-hans", "time_zone": "Asia/Shanghai"}
    response = manager.post("/teams/new/", about | {"slug": "qs", "week_numbering": "iso"})
    assert response["Location"] == "/t/qs/setup/"
    assert "/t/qs/setup/" in manager.get("/t/qs/").text  # the empty dashboard leads there
    team = Team.objects.get(slug="qs")

    manager.post(
        "/t/qs/cycles/new/",
        {"name": "2024H1", "starts_on": "2024-01-01", "ends_on": "2024-06-30"},
    )
    cycle = team.cycles.get()
    manager.post(f"/t/qs/cycles/{cycle.pk}/objectives/new/", {"code": "O1", "name": "日切不过零点"})
    objective = cycle.objectives.get()
    line = {"name": "日切提速", "objective": objective.pk, "lead": "赵宁"}
    manager.post("/t/qs/projects/new/", lines(line))
    project = team.projects.get()
    assert (project.objective, project.lead, project.lead_name) == (objective, None, "赵宁")
    assert "赵宁" in manager.get("/t/qs/members/").text  # who has no account yet

    manager.post("/t/qs/members/invite/", {"people": "赵宁 zhao@example.com", "role": "lead"})
    assert invitations.send_due() == 1
    link = re.search(r"https://okr\.example\.com(/invitations/\S+)", str(mail.outbox[0].body))
    assert link

    lead = english_client()
    assert "Join 清算产研" in lead.get(link[1]).text
    password = "eine-lange-Losung"
    response = lead.post(
        "/invitations/accept/",
        {
            "token": link[1].split("/")[2],
            "username": "zhao",
            "name": "赵宁",
            "password1": password,
            "password2": password,
        },
    )
    assert response["Location"] == "/t/qs/"
    project.refresh_from_db()
    assert project.lead == User.objects.get(username="zhao")
    address = f"/t/qs/projects/{project.pk}/checkin/"
    assert "日切提速" in lead.get("/t/qs/checkin/").text
    response = lead.post(
        address, {"text": "方案评审通过", "health": "on_track", "revision": 0, "percent": "10"}
    )
    assert response.status_code == 302
    assert StatusEntry.objects.get(project=project).author == project.lead
    assert "日切提速" in manager.get("/t/qs/").text


def lines(*said: dict[str, object]) -> dict[str, object]:
    """What the form of new projects sends."""
    data: dict[str, object] = {"p-TOTAL_FORMS": 5, "p-INITIAL_FORMS": 0}
    for number, line in enumerate(said):
        data |= {f"p-{number}-{field}": value for field, value in line.items()}
    return data


def test_expired_invitations_count_for_nobody(personas: Personas) -> None:
    Membership.objects.exclude(user=personas.manager).delete()
    past = timezone.now() - timedelta(days=15)
    guests = [invitations.Guest("late@example.com")]
    invitations.invite(personas.team, guests, role=Role.LEAD, by=personas.manager, now=past)
    assert "They are invited by mail" in personas.client("manager").get(ADDRESS).text
