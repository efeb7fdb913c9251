"""Nobody overwrites what somebody else has saved meanwhile: each form, two sessions at once.

Both sessions open the form, send it from a thread each, and wait for each other after their form
was read and before it is saved. The forms are those of ``tests/writing_forms.py``.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urljoin

import pytest
from django.db import connection
from django.forms.forms import BaseForm
from django.test import Client

from projects.models import (
    Incident,
    Metric,
    Project,
)
from tests.addresses import WHO
from tests.conftest import make_personas
from tests.every_address.test_authorisation import values_of
from tests.factories import make_project, make_reading
from tests.html import element, elements, form_data, texts
from tests.writing_forms import CREATIONS, EDITS, Edit, Field, World
from tests.writing_unguarded import OTHERS

type Data = Mapping[str, str]

pytestmark = pytest.mark.usefixtures("now")


def test_every_address_that_writes_is_tried_or_has_a_reason() -> None:
    writing = {name for name, who in WHO.items() if who.writes}
    edits = [edit.address for edit in EDITS]
    creations = [creation.address for creation in CREATIONS]
    named = [*edits, *creations, *OTHERS]
    assert sorted(named) == sorted(writing)


# --- two sessions -------------------------------------------------------------------------------


class Meeting:
    """Two requests that wait for each other once their form was read, before they save."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.barrier = threading.Barrier(2)
        self.of_thread = threading.local()
        is_valid = BaseForm.is_valid

        def wait(form: BaseForm) -> bool:
            answer = is_valid(form)
            if getattr(self.of_thread, "waits", False):
                self.of_thread.waits = False
                self.barrier.wait(timeout=60)
            return answer

        monkeypatch.setattr(BaseForm, "is_valid", wait)

    def send(self, address: str, sent: Iterable[tuple[Client, Data]]) -> list[Any]:
        """The answers to both, in the order of the requests."""

        def post(client: Client, data: Data) -> Any:
            self.of_thread.waits = True
            try:
                return client.post(address, data)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as threads:
            answers = [threads.submit(post, client, data) for client, data in sent]
            return [answer.result() for answer in answers]


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def make_world() -> World:
    personas = make_personas()
    values = values_of(personas.team, personas.project, personas.manager)
    viewer = personas.viewer.memberships.get()
    for name in ("丙", "丁"):
        make_project(personas.team, name)
    Incident.objects.update(cause="快照太大", resolution="分页")
    make_reading(Metric.objects.get(pk=str(values["metric_id"])), "40")
    own_section = {"field": f"section-{values['section_id']}"}
    values |= own_section | {"membership_id": viewer.pk}
    return World(personas, values, (personas.client("manager"), personas.client("manager")))


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> Meeting:
    return Meeting(monkeypatch)


def form_of(world: World, edit: Edit, response: Any) -> Data:
    """What a browser would send of the edit's form on that page."""
    name = edit.first.name.format(**world.values)
    here = response.request["PATH_INFO"]
    forms = [
        form
        for form in elements(response, "main form")
        if urljoin(here, str(form.get("action", ""))).partition("?")[0]
        == world.address(edit.address)
        and form.select(f'[name="{name}"]')
    ]
    assert len(forms) == 1, f"{len(forms)} forms at {here} have {name}"
    return form_data(forms[0])


def open_form(world: World, edit: Edit) -> Data:
    """What both sessions have open: the page of one moment is the same for either."""
    page = world.sessions[0].get(world.address(edit.page or edit.address))
    return form_of(world, edit, page)


def fill(world: World, form: Data, filled: Field, who: int) -> Data:
    """The form with what the first or second person enters into the field."""
    name, value = filled.name.format(**world.values), filled.typed[who]
    if name == "after":
        value = str(Project.objects.get(name=value).pk)
    data = {**form, name: value}
    if not value:  # a box whose tick was taken away is not sent
        del data[name]
    return data


def test_fields_that_two_people_change_at_once_are_both_kept(
    world: World, meeting: Meeting
) -> None:
    for edit in EDITS:
        if edit.second is None:
            continue
        form, (first, second) = open_form(world, edit), world.sessions
        sent = [
            (first, fill(world, form, edit.first, 0)),
            (second, fill(world, form, edit.second, 1)),
        ]
        answers = meeting.send(world.address(edit.address), sent)
        assert [answer.status_code for answer in answers] == [302, 302], edit.address
        values = edit.first.read(world), edit.second.read(world)
        assert values == (edit.first.saved[0], edit.second.saved[1]), edit.address


def test_field_that_two_people_change_at_once_is_shown_to_one_of_them(
    world: World, meeting: Meeting
) -> None:
    for edit in EDITS:
        form = open_form(world, edit)
        sent = [
            (client, fill(world, form, edit.first, who))
            for who, client in enumerate(world.sessions)
        ]
        answers = meeting.send(world.address(edit.address), sent)
        statuses = [answer.status_code for answer in answers]
        assert sorted(statuses) == [302, 422], edit.address
        loser = statuses.index(422)
        assert edit.first.read(world) == edit.first.saved[1 - loser], edit.address
        differences = element(answers[loser], "table.differences")
        words = edit.first.words or edit.first.typed
        assert texts(differences, "td.mine") == [words[loser]], edit.address
        assert texts(differences, "td.theirs") == [words[1 - loser]], edit.address

        again = form_of(world, edit, answers[loser])
        resent = world.sessions[loser].post(world.address(edit.address), again)
        assert resent.status_code == 302, edit.address
        assert edit.first.read(world) == edit.first.saved[loser], edit.address


def test_form_that_was_not_touched_changes_nothing(world: World) -> None:
    """Neither does one that names none of its fields."""
    for edit in EDITS:
        form, (client, other) = open_form(world, edit), world.sessions
        address = world.address(edit.address)
        other.post(address, fill(world, form, edit.first, 1))
        for data in (form, {}):
            client.post(address, data)
            assert edit.first.read(world) == edit.first.saved[1], edit.address


def test_request_that_names_one_field_changes_no_other(world: World) -> None:
    """Nor does it change that one, where a form asks for more than the field."""
    for edit in EDITS:
        if edit.second is None:
            continue
        form, (client, _other) = open_form(world, edit), world.sessions
        address = world.address(edit.address)
        client.post(address, fill(world, form, edit.second, 1))
        before = edit.first.read(world)
        name = edit.first.name.format(**world.values)
        answer = client.post(address, {name: edit.first.typed[0]})
        changed = edit.first.saved[0] if answer.status_code == 302 else before
        assert edit.first.read(world) == changed, edit.address
        assert edit.second.read(world) == edit.second.saved[1], edit.address


def test_form_that_is_sent_twice_at_once_makes_one_row(world: World, meeting: Meeting) -> None:
    for creation in CREATIONS:
        before = creation.model.objects.count()
        sent = [(client, creation.data) for client in world.sessions]
        answers = meeting.send(world.address(creation.address), sent)
        assert {answer.status_code for answer in answers} <= {302, 422}, creation.address
        assert creation.model.objects.count() == before + 1, creation.address
