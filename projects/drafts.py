"""Forms begun and not yet saved: kept for the person who typed, offered again when the page is opened again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import Resolver404, resolve

from khuyencong.accounts.models import FormDraft, User
from khuyencong.identifiers import mask_personal_numbers
from khuyencong.requests import SiteRequest

# Long forms, whose typing outlives a closed tab. A draft belongs to the address of one of them.
FORMS = (
    "projects:project_create",
    "projects:project_edit",
    "projects:decision_create",
    "projects:progress_create",
    "projects:project_adjust",
)
MAX_BYTES = 200_000
MAX_KEY = FormDraft._meta.get_field("key").max_length or 0
RESTORE = "draft"  # in the address: fill the form from the draft
UNDECIDED = "draft_undecided"  # in the form: a draft was on offer, and the person has not said what becomes of it
BASE = "base"
# What belongs to the sending and not to the form.
NEVER_KEPT = {"csrfmiddlewaretoken", "key", "owner", UNDECIDED}


class DraftTooLong(Exception):
    """More was typed than a draft keeps; nothing of it was kept."""


@dataclass(frozen=True)
class Desk:
    """What the page of a long form has to know of this person's draft: since when it is kept, and what it holds.

    ``restored`` is set when the form is to be filled from it. Otherwise a draft is on offer, and as long as it is,
    new typing must not push it out.
    """

    key: str
    kept_at: dt.datetime | None = None
    restored: QueryDict | None = None

    @property
    def is_offered(self) -> bool:
        return self.kept_at is not None and self.restored is None

    @property
    def restore_address(self) -> str:
        return f"{self.key}{'&' if '?' in self.key else '?'}{RESTORE}=1"


def open_draft(request: SiteRequest) -> Desk:
    """The person's draft of the form at this address: on offer, or restored by ``?draft=1``.

    An answer to what was sent offers only what the page had on offer already.
    """
    key = key_of(request)
    if request.method == "POST" and UNDECIDED not in request.POST:
        return Desk(key)
    draft = FormDraft.objects.of(request.user, key).first()
    if draft is None:
        return Desk(key)
    is_wanted = request.method == "GET" and request.GET.get(RESTORE)
    return Desk(key, draft.updated_at, _as_posted(draft) if is_wanted else None)


def key_of(request: SiteRequest) -> str:
    """The address of the form with its query, without what asks for the draft."""
    query = request.GET.copy()
    query.pop(RESTORE, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def is_form_address(key: str) -> bool:
    """Whether the text is the address of one of the long forms of this site."""
    if len(key) > MAX_KEY or not key.startswith("/") or key.startswith("//") or "\\" in key:
        return False
    try:
        return resolve(urlsplit(key).path).view_name in FORMS
    except (Resolver404, ValueError):
        return False


def keep_draft(*, user: User, key: str, fields: Iterable[tuple[str, list[str]]]) -> None:
    """Keeps what stands in the form in the place of what was kept before, without secrets and personal numbers.

    Raises DraftTooLong.
    """
    data = {_storable(name): [_kept(name, text) for text in texts] for name, texts in fields if _is_kept(name)}
    if len(json.dumps(data, ensure_ascii=False).encode()) > MAX_BYTES:
        raise DraftTooLong
    FormDraft.objects.update_or_create(user=user, key=key, defaults={"data": data})


def discard_draft(*, user: User, key: str) -> None:
    if is_form_address(key):
        FormDraft.objects.of(user, key).delete()


def drop_draft(request: SiteRequest) -> None:
    """The form was saved, so its draft is done with; one that was on offer and never looked at stays on offer."""
    if UNDECIDED not in request.POST:
        discard_draft(user=request.user, key=key_of(request))


def _is_kept(name: str) -> bool:
    return name not in NEVER_KEPT and "password" not in name.lower() and "personal_number" not in name.lower()


def _kept(name: str, text: str) -> str:
    """The text without personal numbers; what a form was opened with is signed, and kept to the letter."""
    return _storable(text) if name == BASE else mask_personal_numbers(_storable(text))


def _storable(text: str) -> str:
    """Text that JSON can hold on both databases."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _as_posted(draft: FormDraft) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, texts in draft.data.items():
        data.setlist(name, texts)
    return data
