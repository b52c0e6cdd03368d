"""The sheet of a plan: a row for each content of each project that may be changed, a column for each source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.money import MoneyError, MoneyUnit, typed_in
from khuyencong.money_questions import USUAL, MoneyQuestion, Nearby, TypedMoney, is_as_opened, understand, usual_amount
from programmes.models import AnnualPlan, FundingSource
from projects.ledger.optional_amounts import add
from projects.models import Project, ProjectComponent
from projects.rules.permissions import hindrance_to_editing
from projects.services.amounts import AmountChange, AmountKey, AmountsRefused, requested_amounts

AMOUNT = re.compile(r"[0-9]{1,16}")
CELL = re.compile(r"c-([0-9]{1,18})-[0-9]{1,18}")


@dataclass
class AmountCell:
    """One amount, in đồng: what the sheet was opened with, what is typed, and what is wrong with it.

    ``stored_vnd`` is what stands by now, where that is neither of the two.
    """

    component_id: int
    source: FundingSource
    unit: MoneyUnit
    original_vnd: int | None = None
    text: str = ""
    typed_vnd: int | None = None
    error: str = ""
    lacks_original: bool = False
    is_conflict: bool = False
    stored_vnd: int | None = None
    opened_vnd: int | None = None
    question: MoneyQuestion | None = None

    @property
    def name(self) -> str:
        return f"c-{self.component_id}-{self.source.pk}"

    @property
    def original_name(self) -> str:
        return f"o-{self.component_id}-{self.source.pk}"

    @property
    def original_text(self) -> str:
        if self.lacks_original:
            return "?"
        return "" if self.original_vnd is None else str(self.original_vnd)

    @property
    def opened_text(self) -> str:
        """What the field held when it was opened, so that the page knows which cells were typed into."""
        return self._shown(self.original_vnd)

    @property
    def question_html(self) -> SafeString | str:
        return self.question.html(self.name) if self.question else ""

    def _shown(self, amount_vnd: int | None) -> str:
        return "" if amount_vnd is None else typed_in(amount_vnd, self.unit)

    @property
    def is_changed(self) -> bool:
        return not self.error and self.typed_vnd != self.original_vnd

    def stand(self, amount_vnd: int | None) -> None:
        """Shows the amount as it is stored."""
        self.original_vnd = self.typed_vnd = amount_vnd
        self.text = self._shown(amount_vnd)

    def read(self, data: QueryDict, usual_vnd: int | None) -> None:
        """Takes over what was sent; a cell that was not sent stays as stored. ``usual_vnd`` is that of the column."""
        if self.name not in data:
            return
        self.text, self.typed_vnd = TypedMoney.of(data, self.name), None
        original = data.get(self.original_name, "?").strip()
        if original and not AMOUNT.fullmatch(original):
            self.lacks_original = True
            self.error = _("Trang chưa tải đầy đủ, nên chưa lưu được ô này. Hãy tải lại trang rồi nhập lại.")
            return
        self.original_vnd = int(original) if original else None
        try:
            found = understand(self.text, self.unit, Nearby(self.original_vnd).or_else(Nearby(usual_vnd, USUAL)))
        except MoneyError as error:
            self.error = str(error)
            return
        self.typed_vnd, self.question = found.amount_vnd, found.question
        if found.question and found.is_open:
            self.error = found.question.words

    def show_conflict(self, stored_vnd: int | None) -> None:
        """Says what another person stored; saved once more, the typed amount goes over it knowingly."""
        self.is_conflict, self.opened_vnd, self.stored_vnd = True, self.original_vnd, stored_vnd
        self.original_vnd = stored_vnd


@dataclass
class AmountRow:
    """One content of one project. With a ``refusal`` it can't be saved, and shows what was typed."""

    project: Project
    component: ProjectComponent
    cells: list[AmountCell]
    refusal: str = ""
    is_first: bool = True

    @property
    def total_vnd(self) -> int | None:
        return add(*(cell.typed_vnd for cell in self.cells))


