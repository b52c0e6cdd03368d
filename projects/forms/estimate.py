"""The estimate of a project in detail: a table of rows for each content, typed or pasted from a sheet."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khuyencong.forms import TextLineField, leave_rows_unjudged, leave_unjudged
from khuyencong.money import MAX_VND, TOO_LARGE, MoneyError, format_vnd, parse_vnd
from khuyencong.money_questions import is_nothing
from khuyencong.text import nfc
from programmes.models import AnnualPlan
from projects.forms.estimate_block import rows_of_block
from projects.ledger.optional_amounts import add
from projects.models import EstimateItem, Project
from projects.models.estimate_item import amount_of
from projects.pages.estimates import ContentEstimate, estimate_in_plan
from projects.services.estimates import ItemInput

MAX_ROWS = 100  # of one content
SPARE = 3  # empty rows at the end
MORE = "more"  # the button that adds empty rows: its value is the id of the content
_CELL = re.compile(r"rows-([0-9]{1,18})-([0-9]{1,4})-(?:name|unit|quantity|unit_price_vnd|amount_vnd|state_vnd)")
_MANY = re.compile(r"(?P<whole>[0-9]{1,10})(?:[.,](?P<part>[0-9]{1,2}))?")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*")


class QuantityField(forms.Field):
    """So many of a unit, with two decimals at most, typed with a comma or a dot; cleans to a Decimal, or None."""

    def to_python(self, value: Any) -> Decimal | None:
        text = nfc(str(value or ""))
        if is_nothing(text):
            return None
        if match := _MANY.fullmatch(text):
            number = Decimal(f"{match['whole']}.{match['part'] or 0}")
            if number > 0:
                return number
            raise ValidationError(_("Số lượng phải lớn hơn 0."), code="zero")
        if _THOUSANDS.fullmatch(text):
            plain = re.sub("[., ]", "", text)
            words = _("Chưa rõ “%(typed)s” có phần lẻ hay không. Viết liền, ví dụ %(plain)s, hoặc dùng hai số lẻ.")
            raise ValidationError(words % {"typed": text, "plain": plain}, code="unclear")
        raise ValidationError(_("Không đọc được số lượng. Hãy viết như 30 hoặc 2,5."), code="unreadable")


class DongField(forms.Field):
    """An amount in đồng, however small: a price of 5.000 đồng is usual here. Cleans to an int, or None."""

    def to_python(self, value: Any) -> int | None:
        text = nfc(str(value or ""))
        if is_nothing(text):
            return None
        try:
            return parse_vnd(text)
        except MoneyError as error:
            raise ValidationError(str(error), code="money") from error


def _small(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "class": "form-control money", **attrs})


class ItemRowForm(forms.Form):
    """One row. What an amount was when the page was opened goes with it, so that it follows a changed price."""

    name = TextLineField(label=_("Nội dung chi"), required=False, max_length=300)
    unit = TextLineField(label=_("Đơn vị tính"), required=False, max_length=30)
    quantity = QuantityField(label=_("Số lượng"), required=False, widget=_small(inputmode="decimal"))
    unit_price_vnd = DongField(label=_("Đơn giá"), required=False, widget=_small())
    amount_vnd = DongField(label=_("Thành tiền"), required=False, widget=_small())
    state_vnd = DongField(label=_("Trong đó nhà nước"), required=False, widget=_small())
    opened_vnd = forms.CharField(required=False, widget=forms.HiddenInput)

    TYPED = ("name", "unit", "quantity", "unit_price_vnd", "amount_vnd", "state_vnd")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "unit"):
            self.fields[name].widget.attrs |= {"class": "form-control", "autocomplete": "off"}
        self.fields["name"].widget.attrs["placeholder"] = self.fields["name"].label  # a card on a phone has no heading
        for name in self.TYPED:
            self.fields[name].widget.attrs["aria-label"] = self.fields[name].label

    @property
    def cells(self) -> list[forms.BoundField]:
        return [self[name] for name in self.TYPED]

    @property
    def is_blank(self) -> bool:
        """Whether nothing is typed: such a row is no item, also where one stood."""
        return not any(str(self[name].value() or "").strip() for name in self.TYPED)

    def _read(self, name: str) -> Any:
        """What is typed, also in a form that nobody has judged yet; None where it can't be read."""
        try:
            return self.fields[name].clean(self[name].value())
        except ValidationError:
            return None

    @property
    def total_vnd(self) -> int | None:
        """What the row would be saved with: number × price where both are there, else the lump sum."""
        quantity, price = self._read("quantity"), self._read("unit_price_vnd")
        return self._read("amount_vnd") if None in (quantity, price) else amount_of(quantity, price)

    @property
    def of_state_vnd(self) -> int | None:
        return self._read("state_vnd")

    def clean(self) -> dict[str, Any]:
        """A row without number and price is one lump sum; else its amount is that of the two."""
        data = super().clean() or {}
        if self.is_blank or self.errors:
            return data
        if not data["name"]:
            self.add_error("name", _("Ghi nội dung chi."))
        if data["quantity"] is None and data["unit_price_vnd"] is None and data["amount_vnd"] is not None:
            data |= {"quantity": Decimal(1), "unit_price_vnd": data["amount_vnd"]}
        for name, words in (("quantity", _("Ghi số lượng.")), ("unit_price_vnd", _("Ghi đơn giá."))):
            if data[name] is None:
                self.add_error(name, words)
        if self.errors:
            return data
        self._compare(data, amount_of(data["quantity"], data["unit_price_vnd"]))
        return data

    def _compare(self, data: Mapping[str, Any], amount_vnd: int) -> None:
        """What was typed of the row beside its amount."""
        typed, state = data["amount_vnd"], data["state_vnd"]
        if amount_vnd > MAX_VND:
            self.add_error("unit_price_vnd", TOO_LARGE)
        is_as_opened = typed is not None and str(typed) == data["opened_vnd"]
        if typed not in (None, amount_vnd) and not is_as_opened:
            words = gettext(
                "Thành tiền ghi %(typed)s đồng, số lượng × đơn giá là %(amount)s đồng: sửa lại, hoặc xóa thành tiền "
                "để phần mềm tính."
            )
            self.add_error("amount_vnd", words % {"typed": format_vnd(typed), "amount": format_vnd(amount_vnd)})
        if state is not None and state > amount_vnd:
            words = gettext("Lớn hơn thành tiền (%(amount)s đồng).") % {"amount": format_vnd(amount_vnd)}
            self.add_error("state_vnd", words)

    def item(self, component_id: int) -> ItemInput | None:
        """The row as the service wants it; None for an empty one."""
        if self.is_blank:
            return None
        names = ("name", "unit", "quantity", "unit_price_vnd", "state_vnd")
        return ItemInput(component_id, *(self.cleaned_data[name] for name in names))


