"""An appraisal is printed as it was signed, whatever becomes of everything that it names (TT 36/2013)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from lxml import html

from khuyencong.accounts.models import FormerName, Organisation, User
from programmes.models import ActivityType, AdminUnit, PlanRound, SupportNorm
from projects.models import Appraisal, Beneficiary, CostLine, Project
from projects.rules.warnings import findings_of
from projects.services.project_parts import SupportInput, write_supports
from projects.services.review import CriterionAnswer, review_project
from projects.services.rounds import resubmit_project
from projects.services.warning_reasons import give_reason
from tests.factories import MILLION, review, submit_all
from tests.law import project_of, unit
from tests.there import there

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]
YEAR = 2024


@pytest.fixture
def project(centre_staff: User, centre_head: User) -> Project:
    """A machine for 400 triệu, over the norm of 300 with its reason, before the Department."""
    place = unit("Huyện Tiên Lãng", dt.date(YEAR, 1, 1))
    amounts = {"KCQG": 400 * MILLION, "DOIUNG": 500 * MILLION}
    found = project_of(by=centre_staff, year=YEAR, norm="machinery", amounts=amounts, eligible=900 * MILLION, units=1,
                       places=[place])  # fmt: skip
    province = centre_staff.memberships.get().scope.province()
    helped = Beneficiary.objects.create(province=province, name="HTX Lật Dương", type="cooperative")
    write_supports(found, there(found.latest_plan()), [SupportInput(beneficiary=helped)])
    for warning in findings_of(found, user=None).unanswered:
        give_reason(project=found, fingerprint=warning.fingerprint, reason="Máy đặc thù", actor=centre_staff)
    submit_all(plan=there(found.latest_plan()), by=centre_head)
    return found


def paper(client: Client, project: Project, by: User, query: str = "") -> str:
    client.force_login(by)
    answer = client.get(reverse("projects:appraisal", args=[project.pk]) + query)
    assert answer.status_code == 200
    return " ".join(html.fromstring(answer.content.decode()).find("body/main").text_content().split())


def change_everything(project: Project, reviewer: User) -> None:
    """What no page allows after the submission, and what any page does later, behind everybody's back."""
    Project.objects.filter(pk=project.pk).update(name="Tên khác", code="KC-KHAC", area_scope="whole_city")
    CostLine.objects.filter(plan_line__project=project).update(amount_vnd=7 * MILLION)
    SupportNorm.objects.filter(has_no_ceiling=False).update(max_amount_vnd=1_000 * MILLION, item="Khoản khác")
    ActivityType.objects.update(short_name="Nội dung khác", legal_wording="Nội dung khác")
    AdminUnit.objects.update(name="Huyện Khác")
    Beneficiary.objects.update(name="HTX Khác")
    Organisation.objects.update(name="Cơ quan khác")
    FormerName.objects.all().delete()
    PlanRound.objects.update(number=9)
    User.objects.filter(pk=reviewer.pk).update(full_name="Tên Mới")


def test_paper_is_the_same_after_everything_it_names_has_changed(
    client: Client, project: Project, reviewer: User, centre_head: User
) -> None:
    review(plan_round=PlanRound.objects.get(), project=project, by=reviewer, note="Đủ điều kiện")
    signed = paper(client, project, centre_head)
    for words in ("400.000.000 đồng", "HTX Lật Dương", "Tiên Lãng", "Máy đặc thù", "Vượt mức hỗ trợ", "Phạm Quang Đức"):
        assert words in signed, words
    change_everything(project, reviewer)
    later = paper(client, project, centre_head)
    assert later == signed
    assert "Khác" not in later and "Tên Mới" not in later


