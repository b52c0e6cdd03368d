"""What a screen asks of a past record beside the project itself, and of the letters of old files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from khuyencong.forms import DateField, MoneyField, TextBlockField, TextLineField, field_of
from khuyencong.funding import STATE_LEVELS
from khuyencong.money import MoneyUnit
from programmes.models import AnnualPlan, FundingSource
from projects.forms.letter_head import LetterHeadForm
from projects.forms.project import ProjectEntry
from projects.models import PastLetter, PastLetterApproved, PastRecord, Project
from projects.models.past_record import GOES_ON_FROM, UNDER_WAY
from projects.services.past_letter_lines import LetterLine
from projects.services.past_letters import LetterHead
from projects.services.past_records import StatedOutcome

ENDS = [value for value in PastRecord.Outcome.values if value not in UNDER_WAY]
PACES = [("", _("Hồ sơ không ghi")), ("on", _("Đúng tiến độ")), ("late", _("Chậm tiến độ"))]
PACE_OF = {"": None, "on": True, "late": False}


class StatedForm(forms.Form):
    """How the project ended as its file says, and which prepared letter approves its money of each level."""

    outcome = forms.ChoiceField(label=_("Trạng thái theo hồ sơ"))
    stated_on = DateField(label=_("Ngày của trạng thái"), required=False)
    is_day_unknown = forms.BooleanField(label=_("Chưa rõ ngày"), required=False)
    pace = forms.ChoiceField(label=_("Tiến độ"), choices=PACES, required=False)
    source = TextLineField(
        label=_("Hồ sơ, báo cáo làm căn cứ"),
        max_length=300,
        help_text=_("Ví dụ: báo cáo số 45/BC-TTKC ngày 05/01/2007, biên bản thanh lý, bài viết."),
    )
    words = TextBlockField(
        label=_("Kết quả theo hồ sơ"), required=False, max_length=5_000, help_text=_("Ghi như trong hồ sơ.")
    )

    def __init__(self, *args: Any, plan: AnnualPlan, project: Project | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        goes_on = project is not None and project.past_record.goes_on
        # A stop frees money by its letter, and two letters of one project come by a list alone.
        states = [one for one in GOES_ON_FROM if one not in ENDS or one in Project.WORK] if goes_on else ENDS
        offered = [one for one in PastRecord.Outcome.choices if one[0] in states]
        field_of(self, "outcome", forms.ChoiceField).choices = [("", _("Chọn trạng thái")), *offered]
        self.fields["words"].widget = forms.Textarea(attrs={"rows": 3})
        letters = PastLetter.objects.open().filter(plan=plan)
        for level in STATE_LEVELS:
            self.fields[f"letter_{level}"] = forms.ModelChoiceField(
                letters, label=_("Văn bản duyệt: %(level)s") % {"level": level.label}, required=False,
                empty_label=_("Chưa chọn"),
            )  # fmt: skip
        if project is not None:
            self._fill(project)

    def _fill(self, project: Project) -> None:
        record = project.past_record
        paces = {value: name for name, value in PACE_OF.items()}
        self.initial.update(
            outcome=record.outcome, stated_on=record.stated_on, source=record.source, words=record.words
        )
        self.initial.update(is_day_unknown=record.stated_on is None, pace=paces[record.is_on_schedule])
        for row in PastLetterApproved.objects.of_project(project).select_related("source"):
            self.initial[f"letter_{row.source.level}"] = row.letter_id

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        on, unknown = data.get("stated_on"), data.get("is_day_unknown")
        if "stated_on" in data and not on and not unknown:
            self.add_error("stated_on", _("Ghi ngày, hoặc đánh dấu “chưa rõ ngày”."))
        elif on and unknown:
            self.add_error("is_day_unknown", _("Đã ghi ngày thì bỏ chọn “chưa rõ ngày”."))
        return data

    @property
    def letters(self) -> list[forms.BoundField]:
        return [self[f"letter_{level}"] for level in STATE_LEVELS]

    def stated(self) -> StatedOutcome:
        data = self.cleaned_data
        return StatedOutcome(
            outcome=data["outcome"],
            source=data["source"],
            on=data["stated_on"],
            is_on_schedule=PACE_OF[data["pace"]],
            words=data["words"],
        )

    def lines(self, entry: ProjectEntry) -> list[LetterLine]:
        """All state money of the project under the letter chosen for its level; none where none was chosen."""
        return [
            LetterLine(letter, content.activity_type, source, vnd)
            for content in entry.data().contents
            for source, vnd in content.amounts.items()
            if vnd and source.is_state and (letter := self.cleaned_data[f"letter_{source.level}"])
        ]


def has_several_letters(project: Project) -> bool:
    """Whether two letters give it money of one level: the screen could only say one of them."""
    rows = PastLetterApproved.objects.of_project(project).values_list("source__level", "letter").distinct()
    levels = [level for level, _letter in rows]
    return len(levels) > len(set(levels))


class PastLetterForm(LetterHeadForm):
    """A letter of an old file, with what it assigned to the year."""

    is_number_unknown = forms.BooleanField(label=_("Chưa rõ số"), required=False)
    is_date_unknown = forms.BooleanField(label=_("Chưa rõ ngày"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = PastLetter
        fields = ["kind", "authority", "number", "issued_on", "signer", "subject", "summary"]

    def __init__(self, *args: Any, plan: AnnualPlan, **kwargs: Any) -> None:
        super().__init__(*args, plan=plan, **kwargs)
        letter = self.instance
        self.fields["summary"].help_text = _("Văn bản bổ sung, điều chỉnh số đã có thì phải ghi lý do.")
        stored = {row.source_id: row.amount_vnd for row in letter.assigned.all()} if letter.pk else {}
        self.sources = list(FundingSource.objects.filter(level__in=STATE_LEVELS))
        for source in self.sources:
            label = _("Kinh phí được giao của năm, %(source)s (đồng)") % {"source": source.short_name}
            self.fields[f"assigned_{source.code}"] = MoneyField(unit=MoneyUnit.DONG, label=label, required=False)
            self.initial[f"assigned_{source.code}"] = stored.get(source.pk)
        if letter.pk:
            self.initial.update(version=letter.version)
            self.initial.update(is_number_unknown=not letter.number, is_date_unknown=letter.issued_on is None)

    @property
    def assigned_fields(self) -> list[forms.BoundField]:
        return [self[f"assigned_{source.code}"] for source in self.sources]

    def head(self) -> LetterHead:
        return LetterHead(**{name: self.cleaned_data[name] for name in self.Meta.fields})

    def assigned(self) -> Mapping[FundingSource, int]:
        typed = {source: self.cleaned_data[f"assigned_{source.code}"] for source in self.sources}
        return {source: vnd for source, vnd in typed.items() if vnd}


class ConfirmForm(forms.Form):
    """What the head says of a letter: why not, or why in spite of a warning."""

    reason = TextBlockField(
        label=_("Lý do"),
        required=False,
        max_length=2_000,
        help_text=_("Phải ghi lý do khi không xác nhận, và khi xác nhận dù có cảnh báo về số tiền."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, letter: PastLetter) -> None:
        super().__init__(data, initial={"version": letter.version})
        field_of(self, "reason", TextBlockField).widget = forms.Textarea(attrs={"rows": 3})


class AnnulForm(ConfirmForm):
    """Why the head takes a confirmation back."""

    reason = TextBlockField(label=_("Lý do hủy xác nhận"), max_length=2_000)
