"""The container of Office files before 2007 (OLE): its streams by name."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from khuyencong.packed import ReadingStopped

_LAST_SECTOR = 0xFFFFFFFA  # higher numbers are marks: end of chain, free, table
_ENTRY = 128
_IN_HEADER = 109  # sectors of the table of sectors that the header itself lists
_NAMES = (
    *("Workbook", "Book", "EncryptedPackage", "_VBA_PROJECT_CUR", "_VBA_PROJECT"),
    *("WordDocument", "PowerPoint Document"),
)


def names_inside(content: bytes) -> set[str]:
    """Which of the names that tell one file from another stand in the directory, without reading its chains."""
    found = set()
    for name in _NAMES:
        raw = name.encode("utf-16-le")
        if raw.ljust(64, b"\0") + struct.pack("<H", len(raw) + 2) in content:
            found.add(name)
    return found


class Compound:
    """One such file. Chains that lead nowhere or in circles raise ReadingStopped."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.size = 1 << struct.unpack_from("<H", content, 30)[0]
        self.small_size = 1 << struct.unpack_from("<H", content, 32)[0]
        if not 128 <= self.size <= 4096 or not 16 <= self.small_size <= self.size:
            raise ReadingStopped("damaged")
        self.table = self.numbers(b"".join(map(self.sector, self.table_sectors())))
        directory = self.chained(struct.unpack_from("<I", content, 48)[0])
        self.entries = [directory[start : start + _ENTRY] for start in range(0, len(directory) - _ENTRY + 1, _ENTRY)]

    def sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        return self.content[start : start + self.size]

    def table_sectors(self) -> Iterator[int]:
        """The sectors that hold the table of sectors: the first ones from the header, others from a chain."""
        yield from self.used(struct.unpack_from(f"<{_IN_HEADER}I", self.content, 76))
        following, count = struct.unpack_from("<II", self.content, 68)
        for _ in range(min(count, len(self.content) // self.size)):
            if following > _LAST_SECTOR:
                return
            *numbers, following = self.numbers(self.sector(following))
            yield from self.used(tuple(numbers))

    def used(self, numbers: tuple[int, ...]) -> Iterator[int]:
        return (number for number in numbers if number <= _LAST_SECTOR)

    def numbers(self, raw: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4]))

    def chain(self, first: int, table: list[int]) -> Iterator[int]:
        for _ in range(len(table) + 1):
            if first > _LAST_SECTOR:
                return
            if first >= len(table):
                break
            yield first
            first = table[first]
        raise ReadingStopped("damaged")

    def chained(self, first: int) -> bytes:
        return b"".join(map(self.sector, self.chain(first, self.table)))

    def stream(self, *names: str) -> bytes:
        """The first of the streams by these names."""
        for name in names:
            wanted = name.encode("utf-16-le").ljust(64, b"\0")
            for entry in self.entries:
                if entry[:64] == wanted and entry[66] == 2:
                    return self.stream_of(entry)
        raise ReadingStopped("damaged")

    def stream_of(self, entry: bytes) -> bytes:
        """Short streams lie together in one of their own, in small sectors."""
        first, length = struct.unpack_from("<II", entry, 116)
        if length >= struct.unpack_from("<I", self.content, 56)[0]:
            return self.chained(first)[:length]
        small = self.chained(struct.unpack_from("<I", self.entries[0], 116)[0])
        table = self.numbers(self.chained(struct.unpack_from("<I", self.content, 60)[0]))
        pieces = (small[number * self.small_size :][: self.small_size] for number in self.chain(first, table))
        return b"".join(pieces)[:length]
