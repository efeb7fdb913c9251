"""A project's percent below the one printed last wants a reason, whatever made it fall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from projects.checkin import ledger, milestones, recording
from projects.checkin.drops import DropUnexplained, Fall
from projects.checkin.milestone_updates import MilestoneUpdate
from projects.checkin.recording import CheckIn
from projects.models import AuditRecord, EntrySource, Milestone, Project, StatusEntry
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_milestone
from tests.projects.checkin.check_ins import report

pytestmark = pytest.mark.usefixtures("now")
LAST_WEEK = WEEK - timedelta(weeks=1)
FALL = Fall(Decimal(72), Decimal(36))


@pytest.fixture
def project(personas: Personas) -> Project:
    """At 72% by its one milestone, last week and now."""
    make_milestone(personas.project, percent=72, week=LAST_WEEK)
    entry = make_entry(personas.project, LAST_WEEK, percent=72)
    StatusEntry.objects.filter(pk=entry.pk).update(weighted_percent=72)
    return personas.project


def entry_of(project: Project) -> StatusEntry:
    return StatusEntry.objects.get(project=project, week=WEEK)


NEW = MilestoneUpdate("二期", percent=Decimal(0))


class TestCheckIn:
    def test_new_milestone_wants_the_reason(self, project: Project) -> None:
        with pytest.raises(DropUnexplained) as refused:
            report(project, NEW)
        assert refused.value.fall == FALL
        assert not Milestone.objects.filter(name="二期").exists()

    def test_lower_percent_wants_the_reason(self, project: Project) -> None:
        with pytest.raises(DropUnexplained) as refused:
            report(project, percent=Decimal(36))
        assert refused.value.fall == FALL

    def test_reason_stands_in_the_entry_and_on_record(self, project: Project) -> None:
        check_in = CheckIn("二期立项", "on_track", milestones=(NEW,), drop_reason=" 范围扩大 ")
        recording.record(project, WEEK, check_in, by=project.lead)
        recording.record(project, WEEK, replace(check_in, text="再说一遍"), by=project.lead)
        assert entry_of(project).drop_reason == "范围扩大"
        record = AuditRecord.objects.get(action="entry.drop")
        assert record.before == {"percent": "72"}
        assert record.after == {"percent": "36", "reason": "范围扩大"}

    def test_reason_of_the_milestone_is_enough(self, project: Project) -> None:
        report(project, MilestoneUpdate("一期上线", percent=Decimal(60), reason="返工"))
        assert entry_of(project).week_percent == 60

    def test_same_percent_wants_none(self, project: Project) -> None:
        report(project, MilestoneUpdate("二期", percent=Decimal(72)))
        assert entry_of(project).drop_reason == ""

    def test_old_page_is_asked_nothing(self, project: Project) -> None:
        report(project, percent=Decimal(10), source=EntrySource.IMPORTED)
        assert entry_of(project).week_percent == 10

    def test_percent_of_history_is_no_measure(self, project: Project) -> None:
        project.team.starts_on = WEEK
        project.team.save()
        report(project, percent=Decimal(10))
        assert entry_of(project).week_percent == 10

    def test_reason_given_beside_an_open_form_is_kept(self, project: Project) -> None:
        report(project)
        milestones.add(project, "二期", percent=Decimal(0), by=None, drop_reason="范围扩大")
        recording.record(
            project,
            WEEK,
            CheckIn("改一个字", "on_track"),
            by=project.lead,
            expected_revision=1,
            opened={"drop_reason": ""},
        )
        assert entry_of(project).drop_reason == "范围扩大"

    def test_next_week_begins_without_it(self, project: Project) -> None:
        StatusEntry.objects.filter(week=LAST_WEEK).update(drop_reason="上周的原因")
        recording.confirm_unchanged(project, WEEK, by=project.lead)
        assert entry_of(project).drop_reason == ""

    def test_confirming_what_adds_up_to_less_wants_the_reason(self, project: Project) -> None:
        milestones.add(project, "二期", percent=Decimal(0), by=None)
        with pytest.raises(DropUnexplained):
            recording.confirm_unchanged(project, WEEK, by=project.lead)


def add(project: Project, reason: str) -> None:
    milestones.add(project, "三期", percent=Decimal(0), by=None, drop_reason=reason)


def weigh(project: Project, reason: str) -> None:
    typed = {Milestone.objects.get(name="二期").pk: {"weight": 3}}
    milestones.change_all(project, typed, by=None, drop_reason=reason)


def bring_back(project: Project, reason: str) -> None:
    milestones.reopen(Milestone.objects.get(name="取消过的"), by=None, reason=reason)


def remove(project: Project, reason: str) -> None:
    milestones.remove(Milestone.objects.get(name="一期上线"), by=None, drop_reason=reason)


@pytest.mark.parametrize("change", [add, weigh, bring_back, remove])
class TestEditor:
    @pytest.fixture
    def project(self, project: Project) -> Project:
        """Reported this week: 80% and 64%, with a third that was dropped at 0%."""
        milestone = Milestone.objects.get(project=project)
        ledger.change_percent(milestone, Decimal(80), week=LAST_WEEK)
        make_milestone(project, "二期", percent=64, week=LAST_WEEK)
        dropped = make_milestone(project, "取消过的", percent=0, week=LAST_WEEK)
        milestones.close(dropped, "不做了", by=None)
        Milestone.objects.filter(name="一期上线").update(percent=80)
        milestone.changes.exclude(new_percent=80).delete()
        report(project)
        return project

    def test_change_wants_the_reason_and_changes_nothing_without(
        self, project: Project, change: Callable[[Project, str], None]
    ) -> None:
        before = [*Milestone.objects.values_list("name", "weight", "closed_at")]
        with pytest.raises(DropUnexplained):
            change(project, " ")
        assert [*Milestone.objects.values_list("name", "weight", "closed_at")] == before
        assert entry_of(project).week_percent == 72

    def test_reason_stands_in_the_entry(
        self, project: Project, change: Callable[[Project, str], None]
    ) -> None:
        change(project, "范围变了")
        assert entry_of(project).drop_reason == "范围变了"
        assert entry_of(project).revision == 1

    def test_without_an_entry_the_check_in_asks_later(
        self, project: Project, change: Callable[[Project, str], None]
    ) -> None:
        StatusEntry.objects.filter(week=WEEK).delete()
        change(project, "")
        assert not StatusEntry.objects.filter(week=WEEK).exists()


def test_dropping_a_milestone_has_its_reason_already(project: Project) -> None:
    far = make_milestone(project, "快完成的", percent=90, week=LAST_WEEK)
    report(project)
    assert entry_of(project).week_percent == 81
    StatusEntry.objects.filter(week=LAST_WEEK).update(percent=81)
    milestones.close(far, "客户不要了", by=None)
    assert (entry_of(project).week_percent, entry_of(project).drop_reason) == (72, "客户不要了")


def test_rise_is_no_drop(project: Project) -> None:
    report(project, percent=Decimal(80))
    assert not AuditRecord.objects.filter(action="entry.drop").exists()
