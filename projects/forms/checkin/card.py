"""A project's card of the check-in: its form, and what is shown beside the fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from projects.checkin.drafts import CheckInDraft
from projects.checkin.worklist import Assignment
from projects.forms.checkin.comparison import Comparison, differences
from projects.forms.checkin.form import CheckInForm, as_sent
from projects.forms.checkin.questions import AnswerForm, answer_forms
from projects.forms.checkin.reading import TextReading, reading_of
from projects.models import Stage
from projects.operations.owed_numbers import OwedNumber


@dataclass(frozen=True)
class CheckInCard:
    """Folded without a ``form``: then its open questions have forms of their own.

    ``draft`` is the one that stands in the form, or waits for it to be opened.
    ``is_from_past_week`` says that what stands in it was typed in a week that is over.
    """

    assignment: Assignment
    form: CheckInForm | None = None
    draft: CheckInDraft | None = None
    comparison: Comparison | None = None
    is_from_past_week: bool = False
    has_put_aside: bool = False  # the reader discarded a draft, and can take it up again
    place: int = 0  # among the cards of its page, from 1
    numbers: Sequence[OwedNumber] | None = None  # that the text may tell, where they are loaded

    @cached_property
    def folded_answers(self) -> list[AnswerForm]:
        """Of a row that needs no form any more; where one is owed, it asks in the form."""
        is_owed = self.form is not None or self.assignment.is_waiting
        return [] if is_owed else answer_forms(self.assignment)

    @cached_property
    def reading(self) -> TextReading:
        """What the text offers to the fields, and what in it contradicts them."""
        return reading_of(self.form, self.numbers) if self.form else TextReading()


def opened(
    assignment: Assignment, stages: Iterable[Stage], draft: CheckInDraft | None = None
) -> CheckInCard:
    """With the entry as it stands, and over it the reader's draft.

    Where somebody has saved the entry since the draft was begun, the two versions are compared.
    """
    form = CheckInForm(assignment, stages, typed=draft.values if draft else None)
    comparison = None
    if draft and assignment.entry and draft.revision != assignment.revision:
        comparison = Comparison(
            theirs=assignment.entry,
            typed_over=draft.revision,
            typed_at=draft.saved_at,
            differences=tuple(differences(form, draft.values)),
        )
    return CheckInCard(assignment, form, draft, comparison)


def reopened(
    form: CheckInForm, stages: Iterable[Stage], now: Assignment, *, with_both_texts: bool = False
) -> CheckInCard:
    """What was typed into a form that is out of date, in a new form of how things stand ``now``.

    A field that was not touched shows what stands there now. Where somebody has saved the entry
    meanwhile the two versions are compared; sent again, the form replaces that entry: whoever
    does so has then seen both. ``with_both_texts`` puts both texts below each other into the form,
    for the reader to make one of them.
    """
    typed = form.typed()
    if with_both_texts and now.entry:
        mine = as_sent(form["text"].value()).strip()
        typed["text"] = f"{now.entry.text.rstrip()}\n{mine}".strip()
    again = CheckInForm(now, stages, typed=typed)
    comparison = None
    if now.entry:
        comparison = Comparison(
            theirs=now.entry,
            typed_over=form.opened_revision,
            typed_at=None,
            differences=tuple(differences(again, typed)),
        )
    return CheckInCard(now, again, comparison=comparison, is_from_past_week=form.is_of_another_week)
