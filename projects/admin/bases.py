"""What the pages of the administration have in common."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from projects import facts
from projects.forms.admin import NamedForm
from projects.models import TeamOwned

if TYPE_CHECKING:  # where they are generic; Django's own take no parameters
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    StackedInline = admin.StackedInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    TabularInline, StackedInline = admin.TabularInline, admin.StackedInline


class FactsAdmin(ModelAdmin):
    """Announces the weeks whose pages a saved or deleted row is printed on."""

    form = NamedForm
    list_filter: ClassVar[Any] = ("team",)
    list_per_page = 50
    show_full_result_count = False

    def save_model(
        self, request: HttpRequest, obj: TeamOwned, form: ModelForm[Any], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        weeks = _weeks_of(obj)
        if moved_from := form.initial.get("week"):
            weeks.add(moved_from)
        facts.announce(obj.team, weeks)

    def delete_model(self, request: HttpRequest, obj: TeamOwned) -> None:
        team, weeks = obj.team, _weeks_of(obj)
        super().delete_model(request, obj)
        facts.announce(team, weeks)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        deleted = [(row.team, _weeks_of(row)) for row in queryset.select_related("team")]
        super().delete_queryset(request, queryset)
        for team, weeks in deleted:
            facts.announce(team, weeks)


def _weeks_of(row: TeamOwned) -> set[date]:
    """A row with a week is printed on that week's page, any other on the present week's."""
    week = getattr(row, "week", None)
    return {week} if isinstance(week, date) else {row.team.this_week()}


class ReadOnlyAdmin(ModelAdmin):
    """For rows that only the program writes: they can be looked at, never changed."""

    def has_add_permission(self, *_args: Any) -> bool:
        return False

    def has_change_permission(self, *_args: Any) -> bool:
        return False

    def has_delete_permission(self, *_args: Any) -> bool:
        return False
