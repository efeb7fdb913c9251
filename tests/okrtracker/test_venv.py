"""``.ci/venv`` before it installs anything: which Python it takes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / ".ci").mkdir()
    shutil.copy(settings.BASE_DIR / ".ci" / "venv", tmp_path / ".ci" / "venv")
    (tmp_path / ".python-version").write_text("3.13\n")
    return tmp_path


def _python(folder: Path, name: str, version: str) -> None:
    """A stand-in that knows its version and refuses all else."""
    folder.mkdir(exist_ok=True)
    script = folder / name
    script.write_text(f'#!/bin/sh\n[ "$1" = --version ] || exit 1\necho "Python {version}"\n')
    script.chmod(0o755)


def _run(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / ".ci" / "venv"],
        env={"PATH": f"{checkout / 'bin'}:/usr/bin:/bin", "HOME": str(checkout), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_too_old_python_is_one_clear_line(checkout: Path) -> None:
    for name in ("python3", "python3.12", "python3.13", "python3.14", "python"):
        _python(checkout / "bin", name, "3.11.2")
    done = _run(checkout)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("OKR Tracker needs Python 3.12 or newer; found Python 3.11.2")
    assert not (checkout / ".venv").exists()


def test_named_python_is_the_only_one_tried(checkout: Path) -> None:
    done = _run(checkout, PYTHON="no-such-python")
    assert done.returncode == 1
    assert "found none" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_unwritable_checkout_is_one_clear_line(checkout: Path) -> None:
    checkout.chmod(0o500)
    done = _run(checkout, PYTHON=str(settings.BASE_DIR / ".venv" / "bin" / "python"))
    checkout.chmod(0o700)
    assert done.returncode == 1
    assert "cannot write to" in done.stderr
