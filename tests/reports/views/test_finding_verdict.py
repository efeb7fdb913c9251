"""Findings are explained, accepted and reopened, in the list or on a page of their own."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from projects import facts
from reports.models import WeeklyPage
from reports.pages import live
from reports.weekly.document import Finding
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_milestone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
PAGE = "/t/pay/weeks/2024-W25/draft/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def finding(personas: Personas) -> Finding:
    make_milestone(personas.project, "二期", percent=40)
    make_entry(personas.project, percent=100)
    facts.announce(personas.team, [WEEK])
    document = live.current_document(personas.team, WEEK)
    assert document is not None
    return next(one for one in document.findings if one.code == "open_milestone")


def address(finding: Finding) -> str:
    return f"/t/pay/weeks/2024-W25/findings/{finding.key}/"


def verdict(personas: Personas, finding: Finding) -> dict[str, str] | None:
    found: dict[str, str] | None = WeeklyPage.objects.get(week=WEEK).verdicts.get(finding.key)
    return found


def test_without_a_script_the_form_leads_back_to_the_list(
    personas: Personas, finding: Finding
) -> None:
    client = personas.client("manager")
    page = client.get(PAGE).content.decode()
    assert f'action="{address(finding)}"' in page
    assert "1 finding to resolve" in page
    answer = client.post(address(finding), {"action": "explain", "note": "二期另行立项"})
    assert answer["Location"] == f"{PAGE}#review"
    page = client.get(PAGE).content.decode()
    assert "No finding is open" in page
    assert "林岚: 二期另行立项" in page


def test_it_leads_to_where_the_finding_is_mended_and_back(
    personas: Personas, finding: Finding
) -> None:
    page = personas.client("manager").get(PAGE).content.decode()
    checkin = f"/t/pay/projects/{personas.project.pk}/checkin/"
    assert f'href="{checkin}?{urlencode({"back": f"{PAGE}#review"})}">Fix' in page


def test_in_place_the_row_the_count_and_the_entry_change(
    personas: Personas, finding: Finding
) -> None:
    client = personas.client("manager")
    answer = client.post(address(finding), {"action": "accept"}, headers=HTMX).content.decode()
    assert f'<li id="finding_{finding.key}" class="is-judged">' in answer
    assert 'id="review_count" hx-swap-oob="true"' in answer
    assert f'id="findings_{personas.project.pk}" hx-swap-oob="true"' in answer
    assert "accepted by 林岚" in answer
    client.post(address(finding), {"action": "reopen"}, headers=HTMX)
    assert verdict(personas, finding) is None


def test_an_explanation_without_words_comes_back(personas: Personas, finding: Finding) -> None:
    client = personas.client("manager")
    data = {"action": "explain", "note": "  "}
    for headers in ({}, HTMX):
        answer = client.post(address(finding), data, headers=headers)
        assert answer.status_code == 422
        assert "Please say what is behind it." in answer.content.decode()
    assert verdict(personas, finding) is None


def test_a_finding_that_is_gone_is_no_error(personas: Personas, finding: Finding) -> None:
    gone = f"/t/pay/weeks/2024-W25/findings/{'0' * 16}/"
    answer = personas.client("manager").post(gone, {"action": "accept"}, headers=HTMX)
    assert "no longer on the page" in answer.content.decode()
    assert WeeklyPage.objects.get(week=WEEK).verdicts == {}


@pytest.mark.parametrize("name", ["lead", "viewer"])
def test_nobody_else_sees_the_list_or_a_control(
    personas: Personas, finding: Finding, name: str
) -> None:
    page = personas.client(name).get(PAGE).content.decode()
    assert "二期" in page  # the finding itself is no secret
    for trace in ('id="review"', "edit-open", "review.js", address(finding), 'id="sheet"'):
        assert trace not in page


def test_a_label_without_a_page_is_not_there(personas: Personas) -> None:
    answer = personas.client("manager").get(f"/t/pay/weeks/2023-W02/findings/{'0' * 16}/")
    assert answer.status_code == 404
