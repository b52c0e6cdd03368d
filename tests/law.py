"""The real reference data, and projects of later years with a norm chosen, for tests of warnings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from unittest import mock

import pytest
from django.db.models import Model

from khuyencong.accounts.models import User
from programmes.models import AdminUnit, AdvanceShare, AnnualPlan, DeciderRule, SupportNorm
from programmes.reference_data import load_reference_data
from projects.models import Project
from tests.factories import MILLION, make_plan, make_project
from tests.kept import kept

loaded_before = False


def load_law() -> None:
    """The files as they ship. Each row is checked the first time; after that they are known to be sound."""
    global loaded_before
    with mock.patch.object(Model, "full_clean") if loaded_before else nullcontext():
        load_reference_data()
    loaded_before = True


@pytest.fixture
@kept
def law(tree: object) -> None:
    """Law, norms, rules and units as they ship; the people's organisations keep their codes."""
    load_law()


WHOLE = ("more_money", "other_contents", "next_year", "add_project", "stop")
PART = ("less_money", "place", "beneficiary", "time_within_year")
DECIDERS = {
    **dict.fromkeys(WHOLE, ("central", "city")),
    **dict.fromkeys(PART, ("agency", "department")),
    **dict.fromkeys(("group_place", "group_beneficiary"), ("department", "department")),
}
LAST_DAY_WITHOUT = dt.date(2014, 2, 9)  # of TT 36/2013


@pytest.fixture
def deciders(db: None) -> None:
    """Who decides over the money of 2006, as if it had been ruled then in the shape of TT 36/2013: for tests of what a
    rule does. The law has none for that time."""
    for change, by in DECIDERS.items():
        for level, one in zip(("national", "city"), by, strict=True):
            DeciderRule.objects.create(
                change=change, funding_level=level, decided_by=one, effective_to=LAST_DAY_WITHOUT, is_confirmed=True
            )


def rule_advances() -> None:
    """Shares for money of 2006, as if they had been ruled then; the law has none for that time."""
    for code, percent in (("", 70), ("cluster_infrastructure", 30), ("startup", 100)):
        AdvanceShare.objects.create(norm_code=code, max_percent=percent, effective_to=LAST_DAY_WITHOUT)


def norm_named(code: str, on: dt.date) -> SupportNorm:
    """The general norm of that day."""
    return SupportNorm.objects.in_force(on).get(code=code, province=None)


def unit(name: str, on: dt.date) -> AdminUnit:
    return AdminUnit.objects.valid_on(on).get(name=name)


def project_of(
    *,
    by: User,
    year: int,
    content: str = "",
    norm: str = "",
    amounts: Mapping[str, int | None] | None = None,
    eligible: int | None = None,
    units: int | None = None,
    places: Sequence[AdminUnit] | None = None,
    kind: str = Project.Kind.GROUP,
    name: str = "Ứng dụng máy móc tiên tiến",
    group: str = "Các cơ sở cơ khí",
) -> Project:
    """A draft of that year in the Centre's plan, with one content; money of the beneficiary's own comes along.

    Without a content it has that of models and machines as the decree of the year numbers it.
    """
    content = content or ("134-3" if year < 2012 else "45-3")
    centre = by.memberships.get().scope
    plan = AnnualPlan.objects.filter(organisation=centre, year=year).first() or make_plan(
        organisation=centre, year=year
    )
    asked = amounts or {"KCQG": 350 * MILLION, "DOIUNG": 350 * MILLION}
    project = make_project(
        plan=plan, by=by, name=name, contents={content: asked}, places=places, kind=kind, group=group
    )
    chosen = SupportNorm.objects.filter(code=norm).order_by("effective_from").first() if norm else None
    project.components.update(norm=chosen, eligible_cost_vnd=eligible, units=units)
    return Project.objects.get(pk=project.pk)
