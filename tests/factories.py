"""Plain makers of records for tests: keyword-only, with sensible values for all that a test does not care about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from django.utils import timezone

from khuyencong.accounts.models import Membership, Organisation, User
from khuyencong.funding import FundingLevel, Nature
from programmes.models import (
    ActivityType,
    AdminUnit,
    AllocationEntry,
    AnnualPlan,
    Authority,
    Decision,
    FundingSource,
    PlanRound,
    Regulation,
)
from projects.ledger.remainders import approved_cells
from projects.models import Appraisal, AppraisalAnswer, CellKey, CostLine, PlanLine, Project, StatusChange
from projects.services.decisions import ApprovedChange, AssignedChange, record_decision
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.projects import create_project
from projects.services.review import CriterionAnswer, review_project
from projects.services.rounds import submit_round
from projects.services.steps import take_step
from reports.models import SubmittedReport
from reports.submitted.kinds import build_draft
from reports.submitted.submission import submit_report
from tests.there import there

SOURCES = {
    "KCQG": ("Kinh phí khuyến công quốc gia", "KCQG", FundingLevel.NATIONAL, 1),
    "KCDP": ("Kinh phí khuyến công địa phương", "KCĐP", FundingLevel.CITY, 2),
    "DOIUNG": ("Đối ứng của đơn vị thụ hưởng", "Đối ứng", FundingLevel.COUNTERPART, 3),
    "KHAC": ("Nguồn khác", "Nguồn khác", FundingLevel.OTHER, 4),
}
MILLION = 1_000_000


def source(code: str) -> FundingSource:
    """The funding source of that code; the first time with the others of the usual four."""
    found = FundingSource.objects.filter(code=code).first()
    if found:
        return found
    for other, (name, short_name, level, position) in SOURCES.items():
        words = {"name": name, "short_name": short_name, "level": level, "position": position}
        FundingSource.objects.get_or_create(code=other, defaults=words)
    return FundingSource.objects.get(code=code)


def activity(code: str = "134-1", name: str = "Đào tạo, truyền nghề") -> ActivityType:
    found = ActivityType.objects.filter(code=code).first()
    if found:
        return found
    law = {"number": "134/2004/NĐ-CP", "title": "Nghị định", "issued_on": dt.date(2004, 6, 9)}
    regulation, _created = Regulation.objects.get_or_create(code="ND134", defaults=law)
    words = {"regulation": regulation, "short_name": name, "legal_wording": name}
    return ActivityType.objects.get_or_create(code=code, defaults=words)[0]


def district(code: str = "315", name: str = "Huyện Tiên Lãng") -> AdminUnit:
    found = AdminUnit.objects.filter(code=code, kind="district").first()
    if found:
        return found
    ends = {"valid_to": dt.date(2025, 6, 30)}
    city = {"name": "Thành phố Hải Phòng"}
    province, _created = AdminUnit.objects.get_or_create(code="31", kind="province", **ends, defaults=city)
    words = {"name": name, "parent": province, **ends}
    return AdminUnit.objects.get_or_create(code=code, kind="district", defaults=words)[0]


def place_of(plan: AnnualPlan) -> AdminUnit:
    """A place that the plan may name: of its own province, in its year."""
    area, is_new = plan.organisation.province().area_code, plan.year > 2025
    if area == "31" and not is_new:
        return district()
    province = AdminUnit.objects.filter(code=area, kind="province").first()
    province = province or AdminUnit.objects.create(code=area, kind="province", name=f"Tỉnh {area}")
    kind, name = ("commune", "Xã Tiên Lãng") if is_new else ("district", "Huyện Hải Hà")
    found = AdminUnit.objects.filter(kind=kind, parent=province).first()
    return found or AdminUnit.objects.create(code=f"{area}99", kind=kind, name=name, parent=province)


def make_plan(*, organisation: Organisation, year: int = 2006) -> AnnualPlan:
    source("KCDP")
    return AnnualPlan.objects.create(organisation=organisation, year=year)


def make_project(
    *,
    plan: AnnualPlan,
    by: User,
    name: str = "Đào tạo nghề thêu ren",
    amounts: Mapping[str, int | None] | None = None,
    contents: Mapping[str, Mapping[str, int | None]] | None = None,
    places: Sequence[AdminUnit] | None = None,
    group: str = "Lao động nông thôn",
    kind: str = Project.Kind.GROUP,
    area_scope: str = Project.AreaScope.UNITS,
) -> Project:
    """A draft. ``amounts`` are đồng by source code for one content; ``contents`` the same by activity code."""
    wanted = contents or {"134-1": {"KCDP": 60 * MILLION} if amounts is None else amounts}
    data = ProjectInput(
        plan=plan,
        contents=[
            ContentInput(
                activity(code, f"Nội dung {code}") if code != "134-1" else activity(),
                {source(key): amount for key, amount in row.items()},
            )
            for code, row in wanted.items()
        ],
        places=[place_of(plan)] if places is None else places,
        supports=[SupportInput(group_description=group)] if group else [],
    )
    project = Project(name=name, kind=kind, area_scope=area_scope)
    return create_project(project=project, data=data, actor=by, is_another=True)


def submit_all(*, plan: AnnualPlan, by: User, on: dt.date | None = None) -> None:
    for plan_round in PlanRound.objects.filter(plan=plan).in_status("draft").order_by("pk"):
        submit_round(plan_round=plan_round, actor=by, on=on or dt.date(plan.year, 3, 1))


def office_person(*, role: str, plan: AnnualPlan) -> User:
    """Whoever holds the role over the plan's Department; one more person when the test has none."""
    department = there(plan.organisation.parent)
    found = User.objects.filter(memberships__role=role, memberships__scope=department).order_by("pk").first()
    if found:
        return found
    user = User.objects.create(username=f"factory_{role}", full_name=f"Người làm {role}")
    Membership.objects.create(user=user, scope=department, role=role)
    return user


