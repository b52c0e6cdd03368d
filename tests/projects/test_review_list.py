"""The list of a review: narrowed and sorted by its address, shared and accepted by tick boxes, in a fixed number of
queries."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.models import Appraisal, Beneficiary, CostLine, Project, ReviewAssignment, ReviewDeadline, Support
from projects.services.review import add_comment
from projects.services.review_work import assign_lines, set_deadline
from tests.factories import MILLION, district, make_plan, make_project, review, submit_all
from tests.kept import kept
from tests.people import Tree, make_person
from tests.projects.reviewing import answers, post, project

pytestmark = pytest.mark.django_db
AMOUNTS = {"Thêu ren": 60, "Chiếu cói": 90, "Dệt thảm": 30, "Mây tre": 45}


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User) -> AnnualPlan:
    """Four lines that came on the first of February 2006."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for name, amount in AMOUNTS.items():
        make_project(plan=plan, by=centre_staff, name=name, amounts={"KCDP": amount * MILLION})
    submit_all(plan=plan, by=centre_head, on=dt.date(2006, 2, 1))
    return plan


@pytest.fixture
def other(tree: Tree) -> User:
    return make_person(role="reviewer", scope=tree.department, username="reviewer_2", full_name="Lê Thị Tám")


def here(**query: Any) -> str:
    address = reverse("projects:round_review", args=[PlanRound.objects.get(status="submitted").pk])
    return f"{address}?{'&'.join(f'{name}={value}' for name, value in query.items())}"


def shown(client: Client, **query: Any) -> list[str]:
    """The names of the lines in their order."""
    text = client.get(here(**query)).content.decode()
    ids = [int(pk) for pk in re.findall(r'<tr data-line="([0-9]+)"', text)]
    assert re.search(rf"Đang hiện\s+{len(ids)} / 4 dòng", text)
    names = Project.objects.in_bulk(ids)
    return [names[pk].name for pk in ids]


def opened(client: Client, **query: Any) -> str:
    """The name of the line that is open; empty where none waits."""
    found = re.search(r'<tr data-line="([0-9]+)" id="opened"', client.get(here(**query)).content.decode())
    return Project.objects.get(pk=found[1]).name if found else ""


def give(to: User | None, *names: str, by: User) -> None:
    ids = list(Project.objects.filter(name__in=names).values_list("pk", flat=True))
    assign_lines(plan_round=PlanRound.objects.get(status="submitted"), projects=ids, reviewer=to, actor=by)


def test_each_condition_leaves_its_lines(
    client: Client, plan: AnnualPlan, centre_staff: User, reviewer: User, other: User, department_head: User
) -> None:
    project("Mây tre").places.set([district("316", "Huyện Vĩnh Bảo")])
    for helped in (project("Mây tre"), make_project(plan=plan, by=centre_staff, name="Đợt sau")):
        firm, _new = Beneficiary.objects.get_or_create(
            province=plan.organisation.province(), name="HTX Lật Dương", type="cooperative"
        )
        Support.objects.create(project=helped, beneficiary=firm)
    plan_round = PlanRound.objects.get(status="submitted")
    give(reviewer, "Thêu ren", by=department_head)
    give(other, "Chiếu cói", by=department_head)
    add_comment(project=project("Dệt thảm"), actor=reviewer, text="Thiếu báo giá")
    review(plan_round=plan_round, project=project("Mây tre"), by=other)
    client.force_login(reviewer)
    line = project("Thêu ren").pk  # open everywhere, and matched by none of these
    for query, names in (
        ({"state": "open"}, {"Thêu ren", "Chiếu cói", "Dệt thảm"}),
        ({"state": "done"}, {"Mây tre"}),
        ({"mark": "asked"}, {"Dệt thảm"}),
        ({"mark": "plain"}, {"Thêu ren", "Chiếu cói"}),
        ({"mark": "warned"}, set(AMOUNTS)),
        ({"mark": "weighed"}, {"Mây tre"}),
        ({"reviewer": "me"}, {"Thêu ren"}),
        ({"reviewer": other.pk}, {"Chiếu cói"}),
        ({"reviewer": "none", "state": "waiting"}, {"Dệt thảm"}),
        ({"activity": "134-1"}, set(AMOUNTS)),
        ({"area": "316"}, {"Mây tre"}),
        ({"least": 45, "most": 60}, {"Thêu ren", "Mây tre"}),
        ({"most": 45}, {"Dệt thảm", "Mây tre"}),
    ):
        assert set(shown(client, **query)) == names, query
        assert set(shown(client, **query, line=line)) == names | {"Thêu ren"}, "the open line is in view"


