"""Money in đồng: whole numbers, as people type them and as documents print them. Never a float."""

import re
from typing import Final

from django.db.models import IntegerChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khuyencong.text import fold, nfc

MAX_VND: Final = 10**15
NOT_RECORDED: Final = "–"


class MoneyError(ValueError):
    """A typed amount that cannot be read; ``message`` says why in the user's language."""

    def __init__(self, message: str | Promise) -> None:
        """Keep the message untranslated until it is shown."""
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        """The message in the active language."""
        return str(self.message)


EMPTY = _("Hãy nhập số tiền.")
NEGATIVE = _("Số tiền không được âm.")
UNREADABLE = _("Không đọc được số tiền. Hãy viết như 60.000.000 hoặc 60 tr.")
BAD_GROUPS = _("Dấu ngăn cách hàng nghìn chưa đúng. Hãy viết như 60.000.000 hoặc 60 tr.")
AMBIGUOUS = _("Chưa rõ dấu chấm, dấu phẩy ngăn hàng nghìn hay phần lẻ. Hãy viết đủ số đồng, ví dụ 60.500.000.")
FRACTION = _("Số tiền phải là số đồng nguyên, không có phần lẻ của đồng.")
TOO_LARGE = _("Số tiền quá lớn (tối đa 1.000.000.000.000.000 đồng).")

_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
_TYPED = re.compile(r"(?P<number>[0-9](?:[0-9., ]*[0-9])?) ?(?P<unit>(?:[^\W\d_]|[ ₫])*)")
_UNIT = re.compile(r"(?P<unit>ti|trieu|tr|nghin|ngan|k)? ?(?P<dong>dong|d|vnd)?")
_UNITS: Final = {"k": 10**3, "nghin": 10**3, "ngan": 10**3, "tr": 10**6, "trieu": 10**6, "ti": 10**9}
_GROUPED = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?P<mark>[., ])[0-9]{3}(?:(?P=mark)[0-9]{3})*)"
    r"(?:(?!(?P=mark))[.,](?P<fraction>[0-9]+))?"
)
_PLAIN = re.compile(r"(?P<whole>0|[1-9][0-9]*)(?:[.,](?P<fraction>[0-9]+))?")
_EITHER = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")  # a thousand and more, or three decimals
_BRACKETED = re.compile(r"₫? ?\(.*[0-9].*\)")  # as ledgers and workbooks print a negative amount
_FEW_DONG: Final = 10_000  # no amount of a plan is as small: without a unit it may be triệu


class MoneyUnit(IntegerChoices):
    """The unit in which plan money is typed and shown, by how many đồng it has."""

    MILLION = 10**6, _("triệu đồng")
    DONG = 1, _("đồng")


def unit_named(text: str) -> MoneyUnit | None:
    """The unit that a form says by how many đồng it has; None for any other text."""
    return next((unit for unit in MoneyUnit if text == str(int(unit))), None)


def parse_vnd(text: str) -> int:
    """The amount in đồng that someone typed into a field of đồng: "60.000.000", "60 000 000 đ", "60 tr", "0,06 tỷ".

    Raises MoneyError for everything that is not one certain, whole, non-negative amount.
    """
    number, scale = _typed_number(text)
    found = _amounts(number, scale or 1)
    if len(found) > 1:
        raise MoneyError(AMBIGUOUS)
    return found[0]


def readings(text: str, unit: MoneyUnit) -> list[int]:
    """Every amount of plan money, in đồng, that the text may mean where bare numbers are of that unit.

    A unit that is written counts as written. Of triệu, a bare million and more may be đồng; of đồng, a bare number too
    small for a plan may be triệu; and three digits after one dot or comma are thousands or decimals. Raises MoneyError
    where the text means no amount.
    """
    return _read(text, unit)[0]


def certain_reading(text: str, unit: MoneyUnit) -> int | None:
    """The amount in đồng of a text that means just one; None of one that has to be asked about. Raises MoneyError."""
    found, is_certain = _read(text, unit)
    return found[0] if is_certain else None


def _read(text: str, unit: MoneyUnit) -> tuple[list[int], bool]:
    """The readings, and whether nothing has to be asked: đồng in a field of triệu are a guess even where alone."""
    number, scale = _typed_number(text)
    if scale is not None:
        found = _amounts(number, scale)
        return found, len(found) == 1
    if unit == MoneyUnit.MILLION and any(len(whole) > 6 for whole, _fraction in _numbers(number, unit)):
        found = [*_amounts(number, 1, or_none=True), *_amounts(number, unit, or_none=True)]
        return found or _amounts(number, unit), False
    found = _amounts(number, unit)
    if unit == MoneyUnit.DONG and 0 < found[0] < _FEW_DONG:
        found = [*found, *_amounts(number, MoneyUnit.MILLION, or_none=True)]
    return found, len(found) == 1


