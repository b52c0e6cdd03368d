"""The administrator keeps people and reference data within their own scope, and nothing beyond."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import Organisation, User
from programmes.models import (
    AdvanceShare,
    AnnualPlan,
    Authority,
    DecisionDocument,
    FundingSource,
    NormDocument,
    RoundDocument,
    SupportNorm,
)
from projects.models import Beneficiary, PersonalNumber, ProgressReport, WarningReason
from tests.accounts.pages import address, registered, shown
from tests.factories import MILLION, activity, decide, district, make_plan, make_project, requested_cells, submit_all
from tests.kept import kept
from tests.people import PASSWORD, Tree, make_person, make_tree
from tests.projects.accounting import write_accounts

pytestmark = pytest.mark.django_db

READ_ONLY = {
    *("contract", "contractentry", "voucher", "paymententry", "settlemententry"),
    "annualplan",
    "planround",
    "decision",
    "decisiondocument",
    "rounddocument",
    "normdocument",
    "allocationentry",
    "project",
    "beneficiary",
    "planline",
    "costline",
    "approvalentry",
    "progressreport",
    "statuschange",
    "projectrevision",
    "warningreason",
}
EDITABLE = {
    "authorisation",
    "regulation",
    "activitytype",
    "fundingsource",
    "supportnorm",
    "eligibilityrule",
    "advanceshare",
    "deadlinerule",
    "cityclass",
    "priorityarea",
    "priorityrule",
    "deciderrule",
    "authority",
    "adminunit",
    "user",
    "organisation",
}


@pytest.mark.parametrize(
    ("role", "enters"),
    [
        ("centre_staff", False),
        ("centre_head", False),
        ("accountant", False),
        ("reviewer", False),
        ("department_head", False),
        ("observer", False),
        ("stranger", False),
        ("administrator", True),
    ],
)
def test_only_administrators_enter(request: pytest.FixtureRequest, client: Client, role: str, enters: bool) -> None:
    client.force_login(request.getfixturevalue(role))
    for page in (reverse("admin:index"), address("user", "changelist"), address("regulation", "add")):
        response = client.get(page, follow=True)
        assert response.status_code == (200 if enters else 403), page
    assert (reverse("admin:index") in client.get("/").content.decode()) == enters, "the link in the navigation"


def test_visitor_is_sent_to_the_sites_own_sign_in(client: Client) -> None:
    for page in (reverse("admin:index"), f"{reverse('admin:login')}?next=/admin/"):
        assert client.get(page, follow=True).redirect_chain[-1][0] == "/accounts/login/?next=/admin/"
    posted = client.post(reverse("admin:login"), {"username": "a", "password": "b"})
    assert posted["Location"] == "/accounts/login/?next=/admin/"


def test_administrator_signs_in_on_the_way_to_the_admin(client: Client, administrator: User) -> None:
    response = client.post("/accounts/login/", {"username": "administrator", "password": PASSWORD, "next": "/admin/"})
    assert response["Location"] == "/admin/" and not administrator.is_staff
    assert client.get(reverse("admin:login"))["Location"] == "/admin/"


def test_administrator_whose_account_or_role_ended_does_not_enter(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    administrator.memberships.all().delete()
    assert client.get(reverse("admin:index"), follow=True).status_code == 403
    User.objects.filter(pk=administrator.pk).update(is_active=False)
    assert client.get(reverse("admin:index"), follow=True).redirect_chain[-1][0] == "/accounts/login/?next=/admin/"


def test_registered_models_are_those_of_the_table() -> None:
    assert {model._meta.model_name for model in admin.site._registry} == READ_ONLY | EDITABLE


def lived_year(centre: Organisation, number: int, people: tuple[User, User, User]) -> AnnualPlan:
    """A row of each kind that is only looked at, for that year."""
    staff, head, department_head = people
    plan = make_plan(organisation=centre, year=number)
    project = make_project(plan=plan, by=staff, name=f"Đề án năm {number}")
    submit_all(plan=plan, by=head)
    letter: dict[str, Any] = {"number": f"{number}/UBND-CN", "on": dt.date(number, 6, 16)}
    assigned = {"KCDP": 60 * MILLION}
    decision = decide(plan=plan, by=department_head, assigned=assigned, approved=requested_cells(plan), **letter)
    scan = SimpleUploadedFile("a.pdf", b"%PDF-1.4")
    DecisionDocument.objects.create(decision=decision, file=scan, uploaded_by=department_head)
    minutes = SimpleUploadedFile("c.pdf", b"%PDF-1.4")
    RoundDocument.objects.create(round=plan.rounds.get(), file=minutes, uploaded_by=department_head)
    norm = SupportNorm.objects.create(
        code=f"norm-{number}",
        item="Máy móc",
        unit="cơ sở",
        clause="Điều 1",
        funding_level="city",
        regulation=activity().regulation,
        activity_type=activity(),
        province=centre.province(),
        max_percent=50,
        effective_from="2006-01-01",
    )
    NormDocument.objects.create(norm=norm, file=SimpleUploadedFile("b.pdf", b"%PDF-1.4"), uploaded_by=department_head)
    ProgressReport.objects.create(
        project=project, month=dt.date(number, 9, 1), percent=40, is_on_schedule=True, reported_by=staff
    )
    WarningReason.objects.create(
        project=project, code="norm_over", fingerprint="x", text="Vượt", reason="Dây chuyền đặc thù", actor=staff
    )
    write_accounts(min(requested_cells(plan)), staff, dt.date(number, 12, 20))
    Beneficiary.objects.create(province=centre.province(), name=f"HTX Lật Dương {number}", type="cooperative")
    return plan


@pytest.fixture
@kept
def year(tree: Tree, centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    return lived_year(tree.centre, 2006, (centre_staff, centre_head, department_head))


def test_each_list_opens_and_life_cycles_are_read_only(signed_in: Client, year: AnnualPlan) -> None:
    for model in sorted(READ_ONLY | EDITABLE):
        assert signed_in.get(address(model, "changelist")).status_code == 200, model
        expected = 403 if model in READ_ONLY else 200
        assert signed_in.get(address(model, "add")).status_code == expected, model
        assert signed_in.post(address(model, "add"), {}).status_code == expected, model


def test_read_only_rows_open_and_refuse_every_change(signed_in: Client, year: AnnualPlan) -> None:
    for name in sorted(READ_ONLY):
        row = registered(name).objects.order_by("pk").first()
        assert row is not None, name
        change, delete = address(name, "change", row.pk), address(name, "delete", row.pk)
        assert signed_in.get(change).status_code == 200, name
        assert signed_in.post(change, {"year": 2007}).status_code == 403, name
        assert signed_in.post(delete, {"post": "yes"}).status_code == 403, name
        assert registered(name).objects.filter(pk=row.pk).exists(), name
    year.refresh_from_db()
    assert year.year == 2006


def test_life_cycles_of_another_province_are_not_there(client: Client, year: AnnualPlan) -> None:
    foreign = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22").province
    client.force_login(make_person(role="administrator", scope=foreign, username="foreign"))
    for name in sorted(READ_ONLY):
        page = client.get(address(name, "changelist"))
        assert page.status_code == 200 and page.context["cl"].result_count == 0, name
        row = registered(name).objects.order_by("pk").first()
        assert client.get(address(name, "change", row.pk)).status_code == 302, name


def test_lists_ask_as_often_for_many_rows_as_for_few(
    signed_in: Client, year: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    few = rows_and_queries(signed_in)
    for number in (2007, 2008):
        lived_year(year.organisation, number, (centre_staff, centre_head, department_head))
    many = rows_and_queries(signed_in)
    for name, (rows, queries) in few.items():
        assert many[name][0] > rows and many[name][1] == queries, name


def rows_and_queries(client: Client) -> dict[str, tuple[int, int]]:
    """Of each list that is only looked at: how many rows it has, and how often it asks for them."""
    found = {}
    for name in sorted(READ_ONLY):
        client.get(address(name, "changelist"))
        with CaptureQueriesContext(connection) as captured:
            rows = client.get(address(name, "changelist")).context["cl"].result_count
        found[name] = (rows, len(captured))
    return found


def test_personal_numbers_are_shown_nowhere(signed_in: Client, year: AnnualPlan) -> None:
    one = Beneficiary.objects.get()
    PersonalNumber.objects.create(beneficiary=one, number="031199000123")
    for page in (address("beneficiary", "changelist"), address("beneficiary", "change", one.pk)):
        assert "031199000123" not in signed_in.get(page).content.decode()


def test_norms_of_another_province_are_not_there(signed_in: Client, tree: Tree, stranger: User) -> None:
    common = {
        "regulation": activity().regulation,
        "clause": "Điều 1",
        "funding_level": "city",
        "activity_type": activity(),
        "unit": "cơ sở",
        "max_percent": 50,
        "effective_from": "2020-01-01",
    }
    other = Organisation.objects.get(code="quang-ninh")
    SupportNorm.objects.create(code="mine", item="Mức của ta", province=tree.province, **common)
    SupportNorm.objects.create(code="theirs", item="Mức tỉnh khác", province=other, **common)
    SupportNorm.objects.create(code="all", item="Mức chung", **common)
    page = signed_in.get(address("supportnorm", "changelist")).content.decode()
    assert "Mức của ta" in page and "Mức chung" in page and "Mức tỉnh khác" not in page
    hidden = SupportNorm.objects.get(code="theirs")
    assert signed_in.get(address("supportnorm", "change", hidden.pk)).status_code == 302


def test_authorities_of_another_province_are_not_there(signed_in: Client, tree: Tree, stranger: User) -> None:
    for code, province in (
        ("mine", tree.province),
        ("theirs", Organisation.objects.get(code="quang-ninh")),
        ("all", None),
    ):
        Authority.objects.create(code=code, name=code, level="city", province=province)
    assert shown(signed_in, "authority") == {"mine", "all"}
    data = {
        "code": "new",
        "name": "Mới",
        "level": "city",
        "province": str(Organisation.objects.get(code="quang-ninh").pk),
    }
    assert signed_in.post(address("authority", "add"), data).status_code == 200
    assert not Authority.objects.filter(code="new").exists()


def test_code_is_typed_once(signed_in: Client) -> None:
    data = {"code": "KC", "name": "Nguồn mới", "short_name": "KC", "level": "other", "position": "9"}
    assert signed_in.post(address("fundingsource", "add"), data).status_code == 302
    source = FundingSource.objects.get(code="KC")
    data |= {"code": "KHAC2", "name": "Nguồn đổi tên"}
    assert signed_in.post(address("fundingsource", "change", source.pk), data).status_code == 302
    source.refresh_from_db()
    assert (source.code, source.name) == ("KC", "Nguồn đổi tên")


def test_units_are_found_without_marks(signed_in: Client) -> None:
    district()
    district("314", "Huyện Kiến Thụy")
    page = signed_in.get(address("adminunit", "changelist"), {"q": "tien lang"}).content.decode()
    assert "Huyện Tiên Lãng" in page and "Kiến Thụy" not in page


def test_shares_of_advances_are_listed_by_the_name_of_their_item(signed_in: Client) -> None:
    common: dict[str, Any] = {"regulation": activity().regulation, "activity_type": activity(), "unit": "cụm"}
    SupportNorm.objects.create(
        code="cluster_infrastructure", item="Đầu tư hạ tầng cụm công nghiệp", funding_level="national",
        max_percent=50, effective_from="2014-04-08", **common,
    )  # fmt: skip
    AdvanceShare.objects.create(norm_code="cluster_infrastructure", funding_level="national", max_percent=30)
    AdvanceShare.objects.create(max_percent=70)
    page = signed_in.get(address("advanceshare", "changelist")).content.decode()
    assert ">Đầu tư hạ tầng cụm công nghiệp<" in page and ">Mọi khoản hỗ trợ không có tỷ lệ riêng<" in page
    assert "Theo tình trạng đối chiếu" in page and '"field-effective_to nowrap">–<' in page


def test_no_two_entries_have_one_name(client: Client, administrator: User) -> None:
    names = [str(model._meta.verbose_name_plural) for model in admin.site._registry]
    assert sorted(names) == sorted(set(names))
