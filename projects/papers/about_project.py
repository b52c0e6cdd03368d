"""What the papers of rounds and of letters say of a project in a row of their lists."""

from __future__ import annotations

from khuyencong.identifiers import mask_personal_numbers
from khuyencong.money import NOT_RECORDED
from projects.models import Project


def about_project(project: Project) -> list[str]:
    """Its name, who is helped, and where."""
    helped = "; ".join(mask_personal_numbers(str(support)) for support in project.supports.all())
    return [mask_personal_numbers(project.name), helped or NOT_RECORDED, project.area_text or NOT_RECORDED]
