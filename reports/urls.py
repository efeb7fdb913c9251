from __future__ import annotations

from django.urls import path

from reports.views.audit import audit, audit_export
from reports.views.checkin_undo import checkin_undo
from reports.views.dashboard import (
    dashboard,
    dashboard_export,
    dashboard_progress,
    week_dashboard,
)
from reports.views.digest.channels import (
    channel_edit,
    channel_list,
    channel_new,
    channel_remove,
    channel_switch,
    channel_test,
)
from reports.views.digest.deliveries import deliveries, deliveries_add, deliveries_resend
from reports.views.digest.preview import (
    digest_choice,
    digest_preview,
    digest_preview_html,
    digest_test,
)
from reports.views.digest.reminders import remind, remind_answers
from reports.views.digest.subscribers import (
    subscriber_add,
    subscriber_list,
    subscriber_remove,
    subscriber_resend,
)
from reports.views.digest.subscription import subscription, subscription_confirm
from reports.views.help import team_help
from reports.views.imports.imports import (
    import_again,
    import_apply,
    import_cancel,
    import_decisions,
    import_detail,
    import_invite,
    import_list,
    import_new,
    import_undo,
)
from reports.views.imports.review import (
    import_correct,
    import_decide,
    import_page,
    import_review,
)
from reports.views.moves import moves_acknowledge
from reports.views.objectives import objective_detail, objective_list
from reports.views.pages.editing import (
    page_draft,
    page_draft_discard,
    page_edit,
    page_outcome,
    page_section_move,
    page_section_remove,
)
from reports.views.pages.pdf import weekly_page_pdf
from reports.views.pages.publish import edition_final, publish, week_leave_out
from reports.views.pages.verdicts import finding_verdict
from reports.views.pages.week_run import week_run
from reports.views.pages.weekly_page import (
    edition_detail,
    edition_list,
    latest_page,
    week_archive,
    weekly_page,
    weekly_page_draft,
    weekly_page_export,
)

app_name = "reports"

