from projects.models.entries import (
    EntrySource,
    Health,
    Question,
    StatusEntry,
    WeekFacts,
)
from projects.models.incidents import Incident, IncidentCount
from projects.models.metrics import Metric, Reading
from projects.models.okrs import Cycle, Direction, KeyResult, Objective
from projects.models.teams import (
    Language,
    Membership,
    Role,
    Team,
    TeamOwned,
    User,
    WeekNumbering,
)
from projects.models.work import (
    Alias,
    DatePrecision,
    LedgerField,
    Milestone,
    ProgressChange,
    Project,
    Stage,
)

__all__ = [
    "Alias",
    "Cycle",
    "DatePrecision",
    "Direction",
    "EntrySource",
    "Health",
    "Incident",
    "IncidentCount",
    "KeyResult",
    "Language",
    "LedgerField",
    "Membership",
    "Metric",
    "Milestone",
    "Objective",
    "ProgressChange",
    "Project",
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
