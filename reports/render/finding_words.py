"""The sentences of findings, in the active language."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.text.wording import CONTRADICTIONS, Sentences
from reports.weekly.document import Finding

_FINDINGS: Final = Sentences(
    {
        **CONTRADICTIONS.by_code,
        "percent_dropped": gettext_lazy(
            "percent fell from %(old)s%% to %(new)s%%, no reason given"
        ),
        "milestone_dropped": gettext_lazy(
            "%(milestone)s fell from %(old)s%% to %(new)s%%, no reason given"
        ),
        "percent_stalled": gettext_lazy("%(percent)s%% unchanged for %(weeks)s weeks"),
        "percent_stalled_due": gettext_lazy(
            "%(percent)s%% unchanged for %(weeks)s weeks, %(days)s days to the due date"
        ),
        "label_mismatch": gettext_lazy(
            "the title says %(title)s, the dates are those of %(start)s – %(end)s"
        ),
        "written_in_another_week": gettext_lazy(
            "the page is that of %(label)s, but was written in another week"
        ),
        "target_missed_without_incident": gettext_lazy(
            "%(metric)s is %(value)s%(unit)s, target %(target)s%(unit)s, "
            "and no incident is recorded"
        ),
    },
    {**CONTRADICTIONS.longer, "percent_stalled": ("days", "percent_stalled_due")},
)


def finding_text(finding: Finding, *, year: int) -> str:
    """The sentence of a finding; its code, where an old edition has one that is no longer known."""
    return _FINDINGS.say(finding.code, finding.params, near=date(year, 1, 1))


def judged(finding: Finding, *, year: int) -> str:
    """The sentence of a finding with the manager's verdict: their words, or accepted."""
    text = finding_text(finding, year=year)
    if finding.verdict is None:
        return text
    figures = {"text": text, "by": finding.verdict.by, "reason": finding.verdict.note}
    if not finding.verdict.note:
        return _("%(text)s (accepted by %(by)s)") % figures
    return _("%(text)s — %(by)s: %(reason)s") % figures
