"""The doubts of an import as rows: derived from its pages, kept where somebody decided them."""

from __future__ import annotations

from collections.abc import Iterable

from projects.models import Membership, Team
from reports.importer.database.known import load_known
from reports.importer.deciding import decided_pages
from reports.importer.decisions import Decisions, all_of, from_plain
from reports.importer.doubts import CORRECTION, Doubt, ReadPage, doubts_of
from reports.importer.plan import make_plan
from reports.imports.documents import unpacked
from reports.models import ImportDoubt, ImportPage, ImportState, PageImport


def refresh(page_import: PageImport, decisions: Decisions | None = None) -> None:
    """Write the doubts anew, as they are after these decisions (by default: those of before).

    Of those that are decided each keeps its decision.
    """
    rows = list(page_import.pages.all())
    derived = derive(page_import.team, rows, decisions or remembered(page_import.team))
    known_doubts = {doubt.key: doubt for doubt in page_import.doubts.all()}
    _follow_pages(known_doubts.values(), rows)
    keys = {doubt.key for doubt in derived}
    gone = [row.pk for key, row in known_doubts.items() if key not in keys and row.is_open]
    page_import.doubts.filter(pk__in=gone).delete()
    new: list[ImportDoubt] = []
    changed: list[ImportDoubt] = []
    for position, doubt in enumerate(derived):
        row = known_doubts.get(doubt.key)
        if row is None:
            row = ImportDoubt(
                team=page_import.team, page_import=page_import, kind=doubt.kind, key=doubt.key
            )
        (changed if row.pk else new).append(row)
        row.title, row.detail, row.position = doubt.title[:200], doubt.detail, position
    ImportDoubt.objects.bulk_create(new, batch_size=200)
    ImportDoubt.objects.bulk_update(changed, ["title", "detail", "position"], batch_size=200)


def _follow_pages(doubts: Iterable[ImportDoubt], pages: Iterable[ImportPage]) -> None:
    """Corrections of lines belong to the page of their text, which may have been read again."""
    by_key = {page.key: page.pk for page in pages}
    for doubt in doubts:
        if doubt.kind == CORRECTION:
            _kind, page_key, line = doubt.key.split(":")
            page = by_key.get(page_key, 0)
            place = {"page": page, "line": int(line), "places": [(page, int(line))]}
            doubt.detail = {"rows": [place]}
            doubt.save(update_fields=["detail"])


def derive(team: Team, rows: Iterable[ImportPage], decisions: Decisions) -> list[Doubt]:
    pages = [
        ReadPage(row.pk, row.key, unpacked(row.document), is_dated=row.week is not None)
        for row in rows
        if decisions.weeks.get(row.key, row.week) is not None or row.key not in decisions.weeks
    ]
    known_facts = load_known(team, team.numbering)
    dated = [page.page for page in pages if page.is_dated or page.key in decisions.weeks]
    plan = make_plan(decided_pages(dated, decisions), known_facts, decisions)
    members = Membership.objects.filter(team=team).select_related("user")
    names = [(m.user.username, str(m.user)) for m in members]
    return doubts_of(pages, plan, known_facts, decisions, names)


def remembered(team: Team) -> Decisions:
    """What was decided about names and people in the team's imports that were applied."""
    choices = ImportDoubt.objects.filter(team=team, page_import__state=ImportState.APPLIED)
    choices = choices.filter(choice__isnull=False).order_by("decided_at", "pk")
    return all_of(from_plain(c) for c in choices.values_list("choice", flat=True)).remembered()
