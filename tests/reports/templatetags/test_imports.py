"""Why a file gives no page, in the reader's language."""

from __future__ import annotations

from django.utils import translation

from reports.importer.formats.problems import CannotReadError, Problem
from reports.templatetags.imports import reason, way_on
from tests.tables import each_row


@each_row(
    ("fault", "shown"),
    [
        ({"problem": "LARGE", "figures": ["32"]}, "超过 32 MB"),
        ({"problem": "ROWS", "figures": ["50,000"]}, "超过 50,000 行"),
        ({"problem": "KIND", "figures": [".jpg"]}, "不是周报文件：.jpg"),
        ({"problem": "EMPTY", "figures": []}, "文件是空的"),
        ({"problem": "OTHER", "figures": ["File name too long"]}, "File name too long"),
        ({"reason": "words of before"}, "words of before"),
        ({"problem": "OF_TOMORROW", "figures": []}, ""),
    ],
)
def test_a_reason_is_said_in_the_readers_language(fault: dict[str, object], shown: str) -> None:
    with translation.override("zh-hans"):
        assert reason(fault) == shown


@each_row("problem", [problem for problem in Problem if problem != Problem.OTHER])
def test_each_problem_is_translated_with_its_figures(problem: Problem) -> None:
    figures = ["7"] if "%s" in problem else []
    error = CannotReadError(problem, *figures)
    with translation.override("zh-hans"):
        shown = reason({"problem": problem.name, "figures": figures})
    assert shown != str(error)
    assert ("7" in shown) == ("7" in str(error)) == bool(figures)


def test_what_passes_can_be_read_again() -> None:
    with translation.override("en"):
        assert "Read it again" in way_on({"problem": "BROKEN", "figures": ["IndexError"]})
        assert way_on({"problem": "EMPTY", "figures": []}) == ""
