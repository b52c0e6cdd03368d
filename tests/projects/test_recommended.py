"""What a reviewer would approve of what is asked: kept with the appraisal, told on papers, proposed to the letter."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.paper.official_paper import PaperList
from programmes.models import AnnualPlan, PlanRound
from projects.models import Appraisal, ApprovalEntry, CostLine, Project, RecommendedAmount
from projects.papers.round_papers import (
    PaperWords,
    draft_decision_paper,
    minutes_paper,
    submission_paper,
    summary_paper,
)
from projects.services.recommending import field_of_cell
from projects.services.review import reconsider_line, review_project
from projects.services.rounds import resubmit_project
from projects.services.steps import take_step
from tests.factories import MILLION, all_met, make_plan, make_project, review, source, submit_all
from tests.kept import kept
from tests.projects.attempts import code_of
from tests.projects.reviewing import answers, page, post, project
from tests.there import there

pytestmark = pytest.mark.django_db
FEBRUARY, MARCH = dt.date(2006, 2, 1), dt.date(2006, 3, 1)


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User) -> AnnualPlan:
    """Before the Department: “Thêu ren” of one content and “Đề án điểm” of two, all of city money, 60 triệu each."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff, name="Thêu ren")
    make_project(
        plan=plan,
        by=centre_staff,
        name="Đề án điểm",
        contents={"134-1": {"KCDP": 60 * MILLION}, "134-2": {"KCDP": 60 * MILLION}},
    )
    submit_all(plan=plan, by=centre_head, on=FEBRUARY)
    return plan


def cells(name: str) -> list[tuple[int, int]]:
    costs = CostLine.objects.filter(plan_line__project__name=name).order_by("component__position", "component")
    return [(cost.component_id, cost.source_id) for cost in costs]


def conclude(name: str, by: User, *amounts: int | None, conclusion: str = "accept", **words: Any) -> Appraisal:
    """Recommends these đồng of its contents, in their order."""
    current = project(name)
    said = {cell: amount for cell, amount in zip(cells(name), amounts, strict=False) if amount is not None}
    given = all_met() if conclusion == "accept" else {}
    data: dict[str, Any] = {"note": "Giảm chi phí", "recommended": said, "answers": given, "on": MARCH} | words
    return review_project(
        plan_round=PlanRound.objects.get(),
        project=current,
        conclusion=conclusion,
        actor=by,
        version=current.version,
        **data,
    )


def reopen(name: str, by: User) -> None:
    reconsider_line(plan_round=PlanRound.objects.get(), project=project(name), actor=by, on=MARCH, reason="Xem lại")


def forward(reviewer: User, head: User) -> None:
    for step, actor in (("endorse", reviewer), ("forward", head)):
        take_step(PlanRound.objects.get(), step, actor=actor, on=MARCH)


@pytest.mark.parametrize(
    ("amounts", "conclusion", "code"),
    [
        ([60 * MILLION + 1], "accept", "recommended"),
        ([-1], "accept", "negative"),
        ([0], "accept", "recommended"),
        ([50 * MILLION], "return", "recommended"),
        ([50 * MILLION], "refuse", "recommended"),
        ([60 * MILLION], "accept", "done"),
    ],
)
def test_an_amount_is_recommended_of_what_is_asked_and_with_acceptance_alone(
    reviewer: User, plan: AnnualPlan, amounts: list[int], conclusion: str, code: str
) -> None:
    assert code_of(lambda: conclude("Thêu ren", reviewer, *amounts, conclusion=conclusion)) == code


def test_what_the_line_does_not_ask_for_is_not_recommended(reviewer: User, plan: AnnualPlan) -> None:
    [cell], [other, _other] = cells("Thêu ren"), cells("Đề án điểm")
    for wrong in (other, (cell[0], source("KCQG").pk)):
        assert code_of(lambda wrong=wrong: conclude("Thêu ren", reviewer, recommended={wrong: 1})) == "recommended"  # type: ignore[misc]
    assert not Appraisal.objects.exists()


