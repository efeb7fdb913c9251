from projects.forms.checkin import CheckInForm, after_conflict
from projects.forms.fields import DayField, PercentField, plain
from projects.forms.milestones import MilestoneForm, NewMilestoneForm, standing

__all__ = [
    "CheckInForm",
    "DayField",
    "MilestoneForm",
    "NewMilestoneForm",
    "PercentField",
    "after_conflict",
    "plain",
    "standing",
]
