"""Every table can be looked at, what the program writes cannot be changed, and a change is told."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.contrib.admin.sites import AdminSite
from django.db.models import Model
from django.test import Client

from projects.models import (
    AccountNotice,
    Alias,
    AuditRecord,
    Comment,
    CommentMail,
    CommentNotice,
    DayException,
    Deputy,
    Draft,
    Invitation,
    LastSave,
    Membership,
    MetricAlias,
    MetricMerge,
    Milestone,
    ProgressChange,
    ProjectMerge,
    Team,
    User,
    WeekFacts,
)
from reports.models import (
    Channel,
    Delivery,
    Digest,
    Edition,
    EditionFile,
    Heartbeat,
    ImportBatch,
    ImportDoubt,
    ImportFile,
    ImportPage,
    ImportRecord,
    PageImport,
    RememberedColumns,
    Reminder,
    Section,
    Subscriber,
    WeekStep,
)
from tests.conftest import Personas, english_client
from tests.factories import WEEK, make_cycle, make_entry, make_milestone, make_objective
from tests.html import text, texts
from tests.tables import each_row

# What somebody has not sent yet is nobody else's to read; the clock's mark is for the health check.
OURS = [
    model
    for app in ("projects", "reports")
    for model in apps.get_app_config(app).get_models()
    if model not in (Draft, Heartbeat, LastSave)
]
pytestmark = pytest.mark.usefixtures("now")
READ_ONLY = [
    *(ProgressChange, WeekFacts, AuditRecord, ProjectMerge, Invitation),
    *(AccountNotice, Comment, CommentNotice, CommentMail),
    *(Section, Edition, EditionFile, Digest, Delivery, Reminder, ImportBatch, ImportRecord),
    *(Channel, Subscriber, WeekStep, PageImport, ImportFile, ImportPage, ImportDoubt),
    *(MetricAlias, MetricMerge, RememberedColumns, Deputy, DayException),
]


@pytest.fixture
def root(db: None) -> Client:
    client = english_client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def address(model: type[Model], page: str) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{page}"


@pytest.fixture
def rows(personas: Personas) -> None:
    make_entry(personas.project)
    make_milestone(personas.project, percent=10)
    make_objective(make_cycle(personas.team))


@pytest.fixture
def no_list_of_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands beside every table: the front page has it as well."""
    monkeypatch.setattr(AdminSite, "get_app_list", lambda *_args: [])


@each_row("model", OURS)
def test_every_table_shows(
    rows: None, no_list_of_tables: None, root: Client, model: type[Model]
) -> None:
    assert root.get(address(model, ""), {"q": "x"}).status_code == 200
    assert root.get(address(model, "")).status_code == 200
    expected = 403 if model in READ_ONLY else 200
    assert root.get(address(model, "add/")).status_code == expected


@pytest.mark.parametrize("name", ["manager", "viewer", "anonymous"])
def test_only_staff_come_in(personas: Personas, name: str) -> None:
    response = personas.client(name).get("/admin/projects/team/")
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_it_has_the_icon_of_the_site(root: Client) -> None:
    assert '<link rel="icon" href="/static/icons/okrtracker.svg"' in root.get("/admin/").text


def test_it_has_no_sign_in_of_its_own(personas: Personas) -> None:
    page = personas.client("anonymous").get("/admin/login/?next=/admin/projects/team/")
    assert page["Location"] == "/accounts/login/?next=/admin/projects/team/"
    assert personas.client("manager").get("/admin/", follow=True).status_code == 403


def test_a_change_makes_its_pages_stale(personas: Personas, root: Client) -> None:
    entry = make_entry(personas.project)
    data = {
        "team": personas.team.pk,
        "project": personas.project.pk,
        "week": "2024-06-10",
        "text": "改过",
        "health": "at_risk",
        "source": "reported",
        "repeats": "[]",
        "position": 0,
        "reported_at_0": "2024-06-12",
        "reported_at_1": "10:00",
    }
    response = root.post(address(type(entry), f"{entry.pk}/change/"), data)
    assert response.status_code == 302, response.context["errors"]
    stale = set(WeekFacts.objects.values_list("week", flat=True))
    # Both the week it was moved to and the one it was moved from; this week and the next are known.
    assert stale == {date(2024, 6, 10), WEEK, date(2024, 6, 24)}


