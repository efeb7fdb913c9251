"""The faults. Each is one snippet of the sources and what is put in its place.

A snippet is looked for in all sources and must stand there exactly once, so a module can be moved
without a change here. ``tests`` are names of test modules without ``test_`` and ``.py``, looked for
in the whole of ``tests/``.

Forty of them die by the tests of commit 55694ce as well. The other five, which lived there, showed
a missing test: a share of users, a fraction above the whole, an incident for any metric, the order
of slips, trouble in a mail that is cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Mutant:
    area: str
    snippet: str
    replacement: str
    tests: tuple[str, ...]


MUTANTS: Final = (
    # --- check-in and ledger
    Mutant(
        "check-in: a draft saved over somebody else's entry",
        "if entry and expected_revision not in (None, entry.revision):",
        "if entry and expected_revision is None and not entry.revision:",
        ("recording",),
    ),
    Mutant(
        "check-in: the same form sent twice is one revision",
        "if entry and not updates and _columns(",
        "if entry and updates and _columns(",
        ("recording",),
    ),
    Mutant(
        "check-in: an own percent is not overwritten by the milestones'",
        "if entry.percent == entry.weighted_percent:",
        "if entry.percent != entry.weighted_percent:",
        ("milestones",),
    ),
    Mutant(
        "check-in: weights count in the mean",
        "total = sum((percent * weight for percent, weight in known_percents), Decimal(0))",
        "total = sum((percent for percent, weight in known_percents), Decimal(0))",
        ("recording",),
    ),
    Mutant(
        "ledger: a date set anew to the same day is no slip",
        "times = sum(new > old for old, new in pairwise(dates))",
        "times = sum(new >= old for old, new in pairwise(dates))",
        ("standing",),
    ),
    Mutant(
        "ledger: an older week does not change what holds now",
        "if not newest or newest[0].week <= week:",
        "if not newest or newest[0].week >= week:",
        ("recording",),
    ),
    Mutant(
        "ledger: a percent that drops wants a reason",
        "return first is not None and second is not None and first < second",
        "return first is not None and second is not None and first > second",
        ("recording",),
    ),
    Mutant(
        "milestones: what is dropped does not count",
        "return is_closed and percent != HUNDRED",
        "return is_closed and percent == HUNDRED",
        ("standing", "states"),
    ),
    # --- prose
    Mutant(
        "prose: a share of users is no progress",
        "is_ladder = amount.values > 2 and words is None",
        "is_ladder = amount.values > 3 and words is None",
        ("percents",),
    ),
    Mutant(
        "prose: more done than there is is no fraction",
        "return (part, whole) if whole > 0 and part <= whole else None",
        "return (part, whole) if whole > 0 else None",
        ("percents",),
    ),
    Mutant(
        "prose: a percentage over 100 is a reading",
        "if not 0 <= amount.value <= 100 or is_condition",
        "if amount.value < 0 or is_condition",
        ("percents",),
    ),
    Mutant(
        "names: of names that overlap the longest counts",
        "for name in sorted(set(wanted), key=lambda name: (-len(name), name)):",
        "for name in sorted(set(wanted), key=lambda name: (len(name), name)):",
        ("names",),
    ),
    # --- the importer of old pages
    Mutant(
        "importer: a page created long after its week is of another",
        "LATE: Final = timedelta(days=7)",
        "LATE: Final = timedelta(days=70)",
        ("week",),
    ),
    Mutant(
        "importer: a project that fell silent is closed",
        "return newest - last_named <= SILENT",
        "return newest - last_named >= SILENT",
        ("standing",),
    ),
    Mutant(
        "history: nothing is owed to a week before the start",
        "return starts_on is not None and week < starts_on",
        "return starts_on is not None and week > starts_on",
        ("standing",),
    ),
    Mutant(
        "history: a page of the present begins with the start",
        "return date.min if starts_on is None or is_history(week, starts_on) else starts_on",
        "return date.min if starts_on is None or week >= starts_on else starts_on",
        ("standing",),
    ),
    # --- the week's document
    Mutant(
        "compile: a paused project owes no entry",
        'RESTING: Final = ("paused", "done")',
        'RESTING: Final = ("done",)',
        ("standing", "compile"),
    ),
    Mutant(
        "compile: the open milestone that is due last decides",
        "return max(dated, key=lambda m: m.due_on or date.min, default=None)",
        "return min(dated, key=lambda m: m.due_on or date.min, default=None)",
        ("standing", "states"),
    ),
    Mutant(
        "findings: three weeks at the same percent are a finding",
        "if unchanged < _STALLED_WEEKS:",
        "if unchanged <= _STALLED_WEEKS:",
        ("findings",),
    ),
    Mutant(
        "findings: only a success rate or an availability wants an incident",
        "if metric.misses_target and _RELIABILITY.search(metric.metric):",
        "if metric.misses_target:",
        ("findings",),
    ),
    Mutant(
        "news: the most days first",
        "slips=tuple(sorted(slips_this_week(entries), key=lambda slip: -slip.days)),",
        "slips=tuple(sorted(slips_this_week(entries), key=lambda slip: slip.days)),",
        ("news",),
    ),
    Mutant(
        "weeks: week 1 of the calendar holds January 1st",
        "(monday - monday_of(date(year, 1, 1))).days // 7 + 1",
        "(monday - monday_of(date(year, 1, 4))).days // 7 + 1",
        ("weeks",),
    ),
    Mutant(
        "workdays: a make-up day is one, though a Saturday",
        "return _is_worked_by_law(day) if planned is None else planned",
        "return _is_worked_by_law(day)",
        ("workdays",),
    ),
    # --- what surrounds a week
    Mutant(
        "forecast: what is done has none",
        'if health == "done" or (history and history[-1][1] >= 100):',
        "if history and history[-1][1] >= 100:",
        ("forecast",),
    ),
    Mutant(
        "objectives: no score lies below zero",
        "return rounded_share(min(max(Decimal(0), share), REACHED), whole=REACHED)",
        "return rounded_share(min(share, REACHED), whole=REACHED)",
        ("scores",),
    ),
    Mutant(
        "invitations: they expire",
        "if invitation.expires_at > (now or timezone.now())",
        "if invitation.expires_at < (now or timezone.now())",
        ("invitations",),
    ),
    Mutant(
        "invitations: nobody is asked again at once",
        "if _asked_at(invitation) > now - AGAIN_AFTER:",
        "if _asked_at(invitation) < now - AGAIN_AFTER:",
        ("invitations",),
    ),
    # --- pages and editions
    Mutant(
        "publish: two managers do not publish over each other",
        "if before is not None and publication.expected not in (None, before.number):",
        "if before is not None and publication.expected is not None and not before.number:",
        ("publish",),
    ),
    Mutant(
        "publish: a correction is not mailed by itself",
        "return MailPlan(at, is_usual=False)",
        "return MailPlan(at, is_usual=True)",
        ("publish",),
    ),
    Mutant(
        "pages: a newer compile is never overwritten by an older one",
        "pages.filter(compiled_revision__lte=compiled.revision).update(",
        "pages.update(",
        ("live",),
    ),
    Mutant(
        "pages: words saved meanwhile are not overwritten",
        "merge(before.fields(), typed.fields(), opened)",
        "merge(before.fields(), typed.fields(), None)",
        ("editing",),
    ),
    # --- outbox, digest, schedule
    Mutant(
        "outbox: a claim that ran out settles nothing",
        "pk=row.pk, state=SendState.CLAIMED, claimed_by=row.claimed_by",
        "pk=row.pk, state=SendState.CLAIMED",
        ("outbox",),
    ),
    Mutant(
        "outbox: pauses double",
        "return FIRST_PAUSE * (1 << max(attempts - 1, 0))",
        "return FIRST_PAUSE * max(attempts, 1)",
        ("outbox",),
    ),
    Mutant(
        "digest: a member decides for the address, also as a subscriber",
        "if address not in decided:",
        "if address not in found:",
        ("recipients",),
    ),
    Mutant(
        "digest: whoever unsubscribed is not written to",
        "is_on = self.unsubscribed_at is None and self.removed_at is None",
        "is_on = self.removed_at is None",
        ("dispatch",),
    ),
    Mutant(
        "digest: trouble stays when a mail is cut",
        'if trouble or entry.health in ("at_risk", "off_track"):',
        'if trouble and entry.health in ("at_risk", "off_track"):',
        ("fit",),
    ),
    Mutant(
        "reminders: nobody is asked more than twice",
        "return self.times >= MOST",
        "return self.times > MOST",
        ("steps",),
    ),
    Mutant(
        "schedule: after the cutoff nobody is reminded",
        'return {"overtaken_by": due.overtaken_by}',
        "pass",
        ("steps",),
    ),
    # --- channels
    Mutant(
        "channels: the signature is over timestamp and body",
        'f"{timestamp}.".encode() + body, hashlib.sha256',
        "body, hashlib.sha256",
        ("webhook",),
    ),
    Mutant(
        "channels: one forbidden address of a name is enough",
        "if not is_known and not all(",
        "if not is_known and not any(",
        ("addresses",),
    ),
    # --- access, forms, settings
    Mutant(
        "access: a lead reports on no other's project",
        "return self.is_manager or project.lead_id in self.leads",
        "return self.is_manager or bool(self.leads)",
        ("access",),
    ),
    Mutant(
        "deputies: it is over on the day after the last",
        "last_day__gte=day)",
        "last_day__gte=day - timedelta(days=1))",
        ("deputies",),
    ),
    Mutant(
        "guard: a field that only another changed stays as the other left it",
        "if before is not None and now not in {before, wanted}:",
        "if before is not None and now not in {before, wanted, now}:",
        ("overwriting",),
    ),
    Mutant(
        "cycles: they do not overlap",
        "starts_on__lte=period.ends_on, ends_on__gte=period.starts_on",
        "starts_on__lt=period.starts_on, ends_on__gt=period.ends_on",
        ("cycles",),
    ),
    Mutant(
        "objectives: a score knows falling numbers",
        "share = (value - baseline) / (target - baseline)",
        "share = (value - baseline) / abs(target - baseline)",
        ("scores",),
    ),
    Mutant(
        "prepared: a date some days off a value stays so many days off",
        "return _Place(name, (day - value).days)",
        "return _Place(name, 0 * (day - value).days)",
        ("prepared",),
    ),
    # --- dashboard and templates
    Mutant(
        "dashboard: what is not known comes last, also downwards",
        "return [*(row for _, row in ordered), *unknown]",
        "return [*unknown, *(row for _, row in ordered)]",
        ("filters",),
    ),
    Mutant(
        "settings: secure cookies with https",
        "SESSION_COOKIE_SECURE = HTTPS",
        "SESSION_COOKIE_SECURE = False",
        ("settings",),
    ),
    Mutant(
        "templates: the check-in shows how many are reported of those that are owed",
        "{{ progress.reported }} / {{ progress.owed }}</span>",
        "{{ progress.owed }} / {{ progress.reported }}</span>",
        ("form",),
    ),
)
