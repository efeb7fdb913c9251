"""What is exported of a person, and forgetting one."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from projects import audit
from projects.models import AuditRecord, Draft, Membership, User
from projects.teams import members, personal_data
from reports.models import Delivery
from tests.conftest import Personas
from tests.factories import PASSWORD, WEEK, make_comment, make_edition, make_entry, make_subscriber
from tests.html import text


@pytest.fixture
def lead(personas: Personas) -> User:
    """A lead who has left traces, also by mail address alone."""
    lead = personas.lead
    lead.email = "xu@example.com"
    lead.save()
    make_entry(personas.project, author=lead)
    make_comment(personas.project, lead)
    audit.note(personas.team, "project.change", personas.project, by=lead)
    Draft.objects.create(
        team=personas.team, user=lead, project=personas.project, week=WEEK, field="text", value="x"
    )
    subscriber = make_subscriber(personas.team, "xu@example.com", "许澄")
    Delivery.objects.create(
        team=personas.team,
        edition=make_edition(personas.team),
        recipient="xu@example.com",
        subscriber=subscriber,
    )
    return lead


def test_person_gets_all_that_names_them_and_no_secret(personas: Personas, lead: User) -> None:
    client = personas.client("lead")
    exported = json.loads(client.get(reverse("projects:account_export")).content)
    assert exported["account"]["email"] == "xu@example.com"
    tables = {
        *("projects.membership", "projects.statusentry", "projects.comment", "projects.draft"),
        *("projects.auditrecord", "reports.subscriber", "reports.delivery", "projects.project"),
    }
    assert tables <= exported["rows"].keys()
    assert exported["rows"]["projects.comment"][0]["text"] == "联调环境周四到位"
    assert "password" not in json.dumps(exported)
    printed = StringIO()
    call_command("export_person", "lead", stdout=printed)
    assert json.loads(printed.getvalue())["rows"].keys() == exported["rows"].keys()


def test_person_is_forgotten_by_themselves_and_what_they_did_stays(
    personas: Personas, lead: User
) -> None:
    client = personas.client("lead")
    address = reverse("projects:account_forget")
    wrong = client.post(address, {"forget-username": "led", "forget-password": PASSWORD})
    assert wrong.status_code == 422
    assert "This is not your user name." in text(wrong)
    sent = client.post(address, {"forget-username": "lead", "forget-password": PASSWORD})
    assert sent.status_code == 302
    assert client.get(reverse("projects:account")).status_code == 302  # signed out

    lead.refresh_from_db()
    assert (lead.is_active, lead.email, lead.username) == (False, "", f"former-{lead.pk}")
    assert lead.name == f"前成员 {lead.pk}"  # in the team's language
    assert not lead.has_usable_password()
    assert not Membership.objects.filter(user=lead).exists()
    exported = json.dumps(personal_data.rows_about(lead), default=str, ensure_ascii=False)
    assert "许澄" not in exported
    entry = personas.project.entries.get()
    assert entry.author == lead
    assert not Draft.objects.exists()
    recipient = Delivery.objects.get().recipient
    assert recipient == f"former-{lead.pk}@forgotten.invalid"
    assert AuditRecord.objects.filter(action="member.forget", subject=lead.name).exists()
    personas.project.refresh_from_db()
    assert personas.project.lead is None


def test_only_manager_and_unsure_operator_are_held_up(personas: Personas) -> None:
    with pytest.raises(CommandError, match="--yes"):
        call_command("forget_person", "manager")
    with pytest.raises(CommandError, match="only manager"):
        call_command("forget_person", "manager", yes=True)
    with pytest.raises(members.LastManager):
        personal_data.forget(personas.manager)
    with pytest.raises(CommandError, match="no user"):
        call_command("export_person", "nobody")
    personas.manager.refresh_from_db()
    assert personas.manager.name == "林岚"
