"""Forms begun and not yet saved: kept for the person who typed, offered again when the form is opened again.

Each opening of a form has a draft of its own: two tabs, or a new beginning beside a draft on offer, never push each
other out. The form carries a signed ticket that says whose opening it is and of which form; by it typing finds back to
its person even where it arrives without a sign-in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, NamedTuple, TypeVar

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.crypto import get_random_string
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from khuyencong.accounts.models import FormDraft
from khuyencong.forms import leave_unjudged
from khuyencong.identifiers import mask_personal_numbers
from khuyencong.money import MoneyUnit, unit_named
from khuyencong.money_questions import is_answer, is_as_opened

FIELD = "draft"  # of a form: its ticket; in an address: the opening whose draft fills the form
MAX_BYTES = 200_000
MAX_KEY = FormDraft._meta.get_field("key").max_length or 0
MAX_WORDS = 60  # letters of a draft, by which it is told from another
AT_ONCE = 3  # drafts of one form side by side; of more, the oldest is given up
UNSENT = "unsent_forms"  # in the session of somebody signed out: what arrived without a sign-in
LAST = "draft_last"  # of a form: the field that was typed into last, where the browser says so
BASE = "base"
# What belongs to the sending and not to the form.
NEVER_KEPT = {"csrfmiddlewaretoken", FIELD}
# What a form carries and nobody typed; and what was typed rather than chosen: words, amounts, days.
UNSEEN = {LAST, BASE, "version", "next", "seen", "previewed", "fingerprint", "unit", "unit_wanted"}
TYPED = re.compile(r"\s|[^\x00-\x7f]|[0-9][.,/][0-9]|[0-9]{6}|[0-9]tr")

Fields = list[tuple[str, list[str]]]
Form = TypeVar("Form", bound=forms.BaseForm)
View = Callable[..., HttpResponse]


class DraftTooLong(Exception):
    """More was typed than a draft keeps; nothing of it was kept."""


class Ticket(NamedTuple):
    """One opening of a form: who opened it, the address that the form is sent to, and which of its openings."""

    owner: int
    key: str
    opening: str

    @classmethod
    def read(cls, text: str) -> Ticket | None:
        """The ticket as it was signed; None for what this site did not sign."""
        try:
            return cls(*signing.loads(text, salt=FIELD))
        except signing.BadSignature:
            return None

    def signed(self) -> str:
        return signing.dumps(self, salt=FIELD)

    @property
    def restore_address(self) -> str:
        """Where the form stands filled from the draft of this opening."""
        return _restoring(self.key, self.opening)


@dataclass(frozen=True)
class Offer:
    """A draft as it is offered: since when it is kept, and by which words it is told from the others."""

    draft: FormDraft
    words: str
    restore_address: str


class Desk:
    """What a page knows of one of its forms: its ticket, the drafts on offer, and what to fill it with.

    ``key`` is the address that the form is sent to; opened by itself, that address shows the form. ``resumes``: opened
    again, the form stands as it was left, of several drafts as in the newest; otherwise they are on offer.
    """

    def __init__(self, request: HttpRequest, address: str = "", *, resumes: bool = False) -> None:
        assert request.user.pk is not None  # every page with a form asks for a sign-in
        self.request, self.owner = request, request.user.pk
        self.here = address_of(request)
        self.key = address or self.here
        self.is_posted = request.method == "POST" and self.key == self.here
        self.resumes = resumes and not self.is_posted

    @cached_property
    def drafts(self) -> list[FormDraft]:
        """This person's drafts of the form, the newest first."""
        known: dict[str, Any] = vars(self.request)  # all of the person's drafts, read once for all forms of a page
        if "drafts" not in known:  # what they hold is read where it is wanted
            known["drafts"] = list(FormDraft.objects.of(self.owner).newest_first().defer("data"))
        return [draft for draft in known["drafts"] if draft.key == self.key]

    @cached_property
    def restored(self) -> FormDraft | None:
        """The draft that the address asks to fill the form with, or that it goes on with by itself."""
        wanted = self.request.GET.get(FIELD) if self.request.method != "POST" else None
        asked = next((draft for draft in self.drafts if draft.opening == wanted), None) if wanted else None
        return asked or next(iter(self.drafts if self.resumes else ()), None)

    @cached_property
    def ticket(self) -> Ticket | None:
        """Goes on with the opening that was sent or is restored; None where the address is too long to be kept."""
        if len(self.key) > MAX_KEY:
            return None
        if self.is_posted and (sent := self._sent):
            return sent
        opening = self.restored.opening if self.restored else get_random_string(12)
        return Ticket(self.owner, self.key, opening)

    @property
    def _sent(self) -> Ticket | None:
        sent = Ticket.read(self.request.POST.get(FIELD, ""))
        return sent if sent and (sent.owner, sent.key) == (self.owner, self.key) else None

    @property
    def typed(self) -> QueryDict | None:
        """What the form is bound to: what was sent, or what the restored draft holds; None to open it afresh."""
        if self.is_posted:
            return self.request.POST
        return _as_posted(self.restored) if self.restored else None

    def shown(self, form: Form) -> Form:
        """The form itself; filled from a draft, it is not judged yet."""
        if self.restored:
            leave_unjudged(form)
        return form

    def carried_to(self, address: str) -> str:
        """The page on which the form stands, asked for the same draft as this address was."""
        return _restoring(address, self.restored.opening) if self.restored else address

    @cached_property
    def offers(self) -> list[Offer]:
        """The drafts on offer beside what the form shows, the newest first."""
        others = [draft for draft in self.drafts if self.ticket and draft.opening != self.ticket.opening]
        return [
            Offer(draft, _telling_words(draft, self.drafts), _restoring(self.key, draft.opening)) for draft in others
        ]

    def drop(self) -> None:
        """The form was saved, so what was kept of this opening is done with; other drafts stay on offer."""
        if sent := self._sent:
            FormDraft.objects.of(sent.owner).at(sent.key).opened(sent.opening).delete()

    @property
    def texts(self) -> list[str]:
        """What was typed and can't be saved any more, to be copied from."""
        if self.is_posted:
            return typed_texts(kept_fields(self.request.POST.lists(), max_bytes=None))
        return [text for draft in self.drafts for text in typed_texts(draft.data)]


