"""Reads the files of reference data, and says of a wrong row where it stands and what it holds."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from typing import Any

from django.core.exceptions import ValidationError

Row = dict[str, str]
Reader = Callable[[Row], tuple[dict[str, Any], dict[str, Any]]]  # the key of a row and its other values


@dataclass
class Tally:
    """What loading one file did."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


class ReferenceDataError(Exception):
    """A row of a file can't be loaded; the message names file, line and value."""


def rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Rows with their line. A comma too many or too few would shift the values of a row into other columns."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise ReferenceDataError(f"{path.name}: tệp phải được lưu bằng mã UTF-8") from problem
    reader = csv.DictReader(io.StringIO(text))
    for row in reader:
        if None in row or None in row.values():
            first = next(iter(row.values()))
            raise ReferenceDataError(f"{path.name}, dòng {reader.line_num}: “{first}” có số cột khác dòng tiêu đề")
        yield reader.line_num, {key: value.strip() for key, value in row.items()}


def words(problem: Exception, row: Row) -> str:
    """What is wrong with the row, each message after the value that it is about."""
    if isinstance(problem, ValidationError):
        return "; ".join(f"{_cells(name, row)}: {' '.join(said)}" for name, said in problem.message_dict.items())
    return f"thiếu cột {problem}" if isinstance(problem, KeyError) else str(problem)


def _cells(name: str, row: Row) -> str:
    """The value that a message is about; a rule over several columns gets them all."""
    columns = [name] if name in row else [column for column in row if row[column]]
    return ", ".join(f"{column} “{shorten(row[column], 80, placeholder='…')}”" for column in columns)


def date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as problem:
        raise ReferenceDataError(f"“{text}” không phải là ngày viết dạng năm-tháng-ngày (2025-07-01)") from problem


def number(text: str) -> int | None:
    if text and not text.isdecimal():
        raise ReferenceDataError(f"“{text}” không phải là số nguyên")
    return int(text) if text else None


def yes(text: str) -> bool:
    if text not in ("", "yes"):
        raise ReferenceDataError(f"“{text}” phải là “yes” hoặc để trống")
    return text == "yes"
