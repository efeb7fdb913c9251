"""What stands beside the words of an entry is printed wherever the entry is."""

from __future__ import annotations

from projects.reported import FURTHER_TEXTS
from reports.render import html
from reports.render.editions import change_text
from reports.render.files import json
from reports.render.mail import digest
from reports.render.markdown import markdown
from reports.weekly.changes import changes_between
from reports.weekly.compile import compile_week
from reports.weekly.document import WeeklyDocument
from tests.reports.weekly.builders import entry, project, week_rows
from tests.tables import each_row

WORDS = "两次发版之间没有人手"


def page(**fields: str) -> WeeklyDocument:
    return compile_week(week_rows([project("POS", entry("联调进行中", 60, **fields))]))


@each_row("name", FURTHER_TEXTS)
def test_further_text_is_printed_once_in_every_format(name: str) -> None:
    document = page(**{name: WORDS})
    mail = digest.compose(document, None, "zh-hans")
    printed = {
        "markdown": markdown(document, language="zh-hans"),
        "page": html.standalone(document, language="zh-hans").decode(),
        "json": json(document).decode(),
        "mail as text": mail.text,
        "mail as HTML": mail.html,
    }
    assert {kind: text.count(WORDS) for kind, text in printed.items()} == dict.fromkeys(printed, 1)


@each_row("name", FURTHER_TEXTS)
def test_changed_further_text_is_named_in_the_next_edition(name: str) -> None:
    (changed,) = changes_between(page(), page(**{name: WORDS}))
    sentence = change_text(changed, year=2024)
    assert WORDS in sentence
    assert name not in sentence


def test_deputy_who_reported_is_named_in_every_format_and_makes_no_other_page() -> None:
    document = page(author="陈立", author_for="许澄")
    mail = digest.compose(document, None, "zh-hans")
    formats = (
        markdown(document, language="zh-hans"),
        html.standalone(document, language="zh-hans").decode(),
        *(mail.text, mail.html),
    )
    assert [text.count("由陈立（代 许澄）填报") for text in formats] == [1, 1, 1, 1]
    written_by_the_lead = page(author="许澄")
    assert changes_between(written_by_the_lead, document) == ()
    assert "许澄" not in markdown(written_by_the_lead, language="zh-hans")
