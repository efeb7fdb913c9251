"""How the live page says what its manager can edit."""

from __future__ import annotations

import json
from datetime import datetime

from django import template
from django.utils.translation import gettext as _

from projects.models import Team
from reports.pages import editing
from reports.pages.desk import Desk
from reports.pages.drafts import WordsDraft
from reports.pages.verdicts import fields_of
from reports.render.wording import standard_heading
from reports.weekly.document import Block, Finding, PageSection, PlanState
from reports.weekly.sections import WRITABLE, Kind

register = template.Library()


@register.filter
def field_name(field: str) -> str:
    """What the field is called where the page has no section for it yet."""
    if field == editing.NEW:
        return _("New section")
    return standard_heading(WRITABLE[field]) if field in WRITABLE else ""


@register.filter
def draft_of(desk: Desk, field: str) -> WordsDraft | None:
    return desk.drafts.get(field)


@register.filter
def as_field(section_id: int) -> str:
    """The field of a run of words, by the row that holds it."""
    return f"section-{section_id}"


@register.filter
def begun_by(desk: Desk, section: PageSection) -> str:
    return desk.begun_by(section)


@register.filter
def holds_plan(desk: object, block: Block) -> bool:
    """Whether the plan is edited in the place of this block: that of its first lines."""
    return isinstance(desk, Desk) and desk.plan is block


@register.filter
def is_own(desk: Desk, section: PageSection) -> bool:
    """Whether the section can be moved and removed."""
    return section.section_id in desk.own


@register.filter
def is_headed_apart(section: PageSection) -> bool:
    """Whether an own section's heading stands in a row that none of its words are in."""
    words = any(block.section_id == section.section_id for block in section.blocks)
    return section.kind is Kind.CUSTOM and bool(section.section_id) and not words


@register.filter
def opened_outcome(item: PlanState) -> str:
    """What the form of an item's outcome is opened with, for its hidden field."""
    return json.dumps({"outcome": item.outcome, "note": item.outcome_note}, ensure_ascii=False)


@register.filter
def opened_verdict(finding: Finding) -> str:
    """What the form of a finding's verdict is opened with, for its hidden field."""
    return json.dumps(fields_of(finding.verdict), ensure_ascii=False)


@register.filter
def place_in(desk: Desk, section_id: int) -> int:
    return desk.place_in(section_id)


@register.filter
def is_first(desk: Desk, section_id: int) -> bool:
    return desk.is_first(section_id)


@register.filter
def is_last(desk: Desk, section_id: int) -> bool:
    return desk.is_last(section_id)


@register.filter
def clock(moment: datetime, team: Team) -> str:
    """The time of day in the team's zone; with the day, when that is not today."""
    local = team.local(moment)
    return f"{local:%H:%M}" if local.date() == team.today() else f"{local:%m-%d %H:%M}"
