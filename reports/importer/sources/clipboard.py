"""What somebody pastes: the HTML that an editor puts on the clipboard, or its plain text. Pure.

Documents of Feishu, DingTalk, Notion, Word, WPS or Google, and ranges of cells, are pasted as HTML;
the text beside it has lost headings, lists and tables.
"""

from __future__ import annotations

import re
from typing import Final

from reports.importer.formats.limits import LARGEST

# Windows puts this before the HTML, with the places where it begins.
_WINDOWS_HEADER: Final = re.compile(r"\s*Version:\d[^<]{0,400}(?=<)")
_STRUCTURE: Final = re.compile(r"<(?:h[1-6]|ul|ol|table|b|strong|em)[\s>]", re.IGNORECASE)
_PARAGRAPHS: Final = re.compile(r"<(?:p|div|br|li|tr)[\s/>]", re.IGNORECASE)
# Somebody wrote Markdown in an editor of code, which colours it.
_MARKDOWN: Final = re.compile(
    r"^(?:#{1,6} \S|\s*[-*+] \S|\|.*\|\s*$|\s*\d{1,2}\. \S)", re.MULTILINE
)


def clipboard_markdown(html: str, text: str) -> str:
    """The pasted page as Markdown, to be stored like a file; empty where nothing was pasted.

    ``html`` and ``text`` are the two forms that a browser gives (``text/html``, ``text/plain``);
    either may be empty. Of more than ``LARGEST`` characters of HTML only the text counts.
    """
    html = _WINDOWS_HEADER.sub("", html.replace("\0", ""), count=1)
    text = text.replace("\0", "")
    if html.strip() and len(html) <= LARGEST and _says_more(html, text):
        try:
            from reports.importer.formats.markup import markdown_of  # in the extra `import`
        except ModuleNotFoundError:
            return _plain(text)
        if markdown := markdown_of(html).strip():
            return f"{markdown}\n"
    return _plain(text)


def _says_more(html: str, text: str) -> bool:
    """Whether the HTML holds what its text does not show."""
    if not text.strip() or _STRUCTURE.search(html):
        return True
    return _PARAGRAPHS.search(html) is not None and not _MARKDOWN.search(text)


def _plain(text: str) -> str:
    return text.strip("\n") + "\n" if text.strip() else ""
