"""A process of the machine, with its settings and on its database, that plays ``scenes`` on demand.

    python -m tests.machine.inside

Each line of its input is one call, ``["name of the scene", {"argument": "value"}]``, and is
answered by one line: ``{"returned": …}`` or ``{"failed": "traceback"}``. It ends with its input.
"""

from __future__ import annotations

import json
import sys
import traceback
from typing import Any

import django
from django.db import close_old_connections


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr  # where the log goes, too
    django.setup()
    for line in sys.stdin:
        print(json.dumps(_answer(*json.loads(line))), file=answers, flush=True)
        close_old_connections()  # as after a request: the database may be away meanwhile


def _answer(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    from tests.machine import scenes  # models can be imported only now

    try:
        return {"returned": getattr(scenes, name)(**arguments)}
    except Exception:  # noqa: BLE001  the test that asked for it fails with it
        return {"failed": traceback.format_exc()}


if __name__ == "__main__":
    main()
