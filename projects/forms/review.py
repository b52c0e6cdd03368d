"""The reviewer's form for one line, and a comment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from khuyencong.forms import DateField, MoneyField, TextBlockField, TextLineField, field_of
from khuyencong.money import MoneyUnit, typed_in, unit_named
from khuyencong.page_unit import UNIT
from projects.models import Appraisal, AppraisalAnswer, CostLine, PlanLine
from projects.pages.round_review import comment_fields
from projects.services.recommending import Cell, amount_problems, field_of_cell, requested_of_line
from projects.services.review import CriterionAnswer


class CriterionFields(NamedTuple):
    """One criterion with its two fields."""

    label: str
    verdict: forms.BoundField
    note: forms.BoundField


class RecommendedField(NamedTuple):
    """The amount that is recommended for one content from one source, beside what is asked for."""

    cost: CostLine
    amount: forms.BoundField


class AppraisalForm(forms.Form):
    """Five criteria, the amounts recommended of what is ``asked``, the opinion, and the conclusion that the pressed
    button carries.

    ``is_proposed``: the criteria stand as they were answered last, the amounts as recommended of this very request.
    """

    is_proposed = False

    note = TextBlockField(
        label=_("Ý kiến, lý do"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Bắt buộc khi trả lại bổ sung hoặc không đồng ý; Trung tâm đọc được."),
    )
    conclusion = forms.ChoiceField(choices=Appraisal.Conclusion, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, asked: Mapping[Cell, CostLine], unit: MoneyUnit = MoneyUnit.MILLION, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.proposed, self.unit = asked, dict[Cell, int](), unit
        for cell in asked:
            amount = MoneyField(label=_("Thẩm định đề nghị"), required=False, unit=unit)
            amount.widget.attrs["class"] = "form-control money"
            self.fields[field_of_cell(cell)] = amount
        for criterion in AppraisalAnswer.Criterion:
            self.fields[f"verdict_{criterion.value}"] = forms.ChoiceField(
                label=criterion.label,
                choices=AppraisalAnswer.Verdict,
                required=False,
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            )
            self.fields[f"note_{criterion.value}"] = TextBlockField(
                label=_("Nhận xét"), required=False, max_length=2000, widget=forms.TextInput
            )
        self.fields["version"].error_messages["required"] = _(
            "Trang chưa tải đầy đủ, nên chưa lưu được. Hãy tải lại trang."
        )

    @property
    def criteria(self) -> Iterator[CriterionFields]:
        for criterion in AppraisalAnswer.Criterion:
            yield CriterionFields(
                str(criterion.label), self[f"verdict_{criterion.value}"], self[f"note_{criterion.value}"]
            )

    @property
    def amounts(self) -> Iterator[RecommendedField]:
        for cell, cost in self.asked.items():
            yield RecommendedField(cost, self[field_of_cell(cell)])

    @property
    def has_contents(self) -> bool:
        """Whether more than one content asks for money, so that each amount says of which it is."""
        return len({component for component, _source in self.asked}) > 1

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        conclusion = data.get("conclusion")
        if conclusion in (Appraisal.Conclusion.RETURN, Appraisal.Conclusion.REFUSE) and not data.get("note"):
            self.add_error("note", _("Ghi lý do để Trung tâm biết cần làm gì."))
        if conclusion == Appraisal.Conclusion.ACCEPT:
            self._judge_criteria(data)
        if conclusion:
            for cell, text in amount_problems(conclusion, self._recommended(data), self.asked).items():
                self.add_error(field_of_cell(cell), text)
        return data

    def _judge_criteria(self, data: dict[str, Any]) -> None:
        """Accepting needs all five answered, and none unmet (TT 36/2013)."""
        for criterion in AppraisalAnswer.Criterion.values:
            name = f"verdict_{criterion}"
            if name in data and not data[name]:
                self.add_error(name, _("Chưa đánh giá tiêu chí này."))
            elif data.get(name) == AppraisalAnswer.Verdict.NOT_MET:
                self.add_error(name, _("Chưa đạt: hãy trả lại bổ sung, hoặc không đồng ý."))

    def answers(self) -> dict[str, CriterionAnswer]:
        """The criteria that were answered."""
        data = self.cleaned_data
        return {
            criterion: CriterionAnswer(data[f"verdict_{criterion}"], data[f"note_{criterion}"])
            for criterion in AppraisalAnswer.Criterion.values
            if data.get(f"verdict_{criterion}")
        }

    def recommended(self) -> dict[Cell, int]:
        """The amounts that were typed. What only stood there is no word about a line that is not accepted."""
        return self._recommended(self.cleaned_data)

    def _recommended(self, data: Mapping[str, Any]) -> dict[Cell, int]:
        typed = {cell: data.get(field_of_cell(cell)) for cell in self.asked}
        is_accepted = data["conclusion"] == Appraisal.Conclusion.ACCEPT
        return {
            cell: amount
            for cell, amount in typed.items()
            if amount is not None and (is_accepted or amount != self.proposed.get(cell))
        }


class AcceptForm(AppraisalForm):
    """The five criteria and the words for several plain lines, which are accepted by it as they ask."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, asked={}, **kwargs)
        for name in ("conclusion", "version"):
            del self.fields[name]
        self.fields["note"].help_text = _("Ghi vào phiếu thẩm định của từng dòng; Trung tâm đọc được.")
        for criterion in AppraisalAnswer.Criterion.values:
            self.fields[f"verdict_{criterion}"].initial = AppraisalAnswer.Verdict.MET

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._judge_criteria(data)
        return data


