from __future__ import annotations

import builtins
import re
import zlib
from typing import Any

import pytest

from reports.render.pdf import PdfUnavailable, pdf
from tests.reports.render.mail.test_digest import IMPRINT
from tests.reports.render.sample import kept_week


@pytest.fixture(scope="module")
def made() -> bytes:
    try:
        return pdf(kept_week(), IMPRINT, "zh-hans")
    except PdfUnavailable as error:
        pytest.skip(str(error))


def plain(content: bytes) -> bytes:
    """The file with what is packed in it."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    return b" ".join([content, *(_unpacked(stream) for stream in streams)])


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_pdf_has_pages(made: bytes) -> None:
    assert made.startswith(b"%PDF-")
    assert re.search(rb"/Type\s*/Page\b", plain(made))


def test_pdf_has_the_date_of_publication_only(made: bytes) -> None:
    dates = re.findall(rb"D:(\d{14})", plain(made))
    assert dates
    assert set(dates) == {b"20240621174200"}


def test_the_same_page_makes_the_same_bytes(made: bytes) -> None:
    assert pdf(kept_week(), IMPRINT, "zh-hans") == made


def test_a_page_that_is_not_published_has_no_date(made: bytes) -> None:
    draft = pdf(kept_week(), None, "en")
    assert not re.findall(rb"D:\d{14}", plain(draft))
    assert draft == pdf(kept_week(), None, "en")


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = builtins.__import__

    def without(name: str, *more: Any, **options: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return usual(name, *more, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(PdfUnavailable, match="needs WeasyPrint and the Pango library"):
        pdf(kept_week(), IMPRINT, "zh-hans")
