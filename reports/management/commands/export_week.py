"""``manage.py export_week [--team SLUG] --format … [--output FILE] WEEK``: the page as a file."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from projects.models import Team
from reports.management.arguments import add_team, add_week, chosen_team, chosen_week
from reports.models import Edition, FileKind
from reports.pages import editions, live
from reports.render import files
from reports.render.page_grid import grid_of
from reports.render.pdf import PdfUnavailable
from reports.render.spreadsheets import xlsx
from reports.weekly.document import WeeklyDocument

# Text is UTF-8, whatever the locale.
FORMATS: Final = {
    "markdown": FileKind.MARKDOWN,
    "html": FileKind.HTML,
    "json": FileKind.JSON,
    "pdf": FileKind.PDF,
}
# Of the same document, a row a project; made anew each time, since nobody quotes its bytes.
TABLE: Final = "xlsx"


class Command(BaseCommand):
    help = (
        "Write the weekly page of a week to standard output or to a file: its latest edition, "
        "or the page as the facts stand now where none was published."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_team(parser)
        parser.add_argument("--format", choices=sorted((*FORMATS, TABLE)), required=True)
        parser.add_argument("--output", metavar="FILE", type=Path)
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--draft", action="store_true", help="as the facts stand now")
        which.add_argument("--edition", metavar="N", type=int, help="that edition")
        add_week(parser, required=True)

    def handle(self, *_args: Any, **options: Any) -> None:
        team = chosen_team(options["team"])
        week = chosen_week(team, options["week"])
        edition = None if options["draft"] else _chosen(team, week, options["edition"])
        try:
            if options["format"] == TABLE:
                document = editions.document_of(edition) if edition else _live(team, week)
                content = xlsx(grid_of(document, team.language))
            elif edition:
                content = editions.file_of(edition, FORMATS[options["format"]], team.language)
            else:
                kind = FORMATS[options["format"]]
                content = files.make(_live(team, week), kind, team.language)
        except PdfUnavailable as error:
            raise CommandError(str(error)) from None
        self._write(content, options["output"])

    def _write(self, content: bytes, path: Path | None) -> None:
        if path is None:
            # Text would be encoded by the locale, which need not know Chinese.
            raw = getattr(self.stdout, "buffer", None)
            if raw is not None:
                raw.write(content)
            else:
                self.stdout.write(content.decode(), ending="")
            return
        try:
            path.write_bytes(content)
        except OSError as error:
            raise CommandError(f"Cannot write {path}: {error.strerror}.") from error


def _chosen(team: Team, week: date, number: int | None) -> Edition | None:
    if number is None:
        return editions.latest(team, week)
    edition = editions.numbered(team, week, number)
    if edition is None:
        raise CommandError(f"{team.week_label(week)} of {team.slug!r} has no edition {number}.")
    return edition


def _live(team: Team, week: date) -> WeeklyDocument:
    document = live.current_document(team, week)
    if document is None:
        raise CommandError(f"Nothing is known of {team.week_label(week)} in {team.slug!r}.")
    return document