def appraisal_form(
    line: PlanLine, data: QueryDict | None = None, *, unit: int = MoneyUnit.MILLION, initial: Any = None
) -> AppraisalForm:
    """Opened again, it proposes criteria and amounts as they were said last in that round; the opinion is written anew.

    ``unit`` is that of the reviewer, in which amounts are typed, unless what was sent says another one.
    """
    typed = data if data is not None else initial
    used = MoneyUnit(unit) if typed is None else unit_named(typed.get(UNIT, "")) or MoneyUnit.DONG
    proposed: dict[str, Any] = {"version": line.project.version}
    last = Appraisal.objects.of_line(line).newest_first().first()
    if typed is None and last:
        for answer in last.answers.all():
            proposed |= {f"verdict_{answer.criterion}": answer.verdict, f"note_{answer.criterion}": answer.note}
    asked = requested_of_line(line)
    amounts = _recommended_of_this_request(last, asked) if last else {}
    if typed is None:
        proposed |= {field_of_cell(cell): typed_in(amount, used) for cell, amount in amounts.items()}
    form = AppraisalForm(data, initial=initial or proposed, asked=asked, unit=used)
    form.proposed = amounts
    form.is_proposed = typed is None and len(proposed) > 1
    return form


def _recommended_of_this_request(last: Appraisal, asked: Mapping[Cell, CostLine]) -> dict[Cell, int]:
    rows = {(row.activity_type_id, row.source_id): row for row in last.recommended.all()}
    said = {cell: rows.get((cost.component.activity_type_id, cost.source_id)) for cell, cost in asked.items()}
    return {cell: row.amount_vnd for cell, row in said.items() if row and row.stands_for(asked[cell].amount_vnd)}


def all_criteria_met(data: QueryDict) -> dict[str, Any]:
    """What was typed, with each criterion that has no answer yet set to met; nothing is judged."""
    typed = {name: data.get(name, "") for name in data if name != "csrfmiddlewaretoken"}
    for criterion in AppraisalAnswer.Criterion.values:
        typed[f"verdict_{criterion}"] = typed.get(f"verdict_{criterion}") or AppraisalAnswer.Verdict.MET.value
    return typed


class CommentForm(forms.Form):
    """A remark on the whole project or on one field of it."""

    field = forms.ChoiceField(label=_("Về mục"), required=False)
    text = TextBlockField(label=_("Ý kiến"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "field", forms.ChoiceField).choices = comment_fields()


class AnswerForm(forms.Form):
    """The answer to a remark."""

    text = TextBlockField(label=_("Trả lời"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class NoteForm(forms.Form):
    """A word among those of the Department."""

    text = TextBlockField(label=_("Ghi chú"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))


class DeadlineForm(forms.Form):
    """Until when a round is to be reviewed."""

    due_on = DateField(label=_("Hạn thẩm định"), required=False, help_text=_("Để trống nếu không đặt hạn nữa."))
    reason = TextLineField(label=_("Lý do đổi hạn"), max_length=300, required=False)
