"""A backup of the running machine, restored: editions come back whole, and frozen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.machine.machine import Machine
from tests.machine.parts.processes import ROOT

EDITIONS = "SELECT id, number, document::text, sha256 FROM reports_edition ORDER BY id"


def test_editions_come_back_and_stay_frozen(machine: Machine, tmp_path: Path) -> None:
    made = machine.inside("team", slug="kept", projects=1)
    machine.inside("publish_now", slug="kept", week=made["week"])
    file = tmp_path / "machine.backup"
    _manage(machine.env, "backup", str(file))
    machine.postgres.query_alone("CREATE DATABASE restored")
    restored = machine.postgres.url.removesuffix("/postgres") + "/restored"
    elsewhere = {"DATABASE_URL": restored, "VAR_DIR": str(tmp_path / "var")}
    _manage(machine.env | elsewhere, "restore", str(file))

    with psycopg.connect(restored) as connection:
        rows = connection.execute(EDITIONS).fetchall()
        assert rows == machine.query(EDITIONS)
        assert rows
        with pytest.raises(psycopg.Error, match="edition"):
            connection.execute("UPDATE reports_edition SET note = 'changed'")


def _manage(env: dict[str, str], *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "couldn't stop thread" not in done.stderr  # of the pool, which took 20 s
