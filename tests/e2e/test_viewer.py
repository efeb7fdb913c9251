"""A viewer sees everything and can touch nothing."""

from __future__ import annotations

import re
from typing import Final

import pytest
from playwright.sync_api import Page, ViewportSize

from projects import facts
from projects.models import Question
from projects.weeks import WEEK as ONE_WEEK
from tests.addresses import WHO, path_of, patterns
from tests.e2e.chromium import PHONE, WIDE
from tests.e2e.conftest import Site
from tests.factories import make_entry, make_incident, make_milestone, make_project, make_question
from tests.test_authorisation import values_of

# The reader's own session, language, address and choice of mail, which are nobody else's.
OWN: Final = re.compile(r"/(admin/)?logout/|/i18n/setlang/|/account.*|(/t/pay)?/subscription/.*")
# What htmx would send, and the links that open a form in place.
CONTROLS: Final = "[hx-post], [hx-put], [hx-patch], [hx-delete], .ask, .ask-open, form.withdraw"
INVITATIONS: Final = {"projects:invitation", "projects:team_new"}  # of whoever comes, not a team's


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_page_has_anything_that_changes_the_team(site: Site, viewport: ViewportSize) -> None:
    personas = site.personas
    team, project, week = personas.team, personas.project, personas.team.this_week()
    values = values_of(team, project, personas.manager)
    # All that the attention block can hold.
    make_milestone(project, "首批放量", 40, week=week - ONE_WEEK)
    make_entry(project, week, "已上线", 40, author=personas.lead)
    make_project(team, "装修存管", lead=personas.lead)
    make_question(project, personas.manager)
    Question.objects.update(week=week)
    make_incident(team, week)
    facts.announce(team, [week])
    this_week = team.week_label(week)
    page = site.page("viewer", viewport=viewport)
    seen, offending = 0, []
    for pattern in patterns():
        if "viewer" not in WHO[pattern.name].reads or pattern.name in INVITATIONS:
            continue
        for label in (values["label"], this_week) if "label" in pattern.parameters else ("",):
            path = path_of(pattern, values | {"label": label})
            if page.request.get(path).text().startswith("<!doctype html>"):
                page.goto(path)
                seen += 1
                offending += [f"{path}: {control}" for control in controls(page)]
    assert seen > 10
    assert not offending


def controls(page: Page) -> list[str]:
    """What on the page would change something."""
    forms: list[str] = page.locator("form").evaluate_all(
        "forms => forms.filter(f => f.method === 'post').map(f => new URL(f.action).pathname)"
    )
    others: list[str] = page.locator(f"{CONTROLS}, [formaction]").evaluate_all(
        "all => all.map(e => e.outerHTML)"
    )
    return [form for form in forms if not OWN.fullmatch(form)] + others
