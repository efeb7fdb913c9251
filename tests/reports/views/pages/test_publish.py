"""The screen that publishes a week's page."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from projects import facts
from projects.models import AuditRecord, DigestTime
from reports import tasks
from reports.models import Digest, Edition
from reports.pages import publish
from tests.conftest import Personas
from tests.factories import NOW, WEEK, make_entry, make_question, make_subscriber
from tests.html import Response, attribute, element, elements, text, texts

ADDRESS = "/t/pay/weeks/2024-W25/publish/"
PAGE = "/t/pay/weeks/2024-W25/"
pytestmark = pytest.mark.usefixtures("now")


def press(personas: Personas, expected: int, **fields: str) -> Response:
    fields = {"expected": str(expected), "confirmed": "yes", **fields}
    return personas.client("manager").post(ADDRESS, fields, follow=True)


def change_something(personas: Personas, text: str) -> None:
    personas.project.entries.update(text=text)
    facts.announce(personas.team, [WEEK])


@pytest.mark.parametrize("name", ["viewer", "lead"])
def test_others_publish_nothing(personas: Personas, name: str) -> None:
    response = personas.client(name).post(ADDRESS, {"expected": "0"})
    assert response.status_code == 403
    assert not Edition.objects.exists()


def opened(personas: Personas) -> Response:
    return personas.client("manager").get(ADDRESS)


def test_screen_shows_what_the_page_lacks(personas: Personas) -> None:
    make_entry(personas.project, text="已上线", percent=60)
    make_question(personas.project, personas.manager, "灰度了吗？")
    page = opened(personas)
    headings = ["Open findings", "Open questions"]
    assert texts(page, "section[aria-labelledby=lacks] h3") == headings
    finding, question = texts(page, "section[aria-labelledby=lacks] li")
    assert finding.startswith("贝易转: ")
    assert question == "贝易转 林岚: 灰度了吗？"
    assert text(page, "section[aria-labelledby=lacks] > p") == "Updated 1 / 1"
    assert text(page, "form.publish label:first-of-type") == "Send it by mail on Jun 21 at 18:00"
    assert text(page, "form.publish button") == "Publish Edition 1"
    assert not elements(page, "[name=note]")


def test_screen_names_projects_without_an_update(personas: Personas) -> None:
    page = opened(personas)
    assert texts(page, "section[aria-labelledby=lacks] h3") == ["Not updated"]
    assert text(page, "section[aria-labelledby=lacks] li a") == "贝易转"


def test_publishing_arranges_the_mail(personas: Personas) -> None:
    make_entry(personas.project)
    response = press(personas, 0, mails="on")
    assert response.redirect_chain == [(PAGE, 302)]  # type: ignore[attr-defined]
    message = "Edition 1 is published. Its mail goes out on 06-21 18:00."
    assert message in texts(response, "[role=status]")
    edition = Edition.objects.get()
    assert (edition.published_by, Digest.objects.get().edition) == (personas.manager, edition)


def test_publishing_enqueues_the_deliveries(
    personas: Personas, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with (
        patch.object(tasks.send_deliveries, "apply_async") as enqueued,
        django_capture_on_commit_callbacks(execute=True),
    ):
        press(personas, 0, mails="on")
    enqueued.assert_called_once_with((Edition.objects.get().pk,), expires=54, retry=False)


def test_publishing_works_while_the_broker_is_away(
    personas: Personas, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with (
        patch.object(tasks.send_deliveries, "apply_async", side_effect=OperationalError),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert press(personas, 0, mails="on").status_code == 200
    assert Digest.objects.exists()


def test_edition_is_not_mailed_unless_wanted(personas: Personas) -> None:
    press(personas, 0)
    assert Edition.objects.exists()
    assert not Digest.objects.exists()


def test_double_click_makes_one_edition(personas: Personas) -> None:
    press(personas, 0)
    response = press(personas, 0)
    message = "Nothing has changed: this page is published as edition 1."
    assert message in texts(response, "[role=status]")
    assert Edition.objects.count() == 1


def test_second_publisher_is_shown_what_has_changed_since(personas: Personas) -> None:
    make_entry(personas.project)
    press(personas, 0)
    change_something(personas, "联调完成")
    page = press(personas, 0)
    assert page.status_code == 422
    assert text(page, ".publish > .notice.bad").startswith(
        "林岚 has published edition 1 meanwhile."
    )
    assert "联调完成" in text(page, "section[aria-labelledby=changed] li")
    assert attribute(page, "[name=expected]", "value") == "1"
    assert Edition.objects.count() == 1


def test_correction_has_a_reason_and_is_mailed_only_when_wanted(personas: Personas) -> None:
    make_entry(personas.project)
    publish.publish_week(personas.team, WEEK, publish.Publication(by=None, mails=False))
    change_something(personas, "联调完成")
    page = opened(personas)
    assert text(page, "#changed") == "Changed since Edition 1"
    assert "联调完成" in text(page, "section[aria-labelledby=changed] li")
    assert text(page, "form.publish label.check") == "Send it by mail at once"
    assert not element(page, "[name=mails]").has_attr("checked")
    press(personas, 1, note="写错了")
    assert Edition.objects.get(number=2).note == "写错了"
    assert not Digest.objects.exists()


def test_waiting_mail_carries_the_correction(personas: Personas) -> None:
    make_entry(personas.project)
    press(personas, 0, mails="on")
    change_something(personas, "联调完成")
    notice = "The mail that waits for Jun 21 18:00 carries this edition."
    assert text(opened(personas), "form.publish p.small") == notice
    press(personas, 1)
    assert Digest.objects.get().edition.number == 2


def test_unchanged_page_cannot_be_published_again(personas: Personas) -> None:
    publish.publish_week(personas.team, WEEK, publish.Publication(by=None))
    page = opened(personas)
    assert text(page, ".card.empty > p:first-child") == "Nothing has changed since Edition 1."
    assert not elements(page, "form.publish")


@pytest.mark.parametrize("fields", [{}, {"expected": "x"}, {"expected": "0", "note": "x" * 501}])
def test_invalid_form_publishes_nothing(personas: Personas, fields: dict[str, str]) -> None:
    make_entry(personas.project)
    number = 1 if "note" in fields else 0
    if number:
        publish.publish_week(personas.team, WEEK, publish.Publication(by=None))
        change_something(personas, "联调完成")
    response = personas.client("manager").post(ADDRESS, fields)
    assert response.status_code == 422
    assert texts(response, "[name=note]") == ([fields["note"]] if number else [])
    assert Edition.objects.count() == number


@pytest.mark.parametrize("label", ["2024-W26", "2019-W10", "x"])
def test_week_without_a_page_is_not_found(personas: Personas, label: str) -> None:
    address = f"/t/pay/weeks/{label}/publish/"
    assert personas.client("manager").get(address).status_code == 404
    assert personas.client("manager").post(address, {"expected": "0"}).status_code == 404


# --- what goes to many is asked once ------------------------------------------------------------


def test_publishing_without_all_updates_asks_once(personas: Personas) -> None:
    client = personas.client("manager")
    page = client.post(ADDRESS, {"expected": "0", "note": "", "is_final": "on"})
    assert not Edition.objects.exists()
    assert texts(page, "form.card > p:not(.row)") == ["Only 0 of 1 projects are updated."]
    sent = {
        field.get("name", ""): field.get("value", "")
        for field in elements(page, "form.card input[type=hidden], form.card button")
    }
    assert sent["confirmed"] == "yes"
    client.post(ADDRESS, sent)
    client.post(ADDRESS, sent)
    edition = Edition.objects.get()
    assert edition.page.final_edition == edition.number


def test_a_mail_that_goes_at_once_asks_with_how_many(personas: Personas) -> None:
    make_entry(personas.project, text="联调")
    personas.team.subscribers.create(
        team=personas.team, email="boss@example.com", name="周总", confirmed_at=NOW
    )
    personas.team.digest_when = DigestTime.PUBLISHED
    personas.team.save()
    page = personas.client("manager").post(ADDRESS, {"expected": "0", "mails": "on"})
    sentences = texts(page, "form.card > p:not(.row)")
    assert sentences[-1] == "1 of them is from outside of the team: 周总 <boss@example.com>."
    assert text(page, "form.card button") == "Publish and send to 1 recipient"
    assert not Edition.objects.exists()


def test_a_mail_that_goes_later_says_to_how_many_on_the_screen_and_where_it_asks(
    personas: Personas,
) -> None:
    make_subscriber(personas.team)
    page = opened(personas)
    assert "It goes to 1 person." in text(page, "form.publish")
    page = personas.client("manager").post(ADDRESS, {"expected": "0", "mails": "on"})
    assert texts(page, "form.card > p:not(.row)") == [
        "Only 0 of 1 projects are updated.",
        "The mail goes out on Fri 18:00.",
        "It goes to 1 person.",
        "1 of them is from outside of the team: 外部读者 <wai@example.com>.",
    ]
    assert text(page, "form.card button") == "Publish Edition 1"


def test_the_screen_says_what_follows_before_the_cutoff(personas: Personas) -> None:
    make_entry(personas.project, text="联调")
    assert "goes along with the mail" in text(opened(personas), "form.publish .notice")
    personas.team.publishes_itself = False
    personas.team.save()
    assert "the mail waits until" in text(opened(personas), "form.publish .notice")


# --- an edition that lies behind ------------------------------------------------------------------


def test_screens_say_that_the_page_is_behind(personas: Personas) -> None:
    make_entry(personas.project, text="已上线", percent=100)
    press(personas, 0)
    change_something(personas, "已回滚")
    for name, address in (
        ("lead", "/t/pay/"),
        ("lead", "/t/pay/checkin/"),
        ("lead", "/t/pay/weeks/2024-W25/"),
    ):
        notice = text(personas.client(name).get(address), ".page-behind")
        assert "Edition 1 is out since" in notice
        assert "1 project has changed since." in notice
    row = element(personas.client("manager").get("/t/pay/"), "#todo-behind .item")
    assert text(row, ".what") == "Edition 1 is out, and 1 project has changed since"
    assert attribute(row, ".verb a", "href") == "/t/pay/weeks/2024-W25/publish/"


def test_the_manager_declares_it_final_and_takes_that_back(personas: Personas) -> None:
    make_entry(personas.project, text="已上线", percent=100)
    press(personas, 0, mails="on")
    change_something(personas, "已回滚")
    address = "/t/pay/weeks/2024-W25/final/"
    client = personas.client("manager")
    client.post(address, {"edition": "1", "final": "yes"})
    client.post(address, {"edition": "1", "final": "yes"})
    page = client.get("/t/pay/weeks/2024-W25/")
    assert text(page, ".edition-bar .chip") == "final"
    assert "goes out without the changes" in text(page, ".page-behind")
    client.post(address, {"edition": "1", "final": ""})
    assert not elements(client.get("/t/pay/weeks/2024-W25/"), ".edition-bar .chip")
    assert AuditRecord.objects.filter(action="edition.final").count() == 2
