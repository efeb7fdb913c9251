from __future__ import annotations

from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command

from projects import facts
from projects.models import Team
from reports import tasks
from reports.models import Digest, Edition
from tests.factories import WEEK, make_entry, make_project, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def team() -> Team:
    team = make_team()
    make_entry(make_project(team, "农行存管"), text="联调", percent=85)
    return team


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("publish_week", *arguments, stdout=out)
    return out.getvalue()


def test_prints_the_edition_in_one_line(team: Team) -> None:
    output = run("2024-W25")
    edition = Edition.objects.get()
    assert output == (
        f"pay 2024-W25: edition 1, {edition.sha256[:12]}, mail due 2024-06-21 18:00 CST\n"
    )


def test_the_edition_records_that_a_command_made_it(team: Team) -> None:
    run("2024-W25")
    edition = Edition.objects.get()
    assert (edition.published_by, edition.publisher) == (None, "manage.py publish_week")


def test_a_worker_makes_the_mail_or_sends_it_at_once(team: Team) -> None:
    with patch.object(tasks.send_deliveries, "apply_async") as enqueued:
        run("2024-W25")
        run("2024-W25")
    enqueued.assert_called_once_with((Edition.objects.get().pk,), expires=54, retry=False)


def test_publishing_again_is_not_a_failure(team: Team) -> None:
    run("2024-06-20")
    assert run("2024-W25") == "pay 2024-W25: nothing has changed since edition 1.\n"
    assert Edition.objects.count() == 1


def test_a_correction_with_its_reason(team: Team) -> None:
    run("--no-mail", "2024-W25")
    assert not Digest.objects.exists()
    team.projects.get().entries.update(text="联调完成")
    facts.announce(team, [WEEK])
    assert "mail due 2024-06-19 10:00" in run("--mail", "--note", "写错了", "2024-W25")
    assert Edition.objects.get(number=2).note == "写错了"


def test_a_failure_is_reported_in_one_line(team: Team) -> None:
    with pytest.raises(CommandError, match="pay 2020-W01: there is nothing to publish"):
        run("2020-W01")
    with pytest.raises(CommandError, match="no week"):
        run("yesterday")
    with pytest.raises(CommandError, match="No team 'nobody'"):
        run("--team", "nobody", "2024-W25")
