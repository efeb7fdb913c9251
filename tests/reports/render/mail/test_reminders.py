"""The mails to managers: what is to be resolved, and that the page waits for them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from projects.models import Language, Team, User
from projects.weeks import WEEK as ONE_WEEK
from reports.models import Reminder, ReminderKind
from reports.render.mail import reminders
from reports.weekly.document import Finding
from reports.weekly.needs import Duties, NotUpdated
from tests.factories import WEEK, make_team, make_user
from tests.reports.render.golden import assert_golden

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

FRIDAY: Final = datetime(2024, 6, 21, 16, tzinfo=ZoneInfo("Asia/Shanghai"))
DUTIES: Final = Duties(
    week=WEEK,
    label="2024-W25",
    findings=(Finding("percent_stalled", 3, "农行<存管>", {"percent": "85", "weeks": "3"}),),
    silent=(
        NotUpdated(4, "实时数仓", "许澄", WEEK, WEEK - 2 * ONE_WEEK, 2, FRIDAY - timedelta(days=1)),
        NotUpdated(5, "巡检工具", "", WEEK, None, is_reachable=False),
    ),
)


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def manager(team: Team) -> User:
    return make_user("manager", "林岚", team)


@pytest.mark.parametrize("language", Language.values)
@pytest.mark.parametrize("kind", [ReminderKind.REVIEW, ReminderKind.PUBLISH])
def test_a_mail_to_a_manager(team: Team, manager: User, kind: ReminderKind, language: str) -> None:
    team.language = language
    reminder = Reminder(team=team, week=WEEK, user=manager, kind=kind)
    made = (reminders.to_review if kind == ReminderKind.REVIEW else reminders.to_publish)(
        reminder, DUTIES
    )
    assert_golden(f"{kind}.{language}.txt", f"Subject: {made.subject}\n\n{made.text}")
    assert_golden(f"{kind}.{language}.html", made.html)


def test_each_line_leads_to_its_place_on_the_page(team: Team, manager: User) -> None:
    reminder = Reminder(team=team, week=WEEK, user=manager, kind=ReminderKind.REVIEW)
    page = "https://okr.example.com/t/pay/weeks/2024-06-17/draft/"
    assert re.findall(r'href="([^"]*)"', reminders.to_review(reminder, DUTIES).html) == [
        f"{page}#finding_{DUTIES.findings[0].key}",
        f"{page}#project-4",
        f"{page}#project-5",
        page,
    ]


def test_with_nothing_to_resolve_the_subject_counts_who_has_not_updated(
    team: Team, manager: User
) -> None:
    team.language = Language.ENGLISH
    reminder = Reminder(team=team, week=WEEK, user=manager, kind=ReminderKind.REVIEW)
    silent = Duties(WEEK, "2024-W25", (), DUTIES.silent)
    assert (
        reminders.to_review(reminder, silent).subject
        == "2024-W25 is closed: 2 projects not updated"
    )
