"""Recording a letter: its head, and the amounts *after* it for each source and each line of the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Role, User
from khuyencong.forms import DateField, MoneyField, TextLineField
from khuyencong.funding import STATED_NATURES, Nature
from khuyencong.money import format_vnd
from programmes.models import AnnualPlan, Decision, DecisionDocument, FundingSource, PlanRound
from programmes.models.decision import counted_from
from projects.figures.plan_grid import GridRow, plan_grid
from projects.forms.document import FilesField
from projects.forms.gone_rows import typed_for_gone_rows
from projects.forms.letter_head import LetterHeadForm
from projects.ledger.optional_amounts import add, unallocated
from projects.ledger.plan_limits import Overrun
from projects.ledger.remainders import Envelope, envelopes, kept_at_a_stop
from projects.models import PastRecord, PlanLine, Project, RecommendedAmount
from projects.models.recommended_amount import Recommended, proposed_vnd
from projects.rules.transitions import PROJECT_TRANSITIONS
from projects.rules.warnings import ProjectWarning
from projects.services.decision_checks import DecisionRefused
from projects.services.decisions import ApprovedChange, AssignedChange
from projects.services.letter_reasons import unanswered_warnings

FILL_ROUND = "fill_round"  # ticked for each round that the letter is about
FILL_RECOMMENDED = "recommended"  # of the button that fills in, beside that which takes the requests
NATURES = [(choice.value, choice.label) for choice in STATED_NATURES]


class DecisionForm(LetterHeadForm):
    """The head of the letter, with what a letter that is recorded at once says besides."""

    effective_on = DateField(
        label=_("Tính từ ngày"),
        required=False,
        help_text=_("Chỉ ghi khi chưa rõ ngày ban hành; để trống: 01/01 của năm kế hoạch."),
    )
    nature = forms.ChoiceField(
        label=_("Tính chất, nếu thay đổi số đã có"), choices=NATURES, initial=Nature.ADJUSTMENT, required=False
    )
    adds = forms.BooleanField(label=_("Ghi thêm vào văn bản đã ghi nhận này"), required=False)
    scan = FilesField(label=_("Bản quét văn bản"), required=False, help_text=_("Có thể đính kèm sau."))

    class Meta:
        model = Decision
        fields = [
            *("kind", "authority", "number", "is_number_unknown", "issued_on", "is_date_unknown"),
            *("effective_on", "signer", "subject", "summary"),
        ]

    def __init__(self, *args: Any, plan: AnnualPlan, **kwargs: Any) -> None:
        super().__init__(*args, plan=plan, **kwargs)
        self.instance.organisation = plan.organisation.parent or plan.organisation
        self.has_twin = False

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["nature"] = data.get("nature") or Nature.ADJUSTMENT
        return data

    def _clean_dates(self, data: dict[str, Any]) -> None:
        """Entries count from the date of issue; only where that is unknown from a day that the recorder states."""
        issued_on, stated = data["issued_on"], data.get("effective_on")
        super()._clean_dates(data)  # what it refuses is taken out of the data
        if issued_on and stated and stated != issued_on:
            self.add_error("effective_on", _("Đã có ngày ban hành thì để trống ô này."))
        if stated and stated > timezone.localdate():
            self.add_error("effective_on", _("Ngày này không được sau hôm nay."))
        today = timezone.localdate()
        data["effective_on"] = counted_from(issued_on, year=self.plan.year, today=today, stated=stated)

    def letter(self) -> Decision:
        """The letter typed, or its record where another plan or an earlier sheet has recorded it already.

        Raises DecisionRefused for such a one, unless the user says that this adds to it.
        """
        typed = self.save(commit=False)
        standing = Decision.objects.same_letter(typed).select_related("recorded_by").first()
        if standing is None:
            return typed
        self.has_twin = True
        if not self.cleaned_data["adds"]:
            raise DecisionRefused({"number": _recorded_text(standing, str(self.fields["adds"].label))}, "same")
        return standing

    def amounts_reason(self, decision: Decision) -> str:
        """What was typed as the letter's words stays with the amounts, where the letter has its own by now."""
        return self.cleaned_data["summary"] if decision.pk is not None else ""

    def scans(self, decision: Decision, by: User) -> list[DecisionDocument]:
        """The scans of the letter that were sent along and that it has not got already from an earlier sheet."""
        kept = dict.fromkeys(decision.documents.current().values_list("sha256", flat=True))
        found: dict[str, DecisionDocument] = {}
        for file in self.cleaned_data["scan"]:
            scan = DecisionDocument(decision=decision, file=file, uploaded_by=by, uploader_role=Role.DEPARTMENT_HEAD)
            scan.measure()
            if scan.sha256 not in kept:
                found.setdefault(scan.sha256, scan)
        return list(found.values())

    def _get_validation_exclusions(self) -> set[str]:
        """Number and date are judged above; a letter that is recorded already gets further entries."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # private: not in the stubs
        return excluded | {"number", "issued_on", "authority"}


def _recorded_text(letter: Decision, tick: str) -> str:
    """That the letter is there already: by whom, when, for which years; and what to ``tick`` to add to it."""
    years = AnnualPlan.objects.of_decision(letter).order_by("year").values_list("year", flat=True).distinct()
    text = gettext(
        "%(letter)s đã được %(person)s ghi nhận lúc %(at)s, cho kế hoạch năm %(years)s. Nếu vừa bấm hai lần thì lần "
        "đầu đã ghi xong. Nếu là số liệu còn thiếu của chính văn bản đó, đánh dấu “%(tick)s”; nếu là văn bản khác, sửa "
        "số hoặc ngày."
    )
    return text % {
        "letter": letter.label,
        "person": letter.recorded_by,
        "at": f"{timezone.localtime(letter.recorded_at):%H:%M %d/%m/%Y}",
        "years": ", ".join(map(str, years)) or "–",
        "tick": tick,
    }


class AfterForm(forms.Form):
    """The amount after the letter, and what stood there when the page was opened; empty leaves it as it is."""

    after = MoneyField(label=pgettext_lazy("amount", "Sau"), required=False)
    before = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = TextLineField(label=_("Lý do riêng"), required=False, max_length=500)
    stop = forms.BooleanField(label=_("Ngừng thực hiện"), required=False)

    def __init__(self, *args: Any, paid_vnd: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paid_vnd = paid_vnd

    @property
    def is_stop(self) -> bool:
        return bool(self.is_bound and self.is_valid() and self.cleaned_data.get("stop"))

    @property
    def typed_vnd(self) -> int | None:
        """The amount typed, or None when nothing readable was; a stop without an amount leaves what was paid."""
        typed = self.cleaned_data.get("after") if self.is_bound and self.is_valid() else None
        return self.paid_vnd if typed is None and self.is_stop else typed


@dataclass
class AfterRow:
    """One row of the sheet: where the amount stands, before, after and the change."""

    form: AfterForm
    before_vnd: int | None
    envelope: Envelope | None = None
    row: GridRow | None = None
    recommended: RecommendedAmount | None = None
    overrun: str = ""
    warnings: list[ProjectWarning] = field(default_factory=list)

    @property
    def source(self) -> FundingSource:
        place = self.row or self.envelope
        assert place is not None  # a row of the sheet has one of the two
        return place.source

    @property
    def is_waiting(self) -> bool:
        """It asks for money, and no letter has said any amount yet."""
        return self.before_vnd is None and self.row is not None and self.row.money.requested_vnd is not None

    @property
    def is_of_this_request(self) -> bool:
        """Whether the amount that was recommended was said of what is asked for now."""
        requested_vnd = self.row.money.requested_vnd if self.row else None
        return self.recommended is not None and self.recommended.stands_for(requested_vnd)

    @property
    def proposed_vnd(self) -> int | None:
        return proposed_vnd(self.recommended, self.row.money.requested_vnd if self.row else None)

    @property
    def can_stop(self) -> bool:
        return self.row is not None and self.row.project.status in PROJECT_TRANSITIONS["stop"].sources

    @property
    def after_vnd(self) -> int | None:
        typed = self.form.typed_vnd
        return self.before_vnd if typed is None else typed

    @property
    def change_vnd(self) -> int:
        return (self.after_vnd or 0) - (self.before_vnd or 0)


@dataclass(frozen=True)
class Effect:
    """What the letter would do to the envelope of one source, in đồng."""

    source: FundingSource
    assigned_before_vnd: int | None
    assigned_vnd: int | None
    approved_before_vnd: int | None
    approved_vnd: int | None

    @property
    def unallocated_vnd(self) -> int | None:
        """Negative when the letter would break the envelope, also one to which nothing is assigned."""
        assigned_vnd = self.assigned_vnd if self.approved_vnd is None else self.assigned_vnd or 0
        return unallocated(assigned_vnd, self.approved_vnd)


def effects_between(before: Sequence[Envelope], after: Sequence[Envelope]) -> list[Effect]:
    """The same envelopes before and after."""
    return [
        Effect(new.source, old.assigned_vnd, new.assigned_vnd, old.approved_vnd, new.approved_vnd)
        for old, new in zip(before, after, strict=True)
    ]


@dataclass(frozen=True)
class FillRound:
    """A round whose lines wait for their first amount, and whether the letter is said to be about it."""

    round: PlanRound
    is_chosen: bool


@dataclass
class DecisionEntry:
    """The letter's head with its sheet of amounts.

    ``fill_rounds`` are asked about where more than one waits; ``fill_problem`` says why nothing was filled in.
    """

    plan: AnnualPlan
    form: DecisionForm
    assigned: list[AfterRow]
    lines: list[AfterRow]
    went: str
    fill_rounds: list[FillRound] = field(default_factory=list)
    fill_problem: str = ""

    @property
    def has_recommended(self) -> bool:
        return any(row.recommended for row in self.lines)

    def is_valid(self) -> bool:
        rows = [row.form.is_valid() for row in self.rows]
        valid = self.form.is_valid() and all(rows)
        if not valid:
            return False
        if self.went:
            text = _("Có dòng vừa được rút khỏi đợt trong lúc bạn nhập, nên chưa ghi: %(typed)s. Hãy xem lại bảng.")
            self.form.add_error(None, text % {"typed": self.went})
        elif not any(row.form.typed_vnd is not None for row in self.rows):
            self.form.add_error(None, _("Chưa nhập số tiền nào ở cột “Sau”."))
        return not self.form.errors

    @property
    def rows(self) -> list[AfterRow]:
        return [*self.assigned, *self.lines]

    @property
    def row_errors(self) -> list[tuple[str, str, str]]:
        """(id of the field, what it stands for, message) of each amount that can't be read."""
        return [
            (row.form["after"].id_for_label, str(row.row.project if row.row else row.source), str(error))
            for row in self.rows
            if row.form.is_bound
            for error in [*row.form["after"].errors, *row.form["before"].errors]
        ]

    def show_overruns(self, overruns: Sequence[Overrun]) -> None:
        """Says beside each amount typed from the source by how much it is overspent."""
        for overrun in overruns:
            message = _("Vượt kinh phí được giao của %(source)s %(excess)s đồng.") % {
                "source": overrun.source,
                "excess": format_vnd(overrun.approved_vnd - overrun.assigned_vnd),
            }
            for row in self.rows:
                if row.source == overrun.source and row.form.typed_vnd is not None:
                    row.overrun = message

    def show_warnings(self, user: User) -> None:
        """Puts what is unwise about each amount typed on its row, as the law of the letter's day has it."""
        given = [row for row in self.lines if row.change_vnd > 0 and row.row and row.row.key]
        if not given:
            return
        head = self.form.cleaned_data if self.form.is_bound and self.form.is_valid() else {}
        on = head.get("effective_on") or min(timezone.localdate(), dt.date(self.plan.year, 12, 31))
        after = {row.row.key: row.after_vnd or 0 for row in given if row.row and row.row.key}
        found = unanswered_warnings(after, on=on, user=user)
        for row in given:
            row.warnings = found.pop(row.row.project, []) if row.row else []

    def assigned_changes(self) -> list[AssignedChange]:
        return [
            AssignedChange(row.envelope.source, row.form.cleaned_data["before"], row.form.typed_vnd)
            for row in self.assigned
            if row.envelope and row.form.typed_vnd is not None
        ]

    def approved_changes(self) -> list[ApprovedChange]:
        return [
            ApprovedChange(
                row.row.key,
                row.form.cleaned_data["before"],
                row.form.typed_vnd,
                reason=row.form.cleaned_data["reason"],
                is_stop=row.form.is_stop,
            )
            for row in self.lines
            if row.row and row.row.key and row.form.typed_vnd is not None
        ]

    def effects(self) -> list[Effect]:
        """Each envelope before and after, from what is typed so far."""
        found = []
        for row in self.assigned:
            assert row.envelope is not None
            source = row.source
            changes = [line.change_vnd for line in self.lines if line.source == source]
            before = row.envelope.approved_vnd
            after = add(before, sum(changes)) if any(changes) else before
            found.append(Effect(source, row.before_vnd, row.after_vnd, before, after))
        return found


