"""What the law asks of a plan's projects and nobody has answered, kind by kind."""

from __future__ import annotations

from dataclasses import dataclass, field

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import Project
from projects.rules.warnings import ProjectWarning, findings_of_projects


@dataclass(frozen=True)
class WarnedLine:
    """One warning of one project."""

    project: Project
    warning: ProjectWarning

    @property
    def key(self) -> str:
        return f"{self.project.pk}:{self.warning.fingerprint}"


@dataclass
class WarnedProjects:
    """Unanswered warnings of one kind, in the order of the projects' codes."""

    name: str
    lines: list[WarnedLine] = field(default_factory=list)


def warned_projects(plan: AnnualPlan, user: User) -> list[WarnedProjects]:
    """Of the projects that count in the plan and that went, or go, through a review; in a fixed number of queries."""
    counted = Project.objects.in_plans([plan]).counted().exclude(status__in=Project.HISTORIC)
    projects: list[Project] = list(counted.order_by("code"))
    findings = findings_of_projects(projects, user=user)
    found: dict[str, WarnedProjects] = {}
    for project in projects:
        for warning in findings[project.pk].unanswered:
            found.setdefault(warning.name, WarnedProjects(warning.name)).lines.append(WarnedLine(project, warning))
    return list(found.values())
