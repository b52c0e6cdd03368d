"""Whoever acts in another's name is named with them wherever a record says who: changes, slips, papers, reports."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.authorisations import Term, delegate
from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, Decision
from projects.models import ApprovalEntry, Beneficiary, CellKey, FieldChange, PaymentEntry, Project
from projects.papers.letter_papers import approved_list_paper
from projects.papers.round_papers import PaperWords
from projects.services.adjust import Adjusted, adjust_project
from projects.services.beneficiaries import save_beneficiary
from projects.services.corrections import Correction, record_corrections
from projects.services.letter_heads import correct_head
from projects.services.papers import make_paper
from projects.services.past_letters import LetterHead
from projects.services.payments import RightAmount, correct_entries
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.projects import update_project
from tests.factories import MILLION, activity, district, make_decision, make_project, source, submit_annual_report
from tests.people import make_person
from tests.projects.accounting import pay
from tests.there import there

pytestmark = pytest.mark.django_db


def delegate_of(holder: User, username: str, role: str) -> User:
    """A colleague of another role who does the holder's work today, as the next request reads them."""
    scope = holder.memberships.get().scope
    colleague = make_person(role=role, scope=scope, username=username, full_name="Lê Thị Hai")
    today = timezone.localdate()
    held = holder.memberships.get().role
    delegate(actor=holder, role=held, scope=scope, to=colleague, term=Term(today, today, "Đi công tác"))
    return User.objects.get(pk=colleague.pk)


def says(client: Client, address: str, holder: User) -> bool:
    text = " ".join(client.get(address).content.decode().split())
    return f"Lê Thị Hai theo ủy quyền của {holder}" in text


def test_corrections_of_a_letter_and_of_its_head(
    client: Client, plan: AnnualPlan, department_head: User, observer: User
) -> None:
    deputy, letter = delegate_of(department_head, "deputy", "reviewer"), Decision.objects.get()
    client.force_login(observer)
    assert not says(client, letter.get_absolute_url(), department_head)
    entry = there(ApprovalEntry.objects.first())
    slip = Correction(entry, entry.amount_vnd, entry.amount_vnd - MILLION)
    record_corrections(decision=letter, corrections=[slip], reason="Gõ nhầm", actor=deputy)
    assert says(client, letter.get_absolute_url(), department_head)


def test_the_head_that_was_put_right(client: Client, plan: AnnualPlan, department_head: User, observer: User) -> None:
    deputy, letter = delegate_of(department_head, "deputy", "reviewer"), Decision.objects.get()
    head = LetterHead(number="342/UBND-CN", issued_on=letter.issued_on, authority=letter.authority)
    correct_head(decision=letter, head=head, reason="Gõ nhầm", actor=deputy)
    client.force_login(observer)
    assert says(client, letter.get_absolute_url(), department_head)


def test_changes_of_fields_under_a_letter(
    client: Client, plan: AnnualPlan, department_head: User, observer: User
) -> None:
    deputy, project = delegate_of(department_head, "deputy", "reviewer"), there(Project.objects.first())
    adjust_project(
        project=project,
        plan=plan,
        decision=make_decision(organisation=plan.organisation.parent, number="9/QĐ", on=dt.date(2006, 8, 1)),
        wanted=Adjusted(None, dt.date(2006, 12, 1), "units", [district()], []),
        reason="Theo đề nghị",
        actor=deputy,
        version=project.version,
    )
    assert {change.on_behalf_of for change in FieldChange.objects.filter(actor=deputy)} == {department_head}
    client.force_login(observer)
    for address in (project.get_absolute_url(), f"{reverse('projects:journal')}?project={project.pk}"):
        assert says(client, address, department_head), address


def test_changes_of_a_draft_and_of_the_registry_by_who_is_no_staff_themselves(
    client: Client, plan: AnnualPlan, centre_head: User, centre_staff: User, accountant: User, observer: User
) -> None:
    draft = make_project(plan=plan, by=centre_staff, name="Chiếu cói")
    deputy = delegate_of(centre_head, "deputy", "accountant")
    change_name(draft, deputy)
    assert FieldChange.objects.get(field="name").on_behalf_of == centre_head
    helped = Beneficiary(province=plan.organisation.province(), name="HTX Lật Dương", type="cooperative")
    save_beneficiary(beneficiary=helped, actor=centre_staff)
    helped = Beneficiary.objects.get(pk=helped.pk)
    helped.name = "HTX chiếu cói Lật Dương"
    save_beneficiary(beneficiary=helped, version=helped.version, actor=deputy)
    assert there(FieldChange.objects.filter(beneficiary=helped).last()).on_behalf_of == centre_head
    client.force_login(observer)
    assert says(client, draft.get_absolute_url(), centre_head) and says(client, helped.get_absolute_url(), centre_head)


def test_staff_to_whom_their_head_delegated_write_as_staff(
    plan: AnnualPlan, centre_head: User, centre_staff: User
) -> None:
    draft = make_project(plan=plan, by=centre_staff, name="Chiếu cói")
    change_name(draft, delegate_of(centre_head, "deputy", "centre_staff"))
    assert FieldChange.objects.get(field="name").on_behalf_of is None


def test_slips_of_a_voucher(
    client: Client, plan: AnnualPlan, cells: list[CellKey], accountant: User, observer: User
) -> None:
    voucher = pay(plan, accountant, (cells[0], "advance", 10))
    deputy = delegate_of(accountant, "deputy", "centre_staff")
    correct_entries(rights=[RightAmount(PaymentEntry.objects.get(), MILLION)], reason="Gõ nhầm", actor=deputy)
    client.force_login(observer)
    assert says(client, voucher.get_absolute_url(), accountant)


def test_papers_and_submitted_reports(
    client: Client, plan: AnnualPlan, centre_head: User, department_head: User, observer: User
) -> None:
    deputy, letter = delegate_of(department_head, "deputy", "reviewer"), Decision.objects.get()
    seen = there(approved_list_paper(letter, deputy)).digest
    paper = make_paper(kind="approved-list", subject=letter, words=PaperWords(), seen=seen, actor=deputy)
    report = submit_annual_report(by=delegate_of(centre_head, "second", "accountant"))
    assert (paper.on_behalf_of, report.on_behalf_of) == (department_head, centre_head)
    client.force_login(observer)
    assert says(client, paper.get_absolute_url(), department_head)
    assert says(client, report.get_absolute_url(), centre_head)
    assert says(client, reverse("reports:submitted_list"), centre_head)


def change_name(draft: Project, by: User) -> None:
    content = ContentInput(activity(), {source("KCDP"): 60 * MILLION})
    data = ProjectInput(draft.plans[0], [content], [district()], [SupportInput(group_description="Lao động nông thôn")])
    draft.name = "Dệt chiếu cói"
    update_project(project=draft, data=data, version=draft.version, actor=by)
