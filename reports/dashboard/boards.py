"""A week's dashboard as an address asks for it: compared with a week, filtered, sorted, paged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from projects import weeks
from projects.access import Access
from projects.models import Alias, Role, Team
from projects.standing import begins_with
from reports.dashboard.filters import Aliases, Choices, TableState, choices_of, shown, state_of
from reports.dashboard.overview import Dashboard, dashboard_of
from reports.dashboard.tables import ProjectsTable, filled_columns
from reports.pages.live import CurrentPage, current_pages
from reports.pages.navigation import revisions_until


@dataclass(frozen=True)
class Board:
    """The dashboard, and the state of its table. The table itself is only made when it is shown."""

    access: Access
    dashboard: Dashboard
    state: TableState
    choices: Choices
    columns: tuple[str, ...]  # those that can be chosen: any of the week's projects fills them
    earlier: Sequence[date]  # the weeks that it can be compared with, newest first
    revision: int  # of the week's facts, read before the document
    key: str  # of the documents that it is made of

    @property
    def week(self) -> date:
        return self.dashboard.document.week

    @property
    def is_present(self) -> bool:
        return self.week == self.access.team.this_week()

    def week_options(self) -> SafeString:
        """The weeks to compare with, and the chosen one even if it is older than those."""
        team, chosen = self.access.team, self.state.against
        # Last week is the default. History is no measure of the present; an address may ask for it.
        since = begins_with(self.week, team.starts_on)
        weeks_before = (week for week in self.earlier if since <= week < self.week - weeks.WEEK)
        labels = [team.week_label(week) for week in weeks_before]
        older = [chosen] if chosen and chosen not in labels else []
        return SafeString(
            "".join(
                f"<option{' selected' if label == chosen else ''}>{label}</option>"
                for label in (*older, *labels)
            )
        )

    @property
    def column_choices(self) -> list[tuple[str, str, bool]]:
        """Name, heading, and whether it is shown."""
        defined = ProjectsTable.base_columns
        return [
            (name, capfirst(defined[name].verbose_name), name in self.state.columns)
            for name in self.columns
        ]

    @cached_property
    def table(self) -> ProjectsTable:
        """Of the filtered rows."""
        team = self.access.team
        aliases = _aliases(team) if self.state.text else {}
        return ProjectsTable(
            shown(self.dashboard.rows, self.state, aliases),
            self.state,
            team,
            self.week,
            filled=self.columns,
            may_ask=self.access.is_manager and not self.dashboard.document.is_history,
        )

    @property
    def cache_key(self) -> str:
        """Cache key of all that the board shows, except ages and the state of the table.

        It contains the role, so that no other role sees what only a manager may do.
        """
        return f"{self.key}|{self.access.team.slug}|{self.access.role}"

    @property
    def reader(self) -> str:
        """On whose projects the lead who reads may report, for links; "" for other roles."""
        leads = self.access.leads if self.access.role == Role.LEAD else ()
        return ",".join(map(str, sorted(leads)))

    @property
    def minute(self) -> int:
        """Changes every minute in the present week, where ages are shown."""
        return int(timezone.now().timestamp() // 60) if self.is_present else 0


def board_of(access: Access, week: date, query: QueryDict) -> Board | None:
    """The dashboard of that week; ``None`` where the week has no page.

    ``?against=`` is ignored unless it names an earlier week that has a page.
    """
    team = access.team
    against = _earlier(team, week, query.get("against", ""))
    known_revisions = revisions_until(team, week)
    asked = [week] if against is None else [week, against]
    is_known = against is None or against in known_revisions
    pages = current_pages(team, asked, known_revisions if is_known else None)
    if week not in pages:
        return None
    then = None if against is None else pages.get(against)
    made = _made_of(pages[week], then)
    label = team.week_label(then.document.week) if then else ""
    return Board(
        access=access,
        dashboard=made.dashboard,
        state=state_of(query, made.choices, label),
        choices=made.choices,
        columns=made.columns,
        earlier=[before for before in known_revisions if before < week],
        revision=known_revisions.get(week, 0),
        key="|".join(page.key for page in pages.values()),
    )


@dataclass(frozen=True, slots=True)
class _Made:
    """What is the same for every reader and every state of the table."""

    dashboard: Dashboard
    choices: Choices
    columns: tuple[str, ...]


@lru_cache(maxsize=32)
def _made_of(page: CurrentPage, then: CurrentPage | None) -> _Made:
    dashboard = dashboard_of(page.document, then.document if then else None)
    objectives = ((card.code, card.name) for card in dashboard.objectives if card.code)
    choices = choices_of(dashboard.rows, objectives)
    return _Made(dashboard, choices, filled_columns(dashboard.rows))


def _earlier(team: Team, week: date, label: str) -> date | None:
    try:
        earlier = weeks.parse(label, team.numbering) if label else week
    except ValueError:
        return None
    return earlier if earlier < week else None


def _aliases(team: Team) -> Aliases:
    names: dict[int, list[str]] = defaultdict(list)
    for project, name in Alias.objects.filter(team=team).values_list("project", "name"):
        names[project].append(name)
    return names
