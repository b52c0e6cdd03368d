"""The world of ``writes.py``: a record of each kind in the state that a write asks for."""

from __future__ import annotations

import pytest

from khuyencong.accounts.models import User
from tests.kept import kept
from tests.projects.writes import World, make_world


@pytest.fixture
@kept
def world(centre_staff: User, centre_head: User, department_head: User, accountant: User) -> World:
    return make_world(centre_staff, centre_head, department_head, accountant)
