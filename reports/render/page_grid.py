"""The page as a table of values for a spreadsheet: a row a project, in the order of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils import translation
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from projects.templatetags.okr import health_words
from reports.render import wording
from reports.render.spreadsheets import Grid, Value
from reports.weekly.document import Entry, WeeklyDocument

# The words are those of the dashboard's table.
_COLUMNS: Final[tuple[tuple[object, Callable[[Entry], Value]], ...]] = (
    (_("objective"), lambda entry: entry.objective_code),
    (_("project"), lambda entry: entry.name),
    (_("lead"), lambda entry: entry.lead),
    (_("health"), lambda entry: health_words(entry.health, entry.weeks_silent)),
    (_("stage"), lambda entry: entry.stage),
    (format_lazy("{} %", _("complete")), lambda entry: entry.percent),
    (format_lazy("{} %", _("last week")), lambda entry: entry.last_percent),
    (_("due"), lambda entry: entry.due_on),
    (_("first due"), lambda entry: entry.first_due_on if entry.slips else None),
    (_("days late"), lambda entry: entry.slip_days if entry.slips else None),
    (_("moves"), lambda entry: entry.slips or None),
    (_("progress this week"), lambda entry: entry.text or None),
    (_("risks"), lambda entry: entry.risks or None),
    (_("reported by"), lambda entry: wording.reporter(entry) or None),
)


def grid_of(document: WeeklyDocument, language: str) -> Grid:
    """With headings in that language; a project that was not updated has no words of this week."""
    with translation.override(language):
        return Grid(
            title=f"{document.team_slug} {document.label}",
            headings=tuple(str(capfirst(str(heading))) for heading, _value in _COLUMNS),
            rows=tuple(
                tuple(value(entry) for _heading, value in _COLUMNS) for entry in document.entries
            ),
        )
