"""What waits for whom: each count is that of the list behind it, and the inbox empties as the work is done."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import Membership, User
from programmes.models import AnnualPlan, PlanRound
from projects.desk.inbox import FIRST_FEW, inbox
from projects.forms.filters import ProjectFilter
from projects.models import ProgressReport, Project
from projects.services.progress import add_progress_report
from projects.services.review_work import assign_lines, set_deadline
from projects.services.steps import take_step
from tests.factories import MILLION, decide, make_plan, make_project, requested_cells, review, submit_all
from tests.kept import kept
from tests.people import Tree, make_person, make_tree

pytestmark = pytest.mark.django_db
ROLES = ("centre_staff", "centre_head", "accountant", "reviewer", "department_head", "observer", "administrator")


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    """Four drafts of city money."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for number in range(4):
        make_project(plan=plan, by=centre_staff, name=f"Đề án {number}", amounts={"KCDP": 10 * MILLION})
    return plan


def labels(user: User) -> dict[str, int]:
    return {task.label: task.count for task in inbox(User.objects.get(pk=user.pk))}


def test_round_wanders_through_the_inboxes(
    plan: AnnualPlan,
    centre_staff: User,
    centre_head: User,
    accountant: User,
    reviewer: User,
    department_head: User,
) -> None:
    assert labels(centre_head) == {"Gửi đợt 1 (KCĐP) năm 2006 lên Sở": 4}
    assert labels(reviewer) == labels(department_head) == labels(accountant) == {}
    submit_all(plan=plan, by=centre_head)
    plan_round = PlanRound.objects.get()
    assert labels(centre_head) == {} and labels(reviewer) == {"Thẩm định đợt 1 (KCĐP) năm 2006": 4}
    first, *others = Project.objects.order_by("pk")
    review(plan_round=plan_round, project=first, by=reviewer, conclusion="return", note="Thiếu")
    assert labels(centre_staff) == {"Sở trả lại, cần bổ sung": 1}
    assert labels(reviewer) == {"Thẩm định đợt 1 (KCĐP) năm 2006": 3}
    for project in others:
        review(plan_round=plan_round, project=project, by=reviewer)
    assert labels(reviewer) == {}, "the returned one waits for the Centre"
    on = dt.date(2006, 3, 1)
    take_step(first, "withdraw", actor=centre_head, on=on, reason="Thôi")
    assert labels(reviewer) == {"Thống nhất đợt 1 (KCĐP) năm 2006": 3}, "what was withdrawn waits for nobody"
    take_step(plan_round, "endorse", actor=reviewer, on=on)
    assert labels(department_head) == {"Trình đợt 1 (KCĐP) năm 2006": 3}
    take_step(plan_round, "forward", actor=department_head, on=on)
    assert labels(department_head) == {"Ghi nhận quyết định cho đợt 1 (KCĐP) năm 2006": 3}
    cells = {key: amount for key, amount in requested_cells(plan).items() if key[0] != first.lines.get().pk}
    decide(plan=plan, by=department_head, assigned={"KCDP": 40 * MILLION}, approved=cells)
    assert labels(department_head) == {} and labels(accountant) == {"Đã duyệt, chờ ký hợp đồng": 3}


def test_a_review_waits_for_whoever_has_its_lines(
    client: Client, plan: AnnualPlan, tree: Tree, centre_head: User, reviewer: User, department_head: User
) -> None:
    """One's own first, then those of nobody, none of a colleague's; the head hears what nobody has, and how late."""
    submit_all(plan=plan, by=centre_head)
    other = make_person(role="reviewer", scope=tree.department, username="reviewer_2")
    plan_round, address = PlanRound.objects.get(), reverse("projects:round_review", args=[PlanRound.objects.get().pk])
    one, two, *_others = list(Project.objects.order_by("pk").values_list("pk", flat=True))
    round_name = "đợt 1 (KCĐP) năm 2006"
    assert labels(department_head) == {f"Giao thẩm định {round_name}": 4}
    give = partial(assign_lines, plan_round=plan_round, actor=department_head)
    give(projects=[one], reviewer=reviewer)
    give(projects=[two], reviewer=other)
    assert list(labels(reviewer)) == [f"Của tôi: thẩm định {round_name}", f"Thẩm định {round_name}, chưa giao ai"]
    assert labels(reviewer) == {f"Của tôi: thẩm định {round_name}": 1, f"Thẩm định {round_name}, chưa giao ai": 2}
    for user in (reviewer, department_head):
        client.force_login(user)
        for task in inbox(User.objects.get(pk=user.pk)):
            assert task.address.startswith(address)
            assert client.get(task.address).content.decode().count("<tr data-line=") == task.count, task
    give(projects=list(Project.objects.values_list("pk", flat=True)), reviewer=other)
    assert labels(reviewer) == {} and labels(department_head) == {f"Theo dõi thẩm định {round_name}": 4}
    other.memberships.all().delete()
    assert labels(reviewer) == {f"Thẩm định {round_name}": 4}, "whoever lost the role keeps nothing from the others"
    today = timezone.localdate()
    set_deadline(plan_round=plan_round, due_on=today - dt.timedelta(days=3), actor=department_head)
    [task] = inbox(User.objects.get(pk=department_head.pk))
    assert task.waited.startswith("chờ ") and task.waited.endswith("quá hạn 3 ngày")
    assert "quá hạn 3 ngày" in client.get(reverse("projects:home")).content.decode()


