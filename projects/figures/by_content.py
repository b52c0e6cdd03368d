"""Projects under their contents, in one order for plans, reviews and papers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from programmes.models import ActivityType
from projects.models import Project


def by_content(projects: Iterable[Project]) -> dict[ActivityType | None, list[Project]]:
    """Each under the first of its contents, with None for what names none; the projects stay in their order."""
    found: dict[ActivityType | None, list[Project]] = defaultdict(list)
    for project in projects:
        contents = project.components.all()
        found[contents[0].activity_type if contents else None].append(project)
    return {content: found[content] for content in sorted(found, key=order_of_content)}


def order_of_content(content: ActivityType | None) -> tuple[bool, dt.date, str]:
    """As the decrees list them, older decrees first; what names no content comes last."""
    if content is None:
        return (True, dt.date.max, "")
    return (False, content.regulation.issued_on or dt.date.max, content.code)
