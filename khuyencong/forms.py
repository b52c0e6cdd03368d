"""Form fields for what Vietnamese offices type: text, money in đồng, dates, tax codes."""

import datetime
import re
from collections.abc import Iterator
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.models import ModelChoiceIterator
from django.forms.utils import ErrorDict, ErrorList
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khuyencong.asof import NOW, AsOf
from khuyencong.identifiers import check_tax_code
from khuyencong.money import MoneyError, MoneyUnit, format_vnd, parse_vnd, typed_in
from khuyencong.money_questions import NOTHING_NEARBY, MoneyQuestion, Nearby, is_nothing, understand
from khuyencong.text import nfc
from khuyencong.widgets import DateInput, MoneyInput, TextInput

Kind = TypeVar("Kind", bound=forms.Field)


def field_of(form: forms.BaseForm, name: str, kind: type[Kind]) -> Kind:
    """The form's own copy of a field, as what it is."""
    field = form.fields[name]
    assert isinstance(field, kind)
    return field


def leave_unjudged(form: forms.BaseForm) -> None:
    """Shows what stands in a form without saying yet what is wrong with it."""
    form._errors, form.cleaned_data = ErrorDict(), {}  # type: ignore[attr-defined]  # private: not in the stubs


def leave_rows_unjudged(rows: forms.BaseFormSet) -> None:
    """The same for each row of a list."""
    rows._errors = [ErrorDict() for _form in rows.forms]  # type: ignore[attr-defined]  # private: not in the stubs
    rows._non_form_errors = ErrorList()  # type: ignore[attr-defined]
    for form in rows.forms:
        leave_unjudged(form)


class TextLineField(forms.CharField):
    """One line of text in its stored form, so that length is counted as it will be stored."""

    widget = TextInput

    def to_python(self, value: Any) -> Any:
        """NFC, trimmed, single spaces."""
        value = super().to_python(value)
        return nfc(value) or self.empty_value if isinstance(value, str) else value


class TextBlockField(forms.CharField):
    """Several lines of text in their stored form."""

    def to_python(self, value: Any) -> Any:
        """NFC, trimmed, line ends as ``\\n``."""
        value = super().to_python(value)
        return nfc(value, multiline=True) or self.empty_value if isinstance(value, str) else value


