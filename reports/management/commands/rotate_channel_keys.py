"""``manage.py rotate_channel_keys``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.channels import setup


class Command(BaseCommand):
    help = (
        "Encrypt the addresses and secrets of all channels with the first of CHANNEL_KEYS, or with "
        "SECRET_KEY. Exit 1 when some can no longer be decrypted; they are named."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        count, lost = setup.rotate_keys()
        self.stdout.write(f"{count} channels encrypted with the key of today.")
        if lost:
            names = ", ".join(f"{channel.team.slug}: {channel}" for channel in lost)
            raise CommandError(f"No key opens these, enter their addresses again: {names}")
