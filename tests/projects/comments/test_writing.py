"""Comments are written under an entry and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from projects.comments import writing
from projects.comments.mentions import SeveralMeant
from projects.models import AuditRecord, Comment, CommentNotice, Role, StatusEntry, WeekFacts
from projects.portfolio import merge
from projects.weeks import WEEK as A_WEEK
from tests.conftest import Personas
from tests.factories import NOW, WEEK, make_comment, make_entry, make_project, make_user

pytestmark = pytest.mark.django_db


def concerned(comment: Comment) -> dict[str, bool]:
    """Who will be told, by user name, and whether they were mentioned."""
    rows = CommentNotice.objects.filter(comment=comment)
    return dict(rows.values_list("user__username", "is_mentioned"))


def test_comment_is_written_and_concerns_whom_it_names_and_the_lead(personas: Personas) -> None:
    make_entry(personas.project)
    text = " 请@manager 和@viewer 看一下 "
    comment = writing.write(personas.project, WEEK, text, by=personas.viewer, at=NOW)
    assert (comment.text, comment.author) == ("请@manager 和@viewer 看一下", personas.viewer)
    assert (comment.project, comment.week, comment.created_at) == (personas.project, WEEK, NOW)
    assert concerned(comment) == {"manager": True, "lead": False}


def test_lead_who_comments_on_their_own_entry_is_not_told(personas: Personas) -> None:
    make_entry(personas.project)
    comment = writing.write(personas.project, WEEK, "@lead 自己", by=personas.lead)
    assert concerned(comment) == {}


@pytest.mark.parametrize("change", ["is_active", "membership", "outsider"])
def test_who_cannot_sign_in_or_is_no_member_cannot_be_mentioned(
    personas: Personas, change: str
) -> None:
    make_entry(personas.project)
    name = "outsider" if change == "outsider" else "viewer"
    if change == "is_active":
        personas.viewer.is_active = False
        personas.viewer.save()
    elif change == "membership":
        personas.viewer.memberships.all().delete()
    comment = writing.write(personas.project, WEEK, f"@{name} 看", by=personas.lead)
    assert concerned(comment) == {}


def test_comment_changes_nothing_of_the_weekly_page(personas: Personas) -> None:
    make_entry(personas.project)
    before = list(WeekFacts.objects.values())
    writing.write(personas.project, WEEK, "看到了", by=personas.viewer)
    assert list(WeekFacts.objects.values()) == before


def test_same_comment_sent_twice_is_one(personas: Personas) -> None:
    make_entry(personas.project)
    first = writing.write(personas.project, WEEK, "@manager 看到了", by=personas.viewer, at=NOW)
    soon = NOW + writing.AGAIN_WITHIN - timedelta(seconds=1)
    assert writing.write(
        personas.project, WEEK, "@manager 看到了", by=personas.viewer, at=soon
    ) == (first)
    assert CommentNotice.objects.count() == 2
    later = NOW + writing.AGAIN_WITHIN
    writing.write(personas.project, WEEK, "@manager 看到了", by=personas.viewer, at=later)
    writing.write(personas.project, WEEK, "@manager 看到了", by=personas.lead, at=later)
    assert Comment.objects.count() == 3


def test_comment_that_was_taken_back_can_be_written_anew(personas: Personas) -> None:
    make_entry(personas.project)
    first = writing.write(personas.project, WEEK, "看到了", by=personas.viewer, at=NOW)
    writing.remove(first, by=personas.viewer)
    assert writing.write(personas.project, WEEK, "看到了", by=personas.viewer, at=NOW) != first


def test_nothing_is_written_where_no_entry_stands(personas: Personas) -> None:
    with pytest.raises(StatusEntry.DoesNotExist):
        writing.write(personas.project, WEEK, "看到了", by=personas.viewer)
    assert not Comment.objects.exists()


def test_nothing_is_written_under_history(personas: Personas) -> None:
    make_entry(personas.project, WEEK - A_WEEK)
    personas.team.starts_on = WEEK
    personas.team.save()
    personas.project.team = personas.team
    with pytest.raises(writing.OfHistory):
        writing.write(personas.project, WEEK - A_WEEK, "看到了", by=personas.viewer)


def test_comment_has_words(personas: Personas) -> None:
    make_entry(personas.project)
    with pytest.raises(ValueError, match="words"):
        writing.write(personas.project, WEEK, " \n", by=personas.viewer)


def test_comment_names_at_most_twenty_people(personas: Personas) -> None:
    make_entry(personas.project)
    people = [
        make_user(f"u{number:02}", team=personas.team, role=Role.VIEWER).username
        for number in range(writing.MOST_MENTIONED + 1)
    ]
    comment = writing.write(
        personas.project, WEEK, " ".join(f"@{name}" for name in people[1:]), by=personas.viewer
    )
    assert len(concerned(comment)) == writing.MOST_MENTIONED + 1  # with the lead
    with pytest.raises(writing.TooManyMentioned):
        writing.write(
            personas.project, WEEK, " ".join(f"@{name}" for name in people), by=personas.viewer
        )
    assert Comment.objects.count() == 1


def test_namesakes_are_told_apart_by_login(personas: Personas) -> None:
    make_entry(personas.project)
    for username in ("wf1", "wf2"):
        make_user(username, "王芳", personas.team, Role.VIEWER)
    with pytest.raises(SeveralMeant):
        writing.write(personas.project, WEEK, "@王芳 看", by=personas.viewer)
    comment = writing.write(personas.project, WEEK, "@王芳 (wf2) 看", by=personas.viewer)
    assert concerned(comment) == {"wf2": True, "lead": False}


def test_comment_is_taken_back_once_and_leaves_a_trace_without_its_words(
    personas: Personas,
) -> None:
    comment = make_comment(personas.project, personas.viewer, "手滑了")
    removed = writing.remove(comment, by=personas.manager, at=NOW)
    assert (removed.removed_at, removed.removed_by) == (NOW, personas.manager)
    assert writing.remove(comment, by=personas.viewer).removed_by == personas.manager
    record = AuditRecord.objects.get(action="comment.remove")
    assert (record.by, record.project) == (personas.manager, personas.project)
    assert record.before == {"author": str(personas.viewer), "week": WEEK.isoformat()}
    assert Comment.objects.get().text == "手滑了"


def test_comment_outlasts_an_undone_save(personas: Personas) -> None:
    entry = make_entry(personas.project)
    comment = writing.write(personas.project, WEEK, "看到了", by=personas.viewer)
    entry.delete()
    assert Comment.objects.get() == comment


def test_comments_follow_a_merge_and_come_back(personas: Personas) -> None:
    other = make_project(personas.team, "贝易转二期")
    for project in (personas.project, other):
        make_entry(project)
    mine = writing.write(personas.project, WEEK, "这里", by=personas.viewer)
    theirs = writing.write(other, WEEK, "那里", by=personas.viewer)
    merged = merge.merge(personas.project, other, by=personas.manager)
    assert set(personas.project.comments.all()) == {mine, theirs}
    merge.undo(merged, by=personas.manager)
    theirs.refresh_from_db()
    assert theirs.project.name == "贝易转二期"


def test_author_whose_account_is_deleted_keeps_their_name(personas: Personas) -> None:
    comment = make_comment(personas.project, personas.viewer)
    personas.viewer.delete()
    comment.refresh_from_db()
    assert comment.author == personas.viewer
    assert not personas.viewer.is_active
