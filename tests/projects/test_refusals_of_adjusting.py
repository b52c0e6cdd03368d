"""What no letter may adjust in a running project, and which authority each change needs."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, Decision
from projects.models import FieldChange, Project, ProjectRevision
from projects.services.adjust import Adjusted, adjust_project
from projects.services.project_parts import SupportInput
from projects.services.years import join_plan
from tests.factories import (
    MILLION,
    authority,
    decide,
    district,
    make_decision,
    make_plan,
    make_project,
    requested_cells,
    source,
    submit_all,
)
from tests.people import make_tree
from tests.projects.attempts import code_of, words_of
from tests.there import there

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("deciders")]
APPROVED, LATER = dt.date(2006, 6, 16), dt.date(2006, 8, 1)
LEVELS = ("department", "agency", "city", "central")


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    for level in LEVELS:
        authority(level)
    return make_plan(organisation=centre_staff.memberships.get().scope)


def approved(
    plan: AnnualPlan, staff: User, head: User, department: User, *, codes: str = "KCDP", **words: Any
) -> Project:
    """A project with a start and an end in the year, approved by the city, or by the Ministry where its money is."""
    amounts = dict.fromkeys(codes.split(), 60 * MILLION)
    project = make_project(plan=plan, by=staff, amounts=amounts, **words)
    Project.objects.update(start_on=dt.date(2006, 3, 1), end_on=dt.date(2006, 11, 1))
    submit_all(plan=plan, by=head)
    for code, level in (("KCDP", "city"), ("KCQG", "central")):
        if cells := {key: vnd for key, vnd in requested_cells(plan).items() if key[2] == source(code).pk}:
            decide(plan=plan, by=department, assigned={code: 60 * MILLION}, approved=cells, number=level, level=level)
    return Project.objects.get(pk=project.pk)


def adjust(project: Project, by: User, *, level: str = "city", on: dt.date = LATER, **changes: Any) -> ProjectRevision:
    plan = changes.pop("plan", None) or project.plans[-1]
    decision = changes.pop("decision", None) or make_decision(
        organisation=plan.organisation.parent, number="9/QĐ", on=on, level=level
    )
    words = {"reason": changes.pop("reason", "Đổi"), "version": changes.pop("version", project.version)}
    stands: dict[str, Any] = {name: getattr(project, name) for name in ("start_on", "end_on", "area_scope")}
    stands |= {"places": list(project.places.all()), "supports": [SupportInput(group_description="Lao động nông thôn")]}
    wanted = Adjusted(**stands | changes)
    return adjust_project(project=project, plan=plan, decision=decision, wanted=wanted, actor=by, **words)


def test_what_can_not_be_adjusted(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    project = approved(plan, centre_staff, centre_head, department_head)
    empty = make_plan(organisation=plan.organisation, year=2007)

    def said(**words: Any) -> str:
        changed = {"end_on": dt.date(2006, 10, 1)} if "end_on" not in words else {}
        return code_of(lambda: adjust(project, department_head, **changed | words))

    assert said() == said(on=APPROVED) == "done"
    assert said(on=APPROVED - dt.timedelta(days=1)) == "too_early"
    assert said(plan=empty) == "other_plan"
    abroad = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22").department
    assert said(decision=make_decision(organisation=abroad, number="9/QĐ", on=LATER)) == "other_office"
    assert said(reason=" ") == "no_reason"
    assert said(end_on=project.end_on) == "nothing"
    assert said(version=project.version - 1) == "stale"
    nobody = make_decision(organisation=plan.organisation.parent, number="9/QĐ", on=LATER)
    nobody.authority = None
    assert said(decision=nobody) == "unauthorised"
    known = Decision.objects.get()
    assert said(decision=known) == "done"
    again = make_decision(organisation=known.organisation, number=known.number, on=known.effective_on)
    assert said(decision=again) == "recorded", "as if it were another letter"


def test_a_project_entered_from_old_papers_has_no_day_to_stay_behind(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    project = make_project(plan=plan, by=centre_staff)
    Project.objects.update(status="in_progress")
    stood = Project.objects.get()
    first = adjust(stood, department_head, on=dt.date(2000, 1, 1), end_on=dt.date(2006, 10, 1))
    assert (first.number, first.occasion, first.effective_on) == (1, "adjustment", dt.date(2000, 1, 1))
    assert first.snapshot["before"]["end_on"] is None and first.snapshot["end_on"] == "2006-10-01"
    stood.refresh_from_db()
    second = adjust(stood, department_head, decision=first.decision, end_on=dt.date(2006, 9, 1), reason="Sớm hơn")
    assert (second.number, second.reason, second.decision) == (2, "Sớm hơn", first.decision)
    assert "before" not in second.snapshot and Decision.objects.count() == 1
    assert there(second.decision).recorded_by == second.recorded_by == department_head
    assert set(FieldChange.objects.values_list("field", "decision", "project")) == {
        ("end_on", there(first.decision).pk, project.pk)
    }


CHANGES: dict[str, dict[str, Any]] = {
    "place": {"places": ["314"]},
    "scope": {"area_scope": "not_fixed"},
    "helped": {"supports": [SupportInput(group_description="Phụ nữ")]},
    "start in the year": {"start_on": dt.date(2006, 1, 1)},
    "end in the year": {"end_on": dt.date(2006, 12, 31)},
    "end next year": {"end_on": dt.date(2007, 1, 1)},
    "start next year": {"start_on": dt.date(2007, 1, 1), "end_on": None},
    "place and end next year": {"places": ["314"], "end_on": dt.date(2007, 1, 1)},
    "no end": {"end_on": None},
}
# Who may, of national money: for a group project the director of the Department decides place and beneficiaries.
ITSELF, BELOW, DIRECTOR = {"central"}, {"central", "agency"}, {"central", "agency", "department"}
NATIONAL = {
    "place": (BELOW, DIRECTOR),
    "scope": (BELOW, DIRECTOR),
    "helped": (BELOW, DIRECTOR),
    "start in the year": (BELOW, BELOW),
    "end in the year": (BELOW, BELOW),
    "end next year": (ITSELF, ITSELF),
    "start next year": (ITSELF, ITSELF),
    "place and end next year": (ITSELF, ITSELF),
    "no end": (BELOW, BELOW),
}


@pytest.mark.parametrize("kind", ["single", "group"])
def test_each_change_needs_its_authority(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User, kind: str
) -> None:
    project = approved(plan, centre_staff, centre_head, department_head, codes="KCQG", kind=kind)
    other = district("314", "Huyện Kiến Thụy")
    found: dict[str, set[str]] = {name: set() for name in CHANGES}
    for name, changes in CHANGES.items():
        wanted = changes | ({"places": [other]} if "places" in changes else {})
        for level in LEVELS:
            outcome = code_of(partial(adjust, project, department_head, level=level, **wanted))
            assert outcome in ("done", "unauthorised")
            if outcome == "done":
                found[name].add(level)
    assert found == {name: cells[kind == "group"] for name, cells in NATIONAL.items()}


def test_time_that_went_into_the_next_year_before_is_not_extended_by_moving_it_there(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    project = approved(plan, centre_staff, centre_head, department_head)
    Project.objects.update(end_on=dt.date(2007, 2, 1))
    project.refresh_from_db()

    def said(**changes: Any) -> str:
        return words_of(lambda: adjust(project, department_head, level="department", **changes))

    assert said(end_on=dt.date(2007, 12, 31)) == said(start_on=dt.date(2007, 1, 1)) == ""
    assert "kéo dài sang năm sau" in said(end_on=dt.date(2008, 1, 1))


def test_a_scope_without_places_is_a_place_too(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    project = approved(plan, centre_staff, centre_head, department_head, codes="KCQG", kind="single")
    Project.objects.update(area_scope="whole_city")
    project.places.clear()
    project.refresh_from_db()
    refusal = words_of(lambda: adjust(project, department_head, level="department", area_scope="not_fixed"))
    assert "thay đổi địa bàn" in refusal


def test_the_year_of_a_later_plan_is_no_extension(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    """The project has joined 2007; who approved there would be asked for 2008, and nobody asks the plan of 2006."""
    project = approved(plan, centre_staff, centre_head, department_head)
    following = make_plan(organisation=plan.organisation, year=2007)
    asked = {(project.components.get().pk, source("KCDP")): 1}
    join_plan(project=project, plan=following, asked=asked, actor=centre_staff, version=project.version)
    project = Project.objects.get()

    def said(one: AnnualPlan, year: int) -> str:
        end = dt.date(year, 6, 1)
        return code_of(lambda: adjust(project, department_head, level="department", plan=one, end_on=end))

    assert (said(following, 2007), said(following, 2008)) == ("done", "unauthorised")
    assert said(plan, 2006) == said(plan, 2007) == "other_plan"


def test_money_of_both_levels_asks_both(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    project = approved(plan, centre_staff, centre_head, department_head, codes="KCDP KCQG", kind="single")
    later = {"end_on": dt.date(2006, 12, 1)}
    said = {level: words_of(partial(adjust, project, department_head, level=level, **later)) for level in LEVELS}
    assert "(khuyến công quốc gia)" in said["city"] and "địa phương" not in said["city"]
    assert "(khuyến công địa phương)" in said["central"] and "quốc gia" not in said["central"]


def test_what_was_adjusted_stands(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    project = approved(plan, centre_staff, centre_head, department_head)
    changes: dict[str, Any] = {
        "start_on": dt.date(2006, 4, 1),
        "end_on": None,
        "places": [district("314", "Kiến Thụy")],
    }
    adjust(project, department_head, **changes, supports=[SupportInput(group_description="Phụ nữ", planned_count=9)])
    now = Project.objects.get()
    assert (now.start_on, now.end_on, [place.code for place in now.places.all()]) == (
        dt.date(2006, 4, 1),
        None,
        ["314"],
    )
    assert [(one.group_description, one.planned_count) for one in now.supports.all()] == [("Phụ nữ", 9)]
    assert now.version == project.version + 1
    adjust(
        now,
        department_head,
        on=dt.date(2006, 9, 1),
        area_scope="whole_city",
        supports=[SupportInput(group_description="Phụ nữ")],
    )
    now = Project.objects.get()
    assert now.area_scope == "whole_city" and not now.places.exists(), "the whole city names no places"
