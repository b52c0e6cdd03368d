"""Services act on what is stored: a record meddled with before the call, old, or handed in as new changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from copy import copy
from typing import Any

import pytest

from khuyencong.accounts.models import User
from programmes.models import AllocationEntry, AnnualPlan, Decision, PlanRound, Regulation, SupportNorm
from projects.models import (
    ApprovalEntry,
    Beneficiary,
    Contract,
    ContractEntry,
    PaymentEntry,
    ProgressReport,
    Project,
    Support,
    Voucher,
)
from projects.services.corrections import Correction, record_corrections
from projects.services.decisions import ApprovedChange, record_decision
from projects.services.norms import add_norm, end_norm
from projects.services.payments import PaymentInput, RightAmount, correct_entries, record_voucher
from projects.services.progress import add_progress_report, change_progress_report
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.projects import create_project
from projects.services.review import review_project
from tests.factories import MILLION, activity, all_met, make_plan, source
from tests.people import make_tree
from tests.projects.accounting import amend
from tests.projects.attempts import code_of
from tests.projects.world import ON, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(db: None) -> AnnualPlan:
    return make_plan(organisation=make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22").centre)


def create(world: World, actor: User, project: Project, **parts: Any) -> Callable[[], Project]:
    contents = [ContentInput(activity(), {source("KCDP"): MILLION})]
    data = ProjectInput(world.plan, contents, **parts)
    return lambda: create_project(project=project, data=data, actor=actor, is_another=True)


def test_a_stored_project_is_not_created_again(world: World, centre_staff: User) -> None:
    """Told that it is a draft, an approved one would be one again, of another organisation and author."""
    approved = copy(world.projects["approved"])
    approved.status, approved.officer = Project.Status.DRAFT, centre_staff
    assert code_of(create(world, centre_staff, approved)) == "stored"
    assert code_of(create(world, centre_staff, Project(pk=approved.pk, name="Mới", kind="group"))) == "stored"


def test_a_new_establishment_is_no_stored_one(world: World, centre_staff: User, elsewhere: AnnualPlan) -> None:
    """A row of the registry, here or elsewhere, does not change by being named as new in a project."""

    def said(**support: Any) -> str:
        project = Project(name="Máy may", kind="group")
        return code_of(create(world, centre_staff, project, supports=[SupportInput(**support)]))

    known = world.rows["helped"]
    abroad = Beneficiary.objects.create(
        province=elsewhere.organisation.province(), name="HTX Hải Hà", type="cooperative"
    )
    assert (said(beneficiary=known), said(new_beneficiary=known)) == ("done", "stored")
    assert said(beneficiary=abroad) == said(new_beneficiary=abroad) == "other_registry"
    abroad.province = known.province
    assert said(beneficiary=abroad) == said(new_beneficiary=abroad) == "other_registry"
    assert not Support.objects.filter(beneficiary__isnull=False).exists()


def test_a_report_stays_with_its_project_and_is_added_once(world: World, centre_staff: User) -> None:
    stored: Any = ProgressReport.objects.get(pk=world.rows["report"].pk)
    contracted, running = (Project.objects.get(pk=world.projects[name].pk) for name in ("contracted", "in_progress"))

    def words(project: Project) -> dict[str, Any]:
        return {
            "project": project, "report": stored, "amounts": {}, "actor": centre_staff, "version": project.version
        }  # fmt: skip

    stored.month = dt.date(2006, 5, 1)
    assert code_of(lambda: add_progress_report(**words(contracted))) == "stored"
    stored.project, stored.done = contracted, "Đã làm"
    change_progress_report(reason="Gõ nhầm", **words(running))
    kept = ProgressReport.objects.get(pk=stored.pk)
    assert (kept.project, kept.month, kept.done) == (running, dt.date(2006, 5, 1), "Đã làm")


def test_a_norm_and_its_document_are_not_written_over(world: World, administrator: User) -> None:
    norm: Any = SupportNorm.objects.get(pk=world.rows["norm"].pk)
    norm.max_percent = 99
    assert code_of(lambda: add_norm(norm=norm, actor=administrator)) == "stored"
    fresh = copy(norm)
    fresh.pk, fresh.code, fresh._state.adding = None, "khac", True
    law = Regulation.objects.get(code="ND134")
    law.title = "Văn bản khác"
    assert code_of(lambda: add_norm(norm=fresh, regulation=law, actor=administrator)) == "stored"
    # The State's norm is kept by nobody here, whatever province it is said to be of.
    SupportNorm.objects.filter(pk=norm.pk).update(province=None)
    assert code_of(lambda: end_norm(norm=norm, effective_to=ON, reason="Hết", actor=administrator)) == "not_allowed"


def test_a_recorded_letter_counts_as_it_was_recorded(world: World, department_head: User) -> None:
    letter: Any = Decision.objects.get(pk=world.rows["letter"].pk)
    day, key = letter.effective_on, world.cell("approved")
    letter.effective_on = letter.issued_on = dt.date(2006, 12, 1)
    letter.summary = "Giảm"
    change = ApprovedChange(key, 60 * MILLION, 50 * MILLION)
    record_decision(
        plan=world.plan, decision=letter, assigned=[], approved=[change], nature="adjustment", actor=department_head
    )
    entry: Any = ApprovalEntry.objects.latest("pk")
    assert (entry.amount_vnd, entry.effective_on) == (-10 * MILLION, day)


def test_what_is_put_right_is_what_stands_in_the_books(world: World, accountant: User, department_head: User) -> None:
    paid: Any = PaymentEntry.objects.get()
    paid.amount_vnd = 50 * MILLION
    paid.plan_line_id, paid.component_id, paid.source_id = world.cell("approved")
    correct_entries(rights=[RightAmount(paid, 9 * MILLION)], reason="Gõ nhầm", actor=accountant)
    rows = PaymentEntry.objects.order_by("pk")
    assert [row.amount_vnd for row in rows] == [10 * MILLION, -10 * MILLION, 9 * MILLION]
    assert {row.key for row in rows} == {world.cell("in_progress")}

    given: Any = AllocationEntry.objects.get(decision=world.rows["letter"])
    given.plan = world.following
    slip = Correction(given, 900 * MILLION, 800 * MILLION)
    record_corrections(decision=world.rows["letter"], corrections=[slip], reason="Gõ nhầm", actor=department_head)
    corrected = AllocationEntry.objects.filter(decision=world.rows["letter"])
    assert set(corrected.values_list("plan", flat=True)) == {world.plan.pk}


def test_a_contract_belongs_to_its_project(world: World, accountant: User) -> None:
    """Said to be of another project, it neither takes that one's money nor stands behind its payments."""
    contract: Any = Contract.objects.get(pk=world.rows["contract"].pk)
    contract.project, key = world.projects["approved"], world.cell("approved")
    words = {"paper": "PL 1", "on": ON, "reason": "Thêm", "actor": accountant}
    assert code_of(lambda: amend(contract, {key: MILLION}, **words)) != "done"
    assert set(ContractEntry.objects.filter(contract=contract).values_list("plan_line__project", flat=True)) == {
        world.projects["in_progress"].pk
    }
    contract.signed_on = dt.date(2006, 1, 1)
    early = {**words, "on": dt.date(2006, 6, 20)}
    after = {world.cell("in_progress"): 40 * MILLION}
    assert code_of(lambda: amend(contract, after, **early)) == "before_contract"
    voucher = Voucher(organisation=world.plan.organisation, number="PC-9", issued_on=ON)
    row = PaymentInput(key, "advance", MILLION, contract=contract)
    assert code_of(lambda: record_voucher(voucher=voucher, rows=[row], actor=accountant)) == "other_contract"


def test_the_appraisal_names_the_round_and_project_that_are_stored(world: World, reviewer: User) -> None:
    plan_round: Any = PlanRound.objects.get(pk=world.rounds["judged"].pk)
    plan_round.plan, plan_round.number, plan_round.status = world.following, 77, "draft"
    project: Any = Project.objects.get(pk=world.projects["submitted"].pk)
    project.name, project.organisation = "Tên khác", world.plan.organisation.parent
    made = review_project(
        plan_round=plan_round,
        project=project,
        conclusion="accept",
        answers=all_met(),
        note="",
        actor=reviewer,
        on=ON,
        version=project.version,
    )
    assert (made.sheet["plan"], made.sheet["name"]) == ("năm 2006, đợt 11 (KCĐP)", "submitted")
