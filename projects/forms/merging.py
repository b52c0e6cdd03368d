"""Three texts of one record made into one: what a page was opened with, what is stored now, what was typed.

Values are texts, or mappings of values: the rows of a list, the cells of a row. Where all three are mappings the
merge goes inside, so two people may change two cells of one row. Nothing here knows of requests or of the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

Value = str | Mapping[str, Any] | None  # None: not there
Values = dict[str, Value]
Path = tuple[str, ...]

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Clash:
    """Something that both sides changed, and differently."""

    path: Path
    original: Value
    theirs: Value
    yours: Value


@dataclass(frozen=True)
class Merge:
    """What to show or store: yours where a clash is not decided. Only the others changed what is ``taken``."""

    values: Values
    taken: tuple[Path, ...] = ()
    clashes: tuple[Clash, ...] = ()


@dataclass(frozen=True)
class Opened:
    """What a page was opened with: a version of the record, and the clashes that the page asks the user to decide.

    ``asked`` holds their paths, each with what stood there before either side changed it; the stored side of each is
    in ``values``.
    """

    version: int
    values: Values
    asked: tuple[tuple[Path, Value], ...] = ()

    def choices(self, posted: Mapping[str, Any]) -> dict[Path, str]:
        """What the user chose for each clash, read from the fields of the page by their number."""
        return {path: str(posted.get(choice_name(index), "")) for index, (path, _original) in enumerate(self.asked)}


def choice_name(index: int) -> str:
    """The name of the field in which the clash of that number is decided."""
    return f"choice-{index}"


def merge(base: Mapping[str, Any], theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> Merge:
    """Brings two changes of one base together, in the order of yours."""
    values: Values = {}
    taken: list[Path] = []
    clashes: list[Clash] = []
    for name in dict.fromkeys([*yours, *theirs, *base]):
        original, other, own = base.get(name), theirs.get(name), yours.get(name)
        if isinstance(original, Mapping) and isinstance(other, Mapping) and isinstance(own, Mapping):
            inner = merge(original, other, own)
            own = inner.values
            taken += [(name, *path) for path in inner.taken]
            clashes += [replace(clash, path=(name, *clash.path)) for clash in inner.clashes]
        elif _same(own, original) and not _same(other, original):
            own = other
            taken.append((name,))
        elif not _same(other, original) and not _same(other, own):
            clashes.append(Clash((name,), original, other, own))
        if own is not None:
            values[name] = own
    return Merge(values, tuple(taken), tuple(clashes))


def reconcile(opened: Opened, stored: Opened, yours: Values, choices: Mapping[Path, str]) -> Merge:
    """Merges what was typed with what is stored now, after what the page asked was decided.

    A clash that the page asked about and that nobody decided stays one.
    """
    undecided: dict[Path, Clash] = {}
    for path, original in opened.asked:
        if choices.get(path) == THEIRS:
            yours = put(yours, path, at(opened.values, path))
        elif choices.get(path) != MINE:
            undecided[path] = Clash(path, original, at(stored.values, path), at(yours, path))
    found = merge(opened.values, stored.values, yours)
    clashes = undecided | {clash.path: clash for clash in found.clashes}
    return replace(found, clashes=tuple(clashes.values()))


def at(values: Value, path: Path) -> Value:
    """What stands at the path; None where nothing does."""
    for name in path:
        if not isinstance(values, Mapping):
            return None
        values = values.get(name)
    return values


def put(values: Mapping[str, Any], path: Path, value: Value) -> Values:
    """A copy with the value at the path, None to remove it; unchanged where the row of the cell is gone."""
    name, *rest = path
    changed = dict(values)
    if rest:
        inner = changed.get(name)
        if isinstance(inner, Mapping):
            changed[name] = put(inner, tuple(rest), value)
    elif value is None:
        changed.pop(name, None)
    else:
        changed[name] = value
    return changed


def _same(one: Value, other: Value) -> bool:
    """An empty text and nothing at all are the same to a reader."""
    return (one or None) == (other or None)
