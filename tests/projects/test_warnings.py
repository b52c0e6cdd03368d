"""All warnings of projects: who was supported before, deadlines, reasons, and how many queries it takes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import Organisation, User
from programmes.models import PlanRound
from projects.models import Beneficiary, PlanLine, Project, StatusChange, Support, WarningReason
from projects.rules.warnings import ProjectWarning, findings_of_projects, warnings_of
from tests.factories import MILLION, review
from tests.law import project_of
from tests.people import Tree, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]


def move(project: Project, status: str) -> Project:
    Project.objects.filter(pk=project.pk).update(status=status)
    return Project.objects.get(pk=project.pk)


def found(project: Project, code: str, user: User | None = None, **on: Any) -> list[ProjectWarning]:
    return [one for one in warnings_of(project, user=user, **on) if one.code == code]


def helped(project: Project, beneficiary: Beneficiary) -> Project:
    Support.objects.create(project=project, beneficiary=beneficiary)
    return Project.objects.get(pk=project.pk)


@pytest.fixture
def company(tree: Tree) -> Beneficiary:
    return Beneficiary.objects.create(province=tree.province, name="Công ty Dũng Hồng", type="enterprise")


@pytest.mark.parametrize(
    ("status", "content", "is_told"),
    [
        ("approved", "45-3", True),
        ("liquidated", "45-3", True),
        ("refused", "45-3", False),
        ("withdrawn", "45-3", False),
        ("stopped", "45-3", False),  # before anything was approved
        ("approved", "45-4", False),
    ],
)
def test_beneficiary_supported_before_for_the_same_contents(
    centre_staff: User, company: Beneficiary, status: str, content: str, is_told: bool
) -> None:
    earlier = move(helped(project_of(by=centre_staff, year=2018, content=content, name="Đề án trước"), company), status)
    now = helped(project_of(by=centre_staff, year=2019), company)
    warnings = found(now, "already_supported", centre_staff)
    assert len(warnings) == is_told
    if is_told:
        assert warnings[0].text == (
            f"Công ty Dũng Hồng đã được hỗ trợ cùng nội dung “{now.components.get()}” năm 2018: "
            f"đề án {earlier.code} “Đề án trước”."
        )
        assert warnings[0].address == earlier.get_absolute_url() and warnings[0].needs_reason


def test_across_scopes_only_the_year_is_told(centre_staff: User, company: Beneficiary, tree: Tree) -> None:
    other = Organisation.objects.create(code="tt-2", kind="centre", name="Trung tâm khác", parent=tree.department)
    colleague = make_person(role="centre_staff", scope=other, username="colleague")
    move(helped(project_of(by=colleague, year=2018, name="Đề án kín"), company), "approved")
    now = helped(project_of(by=centre_staff, year=2019), company)
    for user in (centre_staff, None):
        [one] = found(now, "already_supported", user)
        assert "năm 2018" in one.text and "Đề án kín" not in one.text and not one.address
    reviewer = make_person(role="reviewer", scope=tree.department, username="r")
    [seen] = found(now, "already_supported", reviewer)
    assert "Đề án kín" in seen.text and seen.fingerprint == one.fingerprint


@pytest.mark.parametrize(
    ("on", "texts"),
    [
        (dt.date(2019, 12, 10), ["hạn 15/12/2019, còn 5 ngày", "hạn 22/01/2020, còn 43 ngày"]),
        (dt.date(2019, 12, 15), ["đến hạn hôm nay, 15/12/2019", "hạn 22/01/2020, còn 38 ngày"]),
        (dt.date(2020, 1, 25), ["hạn 15/12/2019, đã quá hạn 41 ngày", "hạn 22/01/2020, đã quá hạn 3 ngày"]),
    ],
)
def test_deadlines_count_the_days(centre_staff: User, on: dt.date, texts: list[str]) -> None:
    project = move(project_of(by=centre_staff, year=2019), "accepted")
    StatusChange.objects.create(
        project=project, transition="accept", source_status="in_progress", target_status="accepted",
        actor=centre_staff, effective_on=dt.date(2019, 11, 30),
    )  # fmt: skip
    due = [one for one in warnings_of(project, user=None, on=on) if one.code.endswith("_due")]
    assert [text in one.text for one, text in zip(due, texts, strict=True)] == [True, True]
    assert not any(one.needs_reason for one in due)
    settled = [one.code for one in warnings_of(move(project, "settled"), user=None, on=on) if one.code.endswith("_due")]
    assert settled == ["liquidation_due"]
    assert not [one for one in warnings_of(move(project, "liquidated"), user=None, on=on) if one.code.endswith("_due")]


def test_number_of_queries_does_not_grow(centre_staff: User, company: Beneficiary) -> None:
    first = helped(project_of(by=centre_staff, year=2019, norm="machinery"), company)
    centre_staff.grants()
    counts = []
    for number in range(7):
        other = project_of(by=centre_staff, year=2019, norm="machinery", name=f"Đề án {number}")
        move(helped(other, company), "approved")
        projects = list(Project.objects.order_by("pk"))
        with CaptureQueriesContext(connection) as asked:
            findings = findings_of_projects(projects, user=centre_staff)
        counts.append(len(asked))
    assert len(set(counts)) == 1 and counts[0] <= 19
    assert len(findings) == 8
    assert len([one for one in findings[first.pk].warnings if one.code == "already_supported"]) == 7


@pytest.fixture
def over(centre_staff: User) -> Project:
    """350 triệu where 300 are the most."""
    return project_of(by=centre_staff, year=2019, norm="machinery", eligible=700 * MILLION, units=1, group="Cơ sở")


def give(client: Client, project: Project, fingerprint: str, reason: str) -> Any:
    address = reverse("projects:warning_reason", args=[project.pk])
    return client.post(address, {"fingerprint": fingerprint, "reason": reason})


def test_round_is_not_sent_before_the_reason_is_given(
    client: Client, over: Project, centre_staff: User, centre_head: User
) -> None:
    plan_round = PlanRound.objects.get()
    submit = reverse("projects:round_submit", args=[plan_round.pk])
    client.force_login(centre_head)
    refused = client.post(submit)
    assert refused.status_code == 422 and "vượt mức hỗ trợ: cần ghi lý do" in refused.content.decode()
    client.force_login(centre_staff)
    page = client.get(over.get_absolute_url()).content.decode()
    assert "Vượt mức hỗ trợ · cần ghi lý do" in page and "Lý do vẫn thực hiện" in page
    [warning] = found(over, "norm_over")
    empty = give(client, over, warning.fingerprint, " ")
    assert empty.status_code == 422 and "Hãy ghi lý do." in empty.content.decode()
    assert give(client, over, warning.fingerprint, "Dây chuyền đặc thù").status_code == 302
    page = client.get(over.get_absolute_url()).content.decode()
    assert "Dây chuyền đặc thù" in page and "Nguyễn Thị Hoa" in page and "cần ghi lý do" not in page
    kept = WarningReason.objects.get()
    assert (kept.text, kept.reason, kept.code) == (warning.text, "Dây chuyền đặc thù", "norm_over")
    client.force_login(centre_head)
    assert client.post(submit).status_code == 302
    assert Project.objects.get(pk=over.pk).status == "submitted"


def test_reason_for_one_figure_does_not_answer_another(client: Client, over: Project, centre_staff: User) -> None:
    client.force_login(centre_staff)
    [warning] = found(over, "norm_over")
    give(client, over, warning.fingerprint, "Dây chuyền đặc thù")
    over.components.update(units=None, eligible_cost_vnd=400 * MILLION)
    assert found(Project.objects.get(pk=over.pk), "norm_over")[0].is_unanswered
    page = client.get(over.get_absolute_url()).content.decode()
    assert "cần ghi lý do" in page and "Lý do đã ghi cho số liệu trước" in page
    late = give(client, over, warning.fingerprint, "Vẫn thế")
    assert (
        late.status_code == 422
        and "số liệu đã thay đổi" in late.content.decode()
        and "Vẫn thế" in late.content.decode()
    )


def test_reviewer_reads_warnings_and_reasons_on_the_line_and_they_are_printed(
    client: Client, over: Project, centre_staff: User, reviewer: User
) -> None:
    client.force_login(centre_staff)
    give(client, over, found(over, "norm_over")[0].fingerprint, "Dây chuyền đặc thù")
    move(over, "submitted")
    plan_round = PlanRound.objects.get()
    PlanRound.objects.filter(pk=plan_round.pk).update(status="submitted")
    client.force_login(reviewer)
    address = reverse("projects:round_review", args=[plan_round.pk])
    page = client.get(address).content.decode()
    assert "1 cảnh báo" in page and "tối đa 300.000.000 đồng" in page and "Dây chuyền đặc thù" in page
    assert "Lý do vẫn thực hiện" not in page, "only who writes the project answers"
    review(plan_round=plan_round, project=over, by=reviewer)
    document = client.get(reverse("projects:appraisal", args=[over.pk])).content.decode()
    assert "Cảnh báo và lý do" in document and "Dây chuyền đặc thù" in document and "350.000.000" in document


def test_review_takes_the_same_number_of_queries_for_more_lines(
    client: Client, over: Project, centre_staff: User, reviewer: User
) -> None:
    plan_round = PlanRound.objects.get()
    client.force_login(reviewer)
    address = f"{reverse('projects:round_review', args=[plan_round.pk])}?line={over.pk}"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(5):
        project_of(by=centre_staff, year=2019, norm="machinery", name=f"Đề án {number}")
    assert PlanLine.objects.filter(round=plan_round).count() == 6
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
