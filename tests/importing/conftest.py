"""What most lists are brought into."""

from __future__ import annotations

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from tests.importing.lists import plan_of


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    """The Centre's plan of 2006; lists of opening figures are of the year that runs, and have another."""
    return plan_of(centre_staff)
