"""What needs somebody in projects: silence, moved dates, findings, questions, no lead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from typing import Final

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from projects import weeks
from projects.templatetags.okr import age, clock, day, due
from projects.text.numbers import HUNDRED
from reports.dashboard.attention import Silence
from reports.dashboard.overview import move_key
from reports.dashboard.todo.rows import Row, RowsOfReader, Verb
from reports.models import Reminder
from reports.render import finding_words
from reports.templatetags.dashboard import project_address, unreachable
from reports.weekly.document import Entry, Finding, Move, OpenQuestion

# Only who reported knows what is behind these; the manager can judge all others.
_ASKED: Final = frozenset({"percent_dropped", "milestone_dropped", "percent_stalled"})


class ProjectRows(RowsOfReader):
    """The rows of projects and of what the week's page says of them, a method for each kind."""

    def silent(self) -> Iterator[Row]:
        for silence in self.block.silent:
            entry = silence.entry
            since = ""
            if entry.last_reported_on is not None:
                since = pgettext("of a state", "since %(day)s") % {
                    "day": self._day(entry.last_reported_on)
                }
            yield Row(
                f"todo-silent-{entry.project_id}",
                entry.project,
                self._address(entry),
                self._silence(silence),
                entry.lead,
                since,
                self._remind(silence),
            )

    def _silence(self, silence: Silence) -> str:
        """For how long nobody has updated it, when it is due, and why nobody can be asked."""
        entry = silence.entry
        words = self._silent_for(entry)
        is_stuck = self.access.is_manager and self.block.is_present and silence.wants_lead
        return f"{words} · {unreachable(silence)}" if is_stuck else words

    def _silent_for(self, entry: Entry) -> str:
        if entry.last_week is None:
            words = _("no update yet")
        else:
            words = ngettext(
                "no update for %(n)s week", "no update for %(n)s weeks", entry.weeks_silent
            ) % {"n": entry.weeks_silent}
        if entry.due_on is None or (entry.percent or 0) >= HUNDRED:
            return words
        days = (entry.due_on - self._today).days
        if days < 0:
            due_words = ngettext("%(days)s day overdue", "%(days)s days overdue", -days)
        elif days == 0:
            due_words = _("due today")
        else:
            due_words = ngettext("due in %(days)s day", "due in %(days)s days", days)
        figures = {"silence": words, "due": due_words % {"days": abs(days)}}
        return _("%(silence)s, %(due)s") % figures

    def _remind(self, silence: Silence) -> Verb | None:
        entry = silence.entry
        if not self.block.is_present:
            return None
        if not self.access.is_manager:
            return self._own_card(entry.project_id, pgettext("a project", "Update"))
        if silence.may_remind:
            return Verb(
                "post",
                _("Remind"),
                reverse("reports:remind", args=(self._slug,)),
                _("Remind the lead of %(name)s") % {"name": entry.project},
                (("week", self.document.label), ("project", str(entry.project_id))),
                _("The last reminder could not be sent.") if silence.is_failed else "",
            )
        if silence.reminder:
            words = _("✓ %(time)s reminded") % {
                "time": clock(silence.reminder.requested_at, self.access.team)
            }
            enough = _("Nobody is reminded of a week more than twice.")
            return Verb("done", words, title=enough if silence.is_enough else "")
        if silence.wants_lead:
            return self._other_lead(entry)
        return Verb("stuck", unreachable(silence))

    def moved(self) -> Iterator[Row]:
        for number, (entry, move) in enumerate(self.block.document.moved):
            new = due(move.new, move.precision, self.document.week)
            text = _("%(name)s has moved to %(new)s. How sure is that date?")
            anchor = f"todo-moved-{entry.project_id}-{number}"
            yield Row(
                anchor,
                entry.project,
                self._address(entry),
                self._move(entry, move, new),
                entry.lead,
                self._age(entry),
                self._noted(entry, move)
                or self._ask(anchor, entry, text % {"name": move.milestone, "new": new}),
            )

    def _noted(self, entry: Entry, move: Move) -> Verb | None:
        """That somebody took note of the move, which the list does not show the next time."""
        note = self.block.acknowledged.get(move_key(entry, move))
        if note is None:
            return None
        time = clock(datetime.fromisoformat(note["at"]), self.access.team)
        return Verb("done", _("✓ %(time)s acknowledged") % {"time": time}, title=note["by"])

    def _move(self, entry: Entry, move: Move, new: str) -> SafeString:
        """Which milestone, from when to when, by how much in this week and in all, and why."""
        moved = ngettext("%(days)s day", "%(days)s days", move.days) % {"days": f"+{move.days}"}
        words = _("this week %(moved)s") % {"moved": moved}
        total = max((m.slip_days for m in entry.milestones if m.name == move.milestone), default=0)
        if total > move.days:
            words = f"{words} · {_('%(days)s in all') % {'days': total}}"
        name = f"{move.milestone} " if len(entry.milestones) > 1 else ""
        old = day(move.old, self.document.week)
        return format_html(
            '{}<span class="whole"><s>{}</s> → {}</span> <span class="slip">{}</span> {}',
            *(name, old, new, words, move.reason),
        )

    def findings(self) -> Iterator[Row]:
        by_project = {entry.project_id: entry for entry in self.document.entries}
        for finding in self.block.document.findings:
            entry = by_project.get(finding.project_id or 0)
            anchor = f"todo-finding-{finding.key}"
            yield Row(
                anchor,
                finding.project or _("Weekly page"),
                self._address(entry) if entry else "",
                finding_words.finding_text(finding, year=self.document.week.year),
                entry.lead if entry else "",
                self._age(entry) if entry else "",
                self._check(anchor, finding, entry),
            )

    def _check(self, anchor: str, finding: Finding, entry: Entry | None) -> Verb | None:
        if not self.access.is_manager:
            return None
        if finding.code in _ASKED and entry is not None:
            words = finding_words.finding_text(finding, year=self.document.week.year)
            text = _("“%(what)s”: what is behind it?") % {"what": words}
            return self._ask(anchor, entry, text)
        spoken = _("Check: %(name)s") % {"name": finding.project or _("Weekly page")}
        return Verb(
            "link", pgettext("a finding", "Check"), self._draft(f"finding_{finding.key}"), spoken
        )

    def questions(self) -> Iterator[Row]:
        for number, (entry, question) in enumerate(self.block.document.questions):
            yield Row(
                f"todo-question-{question.id or number}",
                entry.project,
                self._address(entry),
                question.text,
                entry.lead,
                age(question.asked_at, self.access.team),
                self._withdraw(entry, question),
            )

    def _withdraw(self, entry: Entry, question: OpenQuestion) -> Verb | None:
        if not self.access.is_manager:
            return self._own_card(entry.project_id, _("Answer"))
        if not question.id:
            return None
        if (reminder := self._asked_again.get(question.id)) is not None:
            time = clock(reminder.requested_at, self.access.team)
            return Verb("done", _("✓ %(time)s asked again") % {"time": time})
        url = reverse("projects:question_withdraw", args=(self._slug, question.id))
        spoken = _("Withdraw: %(question)s") % {"question": question.text}
        return Verb("post", _("Withdraw"), url, spoken)

    @cached_property
    def _asked_again(self) -> dict[int, Reminder]:
        """By open question: the mail of today that asked for its answer."""
        return {
            question.pk: row.reminder
            for row in self.block.owing
            if row.reminder is not None
            for question in row.questions
        }

    def leaderless(self) -> Iterator[Row]:
        """Projects that nobody leads who can sign in, but for those that are silent as well."""
        if not self.access.is_manager or not self.block.is_present:
            return
        silent = {silence.entry.project_id for silence in self.block.silent}
        for entry in self.document.entries:
            if entry.project_id in silent or entry.closed_on or entry.health == "done":
                continue
            gone = self.block.gone_leads.get(entry.project_id)
            if entry.lead and gone is None:
                continue
            words = _("account deactivated") if gone is not None else _("no lead")
            yield Row(
                f"todo-leaderless-{entry.project_id}",
                entry.project,
                self._address(entry),
                words,
                gone or "",
                verb=self._other_lead(entry),
            )

    @cached_property
    def _today(self) -> date:
        return weeks.judged_on(self.document.week, self.access.team.today())

    def _age(self, entry: Entry) -> str:
        return age(entry.reported_at, self.access.team) if entry.reported_at else ""

    def _address(self, entry: Entry) -> str:
        return project_address(self._slug, entry.project_id)

    def _draft(self, fragment: str) -> str:
        return reverse(
            "reports:weekly_page_draft",
            args=(self._slug, self.document.label),
            fragment=fragment,
        )

    def _own_card(self, project_id: int, label: str) -> Verb | None:
        """To the reader's own check-in of the project."""
        if project_id not in self.block.mine or not self.block.is_present:
            return None
        card = f"checkin_card_{project_id}"
        return Verb("link", label, reverse("projects:checkin", args=(self._slug,), fragment=card))

    def _other_lead(self, entry: Entry) -> Verb:
        url = reverse("projects:project_settings", args=(self._slug, entry.project_id))
        spoken = _("Change the lead of %(name)s") % {"name": entry.project}
        return Verb("link", _("Change the lead"), url, spoken)

    def _ask(self, anchor: str, entry: Entry, text: str) -> Verb | None:
        """To ask with these words; or that somebody has."""
        if not self.access.is_manager:
            return None
        for question in entry.questions:
            if question.text == text:
                at = clock(question.asked_at, self.access.team)
                return Verb("done", _("✓ %(time)s asked") % {"time": at})
        query = {"week": self.document.label, "text": text, "row": anchor}
        url = reverse("projects:question_ask", args=(self._slug, entry.project_id), query=query)
        return Verb("ask", _("Ask"), url, _("Ask about %(name)s") % {"name": entry.project})