def test_nothing_may_be_recommended_for_one_of_two_amounts_and_not_for_both(reviewer: User, plan: AnnualPlan) -> None:
    assert code_of(lambda: conclude("Đề án điểm", reviewer, 0, 0)) == "recommended"
    conclude("Đề án điểm", reviewer, 0, None)
    assert list(RecommendedAmount.objects.values_list("amount_vnd", "requested_vnd")) == [(0, 60 * MILLION)]


def test_the_form_takes_triệu_says_what_is_too_much_and_keeps_what_was_typed(
    client: Client, reviewer: User, plan: AnnualPlan
) -> None:
    client.force_login(reviewer)
    [name] = map(field_of_cell, cells("Thêu ren"))
    line = project("Thêu ren")
    assert f'name="{name}"' in page(client, line) and "thẩm định đề nghị (triệu đồng)" in page(client, line)
    wrong = post(client, line, answers(line, unit="1000000", **{name: "70"}))
    text = wrong.content.decode()
    assert wrong.status_code == 422 and 'value="70"' in text
    assert "Số thẩm định đề nghị 70.000.000 đồng vượt số đã đề nghị 60.000.000 đồng." in text
    both = post(client, line, answers(line, unit="1000000", verdict_ability="", **{name: "70"})).content.decode()
    assert "Chưa đánh giá tiêu chí này." in both and "vượt số đã đề nghị" in both, "all that is wrong is said at once"
    nothing = post(client, line, answers(line, unit="1000000", **{name: "0"})).content.decode()
    assert "Đề nghị 0 đồng cho cả dòng là không đưa vào kế hoạch" in nothing and not Appraisal.objects.exists()
    met = post(client, line, answers(line, unit="1000000", all_met="1", **{name: "47,5"})).content.decode()
    assert 'value="47,5"' in met, "filling the criteria in loses no amount"
    assert post(client, line, answers(line, unit="1000000", **{name: "47,5"})).status_code == 302
    assert RecommendedAmount.objects.get().amount_vnd == 47_500_000
    read = page(client, line)
    assert "47,5" in read and "(đề nghị 60 triệu đồng)" in " ".join(read.split())


def test_pressed_twice_it_is_one_conclusion_and_another_amount_is_no_repetition(
    client: Client, reviewer: User, plan: AnnualPlan
) -> None:
    client.force_login(reviewer)
    [name] = map(field_of_cell, cells("Thêu ren"))
    line = project("Thêu ren")
    sent = answers(line, unit="1000000", **{name: "50"})
    assert [post(client, line, sent).status_code for _press in range(2)] == [302, 302]
    assert post(client, line, sent | {name: "40"}).status_code == 422, "the words of a stale page are told, not dropped"
    assert RecommendedAmount.objects.get().amount_vnd == 50 * MILLION


def test_judged_again_the_amount_stands_there_while_the_request_is_the_same(
    client: Client, centre_head: User, reviewer: User, plan: AnnualPlan
) -> None:
    conclude("Thêu ren", reviewer, 50 * MILLION)
    reopen("Thêu ren", reviewer)
    client.force_login(reviewer)
    [name] = map(field_of_cell, cells("Thêu ren"))
    assert 'value="50"' in page(client, project("Thêu ren"))
    returned = answers(project("Thêu ren"), unit="1000000", conclusion="return", note="Giải trình", **{name: "50"})
    assert post(client, project("Thêu ren"), returned).status_code == 302, "what only stood there is in nobody's way"
    CostLine.objects.filter(plan_line__project__name="Thêu ren").update(amount_vnd=45 * MILLION)
    resubmit_project(project=project("Thêu ren"), actor=centre_head, on=timezone.localdate())
    assert 'value="50"' not in page(client, project("Thêu ren"))


