"""The digest as HTML for mail programs: tables, styles in the elements, never too long.

Gmail shows about the first 102 kB of a mail and hides the rest behind a link. So a page that is
longer is cut here: at whole entries and sections, the weightiest stay, and what is left out is
named with its figures and one link away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Final

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.dashboard.overview import ObjectiveCard
from reports.render import fit, headline, owing, wording
from reports.render.pictures import Album, Shown
from reports.weekly.document import Block, Entry, MetricState, PageSection, WeeklyDocument
from reports.weekly.owed import Owed

#: Of the HTML in bytes, a reader's own part included.
LIMIT: Final = 100_000
# What is left of it for the reader's own part.
_OWN: Final = 9_000
# Of what an entry takes besides the words of its lead: never less than that.
_FRAME: Final = 700
_PIECE: Final = re.compile(r"<!--piece-->")
_RULE: Final = re.compile(r"^([.a-z0-9]+) \{ (.*) \}$", re.MULTILINE)
_REST: Final = "<!--rest-->"
_TEMPLATE: Final = "emails/digest.html"


@dataclass(frozen=True, slots=True)
class Joined:
    """A week without a working day that was published together with the page's own."""

    label: str
    days: str  # in brackets
    page: str


@dataclass(frozen=True, slots=True)
class View:
    """What the frame of the mail says besides the page's own sections."""

    subject: str
    page: str  # address of the page
    preview: str  # what a list of mails shows behind the subject
    lines: tuple[headline.Line, ...]
    imprint: tuple[str, ...]
    joined: tuple[Joined, ...]
    corrected: str  # to readers who have the mail of an earlier edition: what is put right
    changes: tuple[str, ...]  # against the edition before
    findings: tuple[str, ...]
    objectives: tuple[ObjectiveCard, ...]
    is_draft: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that can be made: a partial of the template, and its context when it is wanted."""

    partial: str
    content: Callable[[], dict[str, object]] = dict
    role: fit.Role | None = None  # else that of an entry, or of a block
    of: Entry | None = None
    words: str = ""  # of people, the most of the row


@dataclass(slots=True)
class _Page:
    """The pieces of the page as they are collected: rows of the mail's table, made when wanted."""

    parts: list[fit.Part] = field(default_factory=list)
    least: list[int] = field(default_factory=list)  # bytes that each takes at the least
    rows: list[Callable[[], str]] = field(default_factory=list)


def html(document: WeeklyDocument, view: View, album: Album) -> str:
    """The whole HTML in the active language, with the places for a reader's own part."""
    context: dict[str, object] = {"document": document, "view": view, "subject": view.subject}
    context["styles"] = mark_safe(_styles())  # noqa: S308  our own file
    page = _Page()
    for section in document.sections:
        _add(page, section, context, album)
    wanted = fit.worth_making(page.parts, page.least, LIMIT - _OWN)
    rows = [row() if is_wanted else "" for row, is_wanted in zip(page.rows, wanted, strict=True)]
    marker = "<!--piece-->"
    joined = marker + marker.join(rows) + marker
    whole = render_to_string(_TEMPLATE, {**context, "pieces": mark_safe(joined)})  # noqa: S308  rendered by templates
    begin, *pieces, end = _PIECE.split(_inliner().inline(whole))
    made = zip(pieces, wanted, strict=True)
    sizes = [len(one.encode()) if is_wanted else LIMIT for one, is_wanted in made]
    chosen = fit.chosen(page.parts, sizes, _room(begin, end))
    return begin + "".join(_printed(page.parts, pieces, chosen)) + end


def _room(begin: str, end: str) -> int:
    return LIMIT - _OWN - len(begin.encode()) - len(end.encode())


def _printed(parts: list[fit.Part], pieces: list[str], chosen: fit.Chosen) -> Iterator[str]:
    for part, piece, is_kept in zip(parts, pieces, chosen.kept, strict=True):
        if part.role is not fit.Role.REST:
            if is_kept:
                yield piece
        elif is_kept:
            yield piece.replace(_REST, _left_out(chosen.left_out[part.section], chosen.names))


