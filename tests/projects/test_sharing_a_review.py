"""Lines of a round are given to reviewers or taken by them, with who and when; a day is set for the review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khuyencong.accounts.models import Membership, User
from programmes.models import AnnualPlan, PlanRound
from projects.models import Appraisal, Project, ReviewAssignment, ReviewDeadline, ReviewNote, StatusChange
from projects.rules.review_work import RoundTimes, Waiting, line_waits_since, times_of_rounds
from projects.services.review_work import add_review_note, assign_lines, set_deadline
from projects.services.rounds import submit_round
from projects.services.steps import take_step
from tests.factories import make_plan, make_project, review, submit_all
from tests.kept import kept
from tests.people import Tree, make_person, make_tree
from tests.projects.attempts import code_of, refusal_of, words_of
from tests.projects.reviewing import project

pytestmark = pytest.mark.django_db
SENT = dt.date(2006, 2, 1)


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User) -> AnnualPlan:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for name in ("Thêu ren", "Chiếu cói", "Dệt thảm"):
        make_project(plan=plan, by=centre_staff, name=name)
    submit_all(plan=plan, by=centre_head, on=SENT)
    return plan


@pytest.fixture
def other(tree: Tree) -> User:
    return make_person(role="reviewer", scope=tree.department, username="reviewer_2", full_name="Lê Thị Tám")


def give(names: Collection[str], to: User | None, by: User) -> int:
    ids = list(Project.objects.filter(name__in=names).values_list("pk", flat=True))
    return assign_lines(plan_round=PlanRound.objects.get(), projects=ids, reviewer=to, actor=by)


def holder(name: str) -> User | None:
    last = ReviewAssignment.objects.of_round(PlanRound.objects.get()).latest_by_project().get(project(name).pk)
    return last.reviewer if last else None


def test_the_head_gives_several_lines_and_each_change_is_kept(
    plan: AnnualPlan, reviewer: User, other: User, department_head: User
) -> None:
    assert give(["Thêu ren", "Chiếu cói"], reviewer, department_head) == 2
    assert give(["Thêu ren", "Chiếu cói", "Dệt thảm"], reviewer, department_head) == 1, "the two stand so already"
    assert give(["Thêu ren"], other, department_head) == 1
    assert give(["Thêu ren"], None, department_head) == 1
    rows = ReviewAssignment.objects.filter(project=project("Thêu ren"))
    assert [(row.reviewer, row.recorded_by) for row in rows] == [
        (reviewer, department_head), (other, department_head), (None, department_head),
    ]  # fmt: skip
    assert holder("Thêu ren") is None and holder("Chiếu cói") == reviewer


def test_a_reviewer_takes_what_nobody_has_and_disposes_of_their_own(
    plan: AnnualPlan, reviewer: User, other: User
) -> None:
    assert give(["Thêu ren"], reviewer, reviewer) == 1
    said = words_of(partial(give, ["Thêu ren"], other, other))
    assert said.startswith("“Thêu ren” do") and "bỏ phân công trước" in said and holder("Thêu ren") == reviewer
    assert code_of(partial(give, ["Thêu ren"], None, other)) == "not_own"
    assert code_of(partial(give, ["Chiếu cói"], other, reviewer)) == "not_own", "nobody's line is not theirs to give"
    assert give(["Thêu ren"], other, reviewer) == 1 and holder("Thêu ren") == other
    assert give(["Thêu ren"], None, other) == 1 and give(["Thêu ren"], reviewer, reviewer) == 1


def test_all_lines_are_given_or_none(plan: AnnualPlan, reviewer: User, other: User) -> None:
    give(["Chiếu cói"], other, other)
    assert code_of(partial(give, ["Thêu ren", "Chiếu cói"], reviewer, reviewer)) == "not_own"
    assert holder("Thêu ren") is None
    review(plan_round=PlanRound.objects.get(), project=project("Dệt thảm"), by=other)
    said = words_of(partial(give, ["Dệt thảm", "Thêu ren"], reviewer, reviewer))
    assert "“Dệt thảm”: đã thẩm định, không còn chờ thẩm định." in said and holder("Thêu ren") is None


def test_what_can_not_be_given(
    plan: AnnualPlan, centre_staff: User, centre_head: User, reviewer: User, department_head: User, tree: Tree
) -> None:
    """Nobody without the role, from elsewhere, or who made the project; no line of another round."""
    stranger = make_person(role="reviewer", scope=make_tree(code="qn", name="Quảng Ninh").department, username="qn")
    gone = make_person(role="reviewer", scope=tree.department, username="gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for person in (centre_staff, department_head, stranger, gone):
        assert "không có vai trò chuyên viên Sở" in words_of(partial(give, ["Thêu ren"], person, department_head))
    for person in (centre_staff, centre_head):  # one entered it, the other sent it
        Membership.objects.create(user=person, scope=tree.department, role="reviewer")
        assert "đã lập hoặc gửi “Thêu ren”" in words_of(partial(give, ["Thêu ren"], person, department_head))
    assert code_of(partial(give, [], reviewer, department_head)) == "nothing"
    elsewhere = make_project(plan=plan, by=centre_staff, name="Đợt sau")
    sent = PlanRound.objects.get(status="submitted")
    foreign = partial(assign_lines, plan_round=sent, projects=[elsewhere.pk], reviewer=reviewer, actor=department_head)
    assert code_of(foreign) == "other_round"
    assert not ReviewAssignment.objects.exists()


def test_nobody_judges_what_was_sent_in_their_name(
    plan: AnnualPlan, centre_head: User, department_head: User, tree: Tree
) -> None:
    away = make_person(role="reviewer", scope=tree.department, username="away")
    StatusChange.objects.create(
        project=project("Thêu ren"), transition="submit", source_status="draft", target_status="submitted",
        actor=centre_head, on_behalf_of=away, effective_on=SENT,
    )  # fmt: skip
    assert "đã lập hoặc gửi “Thêu ren”" in words_of(partial(give, ["Thêu ren"], away, department_head))
    assert give(["Dệt thảm"], away, department_head) == 1


def test_questions_do_not_grow_with_the_lines(plan: AnnualPlan, reviewer: User, other: User) -> None:
    """Taken from somebody who can't review any more, one line and then two."""
    give(["Chiếu cói", "Thêu ren", "Dệt thảm"], other, other)
    other.memberships.all().delete()
    asked = []
    for names in (["Chiếu cói"], ["Thêu ren", "Dệt thảm"]):
        taker = User.objects.get(pk=reviewer.pk)
        with CaptureQueriesContext(connection) as queries:
            assert give(names, taker, taker) == len(names)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_only_a_round_under_review_is_shared(
    plan: AnnualPlan, centre_head: User, reviewer: User, department_head: User
) -> None:
    PlanRound.objects.update(status="draft")
    assert code_of(partial(give, ["Thêu ren"], reviewer, department_head)) == "not_submitted"
    late = partial(set_deadline, plan_round=PlanRound.objects.get(), due_on=dt.date(2006, 3, 1), actor=department_head)
    assert code_of(late) == "not_submitted"


