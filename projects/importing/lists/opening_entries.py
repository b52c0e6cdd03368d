"""A project as an old list states it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from programmes.models import ActivityType
from projects.importing.lists.money_levels import LEVELS
from projects.importing.lists.opening_letters import LettersReader, OldLetter
from projects.importing.lists.plan_words import RowWords
from projects.importing.lists.said_parts import names_helped
from projects.importing.proposals import ProposedRow
from projects.models import PastRecord


@dataclass(frozen=True)
class Grant:
    """What one letter approves from one source, in đồng, less than nothing where it takes back; ``content`` is None as
    long as nobody said it."""

    letter: OldLetter
    level: str
    vnd: int
    content: ActivityType | None = None


@dataclass(frozen=True)
class Done:
    """One thing that was done, in đồng; see :class:`projects.models.PastEvent`."""

    kind: str
    number: str
    stated_on: dt.date | None
    counted_on: dt.date
    vnd: int | None = None
    level: str = ""
    content: ActivityType | None = None


@dataclass
class Told:
    """All that a project's rows tell, with the state that follows of it; ``taken_back``: what the letter of a stop
    takes of the money that others gave."""

    done: list[Done] = field(default_factory=list)
    outcome: str = PastRecord.Outcome.APPROVED
    stated_on: dt.date | None = None
    counted_on: dt.date | None = None
    taken_back: list[Grant] = field(default_factory=list)


@dataclass
class Portion:
    """One of the rows that tell of a project, with its money by column in đồng."""

    proposed: ProposedRow
    found: dict[str, int | None]
    words: RowWords = field(default_factory=RowWords)


@dataclass(frozen=True)
class RegisterEntry:
    """What the sheet of establishments says of one."""

    address: str = ""
    representative: str = ""
    phone: str = ""
    workers: str = ""
    is_women_owned: bool = False


@dataclass
class OpeningEntry:
    """A project as its rows state it; ``book`` knows all letters of the list, those without rows too."""

    name: str
    code: str
    all_words: Sequence[RowWords]
    source: str
    book: LettersReader
    grants: list[Grant] = field(default_factory=list)
    told: Told = field(default_factory=Told)
    progress: str = ""
    notes: str = ""
    register: Mapping[str, RegisterEntry] = field(default_factory=dict)

    @property
    def helped(self) -> str:
        return names_helped(self.all_words)

    @property
    def approved(self) -> int:
        return sum(one.vnd for one in self.grants)

    @property
    def letters(self) -> list[OldLetter]:
        return list({one.letter.key: one.letter for one in self.grants}.values())

    @property
    def amounts(self) -> dict[str, int | None]:
        """What was approved before anything of it was taken back, as a plan's money is told apart; empty as long as
        nobody said whose it is."""
        found: dict[str, int] = defaultdict(int)
        for one in self.grants:
            found[one.level] += max(one.vnd, 0)
        return {key: found[level] for key, level in LEVELS.items() if found.get(level)}
