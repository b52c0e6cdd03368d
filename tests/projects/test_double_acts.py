"""Where one person did what is kept in two pairs of hands, the page and the papers say so and by which decision."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.authorisations import Term, end_authorisation, give_double_role
from khuyencong.accounts.models import Authorisation, User
from projects.models import ApprovalEntry, Project, StatusChange, Voucher
from projects.pages.comments import comment_threads
from projects.papers.payment_request import request_paper
from projects.rules.double_acts import double_act_words, double_acts
from projects.services.review import add_comment
from projects.services.steps import take_step
from tests.factories import approved_project, make_plan, make_project, submit_all
from tests.people import Tree
from tests.projects.accounting import write_accounts

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def project(centre_staff: User, centre_head: User, department_head: User) -> Project:
    return approved_project(staff=centre_staff, head=centre_head, department=department_head)


def take(project: Project, name: str, by: User) -> None:
    take_step(Project.objects.get(pk=project.pk), name, actor=by, on=TODAY, reason="01/HĐ")


def decision_on(person: User, by: User, tree: Tree) -> tuple[User, Authorisation]:
    """The Department's head is the Centre's staff too."""
    term = Term(TODAY, TODAY, "Thiếu người", "45/QĐ-UBND", TODAY)
    row = give_double_role(actor=by, person=person, role="centre_staff", scope=tree.centre, term=term)
    return User.objects.get(pk=person.pk), row


def test_page_and_papers_name_the_steps_and_the_decision(
    client: Client, administrator: User, department_head: User, accountant: User, tree: Tree, project: Project
) -> None:
    """Approved by the letter of the head, who then begins the work as the Centre's staff: nothing excludes that."""
    Project.objects.filter(pk=project.pk).update(status=Project.Status.CONTRACTED)
    assert not double_act_words([project])
    both, row = decision_on(department_head, administrator, tree)
    take(project, "start", both)
    said = (
        f"{department_head} thực hiện cả bước “Phê duyệt” và bước “Bắt đầu thực hiện”, theo quyết định kiêm nhiệm số "
        f"45/QĐ-UBND ngày {TODAY:%d/%m/%Y}."
    )
    assert double_act_words([project]) == [f"{project.code}: {said}"]
    client.force_login(accountant)
    assert said in client.get(project.get_absolute_url()).content.decode()
    end_authorisation(authorisation=row, actor=administrator, reason="Đủ người")
    assert double_act_words([project]) == [f"{project.code}: {said}"], "as it was on that day"
    day = TODAY - dt.timedelta(days=1)
    then = client.get(project.get_absolute_url(), {"recorded": f"{day:%d/%m/%Y}"}).content.decode()
    assert "thực hiện cả bước" not in then


def test_without_a_decision_it_says_that_there_is_none(department_head: User, project: Project) -> None:
    """Of steps recorded before roles were kept apart."""
    begun = {"transition": "start", "source_status": "contracted", "target_status": "in_progress"}
    StatusChange.objects.create(project=project, actor=department_head, effective_on=TODAY, **begun)
    [act] = double_acts(project.status_changes.all())
    assert "chưa có quyết định kiêm nhiệm" in str(act)


def test_two_steps_of_one_role_are_no_double_act(
    centre_head: User, centre_staff: User, accountant: User, project: Project
) -> None:
    """The same head sends and accepts, the same accountant contracts and settles."""
    by = {"contract": accountant, "start": centre_staff, "accept": centre_head, "settle": accountant}
    for name, actor in by.items():
        step = {"transition": name, "source_status": "approved", "target_status": "settled", "effective_on": TODAY}
        StatusChange.objects.create(project=project, actor=actor, **step)
    assert not double_acts(project.status_changes.all())


def test_the_request_of_a_voucher_says_it(
    client: Client, administrator: User, department_head: User, accountant: User, tree: Tree, project: Project
) -> None:
    entry = ApprovalEntry.objects.get()
    write_accounts((entry.plan_line_id, entry.component_id, entry.source_id), accountant, dt.date(2006, 12, 20))
    begun = {"transition": "start", "source_status": "contracted", "target_status": "in_progress"}
    StatusChange.objects.create(project=project, actor=department_head, effective_on=TODAY, **begun)
    voucher = Voucher.objects.order_by("pk").first()
    assert voucher is not None
    assert "thực hiện cả bước “Phê duyệt” và bước “Bắt đầu thực hiện”" in str(request_paper(voucher, accountant))
    client.force_login(accountant)
    assert client.get(reverse("projects:voucher_detail", args=[voucher.pk])).status_code == 200


def test_questions_do_not_grow_with_the_projects(
    centre_staff: User, centre_head: User, department_head: User, project: Project
) -> None:
    begun = {"transition": "start", "source_status": "contracted", "target_status": "in_progress"}
    second = make_project(plan=project.plans[0], by=centre_staff, name="Dệt thảm")
    for one, transition in ((project, "start"), (second, "approve"), (second, "start")):
        StatusChange.objects.create(
            project=one, actor=department_head, effective_on=TODAY, **begun | {"transition": transition}
        )
    asked = []
    for projects in ([project], [project, second]):
        with CaptureQueriesContext(connection) as queries:
            assert len(double_act_words(projects)) == len(projects)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_decision_covers_what_was_done_in_its_days_and_before_it_was_ended(
    administrator: User, department_head: User, tree: Tree, project: Project
) -> None:
    both, row = decision_on(department_head, administrator, tree)
    Project.objects.filter(pk=project.pk).update(status=Project.Status.CONTRACTED)
    take(project, "start", both)

    def decided(later_by: dt.timedelta) -> Authorisation | None:
        steps = list(StatusChange.objects.filter(project=project).newest_first())
        steps[0].recorded_at += later_by
        [act] = double_acts(steps)
        return act.decision

    assert decided(dt.timedelta()) == row
    assert decided(dt.timedelta(days=1)) is None, "its days are over"
    assert decided(-dt.timedelta(days=1)) is None, "they had not begun"
    end_authorisation(authorisation=row, actor=administrator, reason="Đủ người")
    assert decided(dt.timedelta()) == row, "it was ended afterwards"
    ended_later = timezone.now() - StatusChange.objects.latest("pk").recorded_at
    assert decided(ended_later) is None


def test_whoever_is_on_both_sides_speaks_for_the_side_whose_turn_it_is(
    administrator: User, centre_staff: User, centre_head: User, department_head: User, tree: Tree
) -> None:
    """The Department asks while it reviews; what one side asked the other one answers."""
    both, _row = decision_on(department_head, administrator, tree)
    plan = make_plan(organisation=tree.centre)
    one = make_project(plan=plan, by=centre_staff, name="Thêu ren")
    before = add_comment(project=one, actor=both, text="Còn thiếu dự toán")
    submit_all(plan=plan, by=centre_head)
    asked = add_comment(project=one, plan_round=plan.rounds.get(), actor=both, text="Vì sao 60 triệu?")
    assert (before.is_of_centre, asked.is_of_centre) == (True, False)
    of_centre = add_comment(project=one, actor=centre_staff, text="Đề nghị xem xét sớm")
    answer = add_comment(project=one, actor=both, answers=of_centre, text="Đang xem")
    more = add_comment(project=one, plan_round=plan.rounds.get(), actor=both, answers=asked, text="Kèm báo giá")
    assert not answer.is_of_centre and not more.is_of_centre
    told = {thread.remark.comment: (thread.is_own, thread.is_open) for thread in comment_threads(one, both)}
    assert told == {before: (True, True), asked: (True, True), of_centre: (False, False)}
