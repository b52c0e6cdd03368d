"""Cancelling what was recorded of a letter by mistake, whole or a 0 of it: nothing is deleted, it waits again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import Decision, DecisionChange
from projects.models import PlanLine
from projects.papers.notices import letter_recorded
from projects.rules.what_rests import dropped_lines, what_rests_on
from projects.services.decision_checks import DecisionRefused
from projects.services.guards import require_reason
from projects.services.letter_rows import standing_amounts, take_back
from projects.services.letter_undoing import amend, hold_letter, undo_drop, undo_steps


@transaction.atomic
def cancel_decision(*, decision: Decision, reason: str, actor: User) -> Decision:
    """Corrects each entry of the letter to nothing on its own day; projects that it approved or dropped are appraised
    again, past records wait again, rounds are forwarded again. As recorded before, the letter stood.

    Raises NotAllowed, PlanClosed, and Refused: without a reason, for what rests on the letter, by how much where others
    would be left without assigned money; then nothing is written.
    """
    current, plans = hold_letter(decision, actor)
    require_reason(reason, _("Ghi lý do hủy văn bản."))
    if problems := what_rests_on(current):
        raise DecisionRefused(problems, code="rests")
    undo_steps(current, reason, actor)
    take_back(standing_amounts(current), plans, reason, actor)
    current.is_cancelled = True
    change = DecisionChange(decision=current, field=DecisionChange.CANCELLED, reason=reason, recorded_by=actor)
    amend(current, [change], "is_cancelled")
    letter_recorded(current, *plans, actor=actor, slip=reason)
    return current


@transaction.atomic
def restore_line(*, decision: Decision, line: PlanLine, reason: str, actor: User) -> PlanLine:
    """Takes back a 0 that was typed by mistake and dropped the line: it is appraised again, and its amount is recorded
    under the same letter. The letter's other lines stay as they are.

    Raises NotAllowed, PlanClosed, and Refused: without a reason, for a line that the letter did not drop, or of which
    something was decided since; then nothing is written.
    """
    current, plans = hold_letter(decision, actor)
    require_reason(reason, _("Ghi lý do xét lại đề án."))
    found = [(one, step) for one, step in dropped_lines(current) if one.pk == line.pk]
    if not found:
        raise DecisionRefused(
            _("Văn bản này không loại đề án đó, hoặc đề án đã được quyết định lại."), code="not_dropped"
        )
    undo_drop(*found[0], reason, actor)
    letter_recorded(current, *plans, actor=actor, slip=reason)
    return found[0][0]
