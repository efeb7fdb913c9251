"""Administration of teams and of who belongs to them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from projects.access import signed_in
from projects.admin.bases import FactsAdmin, ModelAdmin, ReadOnlyAdmin, TabularInline
from projects.models import DayException, Deputy, Invitation, Membership, Stage, Team
from projects.portfolio import leads


class MembershipInline(TabularInline):
    model = Membership
    autocomplete_fields = ("user",)
    extra = 1


class StageInline(TabularInline):
    model = Stage
    extra = 1


@admin.register(Team)
class TeamAdmin(ModelAdmin):
    list_display = ("name", "slug", "language", "week_numbering", "time_zone")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembershipInline, StageInline)
    # A change that sends mails at once is asked about first, and a renumbering is recorded: by the
    # team's own settings alone.
    settings_fields = (
        *("time_zone", "week_numbering", "cutoff_time", "digest_time", "calendar", "idle_week"),
        *("digest_when", "publishes_itself", "starts_on"),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Team | None = None) -> tuple[str, ...]:
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, *self.settings_fields) if obj else fields

    def save_related(
        self, request: HttpRequest, form: ModelForm[Team], formsets: Any, change: bool
    ) -> None:
        """Whoever was added is given the projects that wait for their name."""
        super().save_related(request, form, formsets, change)
        leads.hand_over(form.instance, by=signed_in(request))


@admin.register(Membership)
class MembershipAdmin(ModelAdmin):
    list_display = ("user", "team", "role")
    list_filter: ClassVar[Any] = ("team", "role")
    list_select_related = ("user", "team")
    search_fields = ("user__username", "user__name", "team__name")
    autocomplete_fields = ("user", "team")

    def save_model(
        self, request: HttpRequest, obj: Membership, form: ModelForm[Membership], change: bool
    ) -> None:
        """Whoever was added is given the projects that wait for their name."""
        super().save_model(request, obj, form, change)
        leads.hand_over(obj.team, by=signed_in(request))


@admin.register(DayException)
class DayExceptionAdmin(ReadOnlyAdmin):
    list_display = ("day", "is_working", "note", "team")
    list_filter: ClassVar[Any] = ("team", "is_working")
    list_select_related = ("team",)
    search_fields = ("note",)


@admin.register(Stage)
class StageAdmin(FactsAdmin):
    list_display = ("name", "team", "position")
    search_fields = ("name",)
    autocomplete_fields = ("team",)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("email", "team", "role", "invited_by", "invited_at", "accepted_at")
    list_filter: ClassVar[Any] = ("team", "role")
    list_select_related = ("team", "invited_by")
    search_fields = ("email", "name")


@admin.register(Deputy)
class DeputyAdmin(ReadOnlyAdmin):
    """Deputies are named on the members page."""

    list_display = ("person", "deputy", "team", "first_day", "last_day", "ended_at")
    list_filter: ClassVar[Any] = ("team",)
    list_select_related = ("person__user", "deputy__user", "team")
