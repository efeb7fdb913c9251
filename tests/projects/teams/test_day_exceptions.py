from __future__ import annotations

from datetime import date

import pytest

from projects.models import AuditRecord, DayException
from projects.teams import day_exceptions
from tests.conftest import Personas

DAY = date(2024, 6, 21)


def test_one_is_added_and_removed_with_a_trace(personas: Personas) -> None:
    team, manager = personas.team, personas.manager
    added = day_exceptions.add(team, DAY, is_working=False, note="团建", by=manager)
    assert team.work_calendar().is_working(DAY) is False
    day_exceptions.remove(added, by=manager)
    assert team.work_calendar().is_working(DAY) is True
    records = AuditRecord.objects.order_by("pk")
    assert [(one.action, one.subject, one.by) for one in records] == [
        ("day_exception.create", "2024-06-21", manager),
        ("day_exception.remove", "2024-06-21", manager),
    ]
    assert records[0].after == records[1].before == {"is_working": False, "note": "团建"}


def test_a_day_has_one(personas: Personas) -> None:
    day_exceptions.add(personas.team, DAY, is_working=False, by=None)
    with pytest.raises(day_exceptions.DayTaken):
        day_exceptions.add(personas.team, DAY, is_working=True, by=None)
    assert DayException.objects.get().is_working is False
    assert AuditRecord.objects.count() == 1
