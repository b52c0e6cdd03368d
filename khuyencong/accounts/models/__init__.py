"""Who uses the system: organisations, people, the roles they hold, and what they have on the desk."""

from khuyencong.accounts.models.authorisation import Authorisation, AuthorisationEnd
from khuyencong.accounts.models.drafts_and_notices import FormDraft, Notice, NoticeOptOut
from khuyencong.accounts.models.organisation import FormerName, Organisation, Signer, give_marks
from khuyencong.accounts.models.role_change import WATCHERS, RoleChange
from khuyencong.accounts.models.roles import DELEGABLE, WORKING, Role, are_separate
from khuyencong.accounts.models.user import Membership, User

__all__ = [
    "DELEGABLE",
    "WATCHERS",
    "WORKING",
    "Authorisation",
    "AuthorisationEnd",
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
    "are_separate",
    "give_marks",
]
