"""Who may do what: one table of rights, and pure predicates of (user, record) that ask it.

Pages ask the predicates, the page of rights prints the tables, tests enumerate both. What changes a status stands
in ``transitions.py``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import DELEGABLE, Organisation, Role, User
from khuyencong.funding import Nature
from khuyencong.text import inside_sentence
from programmes.models import AnnualPlan, PlanRound
from projects.models import (
    ApprovalEntry,
    Beneficiary,
    ContractEntry,
    PastLetter,
    PaymentEntry,
    Project,
    SettlementEntry,
    StatusChange,
)
from projects.models.review_work import NOTE_ROLES
from projects.rules.transitions import APPROVALS
from projects.rules.workflow import acting_people, closed_text, why_at_rest


@dataclass(frozen=True)
class Right:
    """Something that roles may do over the organisations of their scope."""

    code: str
    label: str | Promise
    roles: tuple[str, ...]

    def refusal(self) -> str:
        """What is said to whoever has none of the roles."""
        return gettext("Chỉ %(roles)s được %(right)s.") % {
            "roles": ", ".join(inside_sentence(Role(role).label) for role in self.roles),
            "right": inside_sentence(self.label),
        }


EVERY_ROLE = tuple(Role.values)
CENTRE_WRITERS = (Role.CENTRE_STAFF, Role.CENTRE_HEAD)
BOTH_SIDES = (*CENTRE_WRITERS, Role.REVIEWER, Role.DEPARTMENT_HEAD)

RIGHTS = {
    right.code: right
    for right in (
        Right("read", _("Xem kế hoạch, đề án, văn bản, lịch sử; xuất báo cáo"), EVERY_ROLE),
        Right("plan", _("Lập kế hoạch năm, mở đợt"), CENTRE_WRITERS),
        Right("assess", _("Ghi đánh giá chung, phương hướng, giải pháp của năm"), CENTRE_WRITERS),
        Right("write", _("Nhập, sửa, sao chép đề án; sửa kinh phí đề nghị"), CENTRE_WRITERS),
        Right(
            "attach",
            _("Đính kèm, rút tài liệu của đề án, đợt, văn bản"),
            BOTH_SIDES,
        ),
        Right(
            "erase_withdrawn",
            _("Xóa nội dung tài liệu đã rút"),
            (Role.CENTRE_HEAD, Role.DEPARTMENT_HEAD, Role.ADMINISTRATOR),
        ),
        Right("report", _("Báo cáo tiến độ"), CENTRE_WRITERS),
        Right("registry", _("Sửa danh bạ đơn vị thụ hưởng của tỉnh, thành phố"), CENTRE_WRITERS),
        Right("erase", _("Xóa tệp gốc của lần nhập từ Excel"), (Role.CENTRE_HEAD, Role.ADMINISTRATOR)),
        Right(
            "comment",
            _("Nêu, trả lời, rút ý kiến về đề án"),
            BOTH_SIDES,
        ),
        Right("review", _("Thẩm định từng đề án của đợt"), (Role.REVIEWER,)),
        Right("assign", _("Giao thẩm định, đặt hạn thẩm định của đợt"), (Role.DEPARTMENT_HEAD,)),
        Right("note", _("Ghi, đọc ghi chú nội bộ của Sở"), NOTE_ROLES),
        Right(
            "paper",
            _("Lập bảng tổng hợp, biên bản, tờ trình, dự thảo quyết định của đợt"),
            (Role.REVIEWER, Role.DEPARTMENT_HEAD),
        ),
        Right("decide", _("Ghi nhận quyết định giao, duyệt, bổ sung, điều chỉnh, ngừng"), (Role.DEPARTMENT_HEAD,)),
        Right("adjust", _("Điều chỉnh địa bàn, thời gian, thụ hưởng theo văn bản"), (Role.DEPARTMENT_HEAD,)),
        Right("correct", _("Đính chính số liệu ghi nhầm"), (Role.DEPARTMENT_HEAD,)),
        Right("books", _("Khóa sổ, mở lại sổ của năm"), (Role.DEPARTMENT_HEAD,)),
        Right("pay", _("Ghi hợp đồng, tạm ứng, thanh toán, thu hồi, quyết toán"), (Role.ACCOUNTANT,)),
        Right("submit_centre", _("Chốt báo cáo của Trung tâm"), (Role.CENTRE_HEAD,)),
        Right("submit_department", _("Chốt báo cáo của Sở"), (Role.DEPARTMENT_HEAD,)),
        Right("delegate", _("Ủy quyền vai trò của mình cho đồng nghiệp trong một thời gian"), DELEGABLE),
        Right("norms", _("Thêm, kết thúc mức hỗ trợ riêng của tỉnh, thành phố"), (Role.ADMINISTRATOR,)),
        Right("administer", _("Quản lý người dùng, danh mục dùng chung"), (Role.ADMINISTRATOR,)),
    )
}


def has(user: User, code: str, organisation_id: int) -> bool:
    """Whether the user holds that right over the organisation."""
    return user.holds(organisation_id, *RIGHTS[code].roles)


def has_anywhere(user: User, code: str) -> bool:
    return bool(user.organisation_ids_with(*RIGHTS[code].roles))


def why_closed(plan: AnnualPlan) -> str:
    """Says that the books of the year are closed; empty while they are open."""
    return closed_text([plan]) if plan.is_closed else ""


def why_not_write_plan(user: User, plan: AnnualPlan, code: str) -> str:
    """Why this user can't use that right on the plan now: to open a round, enter a project, type what is asked for."""
    return why_closed(plan) if has(user, code, plan.organisation_id) else RIGHTS[code].refusal()


