"""``manage.py translations``: collects the messages and compiles their translations."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from okrtracker.translations import CatalogFiles, as_mo, as_po, collect, problems, read, update


class Command(BaseCommand):
    help = (
        "Collects the interface texts into locale/zh_Hans/LC_MESSAGES/django.po, keeping what is "
        "translated, and compiles them. Needs no gettext."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing; fail when a text is not translated or the compiled file is old",
        )

    def handle(self, *, check: bool, **_options: Any) -> None:
        place = CatalogFiles(settings.BASE_DIR)
        stored, collected = read(place), collect(place)
        if not check:
            update(stored, collected)
            place.po.parent.mkdir(parents=True, exist_ok=True)
            place.po.write_bytes(as_po(stored))
            # Read back: what is compiled is what anybody would compile from the file.
            stored = read(place)
            place.mo.write_bytes(as_mo(stored))
        lines = list(problems(stored, collected))
        if not place.mo.exists() or place.mo.read_bytes() != as_mo(stored):
            lines.append("django.mo is older than django.po: run manage.py translations")
        for line in lines:
            self.stderr.write(line)
        if check and lines:
            raise CommandError(f"{len(lines)} found in {place.po.relative_to(place.root)}")
