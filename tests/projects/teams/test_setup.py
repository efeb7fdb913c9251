from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from projects.conflicts import EditConflict
from projects.models import AuditRecord, Membership, Project, Team, WeekFacts
from projects.teams import setup
from projects.teams.setup import Settings
from tests.conftest import Personas
from tests.factories import WEEK, make_cycle, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
ABOUT = Settings("清算产研", "Asia/Tokyo", "en", "iso")


def test_founder_is_the_manager() -> None:
    user = make_user("wang")
    team = setup.found_team("qs", ABOUT, by=user)
    team.refresh_from_db()
    assert (team.name, team.time_zone, team.language) == ("清算产研", "Asia/Tokyo", "en")
    assert team.week_numbering == "iso"
    assert [stage.name for stage in team.stages.all()] == list(setup.STAGES)
    assert Membership.objects.get(team=team).role == "manager"
    assert AuditRecord.objects.get(team=team).action == "team.create"


def test_form_sent_twice_founds_one_team() -> None:
    user = make_user("wang")
    assert setup.found_team("", ABOUT, by=user) == setup.found_team("", ABOUT, by=user)
    assert setup.found_team("", ABOUT, by=make_user("li")).slug == "team-2"


def test_taken_address_is_refused() -> None:
    make_team("qs")
    with pytest.raises(setup.SlugTaken):
        setup.found_team("qs", ABOUT, by=make_user("wang"))
    assert Team.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "slug"), [("Payments Dev", "payments-dev"), ("清算产研", "team"), ("Pay", "pay-3")]
)
def test_address_is_made_of_the_name(name: str, slug: str) -> None:
    make_team("pay")
    make_team("pay-2")
    assert setup.free_slug(name) == slug


def test_settings_are_changed_and_noted(personas: Personas) -> None:
    wanted = Settings("支付", "Asia/Shanghai", "zh-hans", "iso", time(15), time(17, 30))
    setup.change_team(personas.team, wanted, by=personas.manager)
    personas.team.refresh_from_db()
    assert (personas.team.cutoff_time, personas.team.digest_time) == (time(15), time(17, 30))
    record = AuditRecord.objects.get(action="team.change")
    assert record.before["week_numbering"] == "calendar"
    assert record.after["cutoff_time"] == "15:00:00"


def test_printed_settings_announce_all_weeks(personas: Personas) -> None:
    for week in (date(2024, 5, 6), WEEK):
        WeekFacts.objects.create(team=personas.team, week=week, revision=4)
    printed = ("支付产研", "Asia/Shanghai", "zh-hans", "calendar")
    schedule = Settings(*printed, time(12), time(18), calendar="weekdays", idle_week="merge")
    setup.change_team(personas.team, schedule, by=None)
    assert set(WeekFacts.objects.values_list("revision", flat=True)) == {4}
    setup.change_team(personas.team, ABOUT, by=None)
    assert not WeekFacts.objects.filter(team=personas.team, revision=4).exists()


def test_team_starts_with_the_week_in_which_it_is_founded() -> None:
    team = setup.found_team("qs", ABOUT, by=make_user("wang"))
    assert (team.starts_on, team.is_history(WEEK)) == (WEEK, False)
    assert team.is_history(WEEK - timedelta(days=7))


def test_start_is_the_monday_of_the_day_and_makes_all_pages_stale(personas: Personas) -> None:
    WeekFacts.objects.create(team=personas.team, week=date(2024, 5, 6), revision=4)
    for _again in range(2):
        setup.change_start(personas.team, date(2024, 6, 20), by=personas.manager)
    personas.team.refresh_from_db()
    assert personas.team.starts_on == WEEK
    record = AuditRecord.objects.get(action="team.start")
    assert (record.by, record.before, record.after) == (
        personas.manager,
        {"starts_on": None},
        {"starts_on": "2024-06-17"},
    )
    assert WeekFacts.objects.get(week=date(2024, 5, 6)).revision == 5


def test_start_that_somebody_else_changed_is_not_overwritten(personas: Personas) -> None:
    setup.change_start(personas.team, WEEK, by=personas.manager)
    with pytest.raises(EditConflict):
        setup.change_start(personas.team, date(2024, 5, 6), by=None, opened={"starts_on": ""})


def test_without_a_start_nothing_is_history(personas: Personas) -> None:
    assert not personas.team.is_history(date(2000, 1, 3))


def test_present_cycle_comes_before_the_next(personas: Personas) -> None:
    team = personas.team
    assert setup.present_cycle(team) is None
    following = make_cycle(team, "2024H2", date(2024, 7, 1), date(2024, 12, 31))
    make_cycle(team, "2023H2", date(2023, 7, 1), date(2023, 12, 31))
    assert setup.present_cycle(team) == following
    present = make_cycle(team)
    assert setup.present_cycle(team) == present


def test_superuser_who_claims_a_team_is_its_manager_and_leads_what_waits_for_them(
    personas: Personas,
) -> None:
    root = make_user("root", "吴敏")
    projects = Project.objects.filter(pk=personas.project.pk)
    projects.update(lead=None, lead_name="吴敏")
    for _again in range(2):
        setup.claim_team(personas.team, root)
    assert Membership.objects.get(team=personas.team, user=root).role == "manager"
    assert projects.get().lead == root
    assert AuditRecord.objects.filter(action="member.join").count() == 1


def test_viewer_who_claims_a_team_becomes_its_manager(personas: Personas) -> None:
    setup.claim_team(personas.team, personas.viewer)
    assert personas.viewer.memberships.get().role == "manager"
