"""Which content of a later decree takes the place of one of an earlier decree, where a project is copied.

No decree says so: it is read from their wording (docs/field-rules.md §2), so it offers and never judges.
"""

from __future__ import annotations

from programmes.models import ActivityType

# NĐ 134/2004 → NĐ 45/2012. One content that became two stands twice; 45-8 is new.
SUCCESSIONS = (
    ("134-1", "45-1"),
    ("134-2", "45-2"),
    ("134-3", "45-3"),
    ("134-4", "45-4"),
    ("134-5", "45-5"),
    ("134-5", "45-6"),
    ("134-6", "45-7"),
    ("134-7", "45-9"),
)


def counterpart_codes(code: str) -> list[str]:
    """Contents of the other decree of which that one took the place, or which took its place."""
    return [new for old, new in SUCCESSIONS if old == code] + [old for old, new in SUCCESSIONS if new == code]


class ContentsOfYear:
    """The contents that a plan of that year may have; read once for any number of projects."""

    def __init__(self, year: int) -> None:
        self.offered: dict[str, ActivityType] = {row.code: row for row in ActivityType.objects.in_use(year)}

    def counterparts_of(self, content: ActivityType) -> list[ActivityType]:
        """The content itself where the year has it, else what stands in its place: none, one, or several to choose."""
        if content.code in self.offered:
            return [self.offered[content.code]]
        return [self.offered[code] for code in counterpart_codes(content.code) if code in self.offered]
