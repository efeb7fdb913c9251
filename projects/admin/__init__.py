"""Administration of what people enter. A change of a fact here makes its pages stale, too."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projects import facts
from projects.access import signed_in
from projects.admin import people  # noqa: F401  registers itself
from projects.forms.admin import NamedForm
from projects.models import (
    AccountNotice,
    Alias,
    AuditRecord,
    Comment,
    CommentMail,
    CommentNotice,
    Cycle,
    DayException,
    Deputy,
    Incident,
    IncidentCount,
    Invitation,
    KeyResult,
    Membership,
    Metric,
    MetricAlias,
    MetricMerge,
    Milestone,
    Objective,
    PlannedItem,
    ProgressChange,
    Project,
    ProjectMerge,
    Question,
    Reading,
    Stage,
    StatusEntry,
    Team,
    TeamOwned,
    WeekFacts,
)
from projects.portfolio import leads
from projects.text import names
from projects.text.numbers import plain

# Of django-allauth: addresses are the users' own field, and sessions are ended by their users.
admin.site.unregister([EmailAddress, UserSession])

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


@admin.register(Cycle)
class CycleAdmin(FactsAdmin):
    list_display = ("name", "team", "starts_on", "ends_on")
    search_fields = ("name",)
    autocomplete_fields = ("team",)


class KeyResultInline(TabularInline):
    model = KeyResult
    autocomplete_fields = ("team", "metric")
    extra = 0


@admin.register(Objective)
class ObjectiveAdmin(FactsAdmin):
    list_display = ("code", "name", "cycle", "team", "owner")
    list_filter: ClassVar[Any] = ("team", "cycle")
    search_fields = ("code", "name")
    autocomplete_fields = ("team", "cycle", "owner", "aligned_to")
    inlines = (KeyResultInline,)


@admin.register(KeyResult)
class KeyResultAdmin(FactsAdmin):
    list_display = ("metric", "objective", "baseline", "target")
    search_fields = ("metric__name", "objective__name")
    autocomplete_fields = ("team", "objective", "metric")


@admin.register(Project)
class ProjectAdmin(FactsAdmin):
    list_display = ("name", "team", "objective", "lead", "is_focus", "started_on", "closed_on")
    list_filter: ClassVar[Any] = ("team", "is_focus", "objective")
    search_fields = ("name", "aliases__name")
    autocomplete_fields = ("team", "objective", "lead")


@admin.register(Alias)
class AliasAdmin(FactsAdmin):
    list_display = ("name", "project", "team")
    search_fields = ("name", "project__name")
    autocomplete_fields = ("team", "project")

    def save_model(
        self,
        request: HttpRequest,
        obj: Any,
        form: ModelForm[Any],
        change: bool,
    ) -> None:
        obj.key = names.key(obj.name)
        super().save_model(request, obj, form, change)


class _PercentShown:
    @admin.display(description=_("percent complete"), ordering="percent")
    def percent_shown(self, row: Milestone | StatusEntry) -> str:
        """As every screen writes it."""
        return "" if row.percent is None else f"{plain(row.percent)}%"


@admin.register(Milestone)
class MilestoneAdmin(_PercentShown, FactsAdmin):
    """Percent and due date are moved by check-ins, which write the ledger; here they only show."""

    list_display = ("name", "project", "percent_shown", "due_on", "due_precision", "weight")
    search_fields = ("name", "project__name")
    autocomplete_fields = ("team", "project", "stage")
    readonly_fields = ("percent", "due_on", "due_precision", "closed_at")


@admin.register(ProgressChange)
class ProgressChangeAdmin(ReadOnlyAdmin):
    list_display = ("milestone", "week", "field", "__str__", "reason", "by", "at")
    list_filter: ClassVar[Any] = ("team", "field")
    list_select_related = ("milestone", "by")
    search_fields = ("milestone__name", "milestone__project__name", "reason")
    date_hierarchy = "week"


@admin.register(StatusEntry)
class StatusEntryAdmin(_PercentShown, FactsAdmin):
    list_display = ("project", "week", "health", "percent_shown", "author", "source", "reported_at")
    list_filter: ClassVar[Any] = ("team", "health", "source")
    search_fields = ("project__name", "text")
    date_hierarchy = "week"
    autocomplete_fields = ("team", "project", "stage", "objective", "author")
    readonly_fields = ("revision", "weighted_percent")


@admin.register(Question)
class QuestionAdmin(FactsAdmin):
    list_display = ("text", "project", "week", "asked_by", "answered_at")
    search_fields = ("text", "project__name")
    autocomplete_fields = ("team", "project", "asked_by", "answered_by")


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    """Comments are written and taken back under their entries; here is also what was taken back."""

    list_display = ("text", "project", "week", "author", "created_at", "removed_at")
    list_filter: ClassVar[Any] = ("team",)
    list_select_related = ("project", "author")
    search_fields = ("text", "project__name")
    date_hierarchy = "week"


@admin.register(CommentNotice)
class CommentNoticeAdmin(ReadOnlyAdmin):
    list_display = ("comment", "user", "is_mentioned", "taken_at", "mail")
    list_filter: ClassVar[Any] = ("team",)
    list_select_related = ("comment", "user", "mail__user")


@admin.register(CommentMail)
class CommentMailAdmin(ReadOnlyAdmin):
    list_display = ("user", "day", "team", "state", "sent_at")
    list_filter: ClassVar[Any] = ("team", "state")
    list_select_related = ("user", "team")


@admin.register(AccountNotice)
class AccountNoticeAdmin(ReadOnlyAdmin):
    list_display = ("user", "kind", "email", "created_at", "state", "sent_at")
    list_filter: ClassVar[Any] = ("kind", "state")
    list_select_related = ("user",)


@admin.register(Metric)
class MetricAdmin(FactsAdmin):
    list_display = ("name", "unit", "team", "project", "target", "direction")
    search_fields = ("name",)
    autocomplete_fields = ("team", "project")


@admin.register(Reading)
class ReadingAdmin(FactsAdmin):
    list_display = ("metric", "week", "value", "note")
    search_fields = ("metric__name", "note")
    date_hierarchy = "week"
    autocomplete_fields = ("team", "metric")


@admin.register(Incident)
class IncidentAdmin(FactsAdmin):
    list_display = ("occurred_at", "severity", "description", "detected_by", "recovered_at")
    list_filter: ClassVar[Any] = ("team", "severity")
    search_fields = ("description", "cause", "resolution", "text")
    date_hierarchy = "week"
    autocomplete_fields = ("team", "project", "reviewed_by")


@admin.register(IncidentCount)
class IncidentCountAdmin(FactsAdmin):
    list_display = ("week", "severity", "count", "team")
    list_filter: ClassVar[Any] = ("team", "severity")
    date_hierarchy = "week"
    autocomplete_fields = ("team",)


@admin.register(PlannedItem)
class PlannedItemAdmin(FactsAdmin):
    list_display = ("text", "week", "team", "outcome")
    list_filter: ClassVar[Any] = ("team", "outcome")
    search_fields = ("text",)
    date_hierarchy = "week"
    autocomplete_fields = ("team",)


@admin.register(AuditRecord)
class AuditRecordAdmin(ReadOnlyAdmin):
    list_display = ("at", "team", "by", "action", "subject")
    list_filter: ClassVar[Any] = ("team", "action")
    list_select_related = ("team", "by")
    search_fields = ("subject",)
    date_hierarchy = "at"


@admin.register(MetricAlias)
class MetricAliasAdmin(ReadOnlyAdmin):
    """Metrics are named on their own page."""

    list_display = ("name", "metric", "team")
    list_filter: ClassVar[Any] = ("team",)
    list_select_related = ("metric", "team")
    search_fields = ("name",)


@admin.register(ProjectMerge, MetricMerge)
class MergeAdmin(ReadOnlyAdmin):
    list_display = ("name", "kept", "by", "at", "undone_at")
    list_filter: ClassVar[Any] = ("team",)
    list_select_related = ("kept", "by")


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


@admin.register(WeekFacts)
class WeekFactsAdmin(ReadOnlyAdmin):
    list_display = ("week", "team", "revision", "changed_at")
    list_filter: ClassVar[Any] = ("team",)
    date_hierarchy = "week"


admin.site.site_header = admin.site.site_title = "OKR Tracker"
