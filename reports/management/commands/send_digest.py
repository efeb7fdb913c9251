"""``manage.py send_digest [--dry-run] [--team SLUG] WEEK``: send a week's latest edition now."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from reports.digest import deliveries, dispatch, edition_mail
from reports.digest.deliveries import Figures
from reports.management.arguments import add_team, add_week, chosen_team, chosen_week
from reports.models import Edition
from reports.pages import editions
from reports.render.mail.digest import compose


class Command(BaseCommand):
    help = (
        "Send the latest edition of a week to the team's recipients, in this process. Who has it"
        " already does not get it again. Exit 1 when there is no edition, or not all could be sent."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_team(parser)
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="print the subject and who would be written to; change nothing",
        )
        add_week(parser, required=True)

    def handle(self, *_args: Any, **options: Any) -> None:
        team = chosen_team(options["team"])
        week = chosen_week(team, options["week"])
        edition = editions.latest(team, week)
        if edition is None:
            label = team.week_label(week)
            raise CommandError(f"Nothing is published of {label} in {team.slug!r}.")
        if options["dry_run"]:
            self._preview(edition)
            return
        dispatch.arrange_now(edition, by=None)
        dispatch.prepare(edition.pk)
        edition_mail.make_ready(edition.pk)
        while dispatch.send_batch(edition.pk):
            pass
        self._report(deliveries.figures_of(team, week)[0])

    def _preview(self, edition: Edition) -> None:
        language = edition.page.team.language
        mail = compose(editions.document_of(edition), editions.imprint_of(edition), language)
        wanted = deliveries.still_to_send(edition)
        self.stdout.write(f"{_name(edition)}: {mail.subject}")
        for recipient in wanted:
            self.stdout.write(f"  {recipient}")
        self.stdout.write(f"would be sent: {len(wanted)}")

    def _report(self, figures: Figures) -> None:
        line = (
            f"{_name(figures.edition)}: {figures.sent} sent, {figures.waiting} waiting, "
            f"{figures.failed} failed, {figures.unwanted} not wanted"
        )
        if figures.failed or figures.waiting:
            where = reverse("reports:deliveries", args=_label(figures.edition))
            raise CommandError(f"{line}. Why: {settings.SITE_URL}{where}")
        self.stdout.write(line)


def _name(edition: Edition) -> str:
    return f"{' '.join(_label(edition))} edition {edition.number}"


def _label(edition: Edition) -> tuple[str, str]:
    team = edition.page.team
    return team.slug, team.week_label(edition.page.week)
