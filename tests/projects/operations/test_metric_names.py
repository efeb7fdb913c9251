"""Other names of metrics, and two metrics that turn out to be one."""

from __future__ import annotations

import pytest

from projects.models import AuditRecord, Metric, MetricAlias, Reading, WeekFacts
from projects.operations import metric_merge, metric_names, metrics
from projects.weeks import WEEK as ONE_WEEK
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_cycle,
    make_key_result,
    make_metric,
    make_objective,
    make_reading,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def kept_metric(personas: Personas) -> Metric:
    metric = make_metric(personas.team, "到账成功率")
    make_reading(metric, "99.91")
    return metric


@pytest.fixture
def merged(personas: Personas) -> Metric:
    metric = make_metric(personas.team, "日均到账率")
    make_reading(metric, "99.95", WEEK - ONE_WEEK)
    return metric


def test_a_metric_goes_by_its_other_names(personas: Personas, kept_metric: Metric) -> None:
    metric_names.add(kept_metric, "到账率（日均）", by=personas.manager)
    assert metric_names.meant_by(personas.team, None, "到账率 日均") == kept_metric
    assert metric_names.meant_by(personas.team, None, "到账成功率") == kept_metric
    assert metric_names.add(kept_metric, "到账成功率", by=personas.manager) is None
    assert AuditRecord.objects.get(action="metric_alias.add").after == {"name": "到账率（日均）"}


def test_no_two_metrics_go_by_one_name(
    personas: Personas, kept_metric: Metric, merged: Metric
) -> None:
    metric_names.add(kept_metric, "到账率", by=None)
    with pytest.raises(metric_names.MetricNameTaken):
        metric_names.add(merged, "到账率", by=None)
    with pytest.raises(metric_names.MetricNameTaken):
        metrics.save_metric(
            Metric(team=personas.team, name="到账率", unit="%"), by=personas.manager
        )
    with pytest.raises(metric_names.MetricNameEmpty):
        metric_names.add(kept_metric, "——", by=None)


def test_merged_the_values_key_results_and_names_are_the_one_metrics(
    personas: Personas, kept_metric: Metric, merged: Metric
) -> None:
    metric_names.add(merged, "到账率", by=None)
    result = make_key_result(make_objective(make_cycle(personas.team)), merged)
    done = metric_merge.merge(kept_metric, merged, by=personas.manager)
    assert {str(r.value) for r in Reading.objects.filter(metric=kept_metric)} == {
        "99.9100",
        "99.9500",
    }
    assert set(kept_metric.aliases.values_list("name", flat=True)) == {"到账率", "日均到账率"}
    result.refresh_from_db()
    assert (result.metric, done.name) == (kept_metric, "日均到账率")
    assert not Metric.objects.filter(name="日均到账率").exists()
    assert WeekFacts.objects.filter(team=personas.team, week=WEEK - ONE_WEEK).exists()


def test_a_merge_can_be_taken_apart(
    personas: Personas, kept_metric: Metric, merged: Metric
) -> None:
    metric_names.add(merged, "到账率", by=None)
    done = metric_merge.merge(kept_metric, merged, by=personas.manager)
    restored = metric_merge.undo(done, by=personas.manager)
    assert restored.pk == merged.pk
    assert [str(r.value) for r in restored.readings.all()] == ["99.9500"]
    assert [alias.name for alias in MetricAlias.objects.filter(metric=restored)] == ["到账率"]
    assert not kept_metric.aliases.exists()
    assert metric_merge.undo(done, by=None) == restored
    assert AuditRecord.objects.filter(action="metric.unmerge").count() == 1


def test_two_with_values_of_one_week_are_two(personas: Personas, kept_metric: Metric) -> None:
    other = make_metric(personas.team, "出账成功率")
    make_reading(other, "99.5")
    with pytest.raises(metric_merge.NotOneMetric) as refused:
        metric_merge.merge(kept_metric, other, by=None)
    assert refused.value.weeks == (WEEK,)
    with pytest.raises(metric_merge.NotOneMetric):
        metric_merge.merge(kept_metric, kept_metric, by=None)
    count = make_metric(personas.team, "到账笔数", "笔")
    with pytest.raises(metric_merge.NotOneMetric):
        metric_merge.merge(kept_metric, count, by=None)
    assert metric_merge.candidates(kept_metric) == [other]


def test_undoing_is_refused_when_the_name_means_another_metric(
    personas: Personas, kept_metric: Metric, merged: Metric
) -> None:
    done = metric_merge.merge(kept_metric, merged, by=None)
    MetricAlias.objects.all().delete()
    make_metric(personas.team, "日均到账率")
    with pytest.raises(metric_merge.MetricUndoRefused):
        metric_merge.undo(done, by=None)
