"""``manage.py publish_week [--team SLUG] [--note TEXT] [--mail|--no-mail] WEEK``."""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports import tasks
from reports.management.arguments import add_team, add_week, chosen_team, chosen_week
from reports.models import Digest, Edition
from reports.pages import publish


class Command(BaseCommand):
    help = (
        "Publish the weekly page of a week as its next edition. Exit 0 when an edition was made "
        "or nothing has changed since the latest, 1 when there is nothing to publish."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_team(parser)
        parser.add_argument("--note", default="", help="what is corrected, and why")
        parser.add_argument(
            "--mail",
            action=BooleanOptionalAction,
            help="send it, or do not; by default a first edition goes out at the digest's time",
        )
        add_week(parser, required=True)

    def handle(self, *_args: Any, **options: Any) -> None:
        team = chosen_team(options["team"])
        week = chosen_week(team, options["week"])
        label = f"{team.slug} {team.week_label(week)}"
        try:
            edition = publish.publish_week(
                team,
                week,
                publish.Publication(
                    by="manage.py publish_week", note=options["note"], mails=options["mail"]
                ),
            )
        except publish.NothingToPublish:
            raise CommandError(f"{label}: there is nothing to publish.") from None
        except publish.NothingChanged as answer:
            number = answer.edition.number
            self.stdout.write(f"{label}: nothing has changed since edition {number}.")
            return
        tasks.enqueue_deliveries(edition.pk)
        self.stdout.write(
            f"{label}: edition {edition.number}, {edition.sha256[:12]}, {_mailed(edition)}"
        )


def _mailed(edition: Edition) -> str:
    digest = Digest.objects.filter(edition=edition).first()
    if digest is None:
        return "not mailed"
    return f"mail due {edition.page.team.local(digest.due_at):%Y-%m-%d %H:%M %Z}"
