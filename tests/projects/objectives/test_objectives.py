"""Objectives and key results: made, changed, put in order, deleted; each with its trace."""

from __future__ import annotations

from datetime import date

import pytest

from projects.models import (
    AuditRecord,
    Cycle,
    KeyResult,
    Objective,
    Reading,
    WeekFacts,
)
from projects.objectives import objectives
from projects.objectives.objectives import (
    CodeTaken,
    ObjectiveInUse,
    Wording,
)
from reports.weekly.sections import Kind
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_cycle,
    make_entry,
    make_key_result,
    make_metric,
    make_objective,
    make_page,
    make_project,
    make_reading,
    make_section,
)

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def cycle(personas: Personas) -> Cycle:
    return make_cycle(personas.team)


def actions() -> list[str]:
    return list(AuditRecord.objects.order_by("pk").values_list("action", flat=True))


def is_told() -> bool:
    return WeekFacts.objects.filter(week=WEEK).exists()


def test_new_objective_is_the_last(personas: Personas, cycle: Cycle) -> None:
    make_objective(cycle)
    made = objectives.create(cycle, Wording("O2", "能力升级", personas.lead), by=personas.manager)
    assert (made.team, made.owner, made.position) == (personas.team, personas.lead, 1)
    assert (actions(), is_told()) == (["objective.create"], True)


def test_code_is_unique_in_a_cycle(personas: Personas, cycle: Cycle) -> None:
    first, second = make_objective(cycle, "O1"), make_objective(cycle, "O2")
    with pytest.raises(CodeTaken) as refused:
        objectives.create(cycle, Wording("O1", "又一个"), by=None)
    assert refused.value.objective == first
    with pytest.raises(CodeTaken):
        objectives.change(second, Wording("O1", "能力升级"), by=None)
    following = make_cycle(personas.team, "2024H2", date(2024, 7, 1), date(2024, 12, 31))
    objectives.create(following, Wording("O1", "业务服务"), by=None)


def test_change_is_noted_with_the_old_values(personas: Personas, cycle: Cycle) -> None:
    objective = make_objective(cycle, "O1", "业务服务")
    objectives.change(objective, Wording("O1", "服务好业务"), by=personas.manager)
    record = AuditRecord.objects.get()
    assert (record.before, record.after) == ({"name": "业务服务"}, {"name": "服务好业务"})
    assert is_told()


def test_same_values_change_nothing(cycle: Cycle) -> None:
    objective = make_objective(cycle, "O1", "业务服务")
    objectives.change(objective, Wording("O1", "业务服务"), by=None)
    assert (actions(), is_told()) == ([], False)


@pytest.mark.parametrize(
    ("places", "order"),
    [(-1, "O2 O1 O3"), (1, "O1 O3 O2"), (9, "O1 O3 O2"), (-9, "O2 O1 O3"), (0, "O1 O2 O3")],
)
def test_objectives_are_moved(cycle: Cycle, places: int, order: str) -> None:
    _, second, _ = (make_objective(cycle, code) for code in ("O1", "O2", "O3"))
    objectives.move(second, places, by=None)
    assert " ".join(cycle.objectives.values_list("code", flat=True)) == order
    assert actions() == (["objective.move"] if places else [])


def test_objectives_of_equal_positions_are_moved(cycle: Cycle) -> None:
    for code in ("O1", "O2", "O3"):
        Objective.objects.create(team=cycle.team, cycle=cycle, code=code, position=0)
    objectives.move(Objective.objects.get(code="O3"), -1, by=None)
    assert list(cycle.objectives.values_list("code", flat=True)) == ["O1", "O3", "O2"]


def test_objective_is_deleted_with_its_key_results_but_not_their_readings(cycle: Cycle) -> None:
    objective, metric = make_objective(cycle), make_metric(cycle.team)
    make_key_result(objective, metric)
    make_reading(metric, "50")
    objectives.delete(objective, by=None)
    assert not Objective.objects.exists()
    assert not KeyResult.objects.exists()
    assert Reading.objects.exists()
    assert AuditRecord.objects.get().before["key_results"] == ["入金有效成功率 → 100.0000"]


@pytest.mark.parametrize("referrer", ["project", "entry", "section", "successor", "aligned"])
def test_objective_in_use_is_not_deleted(personas: Personas, cycle: Cycle, referrer: str) -> None:
    objective, other = make_objective(cycle), make_objective(cycle, "O2")
    if referrer == "project":
        make_project(personas.team, "POS", objective)
    elif referrer == "entry":
        entry = make_entry(personas.project)
        entry.objective = objective
        entry.save()
    elif referrer == "section":
        section = make_section(make_page(personas.team), Kind.OBJECTIVE)
        section.objective = objective
        section.save()
    elif referrer == "successor":
        Objective.objects.filter(pk=other.pk).update(carried_from=objective)
    else:
        Objective.objects.filter(pk=other.pk).update(aligned_to=objective)
    with pytest.raises(ObjectiveInUse):
        objectives.delete(objective, by=None)
    assert Objective.objects.filter(pk=objective.pk).exists()
