"""A draft that was entered by mistake is taken back before anybody saw it: it stays readable and counts nowhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from programmes.models import AnnualPlan, PlanRound
from projects.ledger.proof import prove
from projects.models import Beneficiary, CostLine, FieldChange, PlanLine, Project, StatusChange
from projects.pages.overview import plan_rounds
from projects.refusals import PlanClosed, TransitionRefused
from projects.services.discarding import discard_draft, discard_drafts
from projects.services.project_entry import SameName
from projects.services.project_parts import SupportInput, next_code, write_supports
from projects.services.rounds import recall_round
from projects.services.steps import take_step
from tests.factories import MILLION, make_plan, make_project, submit_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return make_plan(organisation=centre_staff.memberships.get().scope)


@pytest.fixture
def mistake(plan: AnnualPlan, centre_staff: User) -> Project:
    make_project(plan=plan, by=centre_staff, name="Thêu ren")
    return make_project(plan=plan, by=centre_staff, name="Gõ nhầm", amounts={"KCDP": 7 * MILLION, "DOIUNG": MILLION})


def listed(client: Client, **asked: Any) -> str:
    return client.get(reverse("projects:project_list"), asked).content.decode()


def test_staff_take_back_what_they_entered_by_mistake(client: Client, centre_staff: User, mistake: Project) -> None:
    client.force_login(centre_staff)
    page = client.get(mistake.get_absolute_url()).content.decode()
    address = reverse("projects:project_discard", args=[mistake.pk])
    assert address in page and "Bỏ bản nhập nhầm" in page
    asked = client.get(address).content.decode()
    assert mistake.code in asked and "không bắt buộc" in asked
    [plan] = mistake.plans
    done = client.post(address, {"reason": "Nhập hai lần"}, follow=True)
    assert done.redirect_chain[-1][0] == plan.get_absolute_url()
    said = done.content.decode()
    assert "Đã bỏ “Gõ nhầm”" in said and said.count("Gõ nhầm") == 1, "named in the message alone"


def test_its_page_and_its_history_stay(client: Client, centre_staff: User, mistake: Project) -> None:
    discard_draft(project=mistake, actor=centre_staff, reason="Nhập hai lần")
    client.force_login(centre_staff)
    page = client.get(mistake.get_absolute_url()).content.decode()
    assert "Đã bỏ</span>" in page and "Nhập hai lần" in page
    edit = reverse("projects:project_edit", args=[mistake.pk])
    assert edit not in page and ">Sửa<" not in page
    assert "Đề án đã bỏ, không sửa được." in client.get(edit).content.decode()
    journal = client.get(reverse("projects:journal")).content.decode()
    assert "Gõ nhầm" in journal and "2006 · KCĐP: 7.000.000 đồng" in journal
    [step] = StatusChange.objects.all()
    assert (step.transition, step.target_status, step.reason) == ("discard", "discarded", "Nhập hai lần")
    assert step.effective_on == timezone.localdate()
    [change] = FieldChange.objects.filter(project=mistake)
    assert change.field == "costs" and "Đối ứng: 1.000.000 đồng" in change.before and change.after == ""


def test_it_counts_nowhere(client: Client, centre_staff: User, mistake: Project) -> None:
    [plan], before = mistake.plans, AsOf(timezone.localdate(), timezone.localdate())
    helped = Beneficiary.objects.create(province=plan.organisation.province(), name="HTX Lật Dương", type="cooperative")
    write_supports(mistake, plan, [SupportInput(beneficiary=helped)])
    assert Beneficiary.objects.for_list(centre_staff).get().project_count == 1
    discard_draft(project=mistake, actor=centre_staff)
    for as_of in (AsOf(), before, AsOf(dt.date(2006, 12, 31))):
        assert not Project.objects.counted(as_of).filter(pk=mistake.pk).exists()
        assert not Project.objects.with_statuses("draft", as_of=as_of).filter(pk=mistake.pk).exists()
    assert not PlanLine.objects.filter(project=mistake).exists()
    assert not CostLine.objects.filter(component__project=mistake).exists()
    assert Beneficiary.objects.for_list(centre_staff).get().project_count == 0
    client.force_login(centre_staff)
    assert "Gõ nhầm" not in client.get(helped.get_absolute_url()).content.decode()
    for asked in ({}, {"q": "gõ nhầm"}, {"year": 2006}, {"status": "draft"}, {"as_of": f"{timezone.localdate()}"}):
        assert mistake.get_absolute_url() not in listed(client, **asked), asked
    assert mistake.get_absolute_url() in listed(client, status="discarded")
    assert plan_rounds(plan, centre_staff)[0].line_count == 1
    assert prove().is_clean


def test_its_code_and_not_its_name_stays_taken(plan: AnnualPlan, centre_staff: User, mistake: Project) -> None:
    discard_draft(project=mistake, actor=centre_staff)
    assert next_code(plan.organisation_id, plan.year) > mistake.code
    again = make_project(plan=plan, by=centre_staff, name="Gõ nhầm")
    assert again.code != mistake.code
    assert list(Project.objects.in_plans([plan]).named("Gõ nhầm")) == [again]
    assert SameName(again)


def test_what_was_sent_once_is_withdrawn_and_not_discarded(
    client: Client, plan: AnnualPlan, centre_staff: User, centre_head: User, mistake: Project
) -> None:
    submit_all(plan=plan, by=centre_head, on=timezone.localdate())
    with pytest.raises(TransitionRefused, match="không còn là bản đang lập"):
        discard_draft(project=mistake, actor=centre_staff)
    recall_round(plan_round=PlanRound.objects.get(), actor=centre_head, on=timezone.localdate())
    with pytest.raises(TransitionRefused, match="đã từng gửi Sở"):
        discard_draft(project=mistake, actor=centre_staff)
    client.force_login(centre_staff)
    assert "đã từng gửi Sở" in client.get(mistake.get_absolute_url()).content.decode()
    assert client.get(reverse("projects:project_discard", args=[mistake.pk])).status_code == 403
    mistake.refresh_from_db()
    assert mistake.status == "draft" and mistake.lines.exists()


def test_many_are_taken_back_together_or_none(
    plan: AnnualPlan, centre_staff: User, centre_head: User, mistake: Project
) -> None:
    drafts = list(Project.objects.order_by("pk"))
    take_step(mistake, "withdraw", actor=centre_head, on=timezone.localdate(), reason="Thôi")
    with pytest.raises(TransitionRefused, match=f"{mistake.code}.*Đã rút"):
        discard_drafts(projects=drafts, actor=centre_staff)
    assert Project.objects.filter(status="draft").count() == 1 and PlanLine.objects.count() == 2
    discard_drafts(projects=drafts[:1], actor=centre_staff)
    discard_drafts(projects=[], actor=centre_staff)
    assert not Project.objects.filter(status="draft").exists()


def test_statements_do_not_grow_with_the_drafts(
    plan: AnnualPlan, centre_staff: User, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for many in (2, 40):
        drafts = [make_project(plan=plan, by=centre_staff, name=f"Đề án {many}-{number}") for number in range(many)]
        actor = User.objects.get(pk=centre_staff.pk)
        with django_assert_max_num_queries(30) as asked:
            discard_drafts(projects=drafts, actor=actor)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert StatusChange.objects.filter(transition="discard").count() == 42
    assert set(Project.objects.values_list("version", flat=True)) == {2}


def test_closed_books_keep_their_drafts(plan: AnnualPlan, centre_staff: User, mistake: Project) -> None:
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed):
        discard_drafts(projects=[mistake], actor=centre_staff)
    assert mistake.lines.exists()


def test_withdrawn_lines_are_no_part_of_what_a_round_has_to_judge(
    plan: AnnualPlan, centre_staff: User, centre_head: User, mistake: Project
) -> None:
    """A round that was sent a moment ago begins at 0 of what is there."""
    take_step(mistake, "withdraw", actor=centre_head, on=dt.date(2006, 2, 1), reason="Thôi")
    submit_all(plan=plan, by=centre_head)
    [card] = plan_rounds(plan, centre_head)
    assert (card.resolved_count, card.line_count) == (0, 1)
