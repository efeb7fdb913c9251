from __future__ import annotations

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.utils import timezone

from projects.models import Membership, Project, Role, StatusEntry, Team, User
from projects.models.teams import TeamQuerySet
from projects.teams import invitations
from tests.conftest import Personas, english_client
from tests.factories import PASSWORD, make_edition, make_team, make_user
from tests.tables import each_row


def test_home_asks_to_sign_in(db: None) -> None:
    assert Client().get("/")["Location"] == "/accounts/login/?next=/"


def test_only_team_is_opened_where_the_role_begins(personas: Personas) -> None:
    first = {"manager": "/t/pay/", "lead": "/t/pay/checkin/", "viewer": "/t/pay/weeks/latest/"}
    for name, address in first.items():
        assert personas.client(name).get("/")["Location"] == address
    latest = personas.client("viewer").get("/t/pay/weeks/latest/")
    assert latest["Location"] == "/t/pay/"  # nothing is published yet
    make_edition(personas.team)
    latest = personas.client("viewer").get("/t/pay/weeks/latest/")
    assert latest["Location"] == "/t/pay/weeks/2024-W25/"


def test_several_teams_are_offered(personas: Personas) -> None:
    Membership.objects.create(
        team=make_team("risk2", "清结算"), user=personas.viewer, role=Role.VIEWER
    )
    page = personas.client("viewer").get("/").content.decode()
    assert "支付产研" in page
    assert "清结算" in page
    assert "风控产研" not in page  # not theirs


def test_superuser_is_offered_all_teams(personas: Personas) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    page = client.get("/")
    assert [team.name for team in page.context["teams"]] == ["风控产研", "支付产研"]
    assert "风控产研" in page.content.decode()


def test_choice_is_shown_when_asked_for(personas: Personas) -> None:
    assert personas.client("viewer").get("/?choose=1").status_code == 200


def test_user_without_a_team_is_told_whom_to_ask(db: None) -> None:
    client = english_client()
    client.force_login(make_user("new"))
    page = client.get("/").text
    assert "Ask its manager to invite you" in page
    assert 'href="/teams/new/"' in page


def test_sign_in_leads_to_the_page_asked_for(personas: Personas) -> None:
    client = Client()
    data = {"username": "viewer", "password": PASSWORD, "next": "/t/pay/checkin/"}
    assert client.post("/accounts/login/", data)["Location"] == "/t/pay/checkin/"


@pytest.mark.parametrize("name", ["viewer", "nobody<b>"])
def test_wrong_password_keeps_the_name_and_says_what_to_do(personas: Personas, name: str) -> None:
    client = english_client()
    response = client.post("/accounts/login/", {"username": name, "password": "wrong", "next": "/"})
    page = response.content.decode()
    assert "Wrong user name or password." in page
    assert f'value="{name.replace("<", "&lt;").replace(">", "&gt;")}"' in page
    assert "wrong" not in page


def test_sign_in_does_not_lead_to_another_site(personas: Personas) -> None:
    data = {"username": "viewer", "password": PASSWORD, "next": "https://evil.example/"}
    assert Client().post("/accounts/login/", data)["Location"] == "/"


def test_language_is_switched_before_and_after_signing_in(personas: Personas) -> None:
    client = Client()
    assert 'lang="zh-hans"' in client.get("/accounts/login/").content.decode()
    data = {"language": "en", "next": "/accounts/login/"}
    assert client.post("/i18n/setlang/", data)["Location"] == "/accounts/login/"
    assert '<html lang="en">' in client.get("/accounts/login/").content.decode()
    client.force_login(personas.viewer)
    assert '<html lang="en">' in client.get("/?choose=1").content.decode()


def test_signing_out(personas: Personas) -> None:
    client = personas.client("viewer")
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302
    assert client.get("/")["Location"] == "/accounts/login/?next=/"


def test_content_security_policy_allows_no_inline_code(personas: Personas) -> None:
    response = personas.client("viewer").get("/?choose=1")
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    page = response.content.decode()
    assert "<style" not in page
    assert " style=" not in page


def test_missing_page_has_the_look_of_the_site(personas: Personas) -> None:
    response = personas.client("viewer").get("/t/pay/nothing/")
    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


def test_error_page_needs_no_database(db: None) -> None:
    from django.test import RequestFactory
    from django.views.defaults import server_error

    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"<html" in response.content


pytestmark = pytest.mark.usefixtures("now")
NEW, SETUP = "/teams/new/", "/t/pay/setup/"
NEW_TEAM = {
    "name": "清算产研",
    "slug": "qs",
    "language": "zh-hans",
    "time_zone": "Asia/Shanghai",
    "week_numbering": "calendar",
}


@pytest.mark.parametrize("name", ["outsider", "viewer", "manager"])
def test_any_user_founds_a_team(personas: Personas, name: str) -> None:
    client = personas.client(name)
    assert client.get(NEW).status_code == 200
    response = client.post(NEW, NEW_TEAM)
    assert response["Location"] == "/t/qs/setup/"
    assert Membership.objects.get(team__slug="qs").user == getattr(personas, name)
    assert "清算产研 is there; you are its manager." in client.get("/t/qs/setup/").text


