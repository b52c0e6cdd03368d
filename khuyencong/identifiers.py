"""Tax codes and the personal numbers that household businesses use instead (field-rules §6)."""

import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.vn import mst

from khuyencong.text import nfc

_DIGIT, _GAP = "[0-9０-９]", r"\s{0,2}[.\-‐‑–—−－/·]?\s{0,2}"
# Twelve digits from 0, narrow or wide, in the groups that people write: dates, telephone numbers and sums in a row
# with another figure are none. What goes on before or behind, as 1.031.085.001.234 does, is a sum.
PERSONAL_NUMBERS = re.compile(
    rf"(?<!{_DIGIT})(?<!{_DIGIT}[.,/-])(?=[0０])(?:{{}})(?!{_DIGIT})(?![.,/-]{_DIGIT})".format(
        "|".join(_GAP.join(f"{_DIGIT}{{{size}}}" for size in sizes) for sizes in ((3, 3, 6), (3, 3, 3, 3), (4, 4, 4)))
    )
)
WRONG_LENGTH = _("Mã số thuế phải có 10 chữ số, 13 chữ số (0123456789-001) hoặc 12 chữ số (số định danh cá nhân).")
WRONG_CHECK_DIGIT = _("Mã số thuế có vẻ sai (chữ số kiểm tra không khớp). Hãy đối chiếu với giấy tờ.")
WRONG_PERSONAL_NUMBER = _("Số định danh cá nhân có vẻ không đúng (mã tỉnh hoặc mã giới tính, thế kỷ sinh).")


@dataclass(frozen=True)
class TaxCode:
    """A tax code in its stored form, and what seems wrong with it."""

    code: str
    warning: str | Promise = ""

    @property
    def is_personal(self) -> bool:
        """Whether this is a person's 12-digit number, to be masked in lists and exports."""
        return is_personal_number(self.code)


def check_tax_code(text: str) -> TaxCode:
    """Read a typed tax code: 10 digits, 13 written 0123456789-001, or a 12-digit personal number.

    Raises ValidationError for another length or other characters. A wrong check digit is a warning
    only, because old numbers exist.
    """
    digits = re.sub(r"[ .\-–]", "", nfc(text))
    if not re.fullmatch(r"[0-9]{10}|[0-9]{12,13}", digits):
        raise ValidationError(WRONG_LENGTH, code="tax_code_length")
    if is_personal_number(digits):
        return TaxCode(digits, "" if _is_plausible_person(digits) else WRONG_PERSONAL_NUMBER)
    code = digits if len(digits) == 10 else f"{digits[:10]}-{digits[10:]}"
    try:
        mst.validate(digits)
    except InvalidNumber:
        return TaxCode(code, WRONG_CHECK_DIGIT)
    return TaxCode(code)


def is_personal_number(code: str) -> bool:
    """Whether a stored code is a 12-digit personal number."""
    return re.fullmatch(r"[0-9]{12}", code) is not None


def mask_personal_number(code: str) -> str:
    """A 12-digit personal number as 012…901; every other code unchanged."""
    return f"{code[:3]}…{code[-3:]}" if is_personal_number(code) else code


def _is_plausible_person(digits: str) -> bool:
    """Whether the parts can be: province 001 to 096, then sex and century of birth (0 to 3 before 2100)."""
    return 1 <= int(digits[:3]) <= 96 and digits[3] in "0123"


def mask_personal_numbers(text: str) -> str:
    """A text in which every 12-digit personal number is masked, for what is kept for ever or shown widely."""
    return PERSONAL_NUMBERS.sub(lambda found: mask_personal_number(_digits_of(found[0])), text)


def _digits_of(text: str) -> str:
    """In ASCII, whatever stands between them and however wide they are written."""
    return re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))
