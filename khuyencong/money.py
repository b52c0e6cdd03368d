"""Money in đồng: whole numbers, as people type them and as documents print them. Never a float."""

import re
from typing import Final

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
_UNIT = re.compile(r"(?P<unit>ti|trieu|tr|nghin|ngan|k)? ?(?:dong|d|vnd)?")
_UNITS: Final = {None: 1, "k": 10**3, "nghin": 10**3, "ngan": 10**3, "tr": 10**6, "trieu": 10**6, "ti": 10**9}
_GROUPED = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?P<mark>[., ])[0-9]{3}(?:(?P=mark)[0-9]{3})*)"
    r"(?:(?!(?P=mark))[.,](?P<fraction>[0-9]+))?"
)
_PLAIN = re.compile(r"(?P<whole>0|[1-9][0-9]*)(?:[.,](?P<fraction>[0-9]+))?")


def parse_vnd(text: str) -> int:
    """The amount in đồng that someone typed: "60.000.000", "60 000 000 đ", "60 tr", "0,06 tỷ".

    Raises MoneyError for everything that is not one certain, whole, non-negative amount.
    """
    typed = nfc(text.translate(_FULL_WIDTH))
    if not typed:
        raise MoneyError(EMPTY)
    if len(typed) > 60:
        raise MoneyError(UNREADABLE)
    if re.match(r"[-–−] ?[0-9]", typed):
        raise MoneyError(NEGATIVE)
    match = _TYPED.fullmatch(typed)
    unit = match and _UNIT.fullmatch(fold(match["unit"]))
    if not match or not unit:
        raise MoneyError(UNREADABLE)
    whole, fraction = _read_number(match["number"], has_unit=bool(unit["unit"]))
    vnd, rest = divmod(int(whole + fraction) * _UNITS[unit["unit"]], 10 ** len(fraction))
    if rest:
        raise MoneyError(FRACTION)
    if vnd > MAX_VND:
        raise MoneyError(TOO_LARGE)
    return vnd


def _read_number(number: str, *, has_unit: bool) -> tuple[str, str]:
    """Digits before and after the decimal mark.

    "1.500 tr" is 1500 triệu and "1.5 tr" is 1,5 triệu, but "1,500 tr" could be either: a comma is
    the Vietnamese decimal mark and the English thousands mark.
    """
    if grouped := _GROUPED.fullmatch(number):
        if has_unit and re.fullmatch(r"[0-9]+,[0-9]+", number):
            raise MoneyError(AMBIGUOUS)
        return re.sub(r"[., ]", "", grouped["whole"]), grouped["fraction"] or ""
    if not (plain := _PLAIN.fullmatch(number)):
        raise MoneyError(BAD_GROUPS)
    if plain["fraction"] and not has_unit:
        raise MoneyError(AMBIGUOUS)
    return plain["whole"], plain["fraction"] or ""


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