def decision_entry(plan: AnnualPlan, *, data: QueryDict | None = None, files: Any = None) -> DecisionEntry:
    """The sheet for one plan: its state sources, and the lines that the Department has before it."""
    form = DecisionForm(data, files, plan=plan)
    assigned = [
        AfterRow(_after_form(data, f"source-{row.source.pk}", row.assigned_vnd), row.assigned_vnd, envelope=row)
        for row in envelopes([plan])
    ]
    lines = []
    going_on = set(PastRecord.objects.going_on_in(plan))
    reviewed = set(PlanLine.objects.for_plans([plan]).standing(*Project.DECIDABLE).values_list("pk", flat=True))
    rows = [row for row in plan_grid([plan]).rows if _takes_a_letter(row, reviewed, going_on)]
    kept = kept_at_a_stop(row.line.pk for row in rows)
    recommended = RecommendedAmount.objects.in_force({row.line.round_id for row in rows})
    for row in rows:
        if row.key:
            prefix = "line-" + "-".join(str(part) for part in row.key)
            before = row.money.approved_vnd
            form_of_row = _after_form(data, prefix, before, kept.get(row.key, 0))
            lines.append(AfterRow(form_of_row, before, row=row, recommended=_said_of(row, recommended)))
    known = {row.form.add_prefix(name) for row in [*assigned, *lines] for name in row.form.fields}
    went = typed_for_gone_rows(_decided(data), known, "line-", plan=plan) if data else ""
    return DecisionEntry(plan, form, assigned, lines, went, _fill_rounds(lines, data))


