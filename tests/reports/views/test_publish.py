from __future__ import annotations

from unittest.mock import patch

import pytest
from django.http import HttpResponseBase
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from projects import facts
from reports import tasks
from reports.models import Digest, Edition
from reports.pages import publish
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_question

ADDRESS = "/t/pay/weeks/2024-W25/publish/"
PAGE = "/t/pay/weeks/2024-W25/"
pytestmark = pytest.mark.usefixtures("now")


def press(personas: Personas, expected: int, **fields: str) -> HttpResponseBase:
    fields = {"expected": str(expected), **fields}
    return personas.client("manager").post(ADDRESS, fields, follow=True)


def change_something(personas: Personas, text: str) -> None:
    personas.project.entries.update(text=text)
    facts.announce(personas.team, [WEEK])


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_managers_publish(personas: Personas, name: str, status: int) -> None:
    client = personas.client(name)
    assert client.get(ADDRESS).status_code == status
    assert client.post(ADDRESS, {"expected": "0"}).status_code == status
    assert not Edition.objects.exists()


def test_it_says_what_the_page_lacks(personas: Personas) -> None:
    make_entry(personas.project, text="已上线", percent=60)
    make_question(personas.project, personas.manager, "灰度了吗？")
    page = personas.client("manager").get(ADDRESS).content.decode()
    for said in (
        "Findings that nobody has said anything to",
        "Questions without an answer",
        "灰度了吗？",
        "Updated 1 / 1",
        "Send it by mail on Jun 21 at 18:00",
        "Publish Edition 1",
    ):
        assert said in page
    assert "What is corrected" not in page
    assert "Not updated</h3>" not in page


def test_who_has_not_updated(personas: Personas) -> None:
    page = personas.client("manager").get(ADDRESS).content.decode()
    assert "Not updated" in page
    assert "贝易转" in page


def test_publishing_leads_to_the_page_and_its_mail(personas: Personas) -> None:
    make_entry(personas.project)
    response = press(personas, 0, mails="on")
    assert response.redirect_chain == [(PAGE, 302)]  # type: ignore[attr-defined]
    said = response.content.decode()  # type: ignore[attr-defined]
    assert "Edition 1 is published. Its mail goes out on 06-21 18:00." in said
    edition = Edition.objects.get()
    assert (edition.published_by, Digest.objects.get().edition) == (personas.manager, edition)


def test_a_worker_makes_the_mail_or_sends_it_at_once(
    personas: Personas, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with (
        patch.object(tasks.send_deliveries, "apply_async") as enqueued,
        django_capture_on_commit_callbacks(execute=True),
    ):
        press(personas, 0, mails="on")
    enqueued.assert_called_once_with((Edition.objects.get().pk,), expires=54, retry=False)


def test_a_dead_broker_is_survived(
    personas: Personas, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with (
        patch.object(tasks.send_deliveries, "apply_async", side_effect=OperationalError),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert press(personas, 0, mails="on").status_code == 200
    assert Digest.objects.exists()


def test_without_the_mail(personas: Personas) -> None:
    press(personas, 0)
    assert Edition.objects.exists()
    assert not Digest.objects.exists()


def test_a_double_click_makes_one_edition(personas: Personas) -> None:
    press(personas, 0)
    response = press(personas, 0)
    said = "Nothing has changed: this page is published as edition 1."
    assert said in response.content.decode()  # type: ignore[attr-defined]
    assert Edition.objects.count() == 1


def test_another_tab_is_shown_what_has_changed_since(personas: Personas) -> None:
    make_entry(personas.project)
    press(personas, 0)
    change_something(personas, "联调完成")
    response = press(personas, 0)
    page = response.content.decode()  # type: ignore[attr-defined]
    assert response.status_code == 422
    assert "林岚 has published edition 1 meanwhile." in page
    assert "联调完成" in page
    assert 'name="expected" value="1"' in page
    assert Edition.objects.count() == 1


def test_a_correction_has_a_reason_and_is_mailed_when_asked(personas: Personas) -> None:
    make_entry(personas.project)
    publish.publish_week(personas.team, WEEK, publish.Publication(by=None, mails=False))
    change_something(personas, "联调完成")
    page = personas.client("manager").get(ADDRESS).content.decode()
    assert "Changed since Edition 1" in page
    assert "联调完成" in page
    assert "Send it by mail at once" in page
    assert "checked" not in page
    press(personas, 1, note="写错了")
    assert Edition.objects.get(number=2).note == "写错了"
    assert not Digest.objects.exists()


def test_the_mail_that_waits_carries_the_correction(personas: Personas) -> None:
    make_entry(personas.project)
    press(personas, 0, mails="on")
    change_something(personas, "联调完成")
    page = personas.client("manager").get(ADDRESS).content.decode()
    assert "The mail that waits for Jun 21 18:00 carries this edition." in page
    press(personas, 1)
    assert Digest.objects.get().edition.number == 2


def test_where_nothing_has_changed_there_is_nothing_to_press(personas: Personas) -> None:
    publish.publish_week(personas.team, WEEK, publish.Publication(by=None))
    page = personas.client("manager").get(ADDRESS).content.decode()
    assert "Nothing has changed since Edition 1." in page
    assert "Publish Edition" not in page


@pytest.mark.parametrize("fields", [{}, {"expected": "x"}, {"expected": "0", "note": "x" * 501}])
def test_what_is_wrong_comes_back(personas: Personas, fields: dict[str, str]) -> None:
    make_entry(personas.project)
    number = 1 if "note" in fields else 0
    if number:
        publish.publish_week(personas.team, WEEK, publish.Publication(by=None))
        change_something(personas, "联调完成")
    response = personas.client("manager").post(ADDRESS, fields)
    assert response.status_code == 422
    assert fields.get("note", "") in response.content.decode()
    assert Edition.objects.count() == number


@pytest.mark.parametrize("label", ["2024-W26", "2019-W10", "x"])
def test_there_must_be_a_page(personas: Personas, label: str) -> None:
    address = f"/t/pay/weeks/{label}/publish/"
    assert personas.client("manager").get(address).status_code == 404
    assert personas.client("manager").post(address, {"expected": "0"}).status_code == 404
