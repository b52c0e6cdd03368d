"""A report of the catalogue worked out: sections and rows with their figures, ready for page, print and workbook."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.identifiers import mask_personal_numbers
from khuyencong.text import translated
from programmes.models import ActivityType, FundingSource
from projects.figures.dimensions import PLAN_YEAR, Label
from projects.figures.keys import Keys
from projects.figures.measures import PROJECTS, Count, Measure
from projects.figures.members import members
from projects.figures.tabulation import TabulatedCells, tabulate
from projects.ledger.optional_amounts import add, rate, remainder
from reports.catalogue.asked import UNITS, Asked
from reports.catalogue.definitions import Report
from reports.catalogue.figures import Assigned, Figure
from reports.catalogue.texts import TextColumn

Value = int | float | None
Pass = tuple[int, bool]


@dataclass(frozen=True)
class ReportRow:
    """``tokens`` name its section and itself in an address; of a sum the last ones are missing."""

    label: str
    tokens: tuple[str, ...]
    keys: frozenset[Keys]
    values: Mapping[str, Value]
    number: int = 0
    texts: Mapping[str, str] = field(default_factory=dict)
    is_shared: bool = False
    project_id: int | None = None


@dataclass(frozen=True)
class TableSection:
    """Rows with their sum; the only section of a report that has no sections has no label."""

    label: str
    rows: Sequence[ReportRow]
    sum: ReportRow | None = None
    number: int = 0


@dataclass(frozen=True)
class ReportTable:
    report: Report
    asked: Asked
    figures: Sequence[Figure]
    sections: Sequence[TableSection]
    total: ReportRow
    unknown_columns: Sequence[str] = ()
    remarks: Sequence[str] = ()

    @property
    def texts(self) -> tuple[TextColumn, ...]:
        return self.report.texts

    @cached_property
    def rows(self) -> list[ReportRow]:
        return [row for section in self.sections for row in section.rows]

    @property
    def choices(self) -> list[tuple[Figure, str, bool]]:
        """Every column that the report has for the period, with whether it was asked for by name."""
        shown = {one.key for one in self.figures}
        known = [one for one in _known_figures(self.report, self.asked) if not one.is_undated or one.key in shown]
        return [(one, self.full_title_of(one), one.key in self.asked.columns) for one in known]

    @property
    def is_year(self) -> bool:
        return self.asked.period.is_year

    @property
    def narrowed_to(self) -> list[str]:
        """In words, what the figures are narrowed to."""
        asked = self.asked
        source = FundingSource.objects.with_code(asked.source) if asked.source else None
        activity = ActivityType.objects.with_code(asked.activity) if asked.activity else None
        units = dict(UNITS).get(asked.units) if asked.units and self.report.takes_units else ""
        return [
            *([asked.scope] if asked.scope else []),
            *([_("Nguồn: %(source)s") % {"source": translated(source.name)}] if source else []),
            *([_("Nội dung: %(content)s") % {"content": str(activity)}] if activity else []),
            *([_("Địa bàn theo %(units)s") % {"units": str(units).lower()}] if units else []),
        ]

    @cached_property
    def cells_address(self) -> str:
        """Where its cells open, but for their names."""
        return f"{reverse('reports:report_cell', args=[self.report.code])}?{self.asked.query}"

    @cached_property
    def _titles(self) -> dict[str, tuple[str, ...]]:
        """Of each figure the title of its group and its own, with the year that it is about."""
        years = {one.key: self.asked.period.year - one.years_back for one in self.report.figures}
        return {
            one.key: tuple(str(text).format(year=years[one.key]) for text in (one.group, one.title))
            for one in self.report.figures
        }

    def title_of(self, one: Figure) -> str:
        return self._titles[one.key][1]

    def group_of(self, one: Figure) -> str:
        return self._titles[one.key][0]

    def full_title_of(self, one: Figure) -> str:
        """“Năm 2005: kế hoạch”, where the columns stand under a common head."""
        group, title = self._titles[one.key]
        return f"{group}: {title[:1].lower()}{title[1:]}" if group else title

    @property
    def is_repeated(self) -> bool:
        """Whether some project stands in several rows, so that counts do not add up to their total."""
        counts = [row.values.get("project_count") for row in self.rows]
        return bool(counts) and sum(n or 0 for n in counts) > (self.total.values.get("project_count") or 0)

    def names_of(self, row: ReportRow) -> list[str]:
        """Its own name after that of its section; nothing for the total."""
        section = self.find(row.tokens[:-1]) if len(row.tokens) > 1 else None
        return [one.label for one in (section, row) if one and one.tokens]

    def find(self, tokens: Sequence[str]) -> ReportRow | None:
        """The row, or the sum, that these tokens name."""
        return self._by_tokens.get(tuple(tokens))

    @cached_property
    def _by_tokens(self) -> dict[tuple[str, ...], ReportRow]:
        sums = [section.sum for section in self.sections if section.sum]
        return {row.tokens: row for row in (self.total, *sums, *self.rows)}


def work_out(report: Report, asked: Asked) -> ReportTable:
    """In a fixed number of queries, whatever the number of rows."""
    remarks: Sequence[str] = ()
    if report.only is not None:
        picked = report.only(asked.reader().then)
        asked, remarks = asked.about(picked.projects), picked.remarks
    figures, unknown = chosen_figures(report, asked)
    found = _every_cell(report, asked, figures)
    sums = _Sums(report, asked, figures, found)
    keys = sums.keys | (_picked_keys(report, asked) if report.only else set())
    sections = _sections(report, asked, sums, _labels(report, asked, keys), keys)
    every_key = frozenset(key for section in sections for row in section.rows for key in row.keys)
    total = ReportRow("", (), every_key, sums.total(every_key))
    shown = [one for one in figures if not one.is_undated or _is_wanted(one, total, asked)]
    return ReportTable(report, asked, shown, sections, total, unknown, remarks)


def _is_wanted(one: Figure, total: ReportRow, asked: Asked) -> bool:
    """The column of what is in no part of the year: where there is such money, or somebody asked for it by name."""
    return total.values[one.key] is not None or one.key in asked.columns


def _known_figures(report: Report, asked: Asked) -> list[Figure]:
    """Those that the report has for the period."""
    is_year = asked.period.is_year
    return [one for one in report.figures if one.is_told_of(is_year=is_year, is_flow=report.is_flow)]


def _picked_keys(report: Report, asked: Asked) -> set[Keys]:
    """Of the projects that a report is about, also where none of its money is recorded."""
    return {keys for keys, _project, _flag in members(asked.reader(), report.dimensions, [PROJECTS])}


def chosen_figures(report: Report, asked: Asked) -> tuple[list[Figure], list[str]]:
    """Those to print, with what they are made of; and the names of those that the report of this period has not."""
    known = _known_figures(report, asked)
    if not asked.columns:
        return known, []
    wanted = {one.key for one in known if one.key in asked.columns}
    for one in reversed(known):
        if one.key in wanted:
            wanted.update(one.made_of)
    shown = [one for one in known if one.key in wanted]
    titles = {one.key: f"{one.group}: {one.title}" if one.group else str(one.title) for one in report.figures}
    absent = [name for name in asked.columns if name not in {one.key for one in known}]
    return shown or known, [titles.get(name, name) for name in absent]


def pass_of(report: Report, one: Figure) -> Pass:
    """By which question it is worked out: of which year, and only of what moved in the period.

    A report that tells other things too sums what moved in the same pass.
    """
    return one.years_back, one.is_of_period and report.is_flow


def measure_of(report: Report, asked: Asked, one: Figure) -> Measure:
    assert isinstance(one.measure, Measure)
    if report.is_flow or not one.is_of_period:
        return one.measure
    return one.measure.since(asked.reader(one.years_back, is_of_period=True).question.since)


def _every_cell(report: Report, asked: Asked, figures: Sequence[Figure]) -> dict[Pass, TabulatedCells]:
    passes = sorted({pass_of(report, one) for one in figures if isinstance(one.measure, Measure | Count)})
    has_counts = any(isinstance(one.measure, Count) for one in figures)
    if len(passes) > 1 and asked.period.is_year and not has_counts:
        return _cells_by_year(report, asked, figures, passes)
    return {key: _cells(report, asked, figures, *key) for key in passes}


def _cells_by_year(
    report: Report, asked: Asked, figures: Sequence[Figure], passes: Sequence[Pass]
) -> dict[Pass, TabulatedCells]:
    """Years beside each other that are asked as of the same day: one pass over each table of money for all of them."""
    measured = [(pass_of(report, one), one.measure) for one in figures if isinstance(one.measure, Measure)]
    reader = asked.reader_of_years(years_back for years_back, _is_flow in passes)
    by_name = {measure.key: measure for _key, measure in measured}
    together = tabulate(reader, (*report.dimensions, PLAN_YEAR), list(by_name.values()))
    wanted = {(key, measure.key) for key, measure in measured}
    found = {key: TabulatedCells() for key in passes}
    for (*keys, year), row in together.money.items():
        key = (asked.period.year - year, False)
        if kept := {name: amount for name, amount in row.items() if (key, name) in wanted}:
            found[key].money[tuple(keys)] = kept
    return found


def _cells(report: Report, asked: Asked, figures: Sequence[Figure], years_back: int, is_flow: bool) -> TabulatedCells:
    here = [one for one in figures if pass_of(report, one) == (years_back, is_flow)]
    measures = [measure_of(report, asked, one) for one in here if isinstance(one.measure, Measure)]
    counts = [one.measure for one in here if isinstance(one.measure, Count)]
    reader = asked.reader(years_back, is_of_period=is_flow)
    return tabulate(reader, report.dimensions, measures, counts)


def _labels(report: Report, asked: Asked, keys: Iterable[Keys]) -> list[dict[object, Label]]:
    """The names of the groups of each dimension, in the order in which they print."""
    listed = list(keys)
    reader = asked.reader(is_of_period=report.is_flow)
    return [
        {label.key: label for label in dimension.labels({keys[place] for keys in listed}, reader)}
        for place, dimension in enumerate(report.dimensions)
    ]


def _sections(
    report: Report, asked: Asked, sums: _Sums, labels: Sequence[Mapping[object, Label]], keys: set[Keys]
) -> list[TableSection]:
    texts = _texts(report, asked, labels[-1])
    if report.sections_by is None:
        is_known = report.is_flow  # a month without a voucher stands between two that have some
        single = [(label, frozenset({(key,)})) for key, label in labels[0].items() if is_known or (key,) in keys]
        return [TableSection("", _rows(sums, texts, (), single))] if single else []
    inside: dict[object, set[object]] = defaultdict(set)
    for outer, inner in keys:
        inside[outer].add(inner)
    order = {key: place for place, key in enumerate(labels[1])}
    sections: list[TableSection] = []
    for key, label in labels[0].items():
        found = sorted((inner for inner in inside[key] if inner in order), key=order.__getitem__)
        rows = _rows(sums, texts, (label.token,), [(labels[1][sub], frozenset({(key, sub)})) for sub in found])
        under = frozenset(part for row in rows for part in row.keys)
        name = mask_personal_numbers(label.text)
        whole = ReportRow(name, (label.token,), under, sums.values(under), is_shared=label.is_shared)
        sections.append(TableSection(name, rows, whole, len(sections) + 1))
    return sections


def _texts(report: Report, asked: Asked, labels: Iterable[Any]) -> dict[str, Mapping[int, str]]:
    """What each column of texts says of each project that has a row; all of them are read at once."""
    ids = list(labels) if report.rows_by.key == "project" else []
    return {column.key: column.texts(asked.reader().then, ids) for column in report.texts} if ids else {}


def _rows(
    sums: _Sums,
    texts: Mapping[str, Mapping[int, str]],
    tokens: tuple[str, ...],
    found: Sequence[tuple[Label, frozenset[Keys]]],
) -> list[ReportRow]:
    is_project = sums.report.rows_by.key == "project"
    rows: list[ReportRow] = []
    for number, (label, keys) in enumerate(found, start=1):
        rows.append(
            ReportRow(
                label=mask_personal_numbers(label.text),
                tokens=(*tokens, label.token),
                keys=keys,
                values=sums.values(keys, before=rows),
                number=number,
                texts={key: mask_personal_numbers(said.get(label.key, "")) for key, said in texts.items()},
                is_shared=label.is_shared,
                project_id=label.key if is_project else None,
            )
        )
    return rows


@dataclass
class _Sums:
    """Figures under some keys: sums, counts of projects each taken once, and what is made of them."""

    report: Report
    asked: Asked
    figures: Sequence[Figure]
    cells: Mapping[Pass, TabulatedCells]

    def __post_init__(self) -> None:
        has_assigned = any(isinstance(one.measure, Assigned) for one in self.figures)
        found = self.asked.reader().assigned() if has_assigned else {}
        self.assigned = {(key,): amount for key, amount in found.items()}
        self.recorded = {name for one in self.cells.values() for row in one.money.values() for name in row}
        self.keys = {keys for one in self.cells.values() for keys in one.keys} | self.assigned_keys

    @property
    def assigned_keys(self) -> set[Keys]:
        return set(self.assigned)

    def values(self, keys: frozenset[Keys], *, before: Sequence[ReportRow] = ()) -> dict[str, Value]:
        """Of one row or sum. ``before`` are the rows above it, for running totals."""
        values: dict[str, Value] = {}
        for one in self.figures:
            values[one.key] = self._measured(one, keys) if one.measure else self._derived(one, values, before)
        return values

    def total(self, keys: frozenset[Keys]) -> dict[str, Value]:
        """Of the whole table; where rows share money it is asked anew, without groups."""
        if all(dimension.is_additive for dimension in self.report.dimensions):
            return self.values(keys)
        measures = [
            measure_of(self.report, self.asked, one) for one in self.figures if isinstance(one.measure, Measure)
        ]
        whole = {key: tabulate(self.asked.reader(key[0], is_of_period=key[1]), (), measures) for key in self.cells}
        return _Sums(self.report, self.asked, self.figures, whole).values(frozenset({()}))

    def _measured(self, one: Figure, keys: frozenset[Keys]) -> Value:
        if isinstance(one.measure, Assigned):
            return add(*(self.assigned.get(key) for key in keys))
        cells = self.cells[pass_of(self.report, one)]
        if isinstance(one.measure, Count):
            return cells.number_of(one.measure, keys)
        name = measure_of(self.report, self.asked, one).key
        return add(*(cells.money[key].get(name) for key in keys if key in cells.money))

    def _derived(self, one: Figure, values: Mapping[str, Value], before: Sequence[ReportRow]) -> Value:
        if one.ratio_of:
            part, whole = (values[key] for key in one.ratio_of)
            return rate(part, whole)  # type: ignore[arg-type]
        if one.difference_of:
            whole, part = (values[key] for key in one.difference_of)
            is_silent = one.needs_both and one.difference_of[1] not in self.recorded
            return None if is_silent else remainder(whole, part)  # type: ignore[arg-type]
        last = before[-1].values[one.key] if before else None
        return add(last, values[one.running_of])  # type: ignore[arg-type]
