"""Several drafts of one form side by side: none hides another, each is chosen, saved or thrown away by itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from khuyencong.accounts.models import FormDraft, User
from tests.factories import activity, district, make_plan
from tests.projects.drafts import DISCARD, OFFER, SAVE, half_typed, keep, offers, restored
from tests.sent import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def new(centre_staff: User) -> str:
    activity("134-3", "Mô hình trình diễn")
    district()
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    return f"{reverse('projects:project_create')}?plan={plan.pk}"


def discards(page: Any) -> list[dict[str, str]]:
    """What the buttons send that throw a draft away, in the order of the page."""
    forms = html.fromstring(page.content.decode()).forms
    return [dict(form.form_values()) for form in forms if form.action == DISCARD]


def test_draft_on_offer_and_new_typing_stand_side_by_side(client: Client, centre_staff: User, new: str) -> None:
    client.force_login(centre_staff)
    keep(client, new, half_typed(name="Đề án thêu ren"))
    fields = fields_of(client.get(new))
    assert keep(client, new, fields | half_typed(name="Đề án mây tre")) == 204, "the other is still on offer"
    page = client.get(new).content.decode()
    assert page.count(OFFER) == 2 and "<q>Đề án thêu ren</q>" in page and "<q>Đề án mây tre</q>" in page
    newest, oldest = offers(client, new)
    assert [fields_of(client.get(one))["name"] for one in (newest, oldest)] == ["Đề án mây tre", "Đề án thêu ren"]
    done = fields_of(client.get(oldest)) | {"content-0-amount_KCDP": "60 tr"}
    assert client.get(oldest).content.decode().count(OFFER) == 1, "beside the one that is shown"
    assert client.post(new, done).status_code == 302
    assert offers(client, new) == [newest], "what was saved is gone, the other is still on offer"


def test_draft_that_was_not_looked_at_survives_another_save(client: Client, centre_staff: User, new: str) -> None:
    client.force_login(centre_staff)
    keep(client, new, half_typed())
    fields = fields_of(client.get(new))
    other = half_typed(name="Đề án khác", **{"content-0-amount_KCDP": "60 tr"})
    refused = client.post(new, fields | other | {"start_on": "31/02/2006"})
    assert refused.content.decode().count(OFFER) == 1, "still on offer, and what is on the page is not"
    assert client.post(new, fields_of(refused) | {"start_on": ""}).status_code == 302
    assert OFFER in client.get(new).content.decode()


def test_two_tabs_at_one_address_lose_nothing(client: Client, centre_staff: User, new: str) -> None:
    client.force_login(centre_staff)
    first, second = fields_of(client.get(new)), fields_of(client.get(new))
    for round_ in range(2):
        keep(client, new, first | half_typed(name=f"Thẻ thứ nhất, lần {round_}"))
        keep(client, new, second | half_typed(name=f"Thẻ thứ hai, lần {round_}"))
    names = {fields_of(client.get(one))["name"] for one in offers(client, new)}
    assert names == {"Thẻ thứ nhất, lần 1", "Thẻ thứ hai, lần 1"}


def test_of_more_than_three_drafts_of_a_form_the_oldest_is_given_up(
    client: Client, centre_staff: User, new: str
) -> None:
    client.force_login(centre_staff)
    for number in range(5):
        assert keep(client, new, half_typed(name=f"Đề án {number}")) == 204
    names = [fields_of(client.get(one))["name"] for one in offers(client, new)]
    assert names == ["Đề án 4", "Đề án 3", "Đề án 2"]


def test_discarding_leads_back_to_an_empty_form(client: Client, centre_staff: User, new: str) -> None:
    client.force_login(centre_staff)
    keep(client, new, half_typed(name="Giữ lại"))
    keep(client, new, half_typed(name="Bỏ đi"))
    [button, _other] = discards(client.get(new))
    answer = client.post(DISCARD, button, follow=True)
    assert answer.redirect_chain == [(new, 302)] and fields_of(restored(client, new))["name"] == "Giữ lại"
    [shown] = discards(restored(client, new))
    assert client.post(DISCARD, shown, follow=True).redirect_chain == [(new, 302)], "not to what is gone"
    assert not FormDraft.objects.exists()
    assert client.post(DISCARD, shown | {"next": "https://example.com/"}).headers["Location"] == "/"
    assert client.get(SAVE).status_code == client.get(DISCARD).status_code == 405
