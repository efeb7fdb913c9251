"""The writing addresses that need no guard against two people, each with the reason."""

from __future__ import annotations

from typing import Final

_STATE: Final = "it asks for a state; two who ask for the same get it once"
_GONE: Final = "it takes something away; the second finds it gone"
_PLACE: Final = "it moves the row by one place from where the sender saw it, or not at all"
_OWN: Final = "it changes only what is the sender's own"
_MAIL: Final = "it sends a mail; a brake and the ledger keep it to one"
_FIRST: Final = "only the first is taken; the second is shown what stands there"
_NAMES_BY_REASON: Final = {
    "it adds a row; the same sent twice adds one": "projects:comment_list",
    "it saves nothing": "projects:project_checkin_reading",
    _STATE: (
        "projects:team_claim projects:milestone_close projects:milestone_reopen "
        "projects:project_close projects:project_reopen projects:metric_alias_add "
        "projects:metric_merge_undo projects:project_merge_undo reports:subscription_confirm "
        "reports:import_again reports:import_cancel reports:import_apply reports:import_undo "
        "reports:channel_switch reports:week_leave_out "
        "projects:deputy_name projects:deputy_end projects:member_hand_over "
        "reports:checkin_undo"
    ),
    _FIRST: (
        "projects:team_start projects:question_answer projects:invitation_accept reports:publish "
        "reports:edition_final"
    ),
    "a name that has been settled meanwhile is passed over": "projects:setup_names",
    "its own two-person test: tests/projects/views/teams/test_setup.py": "projects:setup_projects",
    "its own two-person test: tests/projects/views/checkin/test_numbers.py": (
        "projects:checkin_numbers"
    ),
    "an entry that is there already is left as it is": "projects:project_confirm",
    "a move that was noted stays noted": "reports:moves_acknowledge",
    _OWN: (
        "projects:project_draft projects:project_draft_discard projects:account_address_confirm "
        "projects:account_keys projects:account_comments projects:account_forget "
        "projects:first_steps_dismiss "
        "reports:page_draft reports:page_draft_discard reports:digest_choice "
        "reports:subscription"
    ),
    _PLACE: (
        "projects:milestone_move projects:objective_move projects:key_result_move "
        "projects:stage_move reports:page_section_move"
    ),
    _GONE: (
        "projects:milestone_remove projects:alias_remove projects:metric_alias_remove "
        "projects:metric_merge_with projects:project_merge projects:cycle_delete "
        "projects:objective_delete projects:key_result_delete projects:question_withdraw "
        "projects:comment_remove projects:day_exception_remove projects:stage_remove "
        "projects:member_remove "
        "projects:invitation_withdraw reports:page_section_remove reports:subscriber_remove "
        "reports:channel_remove"
    ),
    "its own two-person test: tests/projects/views/portfolio/test_projects_bulk.py": (
        "projects:project_bulk"
    ),
    _MAIL: (
        "projects:invitation_resend projects:account_address reports:remind reports:remind_answers "
        "reports:digest_test "
        "reports:subscriber_resend reports:import_invite reports:channel_test "
        "reports:deliveries_resend reports:deliveries_add"
    ),
    "its own two-person test: tests/reports/views/pages/test_verdicts.py": (
        "reports:finding_verdict"
    ),
    "the same files sent twice are one import, and nothing is written by it": "reports:import_new",
    "its own two-person test: tests/reports/views/imports/test_review.py": (
        "reports:import_decide reports:import_correct"
    ),
}
OTHERS: Final = {
    name: reason for reason, names in _NAMES_BY_REASON.items() for name in names.split()
}
