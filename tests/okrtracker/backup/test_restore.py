"""A backup, restored: on the server that the tests run on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from okrtracker.backup import sealing
from okrtracker.mail.models import SendState
from projects.models import CommentNotice, Project, Team
from reports.models import Delivery, Digest, Edition
from tests import migrated
from tests.conftest import Personas
from tests.okrtracker.backup.rows import SETTLED, fill, rows_of


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_COST", 2)


@pytest.fixture
def site(
    django_db_blocker: DjangoDbBlocker, settings: Settings, tmp_path: Path
) -> Iterator[Personas]:
    """A site on the database ``source``, with a file; ``copy`` is a new database."""
    settings.VAR_DIR = tmp_path / "var"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.VAR_DIR.mkdir()
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "图.png").write_bytes(b"picture")
    with django_db_blocker.unblock(), migrated.another("source"), migrated.another("copy"):
        yield fill("source")


def test_restored_site_is_as_it_was_and_sends_nothing_again(
    site: Personas, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "site.backup"
    settings.BACKUP_PASSPHRASE = "a passphrase"
    call_command("backup", file, encrypt=True, database="source", verbosity=0)
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"projects_user" not in file.read_bytes()

    _on_another_machine(settings, tmp_path)
    call_command("restore", file, database="copy", verbosity=0)

    assert rows_of("copy", without=SETTLED) == rows_of("source", without=SETTLED)
    assert (settings.MEDIA_ROOT / "图.png").read_bytes() == b"picture"
    assert (settings.VAR_DIR / "secret_key").read_text() == "only-for-tests"
    _assert_settled(site)
    with pytest.raises(CommandError, match="in use"):
        call_command("restore", file, database="copy")


def _on_another_machine(settings: Settings, tmp_path: Path) -> None:
    """Which has made itself a key when it was first started."""
    settings.MEDIA_ROOT = tmp_path / "media2"
    settings.SECRET_KEY = "made-by-the-new-machine"
    (settings.VAR_DIR / "secret_key").write_text("made-by-the-new-machine")


def _assert_settled(site: Personas) -> None:
    delivery = Delivery.objects.using("copy").get()
    assert (delivery.state, delivery.claimed_until) == (SendState.FAILED, None)
    assert "restored from a backup" in delivery.error
    assert not Digest.objects.using("copy").filter(prepared_at=None).exists()
    assert not CommentNotice.objects.using("copy").filter(taken_at=None).exists()
    assert not Session.objects.using("copy").exists()
    team = Team.objects.using("copy").get(pk=site.team.pk)
    assert (timezone.now() - team.runs_from).total_seconds() < 60
    # No key that was handed out after the backup comes to stand for something else.
    last = Project.objects.using("copy").order_by("pk").last()
    assert last is not None
    later = Project.objects.using("copy").create(team=team, name="云闪付")
    assert later.pk > last.pk + 100_000
    with pytest.raises(DatabaseError):
        Edition.objects.using("copy").update(note="changed")


@pytest.mark.parametrize("kept", [0, 40, 3_000])
def test_cut_off_or_foreign_file_is_refused(site: Personas, tmp_path: Path, kept: int) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    call_command("backup", whole, database="source", verbosity=0)
    broken.write_bytes(whole.read_bytes()[:kept])
    with pytest.raises(CommandError, match="no whole backup"):
        call_command("restore", broken, database="copy")
    assert not Team.objects.using("copy").exists()
