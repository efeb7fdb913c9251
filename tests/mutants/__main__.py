"""Shows how strong the tests are: each fault of ``table`` must make one of its tests fail.

    python -m tests.mutants [--sample N] [--root FOLDER] [word …]

Each mutant is made in a copy of the tree and its tests run there. Prints a line for each; exits 1
when one survives, and 2 when a snippet or a test module is not found, or the tests fail without any
fault. ``--sample N`` takes every Nth, always the same ones; words choose by area.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from tests.mutants.table import MUTANTS, Mutant

ROOT: Final = Path(__file__).resolve().parents[2]
SOURCES: Final = ("okrtracker", "projects", "reports", "templates", "static/js")
_ENDINGS: Final = {".py", ".html", ".txt", ".js"}
_NOT_THE_PRODUCT: Final = {"migrations", "node_modules", "__pycache__"}
_TESTS_FAILED: Final = 1  # pytest's exit code; others mean that it could not run them
_JOBS: Final = 2


class Misplaced(Exception):
    """A snippet or a test module of the table is not where it can be found, once."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A mutant with its file and its test modules, as paths from the root."""

    mutant: Mutant
    source: Path
    tests: tuple[Path, ...]


def sources(root: Path) -> dict[Path, str]:
    paths = (path for folder in SOURCES for path in (root / folder).rglob("*"))
    return {
        path.relative_to(root): path.read_text(encoding="utf-8")
        for path in paths
        if path.suffix in _ENDINGS and _NOT_THE_PRODUCT.isdisjoint(path.parts)
    }


def placed(mutant: Mutant, root: Path, texts: dict[Path, str]) -> Placed:
    """Raises ``Misplaced``."""
    places = [path for path, text in texts.items() for _ in range(text.count(mutant.snippet))]
    if len(places) != 1:
        raise Misplaced(f"{mutant.area}: the snippet stands in {len(places)} places")
    return Placed(mutant, places[0], tuple(_modules(mutant, root)))


def _modules(mutant: Mutant, root: Path) -> Iterator[Path]:
    for name in mutant.tests:
        modules = sorted((root / "tests").rglob(f"test_{name}.py"))
        modules = [path for path in modules if not {"e2e", "machine"} & set(path.parts)]
        if not modules:
            raise Misplaced(f"{mutant.area}: there is no module test_{name}.py")
        yield from (path.relative_to(root) for path in modules)


def copied(root: Path, folder: Path) -> Path:
    """The tree without what is made by running it."""
    unwanted = shutil.ignore_patterns(
        ".git", ".venv", "var", "*_cache", "__pycache__", "staticfiles"
    )
    return Path(shutil.copytree(root, folder, ignore=unwanted))


def run(tree: Path, tests: Sequence[Path]) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        *map(str, tests),
    ]
    # Whatever made this process (another pytest, coverage) is not to reach the one below.
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV"))}
    return subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True, check=False)


def is_killed(mutant: Placed, tree: Path) -> tuple[bool, str]:
    """Whether a test fails with the fault, and which; the tree is as before afterwards."""
    source = tree / mutant.source
    original = source.read_text(encoding="utf-8")
    source.write_text(
        original.replace(mutant.mutant.snippet, mutant.mutant.replacement), encoding="utf-8"
    )
    _look_new(source)
    try:
        done = run(tree, mutant.tests)
    finally:
        source.write_text(original, encoding="utf-8")
        _look_new(source)
    lines = done.stdout.strip().splitlines() or [done.stderr.strip()[-200:]]
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    if done.returncode not in (0, _TESTS_FAILED):
        raise Misplaced(f"{mutant.mutant.area}: the tests cannot be run: {lines[-1]}")
    return done.returncode == _TESTS_FAILED, (failed or lines)[-1]


_last_moment = time.time()


def _look_new(source: Path) -> None:
    """Python compares whole seconds and sizes to see whether its compiled copy is outdated."""
    global _last_moment  # noqa: PLW0603  one clock for all threads
    _last_moment += 2
    os.utime(source, (_last_moment, _last_moment))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=1, metavar="N")
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("words", nargs="*")
    asked = parser.parse_args(arguments)
    chosen = [
        mutant
        for mutant in MUTANTS[:: asked.sample]
        if not asked.words or any(word in mutant.area for word in asked.words)
    ]
    try:
        texts = sources(asked.root)
        # A sample also says which of the others the code has left behind.
        needed = MUTANTS if asked.root == ROOT else chosen
        places = {mutant: placed(mutant, asked.root, texts) for mutant in needed}
        all_placed = [places[mutant] for mutant in chosen]
        survivors = _try_all(all_placed, asked.root)
    except Misplaced as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{len(all_placed)} mutants, {len(all_placed) - survivors} killed, {survivors} survived")
    return 1 if survivors else 0


def _try_all(all_placed: Sequence[Placed], root: Path) -> int:
    """How many survive. Raises ``Misplaced`` when the tests fail by themselves."""
    with tempfile.TemporaryDirectory(prefix="okrtracker-mutants-") as folder:
        trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(_JOBS):
            trees.put(copied(root, Path(folder) / str(number)))

        def killed(mutant: Placed) -> bool:
            tree = trees.get()
            try:
                dies, what = is_killed(mutant, tree)
            finally:
                trees.put(tree)
            print(f"{'killed  ' if dies else 'SURVIVED'} {mutant.mutant.area}: {what}", flush=True)
            return dies

        _require_green(all_placed, Path(folder) / "0")
        with ThreadPoolExecutor(_JOBS) as pool:
            return list(pool.map(killed, all_placed)).count(False)


def _require_green(all_placed: Sequence[Placed], tree: Path) -> None:
    tests = sorted({path for placed in all_placed for path in placed.tests})
    done = run(tree, tests)
    if done.returncode:
        raise Misplaced(f"without any fault the tests fail:\n{done.stdout[-3000:]}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
