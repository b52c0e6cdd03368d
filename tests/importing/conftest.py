"""What most lists are brought into."""

from __future__ import annotations

import pytest

from khuyencong.accounts.models import Organisation, User
from programmes.models import AnnualPlan
from tests.factories import district
from tests.importing.lists import plan_of


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    """The Centre's plan of 2006; lists of opening figures are of the year that runs, and have another."""
    return plan_of(centre_staff)


@pytest.fixture
def office(centre_staff: User) -> Organisation:
    """The Centre, with two districts to name."""
    district()
    district("311", "Huyện Thủy Nguyên")
    return Organisation.objects.select_related("parent__parent").get(pk=centre_staff.memberships.get().scope_id)