def test_a_line_that_asks_for_nothing_is_within_no_bounds(client: Client, plan: AnnualPlan, reviewer: User) -> None:
    CostLine.objects.of_project(project("Dệt thảm")).delete()
    client.force_login(reviewer)
    assert set(shown(client, most=100)) == {"Thêu ren", "Chiếu cói", "Mây tre"}
    assert len(shown(client)) == 4


def test_what_is_asked_stands_beside_the_count(client: Client, plan: AnnualPlan, reviewer: User) -> None:
    client.force_login(reviewer)
    text = client.get(here(state="open", least="0,045 tỷ", sort="-amount")).content.decode()
    shown = re.sub(r"\s+", " ", text[text.index('id="shown"') : text.index("</p>", text.index('id="shown"'))])
    words = "Trạng thái: Chưa xong · Đề nghị từ (triệu đồng): 0,045 tỷ · Sắp xếp: Đề nghị nhiều trước"
    assert shown.endswith(f"Đang hiện 3 / 4 dòng · {words}")


def test_lines_are_sorted_by_what_they_ask_for(client: Client, plan: AnnualPlan, reviewer: User) -> None:
    client.force_login(reviewer)
    assert shown(client, sort="-amount") == ["Chiếu cói", "Thêu ren", "Mây tre", "Dệt thảm"]
    assert shown(client, sort="amount") == ["Dệt thảm", "Mây tre", "Thêu ren", "Chiếu cói"]
    assert shown(client, sort="name") == ["Chiếu cói", "Dệt thảm", "Mây tre", "Thêu ren"]


def test_the_sum_is_of_the_lines_in_view(client: Client, plan: AnnualPlan, reviewer: User) -> None:
    client.force_login(reviewer)

    def foot(**query: Any) -> str:
        text = client.get(here(**query)).content.decode()
        return text[text.index("<tfoot>") : text.index("</tfoot>")]

    assert ">225<" in foot() and "Cộng (không kể" in foot()
    assert ">135<" in foot(least=31, most=89, line=project("Dệt thảm").pk), "with the line that is open"
    assert ">105<" in foot(least=31, most=89) and "Cộng các dòng đang hiện" in foot(least=31, most=89)


def test_what_can_not_be_read_is_named_and_narrows_nothing(client: Client, plan: AnnualPlan, reviewer: User) -> None:
    client.force_login(reviewer)
    answer = client.get(here(state="lạ", reviewer="x", least="nhiều", sort="1", area="9"))
    text = answer.content.decode()
    assert answer.status_code == 200 and "Điều kiện không hợp lệ, đã bỏ qua:" in text and "“nhiều”" in text
    assert re.search(r"Đang hiện\s+4 / 4 dòng", text)


def test_the_list_stays_as_it_was_asked_while_lines_are_opened_and_concluded(
    client: Client, plan: AnnualPlan, reviewer: User
) -> None:
    """So a link to it can be sent, and Back leads to it."""
    client.force_login(reviewer)
    text = client.get(here(state="waiting", sort="-amount")).content.decode()
    assert f"?line={project('Dệt thảm').pk}&amp;state=waiting&amp;sort=-amount#opened" in text
    first = project("Chiếu cói")
    typed = answers(first) | {"next": here(line=first.pk, state="waiting", sort="-amount")}
    done = post(client, first, typed)
    assert done["Location"] == f"{here(state='waiting', sort='-amount')}#opened"
    part = post(client, project("Thêu ren"), typed | answers(project("Thêu ren")), headers={"HX-Request": "true"})
    assert part["HX-Push-Url"] == here(state="waiting", sort="-amount")
    assert re.findall(r'<tr data-line="([0-9]+)"', part.content.decode()) == [
        str(project(name).pk) for name in ("Mây tre", "Dệt thảm")
    ]
    assert 'id="shown" hx-swap-oob="innerHTML"' in part.content.decode(), "how many there are is said again"
    foreign = post(client, project("Mây tre"), answers(project("Mây tre")) | {"next": "//evil.example/?state=done"})
    assert foreign["Location"] == f"{here().rstrip('?')}#opened"


def test_my_own_line_opens_before_nobodys_and_that_before_a_colleagues(
    client: Client, plan: AnnualPlan, reviewer: User, other: User, department_head: User
) -> None:
    give(other, "Thêu ren", by=department_head)
    give(reviewer, "Dệt thảm", by=department_head)
    client.force_login(reviewer)
    seen = []
    for _line in range(4):
        seen.append(opened(client))
        review(plan_round=PlanRound.objects.get(status="submitted"), project=project(seen[-1]), by=reviewer)
    assert seen[0] == "Dệt thảm" and seen[-1] == "Thêu ren" and opened(client) == ""


