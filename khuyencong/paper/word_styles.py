"""The styles of an official document in Word (NĐ 30/2020, Phụ lục I): one font, sizes, spaces; a template made once."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

FONT = "Times New Roman"
LANGUAGE = "vi-VN"
TITLE_SIZE = 14  # points
CELL_SIZE = 12  # points, of tables
LEFT, CENTRE, RIGHT, BOTH = (
    getattr(WD_ALIGN_PARAGRAPH, name) for name in ("LEFT", "CENTER", "RIGHT", "JUSTIFY")
)  # fmt: skip
BODY, LISTED, UNIT, CELL, HEAD_CELL, LABEL_CELL, SUM_CELL, ROOM, DOTS, PLAIN = (
    "Body Text", "List Bullet", "Đơn vị tính", "Bảng", "Bảng đầu cột", "Bảng ký hiệu cột", "Bảng tổng cộng",
    "Phần đơn vị tự viết", "Dòng chấm", "Thể thức",
)  # fmt: skip


@cache
def template() -> bytes:
    """An empty document with our styles, made once. Styles of tables that no paper uses are left out: python-docx looks
    through all of them for each paragraph."""
    document = Document()
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in ("Normal Table", "Table Grid"):
            style.delete()
    _set_styles(document.styles)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _set_styles(styles: Any) -> None:
    _set_language(styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr")))
    _set_style(styles["Normal"], 14)
    _set_style(styles["Header"], 13)
    _set_style(styles[BODY], 14, BOTH, after=6, first=10)
    _set_style(styles[LISTED], 14, BOTH, after=3)
    _set_style(styles["Title"], TITLE_SIZE, CENTRE, bold=True, before=6)
    _set_style(styles["Subtitle"], TITLE_SIZE, CENTRE, bold=True)
    _set_style(styles["Heading 1"], 14, LEFT, bold=True, before=12, after=6, keep=True)
    _set_style(styles["Heading 2"], 14, LEFT, bold=True, before=6, after=6, keep=True)
    added = {
        name: styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        for name in (UNIT, CELL, HEAD_CELL, LABEL_CELL, SUM_CELL, ROOM, DOTS, PLAIN)
    }
    for style in added.values():
        style.base_style, style.quick_style = styles["Normal"], True
    _set_style(added[PLAIN], 13)
    _set_style(added[UNIT], 13, RIGHT, italic=True, after=3, keep=True)
    _set_style(added[CELL], CELL_SIZE, before=2, after=2)
    _set_style(added[HEAD_CELL], CELL_SIZE, CENTRE, bold=True, keep=True, before=2, after=2)
    _set_style(added[LABEL_CELL], 11, CENTRE, italic=True, keep=True)
    _set_style(added[SUM_CELL], CELL_SIZE, bold=True, before=2, after=2)
    _set_style(added[ROOM], 14, BOTH, italic=True, before=6, after=3, keep=True)
    _set_style(added[DOTS], 14, after=3)


def _set_style(
    style: Any,
    size: float,
    align: Any = None,
    *,
    bold: bool = False,
    italic: bool = False,
    before: float = 0,
    after: float = 0,
    first: float = 0,
    keep: bool = False,
) -> None:
    """Black, in one font whatever the template says; spaces in points, the first line's indent in mm."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)
    font, shape = style.font, style.paragraph_format
    font.size, font.bold, font.italic, font.color.rgb = Pt(size), bold, italic, RGBColor(0, 0, 0)
    _drop(style.element, "w:pBdr")
    _drop(style.element, "w:spacing", parent="w:rPr")
    shape.alignment, shape.line_spacing, shape.keep_with_next = align, 1.0, keep
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    if first:
        shape.first_line_indent = Mm(first)


def _drop(element: Any, name: str, parent: str = "w:pPr") -> None:
    """What the template's style had of its own: lines below, letters apart."""
    holder = element.find(qn(parent))
    found = None if holder is None else holder.find(qn(name))
    if found is not None:
        holder.remove(found)


def _set_language(properties: Any) -> None:
    """So that Word checks the spelling of Vietnamese."""
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), LANGUAGE)
    language.set(qn("w:eastAsia"), LANGUAGE)