def test_ones_own_review_stands_before_older_rounds(
    plan: AnnualPlan, centre_staff: User, centre_head: User, reviewer: User
) -> None:
    later = make_plan(organisation=plan.organisation, year=2007)
    own = make_project(plan=later, by=centre_staff, name="Của năm sau")
    for one in (plan, later):
        submit_all(plan=one, by=centre_head)
    assign_lines(plan_round=own.lines.get().round, projects=[own.pk], reviewer=reviewer, actor=reviewer)
    assert [task.is_own for task in inbox(User.objects.get(pk=reviewer.pk))] == [True, False]
    assert next(iter(labels(reviewer))) == "Của tôi: thẩm định đợt 1 (KCĐP) năm 2007"


def test_questions_of_reviews_do_not_grow_with_the_rounds(
    plan: AnnualPlan, centre_staff: User, centre_head: User, reviewer: User, department_head: User
) -> None:
    counts = []
    for year in (2006, 2007, 2008):
        one = plan if year == 2006 else make_plan(organisation=plan.organisation, year=year)
        project = make_project(plan=one, by=centre_staff, name=f"Của {year}")
        submit_all(plan=one, by=centre_head)
        assign_lines(plan_round=project.lines.get().round, projects=[project.pk], reviewer=reviewer, actor=reviewer)
        with CaptureQueriesContext(connection) as asked:
            inbox(User.objects.get(pk=reviewer.pk))
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]


