from __future__ import annotations

import pytest

from okrtracker.requests.clean import number_in, parsed_json
from projects.models import Alias
from tests.conftest import Personas
from tests.tables import each_row


@each_row(
    ("text", "value"),
    [
        ('{"a": "b"}', {"a": "b"}),
        ('{"a\\u0000": ["x\\ud800y"]}', {"a": ["xy"]}),
        ("9" * 5_000, None),
        ("[" * 100_000, None),
        ("", None),
        (None, None),
    ],
)
def test_json_from_a_form_is_cleaned_or_nothing(text: object, value: object) -> None:
    assert parsed_json(text) == value


@each_row(
    ("text", "number"),
    [
        ("7", 7),
        ("007", 7),
        ("９", 9),
        ("9" * 18, 10**18 - 1),
        *((text, None) for text in ("", "-1", "1.5", "²", "x", "9" * 19, "9" * 5_000, None)),
    ],
)
def test_a_number_from_a_form_fits_a_key_or_is_none(text: object, number: int | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize("query", ["q=a%00b", "q=%0%000", "%00=a", "q=%00"])
def test_nul_in_a_query_is_dropped(personas: Personas, query: str) -> None:
    assert personas.client("viewer").get(f"/t/pay/projects/?{query}").status_code == 200


def test_nul_in_a_form_is_dropped(personas: Personas) -> None:
    address = f"/t/pay/projects/{personas.project.pk}/settings/aliases/"
    personas.client("lead").post(address, {"name": "贝\0易"})
    assert Alias.objects.filter(project=personas.project, name="贝易").exists()


@pytest.mark.parametrize("part", ["%00", "9" * 20, "9223372036854775808", "9" * 5_000])
def test_an_address_that_nothing_can_have_is_not_there(personas: Personas, part: str) -> None:
    assert personas.client("manager").get(f"/t/pay/projects/{part}/").status_code == 404


def test_a_cookie_that_nobody_was_given_is_none(personas: Personas) -> None:
    client = personas.client("manager")
    client.cookies["sessionid"].set("sessionid", "a\0b", "a\0b")
    assert client.get("/t/pay/").status_code == 302