def _said_of(row: GridRow, recommended: Recommended) -> RecommendedAmount | None:
    assert row.component is not None  # a row with a key
    return recommended.get((row.project.pk, row.line.round_id, row.component.activity_type_id, row.source.pk))


def _fill_rounds(lines: Sequence[AfterRow], data: QueryDict | None) -> list[FillRound]:
    """None are asked about where one alone waits."""
    chosen = data.getlist(FILL_ROUND) if data else []
    waiting = {row.row.line.round.pk: row.row.line.round for row in lines if row.row and row.is_waiting}
    if len(waiting) < 2:
        return []
    return [FillRound(one, str(pk) in chosen) for pk, one in sorted(waiting.items())]


def _takes_a_letter(row: GridRow, reviewed: Collection[int], going_on: Collection[int]) -> bool:
    """Reviewed and forwarded, or a past record, which came without those steps; one of those that go on waits for
    the letters that were prepared with it."""
    if row.line.round.status == PlanRound.Status.PAST:
        is_waiting = row.project.status == Project.Status.STATED and row.project.pk in going_on
        return row.project.status in (*Project.HISTORIC, *Project.REPORTABLE) and not is_waiting
    return row.line.round.status in PlanRound.DECIDABLE and row.line.pk in reviewed


def _decided(data: QueryDict) -> dict[str, str]:
    """What a letter is said to leave: what stood before it is nothing that was typed, a mark is told in words."""
    marks = {name: str(_("ngừng thực hiện")) for name in data if name.endswith("-stop") and data[name]}
    return {name: str(data[name]) for name in data if not name.endswith("-before")} | marks


