"""The form with which old pages are handed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

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
        *_pasted(str(post.get("pasted", ""))),
    ]


def _pasted(text: str) -> Iterator[HandedIn]:
    if text.strip():
        data = text[:_LONGEST_PASTE].replace("\0", "").encode(errors="replace")
        yield HandedIn(f"{_('Pasted text')}.md", len(data), lambda: data)
