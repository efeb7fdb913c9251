"""Two people with the same form open in a browser each: nothing is lost, and both are shown."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from projects.models import Incident, Metric, Reading, Team
from tests.e2e.conftest import Site
from tests.e2e.looks import violations
from tests.e2e.using import ENGLISH, press
from tests.factories import make_incident, make_metric

pytestmark = pytest.mark.django_db(transaction=True)


def conflict(page: Page, mine: str, theirs: str) -> None:
    """The form shows both versions, and can be sent again."""
    expect(page.locator("table.differences td.mine")).to_have_text(mine)
    expect(page.locator("table.differences td.theirs")).to_have_text(theirs)
    assert violations(page) == []


def test_numbers(site: Site) -> None:
    rate, orders = (make_metric(site.personas.team, name) for name in ("成功率", "日均笔数"))
    path = "/t/pay/metrics/"
    manager, lead = (site.page(name, path, **ENGLISH) for name in ("manager", "lead"))
    manager.get_by_label("成功率", exact=True).fill("99.9")
    press(manager, "Save")
    lead.get_by_label("日均笔数", exact=True).fill("120")
    press(lead, "Save")
    expect(lead.get_by_label("成功率", exact=True)).to_have_value("99.9")

    manager.get_by_label("日均笔数", exact=True).fill("130")
    press(manager, "Save")
    conflict(manager, "130", "120")
    assert (read(rate), read(orders)) == (Decimal("99.9"), Decimal(120))
    press(manager, "Save")
    expect(manager.get_by_label("日均笔数", exact=True)).to_have_value("130")
    assert (read(rate), read(orders)) == (Decimal("99.9"), Decimal(130))


def read(metric: Metric) -> Decimal:
    return Reading.objects.get(metric=metric).value


def test_team_settings(site: Site) -> None:
    path = "/t/pay/settings/"
    first, second = (site.page("manager", path, **ENGLISH) for _ in range(2))
    first.get_by_label("Cutoff").fill("15:00")
    first.get_by_label("Publish by itself").uncheck()
    press(first, "Save")
    second.get_by_label("Cutoff").fill("14:30")
    press(second, "Save")
    conflict(second, "14:30", "15:00")
    press(second, "Save")
    expect(second.get_by_role("status")).to_have_text("Settings saved.")
    team = Team.objects.get(slug="pay")
    assert (team.cutoff_time, team.publishes_itself) == (time(14, 30), False)


def test_incident(site: Site) -> None:
    path = f"/t/pay/incidents/{make_incident(site.personas.team).pk}/"
    manager, lead = (site.page(name, path, **ENGLISH) for name in ("manager", "lead"))
    manager.get_by_label("Cause").fill("快照太大")
    manager.get_by_label("Severity").select_option("C")
    press(manager, "Save")
    lead.get_by_label("Cause").fill("专线抖动")
    lead.get_by_label("Resolution").fill("切到备线")
    press(lead, "Save")
    conflict(lead, "专线抖动", "快照太大")
    expect(lead.get_by_label("Resolution")).to_have_value("切到备线")
    press(lead, "Save")
    expect(lead.get_by_role("status")).to_be_visible()
    incident = Incident.objects.get()
    assert (incident.cause, incident.resolution) == ("专线抖动", "切到备线")
    assert incident.severity == "C"
