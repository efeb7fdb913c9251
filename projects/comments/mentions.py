"""Whom a text names after an @. Pure.

A name is compared folded, as everywhere (``projects.text.names``): 「@李磊」, 「＠李 磊」 and
``@LiLei`` may all be one person. The longest name that stands there counts. What several people go
by names nobody, and the writer is asked which of them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from projects.text import names
from projects.text.pinyin import person_key

# Not within a mail address.
_AT: Final = re.compile(r"(?<![A-Za-z0-9._%+\-])[@＠]")
_LATIN: Final = re.compile(r"[A-Za-z0-9]")
# Letters of a name with blanks and marks between them.
_LONGEST_NAME: Final = 200


class SeveralMeant(Exception):
    """A name after an @ is that of several people; ``people`` tells them apart."""

    def __init__(self, people: Iterable[str]) -> None:
        self.people = tuple(people)
        super().__init__("; ".join(self.people))


@dataclass(frozen=True, slots=True)
class Person:
    """Who can be mentioned: a member, by name and user name."""

    id: int
    name: str  # may be empty
    username: str

    @property
    def told_apart(self) -> str:
        """How one of several people of that name is written."""
        return names.with_login(self.name, self.username) if self.name else self.username


class Names:
    """What the people of a team go by: user names, names, and the names' pinyin.

    A user name is its owner's, whoever else is called so; so is a name against other people's
    pinyin.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self._by_key: dict[str, tuple[Person, ...]] = {}
        of_everybody = tuple(people)
        for keys_of in (_logins, _names, _pinyin):
            meant: dict[str, list[Person]] = defaultdict(list)
            for person in of_everybody:
                for key in keys_of(person):
                    meant[key].append(person)
            self._by_key = {key: tuple(p) for key, p in meant.items()} | self._by_key
        self._begun = {key[:end] for key in self._by_key for end in range(1, len(key) + 1)}

    def mentioned_in(self, text: str) -> tuple[Person, ...]:
        """Each person once, in the order in which they are named. Raises ``SeveralMeant``."""
        mentioned: dict[int, Person] = {}
        for at in _AT.finditer(text):
            people = self._named_at(text, at.end())
            if len(people) > 1:
                raise SeveralMeant(person.told_apart for person in people)
            mentioned |= {person.id: person for person in people}
        return tuple(mentioned.values())

    def _named_at(self, text: str, start: int) -> tuple[Person, ...]:
        """Whom the longest name means that begins there; nobody where none does."""
        key = ""
        people: tuple[Person, ...] = ()
        for place in range(start, min(start + _LONGEST_NAME, len(text))):
            if text[place] in "\n\r@＠":
                break
            piece = names.folded(text[place])
            key += piece
            if key and key not in self._begun:
                break
            if piece and key in self._by_key and not _is_within_word(text, place):
                people = self._by_key[key]
        return people


@dataclass(frozen=True, slots=True)
class Choice:
    """A person as the list of names behind an @ offers them."""

    written: str  # what stands behind the @ then, which means nobody else
    keys: tuple[str, ...]  # what can be typed for it, in small letters


def choices(people: Iterable[Person]) -> tuple[Choice, ...]:
    """The people in the order of their names, by pinyin, with what each can be found by."""
    people = sorted(people, key=lambda person: (person_key(person.name), person.username))
    of_name = Counter(names.folded(person.name) for person in people)
    return tuple(_choice(person, of_name[names.folded(person.name)] > 1) for person in people)


def _choice(person: Person, has_namesakes: bool) -> Choice:
    written = person.told_apart if has_namesakes else person.name or person.username
    keys = (written, person.username, *_pinyin(person))
    return Choice(written, tuple(key.lower() for key in keys))


def _is_within_word(text: str, place: int) -> bool:
    """Whether a Latin word goes on after that place: Ann is not named in @Anna."""
    end = text[place : place + 2]
    return len(end) == 2 and all(map(_LATIN.match, end))


def _logins(person: Person) -> set[str]:
    keys = {names.folded(person.username)}
    if person.name:
        keys.add(names.folded(person.told_apart))
    return keys - {""}


def _names(person: Person) -> set[str]:
    return {names.folded(person.name)} - {""}


def _pinyin(person: Person) -> set[str]:
    syllables, _name = person_key(person.name)
    return {names.folded("".join(syllables))} - {""}
