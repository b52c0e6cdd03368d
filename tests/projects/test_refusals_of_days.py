"""What is recorded has happened: every write that takes a day takes today and refuses tomorrow, beside its field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from khuyencong.accounts.models import User
from programmes.models import Decision
from projects.models import Contract, ProgressReport, Project, Voucher
from projects.refusals import FutureDate
from projects.services.adjust import Adjusted, adjust_project
from projects.services.carry_over import carry_over
from projects.services.contracts import record_contract, settle_project
from projects.services.decisions import AssignedChange, record_decision
from projects.services.payments import PaymentInput, record_voucher
from projects.services.progress import add_progress_report, change_progress_report
from projects.services.project_parts import SupportInput
from projects.services.review import review_project
from projects.services.rounds import recall_round, resubmit_project, submit_round
from projects.services.steps import take_step
from tests.factories import MILLION, all_met, district, make_decision, source
from tests.projects.accounting import amend
from tests.projects.attempts import refusal_of
from tests.projects.world import World
from tests.stories import recorded

pytestmark = pytest.mark.django_db

TODAY = dt.date(2006, 8, 1)
TOMORROW = dt.date(2006, 8, 2)


def letter(world: World, *, issued_on: dt.date | None, effective_on: dt.date) -> Decision:
    found = make_decision(organisation=world.plan.organisation.parent, number="7/QĐ")
    found.issued_on, found.effective_on, found.is_date_unknown = issued_on, effective_on, issued_on is None
    return found


def writes(world: World, people: dict[str, User], day: dt.date) -> dict[str, tuple[Callable[[], Any], str]]:
    """By what happens on that day: the call, and the field beside which a future day is refused."""
    head, department, accountant = people["centre_head"], people["department_head"], people["accountant"]
    projects, rounds, plan = world.projects, world.rounds, world.plan
    version = dict(Project.objects.values_list("name", "version"))

    def decide(decision: Decision) -> Any:
        more = [AssignedChange(source("KCDP"), 900 * MILLION, 901 * MILLION)]
        return record_decision(
            plan=plan, decision=decision, assigned=more, approved=[], nature="supplement", actor=department
        )

    def adjust(decision: Decision) -> Any:
        wanted = Adjusted(None, None, "units", [district()], [SupportInput(group_description="Phụ nữ")])
        return adjust_project(
            project=projects["approved"],
            plan=plan,
            decision=decision,
            wanted=wanted,
            reason="Đổi",
            actor=department,
            version=version["approved"],
        )

    def carry(decision: Decision) -> Any:
        free = {source("KCDP"): MILLION}
        return carry_over(plan=plan, to_plan=world.following, decision=decision, lines=[], free=free, actor=department)

    def report(name: str, write: Callable[..., Any], one: ProgressReport) -> Any:
        one.month = day.replace(day=1) if day == TODAY else dt.date(2006, 9, 1)
        return write(project=projects[name], report=one, amounts={}, actor=head, version=version[name])

    def judge() -> Any:
        words: dict[str, Any] = {
            "conclusion": "accept",
            "answers": all_met(),
            "note": "",
            "version": version["submitted"],
        }
        plan_round = rounds["judged"]
        return review_project(
            plan_round=plan_round, project=projects["submitted"], actor=people["reviewer"], on=day, **words
        )

    def sign() -> Any:
        contract = Contract(project=projects["approved"], number="6/HĐ", signed_on=day, partner="HTX")
        return record_contract(contract=contract, amounts={world.cell("approved"): MILLION}, actor=accountant)

    def change() -> Any:
        after = {world.cell("in_progress"): 40 * MILLION}
        words = {"paper": "PL-1", "reason": "Giảm", "actor": accountant}
        return amend(world.rows["contract"], after, on=day, **words)

    def settle() -> Any:
        amounts = {world.cell("accepted"): MILLION}
        return settle_project(project=projects["accepted"], paper="QT", on=day, amounts=amounts, actor=accountant)

    def pay() -> Any:
        voucher = Voucher(organisation=plan.organisation, number="PC-9", issued_on=day)
        rows = [PaymentInput(world.cell("approved"), "advance", MILLION)]
        return record_voucher(voucher=voucher, rows=rows, actor=accountant)

    stored = ProgressReport.objects.get(pk=world.rows["report"].pk)
    return {
        "letter issued": (lambda: decide(letter(world, issued_on=day, effective_on=TODAY)), "issued_on"),
        "letter counts from": (lambda: decide(letter(world, issued_on=None, effective_on=day)), "effective_on"),
        "adjusted": (lambda: adjust(letter(world, issued_on=day, effective_on=day)), "issued_on"),
        "carried over": (lambda: carry(letter(world, issued_on=day, effective_on=day)), "issued_on"),
        "contract": (sign, "signed_on"),
        "amendment": (change, "on"),
        "settlement": (settle, "on"),
        "voucher": (pay, "issued_on"),
        "report": (lambda: report("contracted", add_progress_report, ProgressReport(is_on_schedule=True)), "month"),
        "report put right": (
            lambda: report("in_progress", partial(change_progress_report, reason="Nhầm"), stored),
            "month",
        ),
        "review": (judge, ""),
        "step": (lambda: take_step(projects["contracted"], "start", actor=head, on=day), ""),
        "round sent": (lambda: submit_round(plan_round=rounds["draft"], actor=head, on=day), ""),
        "round recalled": (lambda: recall_round(plan_round=rounds["untouched"], actor=head, on=day), ""),
        "sent again": (lambda: resubmit_project(project=projects["sent_back"], actor=head, on=day), ""),
    }


STEPS = {"step", "round sent", "round recalled", "sent again"}


def test_today_is_taken_and_tomorrow_refused_beside_its_field(world: World, people: dict[str, User]) -> None:
    with recorded(TODAY):
        done = {name: refusal_of(call) for name, (call, _field) in writes(world, people, TODAY).items()}
        assert done == dict.fromkeys(done)
        for name, (call, field) in writes(world, people, TOMORROW).items():
            refusal: Any = refusal_of(call)
            assert refusal is not None and "không được sau hôm nay" in str(refusal), name
            assert isinstance(refusal, FutureDate) != (name in STEPS), name
            assert set(getattr(refusal, "error_dict", {})) == ({field} if field else set()), name