def test_the_paper_is_vietnamese_whatever_language_the_reviewer_reads(
    client: Client, project: Project, reviewer: User, centre_head: User
) -> None:
    with override("en"):
        review(plan_round=PlanRound.objects.get(), project=project, by=reviewer)
    signed = paper(client, project, centre_head)
    client.cookies["django_language"] = "en"
    assert paper(client, project, centre_head) == signed
    for words in ("Vượt mức hỗ trợ", "Thống nhất đưa vào kế hoạch", "Năng lực của đơn vị", "ngày 01 tháng 3 năm 2024"):
        assert words in signed, words


def test_each_conclusion_keeps_its_own_paper(
    client: Client, project: Project, reviewer: User, centre_head: User
) -> None:
    plan_round = PlanRound.objects.get()
    returned = review(plan_round=plan_round, project=project, by=reviewer, conclusion="return", note="Bổ sung báo giá")
    Project.objects.filter(pk=project.pk).update(name="Tên sau khi bổ sung")
    resubmit_project(project=project, actor=centre_head, on=returned.appraised_on)
    review(plan_round=plan_round, project=Project.objects.get(pk=project.pk), by=reviewer, note="Đã đủ")
    older = paper(client, project, centre_head, f"?number={returned.pk}")
    assert "Ứng dụng máy móc tiên tiến" in older and "Bổ sung báo giá" in older and "Tên sau" not in older
    newest = paper(client, project, centre_head)
    assert "Tên sau khi bổ sung" in newest and "Đã đủ" in newest


def test_no_persons_number_is_kept_with_what_the_reviewer_wrote(
    client: Client, project: Project, reviewer: User, centre_head: User
) -> None:
    """Nobody can take it out of a paper that stays as it was signed."""
    plan_round, note = PlanRound.objects.get(), "Chủ hộ số 031085001234 chưa ký"
    review_project(
        plan_round=plan_round,
        project=project,
        conclusion="return",
        answers={"ability": CriterionAnswer("not_met", note)},
        note=note,
        actor=reviewer,
        on=dt.date(YEAR, 3, 1),
        version=Project.objects.get(pk=project.pk).version,
    )
    printed = paper(client, project, centre_head)
    assert printed.count("031…234") == 2 and "031085001234" not in printed
    kept = Appraisal.objects.get()
    assert "031085001234" not in f"{kept.note} {kept.sheet} {kept.answers.get().note}"


def test_another_scopes_project_is_told_on_the_paper_by_its_year_alone(
    project: Project, reviewer: User, centre_staff: User
) -> None:
    """Whoever reads the project reads the paper, so it says no more than anybody may know."""
    review(plan_round=PlanRound.objects.get(), project=project, by=reviewer)
    sheet = Appraisal.objects.get().sheet
    assert all("address" not in warning for warning in sheet["warnings"])
    assert {warning["text"] for warning in sheet["warnings"]} == {
        warning.text for warning in findings_of(project, user=None, on=dt.date(YEAR, 3, 1)).warnings
    }


def test_who_leads_the_department_signs_beside_the_reviewer_once_it_named_them(
    client: Client, project: Project, reviewer: User, centre_head: User
) -> None:
    department = Organisation.objects.get(kind="department")
    named = {"in_place_of": "Giám đốc", "position": "Phó Giám đốc", "name": "Vũ Thị Mai"}
    department.signers.create(valid_from=dt.date(2006, 1, 1), **named)
    review(plan_round=PlanRound.objects.get(), project=project, by=reviewer, note="Đủ điều kiện")
    department.signers.all().delete()
    signed = paper(client, project, centre_head)
    for words in ("NGƯỜI THẨM ĐỊNH", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Vũ Thị Mai"):
        assert words in signed, words


def test_sheet_without_settings_is_signed_by_the_reviewer_alone(
    client: Client, project: Project, reviewer: User, centre_head: User
) -> None:
    review(plan_round=PlanRound.objects.get(), project=project, by=reviewer, note="Đủ điều kiện")
    signed = paper(client, project, centre_head)
    assert "NGƯỜI THẨM ĐỊNH" in signed and "GIÁM ĐỐC" not in signed