def keeps_draft(view: View) -> View:
    """For the view of a form: ``request.desk`` is its desk. A POST that it answers by a redirect is saved.

    From the desk the page for whoever may not save any more has what they typed.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        desk = vars(request)["desk"] = Desk(request)  # SiteRequest, which stands above, names it for the views
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == 302:
            desk.drop()
        return response

    return wrapper


def _restoring(address: str, opening: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{FIELD}={opening}"


def address_of(request: HttpRequest) -> str:
    """The address that was opened with its query, without what asks for a draft."""
    query = request.GET.copy()
    query.pop(FIELD, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def keep_draft(ticket: Ticket, fields: Iterable[tuple[str, list[str]]]) -> None:
    """Keeps what stands in the form as the draft of its opening, and nothing of one in which nothing stands, as after a
    file was refused: files are kept in no draft. Raises DraftTooLong."""
    data = kept_fields(fields)
    if _holds_something(data):
        _store(ticket, data)
    else:
        FormDraft.objects.of(ticket.owner).at(ticket.key).opened(ticket.opening).delete()


def keep_unsent(request: HttpRequest) -> str:
    """Keeps a form that arrived where it can't be taken: signed out, or with the token of an earlier sign-in.

    Returns the address at which its person finds it filled in again; empty where nothing was kept. Of somebody signed
    out it waits in the session: only the ticket says whose it is, and only that person gets it.
    """
    ticket = Ticket.read(request.POST.get(FIELD, "")) if request.method == "POST" else None
    if ticket is None or (request.user.is_authenticated and request.user.pk != ticket.owner):
        return ""
    try:
        data = kept_fields(request.POST.lists())
    except DraftTooLong:
        messages.error(request, _("Nội dung quá dài nên không giữ lại được trong bản nháp."))
        return ""
    if request.user.is_authenticated:
        _store(ticket, data)
    else:
        waiting = [one for one in request.session.get(UNSENT, []) if one[0] != list(ticket)]
        request.session[UNSENT] = [*waiting, [ticket, data]][-AT_ONCE:]
    return ticket.restore_address


def claim_unsent(request: HttpRequest) -> None:
    """After the sign-in: what the same person sent without one becomes their draft; what another sent is gone."""
    for sent, data in request.session.pop(UNSENT, []):
        ticket = Ticket(*sent)
        if ticket.owner == request.user.pk:
            _store(ticket, data)


def kept_fields(fields: Iterable[tuple[str, list[str]]], *, max_bytes: int | None = MAX_BYTES) -> Fields:
    """What is kept of a form, in its order: no secrets, no personal numbers, no cells that were left alone.

    Raises DraftTooLong.
    """
    sent = {storable(name): [storable(text) for text in texts] for name, texts in fields if _is_kept(name)}
    data = [
        (name, texts if name == BASE else [mask_personal_numbers(text) for text in texts])  # what is signed stays so
        for name, texts in sent.items()
        if not _is_left_alone(name, sent)
    ]
    typed = [field for field in data if field[0] != BASE]  # what the page was opened with is not what was typed
    if max_bytes is not None and len(json.dumps(typed, ensure_ascii=False).encode()) > max_bytes:
        raise DraftTooLong
    return data


def typed_texts(data: Fields) -> list[str]:
    """What a person typed into a form, in its order."""
    seen = [texts for name, texts in data if name not in UNSEEN and not _is_unseen(name)]
    return [text.strip() for texts in seen for text in texts if TYPED.search(text.strip())]


def _telling_words(draft: FormDraft, drafts: Iterable[FormDraft]) -> str:
    """What was typed last, or else the first words or the first figure; nothing that the other drafts hold too."""
    others = {text for other in drafts if other != draft for text in typed_texts(other.data)}
    fields, texts = dict(draft.data), typed_texts(draft.data)
    last = fields.get(fields.get(LAST, [""])[0], [])
    words = (text for text in [*last, *(text for text in texts if " " in text), *texts] if text not in others)
    return Truncator(" ".join(next(words, "").split())).chars(MAX_WORDS)


def _holds_something(data: Fields) -> bool:
    """What a cell was opened with goes with one that was emptied, which is typing too."""
    said = (texts for name, texts in data if name not in UNSEEN and not is_answer(name))
    return any(text.strip() for texts in said for text in texts)


def _is_unseen(name: str) -> bool:
    """What a cell was opened with, and answers that were clicked rather than typed."""
    return name.startswith("o-") or is_answer(name)


def _store(ticket: Ticket, data: Fields) -> None:
    _draft, is_new = FormDraft.objects.update_or_create(
        user_id=ticket.owner, key=ticket.key, opening=ticket.opening, defaults={"data": data}
    )
    if is_new:
        FormDraft.objects.of(ticket.owner).at(ticket.key).give_up_all_but(AT_ONCE)


def _is_kept(name: str) -> bool:
    return name not in NEVER_KEPT and "password" not in name.lower() and "personal_number" not in name.lower()


def _is_left_alone(name: str, sent: Mapping[str, list[str]]) -> bool:
    """Whether a cell of a sheet stands as it was opened: ``o-7-1`` carries unseen the đồng that ``c-7-1`` had."""
    mark, _dash, cell = name.partition("-")
    typed, opened = sent.get(f"c-{cell}"), sent.get(f"o-{cell}")
    if mark not in ("c", "o") or not typed or not opened:
        return False
    unit = unit_named(sent.get("unit", [""])[0]) or MoneyUnit.DONG
    return is_as_opened(typed[0], opened[0], unit)


def storable(text: str) -> str:
    """Text that JSON can hold on both databases."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _as_posted(draft: FormDraft) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, texts in draft.data:
        data.setlist(name, texts)
    return data
