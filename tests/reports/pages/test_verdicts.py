"""The manager's word on a finding: printed with it, on the page of the moment, by who said it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import facts
from projects.checkin import ledger
from projects.models import AuditRecord
from reports.dashboard.overview import attention_of
from reports.pages import live, verdicts
from reports.render.markdown import markdown
from reports.weekly.document import Finding, WeeklyDocument
from tests.conftest import Personas
from tests.factories import NOW, WEEK, make_entry, make_milestone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def finding(personas: Personas) -> Finding:
    """100 percent, and a milestone that is open."""
    make_milestone(personas.project, "二期", percent=40)
    make_entry(personas.project, percent=100)
    facts.announce(personas.team, [WEEK])
    return next(item for item in page(personas).findings if item.code == "open_milestone")


def page(personas: Personas) -> WeeklyDocument:
    document = live.current_document(personas.team, WEEK)
    assert document is not None
    return document


def judge(personas: Personas, key: str, verdict: str, note: str = "") -> None:
    wanted = {"verdict": verdict, "note": note}
    verdicts.judge(personas.team, WEEK, key, wanted, by=personas.manager)


def of(personas: Personas, key: str) -> Finding | None:
    return next((item for item in page(personas).findings if item.key == key), None)


def test_an_explanation_is_printed_with_the_finding(personas: Personas, finding: Finding) -> None:
    judge(personas, finding.key, "explained", "二期另行 立项")
    judged = of(personas, finding.key)
    assert judged is not None
    assert judged.verdict is not None
    assert (judged.verdict.note, judged.verdict.by) == ("二期另行 立项", "林岚")
    assert "林岚: 二期另行 立项" in markdown(page(personas), language="en")
    # The entry's own and the page's list say the same.
    assert judged in page(personas).entries[0].findings


def test_finding_stays_the_same_when_a_day_passes(personas: Personas) -> None:
    """Two days past due on Thursday are what was explained on Wednesday; another date is not."""
    make_milestone(personas.project, "二期", percent=40, due_on=date(2024, 6, 18))
    make_entry(personas.project, percent=40, health="on_track")
    facts.announce(personas.team, [WEEK])
    (first,) = [item for item in page(personas).findings if item.code == "past_due_on_track"]
    judge(personas, first.key, "explained", "等复审")
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        later = of(personas, first.key)
        assert later is not None
        assert later.params["days"] == "2"
        assert later.verdict is not None
        moved = replace(later, params={**later.params, "due": "2024-06-17"})
        assert moved.key != later.key


def test_accepted_finding_stays_on_the_page(personas: Personas, finding: Finding) -> None:
    judge(personas, finding.key, "accepted")
    assert "accepted by 林岚" in markdown(page(personas), language="en")
    assert finding.key not in {item.key for item in attention_of(page(personas)).findings}


def test_reopening_removes_the_verdict_and_is_audited(personas: Personas, finding: Finding) -> None:
    judge(personas, finding.key, "explained", "二期另行立项")
    judge(personas, finding.key, "accepted")
    judge(personas, finding.key, "")
    judge(personas, finding.key, "")
    reopened = of(personas, finding.key)
    assert reopened is not None
    assert reopened.verdict is None
    actions = AuditRecord.objects.filter(action__startswith="finding.").order_by("pk")
    assert [record.action for record in actions] == [
        "finding.explain",
        "finding.accept",
        "finding.reopen",
    ]
    assert actions[1].before["note"] == "二期另行立项"


def test_finding_with_other_figures_is_open_again(personas: Personas, finding: Finding) -> None:
    judge(personas, finding.key, "accepted")
    milestone = personas.project.milestones.get()
    ledger.change_percent(milestone, Decimal(50), week=WEEK, at=NOW)
    facts.announce(personas.team, [WEEK])
    assert of(personas, finding.key) is None
    again = next(item for item in page(personas).findings if item.code == "open_milestone")
    assert again.verdict is None
    with pytest.raises(verdicts.FindingGone):
        judge(personas, finding.key, "accepted")


def test_explanation_without_words_is_refused(personas: Personas, finding: Finding) -> None:
    with pytest.raises(ValueError, match="words"):
        judge(personas, finding.key, "explained", "")


def test_same_verdict_again_is_not_audited_twice(personas: Personas, finding: Finding) -> None:
    for _ in range(2):
        judge(personas, finding.key, "accepted")
    assert AuditRecord.objects.filter(action="finding.accept").count() == 1


def test_compiling_reads_verdicts_without_another_query(
    personas: Personas, finding: Finding
) -> None:
    with CaptureQueriesContext(connection) as before:
        live.compile_page(personas.team, WEEK)
    judge(personas, finding.key, "accepted")
    with CaptureQueriesContext(connection) as after:
        live.compile_page(personas.team, WEEK)
    assert len(before) == len(after)
