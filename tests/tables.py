"""A test that walks a table: one test, not one a row.

What pytest does around a test takes ten times as long as a function on plain values. All rows that
fail are reported, each with its values.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

type Test = Callable[..., None]


@contextmanager
def left_as_it_was() -> Iterator[None]:
    """What a row wrote is taken back, where the test has a database."""
    if not connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def each_row(names: str | Sequence[str], rows: Iterable[Any]) -> Callable[[Test], Test]:
    """As ``pytest.mark.parametrize``, for tests that leave their fixtures as they were.

    Rows that a test with a database writes are taken back.
    """
    columns = [names] if isinstance(names, str) else list(names)
    table = [dict(zip(columns, row if len(columns) > 1 else (row,), strict=True)) for row in rows]
    assert table, "a table without rows tries nothing"

    def walk_with(test: Test) -> Test:
        def walk(**others: Any) -> None:
            failures = []
            for row in table:
                try:
                    with left_as_it_was():
                        test(**others, **row)
                except Exception as failure:  # noqa: BLE001  each is reported below
                    failure.add_note(f"row: {row}")
                    failures.append(failure)
            if failures:
                raise ExceptionGroup(f"{len(failures)} of {len(table)} rows", failures)

        parameters = inspect.signature(test).parameters.values()
        fixtures = [parameter for parameter in parameters if parameter.name not in columns]
        walk.__name__, walk.__doc__, walk.__module__ = test.__name__, test.__doc__, test.__module__
        walk.__qualname__ = test.__qualname__
        walk.__dict__ |= test.__dict__ | {
            "__wrapped__": test,  # where the test stands
            "__signature__": inspect.Signature(fixtures),
        }
        return walk

    return walk_with