def test_the_review_opens_with_what_needs_eyes(client: Client, plan: AnnualPlan, reviewer: User) -> None:
    """An unanswered remark first, then the others as they stand; a list that was sorted is read in its order."""
    add_comment(project=project("Dệt thảm"), actor=reviewer, text="Thiếu báo giá")
    client.force_login(reviewer)
    assert opened(client) == "Dệt thảm" and opened(client, sort="-amount") == "Chiếu cói"
    review(plan_round=PlanRound.objects.get(), project=project("Dệt thảm"), by=reviewer)
    assert opened(client) == "Thêu ren"


def test_the_head_gives_what_is_ticked_and_says_until_when(
    client: Client, plan: AnnualPlan, reviewer: User, department_head: User
) -> None:
    plan_round, line = PlanRound.objects.get(status="submitted"), project("Thêu ren")
    share, back = reverse("projects:round_share", args=[plan_round.pk]), here(state="waiting")
    client.force_login(department_head)
    assert 'name="pick"' in client.get(back).content.decode()
    picks = [line.pk, project("Mây tre").pk]
    nobody = client.post(share, {"step": "give", "pick": picks, "next": back}, follow=True).content.decode()
    assert "Chọn người thẩm định." in nobody and nobody.count(" checked>") == 2, "they stay ticked"
    data = {"step": "give", "pick": picks, "reviewer": reviewer.pk, "next": back}
    assert "Đã giao 2 dòng." in client.post(share, data, follow=True).content.decode()
    assert "không có gì thay đổi" in client.post(share, data, follow=True).content.decode()
    day = timezone.localdate() - dt.timedelta(days=2)
    deadline = reverse("projects:round_deadline", args=[plan_round.pk])
    assert client.post(deadline, {"due_on": "1/13/2006"}).status_code == 422
    assert client.post(deadline, {"due_on": f"{day:%d/%m/%Y}"}).status_code == 302
    again = client.post(deadline, {"due_on": f"{timezone.localdate():%d/%m/%Y}", "reason": ""})
    assert again.status_code == 422 and "Ghi lý do đổi hạn." in again.content.decode()
    text = client.get(here(line=line.pk)).content.decode()
    assert "quá hạn 2 ngày" in text and f"{department_head} giao {reviewer}" in text and f"{day:%d/%m/%Y}" in text
    assert ReviewAssignment.objects.count() == 2 and ReviewDeadline.objects.count() == 1
    assert "quá hạn 2 ngày" in client.get(plan.get_absolute_url()).content.decode()


def test_a_reviewer_takes_a_line_and_reads_whose_the_others_are(
    client: Client, plan: AnnualPlan, reviewer: User, other: User, department_head: User
) -> None:
    share = reverse("projects:round_share", args=[PlanRound.objects.get(status="submitted").pk])
    give(other, "Mây tre", by=department_head)
    client.force_login(reviewer)
    text = client.get(here(line=project("Mây tre").pk)).content.decode()
    assert "Dòng này do <strong>Lê Thị Tám</strong> thẩm định." in text and "Bạn vẫn kết luận được" in text
    refused = client.post(share, {"step": "take", "pick": [project("Mây tre").pk], "next": here()}, follow=True)
    assert "“Mây tre” do Lê Thị Tám thẩm định" in refused.content.decode()
    taken = client.post(share, {"step": "take", "pick": [project("Thêu ren").pk], "next": here()}, follow=True)
    assert "Đã nhận 1 dòng." in taken.content.decode()
    text = client.get(here(line=project("Thêu ren").pk)).content.decode()
    assert "Dòng này của bạn." in text and f"{reviewer} nhận" in text
    client.post(share, {"step": "put_back", "pick": [project("Thêu ren").pk]})
    assert f"{reviewer} bỏ phân công" in client.get(here(line=project("Thêu ren").pk)).content.decode()


def test_others_share_nothing(client: Client, plan: AnnualPlan, centre_head: User, observer: User) -> None:
    for person in (centre_head, observer):
        client.force_login(person)
        text = client.get(here()).content.decode()
        assert 'name="pick"' not in text and "Đặt hạn thẩm định" not in text


@pytest.mark.parametrize("change", ["draft", "closed"])
def test_a_round_that_is_not_under_review_is_not_shared(
    client: Client, plan: AnnualPlan, department_head: User, change: str
) -> None:
    plan_round, line = PlanRound.objects.get(), project("Thêu ren")
    if change == "draft":
        PlanRound.objects.update(status="draft")
    else:
        AnnualPlan.objects.update(is_closed=True)
    client.force_login(department_head)
    for name, data in (("round_share", {"step": "put_back", "pick": [line.pk]}), ("round_deadline", {"due_on": ""})):
        answer = client.post(reverse(f"projects:{name}", args=[plan_round.pk]), data)
        said = "không ở bước Sở thẩm định" if change == "draft" else "đã khóa sổ"
        assert answer.status_code == 403 and said in answer.content.decode(), name


