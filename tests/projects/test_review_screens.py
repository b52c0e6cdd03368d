"""The Department reads a round line by line, concludes each, returns one, and sees what was changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.models import Appraisal, Comment, Project, StatusChange
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.projects import update_project
from projects.services.rounds import submit_round
from projects.services.steps import take_step
from tests.factories import MILLION, activity, district, make_plan, make_project, review, source, submit_all
from tests.kept import kept
from tests.projects.reviewing import answers, page, post, project
from tests.there import there

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User) -> AnnualPlan:
    """Three projects of city money, submitted."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for name in ("Thêu ren", "Chiếu cói", "Dệt thảm"):
        make_project(plan=plan, by=centre_staff, name=name)
    submit_all(plan=plan, by=centre_head, on=dt.date(2006, 2, 1))
    return plan


def test_reviewer_accepts_a_line_and_the_next_one_opens(client: Client, reviewer: User, plan: AnnualPlan) -> None:
    client.force_login(reviewer)
    first = page(client)
    assert "0 / 3 dòng" in first and "Đạt cả năm tiêu chí" in first
    text = post(client, project("Thêu ren"), answers(project("Thêu ren")), follow=True).content.decode()
    assert "“Thêu ren”: thống nhất đưa vào kế hoạch." in text and "1 / 3 dòng" in text
    appraisal = Appraisal.objects.get()
    assert (appraisal.appraiser, appraisal.answers.count()) == (reviewer, 5)
    assert project("Thêu ren").status == Project.Status.APPRAISED


def test_htmx_gets_the_sheet_alone(client: Client, reviewer: User, plan: AnnualPlan) -> None:
    client.force_login(reviewer)
    data = answers(project("Thêu ren"))
    response = post(client, project("Thêu ren"), data, headers={"HX-Request": "true"})
    text = response.content.decode()
    assert "<html" not in text and "1 / 3 dòng" in text and response["HX-Push-Url"].endswith("/review/")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"conclusion": "return"}, "Ghi lý do để Trung tâm biết cần làm gì."),
        ({"conclusion": "refuse"}, "Ghi lý do để Trung tâm biết cần làm gì."),
        ({"verdict_ability": ""}, "Chưa đánh giá tiêu chí này."),
        ({"verdict_ability": "not_met"}, "Chưa đạt: hãy trả lại bổ sung, hoặc không đồng ý."),
        ({"version": ""}, "Trang chưa tải đầy đủ, nên chưa lưu được."),
        ({"version": "1"}, "Đề án đã thay đổi sau khi bạn mở trang."),
        ({"conclusion": "approve"}, "approve"),
    ],
)
def test_conclusion_that_lacks_something_is_refused_and_keeps_what_was_typed(
    client: Client, reviewer: User, plan: AnnualPlan, changes: dict[str, str], message: str
) -> None:
    client.force_login(reviewer)
    data = answers(project("Thêu ren"), note_effect="Cần so giá máy", **changes)
    response = post(client, project("Thêu ren"), data)
    text = response.content.decode()
    assert response.status_code == 422
    assert message in text[text.index("error-summary") :]
    assert "Cần so giá máy" in text
    assert not Appraisal.objects.exists()
    assert project("Thêu ren").status == Project.Status.SUBMITTED


def test_page_sent_twice_concludes_once(client: Client, reviewer: User, plan: AnnualPlan) -> None:
    client.force_login(reviewer)
    data = answers(project("Thêu ren"))
    assert post(client, project("Thêu ren"), data).status_code == 302
    assert post(client, project("Thêu ren"), data).status_code == 302, "it says that the first one did it"
    assert Appraisal.objects.count() == 1
    assert StatusChange.objects.filter(transition="appraise").count() == 1


def test_one_press_answers_all_five_and_concludes_nothing(client: Client, reviewer: User, plan: AnnualPlan) -> None:
    client.force_login(reviewer)
    data = {"all_met": "1", "verdict_ability": "not_met", "note": "Xem lại", "version": "2"}
    text = post(client, project("Thêu ren"), data).content.decode()
    assert text.count('value="met"') == 5
    assert text.count(" checked") == 5 and "Xem lại" in text
    assert "error-summary" not in text and not Appraisal.objects.exists()