urlpatterns = [
    path("t/<slug:team>/settings/audit/", audit, name="audit"),
    path("t/<slug:team>/settings/audit.csv", audit_export, name="audit_export"),
    path("t/<slug:team>/", dashboard, name="dashboard"),
    path("t/<slug:team>/help/", team_help, name="team_help"),
    path("t/<slug:team>/objectives/", objective_list, name="objective_list"),
    path("t/<slug:team>/objectives/<int:objective_id>/", objective_detail, name="objective_detail"),
    path("t/<slug:team>/weeks/", week_archive, name="week_archive"),
    path("t/<slug:team>/weeks/latest/", latest_page, name="latest_page"),
    path("t/<slug:team>/weeks/<str:label>/", weekly_page, name="weekly_page"),
    path("t/<slug:team>/weeks/<str:label>/draft/", weekly_page_draft, name="weekly_page_draft"),
    path("t/<slug:team>/weeks/<str:label>/pdf/", weekly_page_pdf, name="weekly_page_pdf"),
    path("t/<slug:team>/weeks/<str:label>/publish/", publish, name="publish"),
    path("t/<slug:team>/weeks/<str:label>/final/", edition_final, name="edition_final"),
    path("t/<slug:team>/weeks/<str:label>/leave-out/", week_leave_out, name="week_leave_out"),
    path("t/<slug:team>/weeks/<str:label>/editions/", edition_list, name="edition_list"),
    path(
        "t/<slug:team>/weeks/<str:label>/editions/<int:number>/",
        edition_detail,
        name="edition_detail",
    ),
    path("t/<slug:team>/weeks/<str:label>/digest/", digest_preview, name="digest_preview"),
    path(
        "t/<slug:team>/weeks/<str:label>/digest/html/",
        digest_preview_html,
        name="digest_preview_html",
    ),
    path("t/<slug:team>/weeks/<str:label>/digest/test/", digest_test, name="digest_test"),
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
    path(
        "t/<slug:team>/weeks/<str:label>/findings/<str:key>/",
        finding_verdict,
        name="finding_verdict",
    ),
    path("t/<slug:team>/weeks/<str:label>/edit/<str:field>/", page_edit, name="page_edit"),
    path("t/<slug:team>/weeks/<str:label>/edit/<str:field>/draft/", page_draft, name="page_draft"),
    path(
        "t/<slug:team>/weeks/<str:label>/edit/<str:field>/draft/discard/",
        page_draft_discard,
        name="page_draft_discard",
    ),
    path(
        "t/<slug:team>/weeks/<str:label>/outcomes/<int:item_id>/", page_outcome, name="page_outcome"
    ),
    path(
        "t/<slug:team>/weeks/<str:label>/sections/<int:section_id>/move/",
        page_section_move,
        name="page_section_move",
    ),
    path(
        "t/<slug:team>/weeks/<str:label>/sections/<int:section_id>/remove/",
        page_section_remove,
        name="page_section_remove",
    ),
    path(
        "t/<slug:team>/projects/<int:project_id>/checkin/undo/", checkin_undo, name="checkin_undo"
    ),
    path("t/<slug:team>/remind/", remind, name="remind"),
    path("t/<slug:team>/remind/answers/", remind_answers, name="remind_answers"),
    path("t/<slug:team>/moves/acknowledge/", moves_acknowledge, name="moves_acknowledge"),
    path(
        "t/<slug:team>/weeks/<str:label>/export.<str:ending>",
        weekly_page_export,
        name="weekly_page_export",
    ),
    path("t/<slug:team>/settings/subscribers/", subscriber_list, name="subscriber_list"),
    path("t/<slug:team>/settings/subscribers/add/", subscriber_add, name="subscriber_add"),
    path(
        "t/<slug:team>/settings/subscribers/<int:subscriber_id>/resend/",
        subscriber_resend,
        name="subscriber_resend",
    ),
    path(
        "t/<slug:team>/settings/subscribers/<int:subscriber_id>/remove/",
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
    path("t/<slug:team>/settings/channels/<int:channel_id>/", channel_edit, name="channel_edit"),
    path(
        "t/<slug:team>/settings/channels/<int:channel_id>/test/",
        channel_test,
        name="channel_test",
    ),
    path(
        "t/<slug:team>/settings/channels/<int:channel_id>/switch/",
        channel_switch,
        name="channel_switch",
    ),
    path(
        "t/<slug:team>/settings/channels/<int:channel_id>/remove/",
        channel_remove,
        name="channel_remove",
    ),
    path("t/<slug:team>/weeks/<str:label>/run/", week_run, name="week_run"),
    path("t/<slug:team>/weeks/<str:label>/deliveries/", deliveries, name="deliveries"),
    path(
        "t/<slug:team>/weeks/<str:label>/deliveries/resend/",
        deliveries_resend,
        name="deliveries_resend",
    ),
    path(
        "t/<slug:team>/weeks/<str:label>/deliveries/add/",
        deliveries_add,
        name="deliveries_add",
    ),
    path("t/<slug:team>/imports/", import_list, name="import_list"),
    path("t/<slug:team>/imports/new/", import_new, name="import_new"),
    path("t/<slug:team>/imports/<int:import_id>/", import_detail, name="import_detail"),
    path("t/<slug:team>/imports/<int:import_id>/review/", import_review, name="import_review"),
    path("t/<slug:team>/imports/<int:import_id>/again/", import_again, name="import_again"),
    path("t/<slug:team>/imports/<int:import_id>/cancel/", import_cancel, name="import_cancel"),
    path("t/<slug:team>/imports/<int:import_id>/invite/", import_invite, name="import_invite"),
    path("t/<slug:team>/imports/<int:import_id>/apply/", import_apply, name="import_apply"),
    path(
        "t/<slug:team>/imports/<int:import_id>/decisions/",
        import_decisions,
        name="import_decisions",
    ),
    path(
        "t/<slug:team>/imports/<int:import_id>/doubts/<int:doubt_id>/",
        import_decide,
        name="import_decide",
    ),
    path(
        "t/<slug:team>/imports/<int:import_id>/pages/<int:page_id>/",
        import_page,
        name="import_page",
    ),
    path(
        "t/<slug:team>/imports/<int:import_id>/pages/<int:page_id>/correct/",
        import_correct,
        name="import_correct",
    ),
    path("t/<slug:team>/imports/undo/<int:batch_id>/", import_undo, name="import_undo"),
]