def test_the_appraisal_says_it_and_keeps_it(
    client: Client, reviewer: User, centre_head: User, plan: AnnualPlan
) -> None:
    conclude("Đề án điểm", reviewer, 50 * MILLION, 0)
    CostLine.objects.update(amount_vnd=MILLION)
    client.force_login(centre_head)
    text = client.get(reverse("projects:appraisal", args=[project("Đề án điểm").pk])).content.decode()
    assert "Thẩm định đề nghị" in text and "50.000.000 đồng (đề nghị 60.000.000 đồng)" in text
    assert "0 đồng (đề nghị 60.000.000 đồng)" in text


def listed(paper: Any) -> list[list[str]]:
    """Columns, then rows, of the only list on a paper or in its annex."""
    [found] = [part for part in (*there(paper).parts, *paper.annex) if isinstance(part, PaperList)]
    return [[column.title for column in found.columns], *(list(row.cells) for row in found.rows)]


def test_papers_of_the_round_set_what_is_proposed_beside_what_is_asked(reviewer: User, plan: AnnualPlan) -> None:
    conclude("Thêu ren", reviewer, 45 * MILLION)
    conclude("Đề án điểm", reviewer, None, 0)
    plan_round, words = PlanRound.objects.get(), PaperWords()
    columns, *rows = listed(submission_paper(plan_round, reviewer, words))
    assert columns[-2:] == ["Kinh phí đề nghị", "Thẩm định đề nghị"]
    assert [row[-2:] for row in rows] == [["60", "45"], ["120", "60"], ["180", "105"]]
    columns, *rows = listed(draft_decision_paper(plan_round, reviewer, words))
    assert columns[-2:] == ["Địa bàn", "Kinh phí hỗ trợ"] and [row[-1] for row in rows] == ["45", "60", "105"]
    for write in (submission_paper, draft_decision_paper):
        assert "kinh phí 105 triệu đồng" in str(write(plan_round, reviewer, words)), write
    columns, *rows = listed(summary_paper(plan_round, reviewer, words))
    assert columns[4:6] == ["Kinh phí đề nghị", "Thẩm định đề nghị"]
    assert [row[4:6] for row in rows] == [["60", "45"], ["120", "60"], ["180", "105"]]
    columns, *rows = listed(minutes_paper(plan_round, reviewer, words))
    assert columns[2:4] == ["Kinh phí đề nghị", "Thẩm định đề nghị"]
    assert [row[2:4] for row in rows] == [["60", "45"], ["120", "60"], ["180", "105"]]
    assert "180 triệu đồng; thẩm định đề nghị: 105 triệu đồng." in str(minutes_paper(plan_round, reviewer, words))


def test_papers_propose_nothing_of_another_request(reviewer: User, plan: AnnualPlan) -> None:
    """As the letter is offered nothing of it: nobody has judged that amount."""
    conclude("Thêu ren", reviewer, 45 * MILLION)
    conclude("Đề án điểm", reviewer, None, 30 * MILLION)
    CostLine.objects.filter(plan_line__project__name="Thêu ren").update(amount_vnd=40 * MILLION)
    _columns, *rows = listed(summary_paper(PlanRound.objects.get(), reviewer, PaperWords()))
    assert [row[4:6] for row in rows] == [["40", "–"], ["120", "90"], ["160", "90"]]


def test_papers_stay_as_they_were_while_nothing_is_recommended(reviewer: User, plan: AnnualPlan) -> None:
    for name in ("Thêu ren", "Đề án điểm"):
        review(plan_round=PlanRound.objects.get(), project=project(name), by=reviewer)
    columns, *rows = listed(submission_paper(PlanRound.objects.get(), reviewer, PaperWords()))
    assert columns[-1] == "Kinh phí đề nghị" and [row[-1] for row in rows] == ["60", "120", "180"]
    summary = str(summary_paper(PlanRound.objects.get(), reviewer, PaperWords()))
    assert "hẩm định đề nghị" not in summary


