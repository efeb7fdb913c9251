from __future__ import annotations

from unittest.mock import patch

import pytest

from okrtracker import broker
from projects import tasks
from projects.models import Invitation, User
from projects.teams import invitations
from tests.conftest import Personas

pytestmark = pytest.mark.usefixtures("now")
ADDRESS = "/t/pay/members/invite/"
ONE = {"people": "赵宁 <Zhao@example.com>", "role": "lead"}


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_managers_invite(personas: Personas, name: str, status: int) -> None:
    assert personas.client(name).post(ADDRESS, ONE).status_code == status
    assert not Invitation.objects.exists()


def test_one_is_invited_and_the_mail_queued(personas: Personas) -> None:
    client = personas.client("manager")
    with patch.object(broker, "publish_on_commit") as enqueued:
        assert client.post(ADDRESS, ONE)["Location"] == "/t/pay/members/"
    enqueued.assert_called_once_with(tasks.send_invitations, personas.team.pk)
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.name) == ("zhao@example.com", "赵宁")
    assert "1 person is invited." in client.get("/t/pay/members/").text


def test_a_pasted_list_is_read_as_people_write_it(personas: Personas) -> None:
    people = "赵宁 zhao@example.com\r\n\r\nsun@example.com；钱进（qian@example.com）, "
    people += '"Li, Wei" <li@example.com>\nzhao@example.com 赵宁'
    personas.client("manager").post(ADDRESS, {"people": people, "role": "viewer"})
    told = dict(Invitation.objects.values_list("email", "name"))
    assert told == {
        "zhao@example.com": "赵宁",
        "sun@example.com": "",
        "qian@example.com": "钱进",
        "li@example.com": "Li, Wei",
    }


def test_sent_twice_is_invited_once(personas: Personas) -> None:
    client = personas.client("manager")
    for _twice in range(2):
        assert client.post(ADDRESS, ONE).status_code == 302
    assert Invitation.objects.count() == 1
    assert "had an open invitation already" in client.get("/t/pay/members/").text


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nobody", "nobody: there is no mail address in it"),
        ("wrong@", "wrong@: this is no mail address"),
        ("a@b.cn c@d.cn", "there is more than one address in it"),
        ("xu@example.com", "is a member of the team already"),
        ("<script>@x", "there is no mail address in it"),
        ("长" * 81 + " a@example.com", "this is too long"),
    ],
)
def test_a_bad_line_is_named_and_the_good_ones_stay(
    personas: Personas, line: str, message: str
) -> None:
    User.objects.filter(pk=personas.lead.pk).update(email="Xu@Example.com")
    people = f"zhao@example.com\n{line}"
    response = personas.client("manager").post(ADDRESS, {"people": people, "role": "lead"})
    assert response.status_code == 422
    assert message in response.text
    assert "zhao@example.com" in response.text
    assert "<script>" not in response.text
    assert 'aria-invalid="true"' in response.text
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"people": "", "role": "lead"}, "required"),
        ({"people": "a@example.com", "role": "king"}, "Select a valid choice"),
        ({"people": "x" * 60_001, "role": "lead"}, "at most 60000"),
    ],
)
def test_what_is_wrong_is_marked(personas: Personas, said: dict[str, str], message: str) -> None:
    response = personas.client("manager").post(ADDRESS, said)
    assert response.status_code == 422
    assert message in response.text


def test_a_day_has_its_limit(personas: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "LIMIT_A_DAY", 2)
    people = "a@example.com\nb@example.com\nc@example.com"
    response = personas.client("manager").post(ADDRESS, {"people": people, "role": "lead"})
    assert response.status_code == 422
    assert "Today you can invite 2 more people." in response.text
    assert not Invitation.objects.exists()
