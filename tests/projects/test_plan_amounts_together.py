"""Many people at one sheet in the same moment: different cells all survive, one cell is won by one."""

from __future__ import annotations

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import CostLine, FieldChange, Project
from projects.services.amounts import AmountChange, AmountsRefused, update_amounts
from tests.factories import MILLION, make_plan, make_project, source
from tests.projects.at_once import WRITERS, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return make_plan(organisation=centre_staff.memberships.get().scope)


def test_cells_of_one_project_typed_by_many_at_once_all_survive(centre_staff: User, plan: AnnualPlan) -> None:
    contents = {f"134-{index}": {"KCDP": MILLION} for index in range(1, 6)}
    project = make_project(plan=plan, by=centre_staff, contents=contents)
    cells = [(one.pk, code) for one in project.components.all() for code in ("KCDP", "KCQG", "DOIUNG", "KHAC")]
    sources = {code: source(code) for _component, code in cells}

    def type_one(index: int) -> str:
        component, code = cells[index]
        before = MILLION if code == "KCDP" else None
        change = AmountChange(component, sources[code], before, (index + 2) * MILLION)
        update_amounts(plan=plan, changes=[change], actor=User.objects.get(pk=centre_staff.pk))
        return "saved"

    assert len(cells) == WRITERS and together(type_one) == {"saved": WRITERS}
    stored = {(cost.component_id, cost.source.code): cost.amount_vnd for cost in CostLine.objects.all()}
    assert stored == {cell: (index + 2) * MILLION for index, cell in enumerate(cells)}
    assert Project.objects.get().version == 1 + WRITERS
    assert FieldChange.objects.count() == WRITERS


def test_one_cell_typed_by_many_at_once_is_won_by_one(centre_staff: User, plan: AnnualPlan) -> None:
    component = make_project(plan=plan, by=centre_staff).components.get()
    city = source("KCDP")

    def type_over(index: int) -> str:
        change = AmountChange(component.pk, city, 60 * MILLION, (index + 100) * MILLION)
        try:
            update_amounts(plan=plan, changes=[change], actor=User.objects.get(pk=centre_staff.pk))
        except AmountsRefused as refusal:
            return f"{len(refusal.conflicts)} conflict"
        return "saved"

    assert together(type_over) == {"saved": 1, "1 conflict": WRITERS - 1}
    assert FieldChange.objects.count() == 1
