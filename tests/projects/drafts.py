"""What a browser does with forms that were not saved yet: it keeps what is typed, and is offered it again."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse
from lxml import html

from tests.factories import activity
from tests.sent import fields_of

SAVE, DISCARD = reverse("projects:draft_save"), reverse("projects:draft_discard")
OFFER = "Bạn có bản nháp lúc"


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


def keep(client: Client, address: str, fields: dict[str, str]) -> int:
    """What the page sends while it is typed into; it was opened for that unless the fields name an opening."""
    ticket = fields.get("draft") or fields_of(client.get(address))["draft"]
    return client.post(SAVE, {**fields, "draft": ticket, "csrfmiddlewaretoken": "x"}).status_code


def offers(client: Client, address: str) -> list[str]:
    """Where the links of the drafts on offer lead, the newest draft first."""
    page = html.fromstring(client.get(address).content.decode())
    return [link.get("href") for link in page.iterfind(".//div[@class='draft']/a")]


def restored(client: Client, address: str) -> Any:
    """The form filled from the newest draft; as it is opened where there is none."""
    return client.get(next(iter(offers(client, address)), address))
