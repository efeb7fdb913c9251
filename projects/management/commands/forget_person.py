"""``manage.py forget_person``."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.models import User
from projects.teams import members, personal_data


class Command(BaseCommand):
    help = (
        "Close a person's account and take away name, addresses and what was only their own. What"
        " they did stays, under another name. It cannot be undone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--yes", action="store_true", help="needed, for it cannot be undone")

    def handle(self, *, username: str, yes: bool, **_options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user {username!r}.")
        if not yes:
            raise CommandError(f"This cannot be undone: say --yes to forget {user}.")
        try:
            name = personal_data.forget(user)
        except members.LastManager:
            raise CommandError(
                f"{user} is the only manager of a team: name another first."
            ) from None
        self.stdout.write(f"Forgotten; what they did is under the name {name}.")
