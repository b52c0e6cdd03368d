"""Widths of letters are those of the font, and a letter that is in no table has a width too."""

from __future__ import annotations

from pathlib import Path

import pytest

from khuyencong.paper.type_widths import PADDING, line_count, text_width
from tests.glyph_widths import MODULE, module_of
from tests.requirements import need


def test_table_is_what_the_font_says() -> None:
    made = module_of(Path(need("liberation")))
    assert MODULE.read_text() == made, "python -m tests.glyph_widths makes it anew"


@pytest.mark.parametrize(
    ("text", "plain", "bold"),
    [
        ("8.814,804072", 5.5, 5.5),
        ("à", 909 / 2048, 0.5),
        ("Ặ", 1479 / 2048, 1479 / 2048),
        ("ướ", (1110 + 1083) / 2048, (1229 + 1134) / 2048),
        ("m%", (1593 + 1706) / 2048, (1706 + 2048) / 2048),
        ("字", 1.1, 1.1),
        ("ж", 0.5, 0.5),
    ],
)
def test_letters_are_as_wide_as_printed(text: str, plain: float, bold: float) -> None:
    assert (text_width(text), text_width(text, is_bold=True)) == pytest.approx((plain, bold))


def test_bold_text_takes_more_lines() -> None:
    text = "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến"
    column = 2 * (text_width(text) + PADDING) + 0.1
    assert line_count(text, column) == 1
    assert line_count(text, column, is_bold=True) == 2
