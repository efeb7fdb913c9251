"""A dump of the running machine, restored: editions come back whole, and frozen."""

from __future__ import annotations

import subprocess
from pathlib import Path

import psycopg
import pytest

from tests.machine.machine import Machine
from tests.machine.parts.engines import Postgres

EDITIONS = "SELECT id, number, document::text, sha256 FROM reports_edition ORDER BY id"


def test_editions_come_back_and_stay_frozen(machine: Machine, tmp_path: Path) -> None:
    made = machine.inside("team", slug="kept", projects=1)
    machine.inside("publish_now", slug="kept", week=made["week"])
    dump = tmp_path / "dump"
    _run(machine.postgres, "pg_dump", "--format", "custom", "--file", str(dump))
    machine.postgres.query_alone("CREATE DATABASE restored")
    restored = machine.postgres.url.removesuffix("/postgres") + "/restored"
    _run(machine.postgres, "pg_restore", str(dump), url=restored)

    with psycopg.connect(restored) as connection:
        rows = connection.execute(EDITIONS).fetchall()
        assert rows == machine.query(EDITIONS)
        assert rows
        with pytest.raises(psycopg.Error, match="edition"):
            connection.execute("UPDATE reports_edition SET note = 'changed'")


def _run(server: Postgres, program: str, *options: str, url: str = "") -> None:
    command = [server.program(program), "--dbname", url or server.url, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
