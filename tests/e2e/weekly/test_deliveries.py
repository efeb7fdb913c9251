"""The ledger of deliveries in a real browser: who failed, sending again, and how far it has got."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Page, expect

from reports.models import Delivery, Digest, Edition, SendState
from tests.e2e.conftest import Site
from tests.e2e.looks import looks_well
from tests.e2e.using import ENGLISH, HOSTILE, PLAIN_PHONE, follow, press
from tests.factories import NOW, make_delivery, make_edition, make_subscriber

LEDGER: Final = "/t/pay/weeks/2024-W25/deliveries/"

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture(autouse=True)
def edition(site: Site) -> Edition:
    """Sent to two; failed for three, whose servers said so in words of their own."""
    edition = make_edition(site.personas.team)
    Digest.objects.create(team=edition.team, edition=edition, due_at=NOW, prepared_at=NOW)
    for n in range(5):
        make_delivery(edition, make_subscriber(edition.team, f"reader{n}@example.com"))
    edition.deliveries.update(state=SendState.SENT, attempts=1, sent_at=NOW)
    failed = edition.deliveries.filter(recipient__in=[f"reader{n}@example.com" for n in range(3)])
    failed.update(
        state=SendState.FAILED, sent_at=None, error=f"550 5.1.1 {HOSTILE} {'unknown' * 12}"
    )
    return edition


def figure(page: Page, name: str) -> str:
    term = page.locator("dl.figures > div", has_text=name)
    return term.locator("dd").inner_text()


def states() -> dict[str, str]:
    rows = Delivery.objects.values_list("recipient", "state")
    return {recipient.removesuffix("@example.com"): state for recipient, state in rows}


def test_chosen_and_then_all_failed_deliveries_are_sent_again(site: Site) -> None:
    page = site.page("manager", LEDGER, **PLAIN_PHONE, **ENGLISH)
    assert figure(page, "Failed") == "3"
    expect(page.locator("main table")).to_contain_text(f"550 5.1.1 {HOSTILE}")
    assert page.locator("main table script").count() == 0
    looks_well(page)
    page.get_by_label("Send again to reader1@example.com").check()
    press(page, "Send again to those chosen")
    expect(page.get_by_role("status")).to_have_text("Sending again to 1 recipient.")
    assert [name for name, state in states().items() if state == "pending"] == ["reader1"]
    looks_well(page)
    press(page, "Send again to all 2 who failed")
    press(page, "Send to 2 people")
    expect(page.get_by_role("status")).to_have_text("Sending again to 2.")
    assert (figure(page, "Failed"), figure(page, "Waiting")) == ("0", "3")
    expect(page.get_by_role("button", name="Send again")).to_have_count(0)
    looks_well(page)


def test_page_says_that_nobody_was_chosen(site: Site) -> None:
    page = site.page("manager", LEDGER, **ENGLISH)
    press(page, "Send again to those chosen")
    expect(page.get_by_role("status")).to_contain_text("choose who is to get it again")
    assert "pending" not in states().values()


def test_list_is_filtered_by_state(site: Site) -> None:
    page = site.page("manager", LEDGER, **ENGLISH)
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(5)
    follow(page, "Failed 3")
    expect(rows).to_have_count(3)
    expect(page.get_by_role("link", name="Failed 3")).to_have_attribute("aria-current", "true")
    looks_well(page)
    follow(page, "Sent 2")
    expect(rows).to_have_count(2)
    looks_well(page)
    follow(page, "All 5")
    expect(rows).to_have_count(5)


def test_the_progress_asks_while_some_wait_and_then_no_more(site: Site, edition: Edition) -> None:
    page = site.page("manager", is_changed=True, **ENGLISH)
    page.clock.install(time=NOW)  # the browser's time goes on when the test says so
    page.goto(LEDGER)
    press(page, "Send again to all 3 who failed")
    press(page, "Send to 3 people")
    progress = page.locator("#deliveries_progress")
    expect(progress).to_contain_text("Being sent")
    waiting = edition.deliveries.filter(state=SendState.PENDING)
    waiting.filter(recipient="reader0@example.com").update(state=SendState.SENT, sent_at=NOW)
    with page.expect_response(f"**{LEDGER}*"):
        page.clock.run_for(3000)
    page.clock.run_for(100)
    expect(progress.locator("dd").first).to_have_text("3")
    expect(progress).to_contain_text("Being sent")
    waiting.update(state=SendState.SENT, sent_at=NOW)
    with page.expect_response(f"**{LEDGER}*"):
        page.clock.run_for(3000)
    page.clock.run_for(100)
    expect(progress.locator("dd").first).to_have_text("5")
    expect(progress).to_contain_text("Last sent on")
    assert progress.get_attribute("hx-get") is None
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(120_000)
    page.evaluate("document.title")  # whatever it had asked for by then is known
    assert asked == []
    follow(page, "Load the list again")
    expect(page.locator("main .chip.ok")).to_have_count(5)


def test_edition_is_sent_to_new_recipients(site: Site, edition: Edition) -> None:
    make_subscriber(edition.team, "new@example.com", HOSTILE)
    page = site.page("manager", LEDGER, **ENGLISH)
    expect(page.locator("main")).to_contain_text("1 recipient has joined since.")
    looks_well(page)
    press(page, "Send to 1 new recipient")
    expect(page.get_by_role("status")).to_have_text("Sending to 1 recipient.")
    assert states()["new"] == "pending"
    assert list(states().values()).count("sent") == 2
    expect(page.get_by_role("button", name="new recipient")).to_have_count(0)
    looks_well(page)


def test_a_correction_beside_the_edition_it_corrects(site: Site, edition: Edition) -> None:
    make_edition(edition.team, number=2)
    page = site.page("manager", LEDGER, **ENGLISH)
    expect(page.locator("main")).to_contain_text("This edition was not sent.")
    looks_well(page)
    page.get_by_role("navigation", name="Editions").get_by_role("link", name="Edition 1").click()
    assert figure(page, "Sent") == "2"
    looks_well(page)