def test_returned_line_is_changed_sent_again_and_the_change_is_seen(
    client: Client, centre_staff: User, centre_head: User, reviewer: User, plan: AnnualPlan
) -> None:
    """One line goes back and forth; the others stay as they were decided."""
    client.force_login(reviewer)
    post(client, project("Chiếu cói"), answers(project("Chiếu cói")))
    wrong = project("Thêu ren")
    post(client, wrong, answers(wrong, conclusion="return", note="Dự toán cao, giảm còn 45 triệu"))
    assert project("Thêu ren").status == Project.Status.RETURNED
    assert "Đang chờ Trung tâm bổ sung" in page(client, wrong)

    client.force_login(centre_staff)
    text = client.get(wrong.get_absolute_url()).content.decode()
    assert "Dự toán cao, giảm còn 45 triệu" in text
    contents = [ContentInput(activity(), {source("KCDP"): 45 * MILLION})]
    supports = [SupportInput(group_description="Lao động nông thôn", planned_count=30)]
    data = ProjectInput(plan=plan, contents=contents, places=[district()], supports=supports)
    fresh = project("Thêu ren")
    update_project(project=fresh, data=data, version=fresh.version, actor=centre_staff)
    assert client.post(reverse("projects:project_resubmit", args=[wrong.pk])).status_code == 403

    client.force_login(centre_head)
    answer = client.post(reverse("projects:project_resubmit", args=[wrong.pk]), {"reason": "Đã giảm"}, follow=True)
    assert "Đã gửi lại đề án “Thêu ren” lên Sở." in answer.content.decode()
    assert project("Chiếu cói").status == Project.Status.APPRAISED

    client.force_login(reviewer)
    text = page(client, wrong)
    assert "Đã sửa so với lần gửi trước" in text
    assert "2006 · KCĐP: 60.000.000 đồng" in text and "2006 · KCĐP: 45.000.000 đồng" in text
    assert "Lao động nông thôn (dự kiến 30)" in text
    assert "1 / 3 dòng" in text


def test_round_that_is_returned_goes_back_whole_and_comes_again(
    client: Client, centre_head: User, reviewer: User, plan: AnnualPlan
) -> None:
    plan_round = PlanRound.objects.get()
    client.force_login(reviewer)
    back = reverse("projects:round_step", args=[plan_round.pk, "return"])
    assert client.post(back, {"on": "01/03/2006", "reason": "Thiếu hồ sơ"}).status_code == 403, "nothing is returned"
    review(plan_round=plan_round, project=project("Thêu ren"), by=reviewer, conclusion="return", note="Thiếu báo giá")
    assert client.post(back, {"on": "01/03/2006", "reason": ""}).status_code == 422
    assert client.post(back, {"on": "01/03/2006", "reason": "Thiếu hồ sơ"}).status_code == 302
    plan_round.refresh_from_db()
    assert plan_round.status == PlanRound.Status.RETURNED
    data = answers(project("Chiếu cói"))
    assert post(client, project("Chiếu cói"), data).status_code == 403, "the round is with the Centre"
    submit_round(plan_round=plan_round, actor=centre_head, on=dt.date(2006, 3, 5))
    assert set(Project.objects.values_list("status", flat=True)) == {Project.Status.SUBMITTED}


def test_round_of_which_nothing_is_left_goes_back_and_takes_other_projects(
    client: Client, centre_staff: User, centre_head: User, reviewer: User, plan: AnnualPlan
) -> None:
    """All three are refused: there is nothing to endorse, and the Centre sends another in the same round."""
    plan_round = PlanRound.objects.get()
    for one in Project.objects.all():
        review(plan_round=plan_round, project=one, by=reviewer, conclusion="refuse", note="Không đúng đối tượng")
    client.force_login(reviewer)
    assert "Đợt không có đề án nào được thống nhất." in page(client)
    take_step(plan_round, "return", actor=reviewer, on=dt.date(2006, 3, 1), reason="Chưa có đề án phù hợp")
    make_project(plan=plan, by=centre_staff, name="Đề án khác")
    plan_round.refresh_from_db()
    submit_round(plan_round=plan_round, actor=centre_head, on=dt.date(2006, 3, 5))
    assert "3 / 4 dòng" in page(client)


def test_whoever_sent_the_round_finds_the_buttons_shut_with_the_reason(
    client: Client, reviewer: User, plan: AnnualPlan
) -> None:
    StatusChange.objects.create(
        project=project("Thêu ren"), transition="submit", source_status="draft", target_status="submitted",
        actor=reviewer, effective_on=dt.date(2006, 2, 1),
    )  # fmt: skip
    client.force_login(reviewer)
    text = page(client, project("Thêu ren"))
    assert "Bạn đã thực hiện bước “Gửi Sở”, nên không được thực hiện bước “Thống nhất”." in text
    assert post(client, project("Thêu ren"), answers(project("Thêu ren"))).status_code == 422
    assert not Appraisal.objects.exists()


def test_others_read_the_review_and_decide_nothing(
    client: Client, centre_staff: User, observer: User, stranger: User, plan: AnnualPlan
) -> None:
    for user in (centre_staff, observer):
        client.force_login(user)
        assert "Đạt cả năm tiêu chí" not in page(client)
        assert post(client, project("Thêu ren"), answers(project("Thêu ren"))).status_code == 403
    client.force_login(stranger)
    assert client.get(reverse("projects:round_review", args=[PlanRound.objects.get().pk])).status_code == 404


