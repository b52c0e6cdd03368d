"""The Word file of an official paper."""

from __future__ import annotations

from khuyencong.paper.official_paper import Facts, OfficialPaper, PaperList, Part, PartTitle
from khuyencong.paper.word import OfficialDocument
from khuyencong.paper.word_columns import WordColumn, WordRow
from khuyencong.paper.word_styles import BODY, CENTRE, LEFT, PLAIN, RIGHT

ALIGNS = {"left": LEFT, "centre": CENTRE, "right": RIGHT}


def word_file(paper: OfficialPaper) -> bytes:
    """From the same definition as its page: the same words in the same order."""
    document = OfficialDocument(title=paper.title, author=paper.head.issuer, is_landscape=paper.is_wide)
    document.letterhead(paper.head, number=paper.number)
    if paper.above:
        document.paragraph(paper.above, PLAIN, CENTRE, bold=True, size=14)
    document.title(paper.title.upper(), paper.about, filter(None, [paper.attached_to]))
    for part in paper.parts:
        _write_part(document, part)
    document.signatures(paper.signatures, paper.receivers)
    if paper.annex:
        document.turn(is_landscape=paper.is_wide)
    for part in paper.annex:
        _write_part(document, part)
    return document.bytes()


def _write_part(document: OfficialDocument, part: Part) -> None:
    if isinstance(part, PartTitle):
        document.heading(part.text, 1)
    elif isinstance(part, Facts):
        for label, text in part.pairs:
            document.paragraph(f"{label}: {text}", BODY)
    elif isinstance(part, PaperList):
        columns = [WordColumn(one.title, one.width, ALIGNS[one.align], one.label) for one in part.columns]
        rows = [WordRow(row.cells, **{f"is_{row.kind}": True} if row.kind else {}) for row in part.rows]
        document.table(columns, rows, part.unit)
    else:
        align = CENTRE if part.is_centred else None
        document.paragraph(part.text, BODY, align, bold=part.is_bold or None, italic=part.is_italic or None)
