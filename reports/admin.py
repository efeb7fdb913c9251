"""Administration of what is made of the facts; frozen and sent rows can only be looked at."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin

from projects.admin.bases import FactsAdmin, ReadOnlyAdmin, StackedInline
from reports.models import (
    Channel,
    Delivery,
    Digest,
    Edition,
    EditionFile,
    ImportBatch,
    ImportDoubt,
    ImportFile,
    ImportPage,
    ImportRecord,
    PageImport,
    RememberedColumns,
    Reminder,
    Section,
    Subscriber,
    WeeklyPage,
    WeekStep,
)


class SectionInline(StackedInline):
    model = Section
    autocomplete_fields = ("team", "objective")
    extra = 0


@admin.register(WeeklyPage)
class WeeklyPageAdmin(FactsAdmin):
    list_display = ("__str__", "team", "week", "title", "compiled_at")
    search_fields = ("title", "team__name")
    date_hierarchy = "week"
    autocomplete_fields = ("team",)
    readonly_fields = ("compiled_at",)
    inlines = (SectionInline,)


@admin.register(Section)
class SectionAdmin(ReadOnlyAdmin):
    """Sections are changed on the page they belong to."""

    list_display = ("__str__", "page", "kind", "position")
    list_filter: ClassVar[Any] = ("team", "kind")
    list_select_related = ("page__team",)
    search_fields = ("heading", "body")


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    list_display = ("page", "number", "published_by", "published_at")
    list_filter: ClassVar[Any] = ("team",)
    list_select_related = ("page__team", "published_by")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("recipient", "is_chat", "edition", "state", "attempts", "sent_at")
    list_filter: ClassVar[Any] = ("team", "is_chat", "state")
    list_select_related = ("edition__page__team",)
    search_fields = ("recipient",)


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    list_display = (
        *("user", "channel", "kind", "week", "team", "state"),
        *("requested_by", "requested_at", "sent_at"),
    )
    list_filter: ClassVar[Any] = ("team", "kind", "state")
    list_select_related = ("user", "channel", "team", "requested_by")


@admin.register(EditionFile)
class EditionFileAdmin(ReadOnlyAdmin):
    list_display = ("edition", "kind", "language", "sha256", "made_at")
    list_filter: ClassVar[Any] = ("team", "kind")
    list_select_related = ("edition__page__team",)
    exclude = ("content",)


@admin.register(Digest)
class DigestAdmin(ReadOnlyAdmin):
    list_display = ("edition", "team", "due_at", "prepared_at", "requested_by")
    list_filter: ClassVar[Any] = ("team",)
    list_select_related = ("edition__page__team", "team", "requested_by")


@admin.register(Subscriber)
class SubscriberAdmin(ReadOnlyAdmin):
    list_display = ("email", "name", "team", "confirmed_at", "unsubscribed_at")
    list_filter: ClassVar[Any] = ("team",)
    list_select_related = ("team",)
    search_fields = ("email", "name")


@admin.register(Channel)
class ChannelAdmin(ReadOnlyAdmin):
    """Address and secret are not shown."""

    list_display = ("name", "kind", "team", "is_active", "gets_digest", "gets_reminders")
    list_filter: ClassVar[Any] = ("team", "kind")
    list_select_related = ("team",)


@admin.register(WeekStep)
class WeekStepAdmin(ReadOnlyAdmin):
    list_display = ("week", "step", "team", "due_at", "done_at")
    list_filter: ClassVar[Any] = ("team", "step")
    list_select_related = ("team",)


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "team", "applied_by", "applied_at", "undone_at")
    list_filter: ClassVar[Any] = ("team",)
    list_select_related = ("team", "applied_by")


@admin.register(RememberedColumns)
class RememberedColumnsAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "team", "changed_by", "changed_at")
    list_filter: ClassVar[Any] = ("team",)
    list_select_related = ("team", "changed_by")


@admin.register(ImportRecord)
class ImportRecordAdmin(ReadOnlyAdmin):
    list_display = ("model", "object_id", "batch")
    list_filter: ClassVar[Any] = ("model",)
    list_select_related = ("batch",)


@admin.register(PageImport)
class PageImportAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "team", "state", "started_by", "started_at")
    list_filter: ClassVar[Any] = ("team", "state")
    list_select_related = ("team", "started_by")


@admin.register(ImportFile)
class ImportFileAdmin(ReadOnlyAdmin):
    list_display = ("name", "page_import", "size", "is_read", "pages")
    list_filter: ClassVar[Any] = ("team",)
    list_select_related = ("page_import",)
    exclude = ("data",)
    search_fields = ("name",)


@admin.register(ImportPage)
class ImportPageAdmin(ReadOnlyAdmin):
    list_display = ("source", "page_import", "week")
    list_filter: ClassVar[Any] = ("team",)
    list_select_related = ("page_import",)
    exclude = ("document",)
    search_fields = ("source",)


@admin.register(ImportDoubt)
class ImportDoubtAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "kind", "page_import", "decided_by", "decided_at")
    list_filter: ClassVar[Any] = ("team", "kind")
    list_select_related = ("page_import", "decided_by")
    search_fields = ("title",)
