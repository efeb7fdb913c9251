"""The digest mail before it goes out, and a member's choice whether to get it."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from projects.models import AuditRecord, Membership, User
from reports.digest import recipients
from reports.digest.previews import TESTS
from reports.models import Delivery
from reports.pages.publish import Publication, publish_week
from tests.conftest import Personas
from tests.factories import (
    NOW,
    WEEK,
    make_entry,
    make_metric,
    make_question,
    make_reading,
    recipient_of,
)
from tests.html import opened_json

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


# --- digest_preview


ADDRESS = "/t/pay/weeks/2024-W25/digest/"


def test_preview_shows_the_draft_before_publishing(personas: Personas) -> None:
    make_entry(personas.project, text="联调完成", percent=60)
    page = personas.client("manager").get(ADDRESS)
    assert page.status_code == 200
    shown = page.context["preview"]
    assert shown.edition is None
    assert page.context["text"].startswith("草稿：本页尚未发布")
    assert "draft, not published" in page.content.decode()
    assert "联调完成" in page.context["text"]


def test_preview_shows_the_latest_edition_after_publishing(personas: Personas) -> None:
    make_entry(personas.project, text="联调完成", percent=60)
    publish_week(personas.team, WEEK, Publication(by=personas.manager))
    page = personas.client("manager").get(ADDRESS)
    assert page.context["preview"].edition.number == 1
    assert "草稿" not in page.context["text"]


def test_preview_shows_a_correction_that_is_not_published_yet(personas: Personas) -> None:
    make_entry(personas.project, text="联调完成", percent=60)
    publish_week(personas.team, WEEK, Publication(by=personas.manager))
    page = personas.client("manager").get(f"{ADDRESS}?draft=1")
    assert page.context["preview"].edition is None
    assert page.context["text"].startswith("草稿")
    assert "draft=1" in page.context["query"]


def test_preview_says_sender_number_of_recipients_and_size(personas: Personas) -> None:
    personas.lead.email = "lead@example.com"
    personas.lead.save()
    page = personas.client("manager").get(ADDRESS)
    html = page.content.decode()
    assert "OKR Tracker &lt;okrtracker@localhost&gt;" in html
    assert "1 recipient" in html
    assert 0 < page.context["size"] < 102_000


def test_preview_as_a_lead_shows_what_they_owe(personas: Personas) -> None:
    make_question(personas.project, personas.manager)
    client = personas.client("manager")
    page = client.get(ADDRESS)
    assert [debtor.name for debtor in page.context["preview"].debtors] == ["许澄"]
    assert "待办" not in page.context["text"]
    lead = Membership.objects.get(user=personas.lead)
    page = client.get(f"{ADDRESS}?as={lead.pk}")
    assert "你有 2 件事待办" in page.context["text"]
    assert f"as={lead.pk}" in page.context["query"]


def test_preview_in_the_other_language(personas: Personas) -> None:
    page = personas.client("manager").get(f"{ADDRESS}?language=en")
    assert "Weekly report 2024-W25" in page.context["text"]


def test_unknown_parameters_are_ignored(personas: Personas) -> None:
    page = personas.client("manager").get(f"{ADDRESS}?language=xx&look=loud&as=nobody")
    assert page.status_code == 200
    assert page.context["preview"].look == "light"


def test_a_week_without_a_page_has_no_mail(personas: Personas) -> None:
    assert personas.client("manager").get("/t/pay/weeks/2024-W30/digest/").status_code == 404


# --- digest_preview_html


HTML_ADDRESS = "/t/pay/weeks/2024-W25/digest/html/"


def test_html_may_be_framed_here_and_loads_nothing(personas: Personas) -> None:
    answer = personas.client("manager").get(HTML_ADDRESS)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_html_holds_its_pictures(personas: Personas) -> None:
    from datetime import date

    metric = make_metric(personas.team)
    make_reading(metric, "99.98", date(2024, 6, 10))
    make_reading(metric, "99.99")
    html = personas.client("manager").get(HTML_ADDRESS).content.decode()
    assert 'src="data:image/png;base64,' in html
    assert "cid:" not in html


@pytest.mark.parametrize(
    ("look", "media"), [("light", "not all"), ("phone", "not all"), ("dark", "all")]
)
def test_html_is_shown_by_day_and_by_night(personas: Personas, look: str, media: str) -> None:
    make_entry(personas.project)
    html = personas.client("manager").get(f"{HTML_ADDRESS}?look={look}").content.decode()
    assert f"@media {media}" in html
    assert "prefers-color-scheme" not in html


def test_a_week_without_a_page_has_no_mail_html(personas: Personas) -> None:
    address = "/t/pay/weeks/2024-W30/digest/html/"
    assert personas.client("manager").get(address).status_code == 404


# --- digest_test


TEST_ADDRESS = "/t/pay/weeks/2024-W25/digest/test/"


@pytest.fixture
def reachable(personas: Personas, now: None) -> None:
    personas.manager.email = "lin@example.com"
    personas.manager.save()


def messages_after_test(personas: Personas, **data: str) -> list[str]:
    answer = personas.client("manager").post(TEST_ADDRESS, data, follow=True)
    assert answer.status_code == 200
    return [str(message) for message in answer.context["messages"]]


@pytest.mark.usefixtures("reachable")
def test_copy_is_sent_to_the_manager_alone(personas: Personas) -> None:
    assert messages_after_test(personas) == ["Sent to lin@example.com."]
    (sent,) = mail.outbox
    assert sent.to == ["lin@example.com"]
    assert sent.subject.startswith("[测试] 支付产研周报 2024-W25：")
    assert sent.message()["List-Unsubscribe"].startswith("<https://okr.example.com/subscription/")
    assert not Delivery.objects.exists()
    assert AuditRecord.objects.filter(action="digest.test", by=personas.manager).count() == 1


@pytest.mark.usefixtures("reachable")
def test_copy_is_in_the_language_that_is_shown(personas: Personas) -> None:
    messages_after_test(personas, language="en")
    assert mail.outbox[0].subject.startswith("[Test] 支付产研 weekly 2024-W25:")


@pytest.mark.usefixtures("reachable")
def test_manager_without_address_gets_no_copy(personas: Personas) -> None:
    personas.manager.email = ""
    personas.manager.save()
    assert messages_after_test(personas) == ["Your account has no mail address to send a test to."]
    assert not mail.outbox


@pytest.mark.usefixtures("reachable")
def test_copies_are_limited_by_the_hour(personas: Personas) -> None:
    client = personas.client("manager")
    for _ in range(TESTS):
        client.post(TEST_ADDRESS)
    assert len(mail.outbox) == TESTS
    client.post(TEST_ADDRESS)
    assert len(mail.outbox) == TESTS
    with time_machine.travel(NOW + timedelta(hours=1, minutes=1), tick=False):
        client.post(TEST_ADDRESS)
    assert len(mail.outbox) == TESTS + 1


@pytest.mark.usefixtures("reachable")
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (smtplib.SMTPServerDisconnected("gone"), "gone"),
        (smtplib.SMTPRecipientsRefused({"lin@x": (550, b"5.1.1 no\nsuch user")}), "550 5.1.1 no"),
    ],
)
def test_refused_copy_shows_the_servers_words(
    personas: Personas, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def refuses(*_: object) -> int:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", refuses)
    (message,) = messages_after_test(personas)
    assert message.startswith(f"The mail server did not take it: {words}")


@pytest.mark.usefixtures("reachable")
def test_a_week_without_a_page(personas: Personas) -> None:
    address = "/t/pay/weeks/2024-W30/digest/test/"
    assert personas.client("manager").post(address).status_code == 404
    assert not mail.outbox


@pytest.mark.usefixtures("reachable")
def test_only_managers(personas: Personas) -> None:
    assert personas.client("lead").post(TEST_ADDRESS).status_code == 403
    assert not mail.outbox


# --- digest_choice


CHOICE = "/t/pay/subscription/"


def wants(user: User) -> bool:
    return Membership.objects.get(user=user, team__slug="pay").gets_digest


@pytest.mark.parametrize("persona", ["manager", "lead", "viewer"])
def test_each_member_chooses_for_themselves(personas: Personas, persona: str) -> None:
    user = getattr(personas, persona)
    User.objects.filter(pk=user.pk).update(email="me@example.com")
    client = personas.client(persona)
    page = client.get(CHOICE).text
    assert "It goes to me@example.com." in page
    assert 'name="gets_digest" checked' in page
    opened = {"opened": opened_json(gets_digest="true")}
    page = client.post(CHOICE, opened, follow=True).text
    assert "You get no weekly digest." in page
    assert 'name="gets_digest" checked' not in page
    assert not wants(user)
    client.post(CHOICE, {"gets_digest": "on"})
    assert wants(user)
    assert set(AuditRecord.objects.values_list("by", flat=True)) == {user.pk}
    assert Membership.objects.filter(team__slug="pay", gets_digest=False).count() == 0


def test_form_left_as_it_was_keeps_what_the_link_in_a_mail_changed(personas: Personas) -> None:
    membership = Membership.objects.get(user=personas.lead, team=personas.team)
    recipients.unsubscribe(recipients.token_of(recipient_of(membership)))
    data = {"gets_digest": "on", "opened": opened_json(gets_digest="true")}
    page = personas.client("lead").post(CHOICE, data, follow=True).text
    assert "You get no weekly digest." in page
    assert not wants(personas.lead)


def test_member_without_address_is_told(personas: Personas) -> None:
    page = personas.client("lead").get(CHOICE).text
    assert "You have no mail address yet" in page


def test_the_menu_leads_there(personas: Personas) -> None:
    assert f'href="{CHOICE}"' in personas.client("viewer").get("/t/pay/").text


def test_an_administrator_who_is_no_member_has_no_choice(personas: Personas) -> None:
    User.objects.filter(pk=personas.outsider.pk).update(is_superuser=True)
    client = personas.client("outsider")
    for response in (client.get(CHOICE), client.post(CHOICE)):
        assert "You are not a member of this team" in response.text
    assert not AuditRecord.objects.exists()


def test_outsiders_learn_nothing(personas: Personas) -> None:
    for response in (
        personas.client("outsider").get(CHOICE),
        personas.client("outsider").post(CHOICE),
    ):
        assert response.status_code == 404
