"""Fields that only projects need: a month, and places typed by name."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khuyencong.text import fold, nfc
from programmes.models import AdminUnit
from projects.refusals import Refused
from projects.services.project_parts import StaleVersion


class MonthField(forms.Field):
    """A month typed as mm/yyyy; cleans to its first day."""

    widget = forms.TextInput(attrs={"placeholder": "mm/yyyy", "inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values or isinstance(value, dt.date):
            return value or None
        match = re.fullmatch(r"(?P<month>[0-9]{1,2})\s*[/.\-]\s*(?P<year>(?:19|20)[0-9]{2})", nfc(str(value)))
        if not match or not 1 <= int(match["month"]) <= 12:
            raise ValidationError(_("Tháng phải viết dạng mm/yyyy, ví dụ 06/2006."), code="invalid")
        return dt.date(int(match["year"]), int(match["month"]), 1)

    def validate(self, value: dt.date | None) -> None:
        super().validate(value)
        if value and value > timezone.localdate():
            raise ValidationError(_("Chưa đến tháng này."), code="future")

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%m/%Y}" if isinstance(value, dt.date) else value


class PlacesField(forms.CharField):
    """Administrative units typed by name or code, with commas between them: “Tiên Lãng, huyện Kiến Thụy, 316”.

    ``units`` are those that may be named (they existed in the plan's year); marks, case and the kind of the unit
    may be left out as long as one unit is meant. ``stored`` are those that the record holds: under its very name each
    of them stays itself, whatever was ended or made meanwhile.
    """

    stored: Sequence[AdminUnit] = ()

    def __init__(self, *, units: QuerySet[AdminUnit] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return ", ".join(unit.name for unit in value)

    def mergeable(self, value: Any) -> dict[str, str] | str:
        """The places one by one, so that two people may add one each; the text itself where it can't be read."""
        try:
            units = self.clean(value) if value is None or isinstance(value, str) else value
        except ValidationError:
            return str(value)
        return {unit.code: unit.name for unit in units}

    def clean(self, value: Any) -> list[AdminUnit]:
        units = list(self.units if self.units is not None else ())
        found: list[AdminUnit] = []
        problems: list[ValidationError] = []
        parts = re.split(r"[,;\n]", nfc(super().clean(value) or "", multiline=True))
        texts = [part.strip() for part in parts if part.strip()]
        for typed in texts:
            try:
                unit = self._stored_as(typed, texts.count(typed), found) or _one_unit(typed, units)
            except ValidationError as problem:
                problems.append(problem)
            else:
                found += [unit] if unit not in found else []
        if problems:
            raise ValidationError(problems)
        return found

    def _stored_as(self, name: str, times: int, found: list[AdminUnit]) -> AdminUnit | None:
        """The next of the stored ones of that name, where it stands as often as there are of them."""
        same = [unit for unit in self.stored if unit.name == name]
        return next((unit for unit in same if unit not in found), None) if len(same) == times else None


def _one_unit(typed: str, units: list[AdminUnit]) -> AdminUnit:
    """The unit meant by the text: by its very name or code, then without marks, then without its kind.

    “Xã Cẩm Giàng” and “Xã Cẩm Giang” differ by a mark alone, so marks count where they were typed.
    """
    wanted = fold(typed)
    for exact in (
        [unit for unit in units if typed in (unit.code, unit.name)],
        [unit for unit in units if unit.bare_name == typed],
        [unit for unit in units if fold(unit.name) == wanted],
        [unit for unit in units if fold(unit.bare_name) == wanted],
    ):
        if len(exact) == 1:
            return exact[0]
        if exact:
            names = ", ".join(f"{unit.name} ({unit.code})" for unit in exact)
            raise ValidationError(
                _("“%(typed)s” có thể là: %(names)s. Hãy viết rõ tên hoặc mã."),
                params={"typed": typed, "names": names},
            )
    near = ", ".join(unit.name for unit in units if wanted and (wanted in fold(unit.name)))
    if near:
        raise ValidationError(
            _("Không có địa bàn “%(typed)s”. Có phải: %(near)s?"), params={"typed": typed, "near": near}
        )
    raise ValidationError(_("Không có địa bàn “%(typed)s”."), params={"typed": typed})


def show_refusal(form: forms.BaseForm, refusal: Refused, *others: forms.BaseForm) -> None:
    """Puts what a service refused beside the fields that it names, in the first of the forms that has such a field,
    and above ``form`` what names none of them.

    A form that was opened before somebody else's save, sent once more, saves over what stands now.
    """
    if isinstance(refusal, StaleVersion):
        opened_anew(form, version=refusal.current.version)
    said = refusal.error_dict if hasattr(refusal, "error_dict") else {"": refusal.error_list}
    for name, errors in said.items():
        owner = next((one for one in (form, *others) if name in one.fields), form)
        owner.add_error(name if name in owner.fields else None, errors)


def opened_anew(form: forms.BaseForm, **seen: int) -> None:
    """What was sent, as from a page that was opened just now: sent once more, it was decided beside what stands."""
    assert isinstance(form.data, QueryDict)
    form.data = {**form.data.dict(), **{name: str(value) for name, value in seen.items()}}
