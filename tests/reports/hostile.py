"""Texts that a workbook might take for something else, and how they have to come out of it."""

from __future__ import annotations

import unicodedata

HOSTILE = {
    "=1+1": "=1+1",
    '=HYPERLINK("http://example.org","x")': '=HYPERLINK("http://example.org","x")',
    "+84 31 3 842 842": "+84 31 3 842 842",
    "-5": "-5",
    "@SUM(A1)": "@SUM(A1)",
    "{=1}": "{=1}",
    "0123456789": "0123456789",
    "http://example.org/": "http://example.org/",
    "_x0041_": "_x0041_",
    "a\x00b\x07c\ufffed\ud800e": "abcde",
    unicodedata.normalize("NFD", "Đề án dệt thảm"): "Đề án dệt thảm",
    "Hội chợ 🎪 đặc sản": "Hội chợ 🎪 đặc sản",
    "Dài " * 125: ("Dài " * 125).strip(),
    "<b>&amp;</b>": "<b>&amp;</b>",
}
