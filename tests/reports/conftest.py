"""The programme of 2006 as it is loaded for a demo."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from khuyencong.accounts.models import User
from projects.demo import load_case, make_people
from tests.people import PASSWORD


@pytest.fixture
def people_2006(db: None) -> dict[str, User]:
    """Everyone of the demo, with the six projects of 2006 entered, approved and reported."""
    call_command("load_reference", verbosity=0)
    people = make_people(PASSWORD)
    load_case(people)
    return people
