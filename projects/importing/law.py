"""What the law says of a list's projects before they are written: warnings. They are no choices of the importer, and
are answered where they always are, before a project is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from khuyencong.accounts.models import User
from projects.importing.layout.listed import RowAt
from projects.importing.proposals import ProposedRow, RowState
from projects.importing.understanding import UnderstoodList
from projects.rules.warnings import ProjectWarning, findings_of_projects
from projects.services.preview import what_if


@dataclass
class WarnedRows:
    """One kind of warning with the rows of which it is said, in the order of the list."""

    name: str
    needs_reason: bool
    rows: list[tuple[ProposedRow, ProjectWarning]] = field(default_factory=list)

    @property
    def row_count(self) -> int:
        """A row may be warned of twice in one kind, for two contents."""
        return len({row.row.at for row, _warning in self.rows})


def rows_to_write(understood: UnderstoodList) -> list[ProposedRow]:
    """Those that confirming would write as they stand now."""
    proposal = understood.proposal
    return [*proposal.in_state(RowState.NEW), *proposal.in_state(RowState.CHANGED)] if proposal else []


def warned_rows(understood: UnderstoodList, user: User) -> list[WarnedRows]:
    """What would be unwise about the rows that can be written now, those first that need a reason. They are written for
    it, looked at and taken back (:func:`projects.services.preview.what_if`).

    Raises what writing the list would raise.
    """
    rows = rows_to_write(understood)
    if not rows:
        return []
    written: dict[RowAt, Any] = {}

    def write() -> None:
        written.update(understood.kind.write(plan=understood.batch.plan, rows=rows, actor=user))

    warnings = what_if(write, lambda: _warnings_by_row(written, user))
    found: dict[str, WarnedRows] = {}
    for row in rows:
        for one in warnings[row.row.at]:
            found.setdefault(one.name, WarnedRows(one.name, one.needs_reason)).rows.append((row, one))
    return sorted(found.values(), key=lambda one: not one.needs_reason)


def _warnings_by_row(written: Mapping[RowAt, Any], user: User) -> dict[RowAt, list[ProjectWarning]]:
    findings = findings_of_projects(list(written.values()), user=user)
    return {at: findings[project.pk].warnings for at, project in written.items()}
