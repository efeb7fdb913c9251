from __future__ import annotations

import pytest
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from projects.models import AuditRecord, Language, Membership, Role, Team, User
from reports.digest import recipients
from reports.digest.recipients import Gone, Recipient, UnknownToken
from reports.models import Subscriber
from tests.conftest import Personas
from tests.factories import NOW, make_subscriber, make_team, make_user, recipient_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def member(team: Team, username: str, email: str, **values: object) -> Membership:
    user = make_user(username, username.title(), team, Role.VIEWER)
    User.objects.filter(pk=user.pk).update(email=email)
    Membership.objects.filter(user=user).update(**values)
    return Membership.objects.select_related("team", "user").get(user=user)


def addresses(team: Team) -> list[str]:
    return [recipient.address for recipient in recipients.recipients_of(team)]


# --- who gets it


def test_members_who_want_it_and_confirmed_subscribers(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    team = make_team()
    zhao = member(team, "zhao", "Zhao@Example.com")
    member(team, "qian", "qian@example.com", gets_digest=False)
    member(team, "sun", "")
    gone = member(team, "li", "li@example.com").user
    User.objects.filter(pk=gone.pk).update(is_active=False)
    jane = make_subscriber(team, "jane@example.com", "Jane", language=Language.ENGLISH)
    make_subscriber(team, "asked@example.com", confirmed_at=None)
    make_subscriber(make_team("risk"), "elsewhere@example.com")
    for field in ("unsubscribed_at", "removed_at"):
        subscriber = make_subscriber(team, f"{field}@example.com")
        Subscriber.objects.filter(pk=subscriber.pk).update(**{field: NOW})
    with django_assert_num_queries(2):
        listed = recipients.recipients_of(team)
    assert listed == [
        Recipient("zhao@example.com", "Zhao", "zh-hans", membership_id=zhao.pk),
        Recipient("jane@example.com", "Jane", "en", subscriber_id=jane.pk),
    ]


def test_each_address_once_and_the_member_wins() -> None:
    team = make_team()
    first = member(team, "zhao", "zhao@example.com")
    member(team, "zhao2", "ZHAO@example.com")
    make_subscriber(team, "zhao@example.com")
    assert [recipient.membership_id for recipient in recipients.recipients_of(team)] == [first.pk]


def test_a_member_who_wants_none_gets_none_as_a_subscriber_either() -> None:
    team = make_team()
    member(team, "zhao", "zhao@example.com", gets_digest=False)
    make_subscriber(team, "zhao@example.com")
    assert addresses(team) == []


def test_one_of_two_accounts_is_enough_to_get_the_digest() -> None:
    team = make_team()
    member(team, "zhao", "zhao@example.com", gets_digest=False)
    member(team, "zhao2", "zhao@example.com")
    assert addresses(team) == ["zhao@example.com"]


@pytest.mark.parametrize("count", [5, 200])
def test_recipients_take_two_queries(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    team = make_team()
    Subscriber.objects.bulk_create(
        Subscriber(team=team, email=f"reader{n}@example.com", confirmed_at=NOW)
        for n in range(count)
    )
    with django_assert_num_queries(2):
        assert len(recipients.recipients_of(team)) == count


# --- the link


def test_link_names_nobody_and_survives_a_change_of_address() -> None:
    team = make_team()
    zhao = member(team, "zhao", "zhao@example.com")
    url = recipients.unsubscribe_url(recipient_of(zhao))
    token = url.removeprefix("https://okr.example.com/subscription/").removesuffix("/")
    assert "zhao" not in url
    User.objects.update(email="other@example.com")
    assert url == recipients.unsubscribe_url(recipient_of(zhao))
    assert recipients.find(token).address == "other@example.com"


def test_a_token_is_for_one_reader_and_made_here_only() -> None:
    team = make_team()
    zhao, jane = member(team, "zhao", "zhao@example.com"), make_subscriber(team)
    token = recipients.token_of(recipient_of(zhao))
    assert token != recipients.token_of(recipient_of(jane))
    other = f"s{token[1:]}"
    for wrong in (other, token[:-1], token + "x", token.upper(), "", "m1", "m1.x", "." * 9):
        with pytest.raises(UnknownToken):
            recipients.find(wrong)
    with override_settings(SECRET_KEY="another"), pytest.raises(UnknownToken):
        recipients.find(token)
    with pytest.raises(ValueError, match="neither"):
        recipients.token_of(Recipient("a@example.com", "", "en"))


def test_link_of_a_member_who_left_is_gone() -> None:
    zhao = member(make_team(), "zhao", "zhao@example.com")
    token = recipients.token_of(recipient_of(zhao))
    zhao.delete()
    for call in (recipients.find, recipients.unsubscribe, recipients.resubscribe):
        with pytest.raises(Gone):
            call(token)


def test_a_member_goes_and_comes_back() -> None:
    team = make_team()
    zhao = member(team, "zhao", "zhao@example.com")
    token = recipients.token_of(recipient_of(zhao))
    assert recipients.find(token).is_on
    for _ in range(2):
        recipient = recipients.unsubscribe(token)
        assert (recipient.is_on, recipient.is_off) == (False, True)
        assert addresses(team) == []
    assert recipients.resubscribe(token).is_on
    assert addresses(team) == ["zhao@example.com"]
    noted = AuditRecord.objects.values_list("action", "subject", "after")
    assert list(noted.order_by("pk")) == [
        ("member.digest", "Zhao", {"gets_digest": False}),
        ("member.digest", "Zhao", {"gets_digest": True}),
    ]


def test_unsubscribing_ends_one_team_only() -> None:
    team, other = make_team(), make_team("risk")
    zhao = member(team, "zhao", "zhao@example.com")
    Membership.objects.create(team=other, user=zhao.user, role=Role.LEAD)
    recipients.unsubscribe(recipients.token_of(recipient_of(zhao)))
    assert addresses(team) == []
    assert addresses(other) == ["zhao@example.com"]


def test_a_subscriber_goes_once_and_comes_back() -> None:
    team = make_team()
    jane = make_subscriber(team, "jane@example.com")
    token = recipients.token_of(recipient_of(jane))
    for _ in range(2):
        assert recipients.unsubscribe(token, NOW).is_off
    jane.refresh_from_db()
    assert (jane.unsubscribed_at, addresses(team)) == (NOW, [])
    assert recipients.resubscribe(token).is_on
    assert recipients.resubscribe(token).is_on
    assert addresses(team) == ["jane@example.com"]
    actions = AuditRecord.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["subscriber.unsubscribe", "subscriber.come_back"]


def test_person_who_was_asked_can_decline_and_come_back_by_the_link() -> None:
    team = make_team()
    jane = make_subscriber(team, "jane@example.com", confirmed_at=None)
    token = recipients.token_of(recipient_of(jane))
    asked = recipients.find(token)
    assert not asked.is_on
    assert not asked.is_off
    assert recipients.unsubscribe(token).is_off
    assert recipients.resubscribe(token, NOW).is_on
    jane.refresh_from_db()
    assert jane.confirmed_at == NOW


def test_removed_subscriber_cannot_come_back_alone() -> None:
    team = make_team()
    jane = make_subscriber(team, "jane@example.com")
    Subscriber.objects.update(removed_at=NOW)
    token = recipients.token_of(recipient_of(jane))
    assert recipients.unsubscribe(token).is_off
    back = recipients.resubscribe(token)
    assert (back.is_on, back.is_off, back.is_removed) == (False, False, True)
    assert addresses(team) == []
    jane.refresh_from_db()
    assert jane.unsubscribed_at is None  # the team may ask again


def test_own_choice_is_traced_once(personas: Personas) -> None:
    mine = Membership.objects.get(user=personas.lead)
    for _ in range(2):
        recipients.choose(mine, gets_digest=False, by=personas.lead)
    assert AuditRecord.objects.get().by == personas.lead
    mine.refresh_from_db()
    assert not mine.gets_digest


@pytest.mark.parametrize(
    ("address", "shown"),
    [("lin@example.com", "l***@example.com"), ("@example.com", "***@example.com"), ("", "***")],
)
def test_masked_address_is_recognised_by_its_owner(address: str, shown: str) -> None:
    assert recipients.masked(address) == shown
