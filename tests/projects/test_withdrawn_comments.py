"""A remark at the wrong place is taken back by its author or the head of the side: read on, and waiting for nobody."""

from __future__ import annotations

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from khuyencong.append_only import AppendOnlyError
from programmes.models import AnnualPlan
from projects.models import Comment, CommentWithdrawal, Project
from projects.pages.comments import comment_threads, open_count
from projects.services.review import add_comment, withdraw_comment
from tests.factories import make_plan, make_project, submit_all
from tests.projects.attempts import code_of
from tests.there import there

pytestmark = pytest.mark.django_db

ROLES = (
    *("centre_staff", "centre_head", "accountant", "reviewer", "department_head", "observer", "administrator"),
    "stranger",
)
TAKES_BACK = {
    "centre_staff": {"centre_staff", "centre_head"},
    "centre_head": {"centre_head"},
    "reviewer": {"reviewer", "department_head"},
    "department_head": {"department_head"},
}


@pytest.fixture
def people(request: pytest.FixtureRequest) -> dict[str, User]:
    return {role: request.getfixturevalue(role) for role in ROLES}


@pytest.fixture
def project(centre_staff: User, centre_head: User) -> Project:
    project = make_project(plan=make_plan(organisation=centre_staff.memberships.get().scope), by=centre_staff)
    submit_all(plan=project.plans[0], by=centre_head)
    return Project.objects.get()


@pytest.mark.parametrize("author", TAKES_BACK)
@pytest.mark.parametrize("is_closed", [False, True])
def test_who_takes_a_remark_back(people: dict[str, User], project: Project, author: str, is_closed: bool) -> None:
    """Also after the year, as remarks are made."""
    AnnualPlan.objects.update(is_closed=is_closed)
    remark = add_comment(project=project, actor=people[author], text="Thiếu báo giá")
    codes = {
        role: code_of(partial(withdraw_comment, comment=remark, reason="Nhầm đề án", actor=person))
        for role, person in people.items()
    }
    assert set(codes.values()) == {"done", "not_allowed"}
    assert {role for role, code in codes.items() if code == "done"} == TAKES_BACK[author]


def test_a_reviewer_takes_back_what_was_meant_for_another_project(
    client: Client, reviewer: User, centre_head: User, observer: User, project: Project
) -> None:
    client.force_login(reviewer)
    [plan] = project.plans
    review = reverse("projects:round_review", args=[there(plan.rounds.first()).pk])
    client.post(reverse("projects:comment_add", args=[project.pk]), {"text": "Nêu rõ địa điểm", "field": "places"})
    remark = Comment.objects.get()
    assert "1 ý kiến chưa trả lời" in client.get(review).content.decode()
    address = reverse("projects:comment_withdraw", args=[remark.pk])
    assert address in client.get(review).content.decode()
    unsaid = client.post(address, {"reason": ""})
    assert unsaid.status_code == 422 and "Hãy ghi lý do." in unsaid.content.decode()
    done = client.post(f"{address}?next={review}", {"reason": "Của đề án khác"}, follow=True)
    assert done.redirect_chain == [(f"{review}#comments", 302)]
    text = done.content.decode()
    assert "1 ý kiến chưa trả lời" not in text and "<del>" in text and "Của đề án khác" in text
    for person in (centre_head, observer):
        client.force_login(person)
        text = client.get(project.get_absolute_url()).content.decode()
        assert "Nêu rõ địa điểm" in text and "Của đề án khác" in text and "chưa trả lời" not in text
        assert reverse("projects:comment_answer", args=[remark.pk]) not in text
    assert client.get(address).status_code == 403
    client.force_login(centre_head)
    refused = client.get(address)
    assert refused.status_code == 403 and "Chỉ người nêu ý kiến hoặc lãnh đạo Sở" in refused.content.decode()
    assert client.get(reverse("projects:comment_answer", args=[remark.pk])).status_code == 404


def test_a_withdrawn_answer_leaves_its_remark_open(reviewer: User, centre_staff: User, project: Project) -> None:
    remark = add_comment(project=project, actor=reviewer, text="Thiếu báo giá")
    answer = add_comment(project=project, actor=centre_staff, text="Đã gửi", answers=remark)
    assert not Comment.objects.open().exists() and open_count(comment_threads(project, reviewer)) == 0
    withdraw_comment(comment=answer, reason="Chưa gửi", actor=centre_staff)
    assert list(Comment.objects.open()) == [remark] and open_count(comment_threads(project, reviewer)) == 1
    assert Comment.objects.open_counts([project]) == {project.pk: 1}
    add_comment(project=project, actor=centre_staff, text="Đã gửi", answers=remark)
    assert not Comment.objects.open().exists(), "the same words may be said again, since they were taken back"
    withdraw_comment(comment=remark, reason="Nhầm", actor=reviewer)
    assert open_count(comment_threads(project, reviewer)) == 0


def test_what_can_not_be_done_with_a_withdrawn_remark(reviewer: User, centre_staff: User, project: Project) -> None:
    remark = add_comment(project=project, actor=reviewer, text="Thiếu báo giá")

    def take_back(reason: str) -> str:
        return code_of(lambda: withdraw_comment(comment=remark, reason=reason, actor=reviewer))

    assert (take_back(" "), take_back("x" * 301)) == ("no_reason", "invalid")
    withdraw_comment(comment=remark, reason="Nhầm", actor=reviewer)
    assert take_back("Nhầm") == "twice"
    answer = partial(add_comment, project=project, actor=centre_staff, text="Đã gửi", answers=remark)
    assert code_of(answer) == "withdrawn"
    with pytest.raises(AppendOnlyError):
        CommentWithdrawal.objects.get().delete()
    with pytest.raises(AppendOnlyError):
        CommentWithdrawal.objects.update(reason="x")


def test_the_threads_are_one_query(project: Project, reviewer: User, django_assert_num_queries: object) -> None:
    for number in range(3):
        remark = add_comment(project=project, actor=reviewer, text=f"Ý kiến {number}")
        withdraw_comment(comment=remark, reason="Nhầm", actor=reviewer)
    reviewer.grants()
    with django_assert_num_queries(1):  # type: ignore[operator]
        threads = comment_threads(project, reviewer)
    assert [str(there(thread.remark.withdrawal).recorded_by) for thread in threads] == [str(reviewer)] * 3
