"""People, their roles and the scope tree, each administrator within their own scope."""

from khuyencong.accounts.admin.authorisations import AuthorisationAdmin
from khuyencong.accounts.admin.organisations import OrganisationAdmin
from khuyencong.accounts.admin.people import PersonAdmin

__all__ = ["AuthorisationAdmin", "OrganisationAdmin", "PersonAdmin"]
