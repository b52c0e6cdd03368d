"""Every write of the services and who may, written by hand."""

from __future__ import annotations

from dataclasses import dataclass

WRITERS = {"centre_staff", "centre_head"}
HEAD, REVIEWER, DEPARTMENT = {"centre_head"}, {"reviewer"}, {"department_head"}
ACCOUNTANT, ADMINISTRATOR = {"accountant"}, {"administrator"}


@dataclass(frozen=True)
class Rule:
    """Who may, and whether closed books stand in the way: of this year, of the next, or not at all."""

    roles: set[str]
    closed: str = "plan"


WRITES = {
    "plans.create_plan": Rule(WRITERS, ""),
    "projects.create_project": Rule(WRITERS),
    "projects.update_project": Rule(WRITERS),
    "discarding.discard_draft": Rule(WRITERS),
    "discarding.discard_drafts": Rule(WRITERS),
    "many_projects.create_projects": Rule(WRITERS),
    "past_records.enter_past_record": Rule(WRITERS, "following"),
    "year_assessments.assess_year": Rule(WRITERS),
    "past_records.change_past_record": Rule(WRITERS, "following"),
    "past_letters.prepare_past_letter": Rule(WRITERS, "following"),
    "past_letters.change_past_letter": Rule(WRITERS, "following"),
    "past_letters.drop_past_letter": Rule(WRITERS, "following"),
    "past_letters.send_past_letter": Rule(WRITERS, "following"),
    "past_letters.recall_past_letter": Rule(WRITERS, "following"),
    "past_letters.return_past_letter": Rule(DEPARTMENT, "following"),
    "past_letters.confirm_past_letter": Rule(DEPARTMENT, "following"),
    "past_letters.annul_past_letter": Rule(DEPARTMENT, "following"),
    "amounts.update_amounts": Rule(WRITERS),
    "estimates.write_estimate": Rule(WRITERS),
    "commitments.record_commitment": Rule(WRITERS),
    "years.join_plan": Rule(WRITERS, "following"),
    "adjust.adjust_project": Rule(DEPARTMENT),
    "adjust.correct_adjustment": Rule(DEPARTMENT),
    "progress.add_progress_report": Rule(WRITERS),
    "progress.change_progress_report": Rule(WRITERS),
    "warning_reasons.give_reason": Rule(WRITERS),
    "warning_reasons.give_reasons": Rule(WRITERS),
    "review.add_comment": Rule(WRITERS | REVIEWER | DEPARTMENT, ""),
    "review.review_project": Rule(REVIEWER),
    "review.reconsider_line": Rule(REVIEWER),
    "review_work.assign_lines": Rule(REVIEWER | DEPARTMENT),
    "review_work.set_deadline": Rule(DEPARTMENT),
    "review_work.add_review_note": Rule(REVIEWER | DEPARTMENT, ""),
    "review_work.withdraw_review_note": Rule(DEPARTMENT, ""),
    "review_many.accept_lines": Rule(REVIEWER),
    "review.withdraw_comment": Rule(HEAD, ""),
    "documents.attach_files:project": Rule(WRITERS | REVIEWER | DEPARTMENT, ""),
    "documents.attach_files:round": Rule(WRITERS | REVIEWER | DEPARTMENT, ""),
    "documents.attach_files:decision": Rule(WRITERS | REVIEWER | DEPARTMENT, ""),
    "documents.withdraw_document": Rule(HEAD),
    "documents.erase_document": Rule(HEAD | ADMINISTRATOR, ""),
    "beneficiaries.save_beneficiary": Rule(WRITERS, ""),
    "beneficiaries.save_many_beneficiaries": Rule(WRITERS, ""),
    "documents.attach_files:norm": Rule(ADMINISTRATOR, ""),
    "norms.add_norm": Rule(ADMINISTRATOR, ""),
    "norms.correct_norm": Rule(ADMINISTRATOR, ""),
    "norms.end_norm": Rule(ADMINISTRATOR, ""),
    "organisations.save_organisations": Rule(ADMINISTRATOR, ""),
    "admin_units.save_units": Rule(ADMINISTRATOR, ""),
    "rounds.open_round": Rule(WRITERS),
    "rounds.submit_round": Rule(HEAD),
    "rounds.recall_round": Rule(HEAD),
    "rounds.resubmit_project": Rule(HEAD),
    "steps.take_step:round/return": Rule(REVIEWER),
    "steps.take_step:round/endorse": Rule(REVIEWER),
    "steps.take_step:round/reopen": Rule(DEPARTMENT),
    "steps.take_step:round/forward": Rule(DEPARTMENT),
    "steps.take_step:project/withdraw": Rule(HEAD),
    "steps.take_step:project/start": Rule(WRITERS),
    "steps.take_step:project/start_task": Rule(WRITERS),
    "steps.take_step:project/accept": Rule(HEAD),
    "steps.take_step:project/liquidate": Rule(ACCOUNTANT),
    "decisions.record_decision": Rule(DEPARTMENT),
    "papers.make_paper": Rule(DEPARTMENT, ""),
    "corrections.record_corrections": Rule(DEPARTMENT),
    "cancelling.cancel_decision": Rule(DEPARTMENT, "following"),
    "cancelling.restore_line": Rule(DEPARTMENT),
    "letter_heads.correct_head": Rule(DEPARTMENT, "following"),
    "carry_over.carry_over": Rule(DEPARTMENT),
    "books.close_books": Rule(DEPARTMENT, ""),
    "books.reopen_books": Rule(DEPARTMENT, ""),
    "contracts.record_contract": Rule(ACCOUNTANT),
    "contracts.amend_contract": Rule(ACCOUNTANT),
    "contracts.settle_project": Rule(ACCOUNTANT),
    "account_heads.correct_account_head:contract": Rule(ACCOUNTANT),
    "account_heads.correct_account_head:voucher": Rule(ACCOUNTANT),
    "payments.record_voucher": Rule(ACCOUNTANT),
    "payments.correct_entries": Rule(ACCOUNTANT),
    "submission.submit_report": Rule(HEAD, ""),
}
