"""What is told from an error, and from a form, of a row that somebody has removed meanwhile."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from okrtracker.requests.gone import is_gone, typed_texts
from projects.models import Stage


def test_form_with_a_secret_is_not_repeated() -> None:
    request = RequestFactory().post("/", {"name": "值班群", "secret": "a-secret"})
    assert typed_texts(request) == []


def test_what_was_not_changed_is_not_shown() -> None:
    sent = {
        "m1-opened": '{"value": "40", "note": ""}',
        "m1-value": "40",
        "m1-note": "复核",
        "csrfmiddlewaretoken": "x",
        "opened": "[broken",
    }
    assert typed_texts(RequestFactory().post("/", sent)) == ["复核"]


@pytest.mark.django_db(transaction=True)
def test_refused_reference_is_a_removal() -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Stage.objects.create(team_id=10**6, name="灰度")
    assert is_gone(refused.value)


def test_error_that_is_no_removal_is_none() -> None:
    assert not is_gone(ValueError())
    assert not is_gone(IntegrityError())
