"""What needs somebody in the team: incidents, weeks that wait, mails, deputies, what comes."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from projects.models import Deputy, Incident
from projects.templatetags.okr import local_moment
from projects.text import coming
from reports.dashboard.todo.rows import Row, RowsOfReader, Verb
from reports.render import wording


class TeamRows(RowsOfReader):
    """The rows of the team, a method for each kind."""

    def incidents(self) -> Iterator[Row]:
        for incident in self.block.incidents:
            yield Row(
                f"todo-incident-{incident.pk}",
                local_moment(incident.occurred_at, self.access.team),
                "",
                incident.description,
                incident.severity,
                incident.detected_by,
                self._review(incident),
            )

    def _review(self, incident: Incident) -> Verb | None:
        if not self.access.may_report:
            return None
        query = {"row": f"todo-incident-{incident.pk}"}
        url = reverse("projects:incident_review", args=(self._slug, incident.pk), query=query)
        spoken = _("Review: %(incident)s") % {"incident": incident.description}
        return Verb("review", pgettext("an incident", "Review"), url, spoken)

    def unpublished(self) -> Iterator[Row]:
        for page in self.block.unpublished:
            parts = []
            if page.findings:
                words = ngettext(
                    "%(n)s finding to resolve", "%(n)s findings to resolve", page.findings
                )
                parts.append(words % {"n": page.findings})
            if page.silent:
                words = ngettext(
                    "%(n)s project not updated", "%(n)s projects not updated", page.silent
                )
                parts.append(words % {"n": page.silent})
            url = reverse("reports:weekly_page_draft", args=(self._slug, page.label))
            spoken = _("Publish %(week)s…") % {"week": page.label}
            yield Row(
                f"todo-unpublished-{page.label}",
                page.label,
                reverse("reports:week_run", args=(self._slug, page.label)),
                " · ".join(parts) or _("past its cutoff, still a draft"),
                verb=Verb("link", _("See the draft"), url, spoken),
            )

    def behind(self) -> Iterator[Row]:
        for week, behind in self.block.behind:
            label = self.access.team.week_label(week)
            edition = _("Edition %(number)s") % {"number": behind.number}
            words = _("%(edition)s is out, and the page has changed since")
            if behind.projects:
                words = ngettext(
                    "%(edition)s is out, and %(n)s project has changed since",
                    "%(edition)s is out, and %(n)s projects have changed since",
                    behind.projects,
                )
            url = reverse("reports:publish", args=(self._slug, label))
            spoken = _("See the changes: %(week)s") % {"week": label}
            yield Row(
                f"todo-behind-{label}",
                label,
                reverse("reports:weekly_page", args=(self._slug, label)),
                words % {"edition": edition, "n": behind.projects},
                behind.publisher,
                wording.weekday_time(behind.published_at),
                Verb("link", _("See the changes"), url, spoken),
            )

    def undelivered(self) -> Iterator[Row]:
        for week, count in self.block.undelivered.items():
            label = self.access.team.week_label(week)
            url = reverse("reports:deliveries", args=(self._slug, label), query={"state": "failed"})
            words = ngettext("failed for %(n)s recipient", "failed for %(n)s recipients", count)
            spoken = _("Open the deliveries of %(week)s") % {"week": label}
            verb = Verb("link", _("Open"), url, spoken)
            yield Row(f"todo-undelivered-{label}", label, url, words % {"n": count}, verb=verb)

    def deputies(self) -> Iterator[Row]:
        for deputy in self.block.deputies:
            name, person = str(deputy.deputy.user), str(deputy.person.user)
            spoken = _("Open the members: %(name)s") % {"name": name}
            url = reverse("projects:member_list", args=(self._slug,))
            since = pgettext("of a state", "since %(day)s") % {"day": self._day(deputy.first_day)}
            verb = Verb("link", _("Open"), url, spoken)
            anchor, words = f"todo-deputy-{deputy.pk}", self._deputy(deputy)
            yield Row(anchor, name, "", words, person, since, verb)

    def _deputy(self, deputy: Deputy) -> str:
        figures = {"person": deputy.person.user, "day": self._day(deputy.last_day)}
        left = (deputy.last_day - self.access.team.today()).days
        if left == 0:
            return _("stands in for %(person)s, today is the last day") % figures
        if left <= 2:
            return _("stands in for %(person)s, ends on %(day)s") % figures
        return _("stands in for %(person)s until %(day)s") % figures

    def site(self) -> Iterator[Row]:
        """What the site was not told, in words for a manager, who tells its operator."""
        words = {
            "EMAIL_URL": (_("Mail"), _("no mail server is set up, so nothing is sent")),
            "SITE_URL": (
                _("Links"),
                _("the site has no address, so those in mails lead nowhere"),
            ),
        }
        for name in self.block.notices.unset:
            title, text = words[name]
            yield Row(f"todo-site-{name}", title, "", f"{text} ({name})")

    def coming(self) -> Iterator[Row]:
        """A cycle that ends without a next one, a year whose holidays are not known."""
        notices, today = self.block.notices, self.access.team.today()
        if (end := notices.cycle_end) is not None:
            url = reverse("projects:cycle_new", args=(self._slug,))
            label = _("New cycle…")
            spoken = _("New cycle %(name)s…") % {"name": end.following.name}
            words = coming.cycle_ends(end.name, end.ends_on, today)
            yield Row("todo-cycle", _("Cycle"), "", words, verb=Verb("link", label, url, spoken))
        if (year := notices.unplanned_year) is not None:
            url = reverse("projects:calendar", args=(self._slug,))
            verb = Verb("link", _("Open"), url, _("Open the calendar"))
            words = _("those of %(year)s are not announced yet") % {"year": year}
            yield Row("todo-holidays", _("Holidays"), "", words, verb=verb)
