"""The list of what needs somebody, for the dashboard's templates."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from projects.access import Access
from reports.dashboard.attention import AttentionBlock
from reports.dashboard.todo.groups import Group, groups_of
from reports.weekly.document import WeeklyDocument

register = template.Library()


@register.simple_tag
def todo_groups(
    access: Access, document: WeeklyDocument | None, attention: AttentionBlock | None
) -> tuple[Group, ...]:
    """The kinds that have rows; none where the week has no document."""
    if document is None or attention is None:
        return ()
    return groups_of(access, document, attention)


@register.simple_tag
def todo_count(groups: Iterable[Group]) -> int:
    """How many rows there are in all."""
    return sum(group.count for group in groups)
