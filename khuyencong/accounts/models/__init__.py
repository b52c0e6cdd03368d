"""Who uses the system: organisations, people, the roles they hold, and what they have on the desk."""

from khuyencong.accounts.models.drafts_and_notices import FormDraft, Notice, NoticeOptOut
from khuyencong.accounts.models.organisation import FormerName, Organisation, Signer, give_marks
from khuyencong.accounts.models.role_change import WATCHERS, RoleChange
from khuyencong.accounts.models.user import Membership, Role, User

__all__ = [
    "WATCHERS",
    "FormDraft",
    "FormerName",
    "Membership",
    "Notice",
    "NoticeOptOut",
    "Organisation",
    "Role",
    "RoleChange",
    "Signer",
    "User",
    "give_marks",
]
