from __future__ import annotations

from django.urls import path

from projects.views.checkin.comments import comment_list, comment_remove
from projects.views.checkin.entries import (
    project_checkin,
    project_checkin_milestones,
    project_checkin_reading,
    project_checkin_reason,
    project_confirm,
    project_draft,
    project_draft_discard,
)
from projects.views.checkin.numbers import checkin_numbers
from projects.views.checkin.page import checkin, checkin_owed, planned_item_outcome
from projects.views.checkin.questions import question_answer, question_ask, question_withdraw
from projects.views.manifest import favicon, manifest
from projects.views.objectives.cycles import cycle_delete, cycle_edit, cycle_new
from projects.views.objectives.key_results import (
    key_result_delete,
    key_result_edit,
    key_result_move,
    key_result_new,
    key_result_readings,
)
from projects.views.objectives.objectives import (
    objective_delete,
    objective_edit,
    objective_move,
    objective_new,
)
from projects.views.operations.incidents import (
    incident_edit,
    incident_list,
    incident_new,
    incident_review,
)
from projects.views.operations.metric_names import (
    metric_alias_add,
    metric_alias_remove,
    metric_merge_undo,
    metric_merge_with,
)
from projects.views.operations.metrics import metric_edit, metric_list, metric_new
from projects.views.portfolio.milestones import (
    milestone_close,
    milestone_move,
    milestone_remove,
    milestone_reopen,
    milestone_rows,
    project_milestones,
)
from projects.views.portfolio.project_settings import (
    alias_add,
    alias_remove,
    project_close,
    project_merge,
    project_merge_undo,
    project_place,
    project_reopen,
    project_settings,
)
from projects.views.portfolio.projects import (
    project_bulk,
    project_detail,
    project_list,
    project_new,
)
from projects.views.portfolio.stages import stage_add, stage_list, stage_move, stage_remove
from projects.views.teams.account import (
    account,
    account_address,
    account_address_confirm,
    account_comments,
    account_export,
    account_forget,
    account_keys,
)
from projects.views.teams.calendar import calendar, day_exception_add, day_exception_remove
from projects.views.teams.first_steps import first_steps_dismiss
from projects.views.teams.invitations import invitation, invitation_accept, invitation_closed
from projects.views.teams.members import (
    deputy_end,
    deputy_name,
    invitation_resend,
    invitation_withdraw,
    member_hand_over,
    member_invite,
    member_list,
    member_remove,
    member_roles,
)
from projects.views.teams.setup import (
    setup_names,
    setup_projects,
    team_claim,
    team_setup,
    team_start,
)
from projects.views.teams.team import home, team_new, team_settings

app_name = "projects"

