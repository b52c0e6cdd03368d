"""The administrator of the province, signed in."""

from __future__ import annotations

import pytest
from django.test import Client

from khuyencong.accounts.models import User


@pytest.fixture
def signed_in(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    return client
