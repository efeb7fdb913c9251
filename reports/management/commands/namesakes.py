"""List rows that are called alike, which older releases let stand beside each other."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from projects.forms.admin import namesakes


class Command(BaseCommand):
    help = "Lists rows whose names differ in width, case, blanks or unseen characters alone."

    def handle(self, *_args: Any, **_options: Any) -> None:
        alike = list(namesakes())
        for label, rows in alike:
            names = ", ".join(f"{row.pk} {str(row)!a}" for row in rows)
            self.stdout.write(f"{label}: {names}")
        self.stdout.write(f"{len(alike)} names are had by more than one row; nothing was changed.")
