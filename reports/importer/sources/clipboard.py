"""What somebody pastes: the HTML that an editor puts on the clipboard, or its plain text. Pure.

Documents of Feishu, DingTalk, Notion, Word, WPS or Google, and ranges of cells, are pasted as HTML;
the text beside it has lost headings, lists and tables.
"""

from __future__ import annotations

import re
from typing import Final

# Windows puts this before the HTML, with the places where it begins.
_WINDOWS_HEADER: Final = re.compile(r"\s*Version:\d[^<]{0,400}(?=<)")
_STRUCTURE: Final = re.compile(r"<(?:h[1-6]|ul|ol|table|b|strong|em)[\s>]", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]*>")
_PARAGRAPHS: Final = re.compile(r"<(?:p|div|br|li|tr)[\s/>]", re.IGNORECASE)
# Somebody wrote Markdown in an editor of code, which colours it.
_MARKDOWN: Final = re.compile(
    r"^(?:#{1,6} \S|\s*[-*+] \S|\|.*\|\s*$|\s*\d{1,2}\. \S)", re.MULTILINE
)


def pasted_page(html: str, text: str) -> tuple[str, str]:
    """What of a paste is to be read, and as what: ``html`` or ``md``. Without the text it is empty.

    ``html`` and ``text`` are the two forms that a browser gives (``text/html``, ``text/plain``);
    either may be empty.
    """
    html = _WINDOWS_HEADER.sub("", html, count=1)
    return (html, "html") if html.strip() and _says_more(html, text) else (text, "md")


def _says_more(html: str, text: str) -> bool:
    """Whether the HTML holds what its text does not show."""
    if not text.strip():
        return True
    if not _TAG.sub("", html).strip():
        return False
    if _STRUCTURE.search(html):
        return True
    return _PARAGRAPHS.search(html) is not None and not _MARKDOWN.search(text)
