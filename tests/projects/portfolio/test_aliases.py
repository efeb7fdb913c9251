"""Names: each means one project of its team."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from projects.models import Alias, AuditRecord, Metric, MetricAlias, Project
from projects.portfolio import aliases
from tests.factories import make_project, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make_project(make_team(), "AI影像数字化")


class TestAdd:
    def test_alias_means_the_project(self, project: Project) -> None:
        by = make_user()

        alias = aliases.add(project, " DocAI ", by=by)

        assert (alias.name, alias.key, alias.team) == ("DocAI", "docai", project.team)
        assert aliases.meant_by(project.team, "docai 项目") == project
        record = AuditRecord.objects.get()
        assert (record.action, record.subject, record.project, record.by) == (
            "alias.add",
            "DocAI",
            project,
            by,
        )

    def test_name_that_the_project_has_changes_nothing(self, project: Project) -> None:
        first = aliases.add(project, "DocAI", by=None)

        assert aliases.add(project, "docai", by=None) == first
        assert AuditRecord.objects.count() == 1

    def test_name_of_another_project_is_refused_with_that_project(self, project: Project) -> None:
        other = make_project(project.team, "贝易转", aliases=("BYZ",))

        with pytest.raises(aliases.ProjectNameTaken) as refusal:
            aliases.add(project, "byz", by=None)

        assert refusal.value.project == other

    def test_other_teams_may_use_the_same_name(self, project: Project) -> None:
        make_project(make_team("risk"), "反欺诈", aliases=("DocAI",))

        assert aliases.add(project, "DocAI", by=None).team == project.team

    @pytest.mark.parametrize("name", ["", "   ", "——", "【】"])
    def test_marks_alone_are_refused(self, project: Project, name: str) -> None:
        with pytest.raises(aliases.NameEmpty):
            aliases.add(project, name, by=None)


class TestRemove:
    def test_removed_alias_means_nothing(self, project: Project) -> None:
        alias = aliases.add(project, "DocAI", by=None)

        aliases.remove(alias, by=None)

        assert aliases.meant_by(project.team, "DocAI") is None
        assert AuditRecord.objects.filter(action="alias.remove", subject="DocAI").exists()

    def test_own_name_is_not_removed(self, project: Project) -> None:
        with pytest.raises(aliases.OwnName):
            aliases.remove(Alias.objects.get(project=project), by=None)

        assert aliases.meant_by(project.team, project.name) == project


class TestRefold:
    """The migration that folds keys of an older release as names are compared today."""

    def test_old_keys_are_folded_anew(self, project: Project) -> None:
        team = project.team
        stale = Alias.objects.create(team=team, project=project, name="票据池Ⅱ", key="票据池ⅱ")
        fresh = aliases.add(project, "数字影像（DocAI）", by=None)
        metric = Metric.objects.create(team=team, name="可用性")
        MetricAlias.objects.create(team=team, metric=metric, name="可用率Ⅱ", key="可用率Ⅱ")
        _refold()
        assert aliases.meant_by(team, "票据池II") == project
        stale.refresh_from_db()
        assert stale.key == "票据池ii"
        assert Alias.objects.get(pk=fresh.pk).key == fresh.key
        assert metric.aliases.get().key == "可用率ii"

    def test_a_key_that_is_taken_is_left_to_whom_it_belongs(self, project: Project) -> None:
        team = project.team
        other = make_project(team, "票据池II")
        twice = Alias.objects.create(team=team, project=other, name="票据池Ⅱ", key="票据池ⅱ")
        foreign = Alias.objects.create(team=team, project=project, name="票据池Ⅱ", key="票据池2")
        _refold()
        assert not Alias.objects.filter(pk=twice.pk).exists()
        assert Alias.objects.get(pk=foreign.pk).key == "票据池2"
        assert aliases.meant_by(team, "票据池Ⅱ") == other


def _refold() -> None:
    import_module("projects.migrations.0007_subject_of_traces").refold(
        apps, connection.schema_editor()
    )
