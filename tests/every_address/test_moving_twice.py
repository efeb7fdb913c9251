"""A button that moves a row by one place, pressed twice, moves it once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from django.db.models import Model
from django.test import Client

from projects.models import KeyResult, Milestone, Objective, Stage
from reports.models import Section
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_cycle,
    make_key_result,
    make_metric,
    make_milestone,
    make_objective,
    make_page,
    make_section,
    make_stage,
)
from tests.html import Response, elements, form_data, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

NAMES: Final = ("甲", "乙", "丙")
type Rows = list[Any]
type Case = Callable[[Personas], tuple[Rows, str, str]]


def stages(personas: Personas) -> tuple[Rows, str, str]:
    rows = [make_stage(personas.team, name, place) for place, name in enumerate(NAMES)]
    return rows, "settings/stages/", "settings/stages/{}/move/"


def milestones(personas: Personas) -> tuple[Rows, str, str]:
    rows = [make_milestone(personas.project, name) for name in NAMES]
    page = f"projects/{personas.project.pk}/milestones/"
    return rows, page, page + "{}/move/"


def objectives(personas: Personas) -> tuple[Rows, str, str]:
    cycle = make_cycle(personas.team)
    rows = [make_objective(cycle, f"O{place}", name) for place, name in enumerate(NAMES)]
    return rows, "objectives/", "objectives/{}/move/"


def key_results(personas: Personas) -> tuple[Rows, str, str]:
    objective = make_objective(make_cycle(personas.team))
    rows = [make_key_result(objective, make_metric(personas.team, name)) for name in NAMES]
    page = f"objectives/{objective.pk}/"
    return rows, page + "edit/", page + "key-results/{}/move/"


def sections(personas: Personas) -> tuple[Rows, str, str]:
    page = make_page(personas.team, WEEK)
    rows = [make_section(page, heading=name, body="话") for name in NAMES]
    return rows, "weeks/2024-W25/draft/", "weeks/2024-W25/sections/{}/move/"


# What the button sends; where it stands in the form of a whole list, which of its buttons it is.
BUTTONS: Final[dict[type[Model], dict[str, str]]] = {
    Stage: {"up": ""},
    Milestone: {"up": ""},
    Objective: {"up": ""},
    KeyResult: {"up": ""},
    Section: {"way": "up"},
}


def sent_by(page: Response, address: str, button: dict[str, str]) -> dict[str, str]:
    """What a browser sends to the address when that button is pressed."""
    (name, value), *_ = button.items()
    if buttons := elements(page, f'button[formaction="{address}"][name="{name}"]'):
        whole_list = buttons[0].find_parent("form")
        assert whole_list is not None
        return form_data(whole_list) | {name: str(buttons[0]["value"])}
    return form_data(page, f'form[action="{address}"]') | {name: value}


@pytest.mark.parametrize("place", [stages, milestones, objectives, key_results, sections])
def test_pressed_twice_it_moves_once(personas: Personas, place: Case) -> None:
    rows, page, move = place(personas)
    client: Client = personas.client("manager")
    last, address = rows[-1], f"/t/pay/{move.format(rows[-1].pk)}"
    data = sent_by(client.get(f"/t/pay/{page}"), address, BUTTONS[type(last)])
    order = [rows[0], last, rows[1]]
    for _ in range(2):
        assert client.post(address, data).status_code == 302
        present = type(last)._default_manager.filter(pk__in=[row.pk for row in rows])
        assert list(present.order_by("position")) == order
    notice = text(client.get(f"/t/pay/{page}"), "p.notice.warning")
    assert "stands in place 2 already" in notice
