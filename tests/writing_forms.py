"""Every form that writes, and how it keeps two people from overwriting each other.

``EDITS`` lists the forms that change what stands there: page, fields, where they are kept.
``CREATIONS`` lists the forms that make a row. A new address that writes is entered in one of the
two, or in ``tests.writing_unguarded`` with the reason;
``tests/every_address/test_overwriting.py`` tries them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.test import Client

from projects.models import (
    Alias,
    Cycle,
    DayException,
    Incident,
    Invitation,
    KeyResult,
    Membership,
    Metric,
    Milestone,
    Objective,
    PlannedItem,
    Project,
    Question,
    Reading,
    Role,
    Stage,
    StatusEntry,
    Team,
    User,
)
from reports.models import Channel, Section, Subscriber
from tests.addresses import path_of, patterns
from tests.conftest import Personas
from tests.factories import WEEK

type Data = Mapping[str, str]

_PATTERNS: Final = {pattern.name: pattern for pattern in patterns()}


@dataclass(frozen=True, slots=True)
class World:
    """A team with one thing of each kind, and two browsers of its manager."""

    personas: Personas
    values: dict[str, object]
    sessions: tuple[Client, Client]

    def address(self, name: str) -> str:
        return path_of(_PATTERNS[name], self.values)

    def key(self, name: str) -> int:
        return int(str(self.values[name]))


type Read = Callable[[World], object]


@dataclass(frozen=True, slots=True)
class Field:
    """A form field: what two people enter, and how to read what is kept.

    ``words`` is how both versions show it, where that differs from ``typed``.
    """

    name: str
    typed: tuple[str, str]
    saved: tuple[object, object]
    read: Read
    words: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A form that changes a row. ``page`` is the address that shows it, its own by default.

    ``first`` and ``second`` are different fields; a form with a single field has no second.
    """

    address: str
    first: Field
    second: Field | None = None
    page: str = ""


def column(model: type[Any], key: str, name: str) -> Read:
    def read(world: World) -> object:
        return model.objects.values_list(name, flat=True).get(pk=world.key(key))

    return read


def of_team(name: str) -> Read:
    return lambda world: Team.objects.values_list(name, flat=True).get(pk=world.personas.team.pk)


def text_field(model: type[Any], key: str, name: str) -> Field:
    return Field(name, ("甲的", "乙的"), ("甲的", "乙的"), column(model, key, name))


def reading_of(world: World) -> object:
    rows = Reading.objects.filter(metric=world.key("metric_id"), week=WEEK)
    return rows.values_list("value", flat=True).first()


def note_of(world: World) -> object:
    rows = Reading.objects.filter(metric=world.key("metric_id"), week=WEEK)
    return rows.values_list("note", flat=True).first()


def entry_value(name: str) -> Read:
    def read(world: World) -> object:
        entries = StatusEntry.objects.filter(project=world.personas.project, week=WEEK)
        return entries.values_list(name, flat=True).get()

    return read


def place_of(world: World) -> object:
    order = list(Project.objects.filter(team=world.personas.team))
    place = order.index(world.personas.project)
    return order[place - 1].name if place else None


