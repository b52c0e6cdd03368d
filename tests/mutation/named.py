"""Which tests are named for which module: they, and no others, have to notice what is wrong in it.

A name is a file of tests/projects, ``test_`` left out, or a path under tests/.
"""

from __future__ import annotations

NAMED: dict[str, str] = {
    # Who may, from where to where, what the law says
    "projects.permissions": (
        "rights test_access accounts/test_scope adjust_screens beneficiary_registry carry_over contracts documents "
        "life_cycles norm_screens payments plan_screens previews progress project_screens review_screens "
        "reports/test_submitted_pages"
    ),
    "projects.workflow": "life_cycles rights as_of_status contracts decisions review_screens",
    "projects.limits": "payments carry_over contracts decision_natures decisions previews voucher_screens",
    "projects.deciders": "decision_natures adjust_screens after_approval_edges carry_over decisions",
    "projects.norms": "norms eligibility norm_fields norm_screens unwise warnings",
    "projects.warnings": "warnings eligibility norms unwise",
    # Writes
    "projects.services.adjust": "adjust_screens after_approval_edges as_of notices",
    "projects.services.amounts": "plan_amounts plan_amounts_together",
    "projects.services.beneficiaries": "beneficiaries beneficiary_registry journal",
    "projects.services.carry_over": "carry_over",
    "projects.services.contracts": "contracts payments previews voucher_screens",
    "projects.services.corrections": "decision_natures adjust_screens after_approval_edges as_of notices previews",
    "projects.services.decision_checks": (
        "decisions after_approval_edges assigned_money carry_over decision_natures payments unwise"
    ),
    "projects.services.decisions": (
        "decisions after_approval_edges as_of assigned_money decision_natures notices unwise"
    ),
    "projects.services.history": "journal project_screens stale_saves",
    "projects.services.money_checks": "payments contracts previews unwise voucher_screens",
    "projects.services.norms": "norm_screens",
    "projects.services.payments": "payments contracts previews unwise voucher_screens",
    "projects.services.preview": "previews",
    "projects.services.progress": "progress drafts_of_reports grid",
    "projects.services.projects": "project_screens beneficiaries drafts norm_fields stale_rows stale_saves years",
    "projects.services.review": "review_screens ledger notices",
    "projects.services.rounds": "plan_screens as_of_status decisions notice_recipients notices review_screens warnings",
    "projects.services.steps": "life_cycles contracts decisions notices review_screens",
    "projects.services.unwise": "unwise warnings",
    "projects.services.warnings": "warnings",
    "projects.services.years": "years after_approval_edges carry_over",
}


def path_of_tests(name: str) -> str:
    return f"tests/{name}.py" if "test_" in name else f"tests/projects/test_{name}.py"


TESTS = {module: tuple(map(path_of_tests, names.split())) for module, names in NAMED.items()}
