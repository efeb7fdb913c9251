"""Each constraint of the database is broken once; the refusal names it.

PostgreSQL names every constraint. SQLite names checks, and for a unique constraint its columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import BaseConstraint, CheckConstraint, F, Model, UniqueConstraint

from projects.models import (
    Cycle,
    LedgerField,
)
from tests.factories import (
    NOW,
    WEEK,
    make_cycle,
    make_objective,
    make_page,
    make_project,
    make_team,
    make_user,
)
from tests.projects.constraint_rows import (
    TUESDAY,
    rows_of_import,
    rows_of_page,
    rows_of_project,
    rows_of_team,
)
from tests.tables import each_row

pytestmark = pytest.mark.django_db

BELOW, ABOVE = Decimal("-0.01"), Decimal("100.01")

# Which row of ``rows`` below, saved with these values, breaks which rule.
CHECKS: Final[list[tuple[str, str, dict[str, object]]]] = [
    ("team_language_known", "team", {"language": "la"}),
    ("team_week_numbering_known", "team", {"week_numbering": "roman"}),
    ("team_calendar_known", "team", {"calendar": "lunar"}),
    ("team_idle_week_known", "team", {"idle_week": "double"}),
    ("membership_role_known", "membership", {"role": "king"}),
    ("deputy_ends_after_beginning", "deputy", {"last_day": date(2024, 6, 16)}),
    ("deputy_is_another", "deputy", {"deputy_id": F("person_id")}),
    ("stage_has_name", "stage", {"name": ""}),
    ("cycle_has_name", "cycle", {"name": ""}),
    ("cycle_ends_after_start", "cycle", {"ends_on": date(2023, 12, 31)}),
    ("objective_has_code", "objective", {"code": ""}),
    ("key_result_target_moves", "key_result", {"baseline": 100}),
    ("project_has_name", "project", {"name": ""}),
    (
        "project_closed_after_start",
        "project",
        {"started_on": date(2024, 3, 2), "closed_on": date(2024, 3, 1)},
    ),
    ("alias_has_key", "alias", {"key": ""}),
    ("milestone_has_name", "milestone", {"name": ""}),
    ("milestone_percent_0_to_100", "milestone", {"percent": BELOW}),
    ("milestone_percent_0_to_100", "milestone", {"percent": ABOVE}),
    ("milestone_weight_positive", "milestone", {"weight": 0}),
    ("milestone_of_history_closed", "milestone", {"is_history": True, "closed_at": None}),
    ("milestone_precision_known", "milestone", {"due_precision": "decade"}),
    ("progress_change_week_is_monday", "change", {"week": TUESDAY}),
    ("progress_change_old_percent_0_to_100", "change", {"old_percent": BELOW}),
    ("progress_change_new_percent_0_to_100", "change", {"new_percent": ABOVE}),
    ("progress_change_one_field", "change", {"new_due_on": WEEK}),
    ("progress_change_one_field", "change", {"new_percent": None}),
    ("progress_change_one_field", "change", {"field": LedgerField.DUE_ON}),
    ("progress_change_changes", "change", {"old_percent": 40}),
    ("progress_change_precision_known", "change", {"new_precision": "decade"}),
    ("entry_week_is_monday", "entry", {"week": TUESDAY}),
    ("entry_percent_0_to_100", "entry", {"percent": ABOVE}),
    ("entry_weighted_percent_0_to_100", "entry", {"weighted_percent": BELOW}),
    ("entry_health_known", "entry", {"health": "splendid"}),
    ("entry_source_known", "entry", {"source": "rumour"}),
    ("question_week_is_monday", "question", {"week": TUESDAY}),
    ("question_has_words", "question", {"text": ""}),
    ("question_answered_with_words", "question", {"answered_at": NOW}),
    ("question_answered_with_words", "question", {"answer": "周三到"}),
    ("comment_week_is_monday", "comment", {"week": TUESDAY}),
    ("comment_has_words", "comment", {"text": ""}),
    ("comment_mail_state_known", "comment_mail", {"state": "lost"}),
    ("draft_week_is_monday", "draft", {"week": TUESDAY}),
    ("audit_has_action", "audit", {"action": ""}),
    ("invitation_role_known", "invitation", {"role": "king"}),
    ("invitation_state_known", "invitation", {"state": "lost"}),
    ("reminder_week_is_monday", "reminder", {"week": TUESDAY}),
    ("reminder_state_known", "reminder", {"state": "lost"}),
    ("reminder_kind_known", "reminder", {"kind": "lost"}),
    ("reminder_to_one", "reminder", {"user_id": None}),
    ("channel_has_a_kind", "channel", {"kind": ""}),
    ("channel_has_an_address", "channel", {"address_env": ""}),
    ("edition_file_kind_known", "edition_file", {"kind": "gif"}),
    ("subscriber_language_known", "subscriber", {"language": "fr"}),
    ("subscriber_state_known", "subscriber", {"state": "lost"}),
    ("team_digest_when_known", "team", {"digest_when": "never"}),
    ("team_starts_on_is_monday", "team", {"starts_on": TUESDAY}),
    ("week_step_known", "week_step", {"step": "dance"}),
    ("week_step_week_is_monday", "week_step", {"week": TUESDAY}),
    ("week_facts_week_is_monday", "week_facts", {"week": TUESDAY}),
    ("incident_week_is_monday", "incident", {"week": TUESDAY}),
    ("incident_recovered_after_it_occurred", "incident", {"recovered_at": NOW - timedelta(1)}),
    ("incident_count_week_is_monday", "incident_count", {"week": TUESDAY}),
    ("incident_count_not_negative", "incident_count", {"count": Decimal("-0.5")}),
    ("metric_has_name", "metric", {"name": ""}),
    ("metric_direction_known", "metric", {"direction": "left"}),
    ("metric_alias_has_key", "metric_alias", {"key": ""}),
    ("page_import_state_known", "page_import", {"state": "lost"}),
    ("reading_week_is_monday", "reading", {"week": TUESDAY}),
    ("weekly_page_week_is_monday", "page", {"week": TUESDAY}),
    ("section_kind_known", "section", {"kind": "sports"}),
    ("planned_item_week_is_monday", "planned_item", {"week": TUESDAY}),
    ("planned_item_has_text", "planned_item", {"text": ""}),
    ("planned_item_outcome_known", "planned_item", {"outcome": "maybe"}),
    ("edition_number_from_1", "edition", {"number": 0}),
    ("delivery_state_known", "delivery", {"state": "lost"}),
]
# Which row, saved a second time as a new one, with these values besides, breaks which rule.
TWICE: Final[list[tuple[str, str, dict[str, object]]]] = [
    ("membership_once_per_team", "membership", {"role": "viewer"}),
    ("stage_name_in_team", "stage", {}),
    ("comment_mail_once_a_day", "comment_mail", {}),
    ("comment_notice_once_per_user", "comment_notice", {"is_mentioned": True}),
    ("day_exception_once_per_day", "day_exception", {"is_working": True}),
    (
        "cycle_name_in_team",
        "cycle",
        {"starts_on": date(2024, 7, 1), "ends_on": date(2024, 12, 31)},
    ),
    ("objective_code_in_cycle", "objective", {"name": "能力升级"}),
    ("key_result_metric_once", "key_result", {"target": 50}),
    ("project_name_in_team", "project", {}),
    ("alias_unique_in_team", "alias", {"name": "贝易转（C转）"}),
    ("milestone_name_in_project", "milestone", {}),
    ("entry_once_per_project_and_week", "entry", {"text": "已提测"}),
    ("week_facts_once_per_week", "week_facts", {"revision": 7}),
    ("incident_count_once_per_week", "incident_count", {"count": 2}),
    ("metric_name_in_team", "metric", {}),
    ("metric_name_in_project", "project_metric", {}),
    ("metric_alias_once_per_metric", "metric_alias", {"name": "到账率"}),
    ("import_doubt_key_in_import", "import_doubt", {"title": "POS"}),
    ("reading_once_per_week", "reading", {"value": 1}),
    ("weekly_page_once_per_week", "page", {}),
    ("edition_number_in_page", "edition", {}),
    ("delivery_once_per_edition_and_recipient", "delivery", {}),
    ("channel_name_in_team", "channel", {}),
    ("edition_file_once_per_kind_and_language", "edition_file", {}),
    ("draft_once_per_field_of_page", "page_draft", {}),
    ("reminder_once_a_round_and_channel", "channel_reminder", {}),
    ("reminder_once_a_round_and_user", "round", {}),
    ("subscriber_once_per_address", "subscriber", {}),
    ("week_step_once", "week_step", {}),
    ("import_record_once_per_row", "import_record", {}),
    ("remembered_columns_once_per_team", "columns", {"roles": {"事项": "name"}}),
    ("draft_once_per_field", "draft", {"value": "已提测"}),
    ("invitation_open_once_per_address", "invitation", {"token_sha256": "1" * 64}),
]


@pytest.fixture
def rows() -> dict[str, Model]:
    """One valid row of each kind."""
    team = make_team()
    user = make_user(team=team)
    project = make_project(team, objective=make_objective(make_cycle(team)))
    return {
        **rows_of_project(team, user, project),
        **rows_of_team(team, user, project),
        **rows_of_page(team, user, make_page(team)),
        **rows_of_import(team, project),
    }


def declared() -> Iterator[tuple[type[Model], BaseConstraint]]:
    for app in ("projects", "reports"):
        for model in apps.get_app_config(app).get_models():
            for constraint in model._meta.constraints:
                yield model, constraint


def refusal(name: str) -> str:
    """What the database says when the constraint of that name is broken."""
    model, constraint = next(pair for pair in declared() if pair[1].name == name)
    if connection.vendor == "postgresql":
        return f'constraint "{name}"'
    if isinstance(constraint, CheckConstraint):
        return f"CHECK constraint failed: {name}"
    assert isinstance(constraint, UniqueConstraint)
    columns = {field.name: field.column for field in model._meta.concrete_fields}
    terms: Iterable[Any] = constraint.expressions  # each an F
    named = (columns[term.name] for term in terms)
    return "UNIQUE constraint failed: " + ", ".join(f"{model._meta.db_table}.{c}" for c in named)


def save(row: Model, values: dict[str, Any]) -> None:
    for field, value in values.items():
        setattr(row, field, value)
    with transaction.atomic():
        row.save()


# Never changed, so that only a new one can be wrong.
FROZEN: Final = frozenset({"audit", "edition", "edition_file"})


@each_row(("name", "row", "values"), CHECKS)
def test_a_row_that_breaks_a_check_is_refused(
    rows: dict[str, Model], name: str, row: str, values: dict[str, Any]
) -> None:
    broken = copy(rows[row])
    if row in FROZEN:
        broken.pk, broken._state.adding = None, True

    with pytest.raises(IntegrityError) as refused:
        save(broken, values)

    assert refusal(name) in str(refused.value)


@each_row(("name", "row", "values"), TWICE)
def test_a_duplicate_row_is_refused(
    rows: dict[str, Model], name: str, row: str, values: dict[str, Any]
) -> None:
    second = copy(rows[row])
    second.pk, second._state.adding = None, True

    with pytest.raises(IntegrityError) as refused:
        save(second, values)

    assert refusal(name) in str(refused.value)


def test_every_constraint_is_tried_here() -> None:
    tried = {name for name, *_ in CHECKS + TWICE}

    assert tried == {constraint.name for _, constraint in declared()}


class TestCyclesOfATeamNeverOverlap:
    REFUSAL = "cycle_no_overlap"

    @pytest.mark.parametrize(
        ("starts_on", "ends_on"),
        [
            (date(2024, 6, 30), date(2024, 12, 31)),
            (date(2023, 7, 1), date(2024, 1, 1)),
            (date(2024, 4, 1), date(2024, 4, 30)),
            (date(2023, 1, 1), date(2025, 12, 31)),
        ],
        ids=["shares its last day", "shares its first day", "lies within", "spans"],
    )
    def test_a_new_cycle_that_overlaps_is_refused(self, starts_on: date, ends_on: date) -> None:
        first = make_cycle(make_team())

        with pytest.raises(IntegrityError, match=self.REFUSAL), transaction.atomic():
            make_cycle(first.team, "another", starts_on, ends_on)

    def test_moving_a_cycle_into_another_is_refused(self) -> None:
        first = make_cycle(make_team())
        second = make_cycle(first.team, "2024H2", date(2024, 7, 1), date(2024, 12, 31))

        with pytest.raises(IntegrityError, match=self.REFUSAL):
            save(second, {"starts_on": date(2024, 6, 30)})

    def test_adjacent_cycles_and_those_of_other_teams_are_accepted(self) -> None:
        first = make_cycle(make_team())

        make_cycle(first.team, "2024H2", date(2024, 7, 1), date(2024, 12, 31))
        make_cycle(make_team("risk", "风控"))
        save(first, {"starts_on": date(2023, 12, 1)})

        assert Cycle.objects.count() == 3

    def test_a_cycle_of_one_day_overlaps_too(self) -> None:
        first = make_cycle(make_team())

        with pytest.raises(IntegrityError, match=self.REFUSAL), transaction.atomic():
            make_cycle(first.team, "a day", date(2024, 5, 1), date(2024, 5, 1))

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="triggers are SQLite's way")
    def test_all_triggers_are_in_place(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
            names = [name for (name,) in cursor.fetchall()]

        assert names == [
            "audit_not_changed",
            "cycle_no_overlap_insert",
            "cycle_no_overlap_update",
            "edition_file_not_changed",
            "edition_file_not_deleted",
            "edition_not_changed",
            "edition_not_deleted",
        ]
