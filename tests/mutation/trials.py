"""A session of pytest whose loop tries mutants: tests are collected once, each mutant is a process forked from here."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, partial
from itertools import count
from pathlib import Path
from time import process_time

import pytest

from tests import kept
from tests.mutation.children import Done, Job, run_jobs
from tests.mutation.functions import Mutant, break_all, reached, record_calls
from tests.mutation.tables import record_reads

SURVIVED, KILLED = 0, 1  # what a trial's process returns
PATIENCE = (20, 10)  # seconds of the processor, and how many times what the tests take when nothing is wrong


class Outcome(StrEnum):
    KILLED = "killed"
    SURVIVED = "survived"
    UNREACHED = "reached by no test"
    TIMED_OUT = "timed out"
    BROKEN = "could not be tried"


class Unusable(Exception):
    """No verdict would mean anything: a test fails as it is, or a module's tests don't notice that it is broken."""


@dataclass(frozen=True)
class Seen:
    """Of a test, while nothing is wrong: seconds of the processor, and what it reaches of functions and tables."""

    seconds: float
    reached: frozenset[str]


@dataclass(eq=False)
class Trials:
    """The plugin. ``choose`` is told of every mutant how long its tests take, in seconds, and returns those to try."""

    files: Mapping[str, Sequence[str]]  # of tests, by module
    mutants: Callable[[str], list[Mutant]]
    choose: Callable[[dict[Mutant, float]], list[Mutant]]
    workers: int
    outcomes: dict[Mutant, Outcome] = field(default_factory=dict)
    problem: str = ""
    _seen: dict[str, Seen] = field(default_factory=dict)
    _killers: Counter[tuple[str, str]] = field(default_factory=Counter)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if session.testsfailed:
            return None  # what can't be collected is reported as ever
        self.session, self.items = session, list(session.items)
        with tempfile.TemporaryDirectory(prefix="khuyencong-mutation-") as scratch:
            self.scratch = Path(scratch)
            try:
                self.try_all()
            except Unusable as reason:
                self.problem = str(reason)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os.write(1, f"{report.nodeid}\n{report.longreprtext}\n".encode())

    def try_all(self) -> None:
        make_database(self.session)
        for module in self.files:
            record_calls(module)
            record_reads(module)
        self.watch()
        self.check_that_tests_notice()
        mutants = [mutant for module in self.files for mutant in self.mutants(module)]
        chosen = self.choose({mutant: self.price(mutant) for mutant in mutants})
        jobs = (job for mutant in chosen if (job := self.trial(mutant)))
        for number, done in enumerate(run_jobs(jobs, self.workers), 1):
            self.note(done)
            if number % 100 == 0:
                print(f"{number} of {len(chosen)} tried", flush=True)

    def watch(self) -> None:
        """Runs each test as it is: all must pass, and each leaves what it takes and reaches."""
        files = sorted({item.location[0] for item in self.items})
        print(f"Running {len(self.items)} tests as they are", flush=True)
        jobs = [Job(file, partial(self.in_own_place, partial(self.look_at, file)), 3600) for file in files]
        for done in run_jobs(jobs, self.workers):
            if done.code != SURVIVED:
                raise Unusable(f"{done.subject} fails as it is.\n{done.said}")
        for path in self.scratch.glob("*.json"):
            self._seen |= {name: Seen(row[0], frozenset(row[1])) for name, row in json.loads(path.read_text()).items()}

    def look_at(self, file: str) -> int:
        tell_states_anew()
        items, seen = [item for item in self.items if item.location[0] == file], {}
        for item, seconds in self.run(items):
            seen[item.nodeid] = (seconds, sorted(reached))
        (self.scratch / f"{os.getpid()}.json").write_text(json.dumps(seen))
        return KILLED if self.session.testsfailed else SURVIVED

    def check_that_tests_notice(self) -> None:
        """When every function of a module raises, its tests must fail; else they would let everything pass."""
        jobs = [
            Job(module, partial(self.in_own_place, partial(self.fails, module, partial(break_all, module))), 600)
            for module in self.files
        ]
        for done in run_jobs(jobs, self.workers):
            if done.code != KILLED:
                raise Unusable(f"{done.subject}: its tests don't notice that every function of it raises.\n{done.said}")

    def trial(self, mutant: Mutant) -> Job | None:
        items = self.items_for(mutant)
        if not items:
            self.outcomes[mutant] = Outcome.UNREACHED
            return None
        seconds = PATIENCE[0] + PATIENCE[1] * self.price(mutant)
        return Job(mutant, partial(self.in_own_place, partial(self.fails, mutant.module, mutant.apply, items)), seconds)

    def note(self, done: Done) -> None:
        mutant: Mutant = done.subject
        known: dict[int | None, Outcome] = {SURVIVED: Outcome.SURVIVED, KILLED: Outcome.KILLED}
        self.outcomes[mutant] = Outcome.TIMED_OUT if done.timed_out else known.get(done.code, Outcome.BROKEN)
        if done.code == KILLED:
            self._killers[mutant.module, done.said.rpartition("\n")[2]] += 1
            return
        print(f"{self.outcomes[mutant]}: {mutant.name}", flush=True)
        if self.outcomes[mutant] is Outcome.BROKEN:
            print(done.said, flush=True)

    # What a process of its own does

    def in_own_place(self, work: Callable[[], int]) -> int:
        place = Path(tempfile.mkdtemp(dir=self.scratch))
        try:
            move_to(place)
            return work()
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def fails(self, module: str, change: Callable[[], None], items: Sequence[pytest.Item] | None = None) -> int:
        """Whether one of the tests fails after the change; the name of the test is the last that is said."""
        change()
        for item, _seconds in self.run(items or self.quick_first(module, self.items_of(module))):
            if self.session.testsfailed:
                os.write(1, f"\n{item.nodeid}".encode())
                return KILLED
        return SURVIVED

    def run(self, items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, float]]:
        for item, following in zip(items, [*items[1:], None], strict=True):
            reached.clear()
            begun = process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            yield item, process_time() - begun

    # Which tests

    def items_of(self, module: str) -> list[pytest.Item]:
        return self._items_by_module[module]

    @cached_property
    def _items_by_module(self) -> dict[str, list[pytest.Item]]:
        return {
            module: [item for item in self.items if item.location[0] in files] for module, files in self.files.items()
        }

    def items_for(self, mutant: Mutant) -> list[pytest.Item]:
        items = [item for item in self.items_of(mutant.module) if mutant.place in self._seen[item.nodeid].reached]
        return self.quick_first(mutant.module, items)

    def quick_first(self, module: str, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        """Those that have noticed something in this module before, then the quick ones."""
        return sorted(
            items, key=lambda item: (-self._killers[module, item.nodeid], self._seen[item.nodeid].seconds, item.nodeid)
        )

    def price(self, mutant: Mutant) -> float:
        return sum(self._seen[item.nodeid].seconds for item in self.items_for(mutant))


def make_database(session: pytest.Session) -> None:
    """Migrated once; every process takes a copy."""
    from django.db import connections
    from django.test.utils import setup_databases
    from pytest_django.plugin import blocking_manager_key

    if connections["default"].vendor != "sqlite":
        raise Unusable("Mutants are tried on SQLite; unset DATABASE_URL.")
    with session.config.stash[blocking_manager_key].unblock():
        setup_databases(verbosity=0, interactive=False)
        connections.close_all()


def tell_states_anew() -> None:
    """A state that tests have in common is told for each of them, so that each is seen to reach what tells it."""
    number = count()
    kept.described = lambda rows: str(next(number))


def move_to(place: Path) -> None:
    """This process reads and writes its own copy of the database and its own folder of uploads."""
    import django.test.utils
    from django.conf import settings
    from django.db import connections

    database = connections["default"].settings_dict
    database["NAME"] = shutil.copy(database["NAME"], place / "test.sqlite3")
    settings.MEDIA_ROOT = place / "media"
    django.test.utils.setup_databases = lambda **options: []
    django.test.utils.teardown_databases = lambda *databases, **options: None
