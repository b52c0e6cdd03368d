"""What the importer's pages ask for: a file or pasted rows, the columns of a sheet, answers to what is open."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khuyencong.forms import TextLineField
from projects.importing.kinds import KINDS
from projects.importing.layout.columns import Reads
from projects.importing.layout.headers import Table
from projects.importing.lists.amount_cells import UNIT_NAMES
from projects.importing.proposals import ListKind, Proposal
from projects.importing.questions import RowQuestion
from projects.importing.reading.limits import MAX_BYTES
from projects.importing.reading.sheets import column_letters
from projects.importing.reading.unreadable import Unreadable

FEW = 5  # options that are shown at once


def refuse_too_big(file: UploadedFile) -> None:
    """Before it is read, in the words of its reader."""
    if (file.size or 0) > MAX_BYTES:
        raise forms.ValidationError(Unreadable("too_big").message)


class BringForm(forms.Form):
    """A workbook, or rows copied from one: one of the two; of a plan also what list it is, unless its header tells."""

    kind = forms.ChoiceField(
        label=_("Danh sách gì?"),
        choices=[
            ("", _("Phần mềm tự nhận theo tiêu đề cột")),
            *((one.key, one.title) for one in KINDS.values() if one.is_of_plan),
        ],
        required=False,
        widget=forms.RadioSelect(),
    )
    file = forms.FileField(
        label=_("Tệp Excel hoặc LibreOffice (.xlsx, .xls, .ods)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods", "class": "form-control"}),
    )
    pasted = forms.CharField(
        label=_("Hoặc dán các dòng đã sao chép từ Excel, gồm cả dòng tiêu đề"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "form-control", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, is_of_plan: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_of_plan:
            del self.fields["kind"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file:
            refuse_too_big(file)
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("file")) == bool((data.get("pasted") or "").strip()):
            text = _("Chọn một tệp hoặc dán các dòng, một trong hai cách.")
            self.add_error("file", text)
        return data


def field_name(key: str) -> str:
    """The same for a question whichever others are asked beside it."""
    return f"q-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


class AnswersForm(forms.Form):
    """A choice for each question that a list leaves open, and for those answered before, which may be changed."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, proposal: Proposal, version: int) -> None:
        super().__init__(data, initial={"version": version})
        self.questions = {field_name(one.key): one for one in proposal.questions}
        for name, question in self.questions.items():
            self.fields[name] = _field(question)

    @property
    def answers(self) -> dict[str, str]:
        return {question.key: self.cleaned_data.get(name, "") for name, question in self.questions.items()}

    @property
    def corrects(self) -> bool:
        """Whether an answer that stood is another one now, so that nobody saw yet what becomes of it."""
        return any(self.answers[one.key] != one.answer for one in self.questions.values() if not one.is_open)

    @property
    def open_rows(self) -> list[tuple[forms.BoundField, RowQuestion]]:
        return [(self[name], question) for name, question in self.questions.items() if question.is_open]

    @property
    def answered_rows(self) -> list[tuple[forms.BoundField, RowQuestion]]:
        return [(self[name], question) for name, question in self.questions.items() if not question.is_open]


def _field(question: RowQuestion) -> forms.ChoiceField:
    few = len(question.options) <= FEW
    choices = [(one.value, one.label) for one in question.options]
    widget = forms.RadioSelect() if few else forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(
        label=question.text,
        choices=choices if few else [("", _("Chọn…")), *choices],
        required=False,
        initial=question.answer or question.likely,
        widget=widget,
    )


class EraseForm(forms.Form):
    reason = TextLineField(label=_("Lý do xóa"), max_length=300, error_messages={"required": _("Hãy ghi lý do.")})


def _sheet_label(table: Table) -> str:
    name = table.sheet.name
    return gettext("%(name)s (đang ẩn)") % {"name": name} if table.sheet.is_hidden else name


class SheetForm(forms.Form):
    """Which sheet holds the list, and between which rows its header stands."""

    sheet = forms.ChoiceField(label=_("Trang tính"), widget=forms.Select(attrs={"class": "form-select"}))
    top = forms.IntegerField(label=_("Tiêu đề từ dòng"), min_value=1, max_value=100_000)
    bottom = forms.IntegerField(label=_("đến dòng"), min_value=1, max_value=100_000)

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        for name in ("top", "bottom"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "form-control"})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        top, bottom = data.get("top"), data.get("bottom")
        if top and bottom and not top <= bottom <= top + 4:
            self.add_error("bottom", _("Tiêu đề gồm từ một đến năm dòng liền nhau."))
        return data


class ColumnsForm(forms.Form):
    """What each column of the sheet holds, and the unit of its money."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    more = forms.MultipleChoiceField(
        label=_("Đọc chung với các trang có cùng tiêu đề"),
        help_text=_("Các dòng được đọc nối tiếp nhau thành một danh sách, mỗi trang theo đơn vị tính ghi ở trang đó."),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )
    unit = forms.TypedChoiceField(
        label=_("Đơn vị tính của số tiền"),
        choices=list(UNIT_NAMES.items()),
        coerce=int,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        kind: ListKind,
        table: Table,
        version: int,
        alike: Sequence[Table] = (),
        taken: Collection[str] = (),
    ) -> None:
        """``alike``: other sheets that may be read as one list with this one; ``taken``: names of those that are."""
        holds = {at: key for key, at in table.columns.items()}
        initial = {"version": version, "unit": table.unit, **{f"c-{at}": key for at, key in holds.items()}}
        names = [one.sheet.name for one in alike]
        super().__init__(data, initial={**initial, "more": [name for name in names if name in taken]})
        self.kind, self.table = kind, table
        self.fields["more"].choices = [(one.sheet.name, _sheet_label(one)) for one in alike]  # type: ignore[attr-defined]
        if not alike:
            del self.fields["more"]
        if not any(one.reads == Reads.MONEY for one in kind.columns):
            del self.fields["unit"]
        elif not table.unit:  # the sheet does not say, so nothing is proposed
            self.fields["unit"].choices = [("", _("Chọn…")), *UNIT_NAMES.items()]  # type: ignore[attr-defined]
        choices = [("", _("Không nhập cột này")), *((one.key, one.title) for one in kind.columns)]
        for at, heading in table.headings.items():
            self.fields[f"c-{at}"] = forms.ChoiceField(
                label=_("Cột %(letters)s: %(heading)s") % {"letters": column_letters(at), "heading": heading},
                choices=choices,
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        seen: dict[str, str] = {}
        for name, key in list(data.items()):  # an error takes its field out
            if name.startswith("c-") and key:
                if key in seen:
                    self.add_error(name, _("Đã chọn cho một cột khác."))
                seen[key] = name
        for column in self.kind.columns:
            if column.is_needed and column.key not in seen:
                self.add_error(None, _("Phải chọn một cột là “%(title)s”.") % {"title": column.title})
        return data

    @property
    def layout(self) -> Mapping[str, Any]:
        data = self.cleaned_data
        columns = {key: int(name[2:]) for name, key in data.items() if name.startswith("c-") and key}
        return {
            "sheet": self.table.sheet.name,
            "top": self.table.top,
            "bottom": self.table.bottom,
            "columns": columns,
            "unit": data.get("unit"),
            "more": data.get("more", []),
        }

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith("c-")]