def _left_out(left: list[fit.Part], with_names: bool) -> str:
    """What a section's last row says of what it does not show."""
    entries = [part for part in left if part.role is fit.Role.ENTRY]
    said = []
    if count := len(entries):
        text = ngettext(
            "the other %(n)s project on the page", "the other %(n)s projects on the page", count
        )
        names = _(", ").join(part.name for part in entries) if with_names else ""
        counted = text % {"n": count}
        said.append(
            _("%(text)s: %(reason)s") % {"text": counted, "reason": names} if names else counted
        )
    if len(entries) < len(left):
        said.append(_("This part is too long for a mail."))
    return fit.escaped(" · ".join(said))


# --- the pieces -------------------------------------------------------------------------------


def _add(page: _Page, section: PageSection, context: dict[str, object], album: Album) -> None:
    def add(row: _Row) -> None:
        role = row.role or (fit.Role.ENTRY if row.of else fit.Role.BLOCK)
        name = _in_short(row.of) if row.of else ""
        page.parts.append(fit.Part(role, section.anchor, name, fit.weight_of(row.of)))
        page.least.append(_least(row))
        page.rows.append(partial(_drawn, row, {**context, "section": section}))

    add(_Row("heading" if wording.heading(section) else "nothing", role=fit.Role.HEADING))
    if section.key_results:
        add(_Row("results"))
    for block in section.blocks:
        for row in _rows_of(block, section, album):
            add(row)
    add(_Row("rest", lambda: {"anchor": section.anchor}, role=fit.Role.REST))


def _rows_of(block: Block, section: PageSection, album: Album) -> Iterator[_Row]:
    if entry := block.entry:
        is_drawn = entry.is_focus or section.kind == "focus"
        yield _Row(
            "entry",
            lambda: {
                "entry": entry,
                "picture": album.course(entry.history) if is_drawn else None,
            },
            of=entry,
            words=entry.text if entry.is_updated else "",
        )
    if block.text:
        yield _Row("text", lambda: {"text": block.text}, words=block.text)
    if block.metrics:
        yield _Row("metrics", lambda: {"block": block, "metrics": _drawn_metrics(block, album)})
    if wording.holds_listed(block):
        yield _Row("listed", lambda: {"block": block})
    if block.incident:
        yield _Row("incident", lambda: {"block": block})
    if block.plan or block.last_plan:
        yield _Row("plan", lambda: {"block": block})


def _drawn_metrics(block: Block, album: Album) -> list[tuple[MetricState, Shown | None]]:
    return [(one, album.course(one.history, one.unit, None)) for one in block.metrics]


def _least(row: _Row) -> int:
    """Bytes: the words as they were typed, without blanks, and what stands around an entry."""
    return len("".join(row.words.split()).encode()) + (_FRAME if row.of else 0)


def _drawn(row: _Row, context: dict[str, object]) -> str:
    return _row(row.partial, {**context, **row.content()})


def _in_short(entry: Entry) -> str:
    """POS 60% ↓5, for the list of those that are not shown."""
    parts = [" ".join(entry.name.split())]
    if entry.percent is not None:
        parts.append(wording.percent(entry.percent))
        if entry.change:
            parts.append(wording.change(entry.change))
    return " ".join(parts)


def _row(partial: str, context: dict[str, object]) -> str:
    return render_to_string(f"{_TEMPLATE}#{partial}", context)


@cache
def _styles() -> str:
    path = Path(settings.BASE_DIR) / "templates" / "emails" / "digest.css"
    return path.read_text(encoding="utf-8")


@cache
def styled_as(names: str) -> SafeString:
    """The attributes of an element of these classes, its styles in it as css-inline writes them.

    For the few elements of each reader's own part, which is made for every copy.
    """
    rules = dict(_RULE.findall(_styles().partition("\n@media")[0]))
    style = " ".join(rules[name] for name in f".{names.replace(' ', ' .')}".split())
    return format_html('class="{}" style="{}"', names, style)


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False, minify_css=True)


# --- a reader's own part ----------------------------------------------------------------------


def owed(owed: Owed) -> str:
    """What the reader owes, as a row above the news."""
    context = {
        "owed": owed,
        "limit": f":{owing.SHOWN}",
        "more": owing.more(owing.left(owed)),
        "checkin": settings.SITE_URL + reverse("projects:checkin", args=(owed.team_slug,)),
    }
    return _row("owed", context)


def unsubscribe(url: str) -> str:
    styled = styled_as("m")
    return format_html('<br><a href="{}" {}>{}</a>', url, styled, _("Unsubscribe"))
