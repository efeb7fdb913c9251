"""The digest as HTML for mail programs: tables, styles in the elements, never too long.

Gmail shows about the first 102 kB of a mail and hides the rest behind a link. So a page that is
longer is cut here: at whole entries and sections, the weightiest stay, and what is left out is
named with its figures and one link away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
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

from reports.render import wording
from reports.render.mail import fit, headline, owing
from reports.render.mail.pictures import Album
from reports.weekly.comparison import ObjectiveCard
from reports.weekly.document import Block, Entry, PageSection, WeeklyDocument
from reports.weekly.needs import Owed

#: Of the HTML in bytes, a reader's own part included.
LIMIT: Final = 100_000
# What is left of it for the reader's own part.
_OWN: Final = 9_000
# Of what an entry takes besides the words of its lead: never less than that.
_FRAME: Final = 700
_ROW: Final = "<!--row-->"
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


@dataclass(slots=True)
class _Row:
    """One row of the mail's table: what it takes, and a partial of the template that makes it."""

    part: fit.Part
    partial: str
    context: Callable[[], dict[str, object]] = dict  # called only when the row is made
    html: str = ""


def html(document: WeeklyDocument, view: View, album: Album) -> str:
    """The whole HTML in the active language, with the places for a reader's own part."""
    rows = [row for section in document.sections for row in _rows_of(section, album)]
    parts = [row.part for row in rows]
    context: dict[str, object] = {"document": document, "view": view, "subject": view.subject}
    made = sorted(fit.worth_making(parts, LIMIT - _OWN))
    begin, pieces, end = _inlined([_render(rows[place], context) for place in made], context)
    for row in rows:
        row.part.size = LIMIT  # what was not made has no place
    for place, piece in zip(made, pieces, strict=True):
        rows[place].html, rows[place].part.size = piece, len(piece.encode())
    room = LIMIT - _OWN - len(begin.encode()) - len(end.encode())
    return begin + "".join(_printed(rows, fit.choose(parts, room))) + end


def _inlined(rows: list[str], context: dict[str, object]) -> tuple[str, list[str], str]:
    """The mail with the styles written into its elements: what stands before the rows, each of
    the rows, and what stands after them.

    Styles can be written into a whole document only, so comments mark the rows in it.
    """
    marked = _ROW + _ROW.join(rows) + _ROW if rows else _ROW
    whole = render_to_string(
        _TEMPLATE,
        {
            **context,
            "styles": mark_safe(_styles()),  # noqa: S308  our own file
            "rows": mark_safe(marked),  # noqa: S308  rendered by templates
        },
    )
    begin, *pieces, end = _inliner().inline(whole).split(_ROW)
    return begin, pieces, end


def _printed(rows: list[_Row], chosen: fit.Chosen) -> Iterator[str]:
    for place in chosen.printed:
        row = rows[place]
        if row.part.role is fit.PartRole.REST:
            left_out = chosen.left_out[row.part.section]
            yield row.html.replace(_REST, _summary(left_out, with_names=chosen.with_names))
        else:
            yield row.html


def _summary(left_out: list[fit.Part], *, with_names: bool) -> str:
    """What a section's last row says of what it does not show."""
    entries = [part for part in left_out if part.role is fit.PartRole.ENTRY]
    sentences = []
    if count := len(entries):
        text = ngettext(
            "the other %(n)s project on the page", "the other %(n)s projects on the page", count
        )
        counted = text % {"n": count}
        if names := _(", ").join(part.name for part in entries) if with_names else "":
            counted = _("%(text)s: %(reason)s") % {"text": counted, "reason": names}
        sentences.append(counted)
    if len(entries) < len(left_out):
        sentences.append(_("This part is too long for a mail."))
    return fit.escaped(" · ".join(sentences))


# --- the rows of a section


def _rows_of(section: PageSection, album: Album) -> Iterator[_Row]:
    def row(
        partial: str, role: fit.PartRole = fit.PartRole.BLOCK, words: str = "", **context: object
    ) -> _Row:
        part = fit.Part(role, section.anchor, _size_of(words), weight=fit.weight_of(None))
        return _Row(part, partial, lambda: {"section": section, **context})

    yield row("heading" if wording.heading(section) else "nothing", fit.PartRole.HEADING)
    if section.key_results:
        yield row("results")
    for block in section.blocks:
        if block.entry:
            yield _entry_row(block.entry, section, album)
        if block.text:
            yield row("text", words=block.text, text=block.text)
        if block.metrics:
            yield _metrics_row(block, section, album)
        if wording.holds_listed(block):
            yield row("listed", block=block)
        if block.incident:
            yield row("incident", block=block)
        if block.plan or block.last_plan:
            yield row("plan", block=block)
    yield row("rest", fit.PartRole.REST, anchor=section.anchor)


def _entry_row(entry: Entry, section: PageSection, album: Album) -> _Row:
    is_drawn = entry.is_focus or section.kind == "focus"
    size = _size_of(entry.text if entry.is_updated else "") + _FRAME
    part = fit.Part(
        fit.PartRole.ENTRY, section.anchor, size, _in_short(entry), fit.weight_of(entry)
    )

    def context() -> dict[str, object]:
        picture = album.course(entry.history) if is_drawn else None
        return {"section": section, "entry": entry, "picture": picture}

    return _Row(part, "entry", context)


def _metrics_row(block: Block, section: PageSection, album: Album) -> _Row:
    def context() -> dict[str, object]:
        drawn = [
            (metric, album.course(metric.history, metric.unit, None)) for metric in block.metrics
        ]
        return {"section": section, "block": block, "metrics": drawn}

    part = fit.Part(fit.PartRole.BLOCK, section.anchor, 0, weight=fit.weight_of(None))
    return _Row(part, "metrics", context)


def _size_of(words: str) -> int:
    """Bytes of words as they were typed, without blanks: the HTML is never shorter."""
    return len("".join(words.split()).encode())


def _render(row: _Row, context: dict[str, object]) -> str:
    return _partial(row.partial, {**context, **row.context()})


def _in_short(entry: Entry) -> str:
    """POS 60% ↓5, for the list of those that are not shown."""
    return f"{' '.join(entry.name.split())} {wording.project_percent(entry)}".rstrip()


def _partial(name: str, context: dict[str, object]) -> str:
    return render_to_string(f"{_TEMPLATE}#{name}", context)


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


# --- a reader's own part


def owed(owed: Owed) -> str:
    """What the reader owes, as a row above the news."""
    context = {
        "owed": owed,
        "limit": f":{owing.SHOWN}",
        "more": owing.more(owing.left(owed)),
        "checkin": settings.SITE_URL + reverse("projects:checkin", args=(owed.team_slug,)),
    }
    return _partial("owed", context)


def unsubscribe(url: str) -> str:
    styled = styled_as("m")
    return format_html('<br><a href="{}" {}>{}</a>', url, styled, _("Unsubscribe"))
