from __future__ import annotations

from django.urls import path

from reports.views.channel_edit import channel_edit
from reports.views.channel_list import channel_list
from reports.views.channel_new import channel_new
from reports.views.channel_remove import channel_remove
from reports.views.channel_switch import channel_switch
from reports.views.channel_test import channel_test
from reports.views.dashboard import dashboard, week_dashboard
from reports.views.dashboard_export import dashboard_export
from reports.views.dashboard_progress import dashboard_progress
from reports.views.digest_choice import digest_choice
from reports.views.objective_detail import objective_detail
from reports.views.objective_list import objective_list
from reports.views.remind import remind
from reports.views.subscriber_add import subscriber_add
from reports.views.subscriber_list import subscriber_list
from reports.views.subscriber_remove import subscriber_remove
from reports.views.subscriber_resend import subscriber_resend
from reports.views.subscription import subscription
from reports.views.subscription_confirm import subscription_confirm
from reports.views.week_archive import week_archive
from reports.views.weekly_page import weekly_page
from reports.views.weekly_page_export import weekly_page_export

app_name = "reports"

urlpatterns = [
    path("t/<slug:team>/", dashboard, name="dashboard"),
    path("t/<slug:team>/objectives/", objective_list, name="objective_list"),
    path("t/<slug:team>/objectives/<int:objective>/", objective_detail, name="objective_detail"),
    path("t/<slug:team>/weeks/", week_archive, name="week_archive"),
    path("t/<slug:team>/weeks/<str:label>/", weekly_page, name="weekly_page"),
    path("t/<slug:team>/weeks/<str:label>/dashboard/", week_dashboard, name="week_dashboard"),
    path(
        "t/<slug:team>/weeks/<str:label>/dashboard/projects.<str:spreadsheet>",
        dashboard_export,
        name="dashboard_export",
    ),
    path(
        "t/<slug:team>/weeks/<str:label>/dashboard/progress/",
        dashboard_progress,
        name="dashboard_progress",
    ),
    path("t/<slug:team>/remind/", remind, name="remind"),
    path(
        "t/<slug:team>/weeks/<str:label>/export.<str:ending>",
        weekly_page_export,
        name="weekly_page_export",
    ),
    path("t/<slug:team>/settings/subscribers/", subscriber_list, name="subscriber_list"),
    path("t/<slug:team>/settings/subscribers/add/", subscriber_add, name="subscriber_add"),
    path(
        "t/<slug:team>/settings/subscribers/<int:subscriber>/resend/",
        subscriber_resend,
        name="subscriber_resend",
    ),
    path(
        "t/<slug:team>/settings/subscribers/<int:subscriber>/remove/",
        subscriber_remove,
        name="subscriber_remove",
    ),
    path("t/<slug:team>/subscription/", digest_choice, name="digest_choice"),
    path("subscription/<str:subscription>/", subscription, name="subscription"),
    path(
        "subscription/confirm/<str:confirmation>/",
        subscription_confirm,
        name="subscription_confirm",
    ),
    path("t/<slug:team>/settings/channels/", channel_list, name="channel_list"),
    path("t/<slug:team>/settings/channels/new/", channel_new, name="channel_new"),
    path("t/<slug:team>/settings/channels/<int:channel>/", channel_edit, name="channel_edit"),
    path(
        "t/<slug:team>/settings/channels/<int:channel>/test/",
        channel_test,
        name="channel_test",
    ),
    path(
        "t/<slug:team>/settings/channels/<int:channel>/switch/",
        channel_switch,
        name="channel_switch",
    ),
    path(
        "t/<slug:team>/settings/channels/<int:channel>/remove/",
        channel_remove,
        name="channel_remove",
    ),
]
