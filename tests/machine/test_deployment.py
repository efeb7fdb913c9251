"""``manage.py check --deploy`` with the settings of the compose file and its example."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.machine.parts.processes import ROOT

SECRET: Final = "of-the-test-$@:/%贝-and-so-on-fifty-characters-and-more"


def check(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def environment_of_compose() -> dict[str, str]:
    example = (ROOT / "deploy/example.env").read_text(encoding="utf-8")
    values = {
        name: value.strip("'") or SECRET
        for name, value in re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE)
    }
    app, _, _ = (ROOT / "docker-compose.yml").read_text(encoding="utf-8").partition("\nservices:")
    environment = {}
    for name, value in re.findall(r"^    ([A-Z_]+):(?: +(.+))?$", app, re.MULTILINE):
        filled = re.sub(r"\$\{(\w+)[^}]*\}", lambda match: values[match[1]], value.strip('"'))
        if filled or name in values:
            environment[name] = filled or values[name]
    return environment


def test_the_example_is_clean(tmp_path: Path) -> None:
    done = check(environment_of_compose() | {"VAR_DIR": str(tmp_path)})
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stderr


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    done = check({"VAR_DIR": str(tmp_path)})
    assert done.returncode == 1
    for name in ("EMAIL_URL", "SITE_URL", "SECRET_KEY"):
        assert f"{name} is not set" in done.stderr
