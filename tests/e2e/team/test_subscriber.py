"""A reader from outside: added by the manager, asked by mail, gone by one click, remembered."""

from __future__ import annotations

import re
import urllib.request
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import expect

from projects.models import Language, Membership, User
from reports.digest import recipients, subscribers
from reports.models import Subscriber
from tests.e2e.conftest import Site
from tests.e2e.looks import looks_well
from tests.e2e.using import ENGLISH, PLAIN_PHONE, marked, press
from tests.factories import make_subscriber

LIST = "/t/pay/settings/subscribers/"
JANE = "jane@example.com"


@pytest.fixture(autouse=True)
def address_of_site(site: Site, settings: Any) -> None:
    settings.SITE_URL = site.address


def link_to_confirm() -> str:
    (message,) = [sent for sent in mail.outbox if sent.to == [JANE]]
    match = re.search(r"https?://\S+/subscription/confirm/\S+", str(message.body))
    assert match
    return match[0]


def ended_by_mail_program() -> tuple[int, str | None]:
    """As RFC 8058 has it: the address of the header, its words as the body, and no cookie."""
    (message,) = [sent for sent in mail.outbox if sent.to == [JANE]]
    headers = message.message()
    address = "".join(str(headers["List-Unsubscribe"]).split()).strip("<>")
    body = str(headers["List-Unsubscribe-Post"]).encode()
    with urllib.request.urlopen(urllib.request.Request(address, body)) as answer:
        return answer.status, answer.headers.get("Set-Cookie")


def readers(site: Site) -> list[str]:
    return [recipient.address for recipient in recipients.recipients_of(site.personas.team)]


def test_added_asked_confirmed_gone_and_remembered(site: Site) -> None:
    manager = site.page("manager", LIST, **ENGLISH)
    manager.get_by_label("Mail addresses").fill(f"Jane Doe <{JANE}>, 赵敏")
    press(manager, "Ask them by mail")
    marked(manager, "addresses", f"Jane Doe <{JANE}>, 赵敏")
    manager.get_by_label("Mail addresses").fill(f"Jane Doe <{JANE}>")
    press(manager, "Ask them by mail")
    expect(manager.get_by_role("status")).to_have_text("1 person is asked by mail.")
    expect(manager.get_by_text("on its way")).to_be_visible()
    assert readers(site) == []

    subscribers.send_due()
    jane = site.page("anonymous", link_to_confirm(), **ENGLISH)
    looks_well(jane)
    assert readers(site) == []
    press(jane, "Yes, send it to me")
    expect(jane.get_by_role("status")).to_contain_text("j***@example.com gets it by mail")
    looks_well(jane)
    assert readers(site) == [JANE]

    assert ended_by_mail_program() == (200, None)
    assert readers(site) == []
    manager.reload()
    expect(manager.get_by_text("only they can come back")).to_be_visible()
    manager.get_by_label("Mail addresses").fill(JANE)
    press(manager, "Ask them by mail")
    marked(manager, "addresses", JANE)
    expect(manager.get_by_text(f"{JANE}: has unsubscribed")).to_be_visible()

    jane.reload()
    press(jane, "Subscribe again")
    expect(jane.get_by_role("status")).to_contain_text("gets it by mail")
    assert readers(site) == [JANE]


def test_the_link_of_a_digest_in_chinese(site: Site) -> None:
    reader = make_subscriber(site.personas.team, JANE, language=Language.CHINESE)
    page = site.page("anonymous", recipients.unsubscribe_url(recipients.reader_of(reader)))
    looks_well(page)
    press(page, "退订")
    expect(page.get_by_role("status")).to_contain_text("j***@example.com 已退订")
    looks_well(page)
    press(page, "重新订阅")
    expect(page.get_by_role("button", name="退订")).to_be_visible()
    assert readers(site) == [JANE]


def test_a_broken_link_is_easy_to_read(site: Site) -> None:
    page = site.page("anonymous")
    page.goto("/subscription/s1.broken/")
    expect(page.get_by_role("heading", level=1)).to_have_text("链接不完整")
    looks_well(page)


def test_a_member_ends_their_digest_from_the_menu(site: Site) -> None:
    User.objects.filter(pk=site.personas.lead.pk).update(email="lead@example.com")
    page = site.page("lead", "/t/pay/", **PLAIN_PHONE, **ENGLISH)
    page.locator("header details.menu summary").click()
    page.get_by_role("link", name="My weekly digest").click()
    looks_well(page)
    page.get_by_label("Send me the weekly digest by mail").uncheck()
    press(page, "Save")
    expect(page.get_by_role("status")).to_have_text("You get no weekly digest.")
    assert not Membership.objects.get(user=site.personas.lead).gets_digest


def test_someone_is_taken_off_the_list(site: Site) -> None:
    make_subscriber(site.personas.team, JANE)
    page = site.page("manager", LIST, **ENGLISH)
    page.get_by_label(f"Remove {JANE}").click()
    looks_well(page)
    press(page, "Remove")
    expect(page.get_by_role("status")).to_have_text(f"{JANE} is off the list.")
    assert Subscriber.objects.get().removed_at is not None
    assert readers(site) == []
