from okrtracker.mail.models import SendState
from reports.models.channels import Channel
from reports.models.deliveries import Delivery, Reminder, ReminderKind, Subscriber
from reports.models.editions import Digest, Edition, EditionFile, FileKind
from reports.models.imports import ImportBatch, ImportRecord, RememberedColumns
from reports.models.page_imports import (
    ImportDoubt,
    ImportFile,
    ImportPage,
    ImportState,
    PageImport,
)
from reports.models.pages import Section, WeeklyPage
from reports.models.steps import Heartbeat, Step, WeekStep

__all__ = [
    "Channel",
    "Delivery",
    "Digest",
    "Edition",
    "EditionFile",
    "FileKind",
    "Heartbeat",
    "ImportBatch",
    "ImportDoubt",
    "ImportFile",
    "ImportPage",
    "ImportRecord",
    "ImportState",
    "PageImport",
    "RememberedColumns",
    "Reminder",
    "ReminderKind",
    "Section",
    "SendState",
    "Step",
    "Subscriber",
    "WeekStep",
    "WeeklyPage",
]
