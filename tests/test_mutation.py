"""The tool that tries the tests: tests are named for every module, and it makes the changes that it should."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.mutation.functions import ROOT, Mutant, mutants_of, reached, record_calls
from tests.mutation.named import NAMED, TESTS
from tests.mutation.tables import record_reads, table_mutants_of

RULES = {
    "projects.ledger.line_limits",
    *(f"projects.rules.{name}" for name in ("permissions", "transitions", "workflow", "deciders", "norms", "warnings")),
    *("projects.rules.plan_years", "projects.rules.double_support", "projects.rules.dossiers"),
    *("projects.rules.review_work", "projects.rules.double_acts", "projects.rules.hindrances"),
    "projects.rules.priority",
    "projects.rules.adjustments",
}
SAMPLE = '''
from __future__ import annotations
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

class Role(StrEnum):
    HEAD = "head"
    STAFF = "staff"

@dataclass(frozen=True)
class Step:
    name: str
    roles: tuple[Role, ...]
    needs_reason: bool
    not_by: tuple[str, ...] = ()

STEPS = {"send": Step("send", (Role.HEAD,), False), "judge": Step("judge", (Role.HEAD,), True, ("send",))}
SHARES = {"low": 30, "high": 50}
OPEN = (Role.HEAD,)
ALSO_OPEN = OPEN

class Plan:
    CLOSED = (Role.STAFF,)

@cache
def refuse(amount: int) -> str:
    """Says why not."""
    if amount > 5:
        return gettext("Quá %(amount)s") % {"amount": amount}
    log(amount)
    rows.select_related("plan").filter(kind="task")
    return ""

def gettext(words): return words
def log(amount): pass
class rows:
    select_related = classmethod(lambda cls, name: cls)
    filter = classmethod(lambda cls, kind: cls)
'''


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    (tmp_path / "sample_of_code.py").write_text(SAMPLE)
    monkeypatch.syspath_prepend(tmp_path)
    import sample_of_code

    yield sample_of_code
    del sys.modules["sample_of_code"]


def names_of(mutants: list[Mutant]) -> list[str]:
    return [mutant.name.removeprefix("sample_of_code.") for mutant in mutants]


def test_every_service_and_rule_has_tests_named_for_it() -> None:
    services = {path.stem for path in (ROOT / "projects" / "services").glob("*.py")} - {"__init__"}
    assert set(NAMED) == {f"projects.services.{name}" for name in services} | RULES
    files = {file for files in TESTS.values() for file in files}
    assert [file for file in sorted(files) if not (ROOT / file).exists()] == []


def test_checks_and_calls_are_taken_out_and_words_and_fetching_left_alone(sample: ModuleType) -> None:
    names = [name for name in names_of(mutants_of("sample_of_code")) if name.startswith("refuse: ")]
    assert "refuse: if amount > 5: → if False:" in names
    assert "refuse: if amount > 5: → if amount >= 5:" in names
    assert "refuse: log(amount) → pass" in names
    assert 'refuse: return "" → return "XXXX"' in names
    assert [name for name in names if 'kind="XXtaskXX"' in name]
    assert not [name for name in names if "Quá" in name or "Says" in name or "XXplanXX" in name]
    assert len(names) == len(set(names))


def test_a_change_reaches_a_function_under_its_decorators(sample: ModuleType) -> None:
    assert sample.refuse(9) == "Quá 9"
    sample.refuse.cache_clear()
    [mutant] = [one for one in mutants_of("sample_of_code") if one.name.endswith("→ if False:")]
    assert mutant.place == "sample_of_code.refuse"
    mutant.apply()
    assert sample.refuse(9) == ""


def test_tables_are_changed_entry_by_entry(sample: ModuleType) -> None:
    mutants = table_mutants_of("sample_of_code")
    assert names_of(mutants) == [
        "STEPS[send].roles: without head",
        "STEPS[send].roles: with staff",
        "STEPS[send].needs_reason: False → True",
        "STEPS[send].not_by: with send",
        "STEPS[judge].roles: without head",
        "STEPS[judge].roles: with staff",
        "STEPS[judge].needs_reason: True → False",
        "STEPS[judge].not_by: without send",
        "SHARES[low]: 30 → 31",
        "SHARES[high]: 50 → 51",
        "OPEN: without head",
        "OPEN: with staff",
        "Plan.CLOSED: without staff",
        "Plan.CLOSED: with head",
    ]
    for mutant in mutants[1], mutants[8], mutants[11], mutants[13]:
        mutant.apply()
    assert sample.STEPS["send"].roles == ("head", "staff") and sample.SHARES["low"] == 31
    assert sample.OPEN == sample.ALSO_OPEN == ("head", "staff") and sample.Plan.CLOSED == ("staff", "head")


def test_what_a_test_reaches_is_known(sample: ModuleType) -> None:
    record_calls("sample_of_code")
    record_reads("sample_of_code")
    for read, place in (
        (lambda: sample.refuse(3), "refuse"),
        (lambda: sample.STEPS["send"], "STEPS[send]"),
        (lambda: "head" in sample.ALSO_OPEN, "OPEN"),
    ):
        reached.clear()
        read()
        assert f"sample_of_code.{place}" in reached
    reached.clear()
    assert len({**sample.SHARES}) == len(reached) == 2
    table_mutants_of("sample_of_code")[0].apply()
    assert sample.STEPS["send"].roles == ()
