"""What a file is, by its content and never by its name. What is no workbook is called by what it is."""

from __future__ import annotations

import re

from khuyencong.office_files import OLD_OFFICE, office_format
from khuyencong.packed import ReadingStopped, opened_zip

from .compound import names_inside

_HEAD = 4096
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\x01\0")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_MARKS = b"\xef\xbb\xbf \t\r\n"  # byte-order mark and blanks before what is written
_PAGE = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|table|meta|style|div)\b|^mime-version:", re.I)


def workbook_format(content: bytes) -> str:
    """“xlsx”, “xls” or “ods”. Raises ReadingStopped for all else, and for what has a password or macros."""
    head = content[:_HEAD]
    if not content.strip(b"\0" + _MARKS):
        raise ReadingStopped("empty_file")
    if head.startswith(b"PK"):
        return format_of_zip(content)
    if head.startswith(OLD_OFFICE):
        return format_of_compound(content)
    raise ReadingStopped(no_workbook(head))


def no_workbook(head: bytes) -> str:
    """The code of what else it is."""
    text = decoded_head(head).lstrip(_MARKS)
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or head[4:8] == b"ftyp":
        return "image"
    if b"%PDF-" in head[:1024] and not text.startswith(b"<"):
        return "pdf"
    if head.startswith(_ARCHIVES):
        return "archive"
    if _PAGE.search(text):
        return "html"
    if text.startswith(b"<"):
        return "xml"
    return "text" if is_text(text) else "unknown"


def decoded_head(head: bytes) -> bytes:
    """UTF-16, as Excel saves “Unicode Text”, as UTF-8."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace").encode("utf-8", "replace")
    return head


def is_text(head: bytes) -> bool:
    """Written letters, of old Vietnamese fonts too: no control character but tabs and line ends."""
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head)


def format_of_zip(content: bytes) -> str:
    kind = office_format(opened_zip(content))
    if kind not in ("xlsx", "ods"):
        raise ReadingStopped("document")
    return kind


def format_of_compound(content: bytes) -> str:
    """A file of before 2007, or a new one behind a password, which Office wraps into an old container."""
    names = names_inside(content)
    if "EncryptedPackage" in names:
        raise ReadingStopped("password")
    if not names & {"Workbook", "Book"}:
        raise ReadingStopped("document" if names & {"WordDocument", "PowerPoint Document"} else "unknown")
    if names & {"_VBA_PROJECT_CUR", "_VBA_PROJECT"}:
        raise ReadingStopped("macros")
    return "xls"
