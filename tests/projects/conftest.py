"""What many tests begin from: an approved plan, the world of ``writes.py``, two people at their browsers."""

from __future__ import annotations

import pytest
from django.test import Client

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import CellKey
from tests.factories import requested_cells
from tests.kept import kept
from tests.projects.accounting import approved_plan
from tests.projects.world import World, make_world


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


@pytest.fixture
def mine(centre_staff: User) -> Client:
    """A browser of the Centre's staff."""
    client = Client()
    client.force_login(centre_staff)
    return client


@pytest.fixture
def theirs(centre_head: User) -> Client:
    """A browser of the Centre's head, beside it."""
    client = Client()
    client.force_login(centre_head)
    return client
