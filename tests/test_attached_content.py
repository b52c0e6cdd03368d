"""What may be attached, by its content: documents of offices without macros, programs or what is fetched elsewhere."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from khuyencong.attachments import harmless, kind_of, named_as, validate_attachment
from khuyencong.packed import MEGABYTE
from tests.importing.reading.builders import open_document, with_members, zipped
from tests.office_documents import EXCEL, MACRO, OLE, PNG, WORD, another_excel, office, picture, related, text_document

TAKEN = {
    ".docx": WORD,
    ".xlsx": EXCEL,
    ".ods": open_document(""),
    ".odt": text_document(),
    ".heic": picture(b"heic", b"mif1"),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_documents_and_pictures_are_known_by_their_content(kind: str) -> None:
    assert kind_of(TAKEN[kind]) == kind
    validate_attachment(SimpleUploadedFile("không đuôi", TAKEN[kind]))
    assert named_as("bản vẽ.pdf", kind_of(TAKEN[kind])) == f"bản vẽ{kind}"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (another_excel(), ".xlsx"),
        (picture(b"mif1", b"mif1", b"heic"), ".heic"),
        (picture(b"hevc", b"msf1"), ".heic"),
        (with_members(WORD, {"word/media/image1.png": PNG}), ".docx"),
        (with_members(WORD, {"word/embeddings/Microsoft_Excel_Sheet.xlsx": EXCEL}), ".docx"),
        (with_members(WORD, related("attachedTemplate", "file:///C:\\Mẫu\\NĐ30.dotx")), ".docx"),
        (with_members(WORD, related("hyperlink", "https://moit.gov.vn")), ".docx"),
        (with_members(EXCEL, {"xl/printerSettings/printerSettings1.bin": "HP".encode("utf-16-le")}), ".xlsx"),
    ],
)
def test_what_offices_really_have_inside_is_taken(content: bytes, kind: str) -> None:
    """The table behind a chart, a picture, a printer's settings, a template on one's own disk, a link to click."""
    assert kind_of(content) == kind


def twice_the_same(content: bytes) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as packed, pytest.warns(UserWarning, match="Duplicate name"):
        packed.writestr("word/document.xml", "<another/>")
    return out.getvalue()


VBA = {"word/vbaProject.bin": OLE}
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DDE = f'<externalLink xmlns="{SHEETS}"><ddeLink ddeService="cmd"/></externalLink>'
REFUSED: dict[str, tuple[str, bytes, str]] = {
    "macros": ("a.docx", MACRO, "macro"),
    "macros of Excel 4": ("a.xlsx", office({"xl/macrosheets/sheet1.xml": "<a/>"}, EXCEL), "macro"),
    "macros of LibreOffice": ("a.odt", text_document(**{"Basic/Standard/Module1.xml": "<a/>"}), "macro"),
    "scripts of LibreOffice": ("a.odt", text_document(**{"Scripts/python/a.py": "x"}), "macro"),
    "macros in the table within": ("a.docx", office({"word/embeddings/b.xlsm": office(VBA, EXCEL)}), "macro"),
    "an object of another program": ("a.docx", office({"word/embeddings/oleObject1.bin": OLE + b"0" * 99}), "nhúng"),
    "a program called a picture": ("a.docx", office({"word/media/image1.png": b"MZ\x90\x00"}), "nhúng"),
    "a script by its name": ("a.docx", office({"word/embeddings/a.js": "WScript"}), "nhúng"),
    "a control": ("a.docx", office({"word/activeX/activeX1.xml": "<a/>"}), "nhúng"),
    "an archive within": ("a.docx", office({"word/embeddings/a.zip": zipped({"b.txt": "x"})}), "nhúng"),
    "a document in a document in a document": (
        "a.docx", office({"word/embeddings/b.docx": office({"word/embeddings/c.docx": WORD})}), "nhúng",
    ),
    "an object of LibreOffice": ("a.odt", text_document(**{"Object 1": OLE}), "nhúng"),
    "an object from elsewhere": ("a.docx", office(related("oleObject", "file:///C:\\a.xls")), "nơi khác"),
    "a template of another machine": ("a.docx", office(related("attachedTemplate", "https://x.vn/a.dotm")), "nơi khác"),
    "a template of a share": ("a.docx", office(related("attachedTemplate", "\\\\x.vn\\a.dotm")), "nơi khác"),
    "a template of a host": ("a.docx", office(related("attachedTemplate", "file://x.vn/a.dotm")), "nơi khác"),
    "a program that is called": ("a.xlsx", office({"xl/externalLinks/externalLink1.xml": DDE}, EXCEL), "nơi khác"),
    "a part twice": ("a.docx", twice_the_same(WORD), "hỏng"),
    "a part outside": ("a.docx", office({"../../etc/a": "x"}), "hỏng"),
    "a part at the root": ("a.docx", office({"/etc/a": "x"}), "hỏng"),
    "no list of parts": ("a.docx", WORD[: len(WORD) // 2], "hỏng"),
    "a bomb": ("a.docx", office({"word/a.xml": b"\0" * (9 * MEGABYTE)}), "lớn bất thường"),
    "too many parts": ("a.docx", office({f"word/{number}": "" for number in range(2_001)}), "lớn bất thường"),
    "an archive": ("a.docx", zipped({"a.txt": "x"}), "tệp nén"),
    "slides": ("a.docx", zipped({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<a/>"}), "Chỉ nhận"),
    "Word before 2007": ("a.doc", OLE + b"0" * 600, "dạng cũ"),
    "Excel before 2007, without an ending": ("a", OLE + b"0" * 600, "dạng cũ"),
    "Word behind a password": ("a.docx", OLE + b"0" * 600, "mật khẩu"),
    "LibreOffice behind a password": (
        "a.odt",
        text_document(
            **{
                "META-INF/manifest.xml": '<m xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
                "<encryption-data/></m>"
            }
        ),
        "mật khẩu",
    ),
    "a workbook with macros by its name": ("a.xlsm", EXCEL, "Chỉ nhận"),
    "a film": ("a.heic", picture(b"qt  "), "không khớp"),
    "a picture of another kind": ("a.heic", picture(b"avif", b"mif1"), "không khớp"),
    "a box that is none": ("a.heic", b"\0\0\0\x08ftypheic", "không khớp"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_hidden_in_a_document_is_refused_in_words(case: str) -> None:
    name, content, said = REFUSED[case]
    with pytest.raises(ValidationError) as refusal:
        validate_attachment(SimpleUploadedFile(name, content))
    assert said in " ".join(refusal.value.messages)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\Windows\\Dự toán.pdf", "Dự toán.pdf"),
        ("hóa đơn\u202efdp.exe", "hóa đơnfdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ("a\x00b\x1b.pdf", "ab.pdf"),
        ("\x00", "tệp"),
    ],
)
def test_a_name_says_no_path_and_nothing_unseen(name: str, kept: str) -> None:
    assert harmless(name) == kept


def test_a_large_document_is_judged_quickly() -> None:
    """By its directory and the heads of its parts, never unpacked as a whole."""
    many = {f"xl/media/image{number}.png": PNG + bytes([number % 256]) * 9_000 for number in range(1_900)}
    assert kind_of(with_members(EXCEL, many, zipfile.ZIP_STORED)) == ".xlsx"
