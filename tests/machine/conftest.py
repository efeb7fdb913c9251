from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.machine.machine import Machine
from tests.machine.parts.engines import PartMissing

IS_FULL = os.environ.get("MACHINE_FULL", "") not in ("", "0")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of the machine in one worker: there is one machine, and they take it apart."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.xdist_group("machine"))


@pytest.fixture(scope="session")
def whole_machine() -> Iterator[Machine]:
    # Not pytest's own folder: PostgreSQL, which is another user, must get there.
    folder = Path(tempfile.mkdtemp(prefix="okrtracker-machine-"))
    folder.chmod(0o711)
    machine = None
    try:
        try:
            machine = Machine(folder)
        except PartMissing as missing:
            pytest.skip(f"no machine to try: {missing}")
        machine.start()
        yield machine
    finally:
        if machine is not None:
            machine.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def machine(whole_machine: Machine, request: pytest.FixtureRequest) -> Iterator[Machine]:
    """Whole, and with an empty mailbox; what its parts said is shown when the test fails."""
    whole_machine.be_whole()
    whole_machine.mail.forget()
    yield whole_machine
    request.node.add_report_section("teardown", "machine", whole_machine.output())


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Says a line of what was measured; the run's summary prints it."""
    return lambda line: record_property("figure", line)
