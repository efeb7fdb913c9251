"""``manage.py compile_week [--team SLUG] [WEEK]``: compile a week's page now."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from reports.management.arguments import add_team, add_week, chosen_team, chosen_week
from reports.pages import live


class Command(BaseCommand):
    help = "Compile the weekly page of a week (the present one, unless named) from its facts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_team(parser)
        add_week(parser, required=False)

    def handle(self, *_args: Any, **options: Any) -> None:
        team = chosen_team(options["team"])
        compiled = live.compile_page(team, chosen_week(team, options["week"]))
        count = f"{compiled.updated} of {compiled.expected} updated"
        if compiled.is_history:  # nothing was owed
            count = f"history, {compiled.updated} entries"
        self.stdout.write(
            f"{team.slug} {compiled.label}: {count}, findings: {len(compiled.findings)}"
        )
