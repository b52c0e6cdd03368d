"""What a paper of a round says of the order of priority: the projects that go first, each with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from khuyencong.paper.official_paper import Part, PartTitle, Words
from projects.models import Project
from projects.rules.priority import priorities_of


def preferred_lines(listed: Sequence[tuple[int, Project, dt.date]]) -> list[Part]:
    """Of projects by their numbers in the list and the days on which they are judged; nothing where none is known.

    ``listed`` as :meth:`ProjectQuerySet.for_detail` fetched them.
    """
    found = priorities_of([project for _number, project, _on in listed], {one.pk: on for _number, one, on in listed})
    known = [(found[project.pk], number) for number, project, _on in listed if found[project.pk].is_known]
    if not known:
        return []
    lines: list[Part] = [PartTitle("Thứ tự ưu tiên")]
    for priority, number in sorted(known, key=lambda one: (one[0].sort_key, one[1])):
        said = "; ".join(f"{step.text}, theo {step.citation}" for step in priority.told if step.rule)
        lines.append(Words(f"- Đề án số {number}: {said}."))
    if len(known) < len(listed):
        lines.append(Words("- Các đề án còn lại: chưa xác định được hoặc không xét theo thứ tự."))
    return lines
