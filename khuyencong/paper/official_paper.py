"""An official paper as data: what it says from head to signatures, from which its page and its Word file are made.

It holds texts alone, as they are read: amounts are written out, names are those of the day. So it can be kept as JSON
and compared with what it would say today.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from difflib import SequenceMatcher
from typing import Any, ClassVar

from khuyencong.official import DocumentHead


@dataclass(frozen=True)
class PartTitle:
    """“II. Cảnh báo và lý do”."""

    kind: ClassVar = "title"
    text: str


@dataclass(frozen=True)
class Words:
    """One paragraph; line breaks stay."""

    kind: ClassVar = "words"
    text: str
    is_bold: bool = False
    is_italic: bool = False
    is_centred: bool = False


@dataclass(frozen=True)
class Facts:
    """Labels with what they name: “Mã đề án: KC2026-001”."""

    kind: ClassVar = "facts"
    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class PaperColumn:
    """``width`` is a share of the page's; ``align`` is left, centre or right; ``label`` stands below: A, B, 1, 2 …"""

    title: str
    width: float
    align: str = "left"
    label: str = ""


@dataclass(frozen=True)
class PaperRow:
    """``kind``: empty, “heading” (one text over all columns), “group” (bold, above its rows) or “sum” (bold, below)."""

    cells: Sequence[str]
    kind: str = ""


@dataclass(frozen=True)
class PaperList:
    """A table. ``unit`` stands above it: “Đơn vị tính: Triệu đồng”."""

    kind: ClassVar = "list"
    columns: Sequence[PaperColumn]
    rows: Sequence[PaperRow]
    unit: str = ""

    @property
    def body(self) -> Iterator[tuple[PaperRow, list[tuple[PaperColumn, str]]]]:
        """Each row with its cells beside their columns."""
        return ((row, list(zip(self.columns, row.cells, strict=False))) for row in self.rows)


@dataclass(frozen=True)
class Signature:
    """``title`` in capitals, with lines as “KT. GIÁM ĐỐC” over “PHÓ GIÁM ĐỐC”; a name that is empty is written by hand.

    ``hint`` says below it how: “(Ký, ghi rõ họ tên)”.
    """

    title: str
    hint: str = ""
    name: str = ""

    @classmethod
    def by_hand(cls, title: str, name: str = "") -> Signature:
        """Of a person who signs with their name alone."""
        return cls(title, "(Ký, ghi rõ họ tên)", name)

    @classmethod
    def sealed(cls, head: DocumentHead) -> Signature:
        """Of whoever signs for the office."""
        return cls(head.signer, "(Ký tên, đóng dấu)", head.signer_name)


Part = PartTitle | Words | Facts | PaperList
PARTS: dict[str, type[Part]] = {part.kind: part for part in (PartTitle, Words, Facts, PaperList)}


@dataclass(frozen=True)
class OfficialPaper:
    """``about`` is the rest of the title, ``attached_to`` “(Kèm theo …)”; ``above`` stands over it: “Phụ lục”.

    ``number`` is “Số: 12/TTr-SCT”, where the kind of paper bears one; ``receivers`` are lines of “Nơi nhận”;
    ``annex`` follows the signatures on a page of its own.
    """

    title: str
    head: DocumentHead
    parts: Sequence[Part]
    signatures: Sequence[Signature]
    about: str = ""
    attached_to: str = ""
    number: str = ""
    above: str = ""
    receivers: Sequence[str] = ()
    annex: Sequence[Part] = ()
    is_wide: bool = False

    def to_plain(self) -> dict[str, Any]:
        """For JSON."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        plain["head"] = asdict(self.head)
        for name in ("parts", "annex"):
            plain[name] = [{"part": part.kind} | asdict(part) for part in plain[name]]
        plain["signatures"] = [asdict(one) for one in self.signatures]
        plain["receivers"] = list(self.receivers)
        return plain

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> OfficialPaper:
        read = {
            "head": DocumentHead(**plain["head"]),
            "parts": [_part(one) for one in plain["parts"]],
            "annex": [_part(one) for one in plain["annex"]],
            "signatures": [Signature(**one) for one in plain["signatures"]],
        }
        return cls(**plain | read)

    @property
    def digest(self) -> str:
        """Of all that it says."""
        return hashlib.sha256("\n".join(self.lines()).encode()).hexdigest()

    def lines(self) -> Iterator[str]:
        """All that is read, from top to bottom, row by row."""
        yield from filter(None, (self.head.superior, self.head.issuer, self.head.place_and_date, self.number))
        yield from filter(None, (self.above, self.title, self.about, self.attached_to))
        for part in self.parts:
            yield from _lines(part)
        for one in self.signatures:
            yield " – ".join(filter(None, (one.title.replace("\n", " "), one.name)))
        yield from self.receivers
        for part in self.annex:
            yield from _lines(part)


def _part(plain: dict[str, Any]) -> Part:
    said = {key: value for key, value in plain.items() if key != "part"}
    if plain["part"] == Facts.kind:
        return Facts([(label, text) for label, text in said["pairs"]])
    if plain["part"] == PaperList.kind:
        columns = [PaperColumn(**column) for column in said["columns"]]
        return PaperList(columns, [PaperRow(**row) for row in said["rows"]], said["unit"])
    return PARTS[plain["part"]](**said)


def _lines(part: Part) -> Iterator[str]:
    if isinstance(part, Facts):
        yield from (f"{label}: {text}" for label, text in part.pairs)
    elif isinstance(part, PaperList):
        yield from filter(None, (part.unit, " | ".join(column.title for column in part.columns)))
        yield from (" | ".join(row.cells) for row in part.rows)
    else:
        yield part.text


@dataclass(frozen=True)
class ChangedLines:
    """Lines that a paper says, and what stands in their place in another one; either may be empty."""

    before: list[str]
    after: list[str]


def changed_lines(before: OfficialPaper, after: OfficialPaper) -> list[ChangedLines]:
    """Where two papers differ, in the order of the page."""
    old, new = list(before.lines()), list(after.lines())
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [ChangedLines(old[i:j], new[k:m]) for step, i, j, k, m in steps if step != "equal"]
