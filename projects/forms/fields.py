"""Fields that only projects need: a month, places typed by name, and what a page showed."""

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

from khuyencong.requests import record_id
from khuyencong.text import inside_sentence, nfc
from programmes.models import AdminUnit
from programmes.place_names import Named, PlaceNames
from projects.refusals import Refused
from projects.services.project_parts import StaleVersion

NEAR = 8  # names in a hint


class SeenForm(forms.Form):
    """``seen`` is the last entry, or how many corrections, that the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_seen(self) -> int:
        """0 for whoever can't say: then everything is new to them."""
        return record_id(self.cleaned_data["seen"]) or 0


class MonthField(forms.Field):
    """A month typed as mm/yyyy; cleans to its first day."""

    widget = forms.TextInput(attrs={"placeholder": _("tháng/năm"), "inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values or isinstance(value, dt.date):
            return value or None
        match = re.fullmatch(r"(?P<month>[0-9]{1,2})\s*[/.\-]\s*(?P<year>(?:19|20)[0-9]{2})", nfc(str(value)))
        if not match or not 1 <= int(match["month"]) <= 12:
            raise ValidationError(_("Tháng phải viết theo dạng tháng/năm, ví dụ 06/2006."), code="invalid")
        return dt.date(int(match["year"]), int(match["month"]), 1)

    def validate(self, value: dt.date | None) -> None:
        super().validate(value)
        if value and value > timezone.localdate():
            raise ValidationError(_("Chưa đến tháng này."), code="future")

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%m/%Y}" if isinstance(value, dt.date) else value


MEANT = "-meant-"  # between the name of the field and what was typed, in the name of a choice
_BETWEEN = r"[,;&+/\n]|\bvà\b"


class PlacesInput(forms.TextInput):
    """The text with each unclear name replaced by the unit that was clicked for it, as if it had been typed so."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        text = super().value_from_datadict(data, files, name)
        for key in [key for key in data if text and key.startswith(f"{name}{MEANT}")]:
            typed, chosen = re.escape(key.removeprefix(f"{name}{MEANT}")), str(data[key]).replace("\\", r"\\")
            part = rf"(^|{_BETWEEN})(\s*){typed}(?=\s*(?:$|{_BETWEEN}))"
            text = re.sub(part, rf"\g<1>\g<2>{chosen}", text, count=1)
        return text


class PlacesBoundField(forms.BoundField):
    @property
    def asked(self) -> list[tuple[str, str, list[tuple[str, str]]]]:
        """Of each name that may be two units: it, the name of its choice, and what may be clicked with its words."""
        assert isinstance(self.field, PlacesField)
        unclear = self.field.unclear(self.value()) if self.errors else []
        return [(typed, f"{self.html_name}{MEANT}{typed}", choices) for typed, choices in unclear]


class PlacesField(forms.CharField):
    """Administrative units typed by name or code, with commas between them: “Tiên Lãng, huyện Kiến Thụy, 316”.

    ``units`` are those that may be named (they existed in the plan's year); they are found as people write them
    (:mod:`programmes.place_names`) as long as one unit is meant. ``stored`` are those that the record holds: under its
    very name each of them stays itself, whatever was ended or made meanwhile.
    """

    widget = PlacesInput
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

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> PlacesBoundField:
        return PlacesBoundField(form, self, field_name)

    def unclear(self, value: Any) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each name of the text that may be two units, once, with the text that means each of them and its words."""
        text = nfc(value, multiline=True) if isinstance(value, str) else ""
        asked = [one for one in self._names(text).read(text, self.stored) if len(one.units) > 1]
        return list({one.typed: [_choice(unit) for unit in one.units] for one in asked}.items())

    def _names(self, text: str) -> PlaceNames:
        return PlaceNames(self.units.select_related("parent__parent") if self.units is not None and text else ())

    def clean(self, value: Any) -> list[AdminUnit]:
        text = nfc(super().clean(value) or "", multiline=True)
        names = self._names(text)
        found: list[AdminUnit] = []
        problems: list[ValidationError] = []
        for named in names.read(text, self.stored):
            if len(named.units) != 1:
                problems.append(_unclear(named, names))
            elif named.units[0] not in found:
                found.append(named.units[0])
        if problems:
            raise ValidationError(problems)
        return found


def _unclear(named: Named, names: PlaceNames) -> ValidationError:
    """What the text may mean, told apart by kind, district, dates and code; or what is called nearly so."""
    if named.units:
        choices = "; ".join(f"{_told_apart(unit)} ({unit.code})" for unit in named.units)
        return ValidationError(
            _("“%(typed)s” có thể là: %(names)s. Hãy chọn ở dưới, hoặc ghi rõ tên hay mã."),
            params={"typed": named.typed, "names": choices},
        )
    if near := "; ".join(_told_apart(unit) for unit in names.near(named.typed)[:NEAR]):
        return ValidationError(
            _("Không có địa bàn “%(typed)s”. Có phải: %(near)s?"), params={"typed": named.typed, "near": near}
        )
    return ValidationError(_("Không có địa bàn “%(typed)s”."), params={"typed": named.typed})


def _choice(unit: AdminUnit) -> tuple[str, str]:
    """The text that means the unit alone, and what tells it apart for whoever clicks."""
    above = unit.parent
    while above and above.parent:
        above = above.parent
    words = [_told_apart(unit), inside_sentence(above.name) if above else ""]
    return f"{unit.name} ({unit.code})", ", ".join(filter(None, words))


def _told_apart(unit: AdminUnit) -> str:
    parent, began, ended = unit.parent, unit.valid_from, unit.valid_to
    district = parent.name if parent and parent.kind != AdminUnit.Kind.PROVINCE else ""
    days = [_("từ %(on)s") % {"on": f"{began:%d/%m/%Y}"} if began else ""]
    days.append(_("đến %(on)s") % {"on": f"{ended:%d/%m/%Y}"} if ended else "")
    return ", ".join(part for part in (unit.name, inside_sentence(district), " ".join(filter(None, days))) if part)


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


def opened_anew(form: forms.BaseForm, **seen: int | str) -> None:
    """What was sent, as from a page that was opened just now: sent once more, it was decided beside what stands."""
    assert isinstance(form.data, QueryDict)
    form.data = {**form.data.dict(), **{name: str(value) for name, value in seen.items()}}
