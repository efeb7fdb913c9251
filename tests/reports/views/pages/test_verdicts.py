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
from tests.html import attribute, element, elements, form_data, text, texts

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
    return next(item for item in document.findings if item.code == "open_milestone")


def address(finding: Finding) -> str:
    return f"/t/pay/weeks/2024-W25/findings/{finding.key}/"


def verdict(finding: Finding) -> dict[str, str] | None:
    verdicts: dict[str, dict[str, str]] = WeeklyPage.objects.get(week=WEEK).verdicts
    return verdicts.get(finding.key)


def test_explaining_without_htmx_leads_back_to_the_list(
    personas: Personas, finding: Finding
) -> None:
    client = personas.client("manager")
    page = client.get(PAGE)
    assert elements(page, f'#review form[action="{address(finding)}"]')
    assert text(page, "#review_count") == "1 finding to resolve"
    response = client.post(address(finding), {"action": "explain", "note": " 二期另行\n立项 "})
    assert response["Location"] == f"{PAGE}#review"
    page = client.get(PAGE)
    assert text(page, "#review_count") == "✓ No finding is open"
    printed = text(page, f"#findings_{personas.project.pk} .judged")
    assert printed.endswith("林岚: 二期另行 立项")


def test_fix_leads_to_the_checkin_and_back(personas: Personas, finding: Finding) -> None:
    page = personas.client("manager").get(PAGE)
    checkin = f"/t/pay/projects/{personas.project.pk}/checkin/"
    (fix,) = [link for link in elements(page, "#review a") if link.get_text().startswith("Fix")]
    assert fix["href"] == f"{checkin}?{urlencode({'back': f'{PAGE}#review'})}"


def test_accepting_with_htmx_replaces_row_count_and_entry(
    personas: Personas, finding: Finding
) -> None:
    client = personas.client("manager")
    response = client.post(address(finding), {"action": "accept"}, headers=HTMX)
    assert attribute(response, f"#finding_{finding.key}", "class") == "is-judged"
    assert element(response, "#review_count[hx-swap-oob]")
    beside_entry = f"#findings_{personas.project.pk}[hx-swap-oob]"
    assert "accepted by 林岚" in text(response, beside_entry)
    client.post(address(finding), {"action": "reopen"}, headers=HTMX)
    assert verdict(finding) is None


@pytest.mark.parametrize(
    ("action", "theirs"), [("explain", ["先说的话"]), ("accept", ["explained", "先说的话"])]
)
def test_verdict_of_somebody_else_is_not_overwritten(
    personas: Personas, finding: Finding, action: str, theirs: list[str]
) -> None:
    client = personas.client("manager")
    form = form_data(client.get(address(finding)), ".to-resolve form")
    client.post(address(finding), form | {"action": "explain", "note": "先说的话"})
    sent = form | {"action": action, "note": "后说的话"}
    response = client.post(address(finding), sent, headers=HTMX)
    assert response.status_code == 422
    assert texts(response, "table.differences td.theirs") == theirs
    assert (verdict(finding) or {})["note"] == "先说的话"
    again = form_data(response, "form") | {"action": "explain"}
    assert again["note"] == ("后说的话" if action == "explain" else "")
    client.post(address(finding), again | {"note": "一起说的话"}, headers=HTMX)
    assert (verdict(finding) or {})["note"] == "一起说的话"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_explanation_without_words_is_refused(
    personas: Personas, finding: Finding, headers: dict[str, str]
) -> None:
    data = {"action": "explain", "note": "  "}
    response = personas.client("manager").post(address(finding), data, headers=headers)
    assert response.status_code == 422
    assert text(response, f"#error_{finding.key}") == "Please say what is behind it."
    assert verdict(finding) is None


@pytest.mark.usefixtures("finding")
def test_finding_that_is_gone_is_no_error(personas: Personas) -> None:
    gone = f"/t/pay/weeks/2024-W25/findings/{'0' * 16}/"
    response = personas.client("manager").post(gone, {"action": "accept"}, headers=HTMX)
    assert texts(response, "[role=status]")[0] == "That finding is no longer on the page."
    assert WeeklyPage.objects.get(week=WEEK).verdicts == {}


@pytest.mark.parametrize("name", ["lead", "viewer"])
def test_others_see_the_finding_but_neither_list_nor_control(
    personas: Personas, finding: Finding, name: str
) -> None:
    page = personas.client(name).get(PAGE)
    assert "二期" in text(page, f"#project-{personas.project.pk} .finding")
    assert not elements(page, "#review, .edit-open, #sheet")
    for trace in ("review.js", address(finding)):
        assert trace not in page.text


def test_week_without_a_page_is_not_found(personas: Personas) -> None:
    response = personas.client("manager").get(f"/t/pay/weeks/2023-W02/findings/{'0' * 16}/")
    assert response.status_code == 404
