"""A list read without anybody who is asked: what is taken for its questions, and which cells are unclear for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.text import fold
from programmes.models import AdminUnit, AnnualPlan
from projects.importing.models import ImportBatch
from projects.importing.proposals import Proposal
from projects.importing.questions import SKIP, RowQuestion
from projects.importing.reading.sheets import SourceFile
from projects.importing.understanding import UnderstoodList, packed, understand_list
from projects.refusals import Refused

ROUNDS = 5  # of reading: an answer may open one more question, and no chain is longer


class AssumedAnswers:
    """What is taken for the questions of a list, of which none is put to anybody here."""

    def __init__(self, firms: Iterable[int], units: Iterable[AdminUnit], unit: int, level: str) -> None:
        """``firms``, ``units``: those of the plan's projects, the likeliest that its list means."""
        self.known = {f"b{pk}" for pk in firms}
        self.places = {one.code for one in units}
        self.unit, self.level = unit, level

    def of(self, question: RowQuestion) -> str:
        """Empty where nothing is likely. Raises Refused for what the person has to say."""
        kind = _kind(question)
        if kind == "unit" and not self.unit:
            text = _("%(question)s Chọn đơn vị tính ở đây rồi đối chiếu lại.") % {"question": question.text}
            raise Refused({"unit": text}, code="unit")
        if kind == "source" and not self.level:
            text = _("%(question)s Chọn nguồn ở đây rồi đối chiếu lại.") % {"question": question.text}
            raise Refused({"level": text}, code="level")
        said = {
            "unit": str(self.unit),
            "source": self.level,
            "hidden": "take",
            "twin": "two",
            "twins": "two",
            "far": "0",
            "round": "round",
        }
        if kind in ("half", "halves"):
            return question.likely or question.options[0].value
        return said.get(kind) or self._likely(question)

    def _likely(self, question: RowQuestion) -> str:
        offered = {one.value: fold(str(one.label)) for one in question.options if one.value != SKIP}
        typed = question.key.rpartition(":")[2]
        own = [
            value
            for value, label in offered.items()
            if value in self.known or (value in self.places and typed in label)
        ]
        if len(own) == 1:
            return own[0]
        return question.likely or ("new" if "new" in offered else "")


def _kind(question: RowQuestion) -> str:
    """What is asked about: a unit of money, a content, a place."""
    return question.key.partition(":")[0]


def read_assuming(
    plan: AnnualPlan, source: SourceFile, user: User, answers: AssumedAnswers
) -> tuple[UnderstoodList, dict[str, RowQuestion]]:
    """The file as an import would read it, and the questions that were answered here."""
    batch = ImportBatch(organisation=plan.organisation, plan=plan, kind="plan", sheets=packed(source), answers={})
    batch.layout, batch.has_links = {}, source.has_links
    answered: dict[str, RowQuestion] = {}
    for _round in range(ROUNDS):
        understood = understand_list(batch, user)
        asked = understood.proposal.open_questions if understood.proposal else []
        said = {one.key: answer for one in asked if (answer := answers.of(one))}
        if not said:
            break
        answered |= {one.key: one for one in asked if one.key in said}
        batch.answers = {**batch.answers, **said}
    return understood, answered


class UnclearCells:
    """Cells of which the reading is not sure, and why; what was taken as likely, in words."""

    CERTAIN = ("unit", "source", "hidden", "twin", "twins", "far", "round")

    def __init__(self, proposal: Proposal, answered: Mapping[str, RowQuestion]) -> None:
        asked = [one for one in (*answered.values(), *proposal.open_questions) if _kind(one) not in self.CERTAIN]
        self.words = [one.text for one in asked]
        self.cells = {cell: one.text for one in asked for cell in one.cells}
        self.unread = {remark.cell: remark.text for row in proposal.rows for remark in row.wrong}

    def why(self, place: str) -> str:
        return self.unread.get(place) or self.cells.get(place, "")