def all_met() -> dict[str, CriterionAnswer]:
    """The five criteria, each met."""
    return {criterion: CriterionAnswer(AppraisalAnswer.Verdict.MET) for criterion in AppraisalAnswer.Criterion.values}


def review(
    *, plan_round: PlanRound, project: Project, by: User, conclusion: str = "accept", note: str = ""
) -> Appraisal:
    """Decides one line of a submitted round, in March or as soon as it came."""
    project = Project.objects.get(pk=project.pk)
    return review_project(
        plan_round=plan_round,
        project=project,
        conclusion=conclusion,
        answers=all_met() if conclusion == "accept" else {},
        note=note,
        actor=by,
        on=_day_of_review(project, plan_round.plan.year),
        version=project.version,
    )


def _day_of_review(record: Project | PlanRound, year: int) -> dt.date:
    """In March, or as soon as what it rests on was done."""
    steps = record.status_changes.all()
    if isinstance(record, PlanRound):
        steps |= StatusChange.objects.filter(project__lines__round=record)
    return max([dt.date(year, 3, 1), *steps.values_list("effective_on", flat=True)])


def forward_all(*, plan: AnnualPlan, reviewer: User | None = None, head: User | None = None) -> None:
    """Takes every submitted round of the plan through the Department: appraised, endorsed, forwarded."""
    reviewer = reviewer or office_person(role="reviewer", plan=plan)
    head = head or office_person(role="department_head", plan=plan)
    for plan_round in PlanRound.objects.filter(plan=plan).in_status("submitted").order_by("pk"):
        for line in PlanLine.objects.filter(round=plan_round).standing("submitted").order_by("project"):
            review(plan_round=plan_round, project=line.project, by=reviewer)
    for plan_round in PlanRound.objects.filter(plan=plan).in_status("submitted").order_by("pk"):
        on = _day_of_review(plan_round, plan.year)
        take_step(plan_round, "endorse", actor=reviewer, on=on)
        take_step(plan_round, "forward", actor=head, on=on)


