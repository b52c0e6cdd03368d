"""Three workbooks as offices keep them, under the law and the units as they ship: the figures that they must give."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.models import ImportBatch
from projects.importing.services.batches import answer_batch, bring_file, take_back_batch, write_batch
from projects.ledger.proof import prove
from projects.models import Beneficiary, ContractEntry, CostLine, PastLetter, PaymentEntry, Project, SettlementEntry
from tests.factories import MILLION, make_plan
from tests.importing.lists import proposed
from tests.importing.sample_workbooks import sample_workbook
from tests.projects.opening import confirmed, totals
from tests.reports.books import read_book

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

PLAN_2006, LIST_2026, PAID_2026 = "ke-hoach-2006", "danh-muc-65-de-an-2026", "giai-ngan-giua-nam-2026"
formats = pytest.mark.parametrize("extension", [
    "xlsx",
    pytest.param("xls", marks=pytest.mark.office),
    pytest.param("ods", marks=pytest.mark.office),
])  # fmt: skip


@pytest.fixture
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """The content of a sample, in another format as LibreOffice saves it."""

    def content(stem: str, extension: str) -> bytes:
        if extension == "xlsx":
            return sample_workbook(stem)
        path = tmp_path / f"{stem}.xlsx"
        path.write_bytes(sample_workbook(stem))
        office = request.getfixturevalue("libreoffice")
        command = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", extension]
        subprocess.run([*command, "--outdir", tmp_path, path], check=True, capture_output=True, timeout=120)
        return (tmp_path / f"{stem}.{extension}").read_bytes()

    return content


def plan_of_year(centre_staff: User, year: int) -> AnnualPlan:
    return make_plan(organisation=centre_staff.memberships.get().scope, year=year)


def imported(plan: AnnualPlan, content: bytes, actor: User, content_code: str = "") -> tuple[ImportBatch, int]:
    """With how many choices were asked for; a content that no word tells is ``content_code``."""
    batch = bring_file(plan=plan, kind="", name="tệp của Trung tâm", content=content, actor=actor)
    count = 0
    while asked := proposed(batch, actor).open_questions:
        count += len(asked)
        answers = {one.key: one.likely or content_code for one in asked}
        batch = answer_batch(batch=batch, answers=answers, version=batch.version, actor=actor)
    return write_batch(batch=batch, version=batch.version, actor=actor), count


def asked_by_source(plan: AnnualPlan) -> dict[str, float]:
    """Of the drafts that stand in the plan, in triệu đồng."""
    sums: Counter[str] = Counter()
    lines = CostLine.objects.for_plans([plan]).filter(plan_line__project__status="draft")
    for code, vnd in lines.values_list("source__code", "amount_vnd"):
        sums[code] += vnd
    return {code: vnd / MILLION for code, vnd in sums.items()}


def yearly_list(client: Client, reader: User, plan: AnnualPlan, stage: str = "draft") -> list[str]:
    """The texts and figures of the projects' sheet of the yearly workbook."""
    client.force_login(reader)
    answer = client.get(reverse("reports:annual_xlsx"), {"year": str(plan.year), "stage": stage})
    return read_book(answer.content)["Danh mục"].texts()


@formats
def test_the_plan_of_2006(centre_staff: User, sample: Any, extension: str) -> None:
    plan = plan_of_year(centre_staff, 2006)
    batch, choices = imported(plan, sample(PLAN_2006, extension), centre_staff, "134-3")
    assert choices <= 6 and batch.rows.count() == 6
    assert asked_by_source(plan) == {"KCQG": 63, "KCDP": 250}
    lines = Project.objects.get(name="Dự án hỗ trợ nâng cao năng lực sản xuất chiếu cói")
    assert lines.places_text == Project.objects.get(name="Dự án đào tạo nghề thêu ren móc chỉ").places_text, "-nt-"


@formats
def test_the_list_of_65_projects(centre_staff: User, sample: Any, extension: str, client: Client) -> None:
    plan, content = plan_of_year(centre_staff, 2026), sample(LIST_2026, extension)
    draft = bring_file(plan=plan, kind="", name="danh-muc.xlsx", content=content, actor=centre_staff)
    client.force_login(centre_staff)
    page = " ".join(client.get(draft.get_absolute_url()).content.decode().split())
    assert "tệp ghi 7.581, các dòng cộng lại 7.571" in page and "tệp cộng thừa 10 (Danh mục!K14)" in page
    assert "nhận ra 14 cột" in page and page.count("là một đơn vị") == 3, "two spellings under one tax code"
    for _time in range(2):
        batch, choices = imported(plan, content, centre_staff)
        assert choices <= 30 and batch.rows.count() == 65
        assert asked_by_source(plan) == {"KCQG": 700.5, "KCDP": 7571, "DOIUNG": 7912} and prove().is_clean
        report = yearly_list(client, centre_staff, plan)
        total = report.index("Tổng cộng (65 đề án)")
        assert report[total + 1 : total + 5] == ["16183.5", "700.5", "7571", "7912"], "all, KCQG, KCĐP, their own"
        establishments = Beneficiary.objects.count()
        take_back_batch(batch=batch, actor=centre_staff)
        assert asked_by_source(plan) == {} and prove().is_clean
        assert not {"700.5", "7571", "7912"} & set(yearly_list(client, centre_staff, plan))
    assert Beneficiary.objects.count() == establishments, "brought again, they are those of the first time"


@formats
def test_what_was_paid_until_june(
    centre_staff: User, department_head: User, sample: Any, extension: str, client: Client
) -> None:
    plan = plan_of_year(centre_staff, 2026)
    batch, choices = imported(plan, sample(PAID_2026, extension), centre_staff)
    assert batch.kind == "opening" and batch.rows.count() == 30 and choices == 0
    letters = list(PastLetter.objects.order_by("issued_on"))
    assert [one.number for one in letters] == ["45/QĐ-UBND", "112/QĐ-UBND"]
    assert set(totals().values()) == {0}, "nothing counts before the Department confirms"
    approved = []
    for letter in letters:
        confirmed(letter, department_head, sent_by=centre_staff)
        approved.append(totals()["approved"])
    assert approved == [3030, 3030 + 1810]
    assert totals() == {"assigned": 5400, "approved": 4840, "paid": 1478 + 597, "settled": 650}
    advances = PaymentEntry.objects.filter(kind=PaymentEntry.Kind.ADVANCE).values_list("amount_vnd", flat=True)
    assert sum(advances) == 1478 * MILLION
    assert sum(ContractEntry.objects.values_list("amount_vnd", flat=True)) == 3380 * MILLION
    assert sum(SettlementEntry.objects.values_list("amount_vnd", flat=True)) == 650 * MILLION
    assert not prove().findings
    assert yearly_list(client, department_head, plan, stage="").count("4840") >= 1
