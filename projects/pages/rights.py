"""What each role may do, as a page prints it: the very tables that permissions and steps are enforced by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from khuyencong.accounts.models import Role, User
from khuyencong.text import inside_sentence
from programmes.models import PlanRound
from projects.models import Project
from projects.rules.permissions import RIGHTS, Right
from projects.rules.transitions import CREATE, PROJECT_TRANSITIONS, ROUND_TRANSITIONS, Transition


@dataclass(frozen=True)
class RoleColumn:
    code: str
    label: str
    is_own: bool


@dataclass(frozen=True)
class RightCell:
    role: RoleColumn
    is_allowed: bool


@dataclass(frozen=True)
class RightRow:
    """One right or step. ``key`` is unique on the page; the texts are empty where there is nothing to say."""

    key: str
    label: str
    cells: list[RightCell]
    move: str = ""
    requires: str = ""
    excluded: str = ""
    kinds: str = ""


@dataclass(frozen=True)
class RightGroup:
    title: str
    rows: list[RightRow]


def role_columns(user: User) -> list[RoleColumn]:
    """The seven roles, the user's own marked."""
    own = user.grants()
    return [RoleColumn(role.value, str(role.label), role.value in own) for role in Role]


def rights_groups(columns: list[RoleColumn]) -> list[RightGroup]:
    """Everything that a role may do: the work, the steps of rounds, the steps of projects."""
    return [
        RightGroup(_("Công việc"), [_right_row(right, columns) for right in RIGHTS.values()]),
        RightGroup(_("Các bước của đợt"), _step_rows("round", ROUND_TRANSITIONS, PlanRound.Status, columns)),
        RightGroup(_("Các bước của đề án"), _step_rows("project", PROJECT_TRANSITIONS, Project.Status, columns)),
    ]


def _right_row(right: Right, columns: list[RoleColumn]) -> RightRow:
    return RightRow(f"right-{right.code}", str(right.label), _cells(right.roles, columns))


def _cells(roles: tuple[str, ...], columns: list[RoleColumn]) -> list[RightCell]:
    return [RightCell(column, column.code in roles) for column in columns]


def _step_rows(
    prefix: str,
    table: Mapping[str, Transition],
    statuses: type[PlanRound.Status] | type[Project.Status],
    columns: list[RoleColumn],
) -> list[RightRow]:
    return [
        RightRow(
            key=f"{prefix}-{step.name}",
            label=str(step.label),
            cells=_cells(step.roles, columns),
            move=f"{', '.join(str(statuses(one).label) for one in step.sources)} → {statuses(step.target).label}",
            requires=_requires(step),
            excluded="; ".join(_who_took(name, table) for name in step.not_by),
            kinds=", ".join(str(Project.Kind(kind).label) for kind in step.kinds),
        )
        for step in table.values()
    ]


def _requires(step: Transition) -> str:
    """What must come with the step: the words that it asks for, a letter."""
    wanted = [inside_sentence(step.note_label)] if step.needs_reason else []
    return ", ".join([*wanted, _("văn bản")] if step.needs_decision else wanted)


def _who_took(name: str, table: Mapping[str, Transition]) -> str:
    if name == CREATE:
        return _("người lập đề án")
    return _("người đã thực hiện bước “%(step)s”") % {"step": table[name].label}
