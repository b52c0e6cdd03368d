"""Makes ``khuyencong/paper/glyph_widths.py`` anew from the font: ``python -m tests.glyph_widths``."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from fontTools.ttLib import TTFont

from khuyencong.paper import glyph_widths
from tests.requirements import HOW_TO_ADD, liberation

HEAD = '''"""How wide letters are in Liberation Serif, which is made as wide as Times New Roman.

``python -m tests.glyph_widths`` makes this file from the font; a test compares both. ``UNITS`` make an em. By their
width in units the letters that have it; one with marks that is not listed is as wide as its base.
"""
'''
MODULE = Path(glyph_widths.__file__)
# Latin with its marks, Vietnamese, then what stands between words and figures.
RANGES = ((0x20, 0x7E), (0xA0, 0x17F), (0x1EA0, 0x1EF9), (0x2010, 0x2026), (0x20AB, 0x20AC))
MORE = "ƠơƯư−×÷≠≤≥≈→№′″"


def module_of(folder: Path) -> str:
    """The text of the module for the font in that folder."""
    faces = {face: TTFont(folder / f"LiberationSerif-{face}.ttf") for face in ("Regular", "Bold")}
    [units] = {font["head"].unitsPerEm for font in faces.values()}
    tables = (f"{face.upper()} = {{\n{''.join(_lines(font))}}}\n" for face, font in faces.items())
    return f"{HEAD}\nUNITS = {units}\n\n{chr(10).join(tables)}"


def _lines(font: TTFont) -> Iterator[str]:
    by_width: dict[int, str] = defaultdict(str)
    for char, width in _widths(font).items():
        by_width[width] += char
    for width, chars in sorted(by_width.items()):
        quoted = repr(chars)
        yield f"    {width}: {quoted if chr(34) in quoted else chr(34) + quoted[1:-1] + chr(34)},\n"


def _widths(font: TTFont) -> dict[str, int]:
    """Of every letter that is not as wide as its base."""
    glyphs, metrics = font.getBestCmap(), font["hmtx"]
    wanted = [*(chr(code) for first, last in RANGES for code in range(first, last + 1)), *MORE]
    every = {char: metrics[glyphs[ord(char)]][0] for char in wanted if ord(char) in glyphs}
    return {char: width for char, width in every.items() if char == _base(char) or width != every.get(_base(char))}


def _base(char: str) -> str:
    return unicodedata.normalize("NFD", char)[0]


if __name__ == "__main__":
    found = liberation()
    if found is None:
        raise SystemExit(HOW_TO_ADD["liberation"])
    MODULE.write_text(module_of(Path(found)))
