"""A project as the list of a year's projects says it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy

from projects.importing.lists.plan_words import RowWords
from projects.importing.lists.said_parts import names_helped

TEXTS = {
    "effects": gettext_lazy("kết quả dự kiến"),
    "aims": gettext_lazy("mục tiêu"),
    "scale": gettext_lazy("quy mô"),
    "notes": gettext_lazy("ghi chú"),
}


@dataclass
class PlanEntry:
    """A project as its row, or several rows under one merged name, says it; ``amounts`` in đồng, by the key of their
    column, ``texts`` by the field of the project, ``more`` what the further rows say."""

    name: str
    code: str
    words: RowWords
    amounts: dict[str, int | None]
    texts: dict[str, str]
    more: list[RowWords] = field(default_factory=list)

    @property
    def all_words(self) -> list[RowWords]:
        return [self.words, *self.more]

    @property
    def helped(self) -> str:
        """Who is helped, as names are compared; empty for a task."""
        return names_helped(self.all_words)
