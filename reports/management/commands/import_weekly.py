"""Import old weekly pages: show what they would make, or make it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects import weeks
from projects.models import Role, Team
from projects.teams.setup import create_team
from reports.importer.column_mapping import ColumnMapping, mappings_of
from reports.importer.contract import as_json
from reports.importer.database.apply import apply_plan
from reports.importer.database.batch import ImportUndoRefused, undo
from reports.importer.database.columns import load_columns, remember_columns
from reports.importer.database.known import load_known, project_names
from reports.importer.deciding import decided_pages
from reports.importer.decisions import Decisions, DecisionsUnreadable, from_json
from reports.importer.page import ParsedPage
from reports.importer.plan import make_plan
from reports.importer.planned import ImportPlan
from reports.importer.run import ReadResult, read_pages
from reports.models import ImportBatch

_DEFAULT_SLUG = "team"
_SHOWN = 100  # characters of a line that was not understood


class Command(BaseCommand):
    help = (
        "Import old weekly pages (.md, .txt, .html, .docx, .xlsx, .csv, a Notion export .zip, or a "
        "folder of them). Without --apply nothing is changed: the plan is printed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH", help="files, archives or folders")
        parser.add_argument("--team", metavar="SLUG", help="the team; made by --apply when new")
        parser.add_argument("--apply", action="store_true", help="write what the plan shows")
        parser.add_argument("--json", action="store_true", help="print what was read, as JSON")
        parser.add_argument(
            "--decisions", type=Path, metavar="FILE", help="what the browser's review exported"
        )
        parser.add_argument(
            "--week", metavar="WEEK", help="of pages that name none: 2024-W25, or a date in it"
        )
        parser.add_argument(
            "--columns",
            type=Path,
            metavar="FILE",
            help="which columns of progress sheets hold what; remembered with --apply",
        )
        parser.add_argument("--undo", type=int, metavar="BATCH", help="take back an applied import")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["undo"] is not None:
            self._undo(options["undo"])
            return
        if not options["paths"]:
            raise CommandError("Name at least one file or folder to import.")
        team = _team(options["team"])
        decisions = _decisions(options["decisions"], options["columns"])
        reading = read_pages(
            [Path(path) for path in options["paths"]],
            numbering=team.numbering if team else None,
            today=team.today() if team else timezone.localdate(),
            week=_week(options["week"], team),
            known_names=project_names(team),
            columns=load_columns(team).and_then(decisions.columns),
        )
        reading.pages = list(decided_pages(reading.pages, decisions))
        for broken in reading.unreadable:
            place = f", line {broken.line}" if broken.line else ""
            hint = " (say it with --week)" if broken.names_no_week else ""
            self.stderr.write(f"{broken.name}{place}: {broken.reason}{hint}")
        if options["json"]:
            pages = [as_json(page) for page in reading.pages]
            self.stdout.write(json.dumps(pages, ensure_ascii=False, indent=1))
        if options["apply"]:
            self._apply(reading, team, decisions, options)
        elif not options["json"]:
            self._show(_plan(reading, team, decisions))
        if reading.unreadable:
            raise CommandError(f"{len(reading.unreadable)} could not be read; the others were.")

    def _undo(self, number: int) -> None:
        batch = ImportBatch.objects.filter(pk=number).first()
        if batch is None:
            raise CommandError(f"There is no import {number}.")
        try:
            undo(batch)
        except ImportUndoRefused as refused:
            rows = "; ".join(f"{row._meta.verbose_name} {row}" for row in refused.rows[:5])
            raise CommandError(
                f"Import {number} was left as it is: other rows stand on it now ({rows})."
            ) from refused
        self.stdout.write(f"Import {number} is undone.")

    def _apply(
        self,
        reading: ReadResult,
        team: Team | None,
        decisions: Decisions,
        options: dict[str, Any],
    ) -> None:
        report = self.stderr if options["json"] else self.stdout
        if not reading.pages:
            report.write("Nothing to import.")
            return
        with transaction.atomic():
            if team is None:
                team = create_team(options["team"] or _DEFAULT_SLUG, numbering=reading.numbering)
            plan = _plan(reading, team, decisions)
            batch = apply_plan(plan, team)
            remember_columns(team, decisions.columns, by=None)
        if batch is None:
            report.write("Nothing new: every page was imported before.")
            return
        self._show(plan, report)
        report.write(f"Imported into team {team.slug} as import {batch.pk}.")
        self._show_next(team, report)

    def _show_next(self, team: Team, report: OutputWrapper) -> None:
        """Where to go on: the list of the set-up, opened by somebody who manages the team."""
        address = settings.SITE_URL + reverse("projects:team_setup", args=(team.slug,))
        report.write(f"Next: open {address}")
        report.write("It leads through leads, members, cycle, start and schedule.")
        if not team.memberships.filter(role=Role.MANAGER).exists():
            report.write(
                "Nobody manages this team yet: sign in as a superuser (manage.py createsuperuser "
                "makes one), open the address, and make yourself its manager there."
            )

    def _show(self, plan: ImportPlan, report: OutputWrapper | None = None) -> None:
        report = report or self.stdout
        for page in plan.pages:
            parsed = page.page
            warnings = "".join(f"  ! {warning}" for warning in parsed.warnings)
            report.write(
                f"{parsed.source.name}: {page.week} ({parsed.week.label}), "
                f"{len(page.entries)} entries, {len(page.readings)} readings, "
                f"{len(parsed.incidents)} incidents, {len(parsed.goals)} planned{warnings}"
            )
            self._show_columns(parsed, report)
            self._show_unread(parsed, report)
        for skipped_page in plan.skipped:
            report.write(f"{skipped_page.source.name}: {skipped_page.week.start}, imported before")
        changes = sum(len(m.changes()) for h in plan.histories.values() for m in h.milestones)
        report.write(
            f"{len(plan.pages)} pages, {len(plan.projects)} new projects, "
            f"{changes} changes of percents and due dates."
        )
        if plan.starts_on is not None:
            report.write(f"Weeks before {plan.starts_on} are history.")
        for project in plan.projects.values():
            names = [
                name for name in dict.fromkeys(project.aliases.values()) if name != project.name
            ]
            known_as = f" = {', '.join(names)}" if names else ""
            history = "" if project.name not in plan.closes else "  (history)"
            report.write(f"  + {project.name}{known_as}{history}")
        for cluster in plan.clusters:
            report.write(f"  ? {cluster.name} ({cluster.count}) may also be called")
            for other in cluster.others:
                place = f"{other.example.source}:{other.example.line}" if other.example else ""
                text = f"  {other.example.text[:_SHOWN]}" if other.example else ""
                report.write(f"      {other.name} ({other.count})  {place}{text}")

    def _show_columns(self, page: ParsedPage, report: OutputWrapper) -> None:
        """The tables of a spreadsheet of which nothing was read, for want of a name."""
        for table in page.source.columns:
            if not table.is_understood:
                headings = ", ".join(heading for heading in table.headings if heading)
                report.write(
                    f"  {table.place}: no column names projects or key results ({headings}); "
                    "say with --columns which does"
                )

    def _show_unread(self, page: ParsedPage, report: OutputWrapper) -> None:
        """How much that looks like progress was not taken from the page, and where it stands."""
        if not page.unread:
            return
        numbers = sum(line.numbers for line in page.unread)
        dates = sum(line.dates for line in page.unread)
        report.write(f"  unread: {len(page.unread)} lines, {numbers} numbers, {dates} dates")
        for line in page.unread:
            report.write(f"    {line.line}: {line.text[:_SHOWN]}")


def _week(text: str | None, team: Team | None) -> date | None:
    """The Monday of the week that was named for pages that name none."""
    if text is None:
        return None
    try:
        return weeks.parse(text, team.numbering if team else "calendar")
    except ValueError as error:
        raise CommandError(f"{text!r} is no week: write 2024-W25 or a date in it.") from error


def _plan(reading: ReadResult, team: Team | None, decisions: Decisions) -> ImportPlan:
    return make_plan(reading.pages, load_known(team, reading.numbering), decisions)


def _decisions(path: Path | None, columns: Path | None) -> Decisions:
    """What is decided in the two files; nothing without one."""
    named = _columns(columns)
    if path is None:
        return Decisions(columns=named)
    try:
        return from_json(path.read_bytes()).and_then(Decisions(columns=named))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from error
    except DecisionsUnreadable as error:
        raise CommandError(f"{path} holds no decisions: {error}") from error


def _columns(path: Path | None) -> tuple[ColumnMapping, ...]:
    """The columns that the file names."""
    if path is None:
        return ()
    try:
        return mappings_of(json.loads(path.read_bytes()))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:
        raise CommandError(f"{path} names no columns: {error}") from error


def _team(slug: str | None) -> Team | None:
    """The team that is meant: the named one, else the only one there is, else the default's."""
    if slug is None:
        teams = list(Team.objects.order_by("pk")[:2])
        if len(teams) == 1:
            return teams[0]
        slug = _DEFAULT_SLUG
        if len(teams) > 1 and not Team.objects.filter(slug=slug).exists():
            raise CommandError("There are several teams: name one with --team.")
    return Team.objects.filter(slug=slug).first()
