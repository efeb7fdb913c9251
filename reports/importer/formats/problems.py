"""Why a file gives no page. Pure: the terminal prints the words, a screen translates them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


def gettext_noop(words: str) -> str:
    """Marks words for the catalogue, without an import of Django."""
    return words


class Problem(StrEnum):
    """Each reason, in the words of the catalogue; ``%s`` stands for a figure."""

    EMPTY = gettext_noop("the file is empty")
    NO_TEXT = gettext_noop("holds no text")
    NO_PAGES = gettext_noop("holds no weekly pages")
    ONLY_LINKS = gettext_noop("holds only a title and links to other pages")
    KIND = gettext_noop("not a kind of file that holds weekly pages: %s")
    NO_SUFFIX = gettext_noop("a file without a suffix, so nothing says of what kind it is")
    EXTRA_MISSING = gettext_noop("reading %s files needs the extra 'import'")
    OLD_OFFICE = gettext_noop("an old Office file or one with a password: save it as .docx")
    PASSWORD = gettext_noop("protected by a password")
    LARGE = gettext_noop("larger than %s MB")
    UNPACKED_LARGE = gettext_noop("unpacks to more than %s MB")
    BOMB = gettext_noop("unpacks to far more than a text would")
    NESTED = gettext_noop("archives nested too deep")
    LEADS_OUT = gettext_noop("its name leads out of the archive")
    LINK_LEADS_OUT = gettext_noop("a link that leads out of the folder")
    NO_FILE = gettext_noop("no such file or folder")
    NO_ARCHIVE = gettext_noop("not a zip archive, or a damaged one")
    DAMAGED_MEMBER = gettext_noop("damaged within its archive")
    NO_WORD = gettext_noop("not a Word document, or a damaged one")
    NO_SPREADSHEET = gettext_noop("not a spreadsheet, or a damaged one")
    NO_TABLE = gettext_noop("not a table of text: %s")
    MEMORY = gettext_noop("needs too much memory, or is damaged")
    ROWS = gettext_noop("has more than %s rows")
    COLUMNS = gettext_noop("has more than %s columns")
    SHEETS = gettext_noop("has more than %s sheets")
    CELLS = gettext_noop("has more than %s cells, or too much text")
    SECONDS = gettext_noop("takes more than %s seconds")
    BINARY = gettext_noop("not a text")
    NO_ENCODING = gettext_noop("not a text in UTF-8, GBK or Big5")
    DAMAGED_TEXT = gettext_noop("a damaged text")
    DAMAGED_IN = gettext_noop("damaged %s text")
    MANY_PAGES = gettext_noop("more than %s pages at once")
    LONG = gettext_noop("it takes too long to read")
    BROKEN = gettext_noop("cannot be read (%s)")
    OTHER = "%s"  # in the words of the system

    def words(self, figures: Sequence[str] = ()) -> str:
        """In English."""
        return filled_in(self.value, figures)

    @property
    def is_passing(self) -> bool:
        """Whether the file may be read at another time."""
        return self in {Problem.LONG, Problem.BROKEN}


def filled_in(words: str, figures: Sequence[str]) -> str:
    """The words of a problem with its figures."""
    return words % tuple(figures) if figures else words


class CannotReadError(ValueError):
    """A file gives no page; ``line`` is the first that cannot be read, where it is known."""

    def __init__(self, problem: Problem, *figures: object, line: int | None = None) -> None:
        self.problem, self.line = problem, line
        self.figures = tuple(str(figure) for figure in figures)
        super().__init__(problem.words(self.figures))


class NotTextError(CannotReadError):
    """The bytes are not text."""
