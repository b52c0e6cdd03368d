"""Why a file is not read, in words: what it is, and what the person can do."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from khuyencong.packed import MEGABYTE

from .limits import MAX_BYTES, MAX_CELLS, MAX_COLUMNS, MAX_PASTED, MAX_ROWS, MAX_SHEETS

_SAVE_ANEW = _("Hãy mở tệp bằng Excel hoặc LibreOffice, chọn Lưu thành (Save As) dạng “.xlsx”, rồi tải tệp đó lên.")
_CHOOSE_WORKBOOK = _("Hãy chọn tệp bảng tính .xlsx, .xls hoặc .ods.")
_FIGURES = {
    "megabytes": MAX_BYTES // MEGABYTE,
    "rows": f"{MAX_ROWS:,}".replace(",", "."),
    "columns": MAX_COLUMNS,
    "sheets": MAX_SHEETS,
    "cells": f"{MAX_CELLS:,}".replace(",", "."),
    "characters": f"{MAX_PASTED:,}".replace(",", "."),
}
# Each says what the file is; the second, if there is one, what to do.
_WORDS: dict[str, tuple[Promise, ...]] = {
    "empty_file": (_("Tệp không có nội dung nào."), _CHOOSE_WORKBOOK),
    "too_big": (
        _("Tệp lớn hơn {megabytes} MB."),
        _("Hãy xóa hình ảnh và những trang tính không cần, hoặc tách thành nhiều tệp."),
    ),
    "password": (
        _("Tệp có đặt mật khẩu nên không đọc được."),
        _("Hãy mở tệp, bỏ mật khẩu (Tệp → Thông tin → Bảo vệ), lưu lại rồi tải lên."),
    ),
    "damaged": (_("Tệp bị hỏng hoặc không đúng cấu trúc của bảng tính."), _SAVE_ANEW),
    "zip_bomb": (_("Tệp này khi mở ra lớn bất thường nên không nhận."), _SAVE_ANEW),
    "macros": (
        _("Tệp có macro (đoạn mã chạy trong Excel) nên không được nhận."),
        _("Hãy mở tệp, chọn Lưu thành (Save As) dạng “Sổ làm việc Excel (.xlsx)”, không có macro, rồi tải tệp đó lên."),
    ),
    "image": (
        _("Đây là hình ảnh, không phải bảng tính."),
        _("Hãy xin tệp Excel gốc, hoặc nhập bảng vào Excel rồi tải lên."),
    ),
    "pdf": (
        _("Đây là tệp PDF, không phải bảng tính."),
        _("Hãy xin tệp Excel gốc, hoặc nhập bảng vào Excel rồi tải lên."),
    ),
    "html": (_("Đây là trang web (HTML) mang đuôi của Excel, thường do phần mềm cũ xuất ra."), _SAVE_ANEW),
    "xml": (_("Đây là tệp XML, không phải bảng tính .xlsx, .xls hoặc .ods."), _SAVE_ANEW),
    "text": (
        _("Đây là tệp văn bản thuần (như CSV), không phải bảng tính."),
        _("Hãy mở tệp bằng Excel, lưu thành dạng “.xlsx” rồi tải lên, hoặc sao chép các ô rồi dán vào."),
    ),
    "xlsb": (_("Đây là bảng tính dạng nhị phân (.xlsb), phần mềm chưa đọc được."), _SAVE_ANEW),
    "document": (
        _("Đây là tệp văn bản hoặc trình chiếu (như Word, PowerPoint), không phải bảng tính."),
        _CHOOSE_WORKBOOK,
    ),
    "archive": (
        _("Đây là tệp nén, không phải bảng tính."),
        _("Hãy giải nén rồi tải lên từng tệp bảng tính .xlsx, .xls hoặc .ods."),
    ),
    "unknown": (_("Tệp này không phải bảng tính."), _CHOOSE_WORKBOOK),
    "empty": (_("Bảng tính không có ô nào chứa dữ liệu."), _("Hãy kiểm tra xem đã chọn đúng tệp chưa.")),
    "too_many_sheets": (_("Tệp có hơn {sheets} trang tính."), _("Hãy xóa những trang tính không cần rồi tải lại.")),
    "too_many_rows": (
        _("Trang tính “{sheet}” dài hơn {rows} dòng."),
        _("Hãy tách thành nhiều tệp, hoặc xóa những ô thừa nằm xa bên dưới bảng."),
    ),
    "too_many_columns": (
        _("Trang tính “{sheet}” rộng hơn {columns} cột."),
        _("Hãy xóa những cột không cần, hoặc những ô thừa nằm xa bên phải bảng."),
    ),
    "too_far": (
        _("Trang tính “{sheet}” có ô nằm quá xa bảng, ở cả bên dưới lẫn bên phải."),
        _("Hãy xóa những ô thừa đó, hoặc lưu thành (Save As) dạng “.xlsx” rồi tải lên."),
    ),
    "too_many_cells": (_("Tệp có quá nhiều ô chứa dữ liệu (hơn {cells} ô)."), _("Hãy tách thành nhiều tệp.")),
    "nothing_pasted": (_("Chưa có ô nào được dán."), _("Hãy chọn các ô trong bảng tính, sao chép rồi dán vào đây.")),
    "too_much_pasted": (
        _("Nội dung dán vào dài hơn {characters} ký tự."),
        _("Hãy dán từng phần, hoặc tải cả tệp lên."),
    ),
}


class Unreadable(Exception):
    """A file that is not read: ``message`` says what it is and what to do, ``code`` is for programs."""

    def __init__(self, code: str, sheet: str = "") -> None:
        super().__init__(code)
        self.code = code
        words = _WORDS[code]
        self.message = format_lazy(
            " ".join(["{}"] * len(words)), *(format_lazy(part, sheet=sheet, **_FIGURES) for part in words)
        )

    def __str__(self) -> str:
        return str(self.message)
