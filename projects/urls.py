from __future__ import annotations

from django.urls import path

from projects.views.account import account
from projects.views.account_address import account_address
from projects.views.account_address_confirm import account_address_confirm
from projects.views.alias_add import alias_add
from projects.views.alias_remove import alias_remove
from projects.views.calendar import calendar
from projects.views.checkin import (
    checkin,
    planned_item_outcome,
    project_checkin,
    project_checkin_milestones,
    project_checkin_reading,
    project_checkin_reason,
    project_confirm,
    project_draft,
    project_draft_discard,
)
from projects.views.cycle_delete import cycle_delete
from projects.views.cycle_edit import cycle_edit
from projects.views.cycle_new import cycle_new
from projects.views.day_exception_add import day_exception_add
from projects.views.day_exception_remove import day_exception_remove
from projects.views.home import home
from projects.views.incident_edit import incident_edit
from projects.views.incident_list import incident_list
from projects.views.incident_new import incident_new
from projects.views.incident_review import incident_review
from projects.views.invitation import invitation
from projects.views.invitation_accept import invitation_accept
from projects.views.invitation_closed import invitation_closed
from projects.views.invitation_resend import invitation_resend
from projects.views.invitation_withdraw import invitation_withdraw
from projects.views.key_result_delete import key_result_delete
from projects.views.key_result_edit import key_result_edit
from projects.views.key_result_move import key_result_move
from projects.views.key_result_new import key_result_new
from projects.views.key_result_reading import key_result_reading
from projects.views.member_invite import member_invite
from projects.views.member_list import member_list
from projects.views.member_remove import member_remove
from projects.views.member_role import member_role
from projects.views.metric_edit import metric_edit
from projects.views.metric_list import metric_list
from projects.views.metric_new import metric_new
from projects.views.milestones import (
    milestone_change,
    milestone_close,
    milestone_move,
    milestone_remove,
    milestone_reopen,
    project_milestones,
)
from projects.views.objective_delete import objective_delete
from projects.views.objective_edit import objective_edit
from projects.views.objective_move import objective_move
from projects.views.objective_new import objective_new
from projects.views.project_close import project_close
from projects.views.project_detail import project_detail
from projects.views.project_list import project_list
from projects.views.project_merge import project_merge
from projects.views.project_merge_undo import project_merge_undo
from projects.views.project_new import project_new
from projects.views.project_place import project_place
from projects.views.project_reopen import project_reopen
from projects.views.project_settings import project_settings
from projects.views.questions import question_answer, question_ask, question_withdraw
from projects.views.stage_list import stage_list
from projects.views.stage_move import stage_move
from projects.views.stage_remove import stage_remove
from projects.views.stage_rename import stage_rename
from projects.views.team_new import team_new
from projects.views.team_settings import team_settings
from projects.views.team_setup import team_setup

app_name = "projects"

urlpatterns = [
    path("", home, name="home"),
    path("t/<slug:team>/checkin/", checkin, name="checkin"),
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
        "t/<slug:team>/projects/<int:project_id>/milestones/<int:milestone_id>/",
        milestone_change,
        name="milestone_change",
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
        "t/<slug:team>/objectives/<int:objective_id>/key-results/<int:key_result_id>/reading/",
        key_result_reading,
        name="key_result_reading",
    ),
    path("teams/new/", team_new, name="team_new"),
    path("t/<slug:team>/setup/", team_setup, name="team_setup"),
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
    path("t/<slug:team>/settings/stages/<int:stage_id>/", stage_rename, name="stage_rename"),
    path("t/<slug:team>/settings/stages/<int:stage_id>/move/", stage_move, name="stage_move"),
    path("t/<slug:team>/settings/stages/<int:stage_id>/remove/", stage_remove, name="stage_remove"),
    path("t/<slug:team>/members/", member_list, name="member_list"),
    path("t/<slug:team>/members/invite/", member_invite, name="member_invite"),
    path("t/<slug:team>/members/<int:membership_id>/role/", member_role, name="member_role"),
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
    path("t/<slug:team>/projects/new/", project_new, name="project_new"),
    path("account/", account, name="account"),
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
]
