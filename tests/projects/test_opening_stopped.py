"""A project of an old file that its letter stopped, as the services take it over."""

from __future__ import annotations

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.forms.past import StatedForm
from projects.ledger.proof import prove
from projects.models import PastLetterApproved, Project
from projects.refusals import Refused
from tests.projects.opening import ADVANCE, CONTRACT, city, confirmed, entered, letter_of, running_plan, stated, totals

pytestmark = pytest.mark.django_db
STOPPED = 60  # days ago


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    made = running_plan(centre_staff.memberships.get().scope)
    city(made)
    return made


def test_stop_comes_with_its_letter_and_leaves_what_was_paid(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    first = letter_of(plan, centre_staff, 100)
    stop = letter_of(plan, centre_staff, 0, number="88/QĐ-UBND", on=STOPPED)
    events = [CONTRACT, ADVANCE, ("recovery", 90, 20)]
    project = entered(plan, centre_staff, (first, 100), (stop, -50), state=stated("stopped", STOPPED), events=events)
    confirmed(first, department_head, sent_by=centre_staff)
    assert totals() == {"assigned": 100, "approved": 100, "paid": 0, "settled": 0}
    confirmed(stop, department_head, sent_by=centre_staff)
    project.refresh_from_db()
    assert project.status == "stopped" and prove().is_clean
    assert totals() == {"assigned": 100, "approved": 50, "paid": 50, "settled": 0}


def test_stop_that_leaves_more_than_was_paid_is_refused(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    first = letter_of(plan, centre_staff, 100)
    stop = letter_of(plan, centre_staff, 0, number="88/QĐ-UBND", on=STOPPED)
    entered(plan, centre_staff, (first, 100), (stop, -20), state=stated("stopped", STOPPED), events=[ADVANCE])
    confirmed(first, department_head, sent_by=centre_staff)
    with pytest.raises(Refused, match="chỉ giữ lại số đã chi"):
        confirmed(stop, department_head, sent_by=centre_staff)
    assert totals()["approved"] == 100 and Project.objects.get().status == "stated"


def test_letter_gives_or_takes_something(plan: AnnualPlan, centre_staff: User) -> None:
    letter = letter_of(plan, centre_staff, 100)
    with pytest.raises(Refused):
        entered(plan, centre_staff, (letter, 0), state=stated("approved"))
    assert not PastLetterApproved.objects.exists()


def test_stop_is_no_choice_of_the_screen_for_what_goes_on(plan: AnnualPlan, centre_staff: User) -> None:
    project = entered(plan, centre_staff, (letter_of(plan, centre_staff, 100), 100), state=stated("approved"))
    choices = dict(StatedForm(plan=plan, project=project).fields["outcome"].choices)  # type: ignore[attr-defined]
    assert "liquidated" in choices and "stopped" not in choices
