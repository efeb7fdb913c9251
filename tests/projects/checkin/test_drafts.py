"""Drafts: one for each user, entry and field, and nobody else's business."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.checkin import drafts
from projects.checkin.drafts import Typed
from projects.models import Draft, Project, User
from projects.weeks import WEEK as ONE_WEEK
from tests.factories import NOW, WEEK, make_project, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def project() -> Project:
    return make_project(make_team())


@pytest.fixture
def user() -> User:
    return make_user()


def keep(user: User, project: Project, revision: int = 0, **typed: str) -> Typed | None:
    standing = {"text": "联调中", "risks": ""}
    return drafts.save(user, project, WEEK, typed=typed, standing=standing, entry_revision=revision)


def test_what_was_typed_is_kept_with_its_base(project: Project, user: User) -> None:
    kept = keep(user, project, 3, text="联调完成", risks="等专线")
    assert kept == Typed({"text": "联调完成", "risks": "等专线"}, 3, NOW)
    assert drafts.of(user, WEEK, [project]) == {project.pk: kept}


def test_typing_on_replaces_the_field_and_keeps_the_others(project: Project, user: User) -> None:
    keep(user, project, text="联调", risks="等专线")
    kept = keep(user, project, text="联调完成")
    assert kept is not None
    assert kept.values == {"text": "联调完成", "risks": "等专线"}
    assert Draft.objects.count() == 2


def test_what_stands_there_anyway_needs_no_draft(project: Project, user: User) -> None:
    keep(user, project, text="联调完成")
    assert keep(user, project, text="联调中\n", risks=" ") is None
    assert not Draft.objects.exists()


def test_the_base_is_the_oldest_revision_of_any_field(project: Project, user: User) -> None:
    keep(user, project, 1, text="联调完成")
    kept = keep(user, project, 2, risks="等专线")
    assert kept is not None
    assert kept.entry_revision == 1


def test_nobody_sees_the_drafts_of_another_user_project_or_week(
    project: Project, user: User
) -> None:
    other = make_project(project.team, "POS")
    keep(user, project, text="联调完成")
    assert drafts.of(make_user("other"), WEEK, [project]) == {}
    assert drafts.of(user, WEEK, [other]) == {}
    assert drafts.of(user, WEEK + ONE_WEEK, [project]) == {}


def test_discarding_forgets_one_users_draft_of_one_entry(project: Project, user: User) -> None:
    other_user, other = make_user("other"), make_project(project.team, "POS")
    for one, of in ((user, project), (other_user, project), (user, other)):
        keep(one, of, text="联调完成")
    drafts.discard(user, project, WEEK)
    assert set(Draft.objects.values_list("user", "project")) == {
        (other_user.pk, project.pk),
        (user.pk, other.pk),
    }


def test_the_newest_draft_says_when_it_was_saved(project: Project, user: User) -> None:
    keep(user, project, text="联调完成")
    standing = {"text": "", "risks": ""}
    later = NOW + timedelta(minutes=2)
    kept = drafts.save(
        user,
        project,
        WEEK,
        typed={"risks": "等专线"},
        standing=standing,
        entry_revision=0,
        at=later,
    )
    assert kept is not None
    assert kept.saved_at == later


@pytest.mark.parametrize("size", [1, 8])
def test_reading_them_is_one_query(project: Project, user: User, size: int) -> None:
    projects = [make_project(project.team, f"项目{number}") for number in range(size)]
    for one in projects:
        keep(user, one, text="联调完成")
    with CaptureQueriesContext(connection) as captured:
        assert len(drafts.of(user, WEEK, projects)) == size
    assert len(captured) == 1