def test_a_refused_line_is_proposed_nothing(reviewer: User, plan: AnnualPlan) -> None:
    conclude("Thêu ren", reviewer, 45 * MILLION)
    conclude("Đề án điểm", reviewer, conclusion="refuse")
    _columns, *rows = listed(summary_paper(PlanRound.objects.get(), reviewer, PaperWords()))
    assert [row[4:6] for row in rows] == [["60", "45"], ["120", "–"], ["180", "45"]]


def fill(client: Client, plan: AnnualPlan, value: str) -> str:
    text: str = client.post(reverse("projects:decision_create", args=[plan.pk]), {"fill": value}).content.decode()
    return text


def test_a_letter_is_offered_the_recommended_amounts_and_saves_none_of_them(
    client: Client, reviewer: User, department_head: User, plan: AnnualPlan
) -> None:
    conclude("Thêu ren", reviewer, 45 * MILLION)
    conclude("Đề án điểm", reviewer, None, 0)
    forward(reviewer, department_head)
    client.force_login(department_head)
    opened = client.get(reverse("projects:decision_create", args=[plan.pk])).content.decode()
    assert "Điền theo số thẩm định" in opened and 'value="45.000.000"' not in opened, "beside the field, not in it"
    filled = fill(client, plan, "recommended")
    assert [filled.count(f'value="{amount}"') for amount in ("45.000.000", "60.000.000", "0")] == [1, 1, 1]
    assert fill(client, plan, "1").count('value="60.000.000"') == 3 and not ApprovalEntry.objects.exists()


def test_a_letter_is_not_offered_what_nobody_recommended(
    client: Client, reviewer: User, department_head: User, plan: AnnualPlan
) -> None:
    for name in ("Thêu ren", "Đề án điểm"):
        review(plan_round=PlanRound.objects.get(), project=project(name), by=reviewer)
    forward(reviewer, department_head)
    client.force_login(department_head)
    assert "theo số thẩm định" not in client.get(reverse("projects:decision_create", args=[plan.pk])).content.decode()


def test_an_amount_recommended_of_another_request_is_told_and_not_filled_in(
    client: Client, reviewer: User, department_head: User, plan: AnnualPlan
) -> None:
    """It could be more than what is asked for by now."""
    conclude("Thêu ren", reviewer, 45 * MILLION)
    conclude("Đề án điểm", reviewer, None, 30 * MILLION)
    forward(reviewer, department_head)
    CostLine.objects.filter(plan_line__project__name="Thêu ren").update(amount_vnd=40 * MILLION)
    client.force_login(department_head)
    filled = fill(client, plan, "recommended")
    assert "thẩm định 45.000.000 khi đề nghị 60.000.000" in filled
    assert 'value="45.000.000"' not in filled and 'value="40.000.000"' not in filled
    assert 'value="30.000.000"' in filled


def test_judged_anew_without_an_amount_the_one_before_is_no_more(
    client: Client, reviewer: User, department_head: User, plan: AnnualPlan
) -> None:
    conclude("Thêu ren", reviewer, 45 * MILLION)
    reopen("Thêu ren", reviewer)
    conclude("Thêu ren", reviewer)
    assert RecommendedAmount.objects.in_force([PlanRound.objects.get()]) == {}
    assert RecommendedAmount.objects.count() == 1, "the history keeps it"


def test_a_content_taken_out_after_it_was_recommended_of_is_no_obstacle(
    reviewer: User, centre_head: User, plan: AnnualPlan
) -> None:
    conclude("Đề án điểm", reviewer, None, 30 * MILLION)
    reopen("Đề án điểm", reviewer)
    conclude("Đề án điểm", reviewer, conclusion="return")
    gone = project("Đề án điểm").components.order_by("position", "pk").last()
    CostLine.objects.filter(component=gone).delete()
    there(gone).delete()
    assert RecommendedAmount.objects.get().activity_type.code == "134-2"
    assert Project.objects.filter(status="returned").count() == 1
