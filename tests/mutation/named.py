"""Which tests are named for which module: they, and no others, have to notice what is wrong in it.

A name is a file of tests/projects, ``test_`` left out, or a path under tests/.
"""

from __future__ import annotations

NAMED: dict[str, str] = {
    # Who may, from where to where, what the law says
    "projects.rules.permissions": (
        "rights test_access accounts/test_scope adjust_screens beneficiary_registry carry_over contracts documents "
        "life_cycles norm_screens payments plan_screens previews progress project_screens refusals_of_states "
        "review_screens service_guards closed_pages reports/test_submitted_pages reports/test_submitted_reports"
    ),
    "projects.rules.workflow": (
        "life_cycles life_cycle_rules rights as_of_status contracts decisions refusals_of_reviews refusals_of_states "
        "review_screens what_letters_leave refusals_of_closed_years service_guards "
        "two_rounds two_rounds_enumerated"
    ),
    "projects.rules.hindrances": (
        "life_cycles life_cycle_rules rights as_of_status contracts decisions refusals_of_reviews refusals_of_states "
        "review_screens what_letters_leave refusals_of_closed_years service_guards discarding past_records "
        "two_rounds two_rounds_enumerated carried_lines"
    ),
    "projects.rules.transitions": (
        "life_cycles life_cycle_rules rights as_of_status contracts decisions refusals_of_reviews refusals_of_states "
        "review_screens what_letters_leave refusals_of_closed_years service_guards "
        "two_rounds two_rounds_enumerated"
    ),
    "projects.ledger.line_limits": (
        "limits payments carry_over contracts decision_natures decisions previews voucher_screens"
    ),
    "projects.rules.dossiers": (
        "files_of_both_sides internal_notes withdrawn_comments withdrawn_files documents norm_scans"
    ),
    "projects.rules.adjustments": "corrected_adjustments adjust_screens deciders cancelled_letters",
    "projects.rules.review_work": "sharing_a_review plain_lines review_list inbox refusals_of_reviews plan_screens",
    "projects.rules.double_acts": "double_acts",
    "projects.rules.deciders": "deciders decision_natures adjust_screens after_approval_edges carry_over decisions",
    "projects.rules.plan_years": "time_and_year copying",
    "projects.rules.norms": "norms norm_edges advance_edges eligibility norm_fields norm_screens unwise warnings",
    "projects.rules.priority": "priority priority_pages",
    "projects.rules.double_support": "double_support warnings warning_edges names_of_firms",
    "projects.rules.warnings": "warnings warning_edges eligibility norms unwise what_a_year_offers",
    # Writes
    "projects.services.adjust": (
        "adjust_screens after_approval_edges as_of corrected_adjustments notices refusals_of_adjusting "
        "values_that_cannot_be "
        "refusals_beside_fields refusals_of_days refusals_of_states"
    ),
    "projects.services.project_parts": (
        "project_screens beneficiaries codes drafts norm_fields parts_of_projects plan_amounts plan_screens "
        "records_as_they_stand refusals_of_projects stale_rows stale_saves values_that_cannot_be years "
        "refusals_of_adjusting refusals_beside_fields stored_choices what_a_year_offers"
    ),
    "projects.services.amounts": (
        "plan_amounts plan_amounts_together units_of_amounts refusals_of_projects values_that_cannot_be "
        "refusals_of_states service_guards"
    ),
    "projects.services.account_heads": "account_heads service_guards every_record_can_be_corrected",
    "projects.services.books": "books service_guards every_record_can_be_corrected",
    "projects.services.commitments": "commitments service_guards refusals_of_closed_years",
    "projects.services.estimates": "estimates service_guards refusals_of_states refusals_of_closed_years",
    "projects.services.beneficiaries": (
        "beneficiaries beneficiary_registry journal many_beneficiaries refusals_of_registry values_that_cannot_be"
    ),
    "projects.services.cancelling": "cancelled_letters dropped_lines",
    "projects.services.letter_undoing": "cancelled_letters dropped_lines two_rounds_enumerated",
    "projects.services.carry_over": (
        "carry_over carried_lines refusals_of_carry_over sent_twice values_that_cannot_be refusals_beside_fields "
        "refusals_of_days"
    ),
    "projects.services.contracts": (
        "contracts payments previews records_as_they_stand refusals_of_contracts values_that_cannot_be "
        "voucher_screens refusals_beside_fields refusals_of_days refusals_of_states service_guards"
    ),
    "projects.services.corrections": (
        "decision_natures adjust_screens after_approval_edges as_of notices previews records_as_they_stand "
        "refusals_of_corrections values_that_cannot_be refusals_beside_fields"
    ),
    "projects.services.decision_checks": (
        "decisions after_approval_edges assigned_money carry_over decision_natures payments refusals_of_carry_over "
        "records_as_they_stand refusals_of_letters sent_twice unwise values_that_cannot_be refusals_beside_fields "
        "refusals_of_days"
    ),
    "projects.services.decisions": (
        "decisions after_approval_edges as_of assigned_money decision_natures notices records_as_they_stand "
        "refusals_of_letters unwise values_that_cannot_be what_letters_leave refusals_beside_fields refusals_of_days "
        "refusals_of_states"
    ),
    "projects.services.discarding": "discarding service_guards",
    "projects.services.documents": (
        "documents files_of_both_sides full_disk norm_scans refusals_of_states sent_twice service_guards several_files "
        "values_that_cannot_be withdrawn_files"
    ),
    "projects.services.guards": (
        "service_guards refusals_of_closed_years refusals_of_days refusals_of_states dropped_lines withdrawn_files"
    ),
    "projects.services.history": (
        "journal project_screens refusals_of_registry stale_saves importing/test_organisation_lists"
    ),
    "projects.services.letter_heads": "letter_heads",
    "projects.services.letter_rows": (
        "decisions carry_over adjust_screens decision_natures records_as_they_stand refusals_of_carry_over "
        "refusals_of_letters sent_twice values_that_cannot_be refusals_beside_fields"
    ),
    "projects.services.money_checks": (
        "payments contracts previews refusals_of_contracts refusals_of_vouchers unwise voucher_screens "
        "refusals_beside_fields refusals_of_closed_years refusals_of_states"
    ),
    "projects.services.norms": "norm_scans norm_screens records_as_they_stand refusals_of_registry",
    "projects.services.paper_rows": "papers_stay",
    "projects.services.papers": "papers_stay service_guards",
    "projects.services.payments": (
        "payments contracts previews records_as_they_stand refusals_of_vouchers sent_twice unwise "
        "values_that_cannot_be voucher_screens refusals_beside_fields refusals_of_days refusals_of_states"
    ),
    "projects.services.plans": (
        "plan_screens service_guards values_that_cannot_be refusals_beside_fields refusals_of_projects"
    ),
    "projects.services.preview": "previews",
    "projects.services.progress": (
        "progress drafts_of_reports grid records_as_they_stand refusals_of_reports values_that_cannot_be "
        "refusals_beside_fields refusals_of_days refusals_of_states"
    ),
    "projects.services.many_projects": "importing/test_many_projects",
    "projects.services.admin_units": (
        "importing/test_unit_lists importing/test_unit_cells importing/test_unit_heirs importing/test_unit_service"
    ),
    "projects.services.organisations": "importing/test_organisation_lists importing/test_organisation_service",
    "projects.services.past_records": "past_records past_letters demo",
    "projects.services.past_letters": "past_letters past_pages annulment opening_stopped",
    "projects.services.past_events": "opening opening_letters opening_prepared opening_stopped annulment",
    "projects.services.money_rows": "contracts refusals_of_contracts opening opening_letters annulment",
    "projects.services.past_letter_lines": "past_letters past_pages",
    "projects.services.year_assessments": "year_assessments",
    "projects.services.project_entry": (
        "project_screens beneficiaries drafts norm_fields past_records records_as_they_stand refusals_of_projects "
        "stale_rows stale_saves values_that_cannot_be years refusals_beside_fields what_a_year_offers"
    ),
    "projects.services.projects": (
        "project_screens beneficiaries drafts norm_fields records_as_they_stand refusals_of_projects stale_rows "
        "stale_saves values_that_cannot_be years refusals_beside_fields"
    ),
    "projects.services.registry": (
        "beneficiary_registry beneficiaries refusals_of_registry values_that_cannot_be refusals_beside_fields"
    ),
    "projects.services.recommending": "recommended",
    "projects.services.review": (
        "two_rounds review_screens review_again appraisal_stays ledger notices records_as_they_stand "
        "refusals_of_reviews values_that_cannot_be refusals_beside_fields refusals_of_days withdrawn_comments"
    ),
    "projects.services.review_many": "plain_lines review_list service_guards",
    "projects.services.review_work": "sharing_a_review internal_notes service_guards",
    "projects.services.rounds": (
        "two_rounds plan_screens as_of_status decisions notice_recipients notices refusals_of_reviews review_screens "
        "warnings refusals_of_days refusals_of_states service_guards kept_words"
    ),
    "projects.services.steps": (
        "life_cycles contracts decisions life_cycle_rules notices review_screens refusals_of_reviews"
    ),
    "projects.services.storing": (
        "documents full_disk records_as_they_stand sent_twice values_that_cannot_be refusals_of_reports"
    ),
    "projects.services.letter_reasons": "unwise refusals_of_letters warning_edges warnings",
    "projects.services.warning_reasons": "warnings warning_edges refusals_beside_fields plan_warnings",
    "projects.services.years": (
        "years after_approval_edges carry_over refusals_of_closed_years refusals_of_projects refusals_of_states "
        "service_guards values_that_cannot_be"
    ),
}
# Of these the sets of statuses, levels and natures alone are tried.
SETS: dict[str, str] = {
    "projects.models.project": (
        "status_sets refusals_of_states adjust_screens decisions inbox progress project_screens review_screens "
        "voucher_screens warnings what_is_left what_letters_leave reports/test_lateness reports/test_rollups"
    ),
    "programmes.models.plan": (
        "status_sets refusals_of_states decisions plan_screens refusals_of_letters refusals_of_projects"
    ),
    "khuyencong.append_only": (
        "status_sets decision_natures decisions grid refusals_of_letters reports/test_rollups "
        "reports/test_catalogue_figures"
    ),
}


def path_of_tests(name: str) -> str:
    return f"tests/{name}.py" if "test_" in name else f"tests/projects/test_{name}.py"


TESTS = {module: tuple(map(path_of_tests, names.split())) for module, names in (NAMED | SETS).items()}
