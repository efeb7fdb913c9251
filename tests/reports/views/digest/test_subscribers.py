"""The list of who gets the digest, for managers."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core import mail
from django.http import HttpResponse
from pytest_django import DjangoCaptureOnCommitCallbacks

from projects.models import Membership, User
from reports import tasks
from reports.digest import recipients, subscribers
from reports.digest.subscribers import Refusal, Refused
from reports.models import SendState, Subscriber
from tests.conftest import Personas
from tests.factories import NOW, make_subscriber

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


# --- subscriber_list


LIST = "/t/pay/settings/subscribers/"


def test_list_shows_the_state_of_each(personas: Personas) -> None:
    User.objects.filter(pk=personas.lead.pk).update(email="lead@example.com")
    User.objects.filter(pk=personas.viewer.pk).update(email="viewer@example.com")
    Membership.objects.filter(user=personas.viewer).update(gets_digest=False)
    make_subscriber(personas.team, "yes@example.com", "李威")
    gone = make_subscriber(personas.team, "gone@example.com")
    Subscriber.objects.filter(pk=gone.pk).update(unsubscribed_at=NOW)
    away = make_subscriber(personas.team, "removed@example.com")
    Subscriber.objects.filter(pk=away.pk).update(removed_at=NOW)
    old = make_subscriber(personas.team, "old@example.com", confirmed_at=None)
    weeks_ago = NOW - timedelta(days=20)
    Subscriber.objects.filter(pk=old.pk).update(
        wanted_at=weeks_ago, sent_at=weeks_ago, state="sent"
    )
    page = " ".join(personas.client("manager").get(LIST).text.split())
    for words in (
        "2 people get the weekly digest by mail",
        "yes@example.com · gets it, said yes on Jun 19",
        "unsubscribed on Jun 19; only they can come back",
        "asked on May 30; the link holds no more",
        "does not want it",
        "no mail address",
        "50 more today.",
        'aria-label="Ask old@example.com again"',
    ):
        assert words in page
    assert "removed@example.com" not in page
    assert 'aria-label="Ask yes@example.com again"' not in page
    assert 'aria-label="Remove gone@example.com"' not in page


def test_hostile_names_are_escaped(personas: Personas) -> None:
    make_subscriber(personas.team, name="<script>alert(1)</script>")
    page = personas.client("manager").get(LIST).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_long_list_is_paged_and_searched(personas: Personas) -> None:
    Subscriber.objects.bulk_create(
        Subscriber(team=personas.team, email=f"reader{n:03}@example.com", confirmed_at=NOW)
        for n in range(60)
    )
    client = personas.client("manager")
    first = client.get(LIST).text
    assert "reader049@" in first
    assert "reader050@" not in first
    assert "?outside=2#main" in first
    assert "reader050@" in client.get(f"{LIST}?outside=2").text
    searched = client.get(f"{LIST}?q=reader055").text
    assert "reader055@" in searched
    assert "reader054@" not in searched
    assert "No matches." in client.get(f"{LIST}?q=nobody").text


@pytest.mark.parametrize("persona", ["lead", "other_lead", "viewer"])
def test_addresses_are_for_managers(personas: Personas, persona: str) -> None:
    make_subscriber(personas.team)
    response = personas.client(persona).get(LIST)
    assert response.status_code == 403
    assert "wai@example.com" not in response.text


# --- subscriber_add


ADD = "/t/pay/settings/subscribers/add/"
PASTED = "李威 <liwei@example.com>, Zhao@example.com；\nJane Doe jane@example.com\n\n"


def add(
    personas: Personas, addresses: str, language: str = "zh-hans", persona: str = "manager"
) -> HttpResponse:
    data = {"addresses": addresses, "language": language}
    response: HttpResponse = personas.client(persona).post(ADD, data)  # type: ignore[assignment]
    return response


def test_pasted_people_are_asked(
    personas: Personas, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with (
        patch.object(tasks.ask_subscribers, "apply_async", tasks.ask_subscribers.apply),
        django_capture_on_commit_callbacks(execute=True),
    ):
        response = add(personas, PASTED, "en")
    assert response.status_code == 302
    assert response["Location"] == "/t/pay/settings/subscribers/"
    asked_people = Subscriber.objects.order_by("pk").values_list("email", "name", "language")
    assert list(asked_people) == [
        ("liwei@example.com", "李威", "en"),
        ("zhao@example.com", "", "en"),
        ("jane@example.com", "Jane Doe", "en"),
    ]
    assert len(mail.outbox) == 3


def test_bad_address_is_marked_and_the_input_stays(personas: Personas) -> None:
    gone = make_subscriber(personas.team, "gone@example.com")
    Subscriber.objects.filter(pk=gone.pk).update(unsubscribed_at=gone.confirmed_at)
    typed = "liwei@example.com\n赵敏\nnobody@\ngone@example.com"
    response = add(personas, typed, "en")
    assert response.status_code == 422
    for words in (
        "赵敏: there is no mail address in it",
        "nobody@: this is no mail address",
        "gone@example.com: has unsubscribed; only they can come back",
        typed,
        '<option value="en" selected>',
        'aria-invalid="true"',
    ):
        assert words in response.text
    assert Subscriber.objects.count() == 1


def test_empty_list_is_refused(personas: Personas) -> None:
    assert add(personas, " ").status_code == 422
    assert add(personas, "jane@example.com", "fr").status_code == 422
    assert not Subscriber.objects.exists()


def test_address_added_by_another_meanwhile_is_refused(personas: Personas) -> None:
    refusal = Refused({"jane@example.com": Refusal.IS_ON_LIST})
    with patch.object(subscribers, "add", side_effect=refusal):
        response = add(personas, "jane@example.com")
    assert response.status_code == 422
    assert "jane@example.com: is on the list already" in response.text


def test_limit_of_the_day_is_shown(personas: Personas) -> None:
    response = add(personas, "\n".join(f"reader{n}@example.com" for n in range(51)))
    assert response.status_code == 422
    assert "reader50@example.com: is more than can be asked today" in response.text


@pytest.mark.parametrize("persona", ["lead", "viewer"])
def test_only_managers_ask(personas: Personas, persona: str) -> None:
    assert add(personas, "jane@example.com", persona=persona).status_code == 403
    assert not Subscriber.objects.exists()


# --- subscriber_resend


@pytest.fixture
def subscriber(personas: Personas) -> Subscriber:
    added = make_subscriber(personas.team, "jane@example.com", confirmed_at=None)
    added.wanted_at = added.sent_at = NOW - timedelta(days=1)
    added.state = SendState.SENT
    added.times_wanted = 1
    added.save()
    return added


def address(subscriber: Subscriber) -> str:
    return f"/t/pay/settings/subscribers/{subscriber.pk}/resend/"


def test_subscriber_is_asked_again(personas: Personas, subscriber: Subscriber) -> None:
    response = personas.client("manager").post(address(subscriber), follow=True)
    assert "The mail to jane@example.com goes out again." in response.text
    subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.times_wanted) == (SendState.PENDING, 2)


def test_subscriber_is_not_asked_twice_in_an_hour(
    personas: Personas, subscriber: Subscriber
) -> None:
    client = personas.client("manager")
    client.post(address(subscriber))
    response = client.post(address(subscriber))
    assert response.status_code == 422
    assert "jane@example.com: was asked less than an hour ago" in response.text


def test_subscriber_is_not_asked_a_fourth_time(personas: Personas, subscriber: Subscriber) -> None:
    Subscriber.objects.update(times_wanted=3)
    response = personas.client("manager").post(address(subscriber))
    assert response.status_code == 422
    assert "three times without an answer" in response.text


@pytest.mark.parametrize("persona", ["lead", "viewer", "outsider"])
def test_only_managers_ask_resend(personas: Personas, subscriber: Subscriber, persona: str) -> None:
    assert personas.client(persona).post(address(subscriber)).status_code in (403, 404)
    subscriber.refresh_from_db()
    assert subscriber.state == SendState.SENT


# --- subscriber_remove


def address_to_remove(subscriber: Subscriber) -> str:
    return f"/t/pay/settings/subscribers/{subscriber.pk}/remove/"


def test_removed_subscriber_is_off_the_list(personas: Personas) -> None:
    reader = make_subscriber(personas.team, "jane@example.com")
    client = personas.client("manager")
    response = client.post(address_to_remove(reader), follow=True)
    assert "jane@example.com is off the list." in response.text
    assert recipients.recipients_of(personas.team) == []
    assert client.post(address_to_remove(reader)).status_code == 302


def test_unsubscribed_person_stays_on_the_list(personas: Personas) -> None:
    reader = make_subscriber(personas.team, "jane@example.com")
    Subscriber.objects.update(unsubscribed_at=NOW)
    response = personas.client("manager").post(address_to_remove(reader))
    assert response.status_code == 422
    assert "jane@example.com unsubscribed and gets nothing." in response.text
    reader.refresh_from_db()
    assert reader.removed_at is None


@pytest.mark.parametrize("persona", ["lead", "viewer", "outsider"])
def test_only_managers_remove(personas: Personas, persona: str) -> None:
    reader = make_subscriber(personas.team)
    assert personas.client(persona).post(address_to_remove(reader)).status_code in (403, 404)
    assert len(recipients.recipients_of(personas.team)) == 1