def can_write_projects(user: User) -> bool:
    """Whether the user writes projects anywhere; decides if “Thêm đề án” is offered."""
    return has_anywhere(user, "write")


def why_not_edit(user: User, project: Project) -> str:
    """Why the project can't be changed by this user now; empty when it can."""
    if not has(user, "write", project.organisation_id):
        return RIGHTS["write"].refusal()
    return hindrance_to_editing(project) or why_at_rest(project)


def hindrance_to_editing(project: Project) -> str:
    """What in the state of the project keeps anybody from changing it; empty when nothing does. So for those below.

    Whether its year is closed is asked of its plans: by a page of :func:`why_at_rest`, by a service under their lock.
    """
    if project.status == Project.Status.DISCARDED:
        return gettext("Đề án đã bỏ, không sửa được.")
    if project.status not in Project.EDITABLE:
        return gettext("Đề án đã gửi hoặc đã duyệt, không sửa được ở đây.")
    return ""


def why_not_report(user: User, project: Project) -> str:
    if not has(user, "report", project.organisation_id):
        return RIGHTS["report"].refusal()
    return hindrance_to_reporting(project) or why_at_rest(project)


def hindrance_to_reporting(project: Project) -> str:
    """Of progress."""
    if project.status not in Project.REPORTABLE:
        return gettext("Chỉ báo cáo tiến độ khi đề án đã được duyệt và chưa kết thúc.")
    return ""


def why_not_join(user: User, project: Project) -> str:
    """Why the project can't be given a line in one more year's plan; a draft joins by its own form."""
    if not has(user, "write", project.organisation_id):
        return RIGHTS["write"].refusal()
    return hindrance_to_joining(project)


def hindrance_to_joining(project: Project) -> str:
    """Another year's plan. That earlier years are closed is no hindrance: money goes on into an open one."""
    if project.status not in Project.REPORTABLE:
        return gettext("Chỉ đưa đề án đã được duyệt và chưa kết thúc vào kế hoạch năm khác.")
    return ""


def why_not_assess(user: User, plan: AnnualPlan) -> str:
    """Why this user can't write the texts of the year now."""
    return why_not_write_plan(user, plan, "assess") or hindrance_to_assessing(plan, timezone.localdate())


def hindrance_to_assessing(plan: AnnualPlan, today: dt.date) -> str:
    """A year is looked back on once it has begun."""
    return _to_come(plan, today)


def hindrance_to_closing(plan: AnnualPlan, today: dt.date) -> str:
    """The books of a year to come are not closed, and none twice."""
    return why_closed(plan) or _to_come(plan, today)


