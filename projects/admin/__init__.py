"""Administration of what people enter. A change of a fact here makes its pages stale, too."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projects.admin import people, teams  # noqa: F401  they register themselves
from projects.admin.bases import FactsAdmin, ReadOnlyAdmin, TabularInline
from projects.models import (
    AccountNotice,
    Alias,
    AuditRecord,
    Comment,
    CommentMail,
    CommentNotice,
    Cycle,
    Incident,
    IncidentCount,
    KeyResult,
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
    StatusEntry,
    WeekFacts,
)
from projects.text import names
from projects.text.numbers import plain

# Of django-allauth: addresses are the users' own field, and sessions are ended by their users.
admin.site.unregister(
    [Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken, UserSession]
)


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


@admin.register(WeekFacts)
class WeekFactsAdmin(ReadOnlyAdmin):
    list_display = ("week", "team", "revision", "changed_at")
    list_filter: ClassVar[Any] = ("team",)
    date_hierarchy = "week"


admin.site.site_header = admin.site.site_title = "OKR Tracker"
