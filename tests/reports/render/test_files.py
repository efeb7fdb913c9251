from __future__ import annotations

import json as standard

from reports.render.files import json
from reports.weekly import document
from tests.reports.render.sample import imported_week, kept_week


def test_json_is_read_back_as_the_same_document() -> None:
    for page in (kept_week(), imported_week()):
        assert document.load(standard.loads(json(page))) == page


def test_json_is_indented_and_stable() -> None:
    text = json(kept_week()).decode()
    assert '"team_name": "支付产研"' in text
    assert '"value": "99.975"' in text
    keys = list(standard.loads(text))
    assert keys == sorted(keys)
    assert json(kept_week()).decode() == text


def test_document_without_later_fields_can_be_read() -> None:
    page = document.dump(kept_week())
    for section in page["sections"]:
        for block in section["blocks"]:
            if entry := block["entry"]:
                del entry["answers"]
                for question in entry["questions"]:
                    del question["id"]
    questions = [asked for entry in document.load(page).entries for asked in entry.questions]
    assert [(asked.text, asked.id) for asked in questions] == [("谁去跟银联的复审？", 0)]
