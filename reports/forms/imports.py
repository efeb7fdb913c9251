"""The forms with which old pages are handed in, and single lines of them corrected."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from projects.text.numbers import plain
from projects.text.typed_numbers import read_number
from reports.importer.decisions import Decisions, ValueCorrection, ValueKind
from reports.importer.sources.clipboard import pasted_page
from reports.imports.evidence import EvidenceLine, Piece
from reports.imports.upload import HandedIn

_LONGEST_PASTE: Final = 2 * 2**20


def handed_in(
    post: Mapping[str, Any], files: MultiValueDict[str, UploadedFile[Any]]
) -> list[HandedIn]:
    """What the upload form brought: files with the folders that a script names, and a paste."""
    uploads = [*files.getlist("files"), *files.getlist("folder")]
    paths = str(post.get("paths", "")).split("\n")
    names = [upload.name or "" for upload in uploads]
    if len(paths) == len(uploads):
        # A browser without our script sends bare names; ours says which folder each lay in.
        names = [
            path if path.rpartition("/")[2] == name else name
            for path, name in zip(paths, names, strict=True)
        ]
    return [
        *(
            HandedIn(name, upload.size or 0, upload.read)
            for name, upload in zip(names, uploads, strict=True)
        ),
        *_pasted(str(post.get("pasted", "")), str(post.get("pasted_html", ""))),
    ]


def _pasted(text: str, html: str) -> Iterator[HandedIn]:
    """The text of the field; where it says more, what a script kept of the page it is from."""
    pasted, ending = pasted_page(html[:_LONGEST_PASTE], text[:_LONGEST_PASTE])
    if pasted.strip():
        data = pasted.encode(errors="replace")
        yield HandedIn(f"{_('Pasted text')}.{ending}", len(data), lambda: data)


class CorrectionForm(forms.Form):
    """What a line reports: ``project``, or none (here, or wherever its name stands); its values."""

    line = forms.IntegerField(min_value=1, max_value=10**6)
    name = forms.CharField(max_length=120, required=False)  # as it was read
    project = forms.CharField(max_length=120, required=False)
    # Where in the review it was said, if it was there.
    doubt = forms.IntegerField(min_value=1, required=False)
    place = forms.IntegerField(min_value=0, required=False)
    do = forms.ChoiceField(
        choices=[(word, word) for word in ("project", "none", "never", "values", "undo")]
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        needed = {"project": "project", "never": "name"}.get(cleaned.get("do", ""))
        if needed and not cleaned.get(needed):
            self.add_error(needed, "required")
        return cleaned

    def choice(self, page_key: str) -> tuple[Decisions, str]:
        """What it says of the line of that page, and what the decision is called."""
        cleaned = self.cleaned_data
        if cleaned["do"] == "never":
            return Decisions(no_projects=(cleaned["name"],)), cleaned["name"]
        project = cleaned["project"] if cleaned["do"] == "project" else ""
        title = project or cleaned["name"]
        return Decisions(lines={page_key: {str(cleaned["line"]): project}}), title


class ValueRefused(ValueError):
    """A value that was typed cannot be; the words say why."""


def typed_values(line: EvidenceLine, post: Mapping[str, Any]) -> list[str]:
    """What a form says of each value of the line; one that it does not send stays as it is."""
    return [
        _typed(piece, str(post.get(f"value-{at}", piece.now)))
        for at, piece in enumerate(line.values)
    ]


def _typed(piece: Piece, text: str) -> str:
    """As people write numbers: 45％, 1,204 and 45.0 are 45, 1204 and 45."""
    text = unicodedata.normalize("NFKC", text).strip()
    if piece.is_date:
        return text
    if piece.is_time:
        # 2024-06-18 12:03 without a script, 2024-06-18T12:03:00 by some browsers.
        return re.sub(r"(?<=\d)[ T](\d{1,2}:\d\d)(?::00)?\Z", r"T\1", text)
    try:
        return plain(read_number(text, piece.unit))
    except ValueError:
        return text


def corrected_values(line: EvidenceLine, typed: list[str]) -> tuple[ValueCorrection, ...]:
    """The values that are not as they were read. Raises ``ValueRefused``."""
    corrections = []
    for piece, text in zip(line.values, typed, strict=True):
        try:
            correction = piece.corrected(text)
        except ValueError:
            raise ValueRefused(_refusal(piece) % {"typed": text}) from None
        if correction is not None:
            corrections.append(correction)
    return tuple(corrections)


def _refusal(piece: Piece) -> str:
    if piece.is_date:
        return _("“%(typed)s” is not a date.")
    match piece.value_kind:
        case ValueKind.PERCENT:
            return _("“%(typed)s” is not a percentage from 0 to 100.")
        case ValueKind.TIME:
            return _("“%(typed)s” is not a date with a time.")
        case ValueKind.SCORE:
            return _("“%(typed)s” is not a score from 0 to 1.")
        case _:
            return _("“%(typed)s” is not a number.")
