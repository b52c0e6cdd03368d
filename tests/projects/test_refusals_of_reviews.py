"""What can't be concluded, remarked, sent or taken back between the Centre and the Department."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.models import AppraisalAnswer, Comment, Project, StatusChange
from projects.rules.transitions import PROJECT_TRANSITIONS, ROUND_TRANSITIONS
from projects.services.review import CriterionAnswer, add_comment, review_project
from projects.services.rounds import missing_for_submission, open_round, recall_round, resubmit_project, submit_round
from projects.services.steps import PROJECT_STEPS, ROUND_STEPS, take_step
from tests.factories import MILLION, all_met, decide, make_plan, make_project, requested_cells, review, submit_all
from tests.people import Tree
from tests.projects.attempts import code_of, refusal_of, words_of
from tests.projects.world import World

pytestmark = pytest.mark.django_db
ON = dt.date(2006, 3, 1)


@pytest.fixture
def plan(tree: Tree) -> AnnualPlan:
    return make_plan(organisation=tree.centre)


def test_what_can_not_be_concluded(world: World, reviewer: User) -> None:
    project = world.projects["submitted"]

    def said(**words: Any) -> str:
        given: dict[str, Any] = {
            "plan_round": world.rounds["judged"],
            "project": project,
            "conclusion": "accept",
            "answers": all_met(),
            "note": "",
            "version": project.version,
            "actor": reviewer,
            "on": ON,
        }
        return words_of(lambda: review_project(**given | words))

    def with_answer(verdict: str) -> dict[str, CriterionAnswer]:
        return all_met() | {"effect": CriterionAnswer(AppraisalAnswer.Verdict(verdict))}

    four = {name: answer for name, answer in all_met().items() if name != "effect"}
    assert said() == said(answers=with_answer("not_applicable")) == ""
    assert "Còn tiêu chí chưa đạt" in said(answers=with_answer("not_met"))
    assert "đánh giá đủ năm tiêu chí" in said(answers=four)
    assert "đánh giá đủ năm tiêu chí" in said(answers=all_met() | {"more": CriterionAnswer("met")})
    for conclusion in ("return", "refuse"):
        assert "cần ghi: lý do" in said(conclusion=conclusion, answers={})
        assert said(conclusion=conclusion, answers=with_answer("not_met"), note="Thiếu dự toán") == ""
    for version in (project.version - 1, project.version + 1):
        assert "Hãy đọc lại rồi kết luận" in said(version=version)
    assert said(plan_round=world.rounds["settled"]) == "Đề án không thuộc đợt này."


def test_a_line_is_judged_in_a_round_that_is_before_the_department(
    world: World, reviewer: User, centre_staff: User
) -> None:
    """A project of two sources: its city round was sent, its national one not yet."""
    project = world.projects["submitted"]
    draft = world.rounds["draft"]
    draft.lines.create(project=project)
    words: dict[str, Any] = {
        "project": project,
        "conclusion": "accept",
        "answers": all_met(),
        "note": "",
        "actor": reviewer,
        "on": ON,
    }
    words["version"] = project.version
    assert code_of(lambda: review_project(plan_round=draft, **words)) == "not_submitted"
    assert code_of(lambda: review_project(plan_round=world.rounds["judged"], **words)) == "done"


def test_what_was_answered_is_kept(world: World, reviewer: User) -> None:
    project = world.projects["submitted"]
    answers = {"ability": CriterionAnswer("not_met", "Chưa có xưởng"), "effect": CriterionAnswer("met")}
    appraisal = review_project(
        plan_round=world.rounds["judged"], project=project, conclusion="return", answers=answers, note="Bổ sung",
        actor=reviewer, on=ON, version=project.version,
    )  # fmt: skip
    kept = appraisal.answers.values_list("criterion", "verdict", "note")
    assert list(kept) == [("effect", "met", ""), ("ability", "not_met", "Chưa có xưởng")]
    assert (appraisal.project, appraisal.round, appraisal.note) == (project, world.rounds["judged"], "Bổ sung")
    assert (appraisal.appraiser, appraisal.appraised_on, appraisal.conclusion) == (reviewer, ON, "return")
    step = StatusChange.objects.get(project=project)
    assert (step.transition, step.reason, step.effective_on) == ("return", "Bổ sung", ON)


def test_what_can_not_be_remarked(world: World, reviewer: User, centre_head: User) -> None:
    project = world.projects["submitted"]

    def said(text: str = "Nêu số lao động", by: User = reviewer, **words: Any) -> str:
        return code_of(lambda: add_comment(project=project, actor=by, text=text, **words))

    assert said() == said(field="aims", plan_round=world.rounds["judged"]) == "done"
    assert said(" \n") == "nothing"
    assert said(plan_round=world.rounds["sent"]) == "other_round"
    comment = add_comment(
        project=project, actor=reviewer, text="  CCCD 031095001234 ", field="aims", plan_round=world.rounds["judged"]
    )
    assert (comment.round, comment.field, comment.author) == (world.rounds["judged"], "aims", reviewer)
    assert comment.text.startswith("CCCD ") and "031095001234" not in comment.text
    assert said(comment.text, field="aims") == "twice"
    assert {said(comment.text), said(comment.text, field="aims", by=centre_head), said(field="aims")} == {"done"}
    assert Comment.objects.filter(project=project).count() == 1


def test_a_round_is_of_state_money_and_the_next_one_of_its_level(plan: AnnualPlan, centre_staff: User) -> None:
    def said(level: str) -> str:
        return code_of(lambda: open_round(plan=plan, level=level, actor=centre_staff))

    assert {said(level) for level in ("counterpart", "other", "")} == {"level"}
    make_project(plan=plan, by=centre_staff)
    assert said("city") == said("national") == "done"
    assert (open_round(plan=plan, level="city", actor=centre_staff).number, said("city")) == (2, "empty_round")
    assert said("national") == "done", "the empty one is another level's"
    assert open_round(plan=plan, level="national", actor=centre_staff).number == 1
    following = make_plan(organisation=plan.organisation, year=2007)
    assert code_of(lambda: open_round(plan=following, level="city", actor=centre_staff)) == "done"


def problems(plan_round: PlanRound, only: Project | None = None) -> list[tuple[str, str]]:
    return [(str(project) if project else "", text) for project, text in missing_for_submission(plan_round, only)]


@pytest.mark.parametrize(
    ("kind", "words", "missing"),
    [
        ("group", {}, []),
        ("group", {"amounts": {"KCDP": 0}}, ["chưa có kinh phí đề nghị"]),
        ("group", {"amounts": {"DOIUNG": 5}}, ["chưa có kinh phí đề nghị"]),
        ("group", {"amounts": {}}, ["chưa có kinh phí đề nghị"]),
        ("group", {"places": []}, ["chưa chọn địa bàn"]),
        ("group", {"places": [], "area_scope": "whole_city"}, []),
        ("group", {"places": [], "area_scope": "not_fixed"}, []),
        ("group", {"group": ""}, []),
        ("task", {"group": ""}, []),
        ("single", {"group": ""}, ["chưa có đơn vị hoặc nhóm thụ hưởng"]),
        ("pilot", {"group": ""}, ["chưa có đơn vị hoặc nhóm thụ hưởng"]),
        ("single", {}, []),
        (
            "single",
            {"group": "", "places": [], "amounts": {}},
            ["chưa có kinh phí đề nghị", "chưa chọn địa bàn", "chưa có đơn vị hoặc nhóm thụ hưởng"],
        ),
    ],
)
def test_what_the_department_would_send_back_at_once(
    plan: AnnualPlan, centre_staff: User, centre_head: User, kind: str, words: dict[str, Any], missing: list[str]
) -> None:
    make_project(plan=plan, by=centre_staff, name="Đề án", kind=kind, **words)
    [plan_round] = plan.rounds.all()
    assert problems(plan_round) == [("Đề án", text) for text in missing]
    refusal: Any = refusal_of(lambda: submit_round(plan_round=plan_round, actor=centre_head, on=ON))
    assert (refusal.messages if refusal else []) == [f"Đề án: {text}" for text in missing]


def test_a_round_with_nothing_left_in_it_is_not_sent(plan: AnnualPlan, centre_staff: User, centre_head: User) -> None:
    project = make_project(plan=plan, by=centre_staff, places=[])
    other = make_project(plan=plan, by=centre_staff, name="Khác", amounts={})
    [plan_round] = plan.rounds.all()
    assert problems(plan_round, project) == [(str(project), "chưa chọn địa bàn")], "of one project alone"
    Project.objects.filter(pk=other.pk).update(status="withdrawn")
    assert problems(plan_round) == [(str(project), "chưa chọn địa bàn")], "who was withdrawn is not asked"
    Project.objects.update(status="withdrawn")
    assert problems(plan_round) == [("", "Đợt chưa có đề án nào.")] and problems(plan_round, project) == []
    assert code_of(lambda: submit_round(plan_round=plan_round, actor=centre_head, on=ON)) == "not_ready"
    assert words_of(lambda: submit_round(plan_round=plan_round, actor=centre_head, on=ON)) == "Đợt chưa có đề án nào."


def test_a_round_that_somebody_has_touched_is_not_taken_back(
    plan: AnnualPlan, centre_staff: User, centre_head: User, reviewer: User, department_head: User
) -> None:
    one, two = (make_project(plan=plan, by=centre_staff, name=name) for name in ("Một", "Hai"))
    submit_all(plan=plan, by=centre_head)
    [plan_round] = plan.rounds.all()

    def said() -> str:
        return words_of(lambda: recall_round(plan_round=plan_round, actor=centre_head, on=ON))

    assert said() == ""
    take_step(one, "withdraw", actor=centre_head, on=ON, reason="Thôi")
    assert said() == "", "what the Centre withdrew itself keeps nothing"
    review(plan_round=plan_round, project=two, by=reviewer)
    assert said() == "Có đề án của đợt đã được xử lý, không rút lại được."
    decide(
        plan=plan,
        by=department_head,
        assigned={"KCDP": 60 * MILLION},
        approved=dict(list(requested_cells(plan).items())[1:]),
    )
    PlanRound.objects.update(status="submitted")
    assert said() == "Đợt đã có quyết định, không rút lại được."


def test_a_round_takes_its_own_projects_along_and_no_others(
    plan: AnnualPlan, centre_staff: User, centre_head: User
) -> None:
    for name, code in (("Một", "KCDP"), ("Hai", "KCQG")):
        make_project(plan=plan, by=centre_staff, name=name, amounts={code: 5})
    city, national = plan.rounds.get(level="city"), plan.rounds.get(level="national")
    found = []
    for move, one in ((submit_round, city), (submit_round, national), (recall_round, city)):
        move(plan_round=one, actor=centre_head, on=ON)
        found.append(tuple(Project.objects.order_by("pk").values_list("status", flat=True)))
    assert found == [("submitted", "draft"), ("submitted", "submitted"), ("draft", "submitted")]


def test_a_project_of_two_rounds_stays_sent_while_the_other_is(
    plan: AnnualPlan, centre_staff: User, centre_head: User
) -> None:
    make_project(plan=plan, by=centre_staff, amounts={"KCDP": 5, "KCQG": 6})
    submit_all(plan=plan, by=centre_head)
    for level, status in (("national", "submitted"), ("city", "draft")):
        recall_round(plan_round=plan.rounds.get(level=level), actor=centre_head, on=ON)
        assert Project.objects.get().status == status


def test_a_returned_project_goes_back_alone_only_into_a_round_that_is_there(world: World, centre_head: User) -> None:
    project = world.projects["sent_back"]

    def said() -> str:
        return words_of(lambda: resubmit_project(project=project, actor=centre_head, on=ON))

    assert said() == ""
    home = project.lines.get().round
    for status in ("draft", "returned"):
        PlanRound.objects.filter(pk=home.pk).update(status=status)
        assert said() == "Đợt của đề án đang ở Trung tâm: gửi cả đợt."
    PlanRound.objects.filter(pk=home.pk).update(status="submitted")
    world.rounds["draft"].lines.create(project=project)
    assert said() == "", "what it asks for in a round that is not sent yet may wait"
    project.places.clear()
    assert said() == f"{project}: chưa chọn địa bàn"


def test_steps_with_a_service_of_their_own_are_not_taken_without_it(world: World, centre_head: User) -> None:
    own = {"round": set(ROUND_TRANSITIONS) - set(ROUND_STEPS), "project": set(PROJECT_TRANSITIONS) - set(PROJECT_STEPS)}
    assert own == {
        "round": {"submit", "recall", "approve", "cancel", "record"},
        "project": {
            *("submit", "recall", "appraise", "return", "refuse", "approve", "reject", "contract", "settle", "stop"),
            "reconsider",
            *("record", "confirm", "take_over", "discard", "annul", "cancel"),
        },
    }
    for kind, record in (("round", world.rounds["draft"]), ("project", world.projects["draft"])):
        for name in own[kind]:
            step = lambda record=record, name=name: take_step(record, name, actor=centre_head, on=ON, reason="x")  # noqa: E731
            assert code_of(step) == "own_service", name
    refusal = words_of(lambda: take_step(world.rounds["draft"], "submit", actor=centre_head, on=ON))
    assert refusal.startswith("Bước “Gửi Sở” phải kèm số liệu")
    assert take_step(world.projects["contracted"], "start", actor=centre_head, on=dt.date(2006, 8, 1)).reason == ""


def test_a_round_is_not_endorsed_before_what_it_rests_on(
    plan: AnnualPlan, centre_staff: User, centre_head: User, reviewer: User
) -> None:
    project = make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    [plan_round] = plan.rounds.all()
    words = {"plan_round": plan_round, "project": project, "answers": all_met(), "note": "", "actor": reviewer}
    version = Project.objects.get().version
    review_project(conclusion="accept", on=dt.date(2006, 3, 20), version=version, **words)
    said = words_of(lambda: take_step(plan_round, "endorse", actor=reviewer, on=dt.date(2006, 3, 19)))
    assert "trước ngày của bước liền trước (20/03/2006)" in said
    assert take_step(plan_round, "endorse", actor=reviewer, on=dt.date(2006, 3, 20)).target_status == "endorsed"


def test_no_step_of_a_round_is_dated_before_the_one_before_it(
    plan: AnnualPlan, centre_staff: User, centre_head: User, reviewer: User, department_head: User
) -> None:
    project = make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    [plan_round] = plan.rounds.all()
    words = {"plan_round": plan_round, "project": project, "answers": all_met(), "note": "", "actor": reviewer}
    version = Project.objects.get().version
    review_project(conclusion="accept", on=dt.date(2006, 3, 20), version=version, **words)
    days = [("endorse", reviewer, 21), ("forward", department_head, 22), ("reopen", department_head, 23)]
    for name, actor, day in [*days, ("endorse", reviewer, 24)]:
        on = dt.date(2006, 3, day)
        early = on - dt.timedelta(days=2)
        said = words_of(lambda: take_step(plan_round, name, actor=actor, on=early, reason="Tờ trình"))  # noqa: B023
        assert f"trước ngày của bước liền trước ({day - 1}/03/2006)" in said, name
        take_step(plan_round, name, actor=actor, on=on, reason="Tờ trình")


def test_who_may_not_send_hears_of_the_right_before_the_state_of_the_round(
    plan: AnnualPlan, centre_staff: User, centre_head: User
) -> None:
    """What is missing in it, or was decided of it, is nothing for those who have no part in sending it."""
    project = make_project(plan=plan, by=centre_staff, places=[])
    [plan_round] = plan.rounds.all()
    missing = words_of(lambda: submit_round(plan_round=plan_round, actor=centre_head, on=ON))
    said = words_of(lambda: submit_round(plan_round=plan_round, actor=centre_staff, on=ON))
    assert "chưa chọn địa bàn" in missing and said and "địa bàn" not in said
    Project.objects.update(status="returned")
    PlanRound.objects.update(status="submitted")
    missing = words_of(lambda: resubmit_project(project=project, actor=centre_head, on=ON))
    said = words_of(lambda: resubmit_project(project=project, actor=centre_staff, on=ON))
    assert "chưa chọn địa bàn" in missing and said and "địa bàn" not in said
    Project.objects.update(status="appraised")
    touched = words_of(lambda: recall_round(plan_round=plan_round, actor=centre_head, on=ON))
    said = words_of(lambda: recall_round(plan_round=plan_round, actor=centre_staff, on=ON))
    assert "đã được xử lý" in touched and said and "xử lý" not in said


def test_a_returned_project_waits_for_itself_alone(world: World, centre_head: User) -> None:
    """Neither for what another project of the round lacks nor for a round that is decided long since."""
    project = world.projects["sent_back"]
    other = make_project(plan=world.plan, by=project.created_by, name="Thiếu địa bàn", places=[])
    other.lines.update(round=project.lines.get().round)
    decided = PlanRound.objects.create(plan=world.plan, level="national", number=90, status="approved")
    Project.objects.filter(pk=project.pk).update(area_scope="units")
    assert words_of(lambda: resubmit_project(project=project, actor=centre_head, on=ON)) == ""
    decided.lines.create(project=project)
    assert words_of(lambda: resubmit_project(project=project, actor=centre_head, on=ON)) == "", (
        "asked for nothing there"
    )


def test_words_of_sending_are_those_that_were_written(plan: AnnualPlan, centre_staff: User, centre_head: User) -> None:
    make_project(plan=plan, by=centre_staff)
    make_project(plan=plan, by=centre_staff, name="Không xin kinh phí", amounts={"KCDP": 0})
    [plan_round] = plan.rounds.all()
    assert problems(plan_round) == [("Không xin kinh phí", "chưa có kinh phí đề nghị")]
    Project.objects.filter(name="Không xin kinh phí").update(status="withdrawn")
    submit_round(plan_round=plan_round, actor=centre_head, on=ON)
    assert set(StatusChange.objects.values_list("transition", "reason")) == {("submit", "")}
    Project.objects.exclude(status="withdrawn").update(status="returned")
    resubmit_project(project=Project.objects.get(status="returned"), actor=centre_head, on=ON)
    assert set(StatusChange.objects.values_list("transition", "reason")) == {("submit", "")}
