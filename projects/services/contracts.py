"""Contracts with their amendments, and the settlement of what was done under them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.accounts.models import User
from khuyencong.funding import STATE_LEVELS, Nature
from programmes.models import FundingSource
from projects.models import (
    Beneficiary,
    CellKey,
    Contract,
    ContractEntry,
    PlanLine,
    Project,
    StatusChange,
)
from projects.rules.permissions import hindrance_to_contracting
from projects.rules.transitions import APPROVALS
from projects.rules.workflow import apply_transition
from projects.services.guards import refuse_future, require, require_reason
from projects.services.money_checks import MoneyRefused, lock_lines, refuse_excesses, save_once
from projects.services.money_rows import write_contract_amounts, write_settlement
from projects.services.storing import refuse_amounts


def contracted_cells(contract: Contract) -> dict[CellKey, int]:
    """What the contract gives now to each line × content × source, in đồng."""
    return ContractEntry.objects.of_contract(contract).by_cell()


@transaction.atomic
def record_contract(*, contract: Contract, amounts: Mapping[CellKey, int], actor: User) -> Contract:
    """Records a signed contract; the first one of an approved project moves it to “contracted”.

    Raises NotAllowed, PlanClosed, FutureDate, MoneyRefused or TransitionRefused; then nothing is written.
    """
    lines = _lock_project_lines(contract.project, amounts, actor)
    refuse_future(contract.signed_on, "signed_on")
    _refuse_unnumbered(contract.number, "number", _("Ghi số hợp đồng."))
    _refuse_amounts(amounts, _("Chưa nhập giá trị hợp đồng."))
    _refuse_after_settlement(contract.project_id)
    _refuse_before_approval(contract)
    _refuse_stranger(contract)
    contract.recorded_by = actor
    save_once(contract, "number", _("Hợp đồng này đã được ghi nhận."))
    write_contract_amounts(contract, lines, amounts, on=contract.signed_on, nature=Nature.INITIAL, actor=actor)
    refuse_excesses(lines, contract.signed_on)
    project = Project.objects.get(pk=contract.project_id)
    if project.status == Project.Status.APPROVED:
        with override("vi"):
            words = _("Hợp đồng %(label)s") % {"label": contract.label}
        apply_transition(project, "contract", actor=actor, effective_on=contract.signed_on, reason=words)
    return contract


@transaction.atomic
def amend_contract(
    *, contract: Contract, seen: int, paper: str, on: dt.date, after: Mapping[CellKey, int], reason: str, actor: User
) -> None:
    """Stores an amendment: the amounts *after* it, as changes. ``seen`` is the last entry that the actor had seen.

    Raises NotAllowed, PlanClosed, FutureDate, or Refused, as without a reason; then nothing is written.
    """
    contract = Contract.objects.select_related("project").get(pk=contract.pk)
    lines = _lock_project_lines(contract.project, after, actor)
    refuse_future(on, "on")
    _refuse_after_settlement(contract.project_id)
    _refuse_unnumbered(paper, "paper", _("Ghi số phụ lục hợp đồng."))
    if on < contract.signed_on:
        raise MoneyRefused({"on": _("Ngày phụ lục không được trước ngày ký hợp đồng.")}, code="before_contract")
    require_reason(reason, _("Ghi lý do điều chỉnh hợp đồng."))
    refuse_amounts(after.values())
    if seen != contract.last_entry:
        text = _(
            "Trong lúc bạn nhập, hợp đồng đã được điều chỉnh hoặc đính chính. Số bạn nhập được giữ nguyên; "
            "hãy đối chiếu với cột “Hợp đồng” rồi ghi lại."
        )
        raise MoneyRefused(text, code="changed_meanwhile")
    standing = contracted_cells(contract)
    changes = {key: amount - standing.get(key, 0) for key, amount in after.items()}
    if not any(changes.values()):
        raise MoneyRefused(_("Không có số nào khác với số đang ghi."), code="nothing")
    words = {"paper": paper, "reason": reason}
    write_contract_amounts(contract, lines, changes, on=on, nature=Nature.ADJUSTMENT, actor=actor, **words)
    refuse_excesses(lines, on)


def _refuse_amounts(amounts: Mapping[CellKey, int], nothing: str) -> None:
    refuse_amounts(amounts.values())
    if not any(amounts.values()):
        raise MoneyRefused(nothing, code="nothing")


def _refuse_unnumbered(number: str, field: str, message: str) -> None:
    """A paper is found again by its number."""
    if not number.strip():
        raise MoneyRefused({field: message}, code="no_number")


def _refuse_after_settlement(project_id: int) -> None:
    """No contract is signed or amended after the settlement."""
    if hindrance := hindrance_to_contracting(Project.objects.get(pk=project_id)):
        raise MoneyRefused(hindrance, code="not_running")


def _refuse_before_approval(contract: Contract) -> None:
    approval = StatusChange.objects.of_project(contract.project).named(*APPROVALS).order_by("-pk").first()
    if approval and contract.signed_on < approval.effective_on:
        text = _("Ngày ký hợp đồng trước ngày đề án được phê duyệt (%(on)s).")
        raise MoneyRefused({"signed_on": text % {"on": f"{approval.effective_on:%d/%m/%Y}"}}, code="before_approval")


def _refuse_stranger(contract: Contract) -> None:
    """No contract is signed with an establishment that the project does not help."""
    helped = contract.beneficiary
    if helped is not None and not Beneficiary.objects.of_project(contract.project).filter(pk=helped.pk).exists():
        text = _("“%(name)s” không phải đơn vị thụ hưởng của đề án.") % {"name": helped}
        raise MoneyRefused({"beneficiary": text}, code="not_helped")


def _lock_project_lines(project: Project, amounts: Mapping[CellKey, int], actor: User) -> dict[int, PlanLine]:
    require(actor, "pay", project.organisation_id)
    lines = lock_lines({key[0] for key in amounts}, actor)
    if any(line.project_id != project.pk for line in lines.values()):
        raise MoneyRefused(_("Hợp đồng chỉ gồm kinh phí của một đề án."))
    return lines


@transaction.atomic
def settle_project(
    *, project: Project, paper: str, on: dt.date, amounts: Mapping[CellKey, int], reason: str = "", actor: User
) -> None:
    """Records the settlement file of an accepted project and takes the step “settled”.

    Raises NotAllowed, PlanClosed, FutureDate, MoneyRefused or TransitionRefused; then nothing is written.
    """
    lines = _lock_project_lines(project, amounts, actor)
    refuse_future(on, "on")
    _refuse_unnumbered(paper, "paper", _("Ghi số hồ sơ quyết toán."))
    _refuse_amounts(amounts, _("Chưa nhập số quyết toán nào."))
    sources = FundingSource.objects.filter(pk__in={key[2] for key, vnd in amounts.items() if vnd})
    if sources.exclude(level__in=STATE_LEVELS).exists():
        raise MoneyRefused(_("Chỉ quyết toán kinh phí khuyến công của ngân sách nhà nước."), code="not_state")
    current = Project.objects.get(pk=project.pk)
    with override("vi"):
        words = _("Hồ sơ quyết toán %(paper)s") % {"paper": paper}
    apply_transition(current, "settle", actor=actor, effective_on=on, reason=f"{words}. {reason}".rstrip(". "))
    write_settlement(lines, amounts, paper=paper, on=on, reason=reason, actor=actor)
    refuse_excesses(lines, on)
