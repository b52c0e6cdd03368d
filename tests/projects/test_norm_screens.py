"""Norms on screen: what was in force on any day, one over time, a province's own added and ended."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import Organisation, User
from khuyencong.money import format_vnd
from programmes.models import NormChange, Regulation, SupportNorm
from projects.forms.norms import NormEndForm
from projects.models import Project
from tests.factories import MILLION, decide, forward_all, requested_cells, submit_all
from tests.law import norm_named, project_of
from tests.people import Tree
from tests.sent import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

LIST = "projects:norm_list"


def typed(tree: Tree, **changes: Any) -> dict[str, Any]:
    """A norm of the province's own for machines, under its decision of 2019."""
    return {
        "province": str(tree.province.pk),
        "funding_level": "city",
        "like": str(norm_named("machinery", dt.date(2019, 1, 1)).pk),
        "max_percent": "50",
        "max_amount_vnd": "100 tr",
        "effective_from": "01/01/2019",
        "regulation": str(Regulation.objects.get(code="QD21-2019-HP").pk),
        "clause": "Phụ lục I",
        "is_confirmed": "on",
    } | changes


def add(client: Client, data: dict[str, Any]) -> Any:
    """Previews and saves."""
    preview = client.post(reverse("projects:norm_create"), data)
    if preview.status_code == 422:
        return preview
    return client.post(reverse("projects:norm_create"), {**data, "previewed": preview.context["previewed"]})


def test_bare_small_ceiling_is_asked_about_and_taken_as_chosen(client: Client, administrator: User, tree: Tree) -> None:
    client.force_login(administrator)
    asked = add(client, typed(tree, max_amount_vnd="300"))
    assert asked.status_code == 422 and "Chưa rõ “300” là bao nhiêu" in asked.content.decode()
    chosen = {"max_amount_vnd": "300", "max_amount_vnd-means": str(300 * MILLION)}
    assert add(client, typed(tree, **chosen)).status_code == 302
    assert SupportNorm.objects.get(province=tree.province).max_amount_vnd == 300 * MILLION


@pytest.mark.parametrize(
    ("on", "there", "missing"),
    [
        ("01/06/2015", "TTLT 26/2014/TTLT-BTC-BCT, Điều 6 khoản 2", "TT 28/2018"),
        ("01/06/2019", "TT 28/2018/TT-BTC, Điều 8 khoản 4", "TTLT 26/2014"),
        ("01/06/2006", "Chưa ghi nhận mức hỗ trợ nào có hiệu lực ngày 01/06/2006.", "Điều 8"),
    ],
)
def test_list_shows_what_was_in_force_that_day(
    client: Client, observer: User, on: str, there: str, missing: str
) -> None:
    client.force_login(observer)
    page = client.get(reverse(LIST), {"on": on}).content.decode()
    assert there in page and missing not in page


def test_list_says_what_is_unconfirmed_and_narrows_by_level(client: Client, observer: User) -> None:
    client.force_login(observer)
    page = client.get(reverse(LIST)).content.decode()
    assert "Chưa xác nhận" in page and "Đã đối chiếu" in page and "300.000.000" in page
    assert "Điều 8" not in client.get(reverse(LIST), {"level": "city"}).content.decode()


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("31/02/2019", "Không có ngày 31/02/2019 trong lịch."),
        ("hôm qua", "ngày/tháng/năm, ví dụ"),
        ("2019", "ngày/tháng/năm, ví dụ"),
    ],
)
def test_date_that_cannot_be_read_is_said_beside_the_field(client: Client, observer: User, on: str, said: str) -> None:
    client.force_login(observer)
    answer = client.get(reverse(LIST), {"on": on})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert f'value="{on}"' in answer.content.decode()


def test_norms_of_another_province_are_not_there(client: Client, observer: User, administrator: User) -> None:
    other = Organisation.objects.create(code="quang-ninh", kind="province", name="Tỉnh Quảng Ninh")
    general = norm_named("machinery", dt.date(2019, 1, 1))
    theirs = SupportNorm.objects.get(pk=general.pk)
    theirs.pk, theirs.province, theirs.item = None, other, "Mức của Quảng Ninh"
    theirs.save()
    client.force_login(observer)
    assert "Mức của Quảng Ninh" not in client.get(reverse(LIST)).content.decode()
    assert client.get(reverse("projects:norm_detail", args=[theirs.pk])).status_code == 404
    client.force_login(administrator)
    assert client.get(reverse("projects:norm_end", args=[general.pk])).status_code == 403, "general norms stay"