def test_plain_lines_are_shown_and_accepted_together(client: Client, plan: AnnualPlan, reviewer: User) -> None:
    add_comment(project=project("Dệt thảm"), actor=reviewer, text="Thiếu báo giá")
    plan_round = PlanRound.objects.get(status="submitted")
    client.force_login(reviewer)
    share = reverse("projects:round_share", args=[plan_round.pk])
    picks = [project(name).pk for name in ("Thêu ren", "Mây tre", "Dệt thảm")]
    asked = client.post(share, {"step": "accept", "pick": picks, "next": here(state="waiting")})
    text = client.get(asked["Location"]).content.decode()
    assert "Thống nhất 2 dòng" in text and "còn 1 ý kiến chưa trả lời" in text and text.count("version_") == 2
    data = answers(project("Thêu ren")) | {"note": "Đủ điều kiện"}
    data |= {f"version_{pk}": str(Project.objects.get(pk=pk).version) for pk in picks}
    refused = client.post(asked["Location"], data)
    assert refused.status_code == 422 and "“Dệt thảm” còn 1 ý kiến chưa trả lời" in refused.content.decode()
    assert "Đủ điều kiện" in refused.content.decode() and not Appraisal.objects.exists()
    unmet = client.post(asked["Location"], data | {"verdict_effect": "not_met"})
    assert unmet.status_code == 422 and "Chưa đạt:" in unmet.content.decode()
    del data[f"version_{project('Dệt thảm').pk}"]
    done = client.post(asked["Location"], data)
    assert (done.status_code, done["Location"]) == (302, here(state="waiting"))
    assert {one.project.name for one in Appraisal.objects.all()} == {"Thêu ren", "Mây tre"}
    twice = client.post(asked["Location"], data, follow=True)
    assert "đã được thống nhất ở lần bấm trước" in twice.content.decode() and Appraisal.objects.count() == 2
    unknown = client.post(asked["Location"], data | {"version_999999": "1"})
    assert unknown.status_code == 422 and "Đề án không thuộc đợt này." in unknown.content.decode()
    alone = client.post(asked["Location"], answers(project("Thêu ren")) | {"version_999999": "1"})
    assert alone.status_code == 422, "of what is not there nobody accepted anything before"
    none = client.get(reverse("projects:lines_accept", args=[plan_round.pk])).content.decode()
    assert "Chưa chọn dòng nào thống nhất cùng lúc được." in none


def test_what_is_sent_again_says_which_remarks_are_open(
    client: Client, plan: AnnualPlan, centre_staff: User, centre_head: User, reviewer: User
) -> None:
    line = project("Thêu ren")
    done = add_comment(project=line, actor=reviewer, text="Nêu rõ địa điểm")
    add_comment(project=line, actor=reviewer, text="Thiếu báo giá")
    review(
        plan_round=PlanRound.objects.get(status="submitted"),
        project=line,
        by=reviewer,
        conclusion="return",
        note="Bổ sung",
    )
    add_comment(project=line, actor=centre_staff, text="Thôn 3", answers=done)
    client.force_login(centre_head)
    again = reverse("projects:project_resubmit", args=[line.pk])
    text = client.get(again).content.decode()
    assert "Thiếu báo giá" in text and "Nêu rõ địa điểm" not in text
    client.post(again, {"reason": "Đã bổ sung"})
    client.force_login(reviewer)
    assert "Gửi lại, còn 1 ý kiến chưa trả lời" in client.get(here(line=line.pk)).content.decode()


def test_questions_do_not_grow_with_the_lines_nor_with_what_is_asked(
    client: Client, centre_staff: User, centre_head: User, reviewer: User, department_head: User,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    """Forty lines with reviewers, a day, warnings of their own and conditions."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    client.force_login(reviewer)
    counts = []
    for more in (2, 38):
        PlanRound.objects.update(status="draft")
        for number in range(more):
            make_project(plan=plan, by=centre_staff, name=f"Đề án {more}-{number}")
        submit_all(plan=plan, by=centre_head)
        plan_round = PlanRound.objects.get(status="submitted")
        ids = list(Project.objects.values_list("pk", flat=True))
        assign_lines(plan_round=plan_round, projects=ids, reviewer=reviewer, actor=department_head)
        set_deadline(plan_round=plan_round, due_on=timezone.localdate(), actor=department_head)
        for query in ({}, {"state": "open", "reviewer": "me", "least": "1", "sort": "-amount", "mark": "plain"}):
            with django_assert_max_num_queries(55) as asked:
                text = client.get(here(**query)).content.decode()
            counts.append(len(asked))
        accept = reverse("projects:lines_accept", args=[plan_round.pk])
        with django_assert_max_num_queries(40) as asked:
            client.get(f"{accept}?{'&'.join(f'pick={pk}' for pk in ids)}")
        counts.append(len(asked))
    assert counts[:3] == counts[3:] and text.count('class="form-check-input pick"') == 40
