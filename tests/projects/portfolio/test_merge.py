"""Two projects made one, and taken apart again: every row is where it was."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from projects import audit
from projects.checkin import ledger, milestones, recording
from projects.models import (
    Alias,
    AuditRecord,
    Draft,
    Incident,
    Milestone,
    Project,
    ProjectMerge,
    StatusEntry,
    Team,
    WeekFacts,
)
from projects.portfolio import aliases, lifecycle, merge
from projects.portfolio.lifecycle import NewProject
from projects.portfolio.merge import Conflict
from tests.factories import (
    NOW,
    WEEK,
    make_comment,
    make_entry,
    make_incident,
    make_metric,
    make_milestone,
    make_project,
    make_question,
    make_reading,
    make_stage,
    make_team,
    make_user,
)

ONE_WEEK = timedelta(days=7)
# What a merge writes down of itself.
OF_ITS_OWN = {ProjectMerge, AuditRecord, WeekFacts}


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of both applications, but for what a merge writes down of itself."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for app in ("projects", "reports")
        for model in apps.get_app_config(app).get_models()
        if model not in OF_ITS_OWN
    }


@pytest.fixture
def team(db: None, now: None) -> Team:
    return make_team()


@pytest.fixture
def kept_project(team: Team) -> Project:
    return make_project(team, "自建POS", lead=make_user(team=team))


@pytest.fixture
def merged(team: Team) -> Project:
    return make_project(team, "POS收单系统建设", aliases=("收单",))


def fill(project: Project) -> None:
    """One row at least in each table that refers to a project."""
    user = project.lead or make_user(f"user{project.pk}", team=project.team)
    make_milestone(project, f"{project.name}一期", percent=40, due_on=date(2024, 7, 1))
    make_entry(project, WEEK - 3 * ONE_WEEK, percent=30)
    make_question(project, user)
    make_comment(project, user)
    make_reading(make_metric(project.team, "累计金额", "元", project=project), "12.5")
    make_incident(project.team)
    Incident.objects.filter(project=None).update(project=project)
    Draft.objects.create(
        team=project.team, project=project, user=user, week=WEEK, field="text", value=project.name
    )
    audit.note(project.team, "project.create", project, by=user, project=project)


class TestMerge:
    def test_all_that_refers_to_it_moves(self, kept_project: Project, merged: Project) -> None:
        fill(merged)
        relations = Project._meta.related_objects
        of_merged = {
            (r.related_model, r.field.attname)
            for r in relations
            if r.related_model is not ProjectMerge
        }

        done = merge.merge(kept_project, merged, by=kept_project.lead)

        for model, column in of_merged:
            assert model._default_manager.filter(**{column: kept_project.pk}).exists(), model
        assert not Project.objects.filter(pk=merged.pk).exists()
        assert aliases.meant_by(kept_project.team, "收单") == kept_project
        assert aliases.meant_by(kept_project.team, merged.name) == kept_project
        assert (done.kept, done.name, done.by) == (
            kept_project,
            "POS收单系统建设",
            kept_project.lead,
        )
        assert AuditRecord.objects.filter(action="project.merge", project=kept_project).exists()

    def test_texts_of_a_week_stand_below_each_other(
        self, kept_project: Project, merged: Project
    ) -> None:
        mine = make_entry(kept_project, text="机具选型完成", percent=60, health="")
        theirs = make_entry(merged, text="收单联调通过\n", percent=20, health="at_risk")
        theirs.risks = "入网排期"
        theirs.save()

        merge.merge(kept_project, merged, by=None)

        entry = StatusEntry.objects.get()
        assert (entry.pk, entry.revision) == (mine.pk, 2)
        assert (entry.text, entry.risks) == ("机具选型完成\n收单联调通过", "入网排期")
        assert (entry.percent, entry.health) == (60, "at_risk")

    def test_what_a_page_told_keeps_its_place_there(
        self, kept_project: Project, merged: Project
    ) -> None:
        make_entry(kept_project, text="机具选型完成")
        theirs = make_entry(merged, text="收单联调通过")
        theirs.position, theirs.section = 31, "O2 系统升级"
        theirs.save()

        merge.merge(kept_project, merged, by=None)

        entry = StatusEntry.objects.get()
        assert entry.text == "机具选型完成"
        assert entry.repeats == [
            {
                "section": "O2 系统升级",
                "name": "POS收单系统建设",
                "text": "收单联调通过",
                "position": 31,
                "is_focus": False,
            }
        ]

    def test_two_of_one_name_stay_two(self, kept_project: Project, merged: Project) -> None:
        for project in (kept_project, merged):
            make_milestone(project, "一期")
            make_metric(project.team, "交易笔数", "笔", project=project)

        merge.merge(kept_project, merged, by=None)

        names = [milestone.name for milestone in Milestone.objects.filter(project=kept_project)]
        assert names == ["一期", "一期（POS收单系统建设）"]
        assert {m.name for m in kept_project.metrics.all()} == {
            "交易笔数",
            "交易笔数（POS收单系统建设）",
        }

    def test_drafts_of_one_field_are_joined(self, kept_project: Project, merged: Project) -> None:
        assert kept_project.lead is not None
        for project, value in ((kept_project, "机具"), (merged, "收单")):
            Draft.objects.create(
                team=kept_project.team,
                project=project,
                user=kept_project.lead,
                week=WEEK,
                field="text",
                value=value,
            )

        merge.merge(kept_project, merged, by=None)

        assert Draft.objects.get().value == "机具\n收单"

    def test_the_present_week_counts_the_milestones_of_both(
        self, kept_project: Project, merged: Project
    ) -> None:
        make_milestone(kept_project, "机具", percent=100)
        make_milestone(merged, "收单", percent=50)
        recording.record(kept_project, WEEK, recording.CheckIn("联调", "on_track"), by=None)

        merge.merge(kept_project, merged, by=None)

        assert StatusEntry.objects.get().percent == 75

    def test_it_began_when_the_first_of_them_did(
        self, kept_project: Project, merged: Project
    ) -> None:
        Project.objects.filter(pk=kept_project.pk).update(started_on=date(2024, 3, 1))
        Project.objects.filter(pk=merged.pk).update(started_on=date(2023, 9, 1))

        merge.merge(kept_project, merged, by=None)

        kept_project.refresh_from_db()
        assert kept_project.started_on == date(2023, 9, 1)

    def test_every_week_that_told_of_it_is_stale(
        self, kept_project: Project, merged: Project
    ) -> None:
        make_milestone(merged, percent=10, week=WEEK - 5 * ONE_WEEK)

        merge.merge(kept_project, merged, by=None)

        assert WeekFacts.objects.order_by("week")[0].week == WEEK - 5 * ONE_WEEK

    def test_not_with_itself_nor_with_another_team_s(self, kept_project: Project) -> None:
        for other in (kept_project, make_project(make_team("risk"), "反欺诈")):
            with pytest.raises(merge.SameProject):
                merge.merge(kept_project, other, by=None)


class TestPreview:
    def test_says_what_would_happen_and_changes_nothing(
        self, kept_project: Project, merged: Project
    ) -> None:
        fill(kept_project)
        fill(merged)
        make_milestone(merged, f"{kept_project.name}一期")
        before = everything()

        seen = merge.preview(kept_project, merged)

        assert everything() == before
        assert (seen.entries, seen.joined_weeks) == (1, (WEEK - 3 * ONE_WEEK,))
        assert seen.milestones == ("POS收单系统建设一期", "自建POS一期")
        assert seen.renamed == ("自建POS一期（POS收单系统建设）", "累计金额（POS收单系统建设）")
        assert (seen.metrics, seen.incidents, seen.questions) == (1, 1, 1)
        assert set(seen.names) == {"POS收单系统建设", "收单"}

    def test_names_that_are_alike_are_found(self, kept_project: Project, merged: Project) -> None:
        make_project(kept_project.team, "贝易转")

        assert merge.alike(kept_project) == [merged]


class TestUndo:
    def test_every_row_is_as_it_was(self, kept_project: Project, merged: Project) -> None:
        for project in (kept_project, merged):
            fill(project)
            make_entry(project, WEEK, percent=70)
        before = everything()

        back = merge.undo(merge.merge(kept_project, merged, by=None), by=kept_project.lead)

        assert everything() == before
        assert back == merged
        done = ProjectMerge.objects.get()
        assert (done.undone_by, done.undone_at) == (kept_project.lead, NOW)
        assert AuditRecord.objects.filter(action="project.unmerge").exists()

    def test_twice_is_once(self, kept_project: Project, merged: Project) -> None:
        done = merge.merge(kept_project, merged, by=None)

        assert merge.undo(done, by=None) == merge.undo(done, by=None)
        assert AuditRecord.objects.filter(action="project.unmerge").count() == 1

    def test_what_was_changed_since_is_kept(self, kept_project: Project, merged: Project) -> None:
        milestone = make_milestone(merged, "一期", percent=40)
        make_milestone(kept_project, "一期")
        entry = make_entry(merged, WEEK - ONE_WEEK, "旧话")
        done = merge.merge(kept_project, merged, by=None)
        milestones.change_all(kept_project, {milestone.pk: {"name": "收单一期"}}, by=None)
        ledger.change_percent(milestone, Decimal(60), week=WEEK)
        recording.record(
            kept_project, WEEK - ONE_WEEK, recording.CheckIn("新话", "on_track"), by=None, at=NOW
        )
        new = make_entry(kept_project, WEEK)

        merge.undo(done, by=None)

        milestone.refresh_from_db()
        entry.refresh_from_db()
        new.refresh_from_db()
        assert (milestone.project_id, milestone.name) == (merged.pk, "收单一期")
        assert milestone.changes.count() == 2
        assert (entry.project_id, entry.text) == (merged.pk, "新话")
        assert new.project == kept_project

    def test_what_was_removed_since_stays_away(
        self, kept_project: Project, merged: Project
    ) -> None:
        milestone = make_milestone(merged, "一期")
        alias = Alias.objects.get(name="收单")
        done = merge.merge(kept_project, merged, by=None)
        milestones.remove(milestone, by=None)
        aliases.remove(Alias.objects.get(pk=alias.pk), by=None)

        merge.undo(done, by=None)

        assert not merged.milestones.exists()
        assert [alias.name for alias in merged.aliases.all()] == [merged.name]

    def test_what_it_referred_to_and_is_gone_is_let_go(
        self, kept_project: Project, merged: Project
    ) -> None:
        stage, author = make_stage(kept_project.team), make_user("gone", team=kept_project.team)
        for project in (kept_project, merged):
            entry = make_entry(project, author=author)
            entry.stage = stage
            entry.save()
        done = merge.merge(kept_project, merged, by=None)
        stage.delete()
        author.delete()

        merge.undo(done, by=None)

        entry = StatusEntry.objects.get(project=merged)
        assert (entry.stage, entry.author) == (None, author)  # who left a trace is never deleted

    def test_a_report_of_both_is_one_s_again(self, kept_project: Project, merged: Project) -> None:
        make_milestone(kept_project, "机具", percent=100)
        make_milestone(merged, "收单", percent=50)
        done = merge.merge(kept_project, merged, by=None)
        entry = recording.record(kept_project, WEEK, recording.CheckIn("联调", "on_track"), by=None)
        assert entry.percent == 75

        merge.undo(done, by=None)

        entry.refresh_from_db()
        assert (entry.percent, entry.weighted_percent) == (100, 100)


class TestUndoRefused:
    def conflicts(self, done: ProjectMerge) -> tuple[Conflict, ...]:
        before = everything()
        with pytest.raises(merge.UndoRefused) as refusal, transaction.atomic():
            merge.undo(done, by=None)
        assert everything() == before
        return refusal.value.conflicts

    def test_when_a_joined_entry_was_edited(self, kept_project: Project, merged: Project) -> None:
        for project in (kept_project, merged):
            make_entry(project)
        done = merge.merge(kept_project, merged, by=None)
        recording.record(kept_project, WEEK, recording.CheckIn("新话", "on_track"), by=None)

        assert self.conflicts(done) == (Conflict("entry_edited", "2024-W25"),)

    def test_when_another_project_has_the_name(
        self, kept_project: Project, merged: Project
    ) -> None:
        done = merge.merge(kept_project, merged, by=None)
        Alias.objects.filter(name=merged.name).delete()
        lifecycle.create_projects(kept_project.team, [NewProject(merged.name)], by=None)

        assert self.conflicts(done) == (Conflict("name_taken", merged.name),)

    def test_when_the_kept_one_is_called_that_now(
        self, kept_project: Project, merged: Project
    ) -> None:
        done = merge.merge(kept_project, merged, by=None)
        lifecycle.change_project(kept_project, lifecycle.Description(merged.name), by=None)

        assert self.conflicts(done) == (Conflict("name_taken", merged.name),)

    def test_when_the_kept_one_was_merged_itself(
        self, kept_project: Project, merged: Project
    ) -> None:
        first = merge.merge(kept_project, merged, by=None)
        third = make_project(kept_project.team, "聚合支付")
        second = merge.merge(third, kept_project, by=None)
        first.refresh_from_db()

        assert self.conflicts(first) == (Conflict("merged_on", "聚合支付"),)

        merge.undo(second, by=None)
        first.refresh_from_db()
        assert merge.undo(first, by=None) == merged


@pytest.mark.parametrize("undoing", [False, True])
def test_the_number_of_queries_does_not_grow(team: Team, undoing: bool) -> None:
    def queries(number: int) -> int:
        kept_project = make_project(team, f"甲{number}")
        merged = make_project(team, f"乙{number}")
        for place in range(number):
            for project in (kept_project, merged):
                make_entry(project, WEEK - place * ONE_WEEK)
                make_milestone(project, f"里程碑{place}", percent=10)
        done = None if not undoing else merge.merge(kept_project, merged, by=None)
        with CaptureQueriesContext(connection) as captured:
            if done:
                merge.undo(done, by=None)
            else:
                merge.merge(kept_project, merged, by=None)
        return len(captured)

    assert queries(2) == queries(12)
