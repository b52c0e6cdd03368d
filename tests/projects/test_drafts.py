"""Long forms that were never saved: what was typed waits for the one who typed it, and for nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import FormDraft, User
from programmes.models import AnnualPlan
from projects.models import CostLine, Project
from tests.factories import MILLION, activity, district, make_plan, make_project, submit_all
from tests.sent import fields_of

pytestmark = pytest.mark.django_db

SAVE, DISCARD = reverse("projects:draft_save"), reverse("projects:draft_discard")
OFFER = "Bạn có bản nhập dở lúc"


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    activity("134-3", "Mô hình trình diễn")
    district()
    return make_plan(organisation=centre_staff.memberships.get().scope)


@pytest.fixture
def new(plan: AnnualPlan) -> str:
    return f"{reverse('projects:project_create')}?plan={plan.pk}"


def half_typed(**changes: str) -> dict[str, str]:
    """A new project with two contents and three groups, without the name that it needs, and an amount not finished."""
    groups = {f"support-{index}-name": f"Nhóm {index}" for index in range(3)}
    return {
        "name": "",
        "kind": "group",
        "area_scope": "units",
        "places": "tien lang",
        "necessity": "Đoạn văn\nhai dòng",
        "content-TOTAL_FORMS": "3",
        "content-INITIAL_FORMS": "0",
        "content-0-activity_type": str(activity().pk),
        "content-0-amount_KCDP": "60 t",
        "content-1-activity_type": str(activity("134-3").pk),
        "support-TOTAL_FORMS": "4",
        "support-INITIAL_FORMS": "0",
        **groups,
        **{f"support-{index}-type": "group" for index in range(3)},
        **changes,
    }


def keep(client: Client, key: str, fields: dict[str, str]) -> int:
    return client.post(SAVE, {**fields, "key": key, "csrfmiddlewaretoken": "x"}).status_code


def restored(client: Client, key: str) -> Any:
    return client.get(f"{key}&draft=1" if "?" in key else f"{key}?draft=1")


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
    assert OFFER not in page and "Đang hiện bản nhập dở lúc" in page


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


def test_draft_that_was_not_looked_at_survives_another_save(client: Client, centre_staff: User, new: str) -> None:
    client.force_login(centre_staff)
    keep(client, new, half_typed())
    fields = fields_of(client.get(new))
    other = half_typed(name="Đề án khác", **{"content-0-amount_KCDP": "60 tr"})
    refused = client.post(new, fields | other | {"start_on": "31/02/2006"})
    assert OFFER in refused.content.decode(), "still on offer"
    assert client.post(new, fields_of(refused) | {"start_on": ""}).status_code == 302
    assert OFFER in client.get(new).content.decode()


def test_discarding_leads_back_to_an_empty_form(client: Client, centre_staff: User, new: str) -> None:
    client.force_login(centre_staff)
    keep(client, new, half_typed())
    answer = client.post(DISCARD, {"key": new, "next": new}, follow=True)
    assert answer.redirect_chain == [(new, 302)] and OFFER not in answer.content.decode()
    assert not FormDraft.objects.exists()
    assert client.post(DISCARD, {"key": new, "next": "https://example.com/"}).headers["Location"] == "/"
    assert client.get(SAVE).status_code == client.get(DISCARD).status_code == 405


def test_draft_is_shown_to_nobody_else(
    client: Client, centre_staff: User, centre_head: User, plan: AnnualPlan, new: str
) -> None:
    client.force_login(centre_staff)
    keep(client, new, half_typed())
    client.force_login(centre_head)
    assert OFFER not in client.get(new).content.decode()
    assert fields_of(restored(client, new))["places"] == ""
    client.post(DISCARD, {"key": new})
    keep(client, new, half_typed(places="của lãnh đạo"))
    client.force_login(centre_staff)
    assert fields_of(restored(client, new))["places"] == "tien lang"


def test_page_left_open_by_one_person_keeps_nothing_for_the_next(
    client: Client, centre_staff: User, centre_head: User, new: str
) -> None:
    client.force_login(centre_head)
    assert keep(client, new, half_typed(owner=str(centre_staff.pk))) == 409
    assert not FormDraft.objects.exists()


def test_expired_sign_in_loses_no_draft(client: Client, centre_staff: User, new: str) -> None:
    client.force_login(centre_staff)
    keep(client, new, half_typed())
    client.logout()
    assert keep(client, new, half_typed(places="")) == 302
    client.force_login(centre_staff)
    assert fields_of(restored(client, new))["places"] == "tien lang"


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


def test_draft_of_a_project_that_was_sent_is_out_of_reach(
    client: Client, centre_staff: User, centre_head: User, plan: AnnualPlan
) -> None:
    project = make_project(plan=plan, by=centre_staff)
    edit = reverse("projects:project_edit", args=[project.pk])
    client.force_login(centre_staff)
    keep(client, edit, fields_of(client.get(edit)))
    submit_all(plan=plan, by=centre_head)
    assert restored(client, edit).status_code == 403


def test_personal_numbers_tokens_and_passwords_are_not_kept(client: Client, centre_staff: User, new: str) -> None:
    client.force_login(centre_staff)
    keep(client, new, half_typed(necessity="CCCD 031085001234", password="bí mật", personal_number="031085001234"))
    draft = FormDraft.objects.get()
    assert not {"csrfmiddlewaretoken", "key", "password", "personal_number"} & set(draft.data)
    assert draft.data["necessity"] == ["CCCD 031…234"] and "031085001234" not in str(draft.data)


@pytest.mark.parametrize("text", ["Ghi chú\x00 có ký tự lạ", "Đề án 🏭", "e\u0301" * 10])
def test_strange_characters_are_kept_or_dropped_and_never_fail(
    client: Client, centre_staff: User, new: str, text: str
) -> None:
    client.force_login(centre_staff)
    assert keep(client, new, half_typed(notes=text)) == 204
    assert fields_of(restored(client, new))["notes"] == text.replace("\x00", "")


@pytest.mark.parametrize(
    "key",
    [
        *("", "/", "/plans/", "/accounts/password/", "/beneficiaries/new/", "/admin/", "/nowhere/", "projects/new/"),
        *("//example.com/projects/new/", "https://example.com/projects/new/", "/\\example.com", "/projects/x/edit/"),
        *("/projects/new/?" + "x" * 300, "//[", "/projects/new/\x00"),
    ],
)
def test_only_the_long_forms_have_drafts(client: Client, centre_staff: User, key: str) -> None:
    client.force_login(centre_staff)
    assert keep(client, key, half_typed()) == 422
    assert not FormDraft.objects.exists()


def test_too_much_is_refused_and_the_last_draft_stays(client: Client, centre_staff: User, new: str) -> None:
    client.force_login(centre_staff)
    keep(client, new, half_typed())
    assert keep(client, new, half_typed(necessity="ệ" * 70_000)) == 413
    assert fields_of(restored(client, new))["places"] == "tien lang"
    assert keep(client, new, half_typed(necessity="ệ" * 60_000)) == 204
