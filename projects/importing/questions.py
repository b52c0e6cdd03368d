"""What a list leaves open: questions with their answers. One answer serves all rows that ask the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SKIP = "skip"  # the answer that leaves the rows out
LEAVE_OUT = _("Không nhập các dòng này")
LONGEST_KEY = 300  # as a habit keeps it


@dataclass(frozen=True)
class Option:
    """``value`` is kept as the answer, ``label`` is what is chosen from."""

    value: str
    label: str | Promise


@dataclass
class RowQuestion:
    """``key`` says what is asked whatever the row; ``likely`` is the value that is offered as chosen already.

    ``is_habit``: the answer holds for the office's later lists too.
    """

    key: str
    text: str
    options: Sequence[Option]
    likely: str = ""
    is_habit: bool = False
    answer: str = ""
    cells: list[str] = field(default_factory=list)
    rows: set[tuple[str, int]] = field(default_factory=set)  # by sheet and number

    @property
    def is_open(self) -> bool:
        return not self.answer


class RowQuestions:
    """The questions of one reading of a list, with what was answered before."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = answers
        self.asked: dict[str, RowQuestion] = {}

    def ask(
        self,
        key: str,
        text: str,
        options: Iterable[Option],
        *,
        cell: str,
        row: tuple[str, int],
        likely: str = "",
        is_habit: bool = False,
    ) -> str:
        """The answer, where one of the options was chosen; else empty, and the row waits for it."""
        key = key[:LONGEST_KEY]
        question = self.asked.get(key)
        if question is None:
            offered = list(options)
            answer = self.answers.get(key, "")
            known = answer if answer in {one.value for one in offered} else ""
            question = self.asked[key] = RowQuestion(key, text, offered, likely, is_habit, known)
        question.cells.append(cell)
        question.rows.add(row)
        return question.answer

    @property
    def open(self) -> list[RowQuestion]:
        return [one for one in self.asked.values() if one.is_open]
