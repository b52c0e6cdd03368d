"""What money and rules exist: reference data, yearly plans and their rounds, decisions, assigned money."""

from programmes.models.area import AdminUnit, AdminUnitSuccession, listed_names, listed_units
from programmes.models.decision import AllocationEntry, Decision, DecisionChange, DecisionDocument
from programmes.models.plan import AnnualPlan, BooksChange, PlanRound, RoundDocument
from programmes.models.priority import PriorityArea, PriorityGroup, PriorityRule, PriorityStep
from programmes.models.reference import (
    ActivityType,
    Authority,
    FundingSource,
    NormChange,
    NormDocument,
    Regulation,
    SupportNorm,
)
from programmes.models.rules import (
    AdvanceShare,
    CityClass,
    DeadlineRule,
    DeciderRule,
    EligibilityRule,
    EstablishmentType,
)

__all__ = [
    "ActivityType",
    "AdminUnit",
    "AdminUnitSuccession",
    "AdvanceShare",
    "AllocationEntry",
    "AnnualPlan",
    "Authority",
    "BooksChange",
    "CityClass",
    "DeadlineRule",
    "DeciderRule",
    "Decision",
    "DecisionChange",
    "DecisionDocument",
    "EligibilityRule",
    "EstablishmentType",
    "FundingSource",
    "NormChange",
    "NormDocument",
    "PlanRound",
    "PriorityArea",
    "PriorityGroup",
    "PriorityRule",
    "PriorityStep",
    "Regulation",
    "RoundDocument",
    "SupportNorm",
    "listed_names",
    "listed_units",
]