def requested_cells(plan: AnnualPlan) -> dict[CellKey, int]:
    """What each line × content × state source asks for, in đồng."""
    costs = CostLine.objects.for_plans([plan]).state_money()
    return {(cost.plan_line_id, cost.component_id, cost.source_id): cost.amount_vnd for cost in costs}


def authority(level: str = Authority.Level.CITY) -> Authority:
    """Who issues letters at that level."""
    names = {"city": "UBND thành phố", "central": "Bộ Công Thương", "agency": "Cục", "department": "Sở Công Thương"}
    return Authority.objects.get_or_create(code=f"co-quan-{level}", defaults={"name": names[level], "level": level})[0]


def make_decision(
    *,
    organisation: Organisation | None,
    number: str = "341/UBND-CN",
    on: dt.date | None = None,
    level: str = Authority.Level.CITY,
    summary: str = "Phê duyệt, điều chỉnh kế hoạch",
    is_dated: bool = True,
) -> Decision:
    """An unsaved letter; recording it is the test's own step. Of one without a date the day is that from which it
    counts."""
    on = on or dt.date(2006, 6, 16)
    return Decision(
        organisation=there(organisation),
        authority=authority(level),
        number=number,
        issued_on=on if is_dated else None,
        is_date_unknown=not is_dated,
        effective_on=on,
        summary=summary,
    )


def decide(
    *,
    plan: AnnualPlan,
    by: User,
    assigned: Mapping[str, int] | None = None,
    approved: Mapping[CellKey, int] | None = None,
    number: str = "341/UBND-CN",
    on: dt.date | None = None,
    nature: str = Nature.ADJUSTMENT,
    level: str = Authority.Level.CITY,
    stopped: Collection[CellKey] = (),
    reason: str = "",
    is_dated: bool = True,
) -> Decision:
    """Records a letter with the amounts after it: assigned by source code, approved by cell.

    Rounds that are before the Department go through its hands first.
    """
    if approved:
        forward_all(plan=plan)
    standing = approved_cells(plan)
    allocations = AllocationEntry.objects.for_plans([plan]).of_standing_letters()
    before = {code: allocations.filter(source__code=code) for code in (assigned or {})}
    return record_decision(
        plan=plan,
        decision=make_decision(
            organisation=plan.organisation.parent, number=number, on=on, level=level, is_dated=is_dated
        ),
        assigned=[
            AssignedChange(source(code), before[code].total_vnd() if before[code].exists() else None, after)
            for code, after in (assigned or {}).items()
        ],
        approved=[
            ApprovedChange(key, standing.get(key), after, reason=reason, is_stop=key in stopped)
            for key, after in (approved or {}).items()
        ],
        nature=nature,
        actor=by,
    )


def approved_project(
    *, staff: User, head: User, department: User, plan: AnnualPlan | None = None, kind: str = Project.Kind.GROUP
) -> Project:
    """“Thêu ren”, sent and approved on 16 June with the 60 triệu of city money that it asks for."""
    plan = plan or make_plan(organisation=staff.memberships.get().scope)
    project = make_project(plan=plan, by=staff, name="Thêu ren", kind=kind)
    submit_all(plan=plan, by=head)
    decide(plan=plan, by=department, assigned={"KCDP": 60 * MILLION}, approved=requested_cells(plan))
    return Project.objects.get(pk=project.pk)


def submit_annual_report(*, by: User, on: dt.date = dt.date(2006, 12, 20)) -> SubmittedReport:
    """The annual report of 2006 for all that this person sees, as it is now."""
    draft = build_draft("annual", by, {"year": "2006"}, timezone.localdate())
    words = {"kind": draft.kind, "query": draft.query, "number": "", "note": ""}
    return submit_report(submitted_on=on, seen=draft.digest, actor=by, **words)
