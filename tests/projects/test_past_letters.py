"""Letters of old files: prepared by the Centre, confirmed one by one, each as a whole, by the Department's head."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from khuyencong.accounts.models import Membership, User
from programmes.models import AnnualPlan, Authority, Decision
from projects.figures.plan_grid import plan_grid
from projects.ledger.remainders import envelopes
from projects.models import FieldChange, PastLetter, PastRecord, Project
from projects.refusals import NotAllowed, PlanClosed, Refused
from projects.services.past_letter_lines import LetterLine
from projects.services.past_letters import (
    LetterHead,
    change_past_letter,
    confirm_past_letter,
    drop_past_letter,
    prepare_past_letter,
    recall_past_letter,
    return_past_letter,
    send_past_letter,
)
from projects.services.past_records import StatedOutcome, change_past_record, enter_past_record
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import StaleVersion, SupportInput
from projects.services.steps import take_step
from tests.factories import MILLION, activity, make_plan, make_project, place_of, source, submit_all
from tests.people import Tree

pytestmark = pytest.mark.django_db

DONE = StatedOutcome("carried_out", "báo cáo năm 2006", is_on_schedule=True)
JUNE = dt.date(2006, 6, 16)


@pytest.fixture
def plan(tree: Tree) -> AnnualPlan:
    return make_plan(organisation=tree.centre)


def prepare(plan: AnnualPlan, by: User, assigned: int = 60, code: str = "KCDP", **head: Any) -> PastLetter:
    said: Any = {"kind": "official_letter", "number": "341/UBND-CN", "issued_on": JUNE} | head
    amounts = {source(code): assigned * MILLION} if assigned else {}
    return prepare_past_letter(plan=plan, head=LetterHead(**said), assigned=amounts, actor=by)


def written(plan: AnnualPlan, *lines: tuple[PastLetter, int], code: str = "KCDP") -> dict[str, Any]:
    """A project of that much money, under those letters."""
    total = sum(vnd for _letter, vnd in lines) * MILLION
    contents = [ContentInput(activity(), {source(code): total or MILLION})]
    supports = [SupportInput(group_description="Lao động nông thôn")]
    data = ProjectInput(plan=plan, contents=contents, places=[place_of(plan)], supports=supports)
    found = [LetterLine(letter, activity(), source(code), vnd * MILLION) for letter, vnd in lines]
    return {"data": data, "lines": found}


def enter(plan: AnnualPlan, by: User, *lines: tuple[PastLetter, int], name: str = "Thêu ren") -> PastRecord:
    project = Project(name=name, kind="group")
    return enter_past_record(project=project, stated=DONE, actor=by, **written(plan, *lines))


def confirm(letter: PastLetter, by: User, **words: Any) -> Decision:
    letter.refresh_from_db()
    return confirm_past_letter(letter=letter, version=letter.version, actor=by, **words)


def test_letter_is_confirmed_with_all_that_it_gives(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    letter = prepare(plan, centre_staff, 110)
    enter(plan, centre_staff, (letter, 60))
    enter(plan, centre_staff, (letter, 50), name="Chiếu cói")
    send_past_letter(letter=letter, actor=centre_staff)
    assert plan_grid([plan]).money.approved_vnd is None and not Decision.objects.exists(), "nothing counts before"
    decision = confirm(letter, department_head)
    letter.refresh_from_db()
    assert (letter.state, letter.decision, letter.moved_by) == ("confirmed", decision, department_head)
    assert (decision.label, decision.recorded_by) == ("Công văn 341/UBND-CN ngày 16/06/2006", department_head)
    assert [row.approved_vnd for row in envelopes([plan]) if row.approved_vnd] == [110 * MILLION]
    assert {one.status for one in Project.objects.all()} == {"past"}


def test_letter_of_which_nothing_is_known_invents_nothing(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    letter = prepare(plan, centre_staff, kind="", number="", issued_on=None)
    assert str(letter) == "Văn bản chưa rõ số, chưa rõ ngày"
    send_past_letter(letter=letter, actor=centre_staff)
    decision = confirm(letter, department_head)
    assert (decision.is_number_unknown, decision.is_date_unknown, decision.issued_on) == (True, True, None)


def test_one_project_under_two_letters(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    """A supplement adds to what stands; it needs its reason and its authority."""
    city = Authority.objects.create(
        name="UBND thành phố Hải Phòng", level="city", province=plan.organisation.province()
    )
    first = prepare(plan, centre_staff, 40, authority=city)
    more: Any = {"number": "12/QĐ-UBND", "kind": "decision", "issued_on": dt.date(2006, 9, 1), "authority": city}
    second = prepare(plan, centre_staff, 20, **more)
    enter(plan, centre_staff, (first, 40), (second, 20))
    for letter in (first, second):
        send_past_letter(letter=letter, actor=centre_staff)
    confirm(first, department_head)
    with pytest.raises(Refused, match="phải ghi lý do"):
        confirm(second, department_head)
    return_past_letter(letter=second, reason="Thiếu lý do", version=_version(second), actor=department_head)
    head = LetterHead(**more, summary="Bổ sung kinh phí")
    amounts = {source("KCDP"): 20 * MILLION}
    change_past_letter(letter=second, head=head, assigned=amounts, version=_version(second), actor=centre_staff)
    send_past_letter(letter=second, actor=centre_staff)
    confirm(second, department_head)
    assert [row.approved_vnd for row in envelopes([plan]) if row.approved_vnd] == [60 * MILLION]


def _version(letter: PastLetter) -> int:
    return PastLetter.objects.get(pk=letter.pk).version


def test_head_who_does_not_confirm_says_why_and_the_centre_sends_it_again(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    letter = prepare(plan, centre_staff)
    send_past_letter(letter=letter, actor=centre_staff)
    with pytest.raises(Refused, match="Ghi lý do"):
        return_past_letter(letter=letter, reason=" ", version=_version(letter), actor=department_head)
    return_past_letter(letter=letter, reason="Sai số", version=_version(letter), actor=department_head)
    letter.refresh_from_db()
    assert (letter.state, letter.note) == ("returned", "Sai số")
    with pytest.raises(Refused, match="Sở không xác nhận"):
        confirm(letter, department_head)
    send_past_letter(letter=letter, actor=centre_staff)
    letter.refresh_from_db()
    assert (letter.state, letter.note) == ("sent", "")


def test_what_is_before_the_head_is_not_changed_under_their_eyes(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    letter = prepare(plan, centre_staff)
    record = enter(plan, centre_staff, (letter, 60))
    seen = _version(letter)
    send_past_letter(letter=letter, actor=centre_staff)
    head = LetterHead(number="342/UBND-CN", issued_on=JUNE)
    with pytest.raises(Refused, match="Chờ Sở xác nhận"):
        change_past_letter(letter=letter, head=head, assigned={}, version=_version(letter), actor=centre_staff)
    with pytest.raises(Refused, match="chưa gửi Sở"):
        enter(plan, centre_staff, (letter, 1), name="Thêm sau")
    with pytest.raises(Refused, match="lấy lại văn bản"):
        _change(record.project, centre_staff, **written(plan, (letter, 50)))
    with pytest.raises(Refused, match="vừa được người khác sửa"):
        confirm_past_letter(letter=letter, version=seen, actor=department_head)
    looked_at = _version(letter)
    recall_past_letter(letter=letter, actor=centre_staff)
    _change(record.project, centre_staff, **written(plan, (letter, 50)))
    send_past_letter(letter=letter, actor=centre_staff)
    with pytest.raises(Refused, match="vừa được người khác sửa"):
        return_past_letter(letter=letter, reason="Sai", version=looked_at, actor=department_head)
    with pytest.raises(Refused, match="vừa được người khác sửa"):
        change_past_letter(
            letter=_recalled(letter, centre_staff), head=head, assigned={}, version=1, actor=centre_staff
        )


def _recalled(letter: PastLetter, by: User) -> PastLetter:
    recall_past_letter(letter=letter, actor=by)
    return letter


def _change(project: Project, by: User, stated: StatedOutcome = DONE, **written: Any) -> Project:
    current = Project.objects.get(pk=project.pk)
    return change_past_record(project=current, stated=stated, version=current.version, actor=by, **written)


def test_record_is_put_right_until_it_is_confirmed(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    letter = prepare(plan, centre_staff, 50)
    record = enter(plan, centre_staff, (letter, 60))
    project = Project.objects.get()
    project.name = "Thêu ren móc chỉ"
    right = StatedOutcome("liquidated", "biên bản thanh lý", on=dt.date(2007, 1, 22))
    change_past_record(
        project=project, stated=right, version=project.version, actor=centre_head, **written(plan, (letter, 50))
    )
    assert str(project.past_record) == "Đã thanh lý ngày 22/01/2007"
    assert list(PastRecord.objects.values_list("corrects", flat=True)) == [None, record.pk]
    assert FieldChange.objects.filter(field="name", after="Thêu ren móc chỉ").exists()
    send_past_letter(letter=letter, actor=centre_staff)
    confirm(letter, department_head)
    assert plan_grid([plan]).money.approved_vnd == 50 * MILLION
    with pytest.raises(Refused, match="chưa có văn bản nào được xác nhận"):
        _change(project, centre_staff, **written(plan, (letter, 40)))


def test_statement_that_says_the_same_is_not_written_again(plan: AnnualPlan, centre_staff: User) -> None:
    record = enter(plan, centre_staff)
    _change(record.project, centre_staff, **written(plan))
    assert PastRecord.objects.count() == 1
    with pytest.raises(StaleVersion):
        project = Project.objects.get()
        change_past_record(
            project=project, stated=DONE, version=project.version - 1, actor=centre_staff, **written(plan)
        )


def test_money_moves_to_the_other_level_with_its_line(plan: AnnualPlan, centre_staff: User) -> None:
    letter = prepare(plan, centre_staff, 60)
    record = enter(plan, centre_staff, (letter, 60))
    nation = prepare(plan, centre_staff, 63, "KCQG", number="", issued_on=None)
    _change(record.project, centre_staff, **written(plan, (nation, 63), code="KCQG"))
    [line] = record.project.lines.all()
    assert (line.round.level, line.round.status) == ("national", "past")
    assert not letter.approved.exists() and nation.approved.get().amount_vnd == 63 * MILLION


def test_withdrawn_project_holds_no_letter_up(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    letter = prepare(plan, centre_staff, 60)
    record = enter(plan, centre_staff, (letter, 60))
    take_step(record.project, "withdraw", actor=centre_head, on=dt.date(2006, 1, 2), reason="Nhập nhầm")
    send_past_letter(letter=letter, actor=centre_staff)
    confirm(letter, department_head)
    assert Project.objects.get().status == "withdrawn" and plan_grid([plan]).money.approved_vnd is None


def test_who_prepared_or_sent_it_does_not_confirm_it(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User, tree: Tree
) -> None:
    for person in (centre_staff, centre_head):
        Membership.objects.create(user=person, scope=tree.department, role="department_head")
    both, sender = (User.objects.get(pk=one.pk) for one in (centre_staff, centre_head))
    letter = prepare(plan, both)
    send_past_letter(letter=letter, actor=sender)
    for person in (both, sender):
        with pytest.raises(Refused, match="nên không được xác nhận"):
            confirm(letter, person)
    confirm(letter, department_head)


def test_letter_that_breaks_a_limit_leaves_everything_as_it_was(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    letter = prepare(plan, centre_staff, 50)
    enter(plan, centre_staff, (letter, 60))
    send_past_letter(letter=letter, actor=centre_staff)
    with pytest.raises(Refused):
        confirm(letter, department_head)
    letter.refresh_from_db()
    assert letter.state == "sent" and not Decision.objects.exists() and Project.objects.get().status == "stated"


def test_two_sheets_of_one_letter_are_one_letter(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    for name, vnd in (("Một", 60), ("Hai", 40)):
        letter = prepare(plan, centre_staff, vnd if name == "Một" else 0)
        if name == "Một":
            enter(plan, centre_staff, (letter, 20), name=name)
        else:
            enter(plan, centre_staff, (letter, vnd), name=name)
        send_past_letter(letter=letter, actor=centre_staff)
        confirm(letter, department_head)
    assert Decision.objects.count() == 1 and plan_grid([plan]).money.approved_vnd == 60 * MILLION


@pytest.mark.parametrize("lines", ["other_source", "own_money", "nothing", "other_plan"])
def test_letter_gives_only_state_money_of_the_project_itself(
    plan: AnnualPlan, tree: Tree, centre_staff: User, lines: str
) -> None:
    letter = prepare(plan, centre_staff)
    other = prepare(make_plan(organisation=tree.centre, year=2007), centre_staff)
    line = {
        "other_source": LetterLine(letter, activity(), source("KCQG"), MILLION),
        "own_money": LetterLine(letter, activity(), source("DOIUNG"), MILLION),
        "nothing": LetterLine(letter, activity(), source("KCDP"), 0),
        "other_plan": LetterLine(other, activity(), source("KCDP"), MILLION),
    }[lines]
    entered = written(plan, (letter, 60)) | {"lines": [line]}
    with pytest.raises(Refused, match=r"của các nội dung thuộc đề án|của kế hoạch này"):
        enter_past_record(project=Project(name="Thêu", kind="group"), stated=DONE, actor=centre_staff, **entered)
    assert not Project.objects.exists()


def test_letter_without_money_is_not_sent_and_one_without_projects_is_dropped(
    plan: AnnualPlan, centre_staff: User
) -> None:
    letter = prepare(plan, centre_staff, 0)
    with pytest.raises(Refused, match="chưa có số tiền nào"):
        send_past_letter(letter=letter, actor=centre_staff)
    enter(plan, centre_staff, (letter, 60))
    with pytest.raises(Refused, match="chọn văn bản khác"):
        drop_past_letter(letter=letter, actor=centre_staff)
    empty = prepare(plan, centre_staff, number="2/CV")
    drop_past_letter(letter=empty, actor=centre_staff)
    assert list(PastLetter.objects.all()) == [letter]


def test_money_of_nobody_and_days_to_come_are_refused(plan: AnnualPlan, centre_staff: User) -> None:
    with pytest.raises(Refused, match="ngân sách nhà nước"):
        prepare(plan, centre_staff, code="DOIUNG")
    with pytest.raises(Refused, match="sau hôm nay"):
        prepare(plan, centre_staff, issued_on=dt.date(2099, 1, 1))
    with pytest.raises(Refused):
        prepare(plan, centre_staff, assigned=-1)


def test_year_that_took_the_ordinary_steps_takes_no_letter(
    plan: AnnualPlan, centre_staff: User, centre_head: User
) -> None:
    make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    with pytest.raises(Refused, match="phải qua các bước này"):
        prepare(plan, centre_staff)


def test_closed_year_and_strangers_to_the_step(plan: AnnualPlan, people: dict[str, User]) -> None:
    letter = prepare(plan, people["centre_staff"])
    with pytest.raises(NotAllowed):
        send_past_letter(letter=letter, actor=people["department_head"])
    send_past_letter(letter=letter, actor=people["centre_staff"])
    with pytest.raises(NotAllowed):
        confirm(letter, people["centre_staff"])
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed):
        confirm(letter, people["department_head"])
