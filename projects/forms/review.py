"""The reviewer's form for one line, and a comment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from khuyencong.forms import DateField, TextBlockField, TextLineField, field_of
from projects.models import Appraisal, AppraisalAnswer, PlanLine
from projects.pages.round_review import comment_fields
from projects.services.review import CriterionAnswer


class CriterionFields(NamedTuple):
    """One criterion with its two fields."""

    label: str
    verdict: forms.BoundField
    note: forms.BoundField


class AppraisalForm(forms.Form):
    """Five criteria, the opinion, and the conclusion that the pressed button carries.

    ``is_proposed``: the criteria stand as they were answered last.
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        conclusion = data.get("conclusion")
        if conclusion in (Appraisal.Conclusion.RETURN, Appraisal.Conclusion.REFUSE) and not data.get("note"):
            self.add_error("note", _("Ghi lý do để Trung tâm biết cần làm gì."))
        if conclusion == Appraisal.Conclusion.ACCEPT:
            self._judge_criteria(data)
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


class AcceptForm(AppraisalForm):
    """The five criteria and the words for several plain lines, which are accepted by it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("conclusion", "version"):
            del self.fields[name]
        self.fields["note"].help_text = _("Ghi vào phiếu thẩm định của từng dòng; Trung tâm đọc được.")
        for criterion in AppraisalAnswer.Criterion.values:
            self.fields[f"verdict_{criterion}"].initial = AppraisalAnswer.Verdict.MET

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._judge_criteria(data)
        return data


def appraisal_form(line: PlanLine, data: QueryDict | None = None) -> AppraisalForm:
    """Opened again, it proposes the criteria as they were answered last in that round; the opinion is written anew."""
    initial: dict[str, Any] = {"version": line.project.version}
    if data is None and (last := Appraisal.objects.of_line(line).newest_first().first()):
        for answer in last.answers.all():
            initial |= {f"verdict_{answer.criterion}": answer.verdict, f"note_{answer.criterion}": answer.note}
    form = AppraisalForm(data, initial=initial)
    form.is_proposed = len(initial) > 1
    return form


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
