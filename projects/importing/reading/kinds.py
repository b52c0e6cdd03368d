"""What a file is, by its content and never by its name. What is no workbook is called by what it is."""

from __future__ import annotations

import re
import zipfile

from .compound import MAGIC, names_inside
from .limits import MEGABYTE, ReadingStopped
from .packed import broken_is_damaged, elements, opened_zip

_HEAD = 4096
_MAX_LIST = MEGABYTE  # of the list of a file's parts
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\x01\0")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_MARKS = b"\xef\xbb\xbf \t\r\n"  # byte-order mark and blanks before what is written
_PAGE = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|table|meta|style|div)\b|^mime-version:", re.I)
_MAIN_PARTS = ("xl/", "word/", "ppt/")
_OFFICE_MACROS = re.compile(r"vbaProject\.bin|/vbaProject[^/]*\.bin|xl/macrosheets/", re.I)
_BASIC = re.compile(r"(?:Basic/(?!script-l[bc]\.xml)[^/]+/(?!script-l[bc]\.xml).+|Scripts/.+[^/])\Z")
_ODF_SHEETS = b"application/vnd.oasis.opendocument.spreadsheet"


def workbook_format(content: bytes) -> str:
    """“xlsx”, “xls” or “ods”. Raises ReadingStopped for all else, and for what has a password or macros."""
    head = content[:_HEAD]
    if not content.strip(b"\0" + _MARKS):
        raise ReadingStopped("empty_file")
    if head.startswith(b"PK"):
        return format_of_zip(content)
    if head.startswith(MAGIC):
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
    packed = opened_zip(content)
    names = packed.namelist()
    with broken_is_damaged():
        if "mimetype" in names or "content.xml" in names:
            return format_of_opendocument(packed, names)
        if "[Content_Types].xml" in names:
            return format_of_office(packed, names)
    raise ReadingStopped("archive")


def attributes_of(packed: zipfile.ZipFile, name: str, tag: str) -> list[dict[str, str]]:
    """What a short list of parts says; it is read here, so a long one is not."""
    if packed.getinfo(name).file_size > _MAX_LIST:
        raise ReadingStopped("damaged")
    return [{str(key): str(value) for key, value in each.items()} for each in elements(packed, name, (tag,))]


def format_of_opendocument(packed: zipfile.ZipFile, names: list[str]) -> str:
    with packed.open("mimetype") as source:
        kind = source.read(200)
    if not kind.startswith(_ODF_SHEETS):
        raise ReadingStopped("document")
    tag = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}encryption-data"
    if "META-INF/manifest.xml" in names and attributes_of(packed, "META-INF/manifest.xml", tag):
        raise ReadingStopped("password")
    if any(map(_BASIC.match, names)):
        raise ReadingStopped("macros")
    return "ods"


def format_of_office(packed: zipfile.ZipFile, names: list[str]) -> str:
    """An Office document since 2007: the list of its parts tells workbooks from others and from those with macros."""
    space = "{http://schemas.openxmlformats.org/package/2006/content-types}"
    parts = attributes_of(packed, "[Content_Types].xml", f"{space}Override")
    types = [part.get("ContentType", "") for part in parts]
    if any(map(_OFFICE_MACROS.search, names)) or any("macroEnabled" in kind or "vbaProject" in kind for kind in types):
        raise ReadingStopped("macros")
    if any("sheet.binary" in kind for kind in types) or "xl/workbook.bin" in names:
        raise ReadingStopped("xlsb")
    if not any("spreadsheetml" in kind for kind in types):
        raise ReadingStopped("document" if any(name.startswith(_MAIN_PARTS) for name in names) else "archive")
    return "xlsx"


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