@pytest.fixture
@kept
def busy(plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    """Projects in every queue: late, done and to be accepted, accepted, settled, returned."""
    submit_all(plan=plan, by=centre_head)
    decide(plan=plan, by=department_head, assigned={"KCDP": 40 * MILLION}, approved=requested_cells(plan))
    late, done, *_others = Project.objects.order_by("pk")
    for project, on_schedule, percent in ((late, False, 20), (done, True, 100)):
        report = ProgressReport(month=dt.date(2006, 7, 1), is_on_schedule=on_schedule, percent=percent)
        add_progress_report(project=project, report=report, amounts={}, actor=centre_staff, version=project.version)
    Project.objects.filter(pk=done.pk).update(status="in_progress")
    for status in ("returned", "accepted", "settled"):
        extra = make_project(plan=plan, by=centre_staff, name=f"Đề án {status}")
        Project.objects.filter(pk=extra.pk).update(status=status)
    return plan


@pytest.mark.parametrize("role", ROLES)
def test_each_count_is_that_of_the_list_it_opens(
    request: pytest.FixtureRequest, client: Client, busy: AnnualPlan, role: str
) -> None:
    user = User.objects.get(pk=request.getfixturevalue(role).pk)
    client.force_login(user)
    queues = [task for task in inbox(user) if "?" in task.address]
    for task in queues:
        query = QueryDict(task.address.partition("?")[2])
        rows = ProjectFilter(query, user=user).apply(Project.objects.visible_to(user))
        assert len(rows) == task.count, task
        assert f"Tổng cộng · {task.count} đề án" in client.get(task.address).content.decode()
    expected = {
        "centre_staff": {"Sở trả lại, cần bổ sung": 1, "Chậm tiến độ": 1},
        "centre_head": {
            "Sở trả lại, cần bổ sung": 1,
            "Chậm tiến độ": 1,
            "Đã thực hiện đủ khối lượng, chờ nghiệm thu": 1,
        },
        "accountant": {
            "Đã duyệt, chờ ký hợp đồng": 3,
            "Đã nghiệm thu, chờ quyết toán": 1,
            "Đã quyết toán, chờ thanh lý": 1,
        },
    }
    assert {task.label: task.count for task in queues} == expected.get(role, {})


# What marks one row of a page that a round's line leads to.
ROWS = {
    "submit": r'<td class="title"><a href="/projects/(\d+)/"',
    "review": r'<tr data-line="(\d+)"(?:(?!</tr>).)*data-status="submitted"',
    "new": r'name="line-(\d+)-\d+-\d+-after"',
}


def test_count_of_a_round_is_that_of_the_page_it_opens(
    client: Client, plan: AnnualPlan, centre_head: User, reviewer: User, department_head: User
) -> None:
    """At each stage, with one project withdrawn, one refused and one returned on the way."""

    def shown_to(user: User) -> int:
        client.force_login(user)
        [task] = inbox(User.objects.get(pk=user.pk))
        page = client.get(task.address).content.decode()
        rows = set(re.findall(ROWS[task.address.rstrip("/").rpartition("/")[2]], page, re.DOTALL))
        assert len(rows) == task.count, task
        return task.count

    on = dt.date(2006, 3, 1)
    withdrawn, refused, returned, accepted = Project.objects.order_by("pk")
    assert shown_to(centre_head) == 4
    take_step(withdrawn, "withdraw", actor=centre_head, on=on, reason="Thôi")
    assert shown_to(centre_head) == 3
    submit_all(plan=plan, by=centre_head)
    plan_round = PlanRound.objects.get()
    assert shown_to(reviewer) == 3
    review(plan_round=plan_round, project=refused, by=reviewer, conclusion="refuse", note="Không đủ điều kiện")
    review(plan_round=plan_round, project=returned, by=reviewer, conclusion="return", note="Thiếu")
    assert shown_to(reviewer) == 1
    review(plan_round=plan_round, project=accepted, by=reviewer)
    take_step(returned, "withdraw", actor=centre_head, on=on, reason="Thôi")
    take_step(plan_round, "endorse", actor=reviewer, on=on)
    take_step(plan_round, "forward", actor=department_head, on=on)
    assert shown_to(department_head) == 1


def test_round_of_which_everything_was_withdrawn_waits_for_nobody(plan: AnnualPlan, centre_head: User) -> None:
    for project in Project.objects.all():
        take_step(project, "withdraw", actor=centre_head, on=dt.date(2006, 3, 1), reason="Thôi")
    assert labels(centre_head) == {}


def test_what_is_only_read_does_not_wait(
    client: Client, busy: AnnualPlan, tree: Tree, centre_staff: User, centre_head: User, department_head: User
) -> None:
    """An accountant of another province who may also read this one is told of their own projects alone."""
    other = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22")
    person = make_person(role="accountant", scope=other.centre, username="both")
    Membership.objects.create(user=person, scope=tree.province, role="observer")
    assert labels(person) == {}
    writer = make_person(role="centre_staff", scope=other.centre, username="writer")
    project = make_project(plan=make_plan(organisation=other.centre), by=writer, name="Ở nơi khác")
    Project.objects.filter(pk=project.pk).update(status="approved")
    [task] = inbox(User.objects.get(pk=person.pk))
    assert (task.count, task.place) == (1, str(other.centre))
    client.force_login(person)
    assert "Tổng cộng · 1 đề án" in client.get(task.address).content.decode()


def test_home_names_the_first_few_as_the_list_does(
    client: Client, busy: AnnualPlan, centre_staff: User, accountant: User
) -> None:
    for number in range(2):
        extra = make_project(plan=busy, by=centre_staff, name=f"Thêm {number}")
        Project.objects.filter(pk=extra.pk).update(status="approved")
    user = User.objects.get(pk=accountant.pk)
    [task] = [task for task in inbox(user) if task.label == "Đã duyệt, chờ ký hợp đồng"]
    filters = ProjectFilter(QueryDict("waiting=contract"), user=user)
    rows = filters.listed(filters.apply(Project.objects.visible_to(user)))
    assert task.count == 5 and list(task.first_few) == list(rows[:FIRST_FEW])
    client.force_login(accountant)
    home = client.get(reverse("projects:home")).content.decode()
    assert all(f'<a href="{project.get_absolute_url()}">' in home for project in task.first_few) and "…</small>" in home


def test_home_says_what_waits_and_asks_no_more_for_more_rows(
    client: Client, plan: AnnualPlan, centre_staff: User, centre_head: User, django_assert_max_num_queries: Any
) -> None:
    client.force_login(centre_head)
    counts = []
    for more in (0, 30):
        for number in range(more):
            make_project(plan=plan, by=centre_staff, name=f"Thêm {number}")
        with django_assert_max_num_queries(21) as asked:
            page = client.get(reverse("projects:home")).content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert "Gửi đợt 1 (KCĐP) năm 2006 lên Sở" in page and "34 đề án" in page
    client.force_login(centre_staff)
    assert "Không có việc nào đang chờ bạn." in client.get(reverse("projects:home")).content.decode()


def test_who_sent_a_round_is_not_asked_to_judge_it(plan: AnnualPlan, centre_head: User, tree: Tree) -> None:
    Membership.objects.create(user=centre_head, scope=tree.department, role="reviewer")
    both = User.objects.get(pk=centre_head.pk)
    submit_all(plan=plan, by=both)
    assert labels(both) == {}
    PlanRound.objects.update(status="returned")
    assert labels(both) == {"Gửi đợt 1 (KCĐP) năm 2006 lên Sở": 4}, "what they may do again is asked of them"


def test_stranger_and_closed_plans_wait_for_nobody(plan: AnnualPlan, centre_head: User, stranger: User) -> None:
    assert inbox(stranger) == []
    AnnualPlan.objects.update(is_closed=True)
    assert labels(centre_head) == {}