EDITS: Final = [
    Edit(
        "projects:team_settings",
        Field(
            "starts_on",
            ("2024-06-03", "2024-06-10"),
            ("2024-06-03", "2024-06-10"),
            lambda world: str(of_team("starts_on")(world)),
        ),
        Field("publishes_itself", ("", ""), (False, False), of_team("publishes_itself")),
    ),
    Edit(
        "projects:project_settings",
        text_field(Project, "project_id", "name"),
        Field(
            "started_on",
            ("2024-06-03", "2024-06-04"),
            ("2024-06-03", "2024-06-04"),
            lambda world: str(column(Project, "project_id", "started_on")(world)),
        ),
    ),
    Edit(
        "projects:project_place",
        Field("after", ("丙", "丁"), ("丙", "丁"), place_of),
        page="projects:project_settings",
    ),
    Edit(
        "projects:objective_edit",
        text_field(Objective, "objective_id", "name"),
        text_field(Objective, "objective_id", "code"),
    ),
    Edit(
        "projects:key_result_edit",
        Field("target", ("70", "80"), (70, 80), column(KeyResult, "key_result_id", "target")),
        Field("baseline", ("7", "8"), (7, 8), column(KeyResult, "key_result_id", "baseline")),
    ),
    Edit(
        "projects:key_result_readings",
        Field("m{metric_id}-value", ("31", "32"), (31, 32), reading_of),
        page="projects:objective_edit",
    ),
    Edit(
        "projects:cycle_edit",
        text_field(Cycle, "cycle_id", "name"),
        Field(
            "ends_on",
            ("2024-12-30", "2024-12-29"),
            ("2024-12-30", "2024-12-29"),
            lambda world: str(column(Cycle, "cycle_id", "ends_on")(world)),
        ),
    ),
    Edit(
        "projects:metric_edit",
        text_field(Metric, "metric_id", "name"),
        text_field(Metric, "metric_id", "unit"),
    ),
    Edit(
        "projects:metric_list",
        Field("m{metric_id}-value", ("41", "42"), (41, 42), reading_of),
        Field("m{metric_id}-note", ("甲的", "乙的"), ("甲的", "乙的"), note_of),
    ),
    Edit(
        "projects:incident_edit",
        text_field(Incident, "incident_id", "description"),
        text_field(Incident, "incident_id", "cause"),
    ),
    Edit(
        "projects:incident_review",
        text_field(Incident, "incident_id", "cause"),
        text_field(Incident, "incident_id", "resolution"),
    ),
    Edit(
        "projects:stage_list",
        Field(
            "stage-{stage_id}",
            ("甲的", "乙的"),
            ("甲的", "乙的"),
            column(Stage, "stage_id", "name"),
        ),
    ),
    Edit(
        "projects:member_roles",
        Field(
            "role-{membership_id}",
            ("lead", "manager"),
            (Role.LEAD, Role.MANAGER),
            column(Membership, "membership_id", "role"),
            words=("lead", "manager"),
        ),
        page="projects:member_list",
    ),
    Edit(
        "projects:milestone_rows",
        Field(
            "milestone-{milestone_id}-name",
            ("甲的", "乙的"),
            ("甲的", "乙的"),
            column(Milestone, "milestone_id", "name"),
        ),
        Field(
            "milestone-{milestone_id}-weight",
            ("2", "3"),
            (2, 3),
            column(Milestone, "milestone_id", "weight"),
        ),
        page="projects:project_milestones",
    ),
    Edit(
        "projects:project_checkin",
        Field("risks", ("甲的", "乙的"), ("甲的", "乙的"), entry_value("risks")),
        Field("text", ("甲的", "乙的"), ("甲的", "乙的"), entry_value("text")),
    ),
    Edit(
        "projects:planned_item_outcome",
        Field(
            "outcome",
            ("done", "partly"),
            ("done", "partly"),
            column(PlannedItem, "item_id", "outcome"),
            words=("done", "partly done"),
        ),
        page="projects:checkin",
    ),
    Edit(
        "projects:account",
        Field(
            "name",
            ("林一", "林二"),
            ("林一", "林二"),
            lambda world: User.objects.get(pk=world.personas.manager.pk).name,
        ),
    ),
    Edit(
        "reports:page_edit",
        Field(
            "text",
            ("甲的话", "乙的话"),
            ("甲的话", "乙的话"),
            column(Section, "section_id", "body"),
        ),
        text_field(Section, "section_id", "heading"),
    ),
    Edit(
        "reports:page_outcome",
        Field(
            "note",
            ("甲的", "乙的"),
            ("甲的", "乙的"),
            column(PlannedItem, "item_id", "outcome_note"),
        ),
        page="reports:weekly_page_draft",
    ),
    Edit(
        "reports:channel_edit",
        text_field(Channel, "channel_id", "name"),
        Field(
            "gets_reminders",
            ("on", "on"),
            (True, True),
            column(Channel, "channel_id", "gets_reminders"),
        ),
    ),
]


@dataclass(frozen=True, slots=True)
class Creation:
    """A form that makes a row of ``model``: sent twice at the same moment, it makes one."""

    address: str
    model: type[Any]
    data: Mapping[str, str]


CREATIONS: Final = [
    Creation(
        "projects:project_new",
        Project,
        {"p-TOTAL_FORMS": "1", "p-INITIAL_FORMS": "0", "p-0-name": "日切提速"},
    ),
    Creation("projects:alias_add", Alias, {"name": "BYZ"}),
    Creation(
        "projects:incident_new",
        Incident,
        {"occurred_at": "2024-06-19T09:00", "description": "回调超时"},
    ),
    Creation("projects:metric_new", Metric, {"name": "日均笔数", "unit": "笔", "direction": "up"}),
    Creation(
        "projects:cycle_new",
        Cycle,
        {"name": "2025H1", "starts_on": "2025-01-01", "ends_on": "2025-06-30"},
    ),
    Creation("projects:objective_new", Objective, {"code": "O9", "name": "能力升级"}),
    Creation(
        "projects:key_result_new",
        KeyResult,
        {"name": "转化率", "unit": "%", "baseline": "1", "target": "2"},
    ),
    Creation("projects:question_ask", Question, {"text": "何时提测？"}),
    Creation(
        "projects:team_new",
        Team,
        {
            "name": "数据产研",
            "language": "en",
            "time_zone": "Asia/Shanghai",
            "week_numbering": "iso",
        },
    ),
    Creation("projects:day_exception_add", DayException, {"day": "2024-06-28", "is_working": "no"}),
    Creation("projects:stage_add", Stage, {"name": "灰度"}),
    Creation("projects:project_milestones", Milestone, {"name": "二期", "weight": "1"}),
    Creation("projects:member_invite", Invitation, {"people": "wu@example.com", "role": "lead"}),
    Creation(
        "reports:subscriber_add", Subscriber, {"addresses": "qian@example.com", "language": "en"}
    ),
    Creation(
        "reports:channel_new",
        Channel,
        {
            "kind": "webhook",
            "name": "值班群",
            "address": "https://hooks.example.com/okr/0f9e8d7c6b5a",
            "secret": "a-secret-of-our-own",
        },
    ),
]
