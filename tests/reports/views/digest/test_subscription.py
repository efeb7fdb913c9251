"""What the links in mails open, without signing in."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from projects.models import Language, Membership, User
from projects.teams.invitations import Guest
from reports.digest import recipients, subscribers
from reports.models import Subscriber
from tests.conftest import Personas, english_client
from tests.factories import NOW, make_subscriber, recipient_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


# --- subscription


ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def subscriber(personas: Personas) -> Subscriber:
    return make_subscriber(personas.team, "jane@example.com", "Jane", language=Language.ENGLISH)


def address(reader: Subscriber | Membership) -> str:
    return f"/subscription/{recipients.token_of(recipient_of(reader))}/"


def is_on(personas: Personas) -> bool:
    return bool(recipients.recipients_of(personas.team))


def test_page_names_team_and_masked_address_only(
    personas: Personas, subscriber: Subscriber
) -> None:
    response = Client().get(address(subscriber))
    assert response.status_code == 200
    assert "j***@example.com gets it by mail every week." in response.text
    assert "支付产研" in response.text
    for secret in ("jane@", "Jane", "林岚", "贝易转", "/t/pay/"):
        assert secret not in response.text


def test_reading_changes_nothing(personas: Personas, subscriber: Subscriber) -> None:
    client = Client()
    for query in ("", "?List-Unsubscribe=One-Click", "?wanted=no"):
        client.get(address(subscriber) + query)
        client.head(address(subscriber) + query)
    assert is_on(personas)


@pytest.mark.parametrize("body", [ONE_CLICK, {}, {"wanted": "no"}], ids=str)
def test_post_ends_the_subscription(
    personas: Personas, subscriber: Subscriber, body: dict[str, str]
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.post(address(subscriber), body)
    assert not is_on(personas)


def test_one_click_of_rfc_8058_ends_the_subscription(
    personas: Personas, subscriber: Subscriber
) -> None:
    strict = Client(enforce_csrf_checks=True)
    for content_type in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        body = "List-Unsubscribe=One-Click"
        if "multipart" in content_type:
            body = (
                '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
                "One-Click\r\n--x--\r\n"
            )
        response = strict.post(address(subscriber), body, content_type=content_type)
        assert response.status_code == 200  # no redirect, which a mail program need not follow
        assert not response.cookies
        assert "j***@example.com is unsubscribed" in response.text
        assert "<form" not in response.text
        assert len(response.content) < 3000
    assert not is_on(personas)
    assert Subscriber.objects.get().unsubscribed_at == NOW


def test_reader_unsubscribes_and_comes_back_by_buttons(
    personas: Personas, subscriber: Subscriber
) -> None:
    client = Client(enforce_csrf_checks=True)
    path = address(subscriber)
    gone = client.post(path, {"wanted": "no"}, follow=True)
    assert gone.redirect_chain == [(path, 302)]
    assert "Subscribe again" in gone.text
    back = client.post(path, {"wanted": "yes"}, follow=True)
    assert "gets it by mail every week" in back.text
    assert is_on(personas)


def test_member_unsubscribes_without_signing_in(personas: Personas) -> None:
    User.objects.filter(pk=personas.lead.pk).update(email="lead@example.com")
    mine = Membership.objects.select_related("team", "user").get(user=personas.lead)
    client = Client()
    assert "l***@example.com" in client.get(address(mine)).text
    assert client.post(address(mine), ONE_CLICK).status_code == 200
    assert not is_on(personas)
    assert not client.session.keys()


def test_person_who_was_asked_can_decline_for_good(
    personas: Personas, subscriber: Subscriber
) -> None:
    Subscriber.objects.update(confirmed_at=None)
    client = Client()
    assert "Until you say yes, nothing comes." in client.get(address(subscriber)).text
    page = client.post(address(subscriber), {"wanted": "no"}, follow=True).text
    assert "is unsubscribed" in page
    assert Subscriber.objects.get().unsubscribed_at == NOW


def test_removed_subscriber_is_told(personas: Personas, subscriber: Subscriber) -> None:
    Subscriber.objects.update(removed_at=NOW)
    client = Client()
    assert "off its list" in client.get(address(subscriber)).text
    client.post(address(subscriber), {"wanted": "yes"})
    assert not is_on(personas)
    never = client.post(address(subscriber), {"wanted": "no"}, follow=True).text
    assert "Let the team ask me again" in never


def test_page_is_in_the_readers_language_unless_they_chose(
    personas: Personas, subscriber: Subscriber
) -> None:
    assert '<html lang="en">' in Client().get(address(subscriber)).text
    Subscriber.objects.update(language="zh-hans")
    chinese = Client().get(address(subscriber))
    assert '<html lang="zh-hans">' in chinese.text
    assert chinese["Content-Language"] == "zh-hans"
    assert '<html lang="en">' in english_client().get(address(subscriber)).text


def test_address_of_the_page_is_sent_to_no_other_site(
    personas: Personas, subscriber: Subscriber
) -> None:
    for response in (
        Client().get(address(subscriber)),
        Client().post(address(subscriber), ONE_CLICK),
        Client().get("/subscription/x/"),
    ):
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex"
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response.text


@pytest.mark.parametrize("token", ["x", "m1.x", "s1", "<script>", "..%2F", "%00", "9" * 3000])
@pytest.mark.parametrize("method", ["get", "post"])
def test_broken_link_explains_what_to_do(personas: Personas, token: str, method: str) -> None:
    response = getattr(english_client(), method)(f"/subscription/{token}/")
    assert response.status_code == 404
    assert "<script>" not in response.text
    if token not in ("..%2F", "%00"):  # no address of ours
        assert "This link is incomplete" in response.text


def test_link_of_somebody_who_left_says_so(personas: Personas) -> None:
    mine = Membership.objects.select_related("team", "user").get(user=personas.lead)
    path = address(mine)
    mine.delete()
    client = english_client()
    assert "You get no more mails" in client.get(path).text
    assert client.post(path, ONE_CLICK).status_code == 200


# --- subscription_confirm


@pytest.fixture
def subscriber_to_confirm(personas: Personas) -> Subscriber:
    guest = Guest("jane@example.com", "Jane")
    return subscribers.add(personas.team, [guest], "en", by=personas.manager)[0]


def address_to_confirm(subscriber_to_confirm: Subscriber) -> str:
    return f"/subscription/confirm/{subscribers.token_of(subscriber_to_confirm)}/"


def test_only_the_button_confirms(personas: Personas, subscriber_to_confirm: Subscriber) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get(address_to_confirm(subscriber_to_confirm))
    assert "林岚 would like to send it to j***@example.com." in page.text
    assert "jane@" not in page.text
    assert not is_on(personas)
    response = client.post(address_to_confirm(subscriber_to_confirm), follow=True)
    assert "Thank you. From now on j***@example.com gets it" in response.text
    assert is_on(personas)
    client.post(address_to_confirm(subscriber_to_confirm))
    assert is_on(personas)


def test_an_old_link_says_so(personas: Personas, subscriber_to_confirm: Subscriber) -> None:
    path = address_to_confirm(subscriber_to_confirm)
    with time_machine.travel(NOW + timedelta(days=15), tick=False):
        for response in (english_client().get(path), english_client().post(path)):
            assert response.status_code == 410
            assert "This link has expired" in response.text
            assert "支付产研" not in response.text
    assert not is_on(personas)


def test_removed_person_confirms_nothing(
    personas: Personas, subscriber_to_confirm: Subscriber
) -> None:
    subscribers.remove(subscriber_to_confirm, by=personas.manager)
    for response in (
        english_client().get(address_to_confirm(subscriber_to_confirm)),
        english_client().post(address_to_confirm(subscriber_to_confirm)),
    ):
        assert "no longer on this team" in response.text
    assert not is_on(personas)


def test_unsubscribed_person_is_asked_whether_to_come_back(
    personas: Personas, subscriber_to_confirm: Subscriber
) -> None:
    recipients.unsubscribe(recipients.token_of(recipients.reader_of(subscriber_to_confirm)))
    client = Client()
    assert (
        "was unsubscribed. Do you want it again?"
        in client.get(address_to_confirm(subscriber_to_confirm)).text
    )
    client.post(address_to_confirm(subscriber_to_confirm))
    assert is_on(personas)


def test_in_the_readers_language(personas: Personas, subscriber_to_confirm: Subscriber) -> None:
    assert '<html lang="en">' in Client().get(address_to_confirm(subscriber_to_confirm)).text
    Subscriber.objects.update(language="zh-hans")
    assert '<html lang="zh-hans">' in Client().get(address_to_confirm(subscriber_to_confirm)).text


@pytest.mark.parametrize("token", ["x", "1.x.y", "<script>", "9" * 3000])
@pytest.mark.parametrize("method", ["get", "post"])
def test_broken_confirmation_link_explains_what_to_do(
    personas: Personas, token: str, method: str
) -> None:
    response = getattr(english_client(), method)(f"/subscription/confirm/{token}/")
    assert response.status_code == 404
    assert "This link is incomplete" in response.text
    assert "<script>" not in response.text
    assert response["Referrer-Policy"] == "no-referrer"
