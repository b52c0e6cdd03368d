"""Columns of a table on paper: no figure is broken over two lines, or reads as another one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from khuyencong.paper.type_widths import text_width

PAGE_MM = 252.0  # between the margins of A4 in landscape
SIZES = (12, 10.5, 10, 9, 8, 7)  # points; each has a class of its own in document.css
WIDE = 10  # columns: from here on the type is smaller from the first
PADDING_EM = 0.75  # of a cell of such a page, left and right together
EM_MM = 0.3528  # of type of one point
SPARE = 1.07  # of its letters, what a text has: for borders, rounded widths, and fonts that are not quite as wide
LEAST_SHARE = 0.6  # of their width, that columns of texts keep while the type can still get smaller
LEAST_FIGURE_MM = 12.5  # room for the words of the head


def fitting(
    given: Sequence[float],
    figures: Mapping[int, float],
    words: Mapping[int, float],
    sizes: Sequence[float],
    padding: Callable[[float], float],
) -> tuple[float, list[float]]:
    """The size of type in points, and widths in mm, at which every figure has room: figures that need less give way,
    then texts as far as their words allow, then the type gets smaller.

    ``given`` are the widths wished for. ``figures`` and ``words``: the longest of each column in em, by the place of
    the column; other columns stay as they are. ``padding`` is what a cell takes beside its text, in mm by the size.
    """
    texts = sum(given[place] for place in words)
    fixed = sum(given) - texts - sum(given[place] for place in figures)
    for size in sizes:

        def needed(ems: float, size: float = size) -> float:
            return padding(size) + SPARE * ems * size * EM_MM

        if all(needed(ems) <= given[place] for place, ems in figures.items()):
            return size, list(given)
        least = {place: max(needed(ems), min(given[place], LEAST_FIGURE_MM)) for place, ems in figures.items()}
        floor = {place: min(given[place], max(needed(ems), LEAST_SHARE * given[place])) for place, ems in words.items()}
        room = sum(given) - fixed - sum(least.values())
        if room >= sum(floor.values()):
            break
    yielding = texts - sum(floor.values())
    share = max(0, min(1, (room - sum(floor.values())) / yielding)) if yielding else 1
    narrowed = {place: width + (given[place] - width) * share for place, width in floor.items()}
    spare = (room - sum(narrowed.values())) / len(least)
    widths = {place: width + max(spare, 0) for place, width in least.items()} | narrowed
    return size, [widths.get(place, width) for place, width in enumerate(given)]


def longest(texts: Iterable[str]) -> float:
    """In em of bold letters, in which sums are printed."""
    return max((text_width(text, is_bold=True) for text in texts), default=0)


def longest_word(texts: Iterable[str]) -> float:
    """The same of words."""
    return longest(word for text in texts for word in text.split())


def padding_mm(size: float) -> float:
    """Of a cell of a printed page."""
    return PADDING_EM * size * EM_MM


def type_class(size: float) -> str:
    """As document.css calls it."""
    return f"type-{size:g}".replace(".", "-")


def sizes_for(columns: int) -> Sequence[float]:
    """Those that a printed table of so many columns may have, the largest first."""
    return SIZES[columns >= WIDE :]