@dataclass
class AmountSheet:
    """The whole sheet. ``lost`` is what was typed into contents that are in the plan no more."""

    plan: AnnualPlan
    unit: MoneyUnit
    sources: list[FundingSource]
    rows: list[AmountRow]
    lost: list[str] = field(default_factory=list)

    @property
    def cells(self) -> Iterator[AmountCell]:
        return (cell for row in self.rows for cell in row.cells)

    @property
    def errors(self) -> list[tuple[AmountRow, AmountCell]]:
        return [(row, cell) for row in self.rows for cell in row.cells if cell.error]

    @property
    def conflicts(self) -> list[tuple[AmountRow, AmountCell]]:
        return [(row, cell) for row in self.rows for cell in row.cells if cell.is_conflict]

    @property
    def refused(self) -> list[AmountRow]:
        return [row for row in self.rows if row.refusal]

    @property
    def column_totals(self) -> list[tuple[FundingSource, int | None]]:
        """What is typed or stored in each column, in đồng."""
        return [
            (source, add(*(row.cells[index].typed_vnd for row in self.rows)))
            for index, source in enumerate(self.sources)
        ]

    @property
    def total(self) -> int | None:
        return add(*(amount for _source, amount in self.column_totals))

    def changes(self) -> list[AmountChange]:
        return [
            AmountChange(cell.component_id, cell.source, cell.original_vnd, cell.typed_vnd)
            for cell in self.cells
            if cell.is_changed
        ]

    def leave_unjudged(self) -> None:
        """Shows what is typed without saying yet what is wrong with it."""
        for cell in self.cells:
            cell.error, cell.question = "", None

    def refuse(self, refusal: AmountsRefused) -> None:
        """Says beside each cell what kept it from being stored; every other cell starts from what is stored now."""
        stored = requested_amounts(self.plan)
        for row in self.rows:
            row.refusal = refusal.refusals.get(row.component.pk, "")
            for cell in row.cells:
                key: AmountKey = (cell.component_id, cell.source.pk)
                if key in refusal.conflicts:
                    cell.show_conflict(refusal.conflicts[key])
                elif not cell.is_changed:
                    cell.stand(stored.get(key))
                else:
                    cell.original_vnd = stored.get(key)


def amount_sheet(
    plan: AnnualPlan, user: User, data: QueryDict | None = None, *, unit: MoneyUnit = MoneyUnit.MILLION
) -> AmountSheet:
    """The sheet as it is stored, or with what was typed into it; bare numbers are of ``unit``."""
    sources = list(FundingSource.objects.all())
    stored = requested_amounts(plan)
    projects = Project.objects.in_plans([plan]).prefetch_related("components__activity_type").order_by("code")
    wanted = _sent_components(data) if data is not None else set()
    rows = [row for project in projects for row in _rows(project, sources, stored, wanted, unit)]
    sheet = AmountSheet(plan, unit, sources, rows)
    if data is not None:
        usual = _usual(sources, stored)
        for cell in sheet.cells:
            cell.read(data, usual[cell.source.pk])
        sheet.rows = [row for row in rows if not row.refusal or any(cell.is_changed for cell in row.cells)]
        sheet.lost = _lost(data, wanted - {row.component.pk for row in rows}, unit)
    return sheet


def _rows(
    project: Project,
    sources: list[FundingSource],
    stored: Mapping[AmountKey, int],
    wanted: set[int],
    unit: MoneyUnit,
) -> Iterator[AmountRow]:
    """The project's rows; of one that can't be changed any more, those that were sent."""
    refusal = hindrance_to_editing(project)
    is_first = True
    for component in project.components.all():
        if refusal and component.pk not in wanted:
            continue
        cells = [AmountCell(component.pk, source, unit) for source in sources]
        for cell in cells:
            cell.stand(stored.get((component.pk, cell.source.pk)))
        yield AmountRow(project, component, cells, refusal, is_first)
        is_first = False


def _sent_components(data: QueryDict) -> set[int]:
    """The ids of the contents whose cells were sent."""
    return {int(match[1]) for name in data if (match := CELL.fullmatch(name))}


def _usual(sources: Iterable[FundingSource], stored: Mapping[AmountKey, int]) -> dict[int, int | None]:
    """What is usual in each column, or in the whole plan where a column has too few amounts; by source, in đồng."""
    everywhere = usual_amount(stored.values())
    columns = {
        source.pk: usual_amount(amount for (_component, column), amount in stored.items() if column == source.pk)
        for source in sources
    }
    return {source: amount or everywhere for source, amount in columns.items()}


def _lost(data: QueryDict, components: Iterable[int], unit: MoneyUnit) -> list[str]:
    """What was typed into cells whose content is gone, to be copied from."""
    gone = set(components)
    sent = [
        (data.get(name, "").strip(), data.get(f"o{name[1:]}", ""))
        for name in data
        if (match := CELL.fullmatch(name)) and int(match[1]) in gone
    ]
    return [text for text, original in sent if not is_as_opened(text, original, unit)]
