"""What money and rules exist: reference data, yearly plans and their rounds, decisions, assigned money."""

from programmes.models.area import AdminUnit, AdminUnitSuccession
from programmes.models.decision import AllocationEntry, Decision, DecisionDocument
from programmes.models.plan import AnnualPlan, PlanRound
from programmes.models.reference import ActivityType, Authority, FundingSource, Regulation, SupportNorm

__all__ = [
    "ActivityType",
    "AdminUnit",
    "AdminUnitSuccession",
    "AllocationEntry",
    "AnnualPlan",
    "Authority",
    "Decision",
    "DecisionDocument",
    "FundingSource",
    "PlanRound",
    "Regulation",
    "SupportNorm",
]
