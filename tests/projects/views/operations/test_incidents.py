from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.models import AuditRecord, Incident
from projects.weeks import WEEK as ONE_WEEK
from tests.conftest import Personas
from tests.factories import NOW, WEEK, make_incident, make_project, make_team
from tests.html import element, elements, text, texts
from tests.tables import each_row

LIST = "/t/pay/incidents/"
pytestmark = pytest.mark.usefixtures("now")


def test_list_shows_the_latest_week_first(personas: Personas) -> None:
    make_incident(personas.team, WEEK - ONE_WEEK, NOW - ONE_WEEK, "对账任务超时")
    late = make_incident(personas.team, description="回调超时")
    Incident.objects.filter(pk=late.pk).update(cause="证书过期", reviewed_at=NOW)
    make_incident(make_team("ai"), description="别队的")
    page = personas.client("viewer").get(LIST)
    assert texts(page, "main section h2") == ["2024-W25 1", "2024-W24 1"]
    assert texts(page, "article.incident > p") == ["回调超时", "对账任务超时"]
    latest, earlier = elements(page, "article.incident")
    assert text(latest, "header b") == "06-19 10:00"  # the team's time, not UTC
    assert (text(latest, "header .chip"), text(latest, "dd")) == ("✓reviewed", "证书过期")
    assert text(earlier, "header .chip") == "▲no review yet"


def test_incident_of_an_imported_page_is_quoted(personas: Personas) -> None:
    Incident.objects.create(team=personas.team, week=WEEK, occurred_at=NOW, text="原文：**对账**")
    incident = element(personas.client("manager").get(LIST), "article.incident")
    assert text(incident, "strong") == "对账"
    assert elements(incident, ".chip, a") == []


@pytest.mark.parametrize(("name", "may"), [("viewer", False), ("lead", True), ("manager", True)])
def test_only_reporters_see_buttons(personas: Personas, name: str, may: bool) -> None:
    incident = make_incident(personas.team)
    page = personas.client(name).get(LIST).content.decode()
    for address in ("new/", f"{incident.pk}/", f"{incident.pk}/review/"):
        assert (f'href="{LIST}{address}"' in page) is may


def test_list_is_paged(personas: Personas) -> None:
    for number in range(31):
        make_incident(personas.team, description=f"第 {number:02} 件")
    client = personas.client("viewer")
    first = texts(client.get(LIST), "article.incident > p")
    assert (len(first), first[0]) == (30, "第 30 件")
    for page in ("2", "99"):
        assert texts(client.get(LIST, {"page": page}), "article.incident > p") == ["第 00 件"]


def test_empty_list_says_so(personas: Personas) -> None:
    page = personas.client("viewer").get(LIST)
    assert text(page, "section.empty h2") == "No incident has been recorded"


def test_incidents_add_no_queries(personas: Personas) -> None:
    client = personas.client("viewer")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    for _ in range(2):
        make_incident(personas.team, project=personas.project)
    few = queries()
    for _ in range(20):
        make_incident(personas.team, project=personas.project)
    assert queries() == few


NEW = "/t/pay/incidents/new/"
INCIDENT = {
    "occurred_at": "2024-06-18T12:03",
    "description": "对账任务超时",
    "severity": "C",
}


@pytest.mark.parametrize(
    ("name", "status"),
    [("other_lead", 200), ("manager", 200)],
)
def test_managers_and_leads_record_an_incident(personas: Personas, name: str, status: int) -> None:
    client = personas.client(name)
    assert client.get(NEW).status_code == status
    assert client.post(NEW, INCIDENT).status_code == (302 if status == 200 else status)
    assert Incident.objects.exists() == (status == 200)


def test_moments_are_of_the_teams_clock(personas: Personas) -> None:
    data = {
        **INCIDENT,
        "recovered_at": "2024-06-18T12:40",
        "project": str(personas.project.pk),
    }
    response = personas.client("lead").post(NEW, data, follow=True)
    assert "Saved: 对账任务超时" in response.content.decode()
    incident = Incident.objects.get()
    assert incident.occurred_at == datetime(2024, 6, 18, 4, 3, tzinfo=UTC)
    assert (incident.week, incident.project) == (WEEK, personas.project)
    assert AuditRecord.objects.get().by == personas.lead


