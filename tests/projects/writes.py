"""A call of every write of the services upon the records of :mod:`tests.projects.world`.

Each call makes what it stores anew, so that it can be tried by one person after another. Nothing here asks whether the
call is allowed: that is written in the test's own table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from khuyencong.accounts.models import Organisation, User
from programmes.models import Decision, PlanRound
from projects.models import ApprovalEntry, Beneficiary, Contract, ProgressReport, Project, Voucher
from projects.papers.letter_papers import approved_list_paper
from projects.papers.round_papers import PaperWords
from projects.rules.warnings import findings_of
from projects.services.account_heads import correct_account_head
from projects.services.adjust import adjust_project, correct_adjustment
from projects.services.admin_units import UnitEntry, save_units
from projects.services.amounts import AmountChange, update_amounts
from projects.services.beneficiaries import save_beneficiary, save_many_beneficiaries
from projects.services.books import close_books, reopen_books
from projects.services.cancelling import cancel_decision, restore_line
from projects.services.carry_over import carry_over
from projects.services.commitments import Signed, record_commitment
from projects.services.contracts import amend_contract, record_contract, settle_project
from projects.services.corrections import Correction, record_corrections
from projects.services.decisions import ApprovedChange, record_decision
from projects.services.discarding import discard_draft, discard_drafts
from projects.services.documents import attach_files, erase_document, withdraw_document
from projects.services.estimates import write_estimate
from projects.services.letter_heads import correct_head
from projects.services.many_projects import NewProject, create_projects
from projects.services.norms import add_norm, correct_norm, end_norm
from projects.services.organisations import OrganisationEntry, save_organisations
from projects.services.papers import make_paper
from projects.services.past_letters import (
    LetterHead,
    annul_past_letter,
    change_past_letter,
    confirm_past_letter,
    drop_past_letter,
    prepare_past_letter,
    recall_past_letter,
    return_past_letter,
    send_past_letter,
)
from projects.services.past_records import StatedOutcome, change_past_record, enter_past_record
from projects.services.payments import PaymentInput, RightAmount, correct_entries, record_voucher
from projects.services.plans import create_plan
from projects.services.progress import add_progress_report, change_progress_report
from projects.services.projects import create_project, update_project
from projects.services.review import add_comment, reconsider_line, review_project, withdraw_comment
from projects.services.review_many import accept_lines
from projects.services.review_work import add_review_note, assign_lines, set_deadline, withdraw_review_note
from projects.services.rounds import open_round, recall_round, resubmit_project, submit_round
from projects.services.steps import take_step
from projects.services.warning_reasons import give_reason, give_reasons
from projects.services.year_assessments import assess_year
from projects.services.years import join_plan
from reports.submitted.submission import submit_report
from tests.factories import MILLION, all_met, district, source
from tests.projects.world import ON, PDF, World, adjusted, letter, norm_row, project_input
from tests.there import there


def signed_on_paper() -> Signed:
    scan = SimpleUploadedFile("cam-ket.pdf", PDF + b" commitment")
    return Signed(True, True, ON, "Nguyễn Thị Hoa, chủ nhiệm HTX", files=[scan])


def _call_projects(world: World, actor: User) -> dict[str, Callable[[], Any]]:
    draft = world.projects["draft"]
    line = draft.lines.get()
    component = draft.components.get()

    def version(name: str) -> int:
        return Project.objects.get(pk=world.projects[name].pk).version

    def give() -> Any:
        findings = findings_of(draft, user=None).warnings
        return give_reason(project=draft, fingerprint=findings[0].fingerprint, reason="Đặc thù", actor=actor)

    def give_many() -> Any:
        fingerprints = [one.fingerprint for one in findings_of(draft, user=None).warnings]
        return give_reasons(answered={draft.pk: fingerprints}, reason="Đặc thù", actor=actor)

    change = AmountChange(component.pk, source("KCQG"), line.cost_lines.get().amount_vnd, 2 * MILLION)
    asked = {(world.projects["approved"].components.get().pk, source("KCDP")): MILLION}
    next_year: dict[str, Any] = {"plan": world.following, "asked": asked, "version": version("approved")}
    moved = adjusted()
    report = ProgressReport(month=dt.date(2006, 6, 1), is_on_schedule=True)
    stored: Any = ProgressReport.objects.get(pk=world.rows["report"].pk)
    stored.done = "Đã làm"
    amounts = {world.cell("in_progress"): MILLION}
    return {
        "plans.create_plan": lambda: create_plan(organisation=world.plan.organisation, year=2010, actor=actor),
        "projects.create_project": lambda: create_project(
            project=Project(name="Mới", kind="group"), data=project_input(world), actor=actor
        ),
        "year_assessments.assess_year": lambda: assess_year(
            plan=world.plan, assessment="Đạt kế hoạch.", directions="", seen=None, actor=actor
        ),
        "many_projects.create_projects": lambda: create_projects(
            plan=world.plan, entries=[NewProject(Project(name="Mới", kind="group"), project_input(world))], actor=actor
        ),
        "projects.update_project": lambda: update_project(
            project=copy(draft), data=project_input(world), version=version("draft"), actor=actor
        ),
        "estimates.write_estimate": lambda: write_estimate(
            project=draft, plan=world.plan, items=[], version=version("draft"), actor=actor
        ),
        "amounts.update_amounts": lambda: update_amounts(plan=world.plan, changes=[change], actor=actor),
        "commitments.record_commitment": lambda: record_commitment(
            project=draft, signed=signed_on_paper(), seen=None, actor=actor
        ),
        "years.join_plan": lambda: join_plan(project=world.projects["approved"], actor=actor, **next_year),
        "adjust.adjust_project": lambda: adjust_project(
            project=world.projects["approved"],
            plan=world.plan,
            decision=letter(world, "8/QĐ"),
            wanted=moved,
            reason="Đổi",
            actor=actor,
            version=version("approved"),
        ),
        "adjust.correct_adjustment": lambda: correct_adjustment(
            revision=world.rows["adjustment"],
            wanted=replace(moved, end_on=dt.date(2006, 11, 30)),
            reason="Ghi nhầm ngày",
            actor=actor,
            version=version("contracted"),
        ),
        "progress.add_progress_report": lambda: add_progress_report(
            project=world.projects["contracted"], report=report, amounts={}, actor=actor, version=version("contracted")
        ),
        "progress.change_progress_report": lambda: change_progress_report(
            project=world.projects["in_progress"],
            report=stored,
            amounts=amounts,
            reason="Gõ nhầm",
            actor=actor,
            version=version("in_progress"),
        ),
        "discarding.discard_draft": lambda: discard_draft(project=draft, actor=actor),
        "discarding.discard_drafts": lambda: discard_drafts(projects=[draft], actor=actor),
        "warning_reasons.give_reason": give,
        "warning_reasons.give_reasons": give_many,
        "review.add_comment": lambda: add_comment(project=draft, text="Bổ sung", actor=actor),
        "review.withdraw_comment": lambda: withdraw_comment(
            comment=world.rows["remark"], reason="Ghi nhầm đề án", actor=actor
        ),
        "documents.attach_files:project": lambda: attach_files(
            record=draft, files=[SimpleUploadedFile("a.pdf", PDF)], actor=actor
        ),
        "documents.attach_files:round": lambda: attach_files(
            record=world.rounds["draft"], files=[SimpleUploadedFile("a.pdf", PDF)], actor=actor
        ),
        "documents.withdraw_document": lambda: withdraw_document(
            document=world.rows["file"], reason="Nhầm tệp", actor=actor
        ),
        "documents.erase_document": lambda: erase_document(
            document=world.rows["wrong_file"], reason="Có số định danh", actor=actor
        ),
        "beneficiaries.save_beneficiary": lambda: save_beneficiary(
            beneficiary=Beneficiary(province=world.plan.organisation.province(), name="HTX", type="cooperative"),
            actor=actor,
        ),
        "beneficiaries.save_many_beneficiaries": lambda: save_many_beneficiaries(
            changed=[Beneficiary.objects.get(pk=world.rows["helped"].pk)], actor=actor
        ),
        "norms.add_norm": lambda: add_norm(norm=norm_row(world, code="startup", item="Khởi sự"), actor=actor),
        "documents.attach_files:norm": lambda: attach_files(
            record=world.rows["norm"], files=[SimpleUploadedFile("c.pdf", PDF)], actor=actor
        ),
        "organisations.save_organisations": lambda: save_organisations(
            entries=[OrganisationEntry(Organisation.objects.get(code="trung-tam-hai-phong"), "Nhập từ tệp")],
            actor=actor,
        ),
        "admin_units.save_units": lambda: save_units(
            entries=[UnitEntry(Organisation.objects.get(code="hai-phong"), district(), "Nhập từ tệp")], actor=actor
        ),
        "norms.correct_norm": lambda: correct_norm(
            norm=norm_row(world, pk=world.rows["norm"].pk, max_percent=30), seen=0, reason="Gõ nhầm", actor=actor
        ),
        "norms.end_norm": lambda: end_norm(norm=world.rows["norm"], effective_to=ON, reason="Có mức mới", actor=actor),
    }


def _call_past(world: World, actor: User) -> dict[str, Callable[[], Any]]:
    """Of 2007, of which the system saw no step."""
    data = replace(project_input(world), plan=world.following)
    stated = StatedOutcome("carried_out", "báo cáo năm 2007")
    head, assigned = LetterHead(number="8/CV", issued_on=dt.date(2007, 3, 1)), {source("KCDP"): MILLION}
    open_letter, waiting = world.rows["open_letter"], world.rows["waiting_letter"]
    old: Any = Project.objects.get(pk=world.rows["past"].pk)
    return {
        "past_records.enter_past_record": lambda: enter_past_record(
            project=Project(name="Cũ", kind="group"), data=data, stated=stated, actor=actor
        ),
        "past_records.change_past_record": lambda: change_past_record(
            project=old, data=data, stated=replace(stated, words="Xong"), version=old.version, actor=actor
        ),
        "past_letters.prepare_past_letter": lambda: prepare_past_letter(
            plan=world.following, head=head, assigned=assigned, actor=actor
        ),
        "past_letters.change_past_letter": lambda: change_past_letter(
            letter=open_letter, head=head, assigned=assigned, version=1, actor=actor
        ),
        "past_letters.drop_past_letter": lambda: drop_past_letter(letter=copy(open_letter), actor=actor),
        "past_letters.send_past_letter": lambda: send_past_letter(letter=open_letter, actor=actor),
        "past_letters.recall_past_letter": lambda: recall_past_letter(letter=waiting, actor=actor),
        "past_letters.return_past_letter": lambda: return_past_letter(
            letter=waiting, reason="Sai số", version=2, actor=actor
        ),
        "past_letters.annul_past_letter": lambda: annul_past_letter(
            letter=world.rows["confirmed_letter"], reason="Nhầm", version=3, actor=actor
        ),
        "past_letters.confirm_past_letter": lambda: confirm_past_letter(letter=waiting, version=2, actor=actor),
    }


def _digest_of_list(letter: Decision) -> str:
    """As whoever recorded the letter reads its list."""
    return there(approved_list_paper(letter, letter.recorded_by)).digest


def _call_rounds(world: World, actor: User) -> dict[str, Callable[[], Any]]:
    submitted = world.projects["submitted"]
    steps: dict[str, tuple[PlanRound | Project, str]] = {
        "round/return": (world.rounds["returned"], "return"),
        "round/endorse": (world.rounds["settled"], "endorse"),
        "round/reopen": (world.rounds["endorsed"], "reopen"),
        "round/forward": (world.rounds["endorsed"], "forward"),
        "project/withdraw": (world.projects["draft"], "withdraw"),
        "project/start": (world.projects["contracted"], "start"),
        "project/start_task": (world.projects["task"], "start_task"),
        "project/accept": (world.projects["in_progress"], "accept"),
        "project/liquidate": (world.projects["settled"], "liquidate"),
    }
    day = dt.date(2006, 8, 1)

    def step(name: str) -> Callable[[], Any]:
        record, code = steps[name]
        return lambda: take_step(record, code, actor=actor, on=day, reason="Lý do")

    return {
        "rounds.open_round": lambda: open_round(plan=world.plan, level="city", actor=actor),
        "rounds.submit_round": lambda: submit_round(plan_round=world.rounds["draft"], actor=actor, on=ON),
        "rounds.recall_round": lambda: recall_round(plan_round=world.rounds["untouched"], actor=actor, on=ON),
        "rounds.resubmit_project": lambda: resubmit_project(project=world.projects["sent_back"], actor=actor, on=ON),
        "review.reconsider_line": lambda: reconsider_line(
            plan_round=world.projects["appraised"].lines.get().round,
            project=world.projects["appraised"],
            actor=actor,
            on=day,
            reason="Lý do",
        ),
        "review.review_project": lambda: review_project(
            plan_round=world.rounds["judged"],
            project=submitted,
            conclusion="accept",
            answers=all_met(),
            note="",
            actor=actor,
            on=ON,
            version=Project.objects.get(pk=submitted.pk).version,
        ),
        "review_work.assign_lines": lambda: assign_lines(
            plan_round=world.rounds["judged"], projects=[submitted.pk], reviewer=None, actor=actor
        ),
        "review_work.set_deadline": lambda: set_deadline(
            plan_round=world.rounds["judged"], due_on=dt.date(2006, 9, 1), actor=actor
        ),
        "review_work.add_review_note": lambda: add_review_note(
            plan_round=world.rounds["judged"], project=submitted, text="Hỏi thêm Sở Tài chính", actor=actor
        ),
        "review_work.withdraw_review_note": lambda: withdraw_review_note(
            note=world.rows["note"], reason="Ghi nhầm đề án", actor=actor
        ),
        "review_many.accept_lines": lambda: accept_lines(
            plan_round=world.rounds["judged"],
            versions={submitted.pk: Project.objects.get(pk=submitted.pk).version},
            answers=all_met(),
            note="",
            actor=actor,
            on=ON,
        ),
        **{f"steps.take_step:{name}": step(name) for name in steps},
    }


def _call_money(world: World, actor: User) -> dict[str, Callable[[], Any]]:
    approved, running = world.cell("approved"), world.cell("in_progress")
    slip = ApprovalEntry.objects.get(plan_line=approved[0])
    contract = Contract(project=world.projects["approved"], number="06/HĐ", signed_on=ON, partner="HTX")
    return {
        "decisions.record_decision": lambda: record_decision(
            plan=world.plan,
            decision=letter(world, "9/QĐ"),
            assigned=[],
            nature="adjustment",
            actor=actor,
            approved=[ApprovedChange(approved, 60 * MILLION, 50 * MILLION)],
        ),
        "books.close_books": lambda: close_books(plan=world.rows["open_books"], reason="Hết năm", actor=actor),
        "books.reopen_books": lambda: reopen_books(plan=world.rows["closed_books"], reason="Còn sót", actor=actor),
        "papers.make_paper": lambda: make_paper(
            kind="approved-list",
            subject=world.rows["letter"],
            words=PaperWords(),
            seen=_digest_of_list(world.rows["letter"]),
            actor=actor,
        ),
        "corrections.record_corrections": lambda: record_corrections(
            decision=world.rows["letter"],
            corrections=[Correction(slip, 60 * MILLION, 55 * MILLION)],
            reason="Gõ nhầm",
            actor=actor,
        ),
        "cancelling.cancel_decision": lambda: cancel_decision(
            decision=world.rows["mistaken"], reason="Ghi nhầm", actor=actor
        ),
        "cancelling.restore_line": lambda: restore_line(
            decision=world.rows["letter"], line=world.rows["dropped"], reason="Gõ nhầm", actor=actor
        ),
        "letter_heads.correct_head": lambda: correct_head(
            decision=world.rows["mistaken"],
            head=LetterHead(number="89/QĐ", issued_on=dt.date(2007, 3, 2), authority=world.rows["mistaken"].authority),
            reason="Gõ nhầm",
            actor=actor,
        ),
        "carry_over.carry_over": lambda: carry_over(
            plan=world.plan,
            to_plan=world.following,
            decision=letter(world, "99/QĐ"),
            lines=[],
            free={source("KCDP"): MILLION},
            actor=actor,
        ),
        "documents.attach_files:decision": lambda: attach_files(
            record=world.rows["letter"], files=[SimpleUploadedFile("b.pdf", PDF)], actor=actor
        ),
        "contracts.record_contract": lambda: record_contract(
            contract=contract, amounts={approved: 60 * MILLION}, actor=actor
        ),
        "contracts.amend_contract": lambda: amend_contract(
            contract=world.rows["contract"],
            seen=world.rows["contract"].last_entry,
            actor=actor,
            paper="PL 1",
            on=ON,
            after={running: 40 * MILLION},
            reason="Giảm",
        ),
        "contracts.settle_project": lambda: settle_project(
            project=world.projects["accepted"],
            paper="QT-1",
            on=ON,
            amounts={world.cell("accepted"): 55 * MILLION},
            actor=actor,
        ),
        "account_heads.correct_account_head:contract": lambda: correct_account_head(
            record=world.rows["contract"], head={"partner": "HTX Lật Dương"}, seen=0, reason="Gõ nhầm", actor=actor
        ),
        "account_heads.correct_account_head:voucher": lambda: correct_account_head(
            record=world.rows["payment"].voucher, head={"payee": "HTX"}, seen=0, reason="Gõ nhầm", actor=actor
        ),
        "payments.record_voucher": lambda: record_voucher(
            voucher=Voucher(organisation=world.plan.organisation, number="PC-2", issued_on=ON),
            rows=[PaymentInput(approved, "advance", MILLION)],
            actor=actor,
        ),
        "submission.submit_report": lambda: submit_report(
            kind="annual",
            query=world.rows["draft"].query,
            seen=world.rows["draft"].digest,
            number="",
            note="",
            submitted_on=ON,
            actor=actor,
        ),
        "payments.correct_entries": lambda: correct_entries(
            rights=[RightAmount(world.rows["payment"], 9 * MILLION)], reason="Gõ nhầm", actor=actor
        ),
    }


def calls(world: World, actor: User) -> dict[str, Callable[[], Any]]:
    """Every write by its module and name; steps apart."""
    return (
        _call_projects(world, actor) | _call_past(world, actor) | _call_rounds(world, actor) | _call_money(world, actor)
    )
