"""Fields that several forms share."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from projects.forms.fields import NameField

UNSEEN = ("\u200b", "\ufeff", "\u2060\u200d", "\u00ad", "\u3164")


@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_name_holds_no_characters_that_nobody_sees(unseen: str) -> None:
    assert NameField().clean(f"{unseen}贝易{unseen}\n转 {unseen}") == "贝易 转"


@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_name_of_those_alone_is_no_name(unseen: str) -> None:
    with pytest.raises(ValidationError):
        NameField().clean(unseen)
    assert NameField(required=False).clean(unseen) == ""