@each_row(
    ("wrong", "words"),
    [
        ({"occurred_at": "gestern"}, "A date and a time"),
        ({"occurred_at": "0024-06-18T12:03"}, "A date and a time"),
        ({"occurred_at": "2024-06-20T12:03"}, "This has not happened yet."),
        (
            {"occurred_at": "2024-06-19T23:30"},
            "23:30 is still to come today. Was it yesterday, on 06-18?",
        ),
        ({"recovered_at": "2024-06-18T12:02"}, "This is before it occurred."),
        ({"description": ""}, "This field is required."),
        ({"link": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"severity": "P9"}, "P9 is not one of the available choices"),
    ],
)
def test_wrong_new_incident_is_marked(
    personas: Personas, wrong: dict[str, str], words: str
) -> None:
    response = personas.client("lead").post(NEW, {**INCIDENT, "cause": "快照太大", **wrong})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "快照太大" in page
    assert not Incident.objects.exists()


def test_project_of_another_team_is_no_choice(personas: Personas) -> None:
    theirs = make_project(make_team("ai"))
    response = personas.client("lead").post(NEW, {**INCIDENT, "project": str(theirs.pk)})
    assert response.status_code == 422


def test_choice_of_no_project_is_a_dash_in_each_language(personas: Personas) -> None:
    page = personas.client("lead").get(NEW).text
    assert '<option value="" selected>—</option>' in page


CHANGED = {"occurred_at": "2024-06-10T12:03", "description": "对账任务超时"}


@pytest.fixture
def incident(personas: Personas) -> Incident:
    return make_incident(personas.team)


def edit_page(incident: Incident) -> str:
    return f"/t/pay/incidents/{incident.pk}/"


@pytest.mark.parametrize(
    ("name", "status"),
    [("lead", 200), ("manager", 200)],
)
def test_managers_and_leads_change_an_incident(
    personas: Personas, incident: Incident, name: str, status: int
) -> None:
    client = personas.client(name)
    assert client.get(edit_page(incident)).status_code == status
    client.post(edit_page(incident), CHANGED)
    incident.refresh_from_db()
    assert (incident.description == "对账任务超时") == (status == 200)


def test_incident_moves_to_the_week_in_which_it_occurred(
    personas: Personas, incident: Incident
) -> None:
    client = personas.client("lead")
    assert 'value="2024-06-19T10:00"' in client.get(edit_page(incident)).content.decode()
    assert client.post(edit_page(incident), CHANGED).status_code == 302
    incident.refresh_from_db()
    assert incident.week < WEEK


def test_incidents_of_another_team_and_of_imported_pages_are_not_found(personas: Personas) -> None:
    theirs = make_incident(make_team("ai"))
    old = Incident.objects.create(team=personas.team, week=WEEK, occurred_at=NOW, text="原文")
    for incident in (theirs, old):
        assert personas.client("manager").post(edit_page(incident), CHANGED).status_code == 404


def test_wrong_change_is_marked(personas: Personas, incident: Incident) -> None:
    response = personas.client("lead").post(edit_page(incident), {**CHANGED, "occurred_at": ""})
    assert response.status_code == 422
    assert "对账任务超时" in response.content.decode()


HTMX = {"HX-Request": "true"}
REVIEW = {"cause": "快照太大", "resolution": "改为分页", "recovered_at": "2024-06-19T10:40"}


def review_page(incident: Incident) -> str:
    return f"/t/pay/incidents/{incident.pk}/review/"


@pytest.mark.parametrize(
    ("name", "status"),
    [("other_lead", 200), ("manager", 200)],
)
def test_managers_and_leads_review_an_incident(
    personas: Personas, incident: Incident, name: str, status: int
) -> None:
    client = personas.client(name)
    assert client.get(review_page(incident)).status_code == status
    assert client.post(review_page(incident), REVIEW).status_code == (
        302 if status == 200 else status
    )
    incident.refresh_from_db()
    assert (incident.reviewed_at is not None) == (status == 200)


def test_incidents_of_another_team_and_of_imported_pages_have_no_review(personas: Personas) -> None:
    theirs = make_incident(make_team("ai"))
    old = Incident.objects.create(team=personas.team, week=WEEK, occurred_at=NOW, text="原文")
    for incident in (theirs, old):
        assert personas.client("manager").post(review_page(incident), REVIEW).status_code == 404


