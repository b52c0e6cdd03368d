"""What a letter changed of which no rule says who has to decide it, as its page and the recorder are told."""

from __future__ import annotations

from programmes.models import Decision
from projects.rules.deciders import decider_book, unruled
from projects.services.decision_checks import changes_of


def unruled_changes(decision: Decision) -> list[str]:
    """One sentence for each change and level of money without a rule on the letter's day."""
    on, book = decision.effective_on, decider_book(decision.organisation.province())
    found = dict.fromkeys(changes_of(decision))
    return [unruled(change, level, on) for change, level in found if book.find(change, level, on) is None]
