from projects.forms.answers import AnswerForm, answer_forms
from projects.forms.checkin import CheckInForm, reopened, with_both_texts
from projects.forms.fields import DayField, PercentField, plain
from projects.forms.found import taken
from projects.forms.milestones import MilestoneForm, NewMilestoneForm

__all__ = [
    "AnswerForm",
    "CheckInForm",
    "DayField",
    "MilestoneForm",
    "NewMilestoneForm",
    "PercentField",
    "answer_forms",
    "plain",
    "reopened",
    "taken",
    "with_both_texts",
]
