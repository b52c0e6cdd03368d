"""What is no workbook, or may not be read, is refused with words: what it is, and what to do."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from khuyencong import packed
from projects.importing.forms import BringForm
from projects.importing.reading import kinds, limits, unreadable
from projects.importing.reading.files import Unreadable, read_workbook
from tests.importing.reading.builders import (
    MAIN,
    by_openpyxl,
    cells,
    compound,
    ods_text,
    old_text,
    old_workbook,
    open_document,
    record,
    saved,
    with_members,
    zipped,
)
from tests.importing.reading.locked import locked_workbook

PLAIN = by_openpyxl(cells({"A1": "STT"}))
ODS_TABLE = f"<table:table><table:table-row>{ods_text('TT')}</table:table-row></table:table>"


def refusal(content: bytes, name: str = "Danh mục.xls") -> Unreadable:
    with pytest.raises(Unreadable) as problem:
        read_workbook(name, content)
    return problem.value


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf \r\n", "empty_file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image"),
        (b"\0\0\0\x18ftypheic", "image"),
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        (b"\n\n<html><body><table><tr><td>STT</td></tr></table>", "html"),
        ("\ufeff<!DOCTYPE html PUBLIC>".encode(), "html"),
        ("\ufeff<table><tr><td>Tên đề án</td></tr></table>".encode("utf-16-le"), "html"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "html"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "xml"),
        ("STT;Tên đề án;Kinh phí\n1;Mây tre;60\n".encode(), "text"),
        ("\ufeffSTT\tTên đề án\n".encode("utf-16-le"), "text"),
        (b"Rar!\x1a\x07\0", "archive"),
        (b"\x1f\x8b\x08\0\0\0", "archive"),
        (b"MZ\x90\0\x03\0\0\0", "unknown"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "unknown"),
        (compound({"WordDocument": b"x"}), "document"),
        (compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), "password"),
        (old_workbook({"A": [old_text(1, 1, "x")]}, names=["_VBA_PROJECT_CUR"]), "macros"),
        (old_workbook({"A": [old_text(1, 1, "x")]}, globals_more=record(0x002F, b"\1\0" * 27)), "password"),
        (compound({"Workbook": b"\xff" * 5000}), "damaged"),
        (compound({"Workbook": b"\0" * 5000})[:-512] + b"\0" * 512, "damaged"),
        (zipped({"thư mục/a.txt": "x"}), "archive"),
        (zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}), "document"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), "document"),
        (with_members(PLAIN, {"xl/vbaProject.bin": b"x"}), "macros"),
        (with_members(PLAIN, {"xl/workbook.bin": b"x"}), "xlsb"),
        (with_members(PLAIN, {"xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData><row>'}), "damaged"),
        (with_members(PLAIN, {"xl/workbook.xml": "không phải XML"}), "damaged"),
        (with_members(PLAIN, {"_rels/.rels": "<Relationships/>"}), "damaged"),
        (PLAIN[: len(PLAIN) // 2], "damaged"),
        (b"PK\x03\x04" + b"x" * 500, "damaged"),
        (open_document(ODS_TABLE, members={"Basic/Standard/Module1.xml": "<x/>"}), "macros"),
        (open_document("<table:table>"), "damaged"),
        (open_document("<table:table/>"), "empty"),
        (saved(openpyxl.Workbook()), "empty"),
        (by_openpyxl(cells({"A1": " \u00a0", "B7": "\u200b"})), "empty"),
        (old_workbook({"Trống": []}), "empty"),
        (b"P" * (limits.MAX_BYTES + 1), "too_big"),
    ],
)
def test_every_kind_has_its_refusal(content: bytes, code: str) -> None:
    assert refusal(content).code == code


def test_content_decides_and_not_the_name() -> None:
    assert refusal(b"%PDF-1.4", "Danh mục.xlsx").code == "pdf"
    assert read_workbook("quyết định.pdf", PLAIN).format == "xlsx"
    assert read_workbook("bảng.xlsx", open_document(ODS_TABLE)).format == "ods"


def test_a_refusal_reads_as_a_person_would_say_it() -> None:
    assert str(refusal(b"<html>")) == (
        "Đây là trang web (HTML) mang đuôi của Excel, thường do phần mềm cũ xuất ra. Hãy mở tệp bằng Excel hoặc "
        "LibreOffice, chọn Lưu thành (Save As) dạng “.xlsx”, rồi tải tệp đó lên."
    )
    problem = refusal(with_members(PLAIN, {"xl/vbaProject.bin": b"x"}))
    assert str(problem.message).startswith("Tệp có macro") and "không có macro" in str(problem)
    assert "10 MB" in str(refusal(b"P" * (limits.MAX_BYTES + 1)))
    with override("en"):
        assert str(problem).startswith("The file has macros")


def test_each_code_has_words_in_both_languages() -> None:
    for code in unreadable._WORDS:
        vietnamese = str(Unreadable(code, "Danh mục"))
        assert vietnamese.count(".") >= 2 and "{" not in vietnamese and "None" not in vietnamese
        with override("en"):
            english = str(Unreadable(code, "Danh mục"))
        assert english != vietnamese and "{" not in english


def test_a_macro_workbook_by_its_type_alone() -> None:
    """Its code was taken out, its type says still that it has some: Excel would not open it as .xlsx either."""
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as before:
        types = before.read("[Content_Types].xml").decode()
    types = types.replace("openxmlformats-officedocument.spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main")
    assert refusal(with_members(PLAIN, {"[Content_Types].xml": types})).code == "macros"


def test_passwords_of_openoffice_and_of_zips() -> None:
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entry = "<m:file-entry m:full-path='content.xml'><m:encryption-data/></m:file-entry>"
    manifest = f"<m:manifest xmlns:m='{space}'>{entry}</m:manifest>"
    assert refusal(open_document(ODS_TABLE, members={"META-INF/manifest.xml": manifest})).code == "password"
    locked = bytearray(PLAIN)
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(locked)).code == "password"


SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>%s</sheetData></worksheet>'


def test_a_small_zip_that_unpacks_to_hundreds_of_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The directory tells: no member of it is unpacked."""
    bomb = with_members(PLAIN, {"xl/worksheets/sheet1.xml": (SHEET % ("<row/>" * 40_000_000)).encode()})
    assert len(bomb) < 1_000_000
    monkeypatch.delattr(zipfile.ZipFile, "open")
    assert refusal(bomb).code == "zip_bomb"