@pytest.mark.parametrize(
    ("setting", "answers"),
    # of a user, of staff, and while there is no team
    [("anyone", (302, 302, 302)), ("staff", (403, 302, 302)), ("nobody", (403, 403, 403))],
)
def test_founding_is_a_right(
    personas: Personas, settings: LazySettings, setting: str, answers: tuple[int, int, int]
) -> None:
    settings.TEAM_FOUNDING = setting
    client = personas.client("manager")

    def found(slug: str) -> int:
        is_offered = "/teams/new/" in client.get("/?choose").text
        assert (client.get(NEW).status_code == 200) == is_offered
        answer = client.post(NEW, NEW_TEAM | {"name": slug, "slug": slug}).status_code
        assert (answer == 302) == is_offered
        return answer

    of_user = found("one")
    User.objects.filter(pk=personas.manager.pk).update(is_staff=True)
    of_staff = found("two")
    User.objects.filter(pk=personas.manager.pk).update(is_staff=False)
    with patch.object(TeamQuerySet, "exists", return_value=False):
        assert (of_user, of_staff, found("three")) == answers


@pytest.mark.parametrize(
    "name",
    [
        "去 http://evil.cn 领奖",
        "www.evil.com",
        "ｅｖｉｌ．ｃｏｍ 团队",
        "evil.example/a",
        "点evil.top领",
    ],
)
def test_team_is_named_without_links(personas: Personas, name: str) -> None:
    page = personas.client("viewer").post(NEW, NEW_TEAM | {"name": name})
    assert page.status_code == 422
    assert "A name holds no link." in page.text


@pytest.mark.parametrize(
    "name", ["清算产研 2.0", "A/B", "Node.js 组", "Ph.D", "3.5版", "e.g. 支付"]
)
def test_dots_and_slashes_are_no_links(personas: Personas, name: str) -> None:
    assert personas.client("viewer").post(NEW, NEW_TEAM | {"name": name}).status_code == 302


def test_founding_asks_to_sign_in(personas: Personas) -> None:
    assert personas.client("anonymous").post(NEW, NEW_TEAM).status_code == 401
    assert Team.objects.count() == 2


def test_numberings_are_explained_by_examples(
    personas: Personas,
) -> None:
    page = personas.client("viewer").get(NEW).text
    assert "this week is 2024-W25, the one of 2025-01-01 is 2025-W01" in page
    assert 'value="Asia/Shanghai" selected' in page
    assert 'value="en" selected' in page  # the reader's own


def test_missing_address_is_made_up(personas: Personas) -> None:
    client = personas.client("viewer")
    for _twice in range(2):
        response = client.post(NEW, NEW_TEAM | {"slug": ""})
        assert response["Location"] == "/t/team/setup/"
    assert Team.objects.count() == 3


@each_row(
    ("wrong", "message"),
    [
        ({"name": ""}, "required"),
        ({"name": "长" * 81}, "at most 80"),
        ({"slug": "pay"}, "Another team has this address."),
        ({"slug": "支付"}, "Small letters, digits and hyphens"),
        ({"slug": "../admin"}, "Small letters, digits and hyphens"),
        ({"time_zone": "Mars/Base"}, "Select a valid choice"),
        ({"week_numbering": "lunar"}, "Select a valid choice"),
        ({"language": "<script>"}, "Select a valid choice"),
    ],
)
def test_wrong_new_team_is_marked_and_kept_in_the_form(
    personas: Personas, wrong: dict[str, str], message: str
) -> None:
    response = personas.client("viewer").post(NEW, NEW_TEAM | wrong)
    assert response.status_code == 422
    assert message in response.text
    assert 'aria-invalid="true"' in response.text
    assert "<script>" not in response.text
    if "name" not in wrong:
        assert 'value="清算产研"' in response.text
    assert Team.objects.count() == 2


def test_name_is_put_on_one_line(personas: Personas) -> None:
    personas.client("viewer").post(NEW, NEW_TEAM | {"name": " 清算\r\n产研\t<b> "})
    assert Team.objects.get(slug="qs").name == "清算 产研 <b>"


def test_from_an_empty_database_to_the_first_check_in(db: None) -> None:
    """What the issue asks for: cycle, objective, project, an invited lead, their first update."""
    manager = english_client()
    manager.force_login(make_user("wang", "王敏"))
    assert 'href="/teams/new/"' in manager.get("/").text
    about = {"name": "清算产研", "language": "zh-hans", "time_zone": "Asia/Shanghai"}
    response = manager.post("/teams/new/", about | {"slug": "qs", "week_numbering": "iso"})
    assert response["Location"] == "/t/qs/setup/"
    assert "/t/qs/setup/" in manager.get("/t/qs/").text  # the empty dashboard leads there

    project = begin_project(manager, Team.objects.get(slug="qs"))
    lead = join_as_lead(manager)

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


def begin_project(manager: Client, team: Team) -> Project:
    """A cycle, its objective, and a project whose lead has no account yet."""
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
    return project


def join_as_lead(manager: Client) -> Client:
    """The browser of the project's lead, who was invited by mail and accepted."""
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
    return lead


def lines(*typed: dict[str, object]) -> dict[str, object]:
    """What the form of new projects sends."""
    data: dict[str, object] = {"p-TOTAL_FORMS": 5, "p-INITIAL_FORMS": 0}
    for number, line in enumerate(typed):
        data |= {f"p-{number}-{field}": value for field, value in line.items()}
    return data


def test_expired_invitations_do_not_count_as_members(personas: Personas) -> None:
    Membership.objects.exclude(user=personas.manager).delete()
    past = timezone.now() - timedelta(days=15)
    guests = [invitations.Guest("late@example.com")]
    invitations.invite(personas.team, guests, role=Role.LEAD, by=personas.manager, now=past)
    assert "They are invited by mail" in personas.client("manager").get(SETUP).text
