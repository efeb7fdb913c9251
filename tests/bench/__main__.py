"""Measures what docs/architecture.md budgets, and says what is over it.

    python -m tests.bench           a table
    python -m tests.bench --json    a list of objects
    python -m tests.bench --check   exit code 1 when something is over its budget
    … --recipients 10000            so many get the digest

It works in a database of its own: SQLite in a temporary folder, or with ``TEST_DATABASE_URL`` one
that it makes on that server and drops again.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path


def _set_up(folder: Path) -> None:
    """The settings of a server in use, with all state in ``folder``."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "VAR_DIR": str(folder),
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", ""),
        "REDIS_URL": "",
        "SECRET_KEY": "only-for-the-benchmark",
        "DEBUG": "0",
        "HTTPS": "0",
        "LOG_LEVEL": "WARNING",
    }
    import django  # after the environment that its settings read

    django.setup()


def main() -> int:
    parser = ArgumentParser(prog="python -m tests.bench", description="Measures the budgets.")
    parser.add_argument("--json", action="store_true", help="print a list of objects")
    parser.add_argument("--check", action="store_true", help="exit 1 when over a budget")
    parser.add_argument(
        "--recipients", type=int, default=1000, metavar="N", help="of the digest (1000)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _set_up(Path(folder))
        from tests.bench.budgets import run  # after the setup that models need

        results = run(Path(folder), options.recipients)
    if options.json:
        print(json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=1))
    else:
        for result in results:
            print(result)
    return int(options.check and not all(result.is_within for result in results))


if __name__ == "__main__":
    sys.exit(main())
