from __future__ import annotations

from datetime import date

import pytest

from projects.models import AuditRecord, Stage, WeekFacts
from projects.portfolio import stages
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_milestone, make_stage

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def three(personas: Personas) -> list[Stage]:
    names = ("研发", "联调", "测试")
    return [make_stage(personas.team, name, position) for position, name in enumerate(names)]


def names_of(personas: Personas) -> list[str]:
    return [stage.name for stage in stages.stages_of(personas.team)]


def test_new_stage_is_the_last(personas: Personas, three: list[Stage]) -> None:
    stages.add_stage(personas.team, "投产", by=personas.manager)
    assert names_of(personas) == ["研发", "联调", "测试", "投产"]
    assert AuditRecord.objects.get().action == "stage.create"


def test_name_is_unique_in_a_team(personas: Personas, three: list[Stage]) -> None:
    with pytest.raises(stages.StageNameTaken):
        stages.add_stage(personas.team, "联调", by=None)
    with pytest.raises(stages.StageNameTaken) as taken:
        stages.rename_stages(personas.team, {three[0].pk: "联调"}, by=None)
    assert taken.value.key == three[0].pk
    stages.rename_stages(personas.team, {three[0].pk: "研发"}, by=None)  # as it is: no change
    assert not AuditRecord.objects.exists()


def test_rename_announces_the_weeks_that_print_the_stage(
    personas: Personas, three: list[Stage]
) -> None:
    make_entry(personas.project, date(2024, 6, 3))
    entry = make_entry(personas.project, date(2024, 6, 10))
    entry.stage = three[0]
    entry.save()
    stages.rename_stages(personas.team, {three[0].pk: "开发"}, by=personas.manager)
    assert names_of(personas) == ["开发", "联调", "测试"]
    assert min(WeekFacts.objects.values_list("week", flat=True)) == date(2024, 6, 10)


def test_two_stages_exchange_their_names(personas: Personas, three: list[Stage]) -> None:
    wanted = {three[0].pk: "联调", three[1].pk: "研发"}
    stages.rename_stages(personas.team, wanted, by=personas.manager)
    assert names_of(personas) == ["联调", "研发", "测试"]
    assert AuditRecord.objects.filter(action="stage.rename").count() == 2


@pytest.mark.parametrize(
    ("which", "direction", "order"),
    [
        (0, "down", ["联调", "研发", "测试"]),
        (2, "up", ["研发", "测试", "联调"]),
        (0, "up", ["研发", "联调", "测试"]),
        (2, "down", ["研发", "联调", "测试"]),
    ],
)
def test_stage_moves_by_one_place(
    personas: Personas,
    three: list[Stage],
    which: int,
    direction: stages.Way,
    order: list[str],
) -> None:
    stages.move_stage(three[which], direction, by=None)
    assert names_of(personas) == order


def test_unused_stage_is_removed(personas: Personas, three: list[Stage]) -> None:
    stages.remove_stage(three[1], None, by=None)
    assert names_of(personas) == ["研发", "测试"]
    assert not WeekFacts.objects.exists()


def test_stage_in_use_is_replaced(personas: Personas, three: list[Stage]) -> None:
    entry, milestone = make_entry(personas.project), make_milestone(personas.project)
    for row in (entry, milestone):
        row.stage = three[0]
        row.save()
    assert next(iter(stages.stages_of(personas.team))).uses == 2  # type: ignore[attr-defined]
    with pytest.raises(stages.StageInUse):
        stages.remove_stage(three[0], None, by=None)
    stages.remove_stage(three[0], three[2], by=personas.manager)
    entry.refresh_from_db()
    milestone.refresh_from_db()
    assert (entry.stage, milestone.stage) == (three[2], three[2])
    assert WeekFacts.objects.filter(week=WEEK).exists()
    assert AuditRecord.objects.get().after == {"replacement": "测试"}
