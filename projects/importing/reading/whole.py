"""Whether a workbook may be opened as a whole, by a library that keeps an object for each of its cells."""

from __future__ import annotations

from khuyencong.packed import MEGABYTE, ReadingStopped, broken_is_damaged, elements, opened_zip

from .ooxml import main_tags, merged_area, relations, sheet_places, workbook_member

MOST_UNPACKED = 40 * MEGABYTE  # of all members together
MOST_BUILT = 400_000  # rows and cells, blank ones too, and each cell of merged areas and of links over an area
_BUILT = main_tags("row", "c", "mergeCell", "hyperlink")


def may_be_opened_whole(content: bytes) -> bool:
    """A few kilobytes that merge a million cells would take all the memory there is."""
    left = MOST_BUILT
    try:
        with broken_is_damaged(), opened_zip(content) as packed:
            if sum(member.file_size for member in packed.infolist()) > MOST_UNPACKED:
                return False
            root = workbook_member(packed)
            for place in sheet_places(packed, root, relations(packed, root)):
                for element in elements(packed, place.member, _BUILT):
                    top, first, bottom, last = merged_area(element.get("ref", "A1"))
                    left -= (bottom - top + 1) * (last - first + 1)
                    if left < 0:
                        return False
    except ReadingStopped:
        return False
    return True
