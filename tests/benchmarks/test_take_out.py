"""Taking out ten years of 2,000 projects: time beside that of the bare writers, memory at a tenth of it and at all.

The bare writers get the very cells of the file from a list; reading and converting is what comes on top.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone, translation
from xlsxwriter import Workbook

from khuyencong.accounts.models import Organisation, User
from reports.printing.workbook import FONT
from reports.takeout import csvs, xlsx
from reports.takeout.all_tables import TABLES
from reports.takeout.columns import RecordKind
from reports.takeout.contents import contents_of
from reports.takeout.record_sheet import serial_date, serial_time
from tests.benchmarks.decade import _build_year, build_years

pytestmark = pytest.mark.django_db

RUNS = 2
SERIALS = {RecordKind.DATE: serial_date, RecordKind.TIME: serial_time}  # days as the numbers that write_number takes


def best_seconds(work: Callable[[IO[bytes]], object]) -> float:
    """The shortest of some runs, each into a file of its own."""
    times = []
    for _ in range(RUNS):
        with TemporaryFile() as file:
            start = time.perf_counter()
            work(file)
            times.append(time.perf_counter() - start)
    return min(times)


def peak_megabytes(work: Callable[[IO[bytes]], object]) -> float:
    """By how much the process grew at most, the database's own memory included (Linux)."""
    status = Path("/proc/self/status")

    def megabytes(name: str) -> float:
        [line] = [line for line in status.read_text().splitlines() if line.startswith(name)]
        return int(line.split()[1]) / 1024

    Path("/proc/self/clear_refs").write_text("5")
    before = megabytes("VmRSS")
    with TemporaryFile() as file:
        work(file)
    return megabytes("VmHWM") - before


def whole_workbook(user: User) -> Callable[[IO[bytes]], object]:
    return lambda file: xlsx.write_workbook(file, TABLES, user, contents_of(user, timezone.now()))


def whole_archive(user: User) -> Callable[[IO[bytes]], object]:
    return lambda file: csvs.write_archive(file, TABLES, user, contents_of(user, timezone.now()))


def every_csv(user: User) -> Callable[[IO[bytes]], object]:
    return lambda file: [csvs.write_csv(file, table, user) for table in TABLES]


def bare_workbook(sheets: list[tuple[list[RecordKind], list[tuple[Any, ...]]]]) -> Callable[[IO[bytes]], object]:
    def work(file: IO[bytes]) -> None:
        with TemporaryDirectory() as folder:
            options = {"constant_memory": True, "tmpdir": folder, "default_format_properties": FONT}
            with Workbook(file, options) as book:
                formats = {kind: book.add_format({"num_format": how}) for kind, how in xlsx.NUMBER_FORMATS.items()}
                for kinds, rows in sheets:
                    sheet = book.add_worksheet()
                    for number, row in enumerate(rows):
                        for column, value in enumerate(row):
                            if isinstance(value, str):
                                sheet.write_string(number, column, value, formats.get(kinds[column]))
                            elif value is not None:
                                sheet.write_number(number, column, value, formats.get(kinds[column]))

    return work


def bare_csv(sheets: list[list[tuple[Any, ...]]]) -> Callable[[IO[bytes]], object]:
    def work(file: IO[bytes]) -> None:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        for rows in sheets:
            csv.writer(text).writerows(rows)
        text.detach()

    return work


def read_and_write_csv(user: User) -> Callable[[IO[bytes]], object]:
    """What somebody would write first: the values as they are stored, straight into csv.writer."""

    def work(file: IO[bytes]) -> None:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        for table in TABLES:
            csv.writer(text).writerows(table.rows(user).order_by(*table.order).values_list(*table.paths).iterator())
        text.detach()

    return work


def compare(name: str, ours: float, bare: float) -> None:
    print(f"{ours:8.2f} s {bare:8.2f} s {ours / bare:6.2f}  {name}")


def test_taking_out_ten_years() -> None:
    user = build_years([2010], 2_000)
    user.grants()
    with translation.override("vi"):
        makers = {"workbook": whole_workbook(user), "archive": whole_archive(user)}
        for make in makers.values():
            peak_megabytes(make)  # what is loaded once is not counted
        small = {name: peak_megabytes(make) for name, make in makers.items()}
        add_years(user)
        print(f"\non {connection.vendor}; memory on top, MB: at 2,000 projects, at 20,000")
        for name, make in makers.items():
            print(f"{small[name]:7.1f} {peak_megabytes(make):7.1f}  {name}")
        ours = {"workbook": best_seconds(makers["workbook"]), "csv": best_seconds(every_csv(user))}
        archive, naive = best_seconds(makers["archive"]), best_seconds(read_and_write_csv(user))
        kinds = [[column.kind for column in table.read_columns()] for table in TABLES]
        rows = [[row for chunk in table.cells(user, SERIALS) for row in chunk] for table in TABLES]
        print(f"{sum(map(len, rows))} rows, {sum(len(row) for sheet in rows for row in sheet)} cells")
        print(f"best of {RUNS}: ours, bare, ratio")
        compare(
            "workbook, to XlsxWriter alone",
            ours["workbook"],
            best_seconds(bare_workbook(list(zip(kinds, rows, strict=True)))),
        )
        rows = [[row for chunk in table.cells(user, csvs.WRITING) for row in chunk] for table in TABLES]
        compare("csv, to csv.writer alone", ours["csv"], best_seconds(bare_csv(rows)))
        compare("csv, to values_list into csv.writer", ours["csv"], naive)
        print(f"{archive:8.2f} s archive of all csv")


def add_years(user: User) -> None:
    """The other nine years, under the same person."""
    for year in range(2011, 2020):
        _build_year(year, 2_000, Organisation.objects.get(kind="centre"), user)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_page_of_ten_years(client: Client) -> None:
    client.force_login(build_years([2010], 2_000))
    start = time.perf_counter()
    assert client.get("/reports/take-out/").status_code == 200
    print(f"\n{1000 * (time.perf_counter() - start):7.0f} ms  the page, 2,000 projects on {connection.vendor}")
