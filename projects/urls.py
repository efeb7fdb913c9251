from __future__ import annotations

from django.urls import path

from projects.views.checkin import checkin
from projects.views.home import home
from projects.views.project_checkin import project_checkin
from projects.views.project_checkin_reason import project_checkin_reason
from projects.views.project_detail import project_detail
from projects.views.question_ask import question_ask
from projects.views.question_withdraw import question_withdraw

app_name = "projects"

urlpatterns = [
    path("", home, name="home"),
    path("t/<slug:team>/checkin/", checkin, name="checkin"),
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
]
