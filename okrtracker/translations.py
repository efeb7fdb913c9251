"""The message catalogue, kept by Babel: a fresh machine has no gettext tools.

Messages are collected from the Python sources and the templates, merged into the ``.po`` file that
people edit, and compiled into the ``.mo`` file that Django reads. Both are committed, so that every
way of starting the project finds them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCES: Final = ("okrtracker", "projects", "reports", "templates")
_COMMENT: Final = "Translators"
_HEADER: Final = "# Interface texts of OKR Tracker; collected by `manage.py translations`."


def _keywords() -> dict[str, tuple[int | tuple[int, str], ...] | None]:
    """Which arguments of Django's functions are message, plural and context (``c``)."""
    singular = {"gettext": None, "ngettext": (1, 2)}
    context = {"pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
    plain: dict[str, tuple[int | tuple[int, str], ...] | None] = {**singular, **context}
    lazy = {f"{name}_lazy": arguments for name, arguments in plain.items()}
    return {**plain, **lazy, "_": None, "gettext_noop": None}


@dataclass(frozen=True, slots=True)
class CatalogFiles:
    """Where a language's catalogue lives."""

    root: Path  # the project; message locations are relative to it
    language: str = "zh_Hans"

    @property
    def po(self) -> Path:
        return self.root / "locale" / self.language / "LC_MESSAGES" / "django.po"

    @property
    def mo(self) -> Path:
        return self.po.with_suffix(".mo")


def collect(place: CatalogFiles) -> Catalog:
    """Every message of the sources, untranslated."""
    catalog = _new_catalog(place)
    for path in _source_files(place.root):
        source = path.read_text(encoding="utf-8")
        location = path.relative_to(place.root).as_posix()
        if path.suffix != ".py":
            # templatize() blanks out all but the messages; what is left of the indentation is no
            # Python, and its lines matter only as line numbers.
            text = templatize(source, origin=location)
            source = "\n".join(line.lstrip() for line in text.splitlines())
        file = io.BytesIO(source.encode())
        for line, message, comments, context in extract(
            "python", file, keywords=_keywords(), comment_tags=(_COMMENT,)
        ):
            catalog.add(
                message,
                locations=[(location, line)],
                auto_comments=comments,
                context=context,
            )
    return catalog


def _source_files(root: Path) -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def read(place: CatalogFiles) -> Catalog:
    """The catalogue as it is kept; an empty one before the first run."""
    if not place.po.exists():
        return _new_catalog(place)
    with place.po.open("rb") as file:
        return read_po(file, locale=place.language, domain="django")


def update(stored: Catalog, collected: Catalog) -> None:
    """Takes in new messages and drops those no source has; never guesses a translation."""
    stored.update(collected, no_fuzzy_matching=True, update_creation_date=False)
    stored.obsolete.clear()
    stored.header_comment = _HEADER


def as_po(catalog: Catalog) -> bytes:
    """Sorted and without line numbers: a moved line is no change to a catalogue."""
    file = io.BytesIO()
    write_po(file, catalog, width=100, sort_output=True, include_lineno=False)
    return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def problems(stored: Catalog, collected: Catalog) -> Iterator[str]:
    """One line for each message that is missing, fuzzy, wrong or obsolete."""
    for message in _messages(collected):
        translation = stored.get(message.id, message.context)
        if translation is None or not _is_translated(translation):
            yield f"not translated: {_named(message)}"
        elif translation.fuzzy:
            yield f"fuzzy: {_named(message)}"
    for message in _messages(stored):
        if collected.get(message.id, message.context) is None:
            yield f"obsolete: {_named(message)}"
        for error in message.check(stored):
            yield f"wrong: {_named(message)}: {error}"


def _new_catalog(place: CatalogFiles) -> Catalog:
    return Catalog(
        locale=place.language,
        domain="django",
        header_comment=_HEADER,
        project="OKR Tracker",
        fuzzy=False,
    )


def _messages(catalog: Catalog) -> Iterable[Message]:
    return (message for message in catalog if message.id)  # the header has none


def _is_translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def _named(message: Message) -> str:
    text = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
    where = f" ({message.locations[0][0]})" if message.locations else ""
    return f"{text!r}{where}"
