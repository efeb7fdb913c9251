"""Drafts: one for each user, form and field, shown to nobody else."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from projects.checkin import drafts
from projects.checkin.drafts import CheckInDraft
from projects.models import Draft, Project, Team, User
from projects.weeks import WEEK as ONE_WEEK
from tests.factories import NOW, WEEK, make_project, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def project() -> Project:
    return make_project(make_team())


@pytest.fixture
def user() -> User:
    return make_user()


def keep(user: User, project: Project, revision: int = 0, **typed: str) -> CheckInDraft | None:
    standing = {"text": "联调中", "risks": ""}
    drafts.save(user, project, WEEK, typed, standing=standing, seen=revision)
    return drafts.of_projects(user, WEEK, [project]).get(project.pk)


def test_draft_is_kept_with_the_revision_it_was_typed_over(project: Project, user: User) -> None:
    draft = keep(user, project, 3, text="联调完成", risks="等专线")
    assert draft == CheckInDraft({"text": "联调完成", "risks": "等专线"}, 3, NOW)
    assert drafts.of_projects(user, WEEK, [project]) == {project.pk: draft}


def test_new_draft_of_a_field_keeps_those_of_other_fields(project: Project, user: User) -> None:
    keep(user, project, text="联调", risks="等专线")
    draft = keep(user, project, text="联调完成")
    assert draft is not None
    assert draft.values == {"text": "联调完成", "risks": "等专线"}
    assert Draft.objects.count() == 2


def test_text_that_stands_there_already_needs_no_draft(project: Project, user: User) -> None:
    keep(user, project, text="联调完成")
    assert keep(user, project, text="联调中\n", risks=" ") is None
    assert not Draft.objects.exists()


def test_revision_is_the_oldest_of_any_field(project: Project, user: User) -> None:
    keep(user, project, 1, text="联调完成")
    draft = keep(user, project, 2, risks="等专线")
    assert draft is not None
    assert draft.revision == 1


def test_drafts_of_another_user_project_or_week_are_not_shown(project: Project, user: User) -> None:
    other = make_project(project.team, "POS")
    keep(user, project, text="联调完成")
    assert drafts.of_projects(make_user("other"), WEEK, [project]) == {}
    assert drafts.of_projects(user, WEEK, [other]) == {}
    assert drafts.of_projects(user, WEEK + ONE_WEEK, [project]) == {}


def test_discarding_ends_one_users_draft_of_one_entry(project: Project, user: User) -> None:
    other_user, other = make_user("other"), make_project(project.team, "POS")
    for writer, of in ((user, project), (other_user, project), (user, other)):
        keep(writer, of, text="联调完成")
    drafts.discard(user, project, WEEK)
    assert set(Draft.objects.values_list("user", "project")) == {
        (other_user.pk, project.pk),
        (user.pk, other.pk),
    }


def test_saved_at_is_that_of_the_newest_field(project: Project, user: User) -> None:
    keep(user, project, text="联调完成")
    standing = {"text": "", "risks": ""}
    later = NOW + timedelta(minutes=2)
    drafts.save(user, project, WEEK, {"risks": "等专线"}, standing=standing, seen=0, at=later)
    assert drafts.of_projects(user, WEEK, [project])[project.pk].saved_at == later


def test_drafts_of_a_page_and_of_a_check_in_are_apart(project: Project, user: User) -> None:
    team: Team = project.team
    keep(user, project, text="联调完成")
    drafts.save(user, team, WEEK, {"text": "收获"}, seen="3f2a")
    page = drafts.of_page(user, team, WEEK)
    assert {field: (draft.value, draft.seen) for field, draft in page.items()} == {
        "text": ("收获", "3f2a")
    }
    drafts.discard(user, team, WEEK)
    assert drafts.of_page(user, team, WEEK) == {}
    assert drafts.of_projects(user, WEEK, [project])[project.pk].values == {"text": "联调完成"}


def test_page_drafts_of_another_user_team_or_week_are_not_shown(
    project: Project, user: User
) -> None:
    drafts.save(user, project.team, WEEK, {"plan": "双活演练"}, seen="")
    assert drafts.of_page(make_user("other"), project.team, WEEK) == {}
    assert drafts.of_page(user, make_team("other"), WEEK) == {}
    assert drafts.of_page(user, project.team, WEEK + ONE_WEEK) == {}


def test_one_field_can_be_discarded(project: Project, user: User) -> None:
    keep(user, project, text="联调完成", risks="等专线")
    drafts.discard(user, project, WEEK, "text")
    assert drafts.of_projects(user, WEEK, [project])[project.pk].values == {"risks": "等专线"}


@pytest.mark.parametrize("size", [1, 8])
def test_reading_drafts_is_one_query(project: Project, user: User, size: int) -> None:
    projects = [make_project(project.team, f"项目{number}") for number in range(size)]
    for other in projects:
        keep(user, other, text="联调完成")
    with CaptureQueriesContext(connection) as captured:
        assert len(drafts.of_projects(user, WEEK, projects)) == size
    assert len(captured) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_page", [False, True])
def test_two_tabs_that_save_one_field_at_once_keep_one_draft(
    project: Project, user: User, is_page: bool
) -> None:
    start = threading.Barrier(2)

    def save(value: str) -> None:
        try:
            start.wait(timeout=10)
            subject = project.team if is_page else project
            drafts.save(user, subject, WEEK, {"plan": value}, seen=0)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save, args=(value,)) for value in ("双活", "双活演练")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert Draft.objects.get().value in ("双活", "双活演练")
