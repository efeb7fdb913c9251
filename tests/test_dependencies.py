"""``pyproject.toml`` declares what the code imports, and nothing that nobody uses."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import metadata
from typing import Any, Final

import pytest
from django.conf import settings

PRODUCT = ("okrtracker", "projects", "reports")
OWN = (*PRODUCT, "manage", "tests")
# Declared, and used without an import.
USED_WITHOUT_IMPORT = {
    "granian": "the server; the supervisor and the Dockerfile start it by its name",
    "tzdata": "zoneinfo reads it where the system has no time zones",
    "whitenoise": "an app and a middleware, named in the settings",
}
TOOLS = {
    "django-stubs": "types",
    "djlint": "`make check` runs it",
    "import-linter": "`make check` runs it",
    "lxml-stubs": "types",
    "mypy": "`make check` runs it",
    "pytest-playwright": "a pytest plugin",
    "pytest-xdist": "a pytest plugin",
    "ruff": "`make check` runs it",
    "uv": "`make .venv` and `make lock` run it",
}
# The modules that need the extra `import`; all others work without it.
READERS = {
    "reports.importer.formats.markup",
    "reports.importer.formats.plain_html",
    "reports.importer.formats.word",
    "reports.importer.formats.workbook",
    "reports.importer.formats.workbook_process",
}


@cache
def distributions_by_module() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(requirements: Iterable[str]) -> set[str]:
    """The distributions that requirements (``celery[redis]>=5.7``) name."""
    return {normalized(re.split(r"[^\w.-]", requirement)[0]) for requirement in requirements}


@cache
def imported(*folders: str) -> dict[str, set[str]]:
    """The distributions of which Python files below ``folders`` import a module; and the files."""
    distributions = distributions_by_module()
    files: dict[str, set[str]] = {}
    for folder in folders:
        for path in (settings.BASE_DIR / folder).rglob("*.py"):
            for module in set(imported_modules(path.read_text(encoding="utf-8"))):
                if module not in sys.stdlib_module_names and module not in OWN:
                    names = distributions.get(module, [module])
                    assert len(set(names)) == 1, f"{module} belongs to {names}"
                    files.setdefault(normalized(names[0]), set()).add(str(path))
    return files


# At the head of a file or within a function; parsing a thousand files takes seconds.
_IMPORT: Final = re.compile(
    r"^ *(?:from (\w+)[\w.]* import \S|import (\w+(?:, \w+)*)[\w.]*(?: as \w+)? *(?:#.*)?$)",
    re.MULTILINE,
)


def imported_modules(source: str) -> Iterator[str]:
    """The top-level modules that a file imports; none relatively, which the linter refuses."""
    for of_names, whole in _IMPORT.findall(source):
        yield from filter(None, (of_names, *whole.split(", ")))


@pytest.fixture(scope="module")
def pyproject() -> dict[str, Any]:
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def required(pyproject: dict[str, Any]) -> set[str]:
    """What a site needs, its extras included."""
    project = pyproject["project"]
    extras = project["optional-dependencies"].values()
    return declared([*project["dependencies"], *(name for extra in extras for name in extra)])


def test_product_imports_only_what_is_declared(required: set[str]) -> None:
    undeclared = {name: files for name, files in imported(*PRODUCT).items() if name not in required}
    assert not undeclared


def test_every_declared_dependency_is_used(required: set[str]) -> None:
    assert required - set(imported(*PRODUCT)) == set(USED_WITHOUT_IMPORT)


def test_tests_import_only_what_is_declared(pyproject: dict[str, Any], required: set[str]) -> None:
    development = declared(pyproject["dependency-groups"]["dev"])
    undeclared = {
        name: files
        for name, files in imported("tests").items()
        if name not in required | development
    }
    assert not undeclared
    assert development - set(imported("tests")) == set(TOOLS)


def test_only_the_readers_need_the_extra_import(pyproject: dict[str, Any]) -> None:
    """In a new process where the extra's packages cannot be imported, all else can."""
    extra = declared(pyproject["project"]["optional-dependencies"]["import"])
    absent = {
        module
        for module, names in distributions_by_module().items()
        if {normalized(name) for name in names} & extra
    }
    assert {"bs4", "lxml", "mammoth", "markdownify", "python_calamine"} <= absent
    script = _IMPORT_ALL.format(absent=sorted(absent), product=PRODUCT)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == READERS


_IMPORT_ALL = """
import importlib, pkgutil, sys
import django

sys.modules.update(dict.fromkeys({absent!r}))  # importing one of them fails
django.setup()
for package in {product!r}:
    for module in pkgutil.walk_packages([package], prefix=package + "."):
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as error:
            if error.name.partition(".")[0] not in {absent!r}:
                raise
            print(module.name)
"""
