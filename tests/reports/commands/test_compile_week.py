from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from reports.models import WeeklyPage
from tests.factories import WEEK, make_entry, make_project, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("compile_week", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("week", [(), ("2024-W25",), ("2024-w25",), ("2024-06-20",)])
def test_compiles_this_week_or_the_named_one(week: tuple[str, ...]) -> None:
    make_entry(make_project(make_team()))
    assert run(*week) == "pay 2024-W25: 1 of 1 updated, findings: 0\n"
    assert WeeklyPage.objects.get().week == WEEK


def test_a_week_of_history_owes_nothing() -> None:
    team = make_team()
    team.starts_on = WEEK + timedelta(weeks=1)
    team.save()
    make_entry(make_project(team))
    assert run("2024-W25") == "pay 2024-W25: history, 1 entries, findings: 0\n"


def test_one_team_among_several_has_to_be_named() -> None:
    make_team("pay"), make_team("risk")
    assert run("--team", "risk").startswith("risk 2024-W25")
    with pytest.raises(CommandError, match="Choose one with --team: pay, risk"):
        run()
    make_team("team")
    assert run().startswith("team 2024-W25")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--team", "nobody"), r"No team 'nobody'\. Choose one with --team: pay\."),
        (("9999-12-31",), r"'9999-12-31' is no week: write 2024-W25 or a date in it\."),
        (("2024-W60",), r"'2024-W60' is no week: write 2024-W25 or a date in it\."),
        (("yesterday",), "'yesterday' is no week"),
    ],
)
def test_bad_arguments_give_one_line(arguments: tuple[str, ...], message: str) -> None:
    make_team("pay")
    with pytest.raises(CommandError, match=message) as raised:
        run(*arguments)
    assert "\n" not in str(raised.value)


def test_a_database_without_a_team() -> None:
    with pytest.raises(CommandError, match="there is none yet"):
        run()
