"""Every address of the site, and who may read and write there: what the authorisation tests and
the browser tests walk through.

A new URL is entered in ``WHO`` with the personas that may GET and those that may POST;
``NOBODY`` is for a method that the view does not have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import URLPattern, URLResolver, get_resolver, reverse

NOBODY: Final[frozenset[str]] = frozenset()
MANAGER: Final = frozenset({"manager"})
OF_PROJECT: Final = frozenset({"manager", "lead"})  # who may report on the project of the fixture
REPORTERS: Final = frozenset({"manager", "lead", "other_lead"})
MEMBERS: Final = REPORTERS | {"viewer"}
SIGNED_IN: Final = MEMBERS | {"outsider"}
EVERYBODY: Final = SIGNED_IN | {"anonymous"}


@dataclass(frozen=True, slots=True)
class Who:
    """The personas that may read (GET) and write (POST) an address."""

    reads: frozenset[str] = NOBODY
    writes: frozenset[str] = NOBODY


WHO: Final[dict[str, Who]] = {
    "projects:account_export": Who(SIGNED_IN),
    "projects:account_forget": Who(NOBODY, SIGNED_IN),
    "reports:audit": Who(MANAGER),
    "reports:audit_export": Who(MANAGER),
    "projects:home": Who(SIGNED_IN),
    "projects:favicon": Who(EVERYBODY),
    "projects:manifest": Who(EVERYBODY),
    "projects:checkin": Who(REPORTERS),
    "projects:checkin_owed": Who(REPORTERS),
    "projects:checkin_numbers": Who(NOBODY, REPORTERS),
    "projects:project_list": Who(MEMBERS),
    "projects:project_bulk": Who(NOBODY, MANAGER),
    "projects:project_detail": Who(MEMBERS),
    "projects:project_checkin": Who(OF_PROJECT, OF_PROJECT),
    "projects:project_checkin_reading": Who(NOBODY, OF_PROJECT),
    "projects:project_checkin_reason": Who(OF_PROJECT),
    "projects:project_confirm": Who(NOBODY, OF_PROJECT),
    "projects:project_draft": Who(NOBODY, OF_PROJECT),
    "projects:project_draft_discard": Who(NOBODY, OF_PROJECT),
    "projects:question_answer": Who(NOBODY, OF_PROJECT),
    "projects:planned_item_outcome": Who(NOBODY, OF_PROJECT),
    "projects:project_checkin_milestones": Who(OF_PROJECT),
    "projects:project_milestones": Who(OF_PROJECT, OF_PROJECT),
    "projects:milestone_rows": Who(NOBODY, OF_PROJECT),
    "projects:milestone_move": Who(NOBODY, OF_PROJECT),
    "projects:milestone_close": Who(NOBODY, OF_PROJECT),
    "projects:milestone_reopen": Who(NOBODY, OF_PROJECT),
    "projects:milestone_remove": Who(NOBODY, OF_PROJECT),
    "projects:project_settings": Who(OF_PROJECT, MANAGER),
    "projects:project_place": Who(NOBODY, MANAGER),
    "projects:project_close": Who(NOBODY, MANAGER),
    "projects:project_reopen": Who(NOBODY, MANAGER),
    "projects:alias_add": Who(NOBODY, OF_PROJECT),
    "projects:alias_remove": Who(NOBODY, OF_PROJECT),
    "projects:project_merge": Who(MANAGER, MANAGER),
    "projects:project_merge_undo": Who(NOBODY, MANAGER),
    "projects:incident_list": Who(MEMBERS),
    "projects:incident_new": Who(REPORTERS, REPORTERS),
    "projects:incident_edit": Who(REPORTERS, REPORTERS),
    "projects:incident_review": Who(REPORTERS, REPORTERS),
    "projects:metric_list": Who(MEMBERS, REPORTERS),
    "projects:metric_new": Who(MANAGER, MANAGER),
    "projects:metric_edit": Who(MANAGER, MANAGER),
    "projects:metric_alias_add": Who(NOBODY, MANAGER),
    "projects:metric_alias_remove": Who(NOBODY, MANAGER),
    "projects:metric_merge_with": Who(NOBODY, MANAGER),
    "projects:metric_merge_undo": Who(NOBODY, MANAGER),
    "projects:cycle_new": Who(MANAGER, MANAGER),
    "projects:cycle_edit": Who(MANAGER, MANAGER),
    "projects:cycle_delete": Who(NOBODY, MANAGER),
    "projects:objective_new": Who(MANAGER, MANAGER),
    "projects:objective_edit": Who(MANAGER, MANAGER),
    "projects:objective_move": Who(NOBODY, MANAGER),
    "projects:objective_delete": Who(NOBODY, MANAGER),
    "projects:key_result_new": Who(MANAGER, MANAGER),
    "projects:key_result_edit": Who(MANAGER, MANAGER),
    "projects:key_result_move": Who(NOBODY, MANAGER),
    "projects:key_result_delete": Who(NOBODY, MANAGER),
    "projects:comment_list": Who(MEMBERS, MEMBERS),
    "projects:comment_remove": Who(NOBODY, MANAGER),  # the manager's own in the fixture
    "projects:key_result_readings": Who(NOBODY, MANAGER),
    "projects:question_ask": Who(MANAGER, MANAGER),
    "projects:question_withdraw": Who(NOBODY, MANAGER),
    "projects:team_new": Who(SIGNED_IN, SIGNED_IN),
    "projects:team_setup": Who(MANAGER),
    "projects:team_claim": Who(NOBODY, MANAGER),
    "projects:first_steps_dismiss": Who(NOBODY, MEMBERS),
    "projects:team_start": Who(NOBODY, MANAGER),
    "projects:setup_names": Who(MANAGER, MANAGER),
    "projects:setup_projects": Who(MANAGER, MANAGER),
    "projects:team_settings": Who(MANAGER, MANAGER),
    "projects:calendar": Who(MANAGER),
    "projects:day_exception_add": Who(NOBODY, MANAGER),
    "projects:day_exception_remove": Who(NOBODY, MANAGER),
    "projects:stage_list": Who(MANAGER, MANAGER),
    "projects:stage_add": Who(NOBODY, MANAGER),
    "projects:stage_move": Who(NOBODY, MANAGER),
    "projects:stage_remove": Who(NOBODY, MANAGER),
    "projects:member_list": Who(MEMBERS),
    "projects:member_invite": Who(NOBODY, MANAGER),
    "projects:deputy_name": Who(NOBODY, REPORTERS),
    "projects:deputy_end": Who(NOBODY, OF_PROJECT),  # the lead is away in the fixture
    "projects:member_roles": Who(NOBODY, MANAGER),
    "projects:member_hand_over": Who(NOBODY, MANAGER),
    "projects:member_remove": Who(NOBODY, MANAGER),
    "projects:invitation_resend": Who(NOBODY, MANAGER),
    "projects:invitation_withdraw": Who(NOBODY, MANAGER),
    "projects:invitation": Who(EVERYBODY),
    "projects:invitation_accept": Who(NOBODY, EVERYBODY),
    "projects:invitation_closed": Who(EVERYBODY),
    "projects:account": Who(SIGNED_IN, SIGNED_IN),
    "projects:account_keys": Who(NOBODY, SIGNED_IN),
    "projects:account_comments": Who(NOBODY, SIGNED_IN),
    "projects:account_address": Who(NOBODY, SIGNED_IN),
    "projects:account_address_confirm": Who(SIGNED_IN, SIGNED_IN),
    "projects:project_new": Who(MANAGER, MANAGER),
    "reports:dashboard": Who(MEMBERS),
    "reports:team_help": Who(MEMBERS),
    "reports:dashboard_progress": Who(MEMBERS),
    "reports:checkin_undo": Who(NOBODY, OF_PROJECT),
    "reports:remind": Who(NOBODY, MANAGER),
    "reports:remind_answers": Who(NOBODY, MANAGER),
    "reports:moves_acknowledge": Who(NOBODY, MANAGER),
    "reports:finding_verdict": Who(MANAGER, MANAGER),
    "reports:page_edit": Who(MANAGER, MANAGER),
    "reports:page_draft": Who(NOBODY, MANAGER),
    "reports:page_draft_discard": Who(NOBODY, MANAGER),
    "reports:page_outcome": Who(NOBODY, MANAGER),
    "reports:page_section_move": Who(NOBODY, MANAGER),
    "reports:page_section_remove": Who(NOBODY, MANAGER),
    "reports:objective_list": Who(MEMBERS),
    "reports:objective_detail": Who(MEMBERS),
    "reports:week_archive": Who(MEMBERS),
    "reports:latest_page": Who(MEMBERS),
    "reports:weekly_page": Who(MEMBERS),
    "reports:week_run": Who(MANAGER),
    "reports:weekly_page_draft": Who(MEMBERS),
    "reports:publish": Who(MANAGER, MANAGER),
    "reports:edition_final": Who(NOBODY, MANAGER),
    "reports:week_leave_out": Who(NOBODY, MANAGER),
    "reports:edition_list": Who(MEMBERS),
    "reports:edition_detail": Who(MEMBERS),
    "reports:digest_preview": Who(MANAGER),
    "reports:digest_preview_html": Who(MANAGER),
    "reports:digest_test": Who(NOBODY, MANAGER),
    "reports:week_dashboard": Who(MEMBERS),
    "reports:dashboard_export": Who(MEMBERS),
    "reports:subscriber_list": Who(MANAGER),
    "reports:subscriber_add": Who(NOBODY, MANAGER),
    "reports:subscriber_resend": Who(NOBODY, MANAGER),
    "reports:subscriber_remove": Who(NOBODY, MANAGER),
    "reports:digest_choice": Who(MEMBERS, MEMBERS),
    "reports:subscription": Who(EVERYBODY, EVERYBODY),
    "reports:subscription_confirm": Who(EVERYBODY, EVERYBODY),
    "reports:channel_list": Who(MANAGER),
    "reports:channel_new": Who(MANAGER, MANAGER),
    "reports:channel_edit": Who(MANAGER, MANAGER),
    "reports:channel_test": Who(NOBODY, MANAGER),
    "reports:channel_switch": Who(NOBODY, MANAGER),
    "reports:channel_remove": Who(NOBODY, MANAGER),
    "reports:import_list": Who(MANAGER),
    "reports:import_new": Who(MANAGER, MANAGER),
    "reports:import_detail": Who(MANAGER),
    "reports:import_review": Who(MANAGER),
    "reports:import_decide": Who(MANAGER, MANAGER),
    "reports:import_page": Who(MANAGER),
    "reports:import_correct": Who(MANAGER, MANAGER),
    "reports:import_decisions": Who(MANAGER),
    "reports:import_again": Who(NOBODY, MANAGER),
    "reports:import_cancel": Who(NOBODY, MANAGER),
    "reports:import_apply": Who(NOBODY, MANAGER),
    "reports:import_invite": Who(NOBODY, MANAGER),
    "reports:import_undo": Who(MANAGER, MANAGER),
    "reports:weekly_page_export": Who(MEMBERS),
    "reports:weekly_page_pdf": Who(MEMBERS),
    "reports:deliveries": Who(MANAGER),
    "reports:deliveries_resend": Who(NOBODY, MANAGER),
    "reports:deliveries_add": Who(NOBODY, MANAGER),
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A named URL of ``projects`` or ``reports``, and the names of what it has to be given."""

    name: str
    parameters: frozenset[str]


def patterns() -> Iterator[Pattern]:
    """Those that the site really has."""
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and resolver.namespace in ("projects", "reports"):
            for pattern in resolver.url_patterns:
                assert isinstance(pattern, URLPattern)
                name = f"{resolver.namespace}:{pattern.name}"
                yield Pattern(name, frozenset(pattern.pattern.converters))


def path_of(pattern: Pattern, values: dict[str, object]) -> str:
    """The pattern's address, with those of the values that it asks for."""
    return reverse(pattern.name, kwargs={name: values[name] for name in pattern.parameters})