def test_line_that_is_not_of_the_round_is_unknown(
    client: Client, reviewer: User, centre_staff: User, plan: AnnualPlan
) -> None:
    elsewhere = make_project(plan=plan, by=centre_staff, name="Đợt sau")
    client.force_login(reviewer)
    sent = there(PlanRound.objects.order_by("number").first())
    for text in (str(elsewhere.pk), "abc", "999999"):
        assert client.get(reverse("projects:round_review", args=[sent.pk]), {"line": text}).status_code == 404
    assert client.post(reverse("projects:line_review", args=[sent.pk, elsewhere.pk]), {}).status_code == 404


def test_endorsed_only_when_all_lines_are_settled_and_a_slip_can_be_taken_back(
    client: Client, reviewer: User, plan: AnnualPlan
) -> None:
    client.force_login(reviewer)
    assert "Còn 3 đề án của đợt chưa thẩm định xong." in page(client)
    for one in Project.objects.all():
        post(client, one, answers(one))
    again = reverse("projects:line_reconsider", args=[PlanRound.objects.get().pk, project("Thêu ren").pk])
    client.post(again, {"on": f"{timezone.localdate():%d/%m/%Y}", "reason": "Bấm nhầm"})
    assert project("Thêu ren").status == Project.Status.SUBMITTED
    post(client, project("Thêu ren"), answers(project("Thêu ren")))
    endorse = reverse("projects:round_step", args=[PlanRound.objects.get().pk, "endorse"])
    assert client.post(endorse, {"on": f"{timezone.localdate():%d/%m/%Y}"}).status_code == 302
    assert PlanRound.objects.get().status == PlanRound.Status.ENDORSED
    assert Appraisal.objects.count() == 4


def test_comment_stands_on_the_project_and_its_field(
    client: Client, reviewer: User, centre_staff: User, observer: User, plan: AnnualPlan
) -> None:
    line = project("Thêu ren")
    address = reverse("projects:comment_add", args=[line.pk])
    client.force_login(reviewer)
    here = reverse("projects:round_review", args=[PlanRound.objects.get().pk]) + f"?line={line.pk}"
    response = client.post(address, {"field": "aims", "text": "Nêu số lao động", "next": here})
    assert response["Location"] == here
    assert client.post(address, {"text": "x", "next": "//evil.example"})["Location"] == line.get_absolute_url()
    wrong = client.post(address, {"field": "status", "text": ""})
    assert wrong.status_code == 422
    client.force_login(centre_staff)
    assert "3. mục tiêu:" in client.get(line.get_absolute_url()).content.decode().lower()
    client.post(address, {"text": "Đã bổ sung"})
    client.force_login(observer)
    assert client.post(address, {"text": "x"}).status_code == 403
    assert list(Comment.objects.values_list("field", "text")) == [
        ("aims", "Nêu số lao động"),
        ("", "x"),
        ("", "Đã bổ sung"),
    ]
    assert there(Comment.objects.first()).round == PlanRound.objects.get()


def test_appraisal_prints_as_a_document(client: Client, reviewer: User, observer: User, plan: AnnualPlan) -> None:
    line = project("Thêu ren")
    client.force_login(observer)
    address = reverse("projects:appraisal", args=[line.pk])
    assert client.get(address).status_code == 404, "none yet"
    review(plan_round=PlanRound.objects.get(), project=line, by=reviewer, note="Đủ điều kiện")
    client.cookies["django_language"] = "en"
    text = client.get(address).content.decode()
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Hải Phòng, ngày 01 tháng 3 năm 2006",
        "Phiếu thẩm định đề án khuyến công",
        "Sự đầy đủ, phù hợp của hồ sơ, tài liệu",
        "Thống nhất đưa vào kế hoạch.",
        "Đủ điều kiện",
        "Phạm Quang Đức",
    ):
        assert words in text, words
    assert text.count("Đạt</td>") == 5


def test_refused_and_withdrawn_lines_stay_visible_and_only_what_was_judged_counts(
    client: Client, reviewer: User, centre_head: User, plan: AnnualPlan
) -> None:
    plan_round = PlanRound.objects.get()
    review(plan_round=plan_round, project=project("Thêu ren"), by=reviewer, conclusion="refuse", note="Trùng")
    take_step(project("Chiếu cói"), "withdraw", actor=centre_head, on=dt.date(2006, 3, 1), reason="Thôi")
    client.force_login(reviewer)
    text = page(client)
    assert "1 / 2 dòng" in text and "Không đưa vào kế hoạch</span>" in text and "Đã rút</span>" in text


def test_questions_do_not_grow_with_the_lines(
    client: Client, centre_staff: User, centre_head: User, reviewer: User, django_assert_max_num_queries: Any
) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    client.force_login(reviewer)
    counts = []
    for more in (2, 40):
        PlanRound.objects.update(status="draft")
        for number in range(more):
            make_project(plan=plan, by=centre_staff, name=f"Đề án {more}-{number}")
        submit_all(plan=plan, by=centre_head)
        with django_assert_max_num_queries(55) as asked:
            page(client)
        counts.append(len(asked))
    assert counts[0] == counts[1]