def _typed_number(text: str) -> tuple[str, int | None]:
    """The number as it is typed, and how many đồng the unit written after it has; None where none is written."""
    typed = nfc(text.translate(_FULL_WIDTH))
    if not typed:
        raise MoneyError(EMPTY)
    if len(typed) > 60:
        raise MoneyError(UNREADABLE)
    if re.match(r"[-–−] ?₫? ?[0-9]", typed) or _BRACKETED.fullmatch(typed):
        raise MoneyError(NEGATIVE)
    match = _TYPED.fullmatch(re.sub(r"^₫ ?", "", typed))
    unit = match and _UNIT.fullmatch(fold(match["unit"]))
    if not match or not unit:
        raise MoneyError(UNREADABLE)
    is_dong = unit["dong"] or "₫" in typed
    return match["number"], _UNITS[unit["unit"]] if unit["unit"] else 1 if is_dong else None


def _amounts(number: str, scale: int, *, or_none: bool = False) -> list[int]:
    """Đồng that a number of that unit may be: two where “1.313” may be thousands or a decimal, none only if asked."""
    found, problem = [], MoneyError(BAD_GROUPS)
    for whole, fraction in _numbers(number, scale):
        vnd, rest = divmod(int(whole + fraction) * scale, 10 ** len(fraction))
        if fraction and scale == 1 and not _GROUPED.fullmatch(number):
            problem = MoneyError(AMBIGUOUS)
        elif rest:
            problem = MoneyError(FRACTION)
        elif vnd > MAX_VND:
            problem = MoneyError(TOO_LARGE)
        else:
            found.append(vnd)
    if not found and not or_none:
        raise problem
    return found


def _numbers(number: str, scale: int) -> list[tuple[str, str]]:
    """Digits before and after the decimal mark, in each way in which the number can be read; đồng have no decimals."""
    found = []
    if grouped := _GROUPED.fullmatch(number):
        found.append((re.sub(r"[., ]", "", grouped["whole"]), grouped["fraction"] or ""))
    if (plain := _PLAIN.fullmatch(number)) and (not grouped or (scale > 1 and _EITHER.fullmatch(number))):
        found.append((plain["whole"], plain["fraction"] or ""))
    return found


def format_vnd(vnd: int | None) -> str:
    """An amount in đồng as 1.234.567, or "–" where none is recorded."""
    return NOT_RECORDED if vnd is None else f"{vnd:,}".replace(",", ".")


def format_million(vnd: int | None) -> str:
    """An amount in đồng, printed exactly in triệu đồng: 62500000 is "62,5"."""
    if vnd is None:
        return NOT_RECORDED
    whole, rest = divmod(abs(vnd), 10**6)
    sign = "-" if vnd < 0 else ""
    decimals = f",{rest:06}".rstrip("0") if rest else ""
    return f"{sign}{whole:,}".replace(",", ".") + decimals


def typed_in(vnd: int, unit: MoneyUnit) -> str:
    """An amount as it stands in a field of that unit, so that ``certain_reading`` gives it back."""
    if unit == MoneyUnit.DONG:
        return f"{format_vnd(vnd)} đ" if 0 < vnd < _FEW_DONG else format_vnd(vnd)
    text = format_million(vnd).replace(".", "")
    return text if certain_reading(text, unit) == vnd else f"{format_vnd(vnd)} đ"


def in_unit(vnd: int | None, unit: MoneyUnit) -> str:
    """An amount as a page shows it in the unit of its fields, or "–" where none is recorded."""
    return format_vnd(vnd) if unit == MoneyUnit.DONG else format_million(vnd)


_DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_AFTER_TENS: Final = {1: "mốt", 4: "tư", 5: "lăm"}


def in_words(vnd: int, *, capitalise: bool = False) -> str:
    """An amount in đồng as documents spell it, in northern usage ("linh", "nghìn", "tỷ").

    With ``capitalise`` it starts a sentence: "Hai trăm năm mươi triệu đồng".
    """
    words = ["âm"] if vnd < 0 else []
    text = " ".join([*words, *(_spell(abs(vnd)) or ["không"]), "đồng"])
    return text[0].upper() + text[1:] if capitalise else text


def _spell(number: int, *, inside: bool = False) -> list[str]:
    """Words of a number, none for 0; ``inside`` a longer number its first group keeps its zeros."""
    billions, rest = divmod(number, 10**9)
    words = [*_spell(billions, inside=inside), "tỷ"] if billions else []
    for size, name in ((10**6, ["triệu"]), (10**3, ["nghìn"]), (1, [])):
        group, rest = divmod(rest, size)
        if group:
            words += [*_spell_group(group, inside=inside or bool(words)), *name]
    return words


def _spell_group(group: int, *, inside: bool) -> list[str]:
    """Words of 1 to 999; inside a longer number the hundreds are always said."""
    hundreds, rest = divmod(group, 100)
    tens, units = divmod(rest, 10)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or inside else []
    if tens > 1:
        return [*words, _DIGITS[tens], "mươi", *([_AFTER_TENS.get(units, _DIGITS[units])] if units else [])]
    if tens == 1:
        return [*words, "mười", *(["lăm" if units == 5 else _DIGITS[units]] if units else [])]
    if units:
        return [*words, *(["linh"] if words else []), _DIGITS[units]]
    return words
