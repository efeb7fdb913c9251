from __future__ import annotations

import pytest

from tests.conftest import Personas
from tests.factories import make_entry, make_metric, make_reading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
ADDRESS = "/t/pay/weeks/2024-W25/digest/html/"


def test_it_may_be_framed_here_and_runs_and_loads_nothing(personas: Personas) -> None:
    answer = personas.client("manager").get(ADDRESS)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_pictures_are_in_it(personas: Personas) -> None:
    from datetime import date

    metric = make_metric(personas.team)
    make_reading(metric, "99.98", date(2024, 6, 10))
    make_reading(metric, "99.99")
    html = personas.client("manager").get(ADDRESS).content.decode()
    assert 'src="data:image/png;base64,' in html
    assert "cid:" not in html


@pytest.mark.parametrize(
    ("look", "media"), [("light", "not all"), ("phone", "not all"), ("dark", "all")]
)
def test_by_day_and_by_night(personas: Personas, look: str, media: str) -> None:
    make_entry(personas.project)
    html = personas.client("manager").get(f"{ADDRESS}?look={look}").content.decode()
    assert f"@media {media}" in html
    assert "prefers-color-scheme" not in html


def test_a_week_without_a_page_has_no_mail(personas: Personas) -> None:
    address = "/t/pay/weeks/2024-W30/digest/html/"
    assert personas.client("manager").get(address).status_code == 404
