"""``manage.py export_week [--team SLUG] --format … [--output FILE] WEEK``: the page as a file."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from reports import pages
from reports.management.arguments import add_team, add_week, chosen_team, chosen_week
from reports.render.html import standalone
from reports.render.json import json
from reports.render.markdown import markdown
from reports.weekly.document import WeeklyDocument

# Each gives the file's bytes; text is UTF-8, whatever the locale.
FORMATS: Final[dict[str, Callable[[WeeklyDocument, str], bytes]]] = {
    "markdown": lambda document, language: markdown(document, language=language).encode(),
    "html": lambda document, language: standalone(document, language=language),
    "json": lambda document, _: json(document),
}


class Command(BaseCommand):
    help = "Write the weekly page of a week to standard output or to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_team(parser)
        parser.add_argument("--format", choices=sorted(FORMATS), required=True)
        parser.add_argument("--output", metavar="FILE", type=Path)
        add_week(parser, required=True)

    def handle(self, *_args: Any, **options: Any) -> None:
        team = chosen_team(options["team"])
        week = chosen_week(team, options["week"])
        document = pages.current_document(team, week)
        if document is None:
            raise CommandError(f"Nothing is known of {team.week_label(week)} in {team.slug!r}.")
        self._write(FORMATS[options["format"]](document, team.language), options["output"])

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
