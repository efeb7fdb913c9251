"""A webhook is added and tried in a real browser; its address and secret are never seen again."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from typing import Final

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from playwright.sync_api import Page, expect

from reports.models import Channel
from reports.vendors import webhook
from tests.e2e.conftest import Site
from tests.e2e.looks import looks_well
from tests.e2e.using import ENGLISH, HOSTILE, PLAIN_PHONE, follow, press
from tests.factories import make_channel
from tests.reports.channels.servers import OK, Heard, says, server, status

LIST: Final = "/t/pay/settings/channels/"
SECRET: Final = "a-secret-that-is-long-enough"
KEY: Final = "0f9e8d7c"  # of the address of ``Heard``


@pytest.fixture(autouse=True)
def own_machine(settings: LazySettings) -> None:
    """Its servers may be posted to; no test message was sent a moment ago."""
    cache.clear()
    settings.CHANNEL_HOSTS_ALLOWED = ["127.0.0.1"]


@pytest.fixture
def hook() -> Iterator[Heard]:
    with server(says(OK)) as heard:
        yield heard


def hides_everything(page: Page) -> None:
    """Neither in the source nor in a field."""
    typed = page.locator("input").evaluate_all("fields => fields.map(field => field.value).join()")
    for hidden in (SECRET, KEY):
        assert hidden not in page.content() + typed


def fill(page: Page, address: str) -> None:
    page.get_by_label("Kind").select_option("webhook")
    page.get_by_label("Name").fill(HOSTILE)
    page.get_by_label("Address", exact=True).fill(address)
    page.get_by_label("Secret", exact=True).fill(SECRET)


def test_a_webhook_is_added_tried_and_removed(site: Site, hook: Heard) -> None:
    page = site.page("manager", LIST, **ENGLISH)
    looks_well(page)
    follow(page, "Add a group chat")
    looks_well(page)
    fill(page, hook.address)
    press(page, "Save")
    expect(page.get_by_role("status")).to_contain_text("Send a test message")
    expect(page.locator("main")).to_contain_text(f"{HOSTILE} Webhook")
    hides_everything(page)
    looks_well(page)

    press(page, f"Send a test message to {HOSTILE}")
    expect(page.get_by_role("status")).to_contain_text("The test message was taken")
    hides_everything(page)
    looks_well(page)
    head, _, body = hook.requests[0].partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    headers = {name.lower(): value for name, value in headers.items()}
    expected = webhook.signature(SECRET, int(headers["x-okr-timestamp"]), body)
    assert hmac.compare_digest(headers["x-okr-signature"], f"sha256={expected}")
    assert json.loads(body)["kind"] == "test"
    assert SECRET.encode() not in hook.requests[0]

    follow(page, f"Edit {HOSTILE}")
    expect(page.get_by_label("Secret", exact=True)).to_have_value("")
    hides_everything(page)
    looks_well(page)
    follow(page, "Cancel")
    page.get_by_label(f"Remove {HOSTILE}").click()
    press(page, "Remove")
    expect(page.locator("main")).to_contain_text("No group chat yet")
    assert not Channel.objects.exists()


def test_an_address_inside_is_refused_and_not_repeated(site: Site) -> None:
    page = site.page("manager", f"{LIST}new/", **PLAIN_PHONE, **ENGLISH)
    fill(page, f"https://10.0.0.1/okr?key={KEY}")
    press(page, "Save")
    address = page.get_by_label("Address", exact=True)
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(page.locator("main")).to_contain_text("inside of a network")
    expect(page.get_by_label("Name")).to_have_value(HOSTILE)
    hides_everything(page)
    looks_well(page)
    assert not Channel.objects.exists()


def test_what_the_other_side_refuses_is_said_at_the_channel(site: Site) -> None:
    with server(status("401 Unauthorized", body=SECRET.encode())) as hook:
        fields = {"address": hook.address, "secret": SECRET}
        make_channel(site.personas.team, "webhook", "值班", **fields)
        page = site.page("manager", LIST, **ENGLISH)
        press(page, "Send a test message to 值班")
        expect(page.locator("main li").get_by_role("alert")).to_be_visible()
    hides_everything(page)
    looks_well(page)
    press(page, "Send a test message to 值班")
    expect(page.locator("main li").get_by_role("alert")).to_contain_text("wait ten seconds")


def test_a_new_secret_takes_the_place_of_the_old_one(site: Site, hook: Heard) -> None:
    fields = {"address": hook.address, "secret": "another-secret-of-before"}
    make_channel(site.personas.team, "webhook", "值班", **fields)
    page = site.page("manager", LIST, **ENGLISH)
    follow(page, "Edit 值班")
    page.get_by_label("Secret", exact=True).fill(SECRET)
    press(page, "Save")
    hides_everything(page)
    press(page, "Send a test message to 值班")
    expect(page.get_by_role("status")).to_contain_text("was taken")
    head, _, body = hook.requests[0].partition(b"\r\n\r\n")
    lines = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:])
    made = webhook.signature(SECRET, int(lines["x-okr-timestamp"]), body)
    assert lines["x-okr-signature"] == f"sha256={made}"
