"""Zip files of strangers: judged by their directory, read with a measure, their XML without entities or a network."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from lxml import etree

MEGABYTE = 1024 * 1024
MAX_UNPACKED = 200 * MEGABYTE  # of all members of the zip together; 20,000 × 20 cells are 25 MB as .xlsx, 63 as .ods
MAX_RATIO = 250  # unpacked to packed, of members that are not small; workbooks of offices stay below 40
RATIO_FROM = 8 * MEGABYTE  # what unpacks to less is harmless at any ratio
MAX_MEMBERS = 2_000
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, etree.LxmlError)
_ENTRY = b"PK\x01\x02"  # begins each member's entry in the directory
_ENCRYPTED = 0x1  # bit of a member's flags


class ReadingStopped(Exception):
    """The file is not read on. ``code`` says why, for whoever has the words; ``sheet`` where, if it has sheets."""

    def __init__(self, code: str, sheet: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.sheet = sheet


def opened_zip(content: bytes) -> zipfile.ZipFile:
    """The zip, if its directory promises nothing that can't be read: sum of sizes, ratio, number of members."""
    if content.count(_ENTRY) > MAX_MEMBERS:
        raise ReadingStopped("zip_bomb")
    try:
        packed = zipfile.ZipFile(io.BytesIO(content))
    except (*BROKEN, ValueError) as problem:
        raise ReadingStopped("damaged") from problem
    members = packed.infolist()
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED or any(map(is_blown_up, members)):
        raise ReadingStopped("zip_bomb")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise ReadingStopped("password")
    return packed


def is_blown_up(member: zipfile.ZipInfo) -> bool:
    return member.file_size > RATIO_FROM and member.file_size > MAX_RATIO * max(member.compress_size, 1)


class Measured:
    """A member of the zip while it is unpacked: it may not give more than the directory said, nor more than all may.

    ``zipfile`` keeps to the size in the directory by itself; this counts again what really comes.
    """

    def __init__(self, source: IO[bytes], allowed: int) -> None:
        self.source = source
        self.left = allowed

    def read(self, size: int) -> bytes:
        piece = self.source.read(size)
        self.left -= len(piece)
        if self.left < 0:
            raise ReadingStopped("zip_bomb")
        return piece


@contextmanager
def broken_is_damaged() -> Iterator[None]:
    """What the libraries say of a broken file, in one word."""
    try:
        yield
    except ReadingStopped:
        raise
    except (*BROKEN, LookupError, ValueError, OverflowError) as problem:
        raise ReadingStopped("damaged") from problem


def elements(packed: zipfile.ZipFile, name: str, tags: tuple[str, ...]) -> Iterator[etree._Element]:
    """The elements of a member as they end, each emptied once it was looked at."""
    for _, element in events(packed, name, tags, ("end",)):
        yield element
        forget(element)


def events(
    packed: zipfile.ZipFile, name: str, tags: tuple[str, ...], kinds: tuple[str, ...]
) -> Iterator[tuple[str, etree._Element]]:
    """Starts and ends of elements. A document type is refused: workbooks have none, and attacks begin there."""
    with packed.open(name) as source:
        measured = Measured(source, MAX_UNPACKED)
        walk = etree.iterparse(
            measured, events=kinds, tag=tags, resolve_entities=False, no_network=True, load_dtd=False
        )
        is_first = True
        for kind, element in walk:
            if is_first and element.getroottree().docinfo.doctype:
                raise ReadingStopped("damaged")
            is_first = False
            yield kind, element


def forget(element: etree._Element) -> None:
    """Frees an element and what stood before it, so that memory does not grow with the document."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