def test_one_norm_shows_its_versions_and_the_projects_it_touches(
    client: Client, centre_staff: User, centre_head: User, stranger: User
) -> None:
    waiting = project_of(by=centre_staff, year=2026, norm="machinery", name="Đang chờ")
    project_of(by=centre_staff, year=2026, name="Chưa chọn")
    client.force_login(centre_staff)
    address = norm_named("machinery", dt.date(2019, 1, 1)).get_absolute_url()
    page = client.get(address).content.decode()
    assert "từ 08/04/2014 đến 10/05/2018" in page and "200.000.000" in page and "300.000.000" in page
    assert "xét theo mức này: 1" in page and f"{waiting.code} · Đang chờ" in page and "Chưa chọn" in page
    client.force_login(stranger)
    assert "Đang chờ" not in client.get(address).content.decode()


def test_approved_project_keeps_the_norm_of_its_day(
    client: Client, centre_staff: User, centre_head: User, department_head: User
) -> None:
    project = project_of(by=centre_staff, year=2015, norm="machinery", eligible=800 * MILLION, units=2)
    plan = project.lines.get().round.plan
    submit_all(plan=plan, by=centre_head)
    forward_all(plan=plan)
    cells, on = requested_cells(plan), dt.date(2015, 4, 1)
    decide(plan=plan, by=department_head, assigned={"KCQG": 350 * MILLION}, approved=cells, on=on, level="central")
    client.force_login(centre_staff)
    old, new = (norm_named("machinery", day).get_absolute_url() for day in (on, dt.date(2019, 1, 1)))
    assert "phê duyệt 01/04/2015 · xét theo mức này" in client.get(old).content.decode()
    assert "phê duyệt 01/04/2015 · không bị ảnh hưởng" in client.get(new).content.decode()


def test_administrator_previews_then_adds_the_norm_of_the_province(
    client: Client, administrator: User, centre_staff: User, tree: Tree
) -> None:
    amounts = {"KCDP": 150 * MILLION, "DOIUNG": 150 * MILLION}
    project_of(by=centre_staff, year=2026, norm="machinery", amounts=amounts, name="Đang chờ")
    client.force_login(administrator)
    preview = client.post(reverse("projects:norm_create"), typed(tree))
    assert preview.status_code == 200 and "Đang chờ" not in preview.content.decode().partition("Chưa lưu")[0]
    assert "Đang chờ" in preview.content.decode() and not SupportNorm.objects.filter(province=tree.province).exists()
    assert add(client, typed(tree)).status_code == 302
    norm = SupportNorm.objects.get(province=tree.province)
    assert (norm.code, norm.unit, norm.activity_type.code) == ("machinery", "cơ sở", "45-3")
    assert (norm.max_amount_vnd, norm.is_confirmed) == (100 * MILLION, True)
    assert "riêng của thành phố Hải Phòng" in client.get(reverse(LIST)).content.decode()


def test_lists_of_the_form_tell_the_sources_apart_and_say_what_to_choose(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    shown = client.get(reverse("projects:norm_create")).content.decode()
    options = [line for line in shown.split("<option") if "chưa rõ điều, khoản" in line]
    assert len(options) == len({option.partition(">")[2] for option in options})
    assert "Chọn nguồn" in shown and "---" not in shown


def test_new_document_is_recorded_with_the_norm(client: Client, administrator: User, tree: Tree) -> None:
    client.force_login(administrator)
    document = {"regulation": "", "document_number": "05/2026/NQ-HĐND", "document_issued_on": "10/07/2026"}
    assert add(client, typed(tree, **document)).status_code == 302
    norm = SupportNorm.objects.get(province=tree.province)
    assert (norm.regulation.cited, norm.regulation.issued_on) == ("NQ 05/2026/NQ-HĐND", dt.date(2026, 7, 10))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"effective_from": "01/01/2020", "effective_to": "31/12/2019"}, "Ngày kết thúc phải từ ngày bắt đầu"),
        ({"max_percent": "", "max_amount_vnd": ""}, "Ghi tỷ lệ hoặc mức tiền tối đa."),
        ({"max_percent": "120"}, "1 đến 100"),
        ({"max_amount_vnd": "-5"}, "âm"),
        ({"max_amount_vnd": "200"}, "Chưa rõ “200” là bao nhiêu"),
        ({"regulation": ""}, "Chọn văn bản, hoặc ghi số văn bản mới."),
        ({"like": ""}, "Ghi mục này, hoặc chọn mức"),
    ],
)
def test_norm_that_cannot_be_is_refused_beside_the_field(
    client: Client, administrator: User, tree: Tree, changes: dict[str, str], message: str
) -> None:
    client.force_login(administrator)
    refused = add(client, typed(tree, **changes))
    assert refused.status_code == 422 and message in refused.content.decode()
    assert not SupportNorm.objects.filter(province=tree.province).exists()


