"""Who uses the system: organisations, people and the roles they hold."""

from khuyencong.accounts.models.organisation import FormerName, Organisation
from khuyencong.accounts.models.user import Membership, Role, User

__all__ = ["FormerName", "Membership", "Organisation", "Role", "User"]
