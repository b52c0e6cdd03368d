"""What is asked about an amount that was typed: which of several is meant, and whether one far from the rest is right.

A question is answered beside its field, with or without JavaScript: the answer is an amount in đồng, so it is of no
effect once something else is typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median_low
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khuyencong.money import MoneyUnit, certain_reading, format_million, format_vnd, readings, typed_in
from khuyencong.text import nfc

MEANS, SURE = "-means", "-sure"  # after the name of a field: the names of the answers
FAR: Final = 100  # times what stood, or one such part of it: most often a slip of the unit
OVER: Final = 10  # times what is left to be paid
FEW: Final = 3  # of so many amounts one can say what is usual
NOTHING = {"", "-", "–", "—"}  # a dash is what workbooks print for nothing


class TypedMoney(str):
    """The text of a field of money, with what was answered about it."""

    means: str = ""
    sure: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any], name: str) -> TypedMoney:
        typed = cls(data[name])
        typed.means, typed.sure = data.get(name + MEANS, ""), data.get(name + SURE, "")
        return typed


def is_answer(name: str) -> bool:
    """Whether a field of that name holds an answer that was clicked, and no amount."""
    return name.endswith((MEANS, SURE))


def is_nothing(text: str) -> bool:
    """Whether no amount is typed."""
    return nfc(text) in NOTHING


def is_as_opened(text: str, original: str, unit: MoneyUnit) -> bool:
    """Whether a field holds what it was opened with; ``original`` has digits of đồng, empty of nothing."""
    opened = typed_in(int(original), unit) if re.fullmatch("[0-9]{1,16}", original) else original
    return text.strip() == opened


STOOD: Final = _("số cũ")
USUAL: Final = _("số thường gặp trong kế hoạch")
LEFT: Final = _("số còn lại")
REPORTED: Final = _("số báo cáo lần trước")
APPROVED: Final = _("số được duyệt")
OF_ANOTHER_YEAR: Final = _("số đề nghị của năm khác")


@dataclass(frozen=True)
class Nearby:
    """What an amount is compared with, in đồng, how it is called, and how many times it may be gone over."""

    amount_vnd: int | None = None
    what: str | Promise = STOOD
    over: int = FAR

    def or_else(self, other: Nearby) -> Nearby:
        """The other one where this is of nothing."""
        return self if self.amount_vnd else other


NOTHING_NEARBY: Final = Nearby()


def usual_amount(amounts: Iterable[int | None]) -> int | None:
    """The middle one of a column, in đồng; None where there are too few to say."""
    known = [amount for amount in amounts if amount]
    return median_low(known) if len(known) >= FEW else None


@dataclass(frozen=True)
class MoneyQuestion:
    """Asked beside the field: amounts in đồng with their words, of which the one that was answered, if any."""

    words: str
    suffix: str
    choices: tuple[tuple[int, str], ...]
    answer: str = ""

    @property
    def is_open(self) -> bool:
        return self.answer not in {str(amount) for amount, _label in self.choices}

    def html(self, name: str) -> SafeString:
        """The answers to choose from, for the field of that name."""
        kind = "radio" if self.suffix == MEANS else "checkbox"
        marks = [("" if str(amount) != self.answer else " checked") for amount, _label in self.choices]
        rows = [
            (kind, name + self.suffix, amount, mark, label)
            for (amount, label), mark in zip(self.choices, marks, strict=True)
        ]
        row = '<label><input type="{}" name="{}" value="{}"{}> {}</label>'
        group = '<span class="money-question" role="group" aria-label="{}">{}</span>'
        return format_html(group, self.words, format_html_join("", row, rows))


@dataclass(frozen=True)
class Understood:
    """What was typed, in đồng, as far as it is known, and what was or has to be asked about it."""

    amount_vnd: int | None
    question: MoneyQuestion | None = None

    @property
    def is_open(self) -> bool:
        return self.question is not None and self.question.is_open


def understand(text: str, unit: MoneyUnit, nearby: Nearby = NOTHING_NEARBY) -> Understood:
    """The amount that was typed into a field of that unit. Raises MoneyError where the text means none."""
    if is_nothing(text):
        return Understood(None)
    amount = certain_reading(text, unit)
    if amount is None:
        return _chosen(text, unit)
    words = _doubt(amount, nearby)
    if not words:
        return Understood(amount)
    label = gettext("Đúng, %(amount)s") % {"amount": in_both_units(amount)}
    return Understood(amount, MoneyQuestion(words, SURE, ((amount, label),), getattr(text, "sure", "")))


def _chosen(text: str, unit: MoneyUnit) -> Understood:
    """Of the amounts that the text may mean, the one that was clicked."""
    words = gettext("Chưa rõ “%(typed)s” là bao nhiêu: hãy chọn số đúng, hoặc nhập lại.") % {"typed": nfc(text)}
    choices = tuple((amount, in_both_units(amount)) for amount in readings(text, unit))
    question = MoneyQuestion(words, MEANS, choices, getattr(text, "means", ""))
    return Understood(None if question.is_open else int(question.answer), question)


def in_both_units(vnd: int) -> str:
    """An amount in both units, so that nobody takes one for the other."""
    dong = gettext("%(amount)s đồng") % {"amount": format_vnd(vnd)}
    if vnd < 10**6:
        return dong
    return gettext("%(million)s triệu đồng (%(dong)s)") % {"million": format_million(vnd), "dong": dong}


def _doubt(vnd: int, nearby: Nearby) -> str:
    """What is to be asked of an amount far from its nearby one; empty where it is near."""
    other = nearby.amount_vnd
    if not vnd or not other:
        return ""
    more, less = vnd // other, other // vnd
    said = {"times": format_vnd(max(more, less)), "what": nearby.what, "amount": in_both_units(other)}
    if more >= nearby.over:
        return gettext("Số này gấp %(times)s lần %(what)s %(amount)s. Số này có đúng không?") % said
    if less >= FAR:
        return gettext("Số này chỉ bằng 1/%(times)s %(what)s %(amount)s. Số này có đúng không?") % said
    return ""
