from __future__ import annotations

from django.urls import path

from projects.views.checkin import checkin
from projects.views.home import home
from projects.views.invitation import invitation
from projects.views.invitation_accept import invitation_accept
from projects.views.invitation_resend import invitation_resend
from projects.views.invitation_withdraw import invitation_withdraw
from projects.views.member_invite import member_invite
from projects.views.member_list import member_list
from projects.views.member_remove import member_remove
from projects.views.member_role import member_role
from projects.views.project_checkin import project_checkin
from projects.views.project_checkin_reason import project_checkin_reason
from projects.views.project_detail import project_detail
from projects.views.project_list import project_list
from projects.views.project_new import project_new
from projects.views.question_ask import question_ask
from projects.views.question_withdraw import question_withdraw
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
    path("t/<slug:team>/projects/<int:project>/", project_detail, name="project_detail"),
    path("t/<slug:team>/projects/<int:project>/checkin/", project_checkin, name="project_checkin"),
    path(
        "t/<slug:team>/projects/<int:project>/checkin/milestones/<int:milestone>/reason/",
        project_checkin_reason,
        name="project_checkin_reason",
    ),
    path("t/<slug:team>/projects/<int:project>/questions/", question_ask, name="question_ask"),
    path(
        "t/<slug:team>/questions/<int:question>/withdraw/",
        question_withdraw,
        name="question_withdraw",
    ),
    path("teams/new/", team_new, name="team_new"),
    path("t/<slug:team>/setup/", team_setup, name="team_setup"),
    path("t/<slug:team>/settings/", team_settings, name="team_settings"),
    path("t/<slug:team>/settings/stages/", stage_list, name="stage_list"),
    path("t/<slug:team>/settings/stages/<int:stage>/", stage_rename, name="stage_rename"),
    path("t/<slug:team>/settings/stages/<int:stage>/move/", stage_move, name="stage_move"),
    path("t/<slug:team>/settings/stages/<int:stage>/remove/", stage_remove, name="stage_remove"),
    path("t/<slug:team>/members/", member_list, name="member_list"),
    path("t/<slug:team>/members/invite/", member_invite, name="member_invite"),
    path("t/<slug:team>/members/<int:membership>/role/", member_role, name="member_role"),
    path("t/<slug:team>/members/<int:membership>/remove/", member_remove, name="member_remove"),
    path(
        "t/<slug:team>/invitations/<int:invitation>/resend/",
        invitation_resend,
        name="invitation_resend",
    ),
    path(
        "t/<slug:team>/invitations/<int:invitation>/withdraw/",
        invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("t/<slug:team>/projects/new/", project_new, name="project_new"),
    path("invitations/accept/", invitation_accept, name="invitation_accept"),
    path("invitations/<str:token>/", invitation, name="invitation"),
]
