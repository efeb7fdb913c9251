"""A change of a team's schedule that sends mails or closes a week at once is asked about first."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, cast

from django.db import transaction
from django.dispatch import Signal

from projects.models import Team

# What the change sets off: a sentence each, in the reader's language.
type SetOff = Callable[[], Sequence[str]]

# Sent with ``team`` before its schedule changes. Receivers answer with a ``SetOff``, which is
# called after the change, in its transaction.
schedule_changing: Final = Signal()


class Unconfirmed(Exception):
    """The change sets off what nobody has confirmed; nothing was saved."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__(*sentences)

    @property
    def answer(self) -> str:
        """What the form sends back when its reader agrees: to these sentences, no others."""
        return hashlib.sha256("\n".join(self.sentences).encode()).hexdigest()[:16]


@contextmanager
def confirmed(team: Team, answer: str) -> Iterator[None]:
    """Save what is changed within. Raises ``Unconfirmed``, unless that is what ``answer`` says."""
    with transaction.atomic():
        answers = cast("list[tuple[object, SetOff]]", schedule_changing.send(Team, team=team))
        watching = [set_off for _, set_off in answers]
        yield
        question = Unconfirmed([sentence for set_off in watching for sentence in set_off()])
        if question.sentences and question.answer != answer:
            raise question
