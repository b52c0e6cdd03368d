"""What a run says: module by module, then every survivor by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.mutation.functions import Mutant
from tests.mutation.trials import Outcome

GOAL = 90  # percent
UNKILLABLE = Path(__file__).with_name("unkillable.txt")
HEAD = f"{'':44}{'mutants':>8}{'tried':>7}{'killed':>8}{'survived':>10}{'timed out':>11}{'excused':>9}{'killed':>8}"
ALIVE = (Outcome.SURVIVED, Outcome.UNREACHED)


def excused() -> dict[str, str]:
    """Names of mutants that no test can notice, each with the reason: a comment stands above those it is for."""
    found, reason = {}, ""
    for line in UNKILLABLE.read_text().splitlines():
        if line.startswith("# "):
            reason = line[2:]
        elif line:
            found[line] = reason
    return found


def row_of(mutant: Mutant) -> str:
    return f"{mutant.module}, tables" if mutant.is_of_table else mutant.module


class Tally:
    """The figures of a module, of its tables, or of everything."""

    def __init__(self) -> None:
        self.made = self.tried = self.killed = self.survived = self.timed_out = self.excused = self.broken = 0

    def count(self, outcome: Outcome, is_excused: bool) -> None:
        self.tried += 1
        self.killed += outcome is Outcome.KILLED
        self.timed_out += outcome is Outcome.TIMED_OUT
        self.broken += outcome is Outcome.BROKEN
        self.excused += is_excused and outcome is not Outcome.KILLED
        self.survived += outcome in ALIVE and not is_excused

    @property
    def percent(self) -> float | None:
        """Killed, of those that count; what was timed out or could not be tried is not killed."""
        counted = self.tried - self.excused
        return 100 * self.killed / counted if counted else None

    def line(self, name: str) -> str:
        percent = "–" if self.percent is None else f"{self.percent:.1f} %"
        return (
            f"{name:44}{self.made:8}{self.tried:7}{self.killed:8}{self.survived:10}{self.timed_out:11}"
            f"{self.excused:9}{percent:>8}"
        )


def tallies(made: Mapping[Mutant, object], outcomes: Mapping[Mutant, Outcome]) -> dict[str, Tally]:
    known = excused()
    found: dict[str, Tally] = defaultdict(Tally)
    for mutant in made:
        for name in (row_of(mutant), "All"):
            found[name].made += 1
            if mutant in outcomes:
                found[name].count(outcomes[mutant], mutant.name in known)
    found["All"] = found.pop("All")
    return dict(found)


def report(made: Mapping[Mutant, object], outcomes: Mapping[Mutant, Outcome]) -> str:
    rows = tallies(made, outcomes)
    lines = [HEAD, *(tally.line(name) for name, tally in rows.items())]
    return "\n".join([*lines, "", *_named(outcomes), *_excuses(made, outcomes)]) + "\n"


def _named(outcomes: Mapping[Mutant, Outcome]) -> Iterator[str]:
    known = excused()
    for outcome in (Outcome.BROKEN, Outcome.TIMED_OUT, Outcome.UNREACHED, Outcome.SURVIVED):
        names = sorted(one.name for one, found in outcomes.items() if found is outcome and one.name not in known)
        if names:
            yield f"{outcome.capitalize()} ({len(names)}):"
            yield from (f"  {name}" for name in names)
            yield ""


def _excuses(made: Mapping[Mutant, object], outcomes: Mapping[Mutant, Outcome]) -> Iterator[str]:
    """Those that are excused, and excuses that are needed no more."""
    known, modules = excused(), {mutant.module for mutant in made}
    names = {mutant.name: outcomes.get(mutant) for mutant in made}
    for name, reason in known.items():
        if not any(name.startswith(f"{module}.") for module in modules):
            continue
        if name not in names or names[name] is Outcome.KILLED:
            yield f"Needs no excuse any more: {name}"
        elif names[name] is not None:
            yield f"Excused: {name}\n  {reason}"
