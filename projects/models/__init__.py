"""The work: projects with their contents, money, beneficiaries, progress and history."""

from projects.models.beneficiary import Beneficiary, PersonalNumber, Support
from projects.models.history import ProjectRevision, StatusChange
from projects.models.money import ApprovalEntry, CostLine
from projects.models.progress import ExecutedAmount, ProgressReport
from projects.models.project import PlanLine, Project, ProjectComponent, ProjectDocument

__all__ = [
    "ApprovalEntry",
    "Beneficiary",
    "CostLine",
    "ExecutedAmount",
    "PersonalNumber",
    "PlanLine",
    "ProgressReport",
    "Project",
    "ProjectComponent",
    "ProjectDocument",
    "ProjectRevision",
    "StatusChange",
    "Support",
]
