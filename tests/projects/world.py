"""One record of each kind in the state that a write asks for, made once for a test."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound, SupportNorm
from projects.models import (
    ApprovalEntry,
    Beneficiary,
    CellKey,
    Contract,
    CostLine,
    PaymentEntry,
    PlanLine,
    ProgressReport,
    Project,
    ReviewNote,
    Voucher,
)
from projects.services.adjust import Adjusted, adjust_project
from projects.services.books import close_books
from projects.services.contracts import record_contract
from projects.services.documents import attach_files, withdraw_document
from projects.services.past_letters import LetterHead, confirm_past_letter, prepare_past_letter, send_past_letter
from projects.services.past_records import StatedOutcome, enter_past_record
from projects.services.payments import PaymentInput, record_voucher
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.review import add_comment
from reports.submitted.kinds import build_draft
from tests.factories import (
    MILLION,
    activity,
    decide,
    district,
    make_decision,
    make_plan,
    make_project,
    requested_cells,
    source,
    submit_all,
)
from tests.there import there

ON = dt.date(2006, 7, 1)
WORKED_ON = ("contracted", "in_progress", "accepted", "settled", "task")
PDF = b"%PDF-1.4"


@dataclass
class World:
    """A plan of 2006 with a project in each status, and an empty plan of 2007."""

    plan: AnnualPlan
    following: AnnualPlan
    projects: dict[str, Project] = field(default_factory=dict)
    rounds: dict[str, PlanRound] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)

    def cell(self, name: str) -> CellKey:
        cost = CostLine.objects.get(plan_line__project=self.projects[name], source__code="KCDP")
        return (cost.plan_line_id, cost.component_id, cost.source_id)


def make_world(staff: User, head: User, department: User, accountant: User) -> World:
    """Told by the services as far as they go; statuses that would take a year to reach are set."""
    plan = make_plan(organisation=staff.memberships.get().scope)
    world = World(plan, make_plan(organisation=plan.organisation, year=2007))
    for name in ("approved", *WORKED_ON, "dropped"):
        make_project(plan=plan, by=staff, name=name, kind="task" if name == "task" else "group")
    submit_all(plan=plan, by=head)
    world.rows["dropped"] = PlanLine.objects.get(project__name="dropped")
    cells = {key: 0 if key[0] == world.rows["dropped"].pk else vnd for key, vnd in requested_cells(plan).items()}
    decide(plan=plan, by=department, assigned={"KCDP": 900 * MILLION}, approved=cells)
    for project in Project.objects.all():
        world.projects[project.name] = project
    for name in WORKED_ON:
        _force(world, name, "approved" if name == "task" else name)
    _under_review(world, staff, head)
    world.projects["draft"] = make_project(plan=plan, by=staff, name="draft", amounts={"KCQG": MILLION})
    world.rounds["draft"] = world.projects["draft"].lines.get().round
    _accounts(world, accountant)
    _papers(world, staff, department)
    world.rows["letter"] = there(ApprovalEntry.objects.first()).decision
    world.rows["report"] = ProgressReport.objects.create(
        project=world.projects["in_progress"], month=dt.date(2006, 6, 1), is_on_schedule=True, reported_by=staff
    )
    world.rows["helped"] = Beneficiary.objects.create(
        province=plan.organisation.province(), name="HTX Lật Dương", type="cooperative"
    )
    _past(world, staff, department)
    world.rows["mistaken"] = decide(
        plan=world.following, by=department, assigned={"KCQG": 2 * MILLION}, number="88/QĐ", on=dt.date(2007, 3, 2)
    )
    for year, name in ((2003, "open_books"), (2004, "closed_books")):
        world.rows[name] = make_plan(organisation=plan.organisation, year=year)
    close_books(plan=world.rows["closed_books"], reason="Hết năm", actor=department)
    contracted = world.projects["contracted"]
    world.rows["adjustment"] = adjust_project(
        project=contracted,
        plan=plan,
        decision=letter(world, "7/QĐ"),
        wanted=adjusted(),
        reason="Đổi",
        actor=department,
        version=contracted.version,
    )
    contracted.refresh_from_db()
    world.rows["norm"] = norm_row(world)
    world.rows["norm"].save()
    world.rows["draft"] = build_draft("annual", head, {"year": "2006"}, timezone.localdate())
    return world


def _papers(world: World, staff: User, department: User) -> None:
    """A file that stands, one that was withdrawn, and a remark, of the Centre's staff; a note of the Department."""
    project = world.projects["approved"]
    files = [SimpleUploadedFile(name, PDF + name.encode()) for name in ("a.pdf", "b.pdf")]
    world.rows["file"], wrong = attach_files(record=project, files=files, actor=staff)
    world.rows["wrong_file"] = withdraw_document(document=wrong, reason="Nhầm tệp", actor=staff)
    line = project.lines.get()
    world.rows["note"] = ReviewNote.objects.create(project=project, round=line.round, text="Giá cao", author=department)
    world.rows["remark"] = add_comment(project=project, text="Thiếu báo giá", actor=staff)