def test_whoever_lost_the_role_holds_no_line_up(plan: AnnualPlan, reviewer: User, other: User) -> None:
    give(["Thêu ren"], other, other)
    other.memberships.all().delete()
    assert give(["Thêu ren"], reviewer, reviewer) == 1


def test_an_assignment_locks_nothing(plan: AnnualPlan, reviewer: User, other: User) -> None:
    give(["Thêu ren"], other, other)
    review(plan_round=PlanRound.objects.get(), project=project("Thêu ren"), by=reviewer)
    assert Appraisal.objects.get().appraiser == reviewer and holder("Thêu ren") == other


def test_a_day_is_set_and_changed_with_a_trace(plan: AnnualPlan, department_head: User) -> None:
    plan_round = PlanRound.objects.get()
    put = partial(set_deadline, plan_round=plan_round, actor=department_head)
    assert words_of(partial(put, due_on=None)) == "Nhập hạn thẩm định."
    assert "trước ngày gửi đợt (01/02/2006)" in words_of(partial(put, due_on=dt.date(2006, 1, 31)))
    put(due_on=SENT)
    assert words_of(partial(put, due_on=SENT)) == "Đợt đang có đúng hạn này."
    assert words_of(partial(put, due_on=dt.date(2006, 2, 20))) == "Ghi lý do đổi hạn."
    put(due_on=dt.date(2006, 2, 20), reason="Chờ ý kiến Sở Tài chính")
    assert times_of_rounds([plan_round])[plan_round.pk].due_on == dt.date(2006, 2, 20)
    put(due_on=None, reason="Không đặt hạn nữa")
    assert times_of_rounds([plan_round])[plan_round.pk].due_on is None
    assert [(row.due_on, row.reason, row.recorded_by) for row in ReviewDeadline.objects.order_by("pk")] == [
        (SENT, "", department_head),
        (dt.date(2006, 2, 20), "Chờ ý kiến Sở Tài chính", department_head),
        (None, "Không đặt hạn nữa", department_head),
    ]


