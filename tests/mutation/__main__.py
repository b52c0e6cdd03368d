"""``python -m tests.mutation [module …]``: how many wrong changes the tests notice."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections import defaultdict

import pytest

from tests.mutation.functions import ROOT, Mutant, mutants_of
from tests.mutation.named import SETS, TESTS
from tests.mutation.report import GOAL, report, tallies
from tests.mutation.tables import table_mutants_of
from tests.mutation.trials import Trials

HOUR = 3600
# What a mutant takes: a process of its own, and the part of its tests that runs before one fails or all have passed.
SECONDS, PART = 0.2, 0.15
OPTIONS = ["-qq", "-s", "-p", "no:cacheprovider", "--hypothesis-seed=0", "-m"]
LEFT_OUT = "not browser and not office and not concurrency"  # slow, or of no use on SQLite


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutate ARGS=…", description=__doc__)
    parser.add_argument("modules", nargs="*", default=list(TESTS), help="as projects.ledger.line_limits; else all")
    parser.add_argument("--only", default="", help="mutants whose name contains this")
    parser.add_argument("--sample", type=int, default=500, help="functions' mutants to try when all take over an hour")
    parser.add_argument("--all", action="store_true", help="try all of them, however long it takes")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    given = parser.parse_args()
    if unknown := set(given.modules) - set(TESTS):
        parser.error(f"no tests are named for {', '.join(sorted(unknown))} (tests/mutation/named.py)")
    return given


def chosen(prices: dict[Mutant, float], given: argparse.Namespace) -> list[Mutant]:
    """All, or where that would take over an hour a sample of the functions' mutants, and all of the tables'."""
    hours = sum(SECONDS + PART * price for price in prices.values()) / given.workers / HOUR
    functions = [mutant for mutant in prices if not mutant.is_of_table]
    tables = [mutant for mutant in prices if mutant.is_of_table]
    print(f"{len(functions)} mutants of functions, {len(tables)} of tables: about {hours:.1f} hours", flush=True)
    if given.all or hours <= 1 or len(functions) <= given.sample:
        return list(prices)
    return [*sample(functions, given.sample / len(functions), given.seed), *tables]


def sample(mutants: list[Mutant], share: float, seed: int) -> list[Mutant]:
    """The same share of each module. A mutant's name and the seed decide, so that other code's changes don't."""

    def lot(mutant: Mutant) -> bytes:
        return hashlib.sha256(f"{seed} {mutant.name}".encode()).digest()

    modules = defaultdict(list)
    for mutant in mutants:
        modules[mutant.module].append(mutant)
    return [
        mutant for found in modules.values() for mutant in sorted(found, key=lot)[: max(1, round(share * len(found)))]
    ]


def main() -> int:
    given = arguments()
    made: dict[Mutant, float] = {}

    def mutants(module: str) -> list[Mutant]:
        functions = [] if module in SETS else mutants_of(module)
        return [one for one in (*functions, *table_mutants_of(module)) if given.only in one.name]

    def choose(prices: dict[Mutant, float]) -> list[Mutant]:
        made.update(prices)
        return chosen(prices, given)

    files = {module: TESTS[module] for module in given.modules}
    trials = Trials(files, mutants, choose, given.workers)
    tests = sorted({file for named in files.values() for file in named})
    code = pytest.main([*tests, *OPTIONS, LEFT_OUT], plugins=[trials])
    if code or trials.problem:
        print(trials.problem, file=sys.stderr)
        return 2
    text = report(made, trials.outcomes)
    (ROOT / "var").mkdir(exist_ok=True)
    (ROOT / "var" / "mutation.txt").write_text(text)
    print(f"\n{text}\nAlso in var/mutation.txt")
    total = tallies(made, trials.outcomes)["All"]
    return int(bool(total.broken) or (total.percent or 0) < GOAL)


if __name__ == "__main__":
    sys.exit(main())