def hindrance_to_reopening(plan: AnnualPlan) -> str:
    if plan.is_closed:
        return ""
    return gettext("Kế hoạch năm %(year)s chưa khóa sổ.") % {"year": plan.year}


def _to_come(plan: AnnualPlan, today: dt.date) -> str:
    return gettext("Chưa đến năm kế hoạch.") if plan.year > today.year else ""


def hindrance_to_past_records(plan: AnnualPlan, today: dt.date) -> str:
    """A record of the past goes round review and accounts, so it is of a year that is over, and of a plan of which the
    system saw no step: what was sent here was to be judged here."""
    if plan.year >= today.year:
        return gettext(
            "Nhập tay hồ sơ cũ chỉ dùng cho năm đã qua; năm nay thì dùng nút “Nhập từ Excel” ở trang kế hoạch."
        )
    if StatusChange.objects.ordinary_of_rounds(plan).exists():
        return gettext(
            "Kế hoạch năm %(year)s đã được gửi, thẩm định trên phần mềm, nên đề án của năm đó phải qua các "
            "bước này, không nhập thành hồ sơ cũ."
        ) % {"year": plan.year}
    return ""


def hindrance_to_opening(plan: AnnualPlan, today: dt.date) -> str:
    """A project that goes on is of a year that has begun; ordinary rounds may stand beside it, since its letter says
    when it was approved (:func:`hindrance_to_old_letter`)."""
    return _to_come(plan, today)


def hindrance_to_old_letter(plan: AnnualPlan, issued_on: dt.date | None, today: dt.date) -> str:
    """A letter of an old file is older than the first ordinary step of its plan: what was approved since then was to be
    sent and judged here."""
    if refusal := hindrance_to_opening(plan, today):
        return refusal
    steps = StatusChange.objects.ordinary_of_rounds(plan)
    began = steps.order_by("effective_on").values_list("effective_on", flat=True).first()
    if began is None or (issued_on is not None and issued_on <= began):
        return ""
    text = (
        gettext(
            "Kế hoạch năm %(year)s đã thực hiện các bước trên phần mềm từ %(on)s: văn bản cũ phải rõ ngày ban hành."
        )
        if issued_on is None
        else gettext(
            "Kế hoạch năm %(year)s đã thực hiện các bước trên phần mềm từ %(on)s: văn bản ban hành sau ngày đó "
            "phải qua các bước này, không nhập thành hồ sơ cũ."
        )
    )
    return text % {"year": plan.year, "on": f"{began:%d/%m/%Y}"}


def why_not_prepare_letters(user: User, plan: AnnualPlan) -> str:
    """Why this user can't prepare letters of old files of that year."""
    return why_not_write_plan(user, plan, "write") or hindrance_to_opening(plan, timezone.localdate())


def why_not_enter_past(user: User, plan: AnnualPlan) -> str:
    """Why this user can't enter past records of that year by hand."""
    return why_not_write_plan(user, plan, "write") or hindrance_to_past_records(plan, timezone.localdate())


def why_not_change_past(user: User, project: Project) -> str:
    """Why this user can't put the past record right now."""
    if not has(user, "write", project.organisation_id):
        return RIGHTS["write"].refusal()
    return hindrance_to_past_change(project) or why_at_rest(project)


def why_not_prepare_past(user: User, letter: PastLetter) -> str:
    """Why this user can't change, send or drop the letter now."""
    return why_not_write_plan(user, letter.plan, "write") or hindrance_to_moving(letter, *PastLetter.OPEN)


def why_not_recall_past(user: User, letter: PastLetter) -> str:
    """Why this user can't take the letter back now."""
    return why_not_write_plan(user, letter.plan, "write") or hindrance_to_moving(letter, PastLetter.State.SENT)


def why_not_confirm_past(user: User, letter: PastLetter) -> str:
    """Why this user can't confirm the letter, or send it back, now."""
    return why_not_write_plan(user, letter.plan, "decide") or hindrance_to_moving(letter, PastLetter.State.SENT)


