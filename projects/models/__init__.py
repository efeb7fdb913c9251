from projects.models.audit import AuditRecord, ProjectMerge
from projects.models.comments import Comment, CommentMail, CommentNotice
from projects.models.deputies import Deputy
from projects.models.entries import (
    Draft,
    EntrySource,
    Health,
    LastSave,
    Question,
    StatusEntry,
    WeekFacts,
)
from projects.models.incidents import Incident, IncidentCount
from projects.models.metrics import Metric, MetricAlias, MetricMerge, Reading
from projects.models.milestones import (
    DatePrecision,
    LedgerField,
    Milestone,
    ProgressChange,
)
from projects.models.okrs import Cycle, Direction, KeyResult, Objective
from projects.models.people import AccountNotice, User
from projects.models.plans import Outcome, PlannedItem
from projects.models.teams import (
    CalendarKind,
    DayException,
    DigestTime,
    IdleWeek,
    Invitation,
    Language,
    Membership,
    Role,
    Team,
    TeamOwned,
    WeekNumbering,
)
from projects.models.work import Alias, Project, Stage

__all__ = [
    "AccountNotice",
    "Alias",
    "AuditRecord",
    "CalendarKind",
    "Comment",
    "CommentMail",
    "CommentNotice",
    "Cycle",
    "DatePrecision",
    "DayException",
    "Deputy",
    "DigestTime",
    "Direction",
    "Draft",
    "EntrySource",
    "Health",
    "IdleWeek",
    "Incident",
    "IncidentCount",
    "Invitation",
    "KeyResult",
    "Language",
    "LastSave",
    "LedgerField",
    "Membership",
    "Metric",
    "MetricAlias",
    "MetricMerge",
    "Milestone",
    "Objective",
    "Outcome",
    "PlannedItem",
    "ProgressChange",
    "Project",
    "ProjectMerge",
    "Question",
    "Reading",
    "Role",
    "Stage",
    "StatusEntry",
    "Team",
    "TeamOwned",
    "User",
    "WeekFacts",
    "WeekNumbering",
]