def test_a_round_that_is_opened_again_waits_anew_for_the_same_day(
    plan: AnnualPlan, reviewer: User, department_head: User
) -> None:
    plan_round = PlanRound.objects.get()
    set_deadline(plan_round=plan_round, due_on=dt.date(2006, 3, 20), actor=department_head)
    for one in Project.objects.all():
        review(plan_round=plan_round, project=one, by=reviewer)
    take_step(plan_round, "endorse", actor=reviewer, on=dt.date(2006, 3, 2))
    plan_round.refresh_from_db()
    take_step(plan_round, "reopen", actor=department_head, on=dt.date(2006, 3, 6), reason="Xem lại")
    times = times_of_rounds([plan_round])[plan_round.pk]
    assert (times.since, times.sent_on, times.due_on) == (dt.date(2006, 3, 6), SENT, dt.date(2006, 3, 20))


def test_a_line_waits_since_its_own_last_step(plan: AnnualPlan, centre_staff: User, reviewer: User) -> None:
    """Of that round: what was said of the project in another is another line's."""
    plan_round = PlanRound.objects.get()
    review(plan_round=plan_round, project=project("Thêu ren"), by=reviewer, conclusion="return", note="Thiếu")
    line, untouched = (Project.objects.with_steps().get(name=name) for name in ("Thêu ren", "Dệt thảm"))
    other = PlanRound.objects.create(plan=plan, level="national", number=1)
    assert line_waits_since(line, plan_round.pk) == dt.date(2006, 3, 1)
    assert line_waits_since(line, other.pk) == line_waits_since(untouched, plan_round.pk) == SENT
    assert line_waits_since(make_project(plan=plan, by=centre_staff, name="Đợt sau"), plan_round.pk) is None
    assert times_of_rounds([other]) == {other.pk: RoundTimes()}


def test_a_refusal_stands_beside_its_field(
    plan: AnnualPlan, centre_staff: User, department_head: User, tree: Tree
) -> None:
    plan_round = PlanRound.objects.get()
    put = partial(set_deadline, plan_round=plan_round, actor=department_head)

    def note(text: str = " ") -> ReviewNote:
        return add_review_note(plan_round=plan_round, project=project("Thêu ren"), text=text, actor=department_head)

    def field_of(call: Callable[[], object]) -> list[str]:
        return list(getattr(refusal_of(call), "error_dict", {}))

    assert field_of(partial(put, due_on=None)) == field_of(partial(put, due_on=dt.date(2006, 1, 31))) == ["due_on"]
    put(due_on=SENT)
    assert field_of(partial(put, due_on=None)) == ["reason"] and field_of(note) == ["text"]
    note("Hỏi lại giá")
    assert field_of(partial(note, "Hỏi lại giá")) == ["text"]
    assert field_of(partial(give, ["Thêu ren"], centre_staff, department_head)) == ["reviewer"]
    Membership.objects.create(user=centre_staff, scope=tree.department, role="reviewer")
    assert field_of(partial(give, ["Thêu ren"], centre_staff, department_head)) == ["reviewer"]


def test_a_round_that_is_sent_again_has_no_day_of_the_time_before(
    plan: AnnualPlan, centre_head: User, reviewer: User, department_head: User
) -> None:
    plan_round = PlanRound.objects.get()
    set_deadline(plan_round=plan_round, due_on=dt.date(2006, 2, 20), actor=department_head)
    review(plan_round=plan_round, project=project("Thêu ren"), by=reviewer, conclusion="return", note="Thiếu")
    take_step(plan_round, "return", actor=reviewer, on=dt.date(2006, 3, 2), reason="Thiếu hồ sơ")
    plan_round.refresh_from_db()
    submit_round(plan_round=plan_round, actor=centre_head, on=dt.date(2006, 3, 5))
    times = times_of_rounds([plan_round])[plan_round.pk]
    assert (times.since, times.due_on) == (dt.date(2006, 3, 5), None)
    assert StatusChange.objects.filter(round=plan_round, transition="submit").count() == 2


@pytest.mark.parametrize(
    ("since", "due", "words", "late_days"),
    [
        (None, None, "", 0),
        (10, None, "nhận hôm nay", 0),
        (5, None, "chờ 5 ngày", 0),
        (5, 12, "chờ 5 ngày, còn 2 ngày", 0),
        (5, 11, "chờ 5 ngày, còn 1 ngày", 0),
        (5, 10, "chờ 5 ngày, đến hạn", 0),
        (5, 8, "chờ 5 ngày, quá hạn 2 ngày", 2),
        (9, 2, "chờ 1 ngày, quá hạn 1 ngày", 1),
        (10, 2, "nhận hôm nay, đến hạn", 0),
        (None, 8, "quá hạn 2 ngày", 2),
    ],
)
def test_how_long_it_waits_on_the_tenth(since: int | None, due: int | None, words: str, late_days: int) -> None:
    """What came after the day that was set is late from its own coming."""
    came, until = (None if day is None else dt.date(2006, 3, day) for day in (since, due))
    waiting = Waiting(came, until, dt.date(2006, 3, 10))
    assert (waiting.words, waiting.late_days) == (words, late_days)