def _past(world: World, staff: User, department: User) -> None:
    """Of 2007: a past record, a letter that is prepared, one before the Department, and one that is confirmed."""
    data = replace(project_input(world), plan=world.following)
    project = Project(name="Của năm 2007", kind="group")
    enter_past_record(project=project, data=data, stated=StatedOutcome("unknown", "báo cáo năm 2007"), actor=staff)
    world.rows["past"] = project
    for name, code in (("open_letter", "KCDP"), ("waiting_letter", "KCDP"), ("confirmed_letter", "KCQG")):
        head = LetterHead(number=f"{name}/CV", issued_on=dt.date(2007, 3, 1))
        letter = prepare_past_letter(plan=world.following, head=head, assigned={source(code): MILLION}, actor=staff)
        world.rows[name] = letter
    for name in ("waiting_letter", "confirmed_letter"):
        send_past_letter(letter=world.rows[name], actor=staff)
    confirm_past_letter(letter=world.rows["confirmed_letter"], version=2, actor=department)


def _under_review(world: World, staff: User, head: User) -> None:
    """Rounds before the Department: one that waits, one of which a line is settled, endorsed and returned ones."""
    for number, name in enumerate(("sent", "judged", "returned", "settled", "endorsed", "untouched"), start=10):
        world.rounds[name] = PlanRound.objects.create(plan=world.plan, level="city", number=number)
    for name, home, status in (
        ("submitted", "judged", "submitted"),
        ("returned", "returned", "returned"),
        ("sent_back", "sent", "returned"),
        ("appraised", "judged", "appraised"),
        ("settled_line", "settled", "appraised"),
        ("endorsed_line", "endorsed", "appraised"),
        ("untouched_line", "untouched", "submitted"),
    ):
        world.projects[name] = make_project(plan=world.plan, by=staff, name=name)
        PlanLine.objects.filter(project=world.projects[name]).update(round=world.rounds[home])
        _force(world, name, status)
    for name, status in (
        ("judged", "submitted"),
        ("returned", "submitted"),
        ("settled", "submitted"),
        ("endorsed", "endorsed"),
        ("sent", "submitted"),
        ("untouched", "submitted"),
    ):
        PlanRound.objects.filter(pk=world.rounds[name].pk).update(status=status)
        world.rounds[name].refresh_from_db()


def _force(world: World, name: str, status: str) -> None:
    Project.objects.filter(pk=world.projects[name].pk).update(status=status)
    world.projects[name].refresh_from_db()


def _accounts(world: World, accountant: User) -> None:
    """A contract on the project under way, and a voucher with a line on it."""
    key = world.cell("in_progress")
    contract = Contract(project=world.projects["in_progress"], number="05/HĐ", signed_on=ON, partner="HTX")
    world.rows["contract"] = record_contract(contract=contract, amounts={key: 50 * MILLION}, actor=accountant)
    to_settle = Contract(project=world.projects["accepted"], number="04/HĐ", signed_on=ON, partner="HTX")
    record_contract(contract=to_settle, amounts={world.cell("accepted"): 60 * MILLION}, actor=accountant)
    voucher = Voucher(organisation=world.plan.organisation, number="PC-1", issued_on=ON)
    record_voucher(voucher=voucher, rows=[PaymentInput(key, "payment", 10 * MILLION)], actor=accountant)
    world.rows["payment"] = PaymentEntry.objects.get()


def norm_row(world: World, **words: Any) -> SupportNorm:
    common = {
        "code": "machinery",
        "regulation": activity().regulation,
        "clause": "Điều 1",
        "funding_level": "city",
        "province": world.plan.organisation.province(),
        "activity_type": activity(),
        "item": "Máy móc",
        "unit": "cơ sở",
        "max_percent": 50,
        "effective_from": dt.date(2006, 1, 1),
    }
    return SupportNorm(**common | words)


def adjusted() -> Adjusted:
    return Adjusted(None, dt.date(2006, 12, 15), "units", [district()], [SupportInput(group_description="Phụ nữ")])


def letter(world: World, number: str, **words: Any) -> Any:
    return make_decision(organisation=world.plan.organisation.parent, number=number, on=ON, **words)


def project_input(world: World) -> ProjectInput:
    content = ContentInput(activity(), {source("KCDP"): 60 * MILLION})
    return ProjectInput(world.plan, [content], [district()], [SupportInput(group_description="Lao động")])
