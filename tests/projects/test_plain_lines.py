"""Several plain lines are accepted at once, each with its own appraisal; what is to be read by itself is not."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.models import Appraisal, Beneficiary, CostLine, Project, RecordedPaper, StatusChange, Support
from projects.rules.warnings import findings_of
from projects.services.review import CriterionAnswer, add_comment
from projects.services.review_many import accept_lines
from projects.services.warning_reasons import give_reason
from tests.factories import all_met, make_plan, make_project, review, submit_all
from tests.kept import kept
from tests.projects.attempts import code_of, words_of
from tests.projects.reviewing import project

pytestmark = pytest.mark.django_db
ON = dt.date(2006, 3, 1)
NAMES = ("Thêu ren", "Chiếu cói", "Dệt thảm")


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User) -> AnnualPlan:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for name in NAMES:
        make_project(plan=plan, by=centre_staff, name=name)
    submit_all(plan=plan, by=centre_head, on=dt.date(2006, 2, 1))
    return plan


def accept(by: User, *names: str, **words: Any) -> list[Appraisal]:
    versions = {one.pk: one.version for one in Project.objects.filter(name__in=names)}
    given: dict[str, Any] = {"versions": versions, "answers": all_met(), "note": "Đủ điều kiện", "on": ON}
    return accept_lines(plan_round=PlanRound.objects.get(), actor=by, **given | words)


def test_each_line_is_concluded_as_if_alone(plan: AnnualPlan, reviewer: User) -> None:
    """The rows are those of a line that was concluded by itself: appraisal, five answers, step, paper."""
    alone = review(plan_round=PlanRound.objects.get(), project=project("Dệt thảm"), by=reviewer, note="Đủ điều kiện")
    together = accept(reviewer, "Thêu ren", "Chiếu cói")
    assert {one.project.name for one in together} == {"Thêu ren", "Chiếu cói"}
    for one in together:
        assert (one.conclusion, one.note, one.appraiser) == (alone.conclusion, alone.note, reviewer)
        assert list(one.answers.values_list("criterion", "verdict", "note")) == list(
            alone.answers.values_list("criterion", "verdict", "note")
        )
        assert one.sheet.keys() == alone.sheet.keys()
        assert StatusChange.objects.get(project=one.project, transition="appraise").in_round == one.round
        assert RecordedPaper.objects.get(appraisal=one).kind == RecordedPaper.objects.get(appraisal=alone).kind
    assert set(Project.objects.values_list("status", flat=True)) == {Project.Status.APPRAISED}


def test_what_is_not_plain_is_refused_by_name_and_nothing_is_accepted(
    plan: AnnualPlan, centre_staff: User, reviewer: User
) -> None:
    remark = add_comment(project=project("Thêu ren"), actor=reviewer, text="Thiếu báo giá")
    said = words_of(partial(accept, reviewer, *NAMES))
    assert said == "“Thêu ren” còn 1 ý kiến chưa trả lời: mở dòng này để thẩm định riêng."
    assert code_of(partial(accept, reviewer, "Chiếu cói")) == "done"
    add_comment(project=project("Thêu ren"), actor=centre_staff, text="Đã gửi", answers=remark)
    assert code_of(partial(accept, reviewer, *NAMES)) == "done"
    add_comment(project=project("Thêu ren"), actor=reviewer, text="Vẫn thiếu", answers=remark)
    assert code_of(partial(accept, reviewer, *NAMES)) == "not_plain", "asked again, it is open again"


def test_a_line_that_lacks_something_is_read_by_itself(plan: AnnualPlan, reviewer: User) -> None:
    def said() -> str:
        return words_of(partial(accept, reviewer, *NAMES))

    Project.objects.filter(name="Chiếu cói").update(kind="single")
    project("Chiếu cói").supports.all().delete()
    assert said() == "“Chiếu cói” chưa có đơn vị hoặc nhóm thụ hưởng: mở dòng này để thẩm định riêng."
    project("Chiếu cói").places.clear()
    assert said() == "“Chiếu cói” chưa chọn địa bàn: mở dòng này để thẩm định riêng."
    CostLine.objects.filter(plan_line__project=project("Chiếu cói")).update(amount_vnd=0)
    assert said() == "“Chiếu cói” chưa có kinh phí đề nghị: mở dòng này để thẩm định riêng."
    assert code_of(partial(accept, reviewer, "Thêu ren", "Dệt thảm")) == "done"


def test_a_line_with_a_warning_that_asks_why_is_read_by_itself(
    plan: AnnualPlan, centre_staff: User, reviewer: User
) -> None:
    """Whether the reason holds is what is judged, so a reason makes no plain line of it."""
    firm = Beneficiary.objects.create(province=plan.organisation.province(), name="HTX Lật Dương", type="cooperative")
    for name in ("Thêu ren", "Dệt thảm"):
        Support.objects.create(project=project(name), beneficiary=firm)
    warning = findings_of(project("Thêu ren"), user=reviewer).unanswered[0]
    assert "có cảnh báo:" in words_of(partial(accept, reviewer, "Thêu ren"))
    give_reason(project=project("Thêu ren"), fingerprint=warning.fingerprint, reason="Hai máy", actor=centre_staff)
    assert code_of(partial(accept, reviewer, "Thêu ren", "Chiếu cói")) == "not_plain"
    assert code_of(partial(accept, reviewer, "Chiếu cói")) == "done"


def test_what_else_keeps_all_of_them_back(plan: AnnualPlan, centre_staff: User, reviewer: User) -> None:
    unmet = all_met() | {"effect": CriterionAnswer("not_met")}
    assert "“Thêu ren”: Còn tiêu chí chưa đạt" in words_of(partial(accept, reviewer, *NAMES, answers=unmet))
    assert "đánh giá đủ năm tiêu chí" in words_of(partial(accept, reviewer, *NAMES, answers={}))
    assert code_of(partial(accept, reviewer)) == "nothing"
    moved = {one.pk: one.version + (one.name == "Dệt thảm") for one in Project.objects.all()}
    assert words_of(partial(accept, reviewer, versions=moved)).startswith("“Dệt thảm”: Đề án đã thay đổi")
    review(plan_round=PlanRound.objects.get(), project=project("Dệt thảm"), by=reviewer)
    assert "“Dệt thảm”: Đang ở trạng thái “Đã thẩm định”" in words_of(partial(accept, reviewer, *NAMES))
    make_project(plan=plan, by=centre_staff, name="Đợt sau")
    sent = PlanRound.objects.get(status="submitted")
    later = Project.objects.get(name="Đợt sau")
    words: dict[str, Any] = {"answers": all_met(), "note": "", "actor": reviewer, "on": ON}
    for pk in (later.pk, 999_999):
        foreign = partial(accept_lines, plan_round=sent, versions={pk: later.version}, **words)
        assert words_of(foreign) == "Đề án không thuộc đợt này."


def test_separation_of_duties_holds_for_each(plan: AnnualPlan, reviewer: User) -> None:
    Project.objects.filter(name="Dệt thảm").update(created_by=reviewer)
    assert "“Dệt thảm”: Bạn đã lập đề án này" in words_of(partial(accept, reviewer, *NAMES))
    assert not Appraisal.objects.exists()
