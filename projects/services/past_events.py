"""What was done after its approval for a project that goes on, as its old file has it: prepared with the record, and
written into the books with the last of its letters.

Whoever confirms the letter answers for all that was prepared with it: it was paid and signed before the system was
there, so it is no step of an accountant here, and the right to pay is not asked. The limits are, as of every voucher
(field-rules §4). Who acts, and whether the plan is open, was asked before.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.accounts.models import User
from khuyencong.funding import Nature
from programmes.models import ActivityType, Decision, FundingSource
from projects.models import (
    ApprovalEntry,
    CellKey,
    Contract,
    ContractEntry,
    Direction,
    PastEvent,
    PastLetter,
    PastRecord,
    PaymentEntry,
    PlanLine,
    Project,
    ProjectComponent,
    SettlementEntry,
    Support,
    Voucher,
)
from projects.refusals import Refused
from projects.rules.past_marks import event_marks, first_contract_day
from projects.rules.permissions import hindrance_to_annulling
from projects.rules.transitions import ANNUL, PROJECT_TRANSITIONS
from projects.rules.workflow import apply_stated_step, apply_transition
from projects.services.guards import refuse_future, refuse_hindered
from projects.services.money_checks import MoneyRefused, refuse_excesses, save_once
from projects.services.money_rows import reverse_entry, write_contract_amounts, write_settlement
from projects.services.storing import clean_all, refuse_amounts, store_new

KIND = PastEvent.Kind
LONGEST_NUMBER = 30  # of a voucher
GIVEN_BACK = (Project.Status.STATED, *Project.UNCOUNTED)
# What a paper of the file says of the state that the project has reached at least.
STATE_OF_EVENT: dict[str, str] = {
    KIND.CONTRACT: PastRecord.Outcome.CONTRACTED,
    KIND.ACCEPTANCE: PastRecord.Outcome.ACCEPTED,
    KIND.SETTLEMENT: PastRecord.Outcome.SETTLED,
}


@dataclass(frozen=True)
class EventInput:
    """One thing that the file says was done, in đồng; ``stated_on`` is None where it has no day, an empty ``number`` is
    not known. An acceptance has no money."""

    kind: str
    counted_on: dt.date
    stated_on: dt.date | None = None
    number: str = ""
    activity_type: ActivityType | None = None
    source: FundingSource | None = None
    amount_vnd: int | None = None


def prepare_events(project: Project, events: Sequence[EventInput]) -> None:
    """Makes ``events`` be what is prepared for the project, whose parts are written.

    Raises FutureDate, or Refused for money that is none of the project's own state money.
    """
    PastEvent.objects.filter(project=project).delete()
    components = {one.activity_type_id: one for one in ProjectComponent.objects.filter(project=project)}
    levels = set(project.lines.values_list("round__level", flat=True))
    for one in events:
        refuse_future(one.counted_on, "on")
        refuse_future(one.stated_on, "on")
        refuse_amounts([one.amount_vnd])
        component = components.get(one.activity_type.pk) if one.activity_type else None
        is_own = one.source is not None and one.source.is_state and one.source.level in levels
        if one.kind != KIND.ACCEPTANCE and not (component and is_own):
            text = _("Chỉ ghi hợp đồng, chứng từ, quyết toán kinh phí nhà nước của các nội dung thuộc đề án.")
            raise Refused(text, code="other_money")
        event = PastEvent(project=project, component=component, source=one.source, amount_vnd=one.amount_vnd)
        event.kind, event.number = one.kind, one.number.strip()
        event.stated_on, event.counted_on = one.stated_on, one.counted_on
        store_new(event)


def refuse_lost_events(project: Project, prepared: int) -> None:
    """Raises Refused where what was rewritten leaves one of so many prepared events without its content or money."""
    levels = set(project.lines.values_list("round__level", flat=True))
    kept = [one for one in PastEvent.objects.of_project(project) if one.source is None or one.source.level in levels]
    if len(kept) < prepared:
        text = _("Hồ sơ có hợp đồng, chứng từ của nội dung, nguồn kinh phí này: sửa tệp rồi nhập lại.")
        raise Refused(text, code="lost_events")


def take_over_projects(letter: PastLetter, decision: Decision, actor: User) -> None:
    """Makes projects that go on of the letter ordinary ones, each as its file states it, once all its letters are
    confirmed. Their plan is held.

    Raises Refused or a kind of it that names the project: by whoever entered it, for a day that can't be, for money
    over a limit; then the caller writes nothing.
    """
    waiting = Project.objects.filter(status=Project.Status.STATED, lines__past_approved__letter=letter)
    ids = set(waiting.filter(past_records__goes_on=True).values_list("pk", flat=True))
    for project in Project.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk"):
        if not PastLetter.objects.of_project(project).unconfirmed().exists():
            _take_over(project, decision, actor)


def give_back_projects(letter: PastLetter, reason: str, actor: User) -> None:
    """Takes what the old files of the letter's projects state out of the books: contracts, payments and settlements are
    reversed on their days, and the projects wait again from the day from which they counted. Their plan is held.

    Raises Refused or a kind of it that names the project: where something was recorded of it since.
    """
    taken = Project.objects.filter(lines__past_approved__letter=letter).exclude(status__in=GIVEN_BACK).values("pk")
    for project in Project.objects.filter(pk__in=taken).select_for_update(of=("self",)).order_by("pk"):
        refuse_hindered(hindrance_to_annulling(project))
        step = project.status_changes.named("take_over", "confirm").latest("pk")
        words: Any = {"reason": reason, "actor": actor}
        apply_transition(project, ANNUL, effective_on=step.effective_on, decision=letter.decision, **words)
        for model in (PaymentEntry, SettlementEntry, ContractEntry):
            for entry in model.objects.of_project(project).standing():
                reverse_entry(entry, **words)


def _take_over(project: Project, decision: Decision, actor: User) -> None:
    try:
        _Opening(project, decision, actor).write()
    except Refused as problem:
        texts = [text if str(project) in text else f"{project.code} {project}: {text}" for text in problem.messages]
        raise MoneyRefused(texts, code=problem.code or "refused") from problem


def file_in_words(source: str) -> str:
    """“Hồ sơ cũ, nhập từ tệp …”: the reason of what is written by an old file."""
    with override("vi"):
        return _("Hồ sơ cũ, %(source)s") % {"source": source}


def _unknown_paper() -> str:
    with override("vi"):
        return _("Chưa rõ số")


def _unknown_partner() -> str:
    with override("vi"):
        return _("Chưa rõ")


class _Opening:
    """One project on its way into the books."""

    def __init__(self, project: Project, decision: Decision, actor: User) -> None:
        self.project, self.decision, self.actor = project, decision, actor
        self.record = PastRecord.objects.filter(project=project).latest("pk")
        self.events = list(PastEvent.objects.of_project(project))
        lines = PlanLine.objects.filter(project=project).select_related("round", "project")
        self.lines = {line.pk: line for line in lines}
        self.line_of_level = {line.round.level: line.pk for line in lines}
        approved = ApprovalEntry.objects.on_lines(self.lines).amounts_by("plan_line", "source", "effective_on")
        self.approved_on: dict[tuple[int, int], dt.date] = {}
        for (line, source, on), vnd in approved.items():
            if vnd:  # not what a confirmation gave that was annulled
                self.approved_on[line, source] = min(on, self.approved_on.get((line, source), on))
        self.first_on = min(self.approved_on.values())
        self.contracted_on = first_contract_day(self.events)
        self.contracts: list[Contract] = []

    def write(self) -> None:
        step: Any = {"actor": self.actor, "decision": self.decision}
        apply_transition(self.project, "take_over", effective_on=self.first_on, reason=self._words(), **step)
        self._write_contracts()
        self._write_payments()
        self._write_settlements()
        refuse_excesses(self.lines, min([self.first_on, *(one.counted_on for one in self.events)]))
        if self.record.outcome == PastRecord.Outcome.STOPPED:
            self._refuse_money_left()
        last = self.first_on
        with override("vi"):
            steps = list(self._steps())
        for name, on, is_unknown, words in steps:
            last = max(last, on)
            apply_stated_step(self.project, name, effective_on=last, reason=words, is_day_unknown=is_unknown, **step)

    def _refuse_money_left(self) -> None:
        """A stop leaves what was paid by then and no more."""
        sums: dict[tuple[int, int], int] = defaultdict(int)
        for (line, source), vnd in ApprovalEntry.objects.on_lines(self.lines).amounts_by("plan_line", "source").items():
            sums[line, source] = vnd
        for one in self._of_kinds(*PastEvent.PAID):
            if one.counted_on <= self.record.effective_on:
                line, _component, source = self._key(one)
                sums[line, source] -= one.paid_vnd
        if any(vnd > 0 for vnd in sums.values()):
            text = _("Đề án ngừng thực hiện chỉ giữ lại số đã chi; văn bản ngừng phải giảm phần chưa chi.")
            raise MoneyRefused(text, code="left")

    def _of_kinds(self, *kinds: str) -> list[PastEvent]:
        return [one for one in self.events if one.kind in kinds]

    def _key(self, event: PastEvent) -> CellKey:
        assert event.source is not None and event.component_id and event.source_id  # a constraint of money
        return (self.line_of_level[event.source.level], event.component_id, event.source_id)

    def _words(self, event: PastEvent | None = None) -> str:
        """“Hồ sơ cũ, nhập từ tệp …; chưa rõ ngày, tính từ ngày …”"""
        with override("vi"):
            marks = event_marks(event, self.first_on, self.contracted_on) if event else []
            return "; ".join([file_in_words(self.record.source), *marks])

    @cached_property
    def _helped(self) -> list[Support]:
        return list(Support.objects.filter(project=self.project).select_related("beneficiary"))

    @property
    def _helped_text(self) -> str:
        return "; ".join(str(one) for one in self._helped)[:255]

    def _grouped(self, events: Sequence[PastEvent]) -> Iterator[tuple[PastEvent, dict[CellKey, int]]]:
        """Those of one paper and day together: the first of them, and what it gives each cell."""
        papers: dict[tuple[str, dt.date], list[PastEvent]] = defaultdict(list)
        for one in events:
            papers[one.number.casefold(), one.counted_on].append(one)
        for rows in papers.values():
            amounts: dict[CellKey, int] = defaultdict(int)
            for one in rows:
                amounts[self._key(one)] += one.vnd
            yield rows[0], amounts

    def _write_contracts(self) -> None:
        sole = self._helped[0].beneficiary if len(self._helped) == 1 else None
        for event, amounts in self._grouped(self._of_kinds(KIND.CONTRACT)):
            refuse_future(event.counted_on)
            contract = self._known_contract(event)
            if contract is None:
                contract = Contract(
                    project=self.project,
                    number=event.number or _unknown_paper(),
                    signed_on=event.counted_on,
                    partner=self._helped_text or _unknown_partner(),
                    beneficiary=sole,
                    subject=self._words(event),
                    recorded_by=self.actor,
                )
                save_once(contract, "number", _("Hợp đồng này đã được ghi nhận."))
            words: Any = {"on": event.counted_on, "nature": Nature.INITIAL, "actor": self.actor}
            write_contract_amounts(contract, self.lines, amounts, reason=self._words(event), **words)
            self.contracts.append(contract)

    def _known_contract(self, event: PastEvent) -> Contract | None:
        """The same paper, of a confirmation that was annulled: its amounts were reversed."""
        number = event.number or _unknown_paper()
        papers = Contract.objects.filter(project=self.project, signed_on=event.counted_on, number__iexact=number)
        return papers.order_by("-pk").first()

    def _write_payments(self) -> None:
        entries = []
        for place, event in enumerate(self._of_kinds(*PastEvent.PAID), start=1):
            line, component, source = self._key(event)
            approved_on = self.approved_on.get((line, source))
            if approved_on is None or event.counted_on < approved_on:
                text = _(
                    "%(event)s trước ngày đề án được duyệt kinh phí (%(on)s): không ngày nào được chi vượt số đã duyệt."
                )
                raise MoneyRefused(
                    text % {"event": event, "on": f"{approved_on or self.first_on:%d/%m/%Y}"}, "before_approval"
                )
            entries.append(
                PaymentEntry(
                    voucher=self._voucher(event, place),
                    plan_line_id=line,
                    component_id=component,
                    source_id=source,
                    kind=event.kind,
                    amount_vnd=event.paid_vnd,
                    effective_on=event.counted_on,
                    contract=self.contracts[0] if len(self.contracts) == 1 else None,
                    beneficiary=self._helped[0].beneficiary if len(self._helped) == 1 else None,
                    reason=self._words(event),
                    recorded_by=self.actor,
                )
            )
        clean_all(entries)
        PaymentEntry.objects.bulk_create(entries)

    def _voucher(self, event: PastEvent, place: int) -> Voucher:
        """One voucher of the file may pay several projects, whose letters are confirmed one after the other."""
        refuse_future(event.counted_on)
        vouchers = Voucher.objects.of_organisation(self.project.organisation_id).for_year(event.counted_on.year)
        number = event.number or self._unknown_number(place)
        if known := vouchers.filter(number__iexact=number).first():
            others = PaymentEntry.objects.filter(voucher=known).exclude(plan_line__project__past_records__goes_on=True)
            if known.issued_on != event.counted_on or known.direction != Direction.OUT or others.exists():
                text = _("Số chứng từ %(number)s đã dùng trong năm %(year)s.")
                raise MoneyRefused(text % {"number": number, "year": known.year}, code="taken")
            return known
        voucher = Voucher(
            organisation_id=self.project.organisation_id,
            year=event.counted_on.year,
            number=number,
            issued_on=event.counted_on,
            direction=Direction.OUT,
            payee=self._helped_text,
            content=self._words(event),
            recorded_by=self.actor,
        )
        save_once(voucher, "number", _("Số chứng từ này đã dùng trong năm %(year)s.") % {"year": voucher.year})
        return voucher

    def _unknown_number(self, place: int) -> str:
        """No two vouchers of a year bear one number; it ends in no digit, so that nobody counts on from it."""
        with override("vi"):
            number = _("Chưa rõ số (%(code)s/%(place)s)")
        text = number % {"code": self.project.code, "place": place}
        return text if len(text) <= LONGEST_NUMBER else number % {"code": self.project.pk, "place": place}

    def _write_settlements(self) -> None:
        for event, amounts in self._grouped(self._of_kinds(KIND.SETTLEMENT)):
            refuse_future(event.counted_on)
            paper = event.number or _unknown_paper()
            words: Any = {"paper": paper, "on": event.counted_on, "reason": self._words(event), "actor": self.actor}
            write_settlement(self.lines, amounts, **words)

    def _steps(self) -> Iterator[tuple[str, dt.date, bool, str]]:
        """Those that the file tells, in the order of the work: name, day, whether nobody knows the day, and words."""
        for name, kind in (
            ("contract", KIND.CONTRACT),
            ("start", ""),
            ("accept", KIND.ACCEPTANCE),
            ("settle", KIND.SETTLEMENT),
        ):
            events = self._of_kinds(kind)
            if events:
                first = min(events, key=lambda one: one.counted_on)
                yield name, first.counted_on, first.stated_on is None, f"{first}. {self._words(first)}"
            elif self.record.outcome == PROJECT_TRANSITIONS[name].target:
                yield self._own_step("start_task" if name == "start" and self._is_task else name)
        if self.record.outcome == PastRecord.Outcome.LIQUIDATED:
            yield self._own_step("liquidate")
        elif self.record.outcome == PastRecord.Outcome.STOPPED:
            yield self._own_step("stop")

    @property
    def _is_task(self) -> bool:
        return self.project.kind == Project.Kind.TASK

    def _own_step(self, name: str) -> tuple[str, dt.date, bool, str]:
        words = f"{self.record}. {self._words()}"
        return name, self.record.effective_on, self.record.stated_on is None, words


def furthest_state(states: Sequence[str]) -> str:
    """The last of these in the order of the work; one of no work is before all."""
    order = {str(state): place for place, state in enumerate(Project.WORK)}
    return max(states, key=lambda state: order.get(state, -1))