def why_not_annul_past(user: User, letter: PastLetter) -> str:
    """Why this user can't take the confirmation of the letter back now."""
    return why_not_write_plan(user, letter.plan, "correct") or hindrance_to_moving(letter, PastLetter.State.CONFIRMED)


def hindrance_to_annulling(project: Project) -> str:
    """What was recorded of a project after its old file was confirmed is no part of that file."""
    taken = project.status_changes.named("take_over", "confirm").order_by("-pk").first()
    assert taken is not None  # of whatever is a past record and waits no more
    later = project.status_changes.filter(pk__gt=taken.pk).exclude(decision=taken.decision)
    accounts = (ContractEntry, PaymentEntry, SettlementEntry)
    others = (model.objects.of_project(project).exclude(recorded_by=taken.actor) for model in accounts)
    letters = PastLetter.objects.of_project(project).values("decision")
    decided = (
        ApprovalEntry.objects.of_project(project)
        .of_standing_letters()
        .filter(Q(nature=Nature.CORRECTION, recorded_at__gt=taken.recorded_at) | ~Q(decision__in=letters))
    )
    reported = (project.progress_reports.all(), project.revisions.all())
    if any(rows.exists() for rows in (later, decided, *reported, *others)):
        text = gettext("Đề án %(code)s đã có bước thực hiện, chứng từ, báo cáo hoặc điều chỉnh sau khi Sở xác nhận.")
        return text % {"code": project.code}
    return ""


def hindrance_to_moving(letter: PastLetter, *states: str) -> str:
    """A letter of an old file, from one of these states."""
    if letter.state in states:
        return ""
    return gettext("Văn bản đang ở trạng thái “%(state)s”, không thực hiện được thao tác này.") % {
        "state": letter.get_state_display()
    }


def hindrance_to_past_change(project: Project) -> str:
    """What a letter confirmed stands in the books, and what is before the Department stays as it was sent."""
    if project.status != Project.Status.STATED:
        return gettext("Chỉ sửa được hồ sơ cũ chưa có văn bản nào được xác nhận.")
    letters = PastLetter.objects.of_project(project)
    if letters.in_state(PastLetter.State.CONFIRMED).exists():
        return gettext("Chỉ sửa được hồ sơ cũ chưa có văn bản nào được xác nhận.")
    if letters.in_state(PastLetter.State.SENT).exists():
        return gettext("Văn bản của đề án đang chờ Sở xác nhận: lấy lại văn bản rồi sửa.")
    return ""


def why_not_give_reason(user: User, project: Project) -> str:
    """Whoever writes the project answers for it, in any state: a warning may come up after it was sent."""
    return why_at_rest(project) if has(user, "write", project.organisation_id) else RIGHTS["write"].refusal()


def can_keep_norms(user: User) -> bool:
    """Of which provinces is asked of the norms themselves."""
    return user.is_superuser or has_anywhere(user, "norms")


def why_not_review(user: User, plan_round: PlanRound) -> str:
    """Why the user can't decide lines of the round now; each line is asked again by its own transition."""
    if not has(user, "review", plan_round.plan.organisation_id):
        return RIGHTS["review"].refusal()
    return hindrance_to_reviewing(plan_round) or why_at_rest(plan_round)


def hindrance_to_reviewing(plan_round: PlanRound) -> str:
    """The lines of a round."""
    if plan_round.status != PlanRound.Status.SUBMITTED:
        return gettext("Đợt này không ở bước Sở thẩm định.")
    return ""


def why_not_adjust(user: User, project: Project) -> str:
    """Place, dates and beneficiaries of a running project change by a letter of the Department or above."""
    if not has(user, "adjust", project.organisation_id):
        return RIGHTS["adjust"].refusal()
    return hindrance_to_adjusting(project) or why_at_rest(project)


def why_not_correct_adjustment(user: User, project: Project) -> str:
    """What was recorded of an adjustment is put right in any state, as amounts are, while a year of it is open."""
    return why_at_rest(project) if has(user, "correct", project.organisation_id) else RIGHTS["correct"].refusal()