ItemRows = formset_factory(ItemRowForm, extra=0, max_num=MAX_ROWS, absolute_max=MAX_ROWS)


class EstimateForm(forms.Form):
    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": _("Trang chưa tải đầy đủ, nên chưa lưu được. Hãy tải lại trang.")},
    )


@dataclass(frozen=True)
class EstimateSection:
    """One content: what is stored of it, and the rows of the form."""

    stored: ContentEstimate
    rows: BaseFormSet[ItemRowForm]
    block: str = ""

    @property
    def pk(self) -> int:
        return self.stored.component.pk

    @property
    def block_name(self) -> str:
        return block_name(self.pk)

    @property
    def is_ready(self) -> bool:
        """A content that was not on the page when it was opened keeps what is stored."""
        return not self.rows.is_bound or self.rows.is_valid()

    @property
    def sum_vnd(self) -> int | None:
        """Of the rows on the page, saved or not."""
        return add(*(row.total_vnd for row in self.rows))

    @property
    def sum_of_state_vnd(self) -> int | None:
        return add(*(row.of_state_vnd for row in self.rows))

    def items(self) -> list[ItemInput]:
        if not self.rows.is_bound:
            return [_stored(item) for item in self.stored.items]
        return [item for row in self.rows if (item := row.item(self.pk)) is not None]

    @property
    def problems(self) -> Iterator[tuple[int, forms.BoundField, str]]:
        """Number of the row, the field and what is wrong."""
        for number, row in enumerate(self.rows, 1):
            for cell in row.cells:
                for error in cell.errors:
                    yield number, cell, str(error)


@dataclass(frozen=True)
class EstimateEntry:
    """The whole page."""

    form: EstimateForm
    sections: list[EstimateSection]

    def is_valid(self) -> bool:
        """Of every part, so that all that is wrong is said at once."""
        return all([self.form.is_valid(), *(section.is_ready for section in self.sections)])

    @property
    def has_errors(self) -> bool:
        return bool(self.form.errors) or any(section.rows.total_error_count() for section in self.sections)

    def leave_unjudged(self) -> None:
        leave_unjudged(self.form)
        for section in self.sections:
            leave_rows_unjudged(section.rows)

    def items(self) -> list[ItemInput]:
        return [item for section in self.sections for item in section.items()]


