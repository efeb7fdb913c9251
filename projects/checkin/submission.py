"""What a lead sends with one press of a button, saved together or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from projects import drafts
from projects.checkin import questions, recording
from projects.checkin.recording import CheckIn
from projects.conflicts import Opened
from projects.models import Project, Question, StatusEntry, User


@transaction.atomic
def submit(
    project: Project,
    week: date,
    check_in: CheckIn,
    *,
    answers: Iterable[tuple[Question, str]] = (),
    by: User,
    expected_revision: int,
    opened: Opened | None = None,
) -> StatusEntry:
    """Record the check-in with the answers given beside it; the sender's draft has then served.

    Raises what ``recording.record`` and ``questions.answer`` raise, and then nothing is saved.
    """
    entry = recording.record(
        project, week, check_in, by=by, expected_revision=expected_revision, opened=opened
    )
    for question, words in answers:
        questions.answer(question, words, by=by)
    drafts.discard(by, project, week)
    return entry
