"""The rows behind a figure, each with its project, its day and the document that it comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, CharField, DateField, F, Value
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.identifiers import mask_personal_numbers
from khuyencong.text import dated, translated
from programmes.citation import called
from projects.figures.dimensions import Dimension
from projects.figures.grouping import Grouping
from projects.figures.keys import Keys
from projects.figures.measures import Count, Measure
from projects.figures.members import members
from projects.figures.reader import Reader
from projects.models import (
    ApprovalEntry,
    ContractEntry,
    CostLine,
    ExecutedAmount,
    PaymentEntry,
    Project,
    SettlementEntry,
)


@dataclass(frozen=True)
class Paper:
    """How the rows of a table name the day from which they count and the document behind them.

    ``letter`` is the path to the kind of a letter, which is called by its own kind and not by ``kind``.
    """

    kind: str | Promise
    day: str = ""
    number: str = ""
    issued_on: str = ""
    url: str = ""  # name of the page of the document
    pk: str = ""
    letter: str = ""


PAPERS: dict[type, Paper] = {
    CostLine: Paper(gettext_lazy("Dự toán")),
    ApprovalEntry: Paper(
        gettext_lazy("Văn bản"),
        *("effective_on", "decision__number", "decision__issued_on", "projects:decision_detail", "decision"),
        letter="decision__kind",
    ),
    ContractEntry: Paper(
        gettext_lazy("Hợp đồng"),
        *("effective_on", "contract__number", "contract__signed_on", "projects:contract_detail", "contract"),
    ),
    PaymentEntry: Paper(
        gettext_lazy("Chứng từ"),
        *("effective_on", "voucher__number", "voucher__issued_on", "projects:voucher_detail", "voucher"),
    ),
    SettlementEntry: Paper(gettext_lazy("Hồ sơ quyết toán"), "effective_on", "paper"),
    ExecutedAmount: Paper(gettext_lazy("Báo cáo tiến độ tháng"), number="", issued_on="report__month"),
}


@dataclass(frozen=True)
class SourceRow:
    """One row of a figure. ``amount`` is in đồng, or 1 for a project that is counted."""

    keys: Keys
    project_id: int | None
    code: str
    project: str
    year: int | None
    source: str
    activity: str
    on: dt.date | None
    paper: str
    url: str
    paper_id: int | None
    amount: int


def source_rows_of_money(reader: Reader, dimensions: Sequence[Dimension], measure: Measure) -> Iterator[SourceRow]:
    """In the order of projects and days; their sum under a key is the figure that stands there."""
    grouping = Grouping(reader, dimensions)
    rows = grouping.money(measure.table).filter(measure.only)
    paper = PAPERS[rows.model]
    extra = _columns(paper)
    columns = (
        *("plan_line__project", "plan_line__project__code", "plan_line__project__name", "plan_line__round__plan__year"),
        *("source__short_name", "component__activity_type__short_name", *extra, "amount_vnd"),
    )
    rows = rows.annotate(**extra).order_by("plan_line__project__code", *([paper.day] if paper.day else []), "pk")
    size = len(grouping.columns)
    for row in rows.values_list(*grouping.columns, *columns):
        project_id, code, name, year, source, activity, on, number, issued_on, paper_id, letter, amount = row[size:]
        label = _label(paper, number, issued_on) if letter is None else called(letter, number, issued_on)
        on = _known_day(paper, on, issued_on)
        named = (translated(source), translated(activity))
        words = (project_id, code, mask_personal_numbers(name), year, *named, on, label, paper.url, paper_id)
        for keys in grouping.keys_of(*row[:size]):
            yield SourceRow(keys, *words, amount)


def source_rows_of_count(reader: Reader, dimensions: Sequence[Dimension], count: Count) -> Iterator[SourceRow]:
    """The projects that are counted, once under each key."""
    counted = {(keys, pk) for keys, pk, pace in members(reader, dimensions, [count]) if count.takes(pace)}
    projects = Project.objects.in_bulk({pk for _keys, pk in counted})
    for keys, pk in sorted(counted, key=lambda row: (projects[row[1]].code, row[1], str(row[0]))):
        project = projects[pk]
        name = mask_personal_numbers(project.name)
        yield SourceRow(keys, pk, project.code, name, None, "", "", None, "", "", None, 1)


def source_rows_of_assigned(reader: Reader) -> Iterator[SourceRow]:
    """The letters that assigned money to the plans; keyed by source."""
    rows = reader.allocations().order_by("effective_on", "pk")
    columns = ("source", "plan__year", "source__short_name", "effective_on")
    paper = PAPERS[ApprovalEntry]
    letter = ("decision__kind", "decision__number", "decision__issued_on")
    for row in rows.values_list(*columns, *letter, "decision", "amount_vnd"):
        source_id, year, source, on, kind, number, issued_on, decision, amount = row
        label = called(kind, number, issued_on)
        on = _known_day(paper, on, issued_on)
        yield SourceRow((source_id,), None, "", "", year, source, "", on, label, paper.url, decision, amount)


def _columns(paper: Paper) -> dict[str, Any]:
    """Day, number, date, key and kind of the document; nothing where a table has none."""
    paths: dict[str, tuple[str, Any]] = {
        "fact_day": (paper.day, DateField()),
        "fact_number": (paper.number, CharField()),
        "fact_issued": (paper.issued_on, DateField()),
        "fact_paper": (paper.pk, BigIntegerField()),
        "fact_letter": (paper.letter, CharField()),
    }
    return {name: F(path) if path else Value(None, output_field=kind) for name, (path, kind) in paths.items()}


def _known_day(paper: Paper, on: dt.date | None, issued_on: dt.date | None) -> dt.date | None:
    """The day of the money; None where the letter's is unknown: the one from which it counts is never printed as it."""
    return on if issued_on or paper is not PAPERS[ApprovalEntry] else None


def _label(paper: Paper, number: str | None, issued_on: dt.date | None) -> str:
    """“Chứng từ UNC-01 ngày 02/03/2007”; what is unknown of a paper is said to be."""
    if not paper.issued_on:
        return f"{paper.kind} {number}" if number else str(paper.kind)
    if not paper.number:
        return f"{paper.kind} {issued_on:%m/%Y}" if issued_on else str(paper.kind)
    return f"{paper.kind} {dated(number or _('chưa rõ số'), issued_on)}"
