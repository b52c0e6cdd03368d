"""Wrong changes to tables, entry by entry: a role more or less, another target, a check that is not asked.

A table is a constant of a module: rights, transitions, who decides, which statuses count. Every one is found by its
capital letters, so a new one is tried without being named here. Texts are left alone.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from functools import partial
from importlib import import_module
from operator import attrgetter
from typing import Any

from tests.mutation.functions import Mutant, reached, source_of
from tests.there import there

KINDS = (tuple, list, set, frozenset)
SETS = tuple | list | set | frozenset
PACKAGES = ("khuyencong", "programmes", "projects", "reports", "tests")
# These only stand inside other tables, where each entry is tried by itself.
INGREDIENTS = {"EVERY_ROLE", "CENTRE_WRITERS"}
# What a record of a table is called is not what it says.
OWN_NAMES = {"code", "name"}


@dataclass(frozen=True)
class Slot:
    """A single entry of a table: what stands there, what stands in the same place of the other records."""

    name: str
    value: Any
    put: Callable[[Any], None]
    others: list[Any] = field(default_factory=list)


def table_mutants_of(module: str) -> list[Mutant]:
    """All wrong changes to the tables of that module."""
    return [
        Mutant(
            f"{module}.{slot.name}: {what}", module, place_of(f"{module}.{slot.name}"), partial(slot.put, wrong), True
        )
        for constant in constants_of(module)
        for slot in slots(Slot(constant, value_of(module, constant), rebinding(module, constant)))
        for what, wrong in variants(slot)
    ]


def place_of(name: str) -> str:
    """“RIGHTS[plan]” of “RIGHTS[plan].roles”: what is read at once."""
    return there(re.match(r"[^\]]*\]|.*", name))[0]


def record_reads(module: str) -> None:
    """Each entry of a table, and each set, says in ``reached`` that it was looked at."""
    for constant in constants_of(module):
        name, value = f"{module}.{constant}", value_of(module, constant)
        if isinstance(value, dict):
            rebinding(module, constant)(WatchedTable(name, value))
        elif isinstance(value, tuple | frozenset) and value:
            rebinding(module, constant)(watched_set(name, value))


class WatchedTable(dict[Any, Any]):
    def __init__(self, name: str, entries: Mapping[Any, Any]) -> None:
        super().__init__(entries)
        self.name = name

    def __getitem__(self, key: Any) -> Any:
        reached.add(f"{self.name}[{word(key)}]")
        return super().__getitem__(key)

    def get(self, key: Any, default: Any = None) -> Any:
        if key not in self:
            return default
        return self[key]

    def __iter__(self) -> Iterator[Any]:
        return super().__iter__()  # with an own one, {**table} asks for each entry

    def values(self) -> list[Any]:  # type: ignore[override]  # a list of what is asked for is enough
        return [self[key] for key in self]

    def items(self) -> list[tuple[Any, Any]]:  # type: ignore[override]  # likewise
        return [(key, self[key]) for key in self]


def watched_set(name: str, value: Any) -> Any:
    class Watched(type(value)):  # type: ignore[misc]  # whatever set it is
        def __contains__(self, one: Any) -> bool:
            reached.add(name)
            return super().__contains__(one)

        def __iter__(self) -> Iterator[Any]:
            reached.add(name)
            return super().__iter__()

    return Watched(value)


def constants_of(module: str) -> list[str]:
    """Names in capitals to which the module or a class of it (``Project.RUNNING``) gives a value of its own."""
    body = ast.parse(source_of(module)).body
    classes = [node for node in body if isinstance(node, ast.ClassDef) and not is_enumeration(module, node.name)]
    places = [("", body), *((f"{node.name}.", node.body) for node in classes)]
    return [
        f"{prefix}{target.id}"
        for prefix, statements in places
        for node in statements
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in [node.target if isinstance(node, ast.AnnAssign) else node.targets[0]]
        if isinstance(target, ast.Name) and target.id.isupper() and target.id not in INGREDIENTS
        if not isinstance(node.value, ast.Name | ast.Constant)  # another name for the same; no table
    ]


def is_enumeration(module: str, name: str) -> bool:
    """The members of one are what they are called; what is said with them stands elsewhere."""
    return issubclass(value_of(module, name), Enum)


def value_of(module: str, constant: str) -> Any:
    return attrgetter(constant)(import_module(module))


def slots(slot: Slot) -> Iterator[Slot]:
    """The single entries, however deep; those of a record are named by their fields."""
    value = slot.value
    if isinstance(value, Mapping):
        for key, entry in value.items():
            put = lambda new, key=key: value.update({key: new})  # type: ignore[attr-defined]  # noqa: E731
            yield from slots(Slot(f"{slot.name}[{word(key)}]", entry, put, list(value.values())))
    elif is_dataclass(value):
        for name in (one.name for one in fields(value) if one.name not in OWN_NAMES):
            put = lambda new, name=name: object.__setattr__(value, name, new)  # noqa: E731
            others = [getattr(other, name) for other in slot.others if type(other) is type(value)]
            yield from slots(Slot(f"{slot.name}.{name}", getattr(value, name), put, others))
    else:
        yield slot


def variants(slot: Slot) -> Iterator[tuple[str, Any]]:
    """What could stand there by mistake."""
    value, others = slot.value, slot.others
    if isinstance(value, bool):
        yield f"{value} → {not value}", not value
    elif isinstance(value, Enum):
        wrong = following(value, list(type(value)))
        yield f"{word(value)} → {word(wrong)}", wrong
    elif isinstance(value, int):
        yield f"{value} → {value + 1}", value + 1
    elif value is None and any(isinstance(other, int) for other in others):
        yield "None → 0", 0
    elif isinstance(value, str) and others and all(isinstance(other, str) for other in others):
        wrong = following(value, others)
        yield f"{value} → {wrong}", wrong
    elif isinstance(value, SETS) and all(isinstance(one, str) for one in value):
        yield from with_and_without(slot)
    elif callable(value):
        yield "not asked", None


def with_and_without(slot: Slot) -> Iterator[tuple[str, Any]]:
    """One less, and one more of those that stand in other records or belong to the same enumeration."""
    value = slot.value
    kind = next(one for one in KINDS if isinstance(value, one))
    for one in sorted(value, key=word):
        yield f"without {word(one)}", kind(other for other in value if other != one)
    known = {one for other in (value, *slot.others) if isinstance(other, SETS) for one in other}
    known |= {member for one in known if isinstance(one, Enum) for member in type(one)}
    for one in sorted(known - set(value), key=word):
        yield f"with {word(one)}", kind([*value, one])


def following(one: Any, all_of_them: list[Any]) -> Any:
    return all_of_them[(all_of_them.index(one) + 1) % len(all_of_them)]


def word(key: Any) -> str:
    return str(key.value) if isinstance(key, Enum) else str(key)


def rebinding(module: str, constant: str) -> Callable[[Any], None]:
    """Gives the constant another value wherever it stands, under whatever name in capitals."""
    own_name = constant.rpartition(".")[2]

    def put(wrong: Any) -> None:
        right = value_of(module, constant)
        for holder in holders(module):
            for key, value in list(vars(holder).items()):
                if value is right and key.isupper() and (key == own_name or isinstance(value, SETS)):
                    setattr(holder, key, wrong)

    return put


def holders(home: str) -> Iterator[Any]:
    """Our modules, and the classes that each defines."""
    for name, module in list(sys.modules.items()):
        if name == home or name.partition(".")[0] in PACKAGES:
            yield module
            yield from (one for one in vars(module).values() if isinstance(one, type) and one.__module__ == name)
