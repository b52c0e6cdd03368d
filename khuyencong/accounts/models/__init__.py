"""Who uses the system: organisations, people, the roles they hold, and what they have on the desk."""

from khuyencong.accounts.models.drafts_and_notices import FormDraft, Notice, NoticeOptOut
from khuyencong.accounts.models.organisation import FormerName, Organisation, Signer, give_marks
from khuyencong.accounts.models.user import Membership, Role, User

__all__ = [
    "FormDraft",
    "FormerName",
    "Membership",
    "Notice",
    "NoticeOptOut",
    "Organisation",
    "Role",
    "Signer",
    "User",
    "give_marks",
]
