"""Every report of the catalogue over random years: figures, the rows behind them, screen, print and workbook agree."""

from __future__ import annotations

import datetime as dt
import random
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import Any

import lxml.html
import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from khuyencong.accounts.models import User
from projects.figures import projects_then
from reports.catalogue.asked import AskForm
from reports.catalogue.definitions import REPORTS, Report
from reports.catalogue.sheets import shown_label
from reports.catalogue.sources import Sources
from reports.catalogue.table import ReportTable, work_out
from tests.people import Tree
from tests.reports.plain_question import PlainQuestion
from tests.reports.plain_reports import PlainReports
from tests.reports.random_years import Years
from tests.there import there

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 9, 5)
OVER_NEW_YEAR = "period=dates&from=01/07/2006&to=30/04/2007"
IN_ONE_YEAR = "period=dates&from=15/02/2007&to=30/04/2007"  # for reports that set years beside each other
# Who asks, and what: whole years and parts, any dates, days put back, narrowed.
QUESTIONS = [
    ("centre_staff", "year=2007"),
    ("centre_head", "year=2007&period=q3"),
    ("accountant", "year=2007&as_of=15/08/2007"),
    ("reviewer", OVER_NEW_YEAR),
    ("department_head", "year=2007&organisation=trung-tam-hai&recorded=31/08/2007"),
    ("observer", "year=2007&source=KCDP&as_of=30/11/2007&recorded=30/09/2007"),
    ("administrator", "year=2006&period=h2&activity=134-2"),
]


@pytest.fixture
def everybody(request: pytest.FixtureRequest) -> dict[str, User]:
    return {role: request.getfixturevalue(role) for role, _query in QUESTIONS}


def ask(user: User, query: str, report: Report) -> ReportTable:
    form = AskForm(QueryDict(query), user=user, today=TODAY)
    assert form.is_valid(), form.errors
    return work_out(report, form.asked_for())


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.code)
def test_figures_are_the_plain_sums_and_open_to_their_rows(
    report: Report, tree: Tree, everybody: dict[str, User], client: Client
) -> None:
    Years(random.Random(report.code), tree.centre, everybody["centre_staff"])
    plain = PlainReports()
    for role, asked in QUESTIONS:
        query = IN_ONE_YEAR if report.compares_years and asked == OVER_NEW_YEAR else asked
        table = ask(everybody[role], query, report)
        if report.code != "over-norm":
            assert_plain(table, plain, PlainQuestion(everybody[role], query, TODAY))
        assert_sums(table)
        assert_sources(table)
        assert_same_everywhere(client, everybody[role], query, table)


