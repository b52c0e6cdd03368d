"""The files of a record as they are listed: what is current, and what was withdrawn, by whom and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from khuyencong.accounts.models import User
from khuyencong.attachments import Attachment
from projects.rules.dossiers import Filed, can_attach, can_erase, can_withdraw, dossier_of


@dataclass(frozen=True)
class FileRow:
    """A file, and what this user may do with it now."""

    document: Attachment
    can_withdraw: bool
    can_erase: bool


@dataclass(frozen=True)
class ListedFiles:
    """``closed``: why nothing is attached or withdrawn any more, said to those who otherwise might."""

    current: list[FileRow]
    withdrawn: list[FileRow]
    can_attach: bool


def listed_files(record: Filed, documents: Iterable[Attachment], user: User) -> ListedFiles:
    """``documents``: all of the record, with the people that they name."""
    dossier = dossier_of(record)
    listed = [
        FileRow(
            one,
            can_withdraw=one.is_current and not dossier.closed and can_withdraw(user, one, dossier),
            can_erase=not one.is_current and one.erased_at is None and can_erase(user, one, dossier),
        )
        for one in documents
    ]
    return ListedFiles(
        [row for row in listed if row.document.is_current],
        [row for row in listed if not row.document.is_current],
        can_attach(user, dossier),
    )
