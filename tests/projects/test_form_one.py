"""Mẫu số 1: the estimate with its two commitments as a paper, from what the project asks and its items."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from khuyencong.paper.official_paper import OfficialPaper, PaperList
from programmes.models import FundingSource
from projects.models import CostLine, Project, RecordedPaper
from projects.papers.kinds import PAPERS, written_paper
from projects.papers.round_papers import PaperWords
from projects.services.commitments import Signed, record_commitment
from projects.services.documents import withdraw_document
from projects.services.estimates import ItemInput, write_estimate
from tests.factories import MILLION, make_plan, make_project
from tests.sent import fields_of
from tests.there import there

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(centre_staff: User) -> Project:
    """Asks 60 triệu of the city; the establishment puts in 30."""
    made = make_project(plan=make_plan(organisation=centre_staff.memberships.get().scope), by=centre_staff)
    own = FundingSource.objects.get(code="DOIUNG")
    line, component = made.lines.get(), made.components.get()
    CostLine.objects.create(plan_line=line, component=component, source=own, amount_vnd=30 * MILLION)
    return made


def paper(project: Project, by: User) -> OfficialPaper:
    return there(written_paper(PAPERS["estimate"], project, by, PaperWords()))


def table(found: OfficialPaper) -> PaperList:
    return next(part for part in found.parts if isinstance(part, PaperList))


def test_columns_and_sums_are_those_of_the_form(project: Project, centre_staff: User) -> None:
    found = table(paper(project, centre_staff))
    assert [column.label for column in found.columns] == ["A", "B", "1", "2", "3", "4", "5"]
    assert [column.title for column in found.columns][2:] == [
        "Tổng kinh phí",
        "Kinh phí khuyến công địa phương",
        "Kinh phí đóng góp của đơn vị thụ hưởng",
        "Nguồn khác",
        "Ghi chú",
    ]
    assert list(found.rows[-1].cells) == ["", "Cộng", "90", "60", "30", "–", ""], "what nobody said is no nought"


def test_items_stand_below_their_content_and_a_sum_that_differs_is_noted(project: Project, centre_staff: User) -> None:
    component = project.components.get().pk
    items = [
        ItemInput(component, "Thuê giáo viên", "buổi", Decimal(30), 2 * MILLION, 60 * MILLION),
        ItemInput(component, "Vật tư", "", Decimal("2.5"), 10 * MILLION),
    ]
    project.refresh_from_db()
    plan = there(project.latest_plan())
    write_estimate(project=project, plan=plan, items=items, version=project.version, actor=centre_staff)
    content, first, second, whole = table(paper(project, centre_staff)).rows
    assert list(content.cells)[2:] == ["90", "60", "30", "–", "Cộng các khoản: 85"]
    assert list(first.cells) == [
        "1.1",
        "Thuê giáo viên\n(30 buổi × 2.000.000 đồng)",
        *("60", "60", "0", "", ""),
    ]
    assert list(second.cells)[1:5] == ["Vật tư\n(2,5 × 10.000.000 đồng)", "25", "–", "–"]
    assert list(whole.cells)[2] == "90"
    all_of_it = [*items, ItemInput(component, "Nước uống", "", Decimal(1), 5 * MILLION)]
    project.refresh_from_db()
    write_estimate(project=project, plan=plan, items=all_of_it, version=project.version, actor=centre_staff)
    content, *_items = table(paper(project, centre_staff)).rows
    assert list(content.cells)[2:] == ["90", "60", "30", "–", ""], "that they add up nobody has to say"


@pytest.mark.parametrize(
    ("sources", "own", "note"),
    [
        ({"DOIUNG": 30}, "40", ""),
        ({}, "–", "Chưa nêu nguồn của 40 còn lại"),
        ({"KHAC": 30}, "–", ""),
        ({"DOIUNG": 20, "KHAC": 10}, "–", ""),
    ],
)
def test_the_rest_of_an_item_is_the_beneficiarys_only_where_the_request_says_so(
    project: Project, centre_staff: User, sources: dict[str, int], own: str, note: str
) -> None:
    line, component = project.lines.get(), project.components.get()
    CostLine.objects.filter(source__code="DOIUNG").delete()
    for code, amount in sources.items():
        source = FundingSource.objects.get(code=code)
        CostLine.objects.create(plan_line=line, component=component, source=source, amount_vnd=amount * MILLION)
    project.refresh_from_db()
    items = [
        ItemInput(component.pk, "Máy", "", Decimal(1), 100 * MILLION, 60 * MILLION),
        ItemInput(component.pk, "Thuê giáo viên", "", Decimal(1), 5 * MILLION, 5 * MILLION),
    ]
    plan = there(project.latest_plan())
    write_estimate(project=project, plan=plan, items=items, version=project.version, actor=centre_staff)
    _content, machine, teacher, _whole = table(paper(project, centre_staff)).rows
    assert list(machine.cells)[2:] == ["100", "60", own, "", note]
    assert list(teacher.cells)[2:] == ["5", "5", "0", "", ""], "nothing is left of it, whoever pays the rest"


def test_a_commitment_whose_scan_was_withdrawn_is_not_printed(project: Project, centre_staff: User) -> None:
    scan = SimpleUploadedFile("cam-ket.pdf", b"%PDF-1.4\n")
    signed = Signed(True, True, dt.date(2006, 1, 20), "Bà Hoa, chủ nhiệm HTX", files=[scan])
    recorded = record_commitment(project=project, signed=signed, seen=None, actor=centre_staff)
    withdraw_document(document=there(recorded.document), reason="Quét nhầm trang", actor=centre_staff)
    assert "Bà Hoa" not in "\n".join(paper(project, centre_staff).lines())


def test_it_is_kept_as_it_was_made_and_names_who_signed(
    client: Client, project: Project, centre_staff: User, reviewer: User
) -> None:
    client.force_login(centre_staff)
    printed = reverse("projects:paper", args=[project.pk, "estimate"])
    assert printed in client.get(project.get_absolute_url()).content.decode()
    page = client.get(printed).content.decode()
    assert (
        "Không nhận hỗ trợ nào khác từ ngân sách nhà nước" in page and "đóng góp để thực hiện đề án: 30 triệu" in page
    )
    address = reverse("projects:paper_make", args=[project.pk, "estimate"])
    assert client.post(address, fields_of(client.get(address)) | {"dated_on": "20/01/2006"}).status_code == 302
    made = RecordedPaper.objects.get(project=project)
    assert made.is_whole and made.number == 1
    scan = SimpleUploadedFile("cam-ket.pdf", b"%PDF-1.4\n")
    signed = Signed(True, True, dt.date(2006, 1, 20), "Bà Hoa, chủ nhiệm HTX", files=[scan])
    record_commitment(project=project, signed=signed, seen=None, actor=centre_staff)
    assert "Bà Hoa" in "\n".join(paper(project, centre_staff).lines())
    client.force_login(reviewer)
    again = client.get(printed)
    assert "Bà Hoa" not in made.page and made.page.split("<h1>")[1][:40] in again.content.decode()
    assert client.get(address).status_code == 403


def test_without_money_there_is_nothing_to_print(client: Client, project: Project, centre_staff: User) -> None:
    CostLine.objects.all().delete()
    client.force_login(centre_staff)
    assert client.get(reverse("projects:paper", args=[project.pk, "estimate"])).status_code == 404


def test_a_task_helps_nobody_who_could_commit(project: Project, centre_staff: User) -> None:
    Project.objects.update(kind=Project.Kind.TASK)
    said = "\n".join(paper(project, centre_staff).lines())
    assert "cam kết" not in said and "ĐƠN VỊ THỤ HƯỞNG" not in said