def _after_form(data: QueryDict | None, prefix: str, before: int | None, paid_vnd: int = 0) -> AfterForm:
    return AfterForm(data, prefix=prefix, initial={"before": before}, paid_vnd=paid_vnd)


def filled_in(entry: DecisionEntry, data: QueryDict, *, as_recommended: bool) -> QueryDict:
    """What was typed, with “after” of every untouched line of the letter's rounds set to what it asks for, or to what
    the Department proposes of it.

    Nothing is filled in while several rounds wait and none is said to be the letter's.
    """
    filled = data.copy()
    chosen = {one.round.pk for one in entry.fill_rounds if one.is_chosen}
    for row in entry.lines:
        if row.row is None or not row.is_waiting or (entry.fill_rounds and row.row.line.round.pk not in chosen):
            continue
        name = row.form.add_prefix("after")
        amount = row.proposed_vnd if as_recommended else row.row.money.requested_vnd
        if amount is not None and not filled.get(name, "").strip():
            filled[name] = row.form["after"].field.prepare_value(amount)
    return filled


def with_standing_amounts(entry: DecisionEntry, data: QueryDict) -> QueryDict:
    """What was typed, with “before” brought up to what stands now."""
    updated = data.copy()
    for row in entry.rows:
        updated[row.form.add_prefix("before")] = "" if row.before_vnd is None else str(row.before_vnd)
    return updated
