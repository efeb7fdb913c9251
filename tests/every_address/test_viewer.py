"""A viewer sees everything, can comment on it, and can touch nothing."""

from __future__ import annotations

import re
from typing import Final

import pytest

from projects import facts
from projects.models import Question
from projects.weeks import WEEK as ONE_WEEK
from tests.addresses import WHO, path_of, patterns
from tests.conftest import Personas
from tests.every_address.test_authorisation import values_of
from tests.factories import (
    make_comment,
    make_entry,
    make_incident,
    make_milestone,
    make_project,
    make_question,
)
from tests.html import parse

pytestmark = pytest.mark.django_db

# What is nobody else's: the reader's session, language, address, choice of mail and first steps.
OWN: Final = re.compile(
    r"/(admin/)?logout/|/i18n/setlang/|/account.*|(/t/pay)?/subscription/.*|/t/pay/first-steps/"
)
# What htmx would send, and the links that open a form in place.
CONTROLS: Final = "[hx-post], [hx-put], [hx-patch], [hx-delete], .ask, .ask-open, form.withdraw"
INVITATIONS: Final = {"projects:invitation", "projects:team_new"}  # of whoever comes, not a team's


def test_no_page_has_anything_that_changes_the_team(personas: Personas) -> None:
    team, project, week = personas.team, personas.project, personas.team.this_week()
    values = values_of(team, project, personas.manager)
    # All that the attention block can hold.
    make_milestone(project, "首批放量", 40, week=week - ONE_WEEK)
    make_entry(project, week, "已上线", 40, author=personas.lead)
    make_project(team, "装修存管", lead=personas.lead)
    make_question(project, personas.manager)
    make_comment(project, personas.manager, week=week)
    Question.objects.update(week=week)
    make_incident(team, week)
    facts.announce(team, [week])
    this_week = team.week_label(week)
    viewer, opened, offending = personas.client("viewer"), 0, []
    for pattern in patterns():
        if "viewer" not in WHO[pattern.name].reads or pattern.name in INVITATIONS:
            continue
        for label in (values["label"], this_week) if "label" in pattern.parameters else ("",):
            path = path_of(pattern, values | {"label": label})
            content = viewer.get(path).getvalue().decode(errors="replace")
            if content.startswith("<!doctype html>"):
                opened += 1
                offending += [f"{path}: {control}" for control in controls(content, path)]
    assert opened > 10
    assert not offending


def controls(content: str, path: str) -> list[str]:
    """What on the page would change something."""
    page = parse(content)
    posts = page.select("form[method=post i]:not(.comment-form)")
    sent_to = [str(form.get("action") or path) for form in posts]
    sent_to += [str(button["formaction"]) for button in page.select("[formaction]")]
    addresses = [address.partition("?")[0] for address in sent_to]
    selectors = f":is({CONTROLS}):not(.comment-form)"
    others = [str(control) for control in page.select(selectors)]
    return [address for address in addresses if not OWN.fullmatch(address)] + others
