"""What was typed and not saved: kept for who typed it, gone when it says nothing new."""

from __future__ import annotations

import pytest

from reports.pages import drafts
from reports.pages.editing import PageField, Words
from tests.conftest import Personas
from tests.factories import NOW, WEEK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
STANDING = Words("原来的话", "团队建设")


def field(personas: Personas) -> PageField:
    return PageField(personas.team, WEEK, "section-7")


def keep(personas: Personas, text: str, heading: str | None = "团队建设") -> None:
    drafts.save(
        personas.manager,
        field(personas),
        typed=Words(text, heading),
        standing=STANDING,
        seen=STANDING.digest,
    )


def test_newest_draft_is_shown_to_its_writer_only(personas: Personas) -> None:
    keep(personas, "第一稿", "招聘")
    keep(personas, "第二稿", "招聘与培训")
    draft = drafts.of(personas.manager, personas.team, WEEK)["section-7"]
    assert draft.words == Words("第二稿", "招聘与培训")
    assert (draft.seen, draft.saved_at) == (STANDING.digest, NOW)
    assert drafts.of(personas.lead, personas.team, WEEK) == {}


def test_saved_words_are_not_kept_as_a_draft(personas: Personas) -> None:
    keep(personas, "第一稿")
    keep(personas, "原来的话\n")
    assert drafts.of(personas.manager, personas.team, WEEK) == {}


def test_draft_of_a_field_without_heading(personas: Personas) -> None:
    keep(personas, "第一稿", None)
    draft = drafts.of(personas.manager, personas.team, WEEK)["section-7"]
    assert draft.words == Words("第一稿")


def test_discarding_deletes_text_and_heading(personas: Personas) -> None:
    keep(personas, "第一稿", "招聘")
    drafts.discard(personas.manager, field(personas))
    assert drafts.of(personas.manager, personas.team, WEEK) == {}
