"""What the documents name is there: paths, modules, commands, targets, links; and no document is
cited that is not in the repository.
"""

from __future__ import annotations

import json
import re
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management import get_commands
from django.urls import get_resolver

from okrtracker.celery import app
from reports.importer.contract import as_json
from tests.reports.importer import pages

ROOT: Final = Path(settings.BASE_DIR)
DOCUMENTS: Final = sorted(
    path
    for path in chain(
        ROOT.glob("*.md"), *(ROOT.glob(f"{f}/**/*.md") for f in ("docs", "projects", "reports"))
    )
    if "node_modules" not in path.parts
)
SOURCES: Final = sorted(
    path
    for path in chain(
        DOCUMENTS,
        ROOT.glob("*.*"),
        *(
            ROOT.glob(f"{folder}/**/*.{suffix}")
            for folder in ("okrtracker", "projects", "reports", "templates", "static", "tests")
            for suffix in ("py", "html", "txt", "js", "css", "md")
        ),
    )
    if path.is_file() and path != Path(__file__) and path.name != ".git"
)

_FOLDERS: Final = "okrtracker|projects|reports|templates|static|locale|tests|docs"
_PATH: Final = re.compile(
    rf"(?<![\w/.<>~-])((?:{_FOLDERS})/(?:[\w.*{{}},/-]|<(?!br>)\w+>)*[\w}}*/])"
)
_MODULE: Final = re.compile(
    r"(?<![\w/.])((?:okrtracker|projects|reports|tests)(?:\.\w+)+)(?![\w/])"
)
_URL_NAME: Final = re.compile(r"`((?:projects|reports):\w+)`")
_COMMAND: Final = re.compile(r"manage\.py ([a-z]\w+)")
_TARGET: Final = re.compile(r"(?:`|^    )make ([a-z][\w-]*)", re.MULTILINE)
_LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
# DESIGN.md and its like, and what is on somebody's machine only.
_CITED: Final = re.compile(r"(?<![\w/-])((?:[\w.-]+/)*[A-Z]{3,}\.md)\b")
_ELSEWHERE: Final = re.compile(
    r"\bDESIGN\b|\bHOUSES\b|(?<![\w/])/(?:work|tmp|root|home)/\w|[Ii]ssue #?\d"
    r"|\bpy(?:pi|thonhosted)\.org"
)
# Finding one of these in all sources takes a tenth of the time.
_PARTS_OF_ELSEWHERE: Final = (
    *("DESIGN", "HOUSES", "ssue ", *(f"py{name}" for name in ("pi", "thonhosted"))),
    *(f"/{folder}/" for folder in ("work", "tmp", "root", "home")),
)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def each(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """The document and the text for each match in all documents."""
    return sorted(
        {
            (name_of(path), match)
            for path in DOCUMENTS
            for match in pattern.findall(path.read_text())
        }
    )


def is_there(path: str) -> bool:
    """Whether the path exists; ``{a,b}`` stands for both, ``*`` and ``<name>`` for any name.

    A template may be named as views name it, without its folder.
    """
    if alternatives := re.search(r"\{([^{}]+)\}", path):
        before, after = path[: alternatives.start()], path[alternatives.end() :]
        return all(is_there(before + part + after) for part in alternatives[1].split(","))
    name = re.sub(r"<\w+>", "*", path.rstrip("/"))
    return any(ROOT.glob(name)) or any(ROOT.glob(f"templates/{name}"))


def is_importable(name: str) -> bool:
    """Whether the dotted name is a module, something in a module, or a task of Celery."""
    for module in ("projects.tasks", "reports.tasks"):
        import_module(module)
    if name in app.tasks:
        return True
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            thing: object = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[length:]:
            thing = getattr(thing, attribute, None)
        return thing is not None
    return False


def slugs(document: Path) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_paths_exist() -> None:
    """How-tos also name the files that are to be made."""
    missing = [
        (document, path)
        for document, path in each(_PATH)
        if not is_there(path)
        and not (document.startswith("docs/howto/") and is_there(str(Path(path).parent)))
    ]

    assert not missing


def test_modules_exist() -> None:
    missing = [(document, name) for document, name in each(_MODULE) if not is_importable(name)]

    assert not missing


def test_url_names_exist() -> None:
    namespaces = get_resolver().namespace_dict
    missing = [
        (document, name)
        for document, name in each(_URL_NAME)
        if name.split(":")[1] not in namespaces[name.split(":")[0]][1].reverse_dict
    ]

    assert not missing


def test_management_commands_exist() -> None:
    missing = [(document, name) for document, name in each(_COMMAND) if name not in get_commands()]

    assert not missing


def test_make_targets_exist() -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    missing = [(document, target) for document, target in each(_TARGET) if target not in targets]

    assert not missing


def test_relative_links_resolve() -> None:
    broken = [(document, link) for document, link in each(_LINK) if not resolves(document, link)]

    assert not broken


def resolves(document: str, link: str) -> bool:
    if "://" in link or link.startswith("mailto:"):
        return True
    target, _, anchor = link.partition("#")
    path = (ROOT / document).parent / target if target else ROOT / document
    return path.exists() and (not anchor or anchor in slugs(path))


def test_json_of_an_import_is_as_documented() -> None:
    [block] = re.findall(
        r"^```json\n(.*?)^```", (ROOT / "docs/importing.md").read_text(), re.MULTILINE | re.DOTALL
    )
    page = f"{pages.NOTION}\n## OKR\n\n| KR | 进度 |\n| --- | --- |\n| KR1 满意度 | 50% |\n"
    page += "\n## 其他\n\n- 采购比价，完成80%\n"
    documented, printed = json.loads(block), as_json(pages.parsed(page))

    assert shape(documented) == shape(printed)


def shape(value: object) -> object:
    """Keys of objects and of the objects in lists."""
    if isinstance(value, dict):
        return {
            key: None if key == "incident_counts" else shape(part) for key, part in value.items()
        }
    if isinstance(value, list):
        return [shape(part) for part in value[:1] if isinstance(part, dict)]
    return None


def test_only_documents_of_the_repository_are_cited() -> None:
    texts = {source: source.read_text() for source in SOURCES}
    missing = [
        (name_of(source), cited)
        for source, text in texts.items()
        if ".md" in text
        for cited in _CITED.findall(text)
        if not any((folder / cited).exists() for folder in (ROOT, source.parent))
    ]
    elsewhere = [
        (name_of(source), mention)
        for source, text in texts.items()
        if any(part in text for part in _PARTS_OF_ELSEWHERE)
        for mention in _ELSEWHERE.findall(text)
    ]

    assert (missing, elsewhere) == ([], [])
