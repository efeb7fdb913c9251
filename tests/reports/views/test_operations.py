"""The page of who runs the site: what ran, what waits, what failed."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from projects import audit
from reports.models import Delivery, SendState
from reports.schedule.steps import FAILED
from tests.conftest import Personas
from tests.factories import make_delivery, make_edition, make_subscriber
from tests.html import text

pytestmark = pytest.mark.usefixtures("now")


def test_staff_sees_what_failed_and_has_it_sent_again(
    personas: Personas, django_assert_max_num_queries: Any
) -> None:
    personas.viewer.is_staff = True
    personas.viewer.save()
    for number in (1, 2, 3):
        edition = make_edition(personas.team, number=number)
        make_delivery(edition, make_subscriber(personas.team, f"{number}@example.com"))
        audit.note(personas.team, FAILED, f"2024-06-17 step {number}", by=None)
    Delivery.objects.update(state=SendState.FAILED, error="550 no such user")
    client = personas.client("viewer")
    address = reverse("operations")
    with django_assert_max_num_queries(26):
        page = client.get(address)
    shown = text(page)
    for words in ("nothing has ticked yet", "550 no such user", "step 3", "3 failed"):
        assert words in shown
    again = client.post(reverse("operations_run"), {"edition": edition.pk}, follow=True)
    assert "1 message is sent again." in text(again)
    assert Delivery.objects.filter(state=SendState.PENDING).count() == 1
    for odd in ("x", "0", "9" * 30):
        answer = client.post(reverse("operations_run"), {"edition": odd})
        assert answer.status_code == 404
    assert "A tick is on its way" in text(client.post(reverse("operations_run"), follow=True))


def test_nobody_else_gets_in(personas: Personas) -> None:
    for name in ("manager", "lead"):
        client = personas.client(name)
        assert client.get(reverse("operations")).status_code == 403
        assert client.post(reverse("operations_run")).status_code == 403
