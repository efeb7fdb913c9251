from __future__ import annotations

from unittest.mock import patch

import pytest
from django.core import mail
from django.http import HttpResponse
from pytest_django import DjangoCaptureOnCommitCallbacks

from reports import tasks
from reports.digest import subscribers
from reports.digest.subscribers import Refusal, Refused
from reports.models import Subscriber
from tests.conftest import Personas
from tests.factories import make_subscriber

pytestmark = pytest.mark.usefixtures("now")
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
    found = Subscriber.objects.order_by("pk").values_list("email", "name", "language")
    assert list(found) == [
        ("liwei@example.com", "李威", "en"),
        ("zhao@example.com", "", "en"),
        ("jane@example.com", "Jane Doe", "en"),
    ]
    assert len(mail.outbox) == 3


def test_a_bad_one_is_marked_and_all_that_was_typed_stays(personas: Personas) -> None:
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


def test_nothing_is_no_list(personas: Personas) -> None:
    assert add(personas, " ").status_code == 422
    assert add(personas, "jane@example.com", "fr").status_code == 422
    assert not Subscriber.objects.exists()


def test_what_another_added_meanwhile_is_refused_in_the_form(personas: Personas) -> None:
    refusal = Refused({"jane@example.com": Refusal.IS_ON_LIST})
    with patch.object(subscribers, "add", side_effect=refusal):
        response = add(personas, "jane@example.com")
    assert response.status_code == 422
    assert "jane@example.com: is on the list already" in response.text


def test_the_limit_of_the_day_is_said(personas: Personas) -> None:
    response = add(personas, "\n".join(f"reader{n}@example.com" for n in range(51)))
    assert response.status_code == 422
    assert "reader50@example.com: is more than can be asked today" in response.text


@pytest.mark.parametrize("persona", ["lead", "viewer"])
def test_only_managers_ask(personas: Personas, persona: str) -> None:
    assert add(personas, "jane@example.com", persona=persona).status_code == 403
    assert not Subscriber.objects.exists()
