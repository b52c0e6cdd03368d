"""A list that nobody has touched since is taken back whole; one that somebody touched stays whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.models import ImportBatch
from projects.importing.services.batches import take_back_batch
from projects.ledger.proof import prove
from projects.models import CostLine, Project, RecordedPaper
from projects.papers.kinds import PAPERS, written_paper
from projects.papers.round_papers import PaperWords
from projects.refusals import NotAllowed, PlanClosed, Refused
from projects.services.commitments import Signed, record_commitment
from projects.services.documents import attach_files
from projects.services.estimates import write_estimate
from projects.services.papers import make_paper
from projects.services.review import add_comment
from tests.factories import MILLION, make_project, submit_all
from tests.importing.lists import FAIR, HEADER, TRAINING, asked_for, changed, imported, workbook

pytestmark = pytest.mark.django_db


def test_added_drafts_go_and_their_codes_are_not_used_again(plan: AnnualPlan, centre_staff: User) -> None:
    batch = imported(plan, workbook([HEADER, TRAINING, FAIR]), centre_staff)
    batch = take_back_batch(batch=batch, actor=centre_staff)
    assert batch.stage == "taken_back" and batch.taken_back_by == centre_staff
    assert not Project.objects.in_plans([plan]).exists() and asked_for(plan) == 0 and prove().is_clean
    again = imported(plan, workbook([HEADER, TRAINING, FAIR]), centre_staff)
    codes = [row.project.code for row in again.rows.select_related("project")]
    assert codes == ["KC2006-003", "KC2006-004"] and asked_for(plan) == 120_500_000 and prove().is_clean


def test_what_a_list_changed_is_as_it_was(plan: AnnualPlan, centre_staff: User) -> None:
    imported(plan, workbook([HEADER, TRAINING, FAIR]), centre_staff)
    project = Project.objects.get(name="Đào tạo nghề thêu ren")
    project.refresh_from_db()
    before = described(project)
    later = ("9", "Đào tạo nghề thêu ren", "HTX Lật Dương", "Thủy Nguyên", "Quý I", 63, 70, None)
    batch = imported(plan, workbook([HEADER, later, FAIR]), centre_staff)
    assert described(Project.objects.get(pk=project.pk)) != before
    take_back_batch(batch=batch, actor=centre_staff)
    project = Project.objects.get(pk=project.pk)
    assert described(project) == before and project.version == 3 and Project.objects.in_plans([plan]).count() == 2


def described(project: Project) -> list[Any]:
    costs = CostLine.objects.of_project(project).values_list(
        "source__code", "component__activity_type__code", "amount_vnd"
    )
    return [
        (project.start_on, project.end_on, project.kind, project.area_scope, project.places_text),
        sorted(costs),
        [str(one) for one in project.supports.all()],
        sorted(line.round.level for line in project.lines.select_related("round")),
    ]


def paper_of(project: Project, actor: User) -> RecordedPaper:
    """Its estimate as form 1, with a number, in somebody's hands since."""
    shown = written_paper(PAPERS["estimate"], project, actor, PaperWords())
    assert shown is not None
    words = PaperWords(number="01/DT", dated_on=timezone.localdate())
    return make_paper(kind="estimate", subject=project, words=words, seen=shown.digest, actor=actor)


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("cam-ket.pdf", b"%PDF-1.4")


Touch = Callable[[Project, User, User], object]
TOUCHED: dict[str, Touch] = {
    "edited": lambda project, staff, head: Project.objects.filter(pk=project.pk).update(version=2),
    "remarked on": lambda project, staff, head: add_comment(project=project, text="Xem lại", actor=staff),
    "made a paper of": lambda project, staff, head: paper_of(project, staff),
    "given a file": lambda project, staff, head: attach_files(record=project, files=[scan()], actor=staff),
    "given a commitment": lambda project, staff, head: record_commitment(
        project=project,
        signed=Signed(True, True, timezone.localdate(), "Bà Hoa", files=[scan()]),
        seen=None,
        actor=staff,
    ),
    "given an estimate": lambda project, staff, head: write_estimate(
        project=project, plan=project.plans[0], items=[], version=project.version, actor=staff
    ),
    "sent": lambda project, staff, head: submit_all(plan=project.plans[0], by=head),
}


@pytest.mark.parametrize("touch", TOUCHED)
def test_one_that_was_touched_keeps_all(plan: AnnualPlan, centre_staff: User, centre_head: User, touch: str) -> None:
    batch = imported(plan, workbook([HEADER, TRAINING, FAIR]), centre_staff)
    TOUCHED[touch](Project.objects.get(name="Tham gia hội chợ"), centre_staff, centre_head)
    with pytest.raises(Refused) as refusal:
        take_back_batch(batch=batch, actor=centre_staff)
    assert refusal.value.code == "touched"
    assert Project.objects.in_plans([plan]).count() == 2
    assert ImportBatch.objects.get(pk=batch.pk).stage == "written"


def test_a_later_list_that_was_taken_back_is_no_touch(plan: AnnualPlan, centre_staff: User) -> None:
    """The first list goes once the second is gone; not before, and not where a person touched what it wrote."""
    first = imported(plan, workbook([HEADER, TRAINING, FAIR]), centre_staff)
    second = imported(plan, workbook([HEADER, changed(TRAINING, G=70), FAIR]), centre_staff)
    with pytest.raises(Refused):
        take_back_batch(batch=first, actor=centre_staff)
    take_back_batch(batch=second, actor=centre_staff)
    assert asked_for(plan) == 120_500_000
    take_back_batch(batch=first, actor=centre_staff)
    assert asked_for(plan) == 0 and prove().is_clean


def test_a_person_between_two_lists_is_a_touch_after_the_second_was_taken_back(
    plan: AnnualPlan, centre_staff: User
) -> None:
    first = imported(plan, workbook([HEADER, TRAINING, FAIR]), centre_staff)
    Project.objects.filter(name="Đào tạo nghề thêu ren").update(version=2)
    second = imported(plan, workbook([HEADER, changed(TRAINING, G=70), FAIR]), centre_staff)
    take_back_batch(batch=second, actor=centre_staff)
    with pytest.raises(Refused) as refusal:
        take_back_batch(batch=first, actor=centre_staff)
    assert refusal.value.code == "touched" and asked_for(plan) == 120_500_000


def test_others_and_closed_books_and_a_second_time_are_refused(
    plan: AnnualPlan, centre_staff: User, reviewer: User
) -> None:
    batch = imported(plan, workbook([HEADER, TRAINING]), centre_staff)
    with pytest.raises(NotAllowed):
        take_back_batch(batch=batch, actor=reviewer)
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed):
        take_back_batch(batch=batch, actor=centre_staff)
    AnnualPlan.objects.update(is_closed=False)
    take_back_batch(batch=batch, actor=centre_staff)
    with pytest.raises(Refused) as refusal:
        take_back_batch(batch=batch, actor=centre_staff)
    assert refusal.value.code == "over" and "đã được rút lại" in str(refusal.value)


def test_other_projects_of_the_plan_stay(plan: AnnualPlan, centre_staff: User) -> None:
    make_project(plan=plan, by=centre_staff, name="Của tay", amounts={"KCDP": MILLION})
    batch = imported(plan, workbook([HEADER, TRAINING]), centre_staff)
    take_back_batch(batch=batch, actor=centre_staff)
    assert [one.name for one in Project.objects.in_plans([plan])] == ["Của tay"] and asked_for(plan) == MILLION
