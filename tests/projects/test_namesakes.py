"""Names that differ in width, case, blanks or invisible characters alone are one name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command

from projects.models import Cycle, Metric, Milestone, Objective, Project, Stage
from reports.models import Channel
from tests.conftest import Personas
from tests.every_address.test_authorisation import values_of
from tests.factories import make_milestone

ALIKE = ("{}\u200b", "\ufeff{}", " {} ")
BLANK = ("\u200b", "\u2060\u200d", "\u3164", "——")


@dataclass(frozen=True, slots=True)
class Form:
    """An address that makes a row of a model, and what it sends beside the name."""

    model: type[Any]
    address: str
    name: str
    more: dict[str, str]
    field: str = "name"


FORMS = (
    Form(Stage, "/t/pay/settings/stages/add/", "UAT测试", {}),
    Form(
        Cycle, "/t/pay/cycles/new/", "2031H1", {"starts_on": "2031-01-01", "ends_on": "2031-06-30"}
    ),
    Form(Objective, "/t/pay/cycles/{cycle_id}/objectives/new/", "O7", {"name": "稳定"}, "code"),
    Form(
        Project,
        "/t/pay/projects/new/",
        "DocAI",
        {"p-TOTAL_FORMS": "1", "p-INITIAL_FORMS": "0"},
        "p-0-name",
    ),
    Form(Metric, "/t/pay/metrics/new/", "p99耗时", {"unit": "ms", "direction": "down"}),
    Form(Milestone, "/t/pay/projects/{project_id}/milestones/", "V1.0上线", {"weight": "1"}),
    Form(
        Channel,
        "/t/pay/settings/channels/new/",
        "Ops群",
        {
            "kind": "webhook",
            "address": "https://hooks.example.com/okr/0f9e8d7c6b5a",
            "secret": "a-secret-of-our-own",
        },
    ),
)


@pytest.fixture
def send(personas: Personas) -> Callable[[Form, str], int]:
    """Sends a form with that name; how many rows there are more."""
    values = values_of(personas.team, personas.project, personas.manager)
    client = personas.client("manager")

    def send_form(form: Form, name: str) -> int:
        before = form.model.objects.count()
        more = {**form.more}
        if form.model is Cycle:  # another time, as two cycles never overlap
            year = 2031 + before
            more |= {"starts_on": f"{year}-01-01", "ends_on": f"{year}-06-30"}
        response = client.post(form.address.format(**values), {form.field: name, **more})
        assert response.status_code < 500
        made: int = form.model.objects.count() - before
        return made

    return send_form


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.model.__name__)
def test_a_name_spelled_another_way_makes_no_second_row(
    send: Callable[[Form, str], int], form: Form
) -> None:
    assert send(form, form.name) == 1
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in form.name)
    spaced = f"{form.name[0]} {form.name[1:]}" if form.model is Objective else form.name
    names = (*(pattern.format(form.name) for pattern in ALIKE), form.name.lower(), wide, spaced)
    assert {name: send(form, name) for name in names} == dict.fromkeys(names, 0)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.model.__name__)
def test_a_name_that_nobody_can_read_makes_no_row(
    send: Callable[[Form, str], int], form: Form
) -> None:
    assert {name: send(form, name) for name in BLANK} == dict.fromkeys(BLANK, 0)


def test_a_row_may_be_spelled_anew_and_another_version_is_another_name(personas: Personas) -> None:
    milestone = make_milestone(personas.project, "v1.0上线")
    client = personas.client("lead")
    address = f"/t/pay/projects/{personas.project.pk}/milestones/"
    client.post(f"{address}rows/", {f"milestone-{milestone.pk}-name": "V1.0上线"})
    milestone.refresh_from_db()
    assert milestone.name == "V1.0上线"
    client.post(address, {"name": "V10上线", "weight": "1"})
    assert Milestone.objects.filter(project=personas.project, name="V10上线").exists()


@pytest.mark.parametrize("name", ["ｕａｔ测试", "UAT\u200b测试", "\u200b", "——"])
def test_the_administration_refuses_it_too(personas: Personas, name: str) -> None:
    Stage.objects.create(team=personas.team, name="UAT测试")
    personas.manager.is_staff = personas.manager.is_superuser = True
    personas.manager.save()
    before = Stage.objects.count()
    response = personas.client("manager").post(
        "/admin/projects/stage/add/", {"team": personas.team.pk, "name": name, "position": "9"}
    )
    assert response.status_code == 200
    assert Stage.objects.count() == before


def test_rows_of_before_are_listed_and_left_alone(
    personas: Personas, capsys: pytest.CaptureFixture[str]
) -> None:
    Stage.objects.create(team=personas.team, name="UAT测试")
    Stage.objects.create(team=personas.team, name="uat测试\u200b")
    call_command("namesakes")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("projects.Stage: ")
    assert "u200b" in lines[0]
    assert lines[1] == "1 names are had by more than one row; nothing was changed."
    assert Stage.objects.filter(team=personas.team).count() == 2
