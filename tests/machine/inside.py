"""Runs one of ``scenes`` in a process of the machine: with its settings, on its database.

    python -m tests.machine.inside NAME '{"argument": "value"}'

What the function returns is the last line that it prints, as JSON.
"""

from __future__ import annotations

import json
import sys

import django
from django.db import connection


def main(name: str, arguments: str) -> None:
    django.setup()
    from tests.machine import scenes  # models can be imported only now

    print(json.dumps(getattr(scenes, name)(**json.loads(arguments))))
    # Python would wait for the pool's threads, five seconds for each.
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's


if __name__ == "__main__":
    main(*sys.argv[1:])