def test_figures_are_the_same_whether_projects_are_named_or_asked_one_by_one(
    tree: Tree, everybody: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where many stood otherwise on the day, each row is asked for its status instead."""
    Years(random.Random(7), tree.centre, everybody["centre_staff"])
    questions = [(report, role, query) for report in REPORTS for role, query in QUESTIONS]
    asked = [one for one in questions if "as_of" in one[2] or one[0].code in ("areas", "status")]
    named = [values_of(ask(everybody[role], query, report)) for report, role, query in asked]
    monkeypatch.setattr(projects_then, "MAX_NAMED", 0)
    assert [values_of(ask(everybody[role], query, report)) for report, role, query in asked] == named


def values_of(table: ReportTable) -> list[tuple[str, dict[str, Any]]]:
    return [(row.label, dict(row.values)) for row in (*table.rows, table.total)]


def assert_plain(table: ReportTable, plain: PlainReports, asked: PlainQuestion) -> None:
    for figure in table.figures:
        if figure.measure is None:
            continue
        expected = dict(plain.amounts(table.report.code, figure.key, asked))
        found: dict[tuple[str, ...], Any] = {}
        for section in table.sections:
            for row in section.rows:
                labels = (section.label, shown_label(row)) if section.sum else (shown_label(row),)
                found[labels] = row.values[figure.key]
        shown = {labels: value for labels, value in found.items() if value is not None}
        if figure.key.endswith("_count"):
            shown = {labels: value for labels, value in shown.items() if value}
        assert shown == expected, (table.report.code, figure.key, table.asked.query)


def assert_sums(table: ReportTable) -> None:
    """Money adds up to its sums; projects are never counted more often than they are."""
    is_shared = table.report.code == "beneficiaries"
    for figure in table.figures:
        values = [value for row in table.rows if (value := row.values[figure.key]) is not None]
        whole = table.total.values[figure.key]
        if figure.measure is None or is_shared:
            continue
        if figure.key.endswith("_count"):
            assert max(values, default=0) <= there(whole) <= sum(values)
        else:
            assert whole == (sum(values) if values else None)


def assert_sources(table: ReportTable) -> None:
    sources = Sources(table)
    sums = [section.sum for section in table.sections if section.sum]
    for row in (*table.rows, *sums, table.total):
        for figure in table.figures:
            if figure.measure is not None and row.values[figure.key] is not None:
                facts = sources.behind(row, figure)
                assert sum(fact.amount for fact in facts) == row.values[figure.key], (figure.key, row.label)


def assert_same_everywhere(client: Client, user: User, query: str, table: ReportTable) -> None:
    """The rows of the screen, of the print and of the workbook, cell by cell."""
    client.force_login(user)
    code = table.report.code
    answers = {
        name: client.get(f"{reverse(f'reports:{name}', args=[code])}?{query}")
        for name in ("report_detail", "report_print", "report_xlsx")
    }
    assert [answer.status_code for answer in answers.values()] == [200] * 3
    screen = rows_of_page(answers["report_detail"].content, "//table[contains(@class, 'report')]")
    assert screen == rows_of_page(answers["report_print"].content, "//main//table")
    assert screen == rows_of_workbook(answers["report_xlsx"].content, len(table.texts), len(table.figures))
    assert len(screen) == (len(table.rows) + sum(bool(one.sum) for one in table.sections) + 1 if table.sections else 0)


def rows_of_page(content: bytes, table: str) -> list[tuple[Any, ...]]:
    """Name, words and figures of each row; sums count among them, wherever they stand."""
    found = []
    page = lxml.html.fromstring(content.decode())
    names = None
    for row in page.xpath(f"{table}/*[self::tbody or self::tfoot]/tr"):
        cells = [" ".join(cell.text_content().split()) for cell in row]
        figures = [parsed(cell.text_content()) for cell in row if "num" in cell.classes]
        words = cells[: len(cells) - len(figures)]
        if not figures:  # a heading in print; its sum stands below
            names = words[-1]
            continue
        name = names if words[-1] == "Cộng" else words[1] if len(words) > 1 else words[0]
        found.append((name, tuple(words[2:]), tuple(figures)))
    return sorted(found, key=str)


def rows_of_workbook(content: bytes, texts: int, figures: int) -> list[tuple[Any, ...]]:
    sheet = load_workbook(BytesIO(content), data_only=True)["Báo cáo"]
    head = next(cell.row for cell in sheet["A"] if cell.value == "A")  # the row of column labels
    found: list[tuple[Any, ...]] = []
    names: Any = None
    for row in sheet.iter_rows(head + 1, values_only=True):
        name, words, values = row[1], row[2 : 2 + texts], row[2 + texts : 2 + texts + figures]
        if name is None:
            break
        if row[0] is not None and not any(value is not None for value in values):
            names = name
            continue
        label = names if name == "Cộng" else name
        shown = tuple(" ".join(str(word).split()) for word in words if word is not None)
        found.append((" ".join(label.split()), shown, tuple(parsed(value) for value in values)))
        if name == "Tổng cộng":
            break
    return sorted(found, key=str)


def parsed(shown: Any) -> Decimal | None:
    """“1.234,5” of a page and 1234.5 of a cell are one; a rate is read with one decimal, a half goes up as in Excel."""
    text = shown.strip().replace(".", "").replace(",", ".") if isinstance(shown, str) else shown
    if text in ("–", "", None):
        return None
    exact = text if isinstance(shown, str) else str(round(shown, 6))
    return Decimal(exact).quantize(Decimal("0.1"), ROUND_HALF_UP)
