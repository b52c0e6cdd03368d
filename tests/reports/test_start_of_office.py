"""From when an organisation works: told as its source tells it, in the papers of its first year and of the next."""

from __future__ import annotations

import pytest
from django.test import Client

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from tests.accounts.pages import address
from tests.factories import make_plan
from tests.people import Tree
from tests.reports.documents import read_yearly, yearly

pytestmark = pytest.mark.django_db

SAID = "Trung tâm Khuyến công Hải Phòng đi vào hoạt động từ tháng 10/2005."


def type_start(client: Client, tree: Tree, typed: str) -> int:
    counts = {f"{name}-{kind}_FORMS": "0" for name in ("former_names", "signers") for kind in ("TOTAL", "INITIAL")}
    data = {"name": tree.centre.name, "works_since": typed, **counts}
    status = client.post(address("organisation", "change", tree.centre.pk), data).status_code
    tree.centre.refresh_from_db()
    return status


def test_administrator_types_a_month_and_no_day_is_made_of_it(client: Client, tree: Tree, administrator: User) -> None:
    client.force_login(administrator)
    assert type_start(client, tree, " 10/2005 ") == 302 and tree.centre.works_since == "10/2005"
    assert type_start(client, tree, "13/2005") == 200 and tree.centre.works_since == "10/2005"
    assert type_start(client, tree, "3/10/2005") == 302 and tree.centre.works_since == "03/10/2005"
    assert type_start(client, tree, "") == 302 and tree.centre.works_since == ""


@pytest.mark.parametrize(("year", "is_told"), [(2004, False), (2005, True), (2006, True), (2007, False)])
def test_papers_that_look_back_on_its_first_year_say_it(
    client: Client, tree: Tree, centre_staff: User, year: int, is_told: bool
) -> None:
    tree.centre.works_since = "10/2005"
    tree.centre.save()
    plan = make_plan(organisation=tree.centre, year=year)
    client.force_login(centre_staff)
    assert (SAID in client.get(plan.get_absolute_url()).content.decode()) is is_told
    assert (SAID in read_yearly(yearly(centre_staff, year)).texts) is is_told


def test_it_is_called_as_it_was_called_then(tree: Tree, pilot_plan: AnnualPlan) -> None:
    tree.centre.works_since = "2006"
    tree.centre.former_names.create(name="Trung tâm Khuyến công", valid_to="2010-12-31")
    assert tree.centre.start_told_in(2006) == "Trung tâm Khuyến công đi vào hoạt động từ năm 2006."
    tree.centre.works_since = ""
    assert tree.centre.start_told_in(2006) == ""
