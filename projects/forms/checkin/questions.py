"""What the manager asks about an entry, and its answer, sent with the check-in or by itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.checkin.worklist import Assignment
from projects.models import Question


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=_("question"),
        max_length=Question._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, project_id: int, text: str = "") -> None:
        # Several of these stand on one page.
        super().__init__(data, auto_id=f"ask-{project_id}-%s", initial={"text": text})
        self.fields["text"].widget.attrs["autofocus"] = True


class AnswerForm(forms.Form):
    """One open question with the field for its answer. Sent by itself it needs words."""

    answer = forms.CharField(
        label=_("answer"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 1}),
        error_messages={"required": _("Please write an answer.")},
    )

    def __init__(
        self, question: Question, data: Any = None, auto_id: str = "%s", *, is_alone: bool = True
    ) -> None:
        super().__init__(data, prefix=f"q{question.pk}", auto_id=auto_id)
        self.question = question
        # Whoever sends the entry may leave the question for later.
        self.fields["answer"].required = is_alone
        self.fields["answer"].widget.is_required = False

    @property
    def words(self) -> str:
        """The valid form's answer; empty for none yet."""
        words: str = self.cleaned_data["answer"]
        return words

    def put_cursor(self) -> None:
        """Where something is wrong, the reader goes on right there."""
        if self.errors:
            self.fields["answer"].widget.attrs["autofocus"] = True

    def mark_answered(self, question: Question) -> None:
        """Say that somebody else was first; ``question`` holds their answer."""
        self.question = question
        self.add_error(
            "answer",
            _("%(author)s has answered meanwhile: %(answer)s")
            % {"author": question.answered_by or "—", "answer": question.answer},
        )


def answer_forms(assignment: Assignment) -> list[AnswerForm]:
    """For the open questions of a card that is folded: each is sent by itself."""
    auto_id = f"p{assignment.project.pk}-%s"
    return [AnswerForm(question, auto_id=auto_id) for question in assignment.questions]
