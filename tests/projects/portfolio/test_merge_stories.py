"""Whatever two projects have: merged and taken apart again, every row is where it was."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from projects.models import Draft, Question
from projects.portfolio import merge
from tests.examples import examples
from tests.factories import (
    WEEK,
    make_entry,
    make_metric,
    make_milestone,
    make_project,
    make_team,
    make_user,
)
from tests.projects.portfolio.test_merge import ONE_WEEK, everything


def _weeks() -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, 5), unique=True, max_size=5)


@st.composite
def _stories(draw: st.DrawFn) -> dict[str, Any]:
    """What one project has: weeks with an entry, milestones, drafts; names overlap on purpose."""
    return {
        "weeks": draw(_weeks()),
        "texts": draw(
            st.lists(st.sampled_from(["", "联调", "联调\n测试", " 上线 "]), min_size=6, max_size=6)
        ),
        "placed": draw(_weeks()),
        "milestones": draw(st.lists(st.sampled_from("甲乙丙丁"), unique=True)),
        "metrics": draw(st.lists(st.sampled_from(["笔数", "金额"]), unique=True)),
        "drafts": draw(st.lists(st.sampled_from(["text", "risks", "percent"]), unique=True)),
        "started_on": draw(st.sampled_from([None, date(2024, 1, 8), date(2024, 4, 8)])),
    }


class TestUndoIsExact(HypothesisTestCase):
    @examples(0.3)
    @given(_stories(), _stories())
    def test_whatever_the_two_have(self, first: dict[str, Any], other: dict[str, Any]) -> None:
        team = make_team()
        lead = make_user(team=team)
        projects = []
        for name, story in (("自建POS", first), ("收单", other)):
            project = make_project(team, name, lead=lead, started_on=story["started_on"])
            projects.append(project)
            for place in story["milestones"]:
                make_milestone(project, place, percent=len(story["weeks"]), week=WEEK)
            for ago in story["weeks"]:
                entry = make_entry(project, WEEK - ago * ONE_WEEK, story["texts"][ago])
                entry.position = 7 if ago in story["placed"] else 0
                entry.save()
            for place in story["metrics"]:
                make_metric(team, place, project=project)
            for place in story["drafts"]:
                Draft.objects.create(
                    team=team, project=project, user=lead, week=WEEK, field=place, value=name
                )
            Question.objects.create(team=team, project=project, week=WEEK, text="几号？")
        before = everything()

        merge.undo(merge.merge(projects[0], projects[1], by=lead), by=lead)

        assert everything() == before
