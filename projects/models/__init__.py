"""The work: projects with their contents, money, beneficiaries, progress and history."""

from projects.models.beneficiary import Beneficiary, PersonalNumber, Support
from projects.models.commitment import Commitment
from projects.models.estimate_item import EstimateItem
from projects.models.executed import ExecutedAmount
from projects.models.head_change import HeadChange
from projects.models.history import FieldChange, ProjectRevision
from projects.models.money import ApprovalEntry, CellKey, CostLine
from projects.models.pace import Pace
from projects.models.past_event import PastEvent
from projects.models.past_letter import PastLetter, PastLetterApproved, PastLetterAssigned
from projects.models.past_record import PastRecord
from projects.models.payments import (
    Contract,
    ContractEntry,
    Direction,
    PaymentEntry,
    SettlementEntry,
    Voucher,
)
from projects.models.progress import ProgressReport
from projects.models.project import PlanLine, Project, ProjectComponent, ProjectDocument
from projects.models.proof import ProofRun
from projects.models.recommended_amount import RecommendedAmount
from projects.models.recorded_paper import RecordedPaper
from projects.models.review import Appraisal, AppraisalAnswer, Comment, CommentWithdrawal
from projects.models.review_work import NoteWithdrawal, ReviewAssignment, ReviewDeadline, ReviewNote
from projects.models.status_change import StatusChange
from projects.models.warning import WarningCode, WarningReason
from projects.models.year_assessment import YearAssessment

__all__ = [
    "Appraisal",
    "AppraisalAnswer",
    "ApprovalEntry",
    "Beneficiary",
    "CellKey",
    "Comment",
    "CommentWithdrawal",
    "Commitment",
    "Contract",
    "ContractEntry",
    "CostLine",
    "Direction",
    "EstimateItem",
    "ExecutedAmount",
    "FieldChange",
    "HeadChange",
    "NoteWithdrawal",
    "Pace",
    "PastEvent",
    "PastLetter",
    "PastLetterApproved",
    "PastLetterAssigned",
    "PastRecord",
    "PaymentEntry",
    "PersonalNumber",
    "PlanLine",
    "ProgressReport",
    "Project",
    "ProjectComponent",
    "ProjectDocument",
    "ProjectRevision",
    "ProofRun",
    "RecommendedAmount",
    "RecordedPaper",
    "ReviewAssignment",
    "ReviewDeadline",
    "ReviewNote",
    "SettlementEntry",
    "StatusChange",
    "Support",
    "Voucher",
    "WarningCode",
    "WarningReason",
    "YearAssessment",
]