def hindrance_to_adjusting(project: Project) -> str:
    """By a letter, after approval."""
    if project.status not in Project.REPORTABLE:
        return gettext("Chỉ điều chỉnh đề án đã được duyệt và chưa kết thúc.")
    return ""


def why_not_pay(user: User, project: Project) -> str:
    """Why this user can't record money of the project; whoever approved it never keeps its accounts."""
    if not has(user, "pay", project.organisation_id):
        return RIGHTS["pay"].refusal()
    return hindrance_to_paying(project) or why_approver(user, project) or why_at_rest(project)


def why_approver(user: User, project: Project) -> str:
    """Separation of duties: says that this user, or whoever they act for, recorded the letter that approved the
    project, or that it was done in the name of one of them."""
    people = acting_people(user, project.organisation_id, *RIGHTS["pay"].roles)
    approved = (one for one in project.status_changes.all() if one.transition in APPROVALS)
    return _approver_text() if any(one.people & people for one in approved) else ""


def why_approvers(user: User, projects: Iterable[Project]) -> dict[int, str]:
    """The same of several projects, by their ids; those that somebody else approved are not named."""
    found = list(projects)
    roles = RIGHTS["pay"].roles
    people = {project.pk: acting_people(user, project.organisation_id, *roles) for project in found}
    steps = StatusChange.objects.named(*APPROVALS).filter(project__in=found).taken_by(set().union(*people.values()))
    return {step.project_id: _approver_text() for step in steps if step.people & people[step.project_id]}


def _approver_text() -> str:
    return gettext("Bạn đã ghi nhận quyết định phê duyệt đề án này, nên không được ghi chứng từ của đề án.")


def hindrance_to_paying(project: Project) -> str:
    """Or to taking money back."""
    if project.status not in Project.ACCOUNTED:
        return gettext("Chỉ ghi hợp đồng, chứng từ khi đề án đã được phê duyệt.")
    return ""


def why_not_contract(user: User, project: Project) -> str:
    """A contract is signed or amended once the project is approved, and not after its settlement."""
    return why_not_pay(user, project) or hindrance_to_contracting(project)


def hindrance_to_contracting(project: Project) -> str:
    """A contract or its amendment."""
    if project.status not in Project.REPORTABLE:
        return gettext("Chỉ ghi hợp đồng khi đề án đã được phê duyệt và chưa quyết toán.")
    return ""


def kept_provinces(user: User) -> list[Organisation]:
    """Those whose registry of beneficiaries the user keeps: the provinces of the Centres that they write for."""
    roles = RIGHTS["registry"].roles
    offices = Organisation.objects.where_user_holds(user, *roles).select_related("parent__parent__parent")
    return list(dict.fromkeys(office.province() for office in offices))


def can_edit_beneficiaries(user: User) -> bool:
    """The registry is the province's; Centre staff and heads keep it."""
    return has_anywhere(user, "registry")


def can_edit_beneficiary(user: User, beneficiary: Beneficiary) -> bool:
    """Whoever only reads a province, and writes in another, changes nothing in the first."""
    return any(province.pk == beneficiary.province_id for province in kept_provinces(user))


def right_to_submit(issuer: Organisation) -> Right:
    """By which a report that the organisation issues is submitted."""
    return RIGHTS["submit_department" if issuer.kind == Organisation.Kind.DEPARTMENT else "submit_centre"]


def why_not_submit_report(user: User, issuer: Organisation) -> str:
    """Why this user can't submit a report that the organisation issues; empty when they can."""
    if issuer.kind == Organisation.Kind.PROVINCE:
        return gettext("Chỉ chốt báo cáo của Trung tâm hoặc của Sở. Hãy chọn đơn vị báo cáo.")
    of_department = issuer.kind == Organisation.Kind.DEPARTMENT
    code = right_to_submit(issuer).code
    if has(user, code, issuer.pk):
        return ""
    if not of_department and issuer.parent_id and has(user, "submit_department", issuer.parent_id):
        return gettext("Lãnh đạo Trung tâm chốt báo cáo của Trung tâm. Chọn đơn vị là Sở để chốt báo cáo của Sở.")
    return RIGHTS[code].refusal()