class MoneyField(forms.Field):
    """An amount, typed as 60.000.000, 60000000 or "60 tr"; cleans to đồng as int, or None.

    Bare numbers are of the ``unit``: đồng, as documents state them, or that of plan money. What may mean two amounts,
    or is far from the ``nearby`` ones, is asked about.
    """

    widget = MoneyInput(attrs={"inputmode": "text", "autocomplete": "off", "class": "money"})

    def __init__(self, *, unit: MoneyUnit = MoneyUnit.DONG, nearby: Nearby = NOTHING_NEARBY, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unit, self.nearby = unit, nearby

    def to_python(self, value: Any) -> int | None:
        """The amount in đồng; None when nothing was typed."""
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        if is_nothing(str(value)):
            return None
        try:
            found = understand(value, self.unit)
        except MoneyError as error:
            raise ValidationError(str(error), code="money") from error
        if found.question and found.is_open:
            raise ValidationError(found.question.words, code="money_question")
        return found.amount_vnd

    def clean(self, value: Any) -> int | None:
        """As :meth:`to_python`; an amount far from what stood is taken once its question is answered."""
        question = self._question(value)
        if isinstance(self.widget, MoneyInput):
            self.widget.question = question
        amount: int | None = super().clean(value)
        if question and question.is_open:
            raise ValidationError(question.words, code="money_question")
        return amount

    def _question(self, value: Any) -> MoneyQuestion | None:
        if not isinstance(value, str):
            return None
        try:
            return understand(value, self.unit, self.nearby).question
        except MoneyError:
            return None

    def prepare_value(self, value: Any) -> Any:
        """A recorded amount as it stands in a field of the unit; what was typed stays as typed."""
        if not isinstance(value, int):
            return value
        return typed_in(value, self.unit)

    def mergeable(self, value: Any) -> str:
        """The amount in đồng, whatever the unit of the page; what can't be read stays as it was typed."""
        try:
            amount = self.to_python(value)
        except ValidationError:
            return str(value)
        return "" if amount is None else format_vnd(amount)

    def as_typed(self, merged: str) -> str:
        """What :meth:`mergeable` gave, as it is typed into the field."""
        try:
            return str(self.prepare_value(parse_vnd(merged)))
        except MoneyError:
            return merged

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another amount is meant, however it is written."""
        if self.disabled:
            return False
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


_DATE_FORMS = (
    re.compile(r"(?P<day>[0-9]{1,2})(?P<mark>[/.\-])(?P<month>[0-9]{1,2})(?P=mark)(?P<year>(?:19|20)[0-9]{2})"),
    re.compile(r"(?P<day>[0-9]{2})(?P<month>[0-9]{2})(?P<year>(?:19|20)[0-9]{2})"),
    re.compile(r"(?P<year>(?:19|20)[0-9]{2})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"),
)


def parse_date(text: str) -> datetime.date | None:
    """The date written as 16/06/2006, 16-6-2006, 16062006 or 2006-06-16; None for anything else."""
    written = _written_date(text)
    try:
        return datetime.date(*written) if written else None
    except ValueError:
        return None


def _written_date(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of what is written as a date, whether the calendar has it or not."""
    typed = re.sub(r" ?([/.\-]) ?", r"\1", nfc(text))
    for form in _DATE_FORMS:
        if match := form.fullmatch(typed):
            return int(match["year"]), int(match["month"]), int(match["day"])
    return None


class DateField(forms.DateField):
    """A date typed as dd/mm/yyyy; two-digit years are refused, since 06 may be 1906 or 2006."""

    widget = DateInput(
        format="%d/%m/%Y", attrs={"placeholder": _("ngày/tháng/năm"), "inputmode": "numeric", "autocomplete": "off"}
    )
    default_error_messages = {
        "invalid": _("Ngày phải viết theo dạng ngày/tháng/năm, ví dụ 16/06/2006."),
        "impossible": _("Không có ngày %(day)s trong lịch."),
    }

    def to_python(self, value: Any) -> datetime.date | None:
        """The date, or None when nothing was typed."""
        if not isinstance(value, str):
            return super().to_python(value)
        if not nfc(value):
            return None
        if parsed := parse_date(value):
            return parsed
        written = _written_date(value)
        if written and 1 <= written[1] <= 12:  # another month is no slip of the day: the order is wrong
            said = {"day": "{2:02}/{1:02}/{0}".format(*written)}
            raise ValidationError(self.error_messages["impossible"], code="impossible", params=said)
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class AsOfForm(forms.Form):
    """The two days by which figures can be asked for; see :class:`khuyencong.asof.AsOf`.

    A day to come is refused: nothing is known of it, and every letter is dated today or before.
    """

    as_of = DateField(label=_("Số liệu tính đến ngày"), required=False)
    recorded = DateField(label=_("Đã ghi nhận đến hết ngày"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Both fields look the same on every page."""
        super().__init__(*args, **kwargs)
        for name in ("as_of", "recorded"):
            self.fields[name].widget.attrs["class"] = "form-control"

    def clean_as_of(self) -> datetime.date | None:
        """No figures of a day to come."""
        return self._past("as_of")

    def clean_recorded(self) -> datetime.date | None:
        """Nor of what will be recorded."""
        return self._past("recorded")

    def _past(self, name: str) -> datetime.date | None:
        day = self.cleaned_data[name]
        if day and day > timezone.localdate():
            raise ValidationError(_("Ngày này chưa đến; chỉ xem được số liệu đến hôm nay."), code="future")
        return day

    @property
    def has_wrong_day(self) -> bool:
        """Whether a day can't be read or has not come; a page then shows no figures."""
        return bool(self.errors.get("as_of") or self.errors.get("recorded"))

    @property
    def asked(self) -> AsOf:
        """What was asked for; everything known now when a day is wrong."""
        if self.has_wrong_day:
            return NOW
        return AsOf(self.cleaned_data["as_of"], self.cleaned_data["recorded"])

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What else the address asks for, to be asked again with other days."""
        return [(name, value) for name, value in self.data.items() if name not in ("as_of", "recorded", "page")]


class TaxCodeField(TextLineField):
    """A tax code or the personal number that stands for one, always text.

    A wrong length is an error; a wrong check digit is accepted, and ``check_tax_code`` gives the
    warning to show beside it.
    """

    def to_python(self, value: Any) -> Any:
        """The code in the form in which it is stored."""
        value = super().to_python(value)
        return value if value in self.empty_values else check_tax_code(value).code


class OfferedThenStored(ModelChoiceIterator):
    """What is offered, then what is stored and not offered any more."""

    field: "StoredChoiceField"

    def __iter__(self) -> Iterator[Any]:
        offered = set()
        for value, label in super().__iter__():
            offered.add(str(value))
            yield value, label
        for row in self.field.stored:
            if str(row.pk) not in offered:
                yield row.pk, f"{self.field.label_from_instance(row)} ({self.field.ended})"


class StoredChoiceField(forms.ModelChoiceField):
    """A choice among what is offered today. What the record holds already stays a choice, with the words ``ended``:
    whoever changes something else on the page must not take it away."""

    iterator = OfferedThenStored
    stored: tuple[Model, ...] = ()
    ended: str | Promise = _("hết hiệu lực")

    def keep(self, *rows: Model | None, ended: str | Promise = "") -> None:
        """``rows`` are what the record holds."""
        self.stored = tuple(row for row in rows if row is not None)
        self.ended = ended or self.ended

    def to_python(self, value: Any) -> Any:
        """The row chosen, None when nothing was."""
        return next((row for row in self.stored if str(row.pk) == str(value)), None) or super().to_python(value)