urlpatterns = [
    path("", home, name="home"),
    path("favicon.ico", favicon, name="favicon"),
    path("manifest-<slug:language>.webmanifest", manifest, name="manifest"),
    path("t/<slug:team>/checkin/", checkin, name="checkin"),
    path("t/<slug:team>/checkin/owed/", checkin_owed, name="checkin_owed"),
    path("t/<slug:team>/checkin/numbers/", checkin_numbers, name="checkin_numbers"),
    path("t/<slug:team>/projects/", project_list, name="project_list"),
    path("t/<slug:team>/projects/<int:project_id>/", project_detail, name="project_detail"),
    path(
        "t/<slug:team>/projects/<int:project_id>/checkin/", project_checkin, name="project_checkin"
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/checkin/reading/",
        project_checkin_reading,
        name="project_checkin_reading",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/checkin/milestones/<int:milestone_id>/reason/",
        project_checkin_reason,
        name="project_checkin_reason",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/checkin/milestones/",
        project_checkin_milestones,
        name="project_checkin_milestones",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/milestones/",
        project_milestones,
        name="project_milestones",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/milestones/rows/",
        milestone_rows,
        name="milestone_rows",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/milestones/<int:milestone_id>/move/",
        milestone_move,
        name="milestone_move",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/milestones/<int:milestone_id>/close/",
        milestone_close,
        name="milestone_close",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/milestones/<int:milestone_id>/reopen/",
        milestone_reopen,
        name="milestone_reopen",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/milestones/<int:milestone_id>/remove/",
        milestone_remove,
        name="milestone_remove",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/settings/",
        project_settings,
        name="project_settings",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/settings/place/",
        project_place,
        name="project_place",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/settings/close/",
        project_close,
        name="project_close",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/settings/reopen/",
        project_reopen,
        name="project_reopen",
    ),
    path("t/<slug:team>/projects/<int:project_id>/settings/aliases/", alias_add, name="alias_add"),
    path(
        "t/<slug:team>/projects/<int:project_id>/settings/aliases/<int:alias_id>/remove/",
        alias_remove,
        name="alias_remove",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/settings/merge/",
        project_merge,
        name="project_merge",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/settings/merges/<int:project_merge_id>/undo/",
        project_merge_undo,
        name="project_merge_undo",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/checkin/confirm/",
        project_confirm,
        name="project_confirm",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/checkin/draft/",
        project_draft,
        name="project_draft",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/checkin/draft/discard/",
        project_draft_discard,
        name="project_draft_discard",
    ),
    path(
        "t/<slug:team>/questions/<int:question_id>/answer/", question_answer, name="question_answer"
    ),
    path(
        "t/<slug:team>/plan/<int:item_id>/outcome/",
        planned_item_outcome,
        name="planned_item_outcome",
    ),
    path("t/<slug:team>/projects/<int:project_id>/questions/", question_ask, name="question_ask"),
    path(
        "t/<slug:team>/questions/<int:question_id>/withdraw/",
        question_withdraw,
        name="question_withdraw",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/comments/<str:label>/",
        comment_list,
        name="comment_list",
    ),
    path("t/<slug:team>/comments/<int:comment_id>/remove/", comment_remove, name="comment_remove"),
    path("t/<slug:team>/cycles/new/", cycle_new, name="cycle_new"),
    path("t/<slug:team>/cycles/<int:cycle_id>/", cycle_edit, name="cycle_edit"),
    path("t/<slug:team>/cycles/<int:cycle_id>/delete/", cycle_delete, name="cycle_delete"),
    path(
        "t/<slug:team>/cycles/<int:cycle_id>/objectives/new/", objective_new, name="objective_new"
    ),
    path(
        "t/<slug:team>/objectives/<int:objective_id>/edit/", objective_edit, name="objective_edit"
    ),
    path(
        "t/<slug:team>/objectives/<int:objective_id>/move/", objective_move, name="objective_move"
    ),
    path(
        "t/<slug:team>/objectives/<int:objective_id>/delete/",
        objective_delete,
        name="objective_delete",
    ),
    path(
        "t/<slug:team>/objectives/<int:objective_id>/key-results/new/",
        key_result_new,
        name="key_result_new",
    ),
    path(
        "t/<slug:team>/objectives/<int:objective_id>/key-results/<int:key_result_id>/",
        key_result_edit,
        name="key_result_edit",
    ),
    path(
        "t/<slug:team>/objectives/<int:objective_id>/key-results/<int:key_result_id>/move/",
        key_result_move,
        name="key_result_move",
    ),
    path(
        "t/<slug:team>/objectives/<int:objective_id>/key-results/<int:key_result_id>/delete/",
        key_result_delete,
        name="key_result_delete",
    ),
    path(
        "t/<slug:team>/objectives/<int:objective_id>/key-results/readings/",
        key_result_readings,
        name="key_result_readings",
    ),
    path("teams/new/", team_new, name="team_new"),
    path("t/<slug:team>/first-steps/", first_steps_dismiss, name="first_steps_dismiss"),
    path("t/<slug:team>/setup/", team_setup, name="team_setup"),
    path("t/<slug:team>/setup/claim/", team_claim, name="team_claim"),
    path("t/<slug:team>/setup/names/", setup_names, name="setup_names"),
    path("t/<slug:team>/setup/projects/", setup_projects, name="setup_projects"),
    path("t/<slug:team>/setup/start/", team_start, name="team_start"),
    path("t/<slug:team>/settings/", team_settings, name="team_settings"),
    path("t/<slug:team>/settings/calendar/", calendar, name="calendar"),
    path(
        "t/<slug:team>/settings/calendar/exceptions/", day_exception_add, name="day_exception_add"
    ),
    path(
        "t/<slug:team>/settings/calendar/exceptions/<int:day_exception_id>/remove/",
        day_exception_remove,
        name="day_exception_remove",
    ),
    path("t/<slug:team>/settings/stages/", stage_list, name="stage_list"),
    path("t/<slug:team>/settings/stages/add/", stage_add, name="stage_add"),
    path("t/<slug:team>/settings/stages/<int:stage_id>/move/", stage_move, name="stage_move"),
    path("t/<slug:team>/settings/stages/<int:stage_id>/remove/", stage_remove, name="stage_remove"),
    path("t/<slug:team>/members/", member_list, name="member_list"),
    path("t/<slug:team>/members/invite/", member_invite, name="member_invite"),
    path("t/<slug:team>/members/deputies/", deputy_name, name="deputy_name"),
    path("t/<slug:team>/members/deputies/<int:deputy_id>/end/", deputy_end, name="deputy_end"),
    path("t/<slug:team>/members/roles/", member_roles, name="member_roles"),
    path(
        "t/<slug:team>/members/<int:membership_id>/hand-over/",
        member_hand_over,
        name="member_hand_over",
    ),
    path("t/<slug:team>/members/<int:membership_id>/remove/", member_remove, name="member_remove"),
    path(
        "t/<slug:team>/invitations/<int:invitation_id>/resend/",
        invitation_resend,
        name="invitation_resend",
    ),
    path(
        "t/<slug:team>/invitations/<int:invitation_id>/withdraw/",
        invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("t/<slug:team>/projects/bulk/", project_bulk, name="project_bulk"),
    path("t/<slug:team>/projects/new/", project_new, name="project_new"),
    path("account/", account, name="account"),
    path("account/export/", account_export, name="account_export"),
    path("account/forget/", account_forget, name="account_forget"),
    path("account/keys/", account_keys, name="account_keys"),
    path("account/comments/", account_comments, name="account_comments"),
    path("account/address/", account_address, name="account_address"),
    path("account/address/<str:address>/", account_address_confirm, name="account_address_confirm"),
    path("invitations/accept/", invitation_accept, name="invitation_accept"),
    path("invitations/closed/<str:reason>/", invitation_closed, name="invitation_closed"),
    path("invitations/<str:token>/", invitation, name="invitation"),
    path("t/<slug:team>/incidents/", incident_list, name="incident_list"),
    path("t/<slug:team>/incidents/new/", incident_new, name="incident_new"),
    path("t/<slug:team>/incidents/<int:incident_id>/", incident_edit, name="incident_edit"),
    path(
        "t/<slug:team>/incidents/<int:incident_id>/review/", incident_review, name="incident_review"
    ),
    path("t/<slug:team>/metrics/", metric_list, name="metric_list"),
    path("t/<slug:team>/metrics/new/", metric_new, name="metric_new"),
    path("t/<slug:team>/metrics/<int:metric_id>/", metric_edit, name="metric_edit"),
    path(
        "t/<slug:team>/metrics/<int:metric_id>/aliases/add/",
        metric_alias_add,
        name="metric_alias_add",
    ),
    path(
        "t/<slug:team>/metrics/<int:metric_id>/aliases/<int:metric_alias_id>/remove/",
        metric_alias_remove,
        name="metric_alias_remove",
    ),
    path(
        "t/<slug:team>/metrics/<int:metric_id>/merge/", metric_merge_with, name="metric_merge_with"
    ),
    path(
        "t/<slug:team>/metrics/<int:metric_id>/merges/<int:metric_merge_id>/undo/",
        metric_merge_undo,
        name="metric_merge_undo",
    ),
]
