"""States that many tests begin from: an approved plan, and the world of ``writes.py``."""

from __future__ import annotations

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import CellKey
from tests.factories import requested_cells
from tests.kept import kept
from tests.projects.accounting import approved_plan
from tests.projects.writes import World, make_world


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    """“Thêu ren” of 60 and “Mây tre” of 50 triệu, approved by the city on 16 June out of 110."""
    return approved_plan(staff=centre_staff, head=centre_head, department=department_head)


@pytest.fixture
def cells(plan: AnnualPlan) -> list[CellKey]:
    return sorted(requested_cells(plan))


@pytest.fixture
@kept
def world(centre_staff: User, centre_head: User, department_head: User, accountant: User) -> World:
    """A record of each kind in the state that a write asks for."""
    return make_world(centre_staff, centre_head, department_head, accountant)