def test_a_deleted_row_makes_its_pages_stale(personas: Personas, root: Client) -> None:
    entry = make_entry(personas.project)
    root.post(address(type(entry), f"{entry.pk}/delete/"), {"post": "yes"})
    assert WeekFacts.objects.filter(week=WEEK).exists()
    entry = make_entry(personas.project)
    data = {"action": "delete_selected", "_selected_action": entry.pk, "post": "yes"}
    root.post(address(type(entry), ""), data)
    assert WeekFacts.objects.get(week=WEEK).revision == 2


def test_an_alias_is_folded_as_an_import_folds_it(personas: Personas, root: Client) -> None:
    data = {"team": personas.team.pk, "project": personas.project.pk, "name": "Ｄｏｃ AI"}
    assert root.post(address(Alias, "add/"), data).status_code == 302
    assert Alias.objects.get(name="Ｄｏｃ AI").key == "docai"


def test_a_milestone_is_moved_by_check_ins_alone(personas: Personas, root: Client) -> None:
    milestone = make_milestone(personas.project, percent=10)
    page = root.get(address(Milestone, f"{milestone.pk}/change/")).content.decode()
    assert 'name="name"' in page
    assert 'name="percent"' not in page
    assert 'name="due_on"' not in page


def test_a_schedule_is_changed_by_the_teams_settings_alone(
    personas: Personas, root: Client
) -> None:
    page = root.get(address(Team, f"{personas.team.pk}/change/")).text
    assert 'name="name"' in page
    assert 'name="cutoff_time"' not in page
    assert 'name="week_numbering"' not in page
    assert 'name="cutoff_time"' in root.get(address(Team, "add/")).text


def test_members_are_added_on_their_team(personas: Personas, root: Client) -> None:
    page = root.get(address(type(personas.team), f"{personas.team.pk}/change/")).content.decode()
    assert "memberships-0-role" in page
    assert Membership.objects.filter(team=personas.team).count() == 4


# --- accounts of people who left traces --------------------------------------------------------


@pytest.mark.parametrize("at_once", [True, False])
def test_deleting_an_account_keeps_the_name_and_says_so_before(
    personas: Personas, root: Client, at_once: bool
) -> None:
    lead = personas.lead
    make_entry(personas.project, author=lead)
    if at_once:
        address = "/admin/projects/user/"
        data = {"action": "delete_selected", "_selected_action": str(lead.pk)}
    else:
        address, data = f"/admin/projects/user/{lead.pk}/delete/", {}
    page = root.post(address, data) if at_once else root.get(address)
    (line,) = [line for line in texts(page, "#content li") if line.startswith("许澄")]
    assert "is deactivated; the name stays on: " in line
    assert "projects 1" in line
    assert root.post(address, {**data, "post": "yes"}).status_code == 302
    lead.refresh_from_db()
    assert (lead.is_active, lead.has_usable_password()) == (False, False)
    page = personas.client("manager").get(f"/t/pay/projects/{personas.project.pk}/")
    assert "许澄 deactivated Change the lead" in text(page, "dl.facts dd")


def test_account_that_nothing_names_is_deleted(personas: Personas, root: Client) -> None:
    viewer = personas.viewer
    page = root.get(f"/admin/projects/user/{viewer.pk}/delete/")
    assert "高远 (viewer): is deleted" in texts(page, "#content li")
    root.post(f"/admin/projects/user/{viewer.pk}/delete/", {"post": "yes"})
    assert not User.objects.filter(pk=viewer.pk).exists()


def test_box_that_closes_an_account_says_what_stays(personas: Personas, root: Client) -> None:
    page = root.get(f"/admin/projects/user/{personas.lead.pk}/change/")
    assert "The name stays on: projects 1." in text(page, ".field-is_active")


def test_deleting_many_people_keeps_those_who_are_named(personas: Personas) -> None:
    User.objects.filter(username__in=["lead", "viewer"]).delete()
    assert list(User.objects.filter(username__in=["lead", "viewer"])) == [personas.lead]