def test_review_leads_back_to_the_page_before(personas: Personas, incident: Incident) -> None:
    client = personas.client("lead")
    page = client.get(review_page(incident), headers={"Referer": "http://testserver/t/pay/"})
    assert 'name="next" value="/t/pay/"' in page.content.decode()
    response = client.post(review_page(incident), {**REVIEW, "next": "/t/pay/"}, follow=True)
    assert response.redirect_chain == [("/t/pay/", 302)]
    assert "The review is saved." in response.content.decode()


def test_review_is_swapped_in_place_for_htmx(personas: Personas, incident: Incident) -> None:
    client = personas.client("lead")
    form = client.get(review_page(incident), headers=HTMX).content.decode()
    assert "<html" not in form
    assert 'class="review is-open"' in form
    closed = client.get(review_page(incident), {"closed": ""}, headers=HTMX).content.decode()
    assert "<textarea" not in closed
    response = client.post(review_page(incident), REVIEW, headers=HTMX)
    assert "The review is saved." in response.content.decode()
    assert response["HX-Trigger"] == '{"facts-changed": {}}'


@pytest.mark.parametrize(
    "wrong",
    [{"cause": " "}, {"resolution": ""}, {"recovered_at": "2024-06-19T09:59"}],
    ids=["no cause", "no resolution", "over before it began"],
)
def test_wrong_review_is_marked(
    personas: Personas, incident: Incident, wrong: dict[str, str]
) -> None:
    data = REVIEW | wrong
    response = personas.client("lead").post(review_page(incident), data, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'aria-invalid="true"' in page
    for name in data.keys() - wrong.keys():
        assert data[name] in page


def shown(personas: Personas, address: str) -> dict[str, str]:
    """What the fields of the form hold, by their names."""
    page = personas.client("lead").get(address).content.decode()
    (form,) = elements(page, "main form[method=post]")
    fields = {
        str(field["name"]): str(field.get("value", "")) for field in form.select("input[name]")
    }
    fields |= {str(field["name"]): field.get_text().strip() for field in form.select("textarea")}
    for field in form.select("select"):
        chosen = field.select_one("option[selected]")
        fields[str(field["name"])] = str(chosen["value"]) if chosen else ""
    return fields


def choices_in(personas: Personas, address: str, name: str) -> list[str]:
    page = personas.client("lead").get(address).content.decode()
    return [str(option["value"]) for option in elements(page, f"select[name={name}] option")]


def test_a_new_incident_begins_now(personas: Personas) -> None:
    now = timezone.localtime(timezone=personas.team.zone)
    assert shown(personas, NEW)["occurred_at"] == f"{now:%Y-%m-%dT%H:%M}"


def test_a_line_that_was_pasted_fills_the_form(personas: Personas) -> None:
    line = "06-18 12:03 C级 客服反馈 回调失败，12:40恢复。原因：磁盘写满"
    fields = shown(personas, f"{NEW}?line={quote(line)}")
    assert fields["occurred_at"] == "2024-06-18T12:03"
    assert fields["recovered_at"] == "2024-06-18T12:40"
    assert (fields["severity"], fields["detected_by"]) == ("C", "客服反馈")
    assert (fields["description"], fields["cause"]) == ("回调失败", "磁盘写满")


def test_levels_are_the_teams_own_and_those_in_use_stay(personas: Personas) -> None:
    old = make_incident(personas.team)
    Incident.objects.filter(pk=old.pk).update(severity="AB", detected_by="监控发现")
    assert choices_in(personas, NEW, "severity") == ["", "A", "B", "C", "D", "AB"]
    address = "/t/pay/settings/"
    page = personas.client("manager").get(address).content.decode()
    (form,) = elements(page, "main form")
    sent = {str(field["name"]): str(field.get("value", "")) for field in form.select("input[name]")}
    sent |= {
        str(field["name"]): str(option["value"])
        for field in form.select("select")
        for option in field.select("option[selected]")
    }
    sent |= {"week_numbering": "calendar", "digest_when": "scheduled"}
    sent |= {"severities": "P0\n p0 \n\nP1", "detections": "值班电话"}
    assert personas.client("manager").post(address, sent).status_code == 302
    assert choices_in(personas, NEW, "severity") == ["", "P0", "P1", "AB"]
    assert choices_in(personas, NEW, "detected_by") == ["", "值班电话", "监控发现"]
    assert shown(personas, f"/t/pay/incidents/{old.pk}/")["severity"] == "AB"
