"""Cancelling a letter that was recorded by mistake, as a whole: nothing is deleted, and what it decided waits again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import Decision, DecisionChange
from projects.papers.notices import letter_recorded
from projects.rules.what_rests import what_rests_on
from projects.services.decision_checks import DecisionRefused
from projects.services.letter_rows import standing_amounts, take_back
from projects.services.letter_undoing import amend, hold_letter, undo_steps


@transaction.atomic
def cancel_decision(*, decision: Decision, reason: str, actor: User) -> Decision:
    """Corrects each entry of the letter to nothing on its own day; projects that it approved or dropped are appraised
    again, past records wait again, rounds are forwarded again. As recorded before, the letter stood.

    Raises NotAllowed, PlanClosed, and DecisionRefused or TransitionRefused: without a reason, for what rests on the
    letter, by how much where others would be left without assigned money; then nothing is written.
    """
    current, plans = hold_letter(decision, actor)
    if not reason.strip():
        raise DecisionRefused({"reason": _("Ghi lý do hủy văn bản.")}, code="no_reason")
    if problems := what_rests_on(current):
        raise DecisionRefused(problems, code="rests")
    undo_steps(current, reason, actor)
    take_back(standing_amounts(current), plans, reason, actor)
    current.is_cancelled = True
    change = DecisionChange(decision=current, field=DecisionChange.CANCELLED, reason=reason, recorded_by=actor)
    amend(current, [change], "is_cancelled")
    letter_recorded(current, *plans, actor=actor, slip=reason)
    return current
