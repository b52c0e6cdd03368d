"""Forms that were never saved: what was typed waits for the one who typed it, and for nobody else."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import FormDraft, User
from programmes.models import AnnualPlan
from projects.models import CostLine, Project
from tests.factories import MILLION, activity, district, make_plan, make_project, submit_all
from tests.projects.drafts import DISCARD, OFFER, SAVE, half_typed, keep, offers, restored
from tests.sent import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    activity("134-3", "Mô hình trình diễn")
    district()
    return make_plan(organisation=centre_staff.memberships.get().scope)


@pytest.fixture
def new(plan: AnnualPlan) -> str:
    return f"{reverse('projects:project_create')}?plan={plan.pk}"


def test_half_typed_project_is_offered_and_restored_with_every_row(
    client: Client, centre_staff: User, new: str
) -> None:
    client.force_login(centre_staff)
    assert OFFER not in client.get(new).content.decode()
    assert keep(client, new, half_typed()) == 204
    offer = client.get(new)
    assert OFFER in offer.content.decode() and fields_of(offer)["places"] == "", "offered, not yet filled in"
    answer = restored(client, new)
    page, shown = answer.content.decode(), fields_of(answer)
    assert answer.status_code == 200 and "error-summary" not in page and "invalid" not in page, "not judged yet"
    for name, text in half_typed().items():
        assert shown.get(name, "").replace("\r\n", "\n") == text, name
    assert OFFER not in page and "Đang hiện bản nháp lúc" in page


def test_saving_deletes_the_draft(client: Client, centre_staff: User, new: str) -> None:
    client.force_login(centre_staff)
    keep(client, new, half_typed())
    shown = fields_of(restored(client, new))
    assert client.post(new, shown).status_code == 422, "the name is missing"
    assert FormDraft.objects.count() == 1, "refused, so still a draft"
    done = {"name": "Đề án hoàn chỉnh", "content-0-amount_KCDP": "60 tr"}
    assert client.post(new, shown | done).status_code == 302
    assert not FormDraft.objects.exists() and CostLine.objects.get().amount_vnd == 60 * MILLION
    assert Project.objects.get().supports.count() == 3


def test_draft_is_shown_to_nobody_else(
    client: Client, centre_staff: User, centre_head: User, plan: AnnualPlan, new: str
) -> None:
    client.force_login(centre_staff)
    keep(client, new, half_typed())
    client.force_login(centre_head)
    assert OFFER not in client.get(new).content.decode()
    assert fields_of(restored(client, new))["places"] == ""
    [button] = FormDraft.objects.values("key", "opening")
    client.post(DISCARD, button)
    keep(client, new, half_typed(places="của lãnh đạo"))
    client.force_login(centre_staff)
    assert fields_of(restored(client, new))["places"] == "tien lang"


def test_page_left_open_by_one_person_keeps_and_drops_nothing_for_the_next(
    client: Client, centre_staff: User, centre_head: User, new: str
) -> None:
    client.force_login(centre_staff)
    page = fields_of(client.get(new))
    keep(client, new, page | half_typed())
    client.force_login(centre_head)
    assert keep(client, new, page | half_typed(places="của lãnh đạo")) == 409
    done = {"name": "Đề án của lãnh đạo", "content-0-amount_KCDP": "60 tr"}
    assert client.post(new, page | half_typed(**done)).status_code == 302
    assert FormDraft.objects.get().user == centre_staff, "what another saves drops nothing of hers"


def test_each_year_and_each_project_has_its_own_draft(
    client: Client, centre_staff: User, plan: AnnualPlan, new: str
) -> None:
    project = make_project(plan=plan, by=centre_staff)
    edit = reverse("projects:project_edit", args=[project.pk])
    client.force_login(centre_staff)
    assert keep(client, edit, fields_of(client.get(edit)) | {"notes": "Đang sửa"}) == 204
    assert OFFER not in client.get(new).content.decode()
    assert OFFER not in client.get(f"{edit}?plan={plan.pk}").content.decode()
    assert fields_of(restored(client, edit))["notes"] == "Đang sửa"


def test_draft_of_an_older_version_is_merged_like_any_stale_save(
    client: Client, centre_staff: User, centre_head: User, plan: AnnualPlan
) -> None:
    project = make_project(plan=plan, by=centre_staff)
    edit = reverse("projects:project_edit", args=[project.pk])
    client.force_login(centre_staff)
    keep(client, edit, fields_of(client.get(edit)) | {"notes": "Của tôi"})
    other = Client()
    other.force_login(centre_head)
    assert other.post(edit, fields_of(other.get(edit)) | {"aims": "Của lãnh đạo"}).status_code == 302
    assert client.post(edit, fields_of(restored(client, edit))).status_code == 302
    project.refresh_from_db()
    assert (project.notes, project.aims) == ("Của tôi", "Của lãnh đạo")
    assert not FormDraft.objects.exists()


def test_draft_of_a_project_that_was_sent_is_there_to_be_copied(
    client: Client, centre_staff: User, centre_head: User, plan: AnnualPlan
) -> None:
    project = make_project(plan=plan, by=centre_staff)
    edit = reverse("projects:project_edit", args=[project.pk])
    client.force_login(centre_staff)
    keep(client, edit, fields_of(client.get(edit)) | {"notes": "Đang sửa dở"})
    [offer] = offers(client, edit)
    submit_all(plan=plan, by=centre_head)
    for address in (edit, offer):
        answer = client.get(address)
        assert answer.status_code == 403 and "Đang sửa dở" in answer.content.decode()
    client.force_login(centre_head)
    assert "Đang sửa dở" not in client.get(offer).content.decode()


def test_reason_that_comes_too_late_is_there_to_be_copied(
    client: Client, centre_staff: User, centre_head: User, plan: AnnualPlan
) -> None:
    project = make_project(plan=plan, by=centre_staff)
    address = reverse("projects:project_step", args=[project.pk, "withdraw"])
    client.force_login(centre_head)
    fields = fields_of(client.get(address))
    assert client.post(address, fields | {"reason": "Đã rút"}).status_code == 302
    late = client.post(address, fields | {"reason": "Đơn vị đổi ý, CCCD 031085001234"})
    assert late.status_code == 403 and "Đơn vị đổi ý, CCCD 031…234" in late.content.decode()


def test_words_of_a_library_are_withheld_beside_what_was_typed_too(
    client: Client, centre_staff: User, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_words: object) -> None:
        raise PermissionDenied("bí mật")

    client.force_login(centre_staff)
    monkeypatch.setattr("projects.views.projects.project_entry", refuse)
    answer = client.post(new, half_typed(necessity="Đang nhập dở"))
    page = answer.content.decode()
    assert answer.status_code == 403 and "Đang nhập dở" in page and "bí mật" not in page


def test_personal_numbers_tokens_and_passwords_are_not_kept(client: Client, centre_staff: User, new: str) -> None:
    client.force_login(centre_staff)
    keep(client, new, half_typed(necessity="CCCD 031085001234", password="bí mật", personal_number="031085001234"))
    data = dict(FormDraft.objects.get().data)
    assert not {"csrfmiddlewaretoken", "draft", "password", "personal_number"} & set(data)
    assert data["necessity"] == ["CCCD 031…234"] and "031085001234" not in str(data)


@pytest.mark.parametrize("text", ["Ghi chú\x00 có ký tự lạ", "Đề án 🏭", "e\u0301" * 10])
def test_strange_characters_are_kept_or_dropped_and_never_fail(
    client: Client, centre_staff: User, new: str, text: str
) -> None:
    client.force_login(centre_staff)
    assert keep(client, new, half_typed(notes=text)) == 204
    assert fields_of(restored(client, new))["notes"] == text.replace("\x00", "")


@pytest.mark.parametrize("ticket", ["", "x", "WzEsIi8iLCJhYmMiXQ:1tqk5Y:x", "/projects/new/", "\x00"])
def test_what_this_site_has_not_opened_is_not_kept(client: Client, centre_staff: User, new: str, ticket: str) -> None:
    client.force_login(centre_staff)
    assert client.post(SAVE, half_typed(draft=ticket)).status_code == 422
    assert not FormDraft.objects.exists()
    assert client.post(new, fields_of(client.get(new)) | half_typed(draft=ticket)).status_code == 422, "no name"


def test_address_that_is_too_long_keeps_no_draft(client: Client, centre_staff: User, new: str) -> None:
    client.force_login(centre_staff)
    assert "draft" not in fields_of(client.get(f"{new}&more={'x' * 2000}"))
    assert "draft" in fields_of(client.get(f"{new}&more={'x' * 1900}"))


def test_too_much_is_refused_and_the_last_draft_stays(client: Client, centre_staff: User, new: str) -> None:
    client.force_login(centre_staff)
    page = fields_of(client.get(new))
    keep(client, new, page | half_typed())
    assert keep(client, new, page | half_typed(necessity="ệ" * 70_000)) == 413
    assert fields_of(restored(client, new))["places"] == "tien lang"
    assert keep(client, new, page | half_typed(necessity="ệ" * 60_000)) == 204


def test_of_a_sheet_only_what_was_typed_is_kept(client: Client, centre_staff: User, plan: AnnualPlan) -> None:
    for number in range(3):
        make_project(plan=plan, by=centre_staff, name=f"Đề án {number}", amounts={"KCDP": 60 * MILLION, "KHAC": 7})
    client.force_login(centre_staff)
    sheet = reverse("projects:plan_amounts", args=[plan.pk])
    page = fields_of(client.get(sheet))
    of_the_page = [["draft_last", [""]], ["unit", ["1000000"]], ["unit_wanted", ["1000000"]]]
    assert keep(client, sheet, page) == 204 and not FormDraft.objects.exists(), "nothing typed"
    emptied, changed, *_others = [name for name, text in page.items() if text == "60"]
    typed = {emptied: "", changed: "61 tr"}
    keep(client, sheet, page | typed)
    kept_data = FormDraft.objects.get().data
    assert kept_data[: len(of_the_page)] == of_the_page
    data = dict(kept_data[len(of_the_page) :])
    opened = {name.replace("c-", "o-"): ["60000000"] for name in typed}
    assert data == {name: [text] for name, text in typed.items()} | opened
    shown = fields_of(restored(client, sheet))
    assert shown | {"draft": ""} == page | typed | {"draft": ""}
    assert client.post(sheet, shown).status_code == 302 and not FormDraft.objects.exists()
    assert sorted(CostLine.objects.values_list("amount_vnd", flat=True)) == [7, 7, 7, 60 * MILLION, 61 * MILLION]


def test_a_form_in_which_nothing_stands_is_no_draft(client: Client, centre_staff: User, plan: AnnualPlan) -> None:
    """A file that was refused leaves the form as it was opened; the page sends that all the same."""
    client.force_login(centre_staff)
    bring = reverse("importing:bring", args=[plan.pk])
    assert keep(client, bring, {"kind": "", "pasted": " ", "draft_last": "file"}) == 204
    assert not FormDraft.objects.exists() and OFFER not in client.get(bring).content.decode()
    assert keep(client, bring, {"kind": "", "pasted": "STT\tTên đề án"}) == 204
    assert FormDraft.objects.count() == 1