def test_overlapping_dates_name_the_other_norm_until_it_is_ended(
    client: Client, administrator: User, tree: Tree
) -> None:
    client.force_login(administrator)
    add(client, typed(tree))
    later = typed(tree, effective_from="01/01/2026", max_amount_vnd="150 tr")
    refused = add(client, later)
    page = refused.content.decode()
    assert refused.status_code == 422 and "Trùng thời gian với" in page and "từ 01/01/2019" in page
    [norm] = SupportNorm.objects.filter(province=tree.province)
    address = reverse("projects:norm_end", args=[norm.pk])
    early = client.post(address, {"effective_to": "31/12/2018", "reason": "Có mức mới"})
    assert early.status_code == 422 and "không thể kết thúc trước ngày đó" in early.content.decode()
    end = {"effective_to": "31/12/2025", "reason": "Có mức mới"}
    preview = client.post(address, end)
    assert preview.status_code == 200 and SupportNorm.objects.get(pk=norm.pk).effective_to is None
    confirmed = {**end, "previewed": preview.context["previewed"]}
    assert client.post(address, confirmed).status_code == 302
    assert SupportNorm.objects.get(pk=norm.pk).effective_to == dt.date(2025, 12, 31)
    assert add(client, later).status_code == 302
    page = client.get(norm.get_absolute_url()).content.decode()
    assert "từ 01/01/2019 đến 31/12/2025" in page and "từ 01/01/2026" in page
    assert Project.objects.count() == 0


def test_what_the_service_refuses_of_an_end_comes_back_on_the_form(
    client: Client, administrator: User, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another norm was added between the form's look and the save."""
    client.force_login(administrator)
    add(client, typed(tree))
    [norm] = SupportNorm.objects.filter(province=tree.province)
    address, end = reverse("projects:norm_end", args=[norm.pk]), {"effective_to": "31/12/2025", "reason": "Hết"}
    confirmed = {**end, "previewed": client.post(address, end).context["previewed"]}
    monkeypatch.setattr(NormEndForm, "clean_effective_to", lambda form: dt.date(2018, 12, 31))
    monkeypatch.setattr(NormEndForm, "digest", lambda form: confirmed["previewed"])
    refused = client.post(address, confirmed)
    assert refused.status_code == 422 and "error-summary" in refused.content.decode()
    assert SupportNorm.objects.get(pk=norm.pk).effective_to is None


def test_a_norm_that_was_typed_wrongly_is_put_right_and_read_on(
    client: Client, administrator: User, observer: User, tree: Tree
) -> None:
    client.force_login(administrator)
    add(client, typed(tree))
    [norm] = SupportNorm.objects.filter(province=tree.province)
    address = reverse("projects:norm_correct", args=[norm.pk])
    assert address in client.get(norm.get_absolute_url()).content.decode()
    sent = fields_of(client.get(address)) | {"max_amount_vnd": "90 tr"}
    silent = client.post(address, sent | {"reason": " "})
    assert silent.status_code == 422 and not NormChange.objects.exists()
    same = fields_of(client.get(address)) | {"reason": "Gõ nhầm"}
    assert client.post(address, same).status_code == 422, "nothing differs"
    was = format_vnd(norm.max_amount_vnd)
    assert client.post(address, sent | {"reason": "Gõ nhầm"}).status_code == 302
    norm.refresh_from_db()
    assert norm.max_amount_vnd == 90_000_000
    client.force_login(observer)
    page = client.get(norm.get_absolute_url()).content.decode()
    assert f"<del>{was}</del> → 90.000.000" in page and "Gõ nhầm" in page and str(administrator) in page
    assert client.get(address).status_code == 403


def test_two_administrators_put_a_norm_right(client: Client, administrator: User, tree: Tree) -> None:
    client.force_login(administrator)
    add(client, typed(tree))
    [norm] = SupportNorm.objects.filter(province=tree.province)
    address = reverse("projects:norm_correct", args=[norm.pk])
    opened = fields_of(client.get(address)) | {"reason": "Gõ nhầm"}
    assert client.post(address, opened | {"max_amount_vnd": "90 tr"}).status_code == 302
    asked = client.post(address, opened | {"clause": "Điều 9"})
    assert asked.status_code == 422 and "→ 90.000.000. Hãy xem lại" in asked.content.decode()
    assert SupportNorm.objects.get(pk=norm.pk).max_amount_vnd == 90_000_000
    assert client.post(address, fields_of(asked) | {"max_amount_vnd": "90 tr"}).status_code == 302
    norm.refresh_from_db()
    assert (norm.max_amount_vnd, norm.clause) == (90_000_000, "Điều 9")
