"""The list of what needs somebody: kinds, and in each rows of one form.

A row says what it is of, what is wrong, who, since when, and has one verb at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from projects.access import Access
from reports.dashboard.attention import AttentionBlock
from reports.dashboard.overview import move_key
from reports.dashboard.todo.project_rows import ProjectRows
from reports.dashboard.todo.rows import Row, Verb
from reports.dashboard.todo.team_rows import TeamRows
from reports.weekly.document import WeeklyDocument

# So many rows of a kind are shown; the others are a click away.
ROWS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one kind. ``gist`` stands for them where the kind is folded up."""

    kind: str
    sign: str
    tone: str  # a CSS class
    title: str
    rows: tuple[Row, ...]
    gist: str = ""
    is_open: bool = False  # it needs the manager today
    bulk: Verb | None = None  # for all rows at once, only where that is safe

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def first(self) -> tuple[Row, ...]:
        return self.rows[:ROWS_SHOWN]

    @property
    def rest(self) -> tuple[Row, ...]:
        return self.rows[ROWS_SHOWN:]

    @property
    def single(self) -> Verb | None:
        """The verb of the only row of a kind that is folded up, so that it need not be opened."""
        verb = self.rows[0].verb if len(self.rows) == 1 and not self.is_open else None
        return verb if verb and verb.kind == "link" else None


def groups_of(access: Access, document: WeeklyDocument, block: AttentionBlock) -> tuple[Group, ...]:
    """The list for one reader: the kinds that have rows, those that need somebody today first."""
    rows = ProjectRows(access, document, block)
    team_rows = TeamRows(access, document, block)
    groups = (
        _open("site", "! bad", _("For whoever runs the site"), team_rows.site()),
        _open("silent", "○ warn", _("Not updated"), rows.silent(), _remind_all(access, block)),
        _open(
            *("moved", "→ bad", pgettext("news", "Slipped"), rows.moved()),
            _acknowledge_all(access, block),
        ),
        _open(
            *("findings", "≠ warn", _("Findings"), rows.findings()),
            _check_all(access, document),
        ),
        _folded(
            *("questions", "? info", _("Open questions"), rows.questions()),
            _ask_all_again(access, block),
        ),
        _folded("incidents", "! bad", _("Incidents to review"), team_rows.incidents()),
        _folded("unpublished", "□ warn", _("Weeks not published"), team_rows.unpublished()),
        _folded("behind", "△ info", _("Changed since publishing"), team_rows.behind()),
        _folded("undelivered", "✕ bad", _("Pages not delivered"), team_rows.undelivered()),
        _folded("leaderless", "◇ warn", _("Projects without a lead"), rows.leaderless()),
        _folded("deputies", "⇄ info", _("Deputies"), team_rows.deputies()),
        _folded("coming", "◷ info", _("Coming up"), team_rows.coming()),
    )
    return tuple(group for group in groups if group.rows)


def reminded(
    access: Access, document: WeeklyDocument, block: AttentionBlock, anchor: str
) -> tuple[Row, ...]:
    """That row of the silent ones, first, and the others of the same lead: one mail told of all.

    Empty where the row is not there any more.
    """
    rows = list(zip(block.silent, ProjectRows(access, document, block).silent(), strict=True))
    own = [(silence, row) for silence, row in rows if row.anchor == anchor]
    others = [
        row
        for silence, row in rows
        if own and row.anchor != anchor and silence.lead and silence.lead == own[0][0].lead
    ]
    return tuple([row for _silence, row in own] + others)


def _open(kind: str, look: str, title: str, rows: Iterator[Row], bulk: Verb | None = None) -> Group:
    sign, tone = look.split()
    return Group(kind, sign, tone, title, tuple(rows), is_open=True, bulk=bulk)


def _folded(
    kind: str, look: str, title: str, rows: Iterator[Row], bulk: Verb | None = None
) -> Group:
    """With its first row as the gist."""
    sign, tone = look.split()
    all_rows = tuple(rows)
    gist = " · ".join(filter(None, _gist(all_rows[0]))) if all_rows else ""
    return Group(kind, sign, tone, title, all_rows, gist, bulk=bulk)


def _gist(row: Row) -> tuple[str, str, str]:
    is_said = row.what.startswith(row.subject)  # Cycle 2024H1 ended on …
    return row.what if is_said else f"{row.subject} {row.what}", row.who, row.since


def _remind_all(access: Access, block: AttentionBlock) -> Verb | None:
    count = block.reminding
    if not access.is_manager or not block.is_present or not count:
        return None
    words = ngettext("Remind %(n)s lead", "Remind all %(n)s", count) % {"n": count}
    url = reverse("reports:remind", args=(access.team.slug,))
    return Verb("post", words, url, fields=(("week", block.week_label),), people=count)


def _ask_all_again(access: Access, block: AttentionBlock) -> Verb | None:
    count = block.asking
    if not count:
        return None
    words = ngettext("Ask %(n)s lead again", "Ask all %(n)s again", count) % {"n": count}
    url = reverse("reports:remind_answers", args=(access.team.slug,))
    return Verb("post", words, url, fields=(("week", block.week_label),), people=count)


def _acknowledge_all(access: Access, block: AttentionBlock) -> Verb | None:
    """For the moves that are shown: one that comes meanwhile is not among them."""
    if not access.is_manager or not block.is_present:
        return None
    keys = (move_key(entry, move) for entry, move in block.document.moved)
    shown = tuple(("move", key) for key in keys if key not in block.acknowledged)
    url = reverse("reports:moves_acknowledge", args=(access.team.slug,))
    fields = (("week", block.week_label), *shown)
    return Verb("post", _("Acknowledge all"), url, fields=fields) if shown else None


def _check_all(access: Access, document: WeeklyDocument) -> Verb | None:
    """Leads through them one by one: no two findings are settled by one word."""
    if not access.is_manager:
        return None
    address = (access.team.slug, document.label)
    url = reverse("reports:weekly_page_draft", args=address, fragment="review")
    return Verb("link", _("Check one by one"), url)