def estimate_entry(project: Project, plan: AnnualPlan, data: QueryDict | None = None) -> EstimateEntry:
    """The form as it is stored, or with what was sent (``project`` with its contents)."""
    sections = [_section(stored, data) for stored in estimate_in_plan(project, plan)]
    form = EstimateForm(data, initial={"version": project.version})
    if data is not None and (lost := _lost(data, {section.pk for section in sections})):
        words = _("Có nội dung đã bị bỏ khỏi đề án; các khoản bạn đã nhập ở đó: %(typed)s.")
        form.add_error(None, ValidationError(words % {"typed": "; ".join(lost)}, code="gone"))
    return EstimateEntry(form, sections)


def _lost(data: QueryDict, kept: Container[int]) -> list[str]:
    """What was typed for contents that the project has no more, to be copied from."""
    rows: dict[tuple[str, str], list[str]] = {}
    for name in data:
        if (match := _CELL.fullmatch(name)) and int(match[1]) not in kept and (text := str(data[name]).strip()):
            rows.setdefault((match[1], match[2]), []).append(text)
    return [", ".join(cells) for cells in rows.values()]


def _stored(item: EstimateItem) -> ItemInput:
    return ItemInput(item.component_id, item.name, item.unit, item.quantity, item.unit_price_vnd, item.state_vnd)


def _section(stored: ContentEstimate, data: QueryDict | None) -> EstimateSection:
    prefix, initial = rows_prefix(stored.component.pk), [_initial(item) for item in stored.items]
    if data is not None and f"{prefix}-TOTAL_FORMS" in data:
        return EstimateSection(stored, ItemRows(data, prefix=prefix), data.get(block_name(stored.component.pk), ""))
    spare: list[dict[str, str]] = [{} for _number in range(min(SPARE, MAX_ROWS - len(initial)))]
    return EstimateSection(stored, ItemRows(initial=[*initial, *spare], prefix=prefix))


def _initial(item: EstimateItem) -> dict[str, str]:
    return {
        "name": item.name,
        "unit": item.unit,
        "quantity": item.quantity_text,
        "unit_price_vnd": format_vnd(item.unit_price_vnd),
        "amount_vnd": format_vnd(item.amount_vnd),
        "state_vnd": "" if item.state_vnd is None else format_vnd(item.state_vnd),
        "opened_vnd": str(item.amount_vnd),
    }


def rows_prefix(component_id: int) -> str:
    return f"rows-{component_id}"


def block_name(component_id: int) -> str:
    return f"block-{component_id}"


# ---- rows that are added, and a block from a sheet -----------------------------------------------------------------


@dataclass
class Added:
    """What was sent with rows added to it, and what is said of that; nothing is stored yet."""

    data: QueryDict
    count: int = 0
    left_out: tuple[str, ...] = ()
    refusal: str = ""


def with_rows_added(sent: QueryDict, components: Iterable[int]) -> Added | None:
    """None where nothing is to be added. A block that was pasted and not taken over yet is never lost by a save."""
    added = Added(sent.copy())
    wanted = sent.get(MORE, "")
    is_asked = False
    for pk in components:
        block = sent.get(block_name(pk), "")
        if block.strip():
            _paste(added, pk, block)
        elif wanted == str(pk):
            _append(added.data, pk, [{} for _number in range(SPARE)])
        is_asked = is_asked or bool(block.strip()) or wanted == str(pk)
    return added if is_asked else None


def _paste(added: Added, pk: int, block: str) -> None:
    rows, left_out = rows_of_block(block)
    if not _append(added.data, pk, rows):
        added.refusal = gettext("Mỗi nội dung có tối đa %(count)d khoản; khối vừa dán vẫn còn trong ô dán.") % {
            "count": MAX_ROWS
        }
        return
    added.data[block_name(pk)] = ""
    added.count += len(rows)
    added.left_out += tuple(left_out)


def _append(data: QueryDict, pk: int, rows: list[dict[str, str]]) -> bool:
    """Whether there was room: the rows stand after the last one that is filled."""
    prefix = rows_prefix(pk)
    count = data.get(f"{prefix}-TOTAL_FORMS", "0")
    total = min(int(count), MAX_ROWS) if count.isascii() and count.isdigit() else 0
    filled = [
        number + 1
        for number in range(total)
        if any(data.get(f"{prefix}-{number}-{name}", "").strip() for name in ItemRowForm.TYPED)
    ]
    first = max(filled, default=0) if any(rows) else total
    if first + len(rows) > MAX_ROWS:
        return False
    for number, row in enumerate(rows, first):
        data.update({f"{prefix}-{number}-{name}": text for name, text in row.items()})
    data[f"{prefix}-TOTAL_FORMS"] = str(max(total, first + len(rows)))
    data.setdefault(f"{prefix}-INITIAL_FORMS", "0")
    return True