def test_a_member_packed_beyond_all_measure_a_long_list_and_too_many_members() -> None:
    assert refusal(with_members(PLAIN, {"xl/media/a.bin": b"\0" * (9 * packed.MEGABYTE)})).code == "zip_bomb"
    listed = {"[Content_Types].xml": "<Types>" + "<a/>" * 300_000 + "</Types>"}
    assert refusal(with_members(PLAIN, listed)).code == "damaged"
    many = {f"xl/media/{number}": "" for number in range(packed.MAX_MEMBERS)}
    assert refusal(with_members(PLAIN, many)).code == "zip_bomb"


def test_a_zip_that_lies_about_its_sizes() -> None:
    """The directory promises little; more is not unpacked than it says, and that is no workbook."""
    content = with_members(PLAIN, {"xl/worksheets/sheet1.xml": SHEET % ("<row><c><v>1</v></c></row>" * 50_000)})
    with zipfile.ZipFile(io.BytesIO(content)) as honest:
        size = honest.getinfo("xl/worksheets/sheet1.xml").file_size
    assert refusal(content.replace(size.to_bytes(4, "little"), (200).to_bytes(4, "little"))).code == "damaged"


def test_what_is_unpacked_is_counted_while_it_comes() -> None:
    source = packed.Measured(io.BytesIO(b"x" * 100), allowed=60)
    assert len(source.read(50)) == 50
    with pytest.raises(packed.ReadingStopped, match="zip_bomb"):
        source.read(50)


@pytest.mark.parametrize(
    "inner",
    [
        '<row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="-3"><c><v>1</v></c></row>',
        '<row r="1"><c r="1"><v>1</v></c></row>',
        '<row r="x"><c><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
        '<row r="1"><c r="A1" s="x"><v>7</v></c></row>',
    ],
)
def test_places_and_numbers_that_no_workbook_has(inner: str) -> None:
    assert refusal(with_members(PLAIN, {"xl/worksheets/sheet1.xml": SHEET % inner})).code == "damaged"


def test_places_behind_the_last_of_a_sheet() -> None:
    for inner, code in (
        ('<row r="1048577"><c><v>1</v></c></row>', "too_many_rows"),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "too_many_columns"),
    ):
        assert refusal(with_members(PLAIN, {"xl/worksheets/sheet1.xml": SHEET % inner})).code == code


def test_repeats_that_no_workbook_has_count_once() -> None:
    cell = "<table:table-cell table:number-columns-repeated='-5'/>"
    rows = f"<table:table-row table:number-rows-repeated='-7'>{cell}{ods_text('x')}</table:table-row>"
    found = read_workbook("a.ods", open_document(f"<table:table>{rows}</table:table>"))
    assert found.sheets[0].rows == [(None, "x")]


def test_names_and_formulas_hold_nothing_that_cannot_be_stored() -> None:
    inner = '<row r="1"><c r="A1" t="e"><f>"_xD800_"&amp;A2</f><v>#REF!_xD800_ và rất rất dài</v></c></row>'
    [sheet] = read_workbook("a.xlsx", with_members(PLAIN, {"xl/worksheets/sheet1.xml": SHEET % inner})).sheets
    assert sheet.formulas == {(1, 1): '=""&A2'} and len(sheet.errors[1, 1]) == 20


def test_document_types_and_entities_are_not_followed() -> None:
    """Neither a file of the server nor a thousand million laughs."""
    for declared in ('<!ENTITY a SYSTEM "file:///etc/passwd">', '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">'):
        inner = f"<!DOCTYPE w [{declared}]>" + SHEET % '<row><c t="inlineStr"><is><t>&a;</t></is></c></row>'
        assert refusal(with_members(PLAIN, {"xl/worksheets/sheet1.xml": inner})).code == "damaged"


def test_a_text_that_names_other_programs_is_still_a_text() -> None:
    assert kinds.no_workbook("Xem tệp EncryptedPackage".encode()) == "text"


def test_a_form_refuses_a_large_file_before_it_is_read() -> None:
    file = SimpleUploadedFile("a.xlsx", b"0")
    file.size = limits.MAX_BYTES + 1
    form = BringForm({}, {"file": file})
    assert not form.is_valid() and "Tệp lớn hơn 10 MB." in str(form.errors["file"])


@pytest.mark.office
@pytest.mark.parametrize(
    ("kept_filter", "crypto"),
    [
        ("Calc MS Excel 2007 XML", "Standard"),
        ("MS Excel 97", ""),
        ("calc8", ""),
    ],
)
def test_a_workbook_behind_a_password_is_told_from_a_damaged_one(
    kept_filter: str, crypto: str, libreoffice: str, tmp_path: Path
) -> None:
    said = refusal(locked_workbook(libreoffice, tmp_path, kept_filter, crypto))
    assert said.code == "password" and str(said).startswith("Tệp có đặt mật khẩu nên không đọc được.")
