"""The audit trail of a team: read, searched and exported by its managers; changed by nobody."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from projects import audit
from projects.checkin import ledger
from projects.models import AuditRecord
from projects.text.actions import ACTIONS
from reports import trail
from tests.conftest import Personas
from tests.factories import NOW, WEEK, make_milestone

pytestmark = pytest.mark.usefixtures("now")


def _changes(personas: Personas) -> None:
    milestone = make_milestone(personas.project, "联调", percent=40)
    ledger.change_percent(
        milestone,
        Decimal(30),
        week=WEEK,
        at=NOW + timedelta(hours=1),
        by=personas.lead,
        reason="返工",
    )
    audit.note(
        *(personas.team, "project.change", personas.project),
        by=personas.manager,
        project=personas.project,
        before={"name": "=旧名"},
        after={"name": "贝易转"},
    )


def test_manager_sees_who_changed_what_and_finds_it_by_words(personas: Personas) -> None:
    _changes(personas)
    client = personas.client("manager")
    address = reverse("reports:audit", args=(personas.team.slug,))

    page = client.get(address)
    by_subject = {trace.subject: trace for trace in page.context["page"].object_list}
    renamed, fallen = by_subject["贝易转"], page.context["page"].object_list[0]
    assert (renamed.action, renamed.by) == ("project changed", "林岚")
    assert renamed.values == [("name", "=旧名", "贝易转")]
    assert (fallen.by, fallen.reason, fallen.values) == (
        "许澄",
        "返工",
        [("percent", "40%", "30%")],
    )
    for words, number in (("许澄", 1), ("lead 返工", 1), ("project changed", 1), ("nothing", 0)):
        found = client.get(address, {"q": words, "page": "x"}).context["page"].object_list
        assert len(found) == number, words

    lines = client.get(
        reverse("reports:audit_export", args=(personas.team.slug,)), {"q": "旧 贝易"}
    )
    assert lines.content.decode("utf-8-sig").splitlines()[0].startswith("When,Who,")
    everything = client.get(reverse("reports:audit_export", args=(personas.team.slug,)))
    assert "name: =旧名 → 贝易转" in everything.content.decode()


def test_pages_take_as_many_queries_as_a_page_of_one(
    personas: Personas, django_assert_max_num_queries: object
) -> None:
    AuditRecord.objects.bulk_create(
        AuditRecord(
            team=personas.team,
            action="project.change",
            subject=str(number),
            by=personas.manager,
            project=personas.project,
            at=NOW - timedelta(minutes=number),
        )
        for number in range(trail.A_PAGE + 3)
    )
    client = personas.client("manager")
    address = reverse("reports:audit", args=(personas.team.slug,))
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        first = client.get(address).context["page"]
    assert [trace.subject for trace in first.object_list[:2]] == ["0", "1"]
    last = client.get(address, {"page": "2"}).context["page"].object_list
    assert [trace.subject for trace in last] == ["50", "51", "52"]


def test_record_is_changed_by_nobody_but_may_lose_its_people(personas: Personas) -> None:
    record = audit.note(personas.team, "team.change", personas.team, by=personas.other_lead)
    records = AuditRecord.objects.filter(pk=record.pk)
    for change in (
        {"subject": "x"},
        {"after": {"x": 1}},
        {"by": personas.manager},
        {"at": NOW - timedelta(1)},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            records.update(**change)
    records.update(by=None, project=personas.project)


def test_every_action_that_is_recorded_has_words() -> None:
    sources = (
        path.read_text() for app in ("projects", "reports") for path in Path(app).rglob("*.py")
    )
    noted = re.compile(r'\b(?:note|record_of)\(\s*[^,()]+,\s*"(\w+\.\w+)"')
    actions = {action for source in sources for action in noted.findall(source)}
    assert len(actions) > 40
    assert actions - ACTIONS.keys() == set()
