"""What a page still lacks when somebody is about to publish it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from reports.weekly.document import Entry, Finding, OpenQuestion, WeeklyDocument


@dataclass(frozen=True, slots=True)
class Readiness:
    """Nothing of it keeps a page from being published: it is printed as it is."""

    findings: tuple[Finding, ...]  # that nobody has said anything to
    silent: tuple[Entry, ...]  # that owe an entry
    questions: tuple[tuple[Entry, OpenQuestion], ...]  # that nobody has answered

    def __bool__(self) -> bool:
        return bool(self.findings or self.silent or self.questions)


def readiness_of(document: WeeklyDocument) -> Readiness:
    """``document`` is the page that would be published; all in its order."""
    entries = document.entries
    return Readiness(
        findings=tuple(found for found in document.findings if found.verdict is None),
        silent=tuple(e for e in entries if e.is_owed),
        questions=tuple((e, question) for e in entries for question in e.questions),
    )
