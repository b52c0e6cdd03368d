"""The same few people in every test, named by their role code, and a stranger from another province."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.hashers import make_password

if TYPE_CHECKING:
    from khuyencong.accounts.models import Organisation, User

PASSWORD = "mat-khau-thu-nghiem"


@dataclass(frozen=True)
class Tree:
    """Province → Department → Centre."""

    province: Organisation
    department: Organisation
    centre: Organisation


def make_tree(*, code: str = "hai-phong", name: str = "Hải Phòng", area_code: str = "31") -> Tree:
    from khuyencong.accounts.models import Organisation

    province = Organisation.objects.create(code=code, kind="province", name=f"Thành phố {name}", area_code=area_code)
    department = Organisation.objects.create(
        code=f"so-cong-thuong-{code}", kind="department", name=f"Sở Công Thương {name}", parent=province
    )
    centre = Organisation.objects.create(
        code=f"trung-tam-{code}", kind="centre", name=f"Trung tâm Khuyến công {name}", parent=department
    )
    return Tree(province, department, centre)


@cache
def hashed_password() -> str:
    """The same for everybody, so that the people of one test are those of the next to the last letter."""
    return make_password(PASSWORD)


def make_person(*, role: str, scope: Organisation, username: str = "", full_name: str = "") -> User:
    """A person who holds one role over one scope."""
    from khuyencong.accounts.models import Membership, User

    words = {"username": username or role, "full_name": full_name or username or role}
    user = User.objects.create(password=hashed_password(), **words)
    Membership.objects.create(user=user, scope=scope, role=role)
    return user


def make_each_role_twice(tree: Tree) -> dict[tuple[str, str], User]:
    """Of each role one where it belongs (“own”) and one over another province (“other”), who did nothing yet."""
    from khuyencong.accounts.models import Role

    scope = dict.fromkeys(Role.values, tree.province)
    scope |= dict.fromkeys(("centre_staff", "centre_head", "accountant"), tree.centre)
    scope |= dict.fromkeys(("reviewer", "department_head"), tree.department)
    abroad = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22").province
    own = {("own", role): make_person(role=role, scope=scope[role], username=f"{role}_own") for role in Role.values}
    other = {("other", role): make_person(role=role, scope=abroad, username=f"{role}_2") for role in Role.values}
    return own | other


@pytest.fixture
def tree(numbers: None) -> Tree:
    return make_tree()


@pytest.fixture
def centre_staff(tree: Tree) -> User:
    return make_person(role="centre_staff", scope=tree.centre, full_name="Nguyễn Thị Hoa")


@pytest.fixture
def centre_head(tree: Tree) -> User:
    return make_person(role="centre_head", scope=tree.centre, full_name="Trần Văn Bình")


@pytest.fixture
def accountant(tree: Tree) -> User:
    return make_person(role="accountant", scope=tree.centre, full_name="Lê Thị Kim")


@pytest.fixture
def reviewer(tree: Tree) -> User:
    return make_person(role="reviewer", scope=tree.department, full_name="Phạm Quang Đức")


@pytest.fixture
def department_head(tree: Tree) -> User:
    return make_person(role="department_head", scope=tree.department, full_name="Đỗ Mạnh Hùng")


@pytest.fixture
def observer(tree: Tree) -> User:
    return make_person(role="observer", scope=tree.province, full_name="Vũ Thu Trang")


@pytest.fixture
def administrator(tree: Tree) -> User:
    return make_person(role="administrator", scope=tree.province, full_name="Hoàng Anh Tuấn")


@pytest.fixture
def everybody(tree: Tree) -> User:
    """One person with every role over the whole province, for whom no page is forbidden."""
    from khuyencong.accounts.models import Membership, Role

    person = make_person(role=Role.OBSERVER, scope=tree.province, username="everybody", full_name="Người đủ vai")
    for role in set(Role.values) - {Role.OBSERVER}:
        Membership.objects.create(user=person, scope=tree.province, role=role)
    return person


@pytest.fixture
def stranger(numbers: None) -> User:
    """Centre staff of another province, who may read nothing here."""
    other = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22")
    return make_person(role="centre_staff", scope=other.centre, username="stranger", full_name="Người tỉnh khác")


@pytest.fixture
def people(
    centre_staff: User, centre_head: User, accountant: User, reviewer: User, department_head: User
) -> dict[str, User]:
    """Those who write, by their role."""
    return {person.username: person for person in (centre_staff, centre_head, accountant, reviewer, department_head)}
