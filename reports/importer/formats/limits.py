"""How much of a file is read: whoever sends more gets a sentence, and no harm comes of it."""

from __future__ import annotations

from typing import Final

LARGEST: Final = 32 * 2**20  # bytes of one file; ten years of weekly pages are a tenth of that

# Of an archive:
LARGEST_ARCHIVE: Final = 512 * 2**20  # bytes of all readable members together, unpacked
MOST_MEMBERS: Final = 50_000
MOST_PACKED: Final = 200  # times; prose reaches 3 to 5, the XML of a Word document 30
DEEPEST: Final = 3  # Notion packs its parts into an outer archive; nobody goes further

# Of a Word document or a spreadsheet:
LARGEST_UNPACKED: Final = 4 * LARGEST  # bytes of all XML

# Of a spreadsheet:
MOST_SHEETS: Final = 300  # five years of weeks
MOST_ROWS: Final = 50_000  # of one sheet; forty projects in each week of ten years are 20,000
MOST_COLUMNS: Final = 600  # a column for each week of ten years
MOST_CELLS: Final = 1_000_000  # with something in them, of all sheets
MOST_TEXT: Final = 64 * 2**20  # characters of all sheets
LARGEST_PROCESS: Final = 1536 * 2**20  # bytes of memory of the process that reads it
LONGEST_READING: Final = 60  # seconds
