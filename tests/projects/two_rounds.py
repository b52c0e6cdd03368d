"""What becomes of a project in two rounds, told by hand: each round has one more project, and every step says what it
leads to, or that it can't be taken. Of the program it knows nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

A, B = 0, 1
BEYOND = ("endorsed", "forwarded", "approved")
Step = tuple[str, int | None]


@dataclass(frozen=True)
class Told:
    """``rounds``, ``lines`` (of the shared project) and ``own`` (the other project of each) by round; ``hand`` is where
    the shared project is: centre, department, withdrawn; ``granted`` are the rounds by whose letter it got money, in
    their order."""

    rounds: tuple[str, ...] = ("draft", "draft")
    lines: tuple[str, ...] = ("waiting", "waiting")
    own: tuple[str, ...] = ("waiting", "waiting")
    hand: str = "centre"
    granted: tuple[int, ...] = ()

    @property
    def project(self) -> str:
        """Appraised when every line is (but for what was refused), returned when any is, refused when all are."""
        if self.hand == "withdrawn" or self.granted:
            return "approved" if self.granted else "withdrawn"
        if self.hand == "centre":
            return "returned" if "returned" in self.lines else "draft"
        if "waiting" in self.lines:
            return "submitted"
        return "appraised" if "accepted" in self.lines else "refused"

    def is_resolved(self, at: int) -> bool:
        """Whether a conclusion of that round stands for each of its projects that were not withdrawn."""
        return self.is_shared_resolved(at) and self.own[at] != "waiting"

    def is_shared_resolved(self, at: int) -> bool:
        is_concluded = self.lines[at] in ("accepted", "refused", "dropped")
        return self.hand == "withdrawn" or (self.hand == "department" and is_concluded)

    def is_open(self, at: int) -> bool:
        """Whether the shared project waits there for a letter, once its round is forwarded."""
        return self.hand == "department" and self.lines[at] == "accepted" and at not in self.granted

    @property
    def in_play(self) -> Told:
        """Without what no step reads any more: once the project is back with the Centre, which sends it anew, or is
        withdrawn, what was concluded of its lines, but that one is returned or that a letter dropped it."""
        told = {"centre": "returned", "withdrawn": "dropped"}.get(self.hand)
        return replace(self, lines=tuple(one if one == told else "waiting" for one in self.lines)) if told else self

    def put(self, at: int, **values: str) -> Told:
        """With these of the round: ``rounds``, ``lines`` or ``own``."""
        changed: dict[str, Any] = {}
        for name, value in values.items():
            first, second = getattr(self, name)
            changed[name] = (value, second) if at == A else (first, value)
        return replace(self, **changed)

    def sent(self) -> Told:
        """What was said of it was said of another text."""
        return replace(self, hand="department", lines=("waiting", "waiting"))


def steps(told: Told) -> Iterator[Step]:
    """All that may be tried. A letter decides all of its round that waits for one; one that leaves the shared project
    for another letter is not told of."""
    for name in ("submit", "recall", "accept", "return", "refuse", "reconsider"):
        yield from ((name, at) for at in (A, B))
    for name in ("endorse", "return_round", "reopen", "forward", "grant", "drop", "cancel"):
        yield from ((name, at) for at in (A, B))
    yield from (("pass_by", at) for at in (A, B) if not told.is_open(at))
    yield from (("resend", None), ("withdraw", None))


def led_to(told: Told, step: Step) -> Told | None:
    """Where the step leads; None where it can't be taken."""
    name, at = step
    if at is None:
        return _of_project(told, name)
    if name in ("accept", "return", "refuse", "reconsider"):
        return _of_line(told, name, at) if told.rounds[at] == "submitted" else None
    if name in ("grant", "drop", "pass_by", "cancel"):
        return _of_letter(told, name, at)
    return _of_round(told, name, at)


def _of_project(told: Told, name: str) -> Told | None:
    if name == "resend":
        return told.sent() if told.project == "returned" and "submitted" in told.rounds else None
    can = told.project in ("draft", "submitted", "returned", "appraised")
    return replace(told, hand="withdrawn") if can else None


def _of_line(told: Told, name: str, at: int) -> Told | None:
    if told.hand != "department" or at in told.granted:
        return None
    if name == "reconsider":
        return told.put(at, lines="waiting") if told.lines[at] in ("accepted", "refused", "dropped") else None
    if told.lines[at] != "waiting":
        return None
    if name == "return":  # no text is rewritten on which another round or a letter stands
        stands = told.rounds[1 - at] in BEYOND or told.granted
        return None if stands else replace(told.put(at, lines="returned"), hand="centre")
    return told.put(at, lines={"accept": "accepted", "refuse": "refused"}[name])


def _of_round(told: Told, name: str, at: int) -> Told | None:
    status = told.rounds[at]
    is_ready = {
        "submit": status in ("draft", "returned"),
        "recall": status == "submitted" and told.own[at] == "waiting" and _is_untouched(told, at),
        "endorse": status == "submitted" and told.is_shared_resolved(at),
        "return_round": status == "submitted" and told.project == "returned",
        "reopen": status in ("endorsed", "forwarded"),
        "forward": status == "endorsed" and told.is_resolved(at),
    }
    if not is_ready[name]:
        return None
    targets = {"recall": "draft", "endorse": "endorsed", "return_round": "returned", "forward": "forwarded"}
    after = told.put(at, rounds=targets.get(name, "submitted"))
    if name == "endorse" and told.own[at] == "waiting":  # the other project is accepted right before
        after = after.put(at, own="accepted")
    if name == "submit" and told.hand == "centre":
        return after.sent()
    is_sent = after.rounds[1 - at] in ("submitted", *BEYOND)
    if name == "recall" and told.hand == "department" and not is_sent:
        return replace(after.sent(), hand="centre")
    return after


def _is_untouched(told: Told, at: int) -> bool:
    return told.hand == "withdrawn" or (told.hand == "department" and told.lines[at] == "waiting")


def _of_letter(told: Told, name: str, at: int) -> Told | None:
    """One letter decides all of the round that waits for it."""
    if name == "cancel":
        return _cancelled(told, at) if told.rounds[at] == "approved" else None
    if told.rounds[at] != "forwarded" or told.is_open(at) == (name == "pass_by"):
        return None
    after = told.put(at, rounds="approved", own="granted")
    if name == "grant":
        return replace(after, granted=(*told.granted, at))
    return after.put(at, lines="dropped") if name == "drop" else after


def _cancelled(told: Told, at: int) -> Told | None:
    is_dropped = told.lines[at] == "dropped"
    if (is_dropped and told.hand == "withdrawn") or (len(told.granted) > 1 and told.granted[0] == at):
        return None  # something rests on it
    after = told.put(at, rounds="forwarded", own="accepted")
    after = replace(after, granted=tuple(one for one in told.granted if one != at))
    return after.put(at, lines="accepted") if is_dropped else after
