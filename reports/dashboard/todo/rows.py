"""A row of the list of what needs somebody, and who the list is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.safestring import SafeString

from projects.access import Access
from projects.templatetags.okr import day
from reports.dashboard.attention import AttentionBlock
from reports.weekly.document import WeeklyDocument

# ``post`` is a form; ``ask`` and ``review`` open one in place; ``done`` is a result; ``stuck`` says
# why nothing can be done.
type VerbKind = Literal["post", "link", "ask", "review", "done", "stuck"]


@dataclass(frozen=True, slots=True)
class Verb:
    """What the reader can do about a row, or what became of it."""

    kind: VerbKind
    label: str
    url: str = ""
    spoken: str = ""  # the label with what it is about, for those who only hear it
    fields: tuple[tuple[str, str], ...] = ()  # of a form, besides its token
    title: str = ""
    people: int = 0  # to how many a mail goes, which is asked about first


@dataclass(frozen=True, slots=True)
class Row:
    anchor: str  # its id on the page
    subject: str
    url: str  # of the subject; "" where it has no page
    what: str | SafeString
    who: str = ""
    since: str = ""
    verb: Verb | None = None


@dataclass(frozen=True)
class RowsOfReader:
    """What builds rows for one reader of a week's dashboard, a method for each kind."""

    access: Access
    document: WeeklyDocument
    block: AttentionBlock

    @property
    def _slug(self) -> str:
        return self.access.team.slug

    def _day(self, value: date) -> str:
        return day(value, self.document.week)
