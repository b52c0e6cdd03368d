"""Documents of offices that are zips inside: which of them a file is, and what it may not bring along. No Django."""

from __future__ import annotations

import re
import zipfile

from khuyencong.packed import MEGABYTE, ReadingStopped, broken_is_damaged, elements, opened_zip

OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")  # begins files of Office before 2007, and what is embedded in their way
_MAX_LIST = MEGABYTE  # of one list of a file's parts
_MAX_LISTS = 8 * MEGABYTE  # of all those that are read

_MAIN_PARTS = ("xl/", "word/", "ppt/")
_MACROS = re.compile(r"vbaProject\.bin|/vbaProject[^/]*\.bin|xl/macrosheets/", re.I)
_BASIC = re.compile(r"(?:Basic/(?!script-l[bc]\.xml)[^/]+/(?!script-l[bc]\.xml).+|Scripts/.+[^/])\Z")
_OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.text": "odt",
}
_MANIFEST = "META-INF/manifest.xml"
_ENCRYPTION = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}encryption-data"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_DDE = tuple(
    f"{{{space}}}ddeLink"
    for space in (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", OLD_OFFICE)
_RUNS = re.compile(r"\.(?:exe|dll|com|scr|bat|cmd|ps1|vbs|vbe|js|jse|wsf|jar|hta|lnk|msi)\Z", re.I)
_CONTROLS = re.compile(r"(?:^|/)activeX/", re.I)
# What Office fetches when a document is opened, without a click: objects from anywhere, the others from elsewhere.
_FETCHED = {"oleObject", "attachedTemplate", "frame", "subDocument", "aFChunk"}
_LOCAL = re.compile(r"(?:file:///(?![/\\])|(?![/\\]{2}))(?:[a-z]:[/\\])?[^:]*\Z", re.I)


def office_format(packed: zipfile.ZipFile) -> str:
    """“xlsx”, “docx”, “ods” or “odt”, by what the zip says of its parts. Raises ReadingStopped for all else, and for
    what has a password or macros."""
    names = packed.namelist()
    with broken_is_damaged():
        if "mimetype" in names or "content.xml" in names:
            return _format_of_opendocument(packed, names)
        if "[Content_Types].xml" in names:
            return _format_of_office(packed, names)
    raise ReadingStopped("archive")


def _format_of_opendocument(packed: zipfile.ZipFile, names: list[str]) -> str:
    with packed.open("mimetype") as source:
        said = source.read(200)
    kind = next((kind for mark, kind in _OPEN_DOCUMENTS.items() if said.startswith(mark)), "")
    if not kind:
        raise ReadingStopped("document")
    if _MANIFEST in names and _attributes_of(packed, _MANIFEST, _ENCRYPTION):
        raise ReadingStopped("password")
    if any(map(_BASIC.match, names)):
        raise ReadingStopped("macros")
    return kind


def _format_of_office(packed: zipfile.ZipFile, names: list[str]) -> str:
    """An Office document since 2007: the list of its parts tells workbooks from others and from those with macros."""
    types = [part.get("ContentType", "") for part in _attributes_of(packed, "[Content_Types].xml", _TYPES)]
    if any(map(_MACROS.search, names)) or any("macroEnabled" in kind or "vbaProject" in kind for kind in types):
        raise ReadingStopped("macros")
    if any("sheet.binary" in kind for kind in types) or "xl/workbook.bin" in names:
        raise ReadingStopped("xlsb")
    if any("spreadsheetml" in kind for kind in types):
        return "xlsx"
    if any("wordprocessingml" in kind for kind in types):
        return "docx"
    raise ReadingStopped("document" if any(name.startswith(_MAIN_PARTS) for name in names) else "archive")


def _attributes_of(packed: zipfile.ZipFile, name: str, *tags: str) -> list[dict[str, str]]:
    """What a short list of parts says; it is read here, so a long one is not."""
    if packed.getinfo(name).file_size > _MAX_LIST:
        raise ReadingStopped("damaged")
    return [{str(key): str(value) for key, value in each.items()} for each in elements(packed, name, tags)]


def checked_office_format(content: bytes) -> str:
    """As :func:`office_format`, of a document that people open with Word or Excel later: beyond macros it may hold no
    program, no object of another program, and nothing that is fetched from elsewhere when it is opened.

    Raises ReadingStopped: besides the codes of those, “embedded” and “fetched”.
    """
    return _checked(content, may_hold_another=True)


def _checked(content: bytes, *, may_hold_another: bool) -> str:
    packed = opened_zip(content)
    names = packed.namelist()
    if len(set(names)) < len(names) or not all(map(_is_inside, names)):
        raise ReadingStopped("damaged")  # programs differ in which of two parts they take, and where they unpack to
    kind = office_format(packed)
    with broken_is_damaged():
        for name in names:
            _refuse_embedded(packed, name, may_hold_another=may_hold_another)
        _refuse_fetched(packed, names)
    return kind


def _is_inside(name: str) -> bool:
    return not name.startswith("/") and "\\" not in name and ":" not in name and ".." not in name.split("/")


def _refuse_embedded(packed: zipfile.ZipFile, name: str, *, may_hold_another: bool) -> None:
    """A table behind a chart is a workbook within the document: judged like the document, and it holds none itself."""
    with packed.open(name) as source:
        head = source.read(8)
    if head.startswith(_PROGRAMS) or _RUNS.search(name) or _CONTROLS.search(name):
        raise ReadingStopped("embedded")
    if head.startswith(b"PK\x03\x04"):
        if not may_hold_another:
            raise ReadingStopped("embedded")
        try:
            _checked(packed.read(name), may_hold_another=False)
        except ReadingStopped as stop:
            is_bomb = stop.code in ("zip_bomb", "macros")
            raise ReadingStopped(stop.code if is_bomb else "embedded") from stop


def _refuse_fetched(packed: zipfile.ZipFile, names: list[str]) -> None:
    lists = [name for name in names if name.endswith(".rels")]
    if sum(packed.getinfo(name).file_size for name in lists) > _MAX_LISTS:
        raise ReadingStopped("damaged")
    for name in lists:
        for each in _attributes_of(packed, name, _RELATION):
            kind = each.get("Type", "").rpartition("/")[2]
            if each.get("TargetMode") != "External" or kind not in _FETCHED:
                continue
            if kind == "oleObject" or not _LOCAL.match(each.get("Target", "")):
                raise ReadingStopped("fetched")
    links = [name for name in names if name.startswith("xl/externalLinks/") and name.endswith(".xml")]
    if any(True for name in links for _link in elements(packed, name, _DDE)):
        raise ReadingStopped("fetched")
