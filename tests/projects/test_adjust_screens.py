"""The letter's pages after approval: correcting, stopping, adjusting places and dates, and the appendix."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from khuyencong.funding import Nature
from programmes.models import AnnualPlan, Decision
from projects.ledger.remainders import approved_cells
from projects.models import ApprovalEntry, FieldChange, Project, ProjectRevision
from projects.refusals import Refused
from tests.factories import MILLION, approved_project, authority, district, source
from tests.kept import kept
from tests.projects.drafts import keep, restored
from tests.sent import fields_of
from tests.there import there

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("deciders")]


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    """Thêu ren (a single project at Tiên Lãng) approved with 60 triệu of city money."""
    project = approved_project(staff=centre_staff, head=centre_head, department=department_head, kind="single")
    district("314", "Huyện Kiến Thụy")
    return there(project.latest_plan())


def letter(level: str = "city", **changes: Any) -> dict[str, Any]:
    head = {
        "number": "9/QĐ",
        "issued_on": "01/08/2006",
        "authority": str(authority(level).pk),
        "summary": "Theo đề nghị của Trung tâm",
    }
    return head | changes


def line(plan: AnnualPlan, **changes: str) -> dict[str, str]:
    [(line, component, of)] = approved_cells(plan)
    prefix = f"line-{line}-{component}-{of}"
    return {f"{prefix}-before": str(60 * MILLION)} | {f"{prefix}-{name}": text for name, text in changes.items()}


def decide_post(client: Client, plan: AnnualPlan, data: dict[str, Any]) -> Any:
    return client.post(reverse("projects:decision_create", args=[plan.pk]), data)


def test_project_is_stopped_by_a_tick_and_the_reason_prints_in_the_appendix(
    client: Client, department_head: User, observer: User, plan: AnnualPlan
) -> None:
    client.force_login(department_head)
    data = letter() | line(plan, stop="on", reason="Đơn vị giải thể")
    assert decide_post(client, plan, data).status_code == 302
    project = Project.objects.get()
    assert project.status == Project.Status.STOPPED
    assert (ApprovalEntry.objects.get(nature=Nature.STOP).reason, sum(approved_cells(plan).values())) == (
        "Đơn vị giải thể",
        0,
    )
    decision = Decision.objects.get(number="9/QĐ")
    client.force_login(observer)
    assert "Phụ lục điều chỉnh" in client.get(decision.get_absolute_url()).content.decode()
    client.cookies["django_language"] = "en"
    text = client.get(reverse("projects:decision_appendix", args=[decision.pk])).content.decode()
    assert '<p class="appendix">Phụ lục</p>' in text and "<h1>Điều chỉnh, bổ sung, ngừng" in text, "as NĐ 30 heads it"
    for words in ("(ngừng thực hiện)", '<td class="num">60</td><td class="num">0</td><td class="num">-60</td>',
                  "Đơn vị giải thể", "Trước điều chỉnh", "ngày 01 tháng 8 năm 2006"):  # fmt: skip
        assert words in text, words
    cited = "…… số 9/QĐ ngày 01 tháng 8 năm 2006 của Ủy ban nhân dân thành phố về việc ……"
    assert f"(Kèm theo {cited})" in text, "what nobody recorded of the letter is left to be filled in"


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ({"summary": ""}, "Bổ sung, điều chỉnh, ngừng thì phải ghi lý do."),
        ({"authority": ""}, "phải ghi rõ cơ quan ban hành"),
    ],
)
def test_adjustment_without_reason_or_authority_is_refused_beside_the_field(
    client: Client, department_head: User, plan: AnnualPlan, head: dict[str, str], message: str
) -> None:
    client.force_login(department_head)
    response = decide_post(client, plan, letter(**head) | line(plan, after="45 tr", reason="Giảm quy mô"))
    text = response.content.decode()
    assert response.status_code == 422
    assert text.count(message) == 2 and "Giảm quy mô" in text and "45 tr" in text
    assert not Decision.objects.filter(number="9/QĐ").exists()


def test_letter_of_first_approvals_has_no_appendix(client: Client, department_head: User, plan: AnnualPlan) -> None:
    client.force_login(department_head)
    decision = Decision.objects.get()
    assert client.get(reverse("projects:decision_appendix", args=[decision.pk])).status_code == 404
    assert "Phụ lục điều chỉnh" not in client.get(decision.get_absolute_url()).content.decode()


def correction(client: Client, decision: Decision, **changes: str) -> Any:
    entry = ApprovalEntry.objects.get(nature=Nature.INITIAL)
    data = {f"approved-{entry.pk}": "55 tr", f"approved-{entry.pk}-standing": str(60 * MILLION), "reason": "Gõ nhầm"}
    renamed = {key.replace("CELL", f"approved-{entry.pk}"): value for key, value in changes.items()}
    return client.post(reverse("projects:decision_correct", args=[decision.pk]), data | renamed)


def test_slip_is_corrected_on_the_letters_page(client: Client, department_head: User, plan: AnnualPlan) -> None:
    client.force_login(department_head)
    decision = Decision.objects.get()
    page = client.get(reverse("projects:decision_correct", args=[decision.pk])).content.decode()
    assert "Số đúng, Thêu ren · KCĐP" in page and 'value="60000000"' in page
    assert correction(client, decision).status_code == 302
    text = client.get(decision.get_absolute_url()).content.decode()
    assert "đính chính" in text and "Gõ nhầm" in text and "-5.000.000" in text
    again = correction(client, decision)
    assert again.status_code == 422 and "người khác đã đính chính số này" in again.content.decode()
    assert 'value="55000000"' in again.content.decode(), "what stands now"
    assert sum(approved_cells(plan).values()) == 55 * MILLION


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reason": ""}, "Lý do đính chính"),
        ({"CELL": ""}, "Chưa nhập số đúng cho dòng nào."),
        ({"CELL": "năm mươi"}, "60.000.000"),
        ({"CELL": "61 tr"}, "vượt 1.000.000 đồng"),
    ],
)
def test_wrong_correction_is_refused_and_keeps_what_was_typed(
    client: Client, department_head: User, plan: AnnualPlan, changes: dict[str, str], message: str
) -> None:
    client.force_login(department_head)
    response = correction(client, Decision.objects.get(), **changes)
    text = response.content.decode()
    assert response.status_code == 422 and message in text[text.index("error-summary") :]
    assert not ApprovalEntry.objects.filter(nature=Nature.CORRECTION).exists()


@pytest.mark.parametrize("role", ["centre_head", "accountant", "reviewer", "observer", "administrator"])
def test_others_correct_and_adjust_nothing(
    request: pytest.FixtureRequest, client: Client, plan: AnnualPlan, role: str
) -> None:
    client.force_login(request.getfixturevalue(role))
    assert correction(client, Decision.objects.get()).status_code == 403
    assert client.post(reverse("projects:project_adjust", args=[Project.objects.get().pk]), {}).status_code == 403


def adjusting(project: Project, **changes: Any) -> dict[str, Any]:
    data = {
        **letter("department"),
        "area_scope": "units",
        "places": "Kiến Thụy",
        "start_on": "",
        "end_on": "30/11/2006",
        "reason": "Đổi nơi mở lớp",
        "version": str(project.version),
        "support-TOTAL_FORMS": "1",
        "support-INITIAL_FORMS": "0",
        "support-0-name": "Lao động nông thôn",
        "support-0-type": "group",
        "support-0-planned_count": "",
    }
    return data | changes


def adjust(client: Client, **changes: Any) -> Any:
    project = Project.objects.get()
    return client.post(reverse("projects:project_adjust", args=[project.pk]), adjusting(project, **changes))


def test_place_and_dates_change_by_a_dated_revision_under_a_letter(
    client: Client, department_head: User, centre_staff: User, plan: AnnualPlan
) -> None:
    client.force_login(department_head)
    page = client.get(reverse("projects:project_adjust", args=[Project.objects.get().pk])).content.decode()
    assert 'value="Huyện Tiên Lãng"' in page and "Lao động nông thôn" in page
    assert adjust(client).status_code == 302
    project = Project.objects.get()
    assert [place.name for place in project.places.all()] == ["Huyện Kiến Thụy"]
    revision = ProjectRevision.objects.get(occasion="adjustment")
    assert (there(revision.decision).number, revision.effective_on) == ("9/QĐ", dt.date(2006, 8, 1))
    changes = {change.field: (change.before, change.after) for change in FieldChange.objects.all()}
    assert changes == {"places": ("Huyện Tiên Lãng", "Huyện Kiến Thụy"), "end_on": ("", "30/11/2006")}
    assert there(FieldChange.objects.first()).decision == revision.decision
    text = client.get(reverse("projects:decision_appendix", args=[revision.decision_id])).content.decode()
    assert "Huyện Tiên Lãng" in text and "Huyện Kiến Thụy" in text and "Đổi nơi mở lớp" in text
    client.force_login(centre_staff)
    assert "Huyện Kiến Thụy" in client.get(project.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reason": ""}, "Lý do điều chỉnh"),
        ({"number": ""}, "Ghi số văn bản"),
        ({"authority": ""}, "phải ghi rõ cơ quan ban hành"),
        ({"places": ""}, "Ghi ít nhất một địa bàn."),
        ({"places": "Tiên Lãng", "end_on": ""}, "Không có mục nào thay đổi."),
        ({"start_on": "01/12/2006"}, "Ngày kết thúc phải từ ngày bắt đầu trở đi."),
        ({"end_on": "30/06/2007"}, "không đủ thẩm quyền để kéo dài sang năm sau"),
        ({"version": ""}, "Trang chưa tải đầy đủ, nên chưa lưu được."),
        ({"version": "1"}, "Đề án vừa có thay đổi khác."),
    ],
)
def test_wrong_adjustment_is_refused_and_keeps_what_was_typed(
    client: Client, department_head: User, plan: AnnualPlan, changes: dict[str, str], message: str
) -> None:
    client.force_login(department_head)
    response = adjust(client, signer="Nguyễn Văn Ký", **changes)
    text = response.content.decode()
    assert response.status_code == 422 and message in text[text.index("error-summary") :]
    assert "Nguyễn Văn Ký" in text
    assert not ProjectRevision.objects.filter(occasion="adjustment").exists()
    assert [place.name for place in Project.objects.get().places.all()] == ["Huyện Tiên Lãng"]
    assert not Decision.objects.filter(number="9/QĐ").exists() and not FieldChange.objects.exists()


def test_refusal_stands_in_the_part_of_the_page_that_has_its_field(
    client: Client, department_head: User, plan: AnnualPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = {"places": ["Địa bàn lạ"], "reason": ["Thiếu lý do"], "issued_on": ["Ngày sai"], "nowhere": ["Việc khác"]}

    def refuse(**_words: Any) -> None:
        raise Refused(named)

    monkeypatch.setattr("projects.views.adjust.adjust_project", refuse)
    client.force_login(department_head)
    shown = adjust(client).context
    assert shown["form"].errors == {
        **{name: named[name] for name in ("places", "reason")},
        "__all__": named["nowhere"],
    }
    assert shown["letter"].errors == {"issued_on": named["issued_on"]}


def test_what_somebody_stored_meanwhile_stands_beside_what_was_typed(
    client: Client, department_head: User, plan: AnnualPlan
) -> None:
    client.force_login(department_head)
    old = Project.objects.get().version
    assert adjust(client, places="Tiên Lãng", number="8/QĐ", end_on="31/10/2006").status_code == 302
    response = adjust(client, version=str(old), end_on="")
    text = response.content.decode()
    assert response.status_code == 422
    stood = text[text.index("Nội dung hiện có khác với bạn nhập") :]
    assert "31/10/2006" in stood and "Huyện Tiên Lãng" in stood
    assert Project.objects.get().end_on == dt.date(2006, 10, 31), "nothing of the first is lost"
    assert adjust(client, version=fields_of(response)["version"], end_on="").status_code == 302, "seen and sent again"


def test_letter_older_than_the_approval_adjusts_nothing(
    client: Client, department_head: User, plan: AnnualPlan
) -> None:
    client.force_login(department_head)
    text = adjust(client, issued_on="01/06/2006").content.decode()
    assert "Văn bản này có trước quyết định phê duyệt đề án." in text
    assert not ProjectRevision.objects.filter(occasion="adjustment").exists()


def test_draft_of_an_adjustment_survives_a_closed_tab(client: Client, department_head: User, plan: AnnualPlan) -> None:
    client.force_login(department_head)
    project = Project.objects.get()
    address = reverse("projects:project_adjust", args=[project.pk])
    typed = adjusting(project, reason="Mới gõ một nửa", number="")
    assert keep(client, address, typed) == 204
    assert "Bạn có bản nháp" in client.get(address).content.decode()
    shown = restored(client, address)
    text = shown.content.decode()
    assert "Mới gõ một nửa" in text and 'value="Kiến Thụy"' in text and "error-summary" not in text
    assert adjust(client, draft=fields_of(shown)["draft"]).status_code == 302
    assert "bản nháp" not in client.get(address).content.decode()


def test_city_extends_into_the_next_year(client: Client, department_head: User, plan: AnnualPlan) -> None:
    client.force_login(department_head)
    assert adjust(client, **letter("city"), end_on="30/06/2007").status_code == 302
    assert Project.objects.get().end_on == dt.date(2007, 6, 30)


def test_refused_money_shows_the_source_once_more(client: Client, department_head: User, plan: AnnualPlan) -> None:
    """Raising the amount over the envelope says by how much, beside the amount."""
    client.force_login(department_head)
    text = decide_post(client, plan, letter() | line(plan, after="70 tr")).content.decode()
    assert f"Vượt kinh phí được giao của {source('KCDP')} 10.000.000 đồng." in text
