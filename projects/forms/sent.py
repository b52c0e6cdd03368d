"""What was sent from a page: brought together with what others saved meanwhile, judged, and stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from projects.forms.conflicts import BaseUnreadable, Conflict, TypedSheet, last_writer, read_opened, reconciled
from projects.forms.fields import show_refusal
from projects.models.history import FieldChangeQuerySet
from projects.refusals import Refused
from projects.services.project_parts import StaleVersion


class Entry(TypedSheet, Protocol):
    """All forms of one page as one thing, to be merged, judged and shown again."""

    @property
    def form(self) -> forms.BaseForm:
        """The one above which stands what is refused of the whole."""
        ...

    def beside(self, stored: Self, /) -> Self:
        """As it is compared with what is stored by now."""
        ...

    def is_valid(self) -> bool: ...

    def leave_unjudged(self) -> None:
        """Shows what is in the page without saying yet what is wrong with it."""
        ...


E = TypeVar("E", bound=Entry)


@dataclass
class Sent(Generic[E]):
    """What was sent, with what others changed meanwhile in it."""

    entry: E
    conflicts: Sequence[Conflict] = ()  # left to choose
    taken: Sequence[str] = ()  # what only others changed, by its names
    other: str = ""  # who changed it
    is_saved: bool = False
    is_busy: bool = False  # others were quicker at every attempt

    def save(self, store: Callable[[E], object]) -> None:
        """Hands it to ``store`` once all is decided and right; what is refused stands on the page.

        Raises StaleVersion when somebody saved between our reading and our writing.
        """
        if self.conflicts:
            self.entry.leave_unjudged()
        elif self.entry.is_valid():
            try:
                store(self.entry)
                self.is_saved = True
            except StaleVersion:
                raise
            except Refused as refusal:
                show_refusal(self.entry.form, refusal)

    @property
    def status(self) -> int | None:
        """With which the page comes back; None where its forms say it."""
        return 409 if self.conflicts or self.is_busy else None

    @property
    def others_part(self) -> dict[str, object]:
        """What the page says of the others' changes."""
        return {"conflicts": self.conflicts, "taken": self.taken, "other": self.other}

    @property
    def merged_text(self) -> str:
        """What is said after a save that was brought together with another's; empty where there was none."""
        if not self.taken:
            return ""
        names = {"other": self.other, "fields": ", ".join(self.taken)}
        return _("Đã lưu, gộp với thay đổi của %(other)s: %(fields)s.") % names


def sent_over(
    data: QueryDict,
    *,
    read: Callable[[QueryDict | None], E],
    version: int,
    salt: str,
    changes: FieldChangeQuerySet,
    user: User,
) -> Sent[E]:
    """What was sent over a record that has that version by now.

    ``read`` makes the page of what was sent, and without that of what is stored; ``salt`` is that with which the page
    signed what it was opened with, ``changes`` is the record's history. A page that does not say what it was opened
    with is refused.
    """
    typed = read(data)
    try:
        opened = read_opened(data, salt)
    except BaseUnreadable as refusal:
        show_refusal(typed.form, refusal)
        return Sent(typed)
    if opened.version == version and not opened.asked:
        return Sent(typed)
    stored = read(None)
    found = reconciled(data, opened=opened, typed=typed.beside(stored), stored=stored, version=version, salt=salt)
    other = last_writer(changes, user) if found.conflicts or found.taken else ""
    return Sent(read(found.data), found.conflicts, found.taken, other)
