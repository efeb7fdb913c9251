"""``manage.py demo``: the demo team, for looking around and for showing."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from okrtracker.demo import SIGN_IN
from projects.models import Team
from reports.demo.load import SLUG, load_demo


class Command(BaseCommand):
    help = "Loads the demo team with 26 weeks of invented work. A second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--password", default="", help="of the demo users; made up if not given"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        is_there = Team.objects.filter(slug=SLUG).exists()
        password = options["password"] or secrets.token_hex(4)
        load_demo(password)
        if options["verbosity"] == 0:
            return
        if is_there:
            self.stdout.write(f"The team {SLUG} is there already; nothing was changed.")
        else:
            users = ", ".join(SIGN_IN)
            self.stdout.write(f"Loaded the team {SLUG}. Sign in as {users}; password: {password}")
