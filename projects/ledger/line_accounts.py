"""The accounts of projects: what is approved, contracted, paid and settled, by line × content × source, in đồng."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from khuyencong.asof import NOW, AsOf
from programmes.models import FundingSource
from projects.ledger.cell_sums import OF_ACCOUNTS, CellSums, cell_sums
from projects.ledger.optional_amounts import remainder, unpaid
from projects.ledger.remainders import spoken_for
from projects.models import CellKey, Direction, PlanLine, Project, ProjectComponent

# Which figure stands in which field of an account.
FIGURES = {name: name for name in OF_ACCOUNTS if name != "requested_vnd"} | {"promised_vnd": "requested_vnd"}


@dataclass(frozen=True)
class LineAccount:
    """One line × content × source. None: nothing recorded, prints “–”. ``promised_vnd`` is of money that is not the
    state's: what the beneficiary or others said they would put in."""

    line: PlanLine
    component: ProjectComponent
    source: FundingSource
    promised_vnd: int | None
    approved_vnd: int | None
    contracted_vnd: int | None
    advanced_vnd: int | None
    received_vnd: int | None
    paid_vnd: int | None
    settled_vnd: int | None

    @property
    def key(self) -> CellKey:
        return (self.line.pk, self.component.pk, self.source.pk)

    @property
    def prefix(self) -> str:
        """The name of its row in a form."""
        return "line-" + "-".join(str(part) for part in self.key)

    @property
    def unpaid_vnd(self) -> int | None:
        return unpaid(self.approved_vnd, self.paid_vnd)

    @property
    def uncontracted_vnd(self) -> int | None:
        """*Chưa ký hợp đồng*: approved, and in no contract yet."""
        return remainder(self.approved_vnd, self.contracted_vnd)

    @property
    def movable_vnd(self) -> int | None:
        """*Có thể chuyển*: what of the approved money may go on into the next year."""
        return remainder(self.approved_vnd, spoken_for(self.paid_vnd, self.received_vnd))

    def gone(self, direction: str) -> int:
        """What went that way so far."""
        return (self.received_vnd if direction == Direction.IN else self.paid_vnd) or 0


def accounts_of(projects: Iterable[Project], as_of: AsOf = NOW) -> list[LineAccount]:
    """The accounts of the projects, line by line, in a fixed number of queries."""
    projects = list(projects)
    rows = PlanLine.objects.filter(project__in=projects).select_related("round__plan", "project")
    sums = cell_sums(projects, OF_ACCOUNTS, as_of)
    contents = {component for _line, component, _source in sums.cells}
    components = ProjectComponent.objects.select_related("activity_type", "norm").in_bulk(contents)
    return line_accounts(rows.order_by("project__code", "round__plan__year", "pk"), components, sums)


def line_accounts(
    lines: Iterable[PlanLine], components: Mapping[int, ProjectComponent], sums: CellSums
) -> list[LineAccount]:
    """The accounts of these lines, in their order, of what was read of them; the contents by their ids.

    State money stands here once it is approved; a beneficiary's own once it is promised or paid.
    """
    by_pk = {line.pk: line for line in lines}
    order = {pk: index for index, pk in enumerate(by_pk)}
    accounts = []
    for (line, component, source), sums_of_cell in sums.cells.items():
        found = {name: sums_of_cell.get(figure) for name, figure in FIGURES.items()}
        is_state = sums.sources[source].is_state
        if found["approved_vnd"] is not None or (not is_state and any(one is not None for one in found.values())):
            accounts.append(LineAccount(by_pk[line], components[component], sums.sources[source], **found))
    return sorted(
        accounts,
        key=lambda one: (order[one.line.pk], one.component.position, one.component.pk, one.source.position),
    )
