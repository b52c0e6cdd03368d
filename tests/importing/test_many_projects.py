"""Many drafts at once are what one after the other would be, with the same refusals, in few statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound, SupportNorm
from projects.models import Beneficiary, CostLine, PlanLine, Project, ProjectComponent, Support
from projects.refusals import NotAllowed, PlanClosed, Refused
from projects.services.many_projects import NewProject, create_projects
from projects.services.project_entry import ContentInput, ProjectInput, SameName
from projects.services.project_parts import SupportInput
from projects.services.projects import create_project
from tests.factories import MILLION, activity, district, make_plan, make_project, source
from tests.people import make_tree

pytestmark = pytest.mark.django_db


def firm(plan: AnnualPlan, name: str = "HTX Lật Dương", **more: Any) -> Beneficiary:
    return Beneficiary(province=plan.organisation.province(), name=name, type="cooperative", **more)


def drafts(plan: AnnualPlan) -> list[NewProject]:
    """One of two sources and two contents, one that helps the same new establishment, a task of other money alone."""
    shared = firm(plan)
    first = ProjectInput(
        plan=plan,
        contents=[
            ContentInput(activity(), {source("KCQG"): 63 * MILLION, source("KCDP"): 5 * MILLION}, units=3),
            ContentInput(activity("134-3"), {source("DOIUNG"): 7 * MILLION}, eligible_cost_vnd=9 * MILLION),
        ],
        places=[district(), district("311")],
        supports=[SupportInput(new_beneficiary=shared), SupportInput(group_description="3 xã", planned_count=30)],
    )
    second = ProjectInput(
        plan=plan,
        contents=[ContentInput(activity("134-4"), {source("KCDP"): 0})],
        supports=[SupportInput(new_beneficiary=shared)],
    )
    third = ProjectInput(plan=plan, contents=[ContentInput(activity("134-4"), {source("KHAC"): 2 * MILLION})])
    whole = Project.AreaScope.WHOLE_CITY
    return [
        NewProject(Project(name="Đào tạo nghề", kind="group", aims="Có nghề"), first),
        NewProject(Project(name="Hội chợ", code="HC-1", area_scope=whole), second),
        NewProject(Project(name="Bản tin", kind="task", area_scope=whole), third),
    ]


def written(plan: AnnualPlan) -> list[Any]:
    """All that is stored of the plan's projects, in words."""
    return [
        (
            project.name,
            project.code,
            project.kind,
            project.area_scope,
            project.aims,
            project.search,
            bytes(project.name_key),
            project.officer_id,
            sorted(place.name for place in project.places.all()),
            [(str(one), one.planned_count, one.group_search) for one in project.supports.order_by("pk")],
            [
                (one.activity_type.code, one.position, one.units, one.eligible_cost_vnd)
                for one in project.components.select_related("activity_type")
            ],
            sorted(
                (cost.plan_line.round.level, cost.plan_line.round.number, cost.source.code, cost.amount_vnd)
                for cost in CostLine.objects.of_project(project).select_related("plan_line__round", "source")
            ),
            sorted(line.round.level for line in project.lines.select_related("round")),
        )
        for project in Project.objects.in_plans([plan]).order_by("pk")
    ]


def test_they_are_stored_as_one_after_the_other(plan: AnnualPlan, centre_staff: User) -> None:
    create_projects(plan=plan, entries=drafts(plan), actor=centre_staff)
    at_once, firms = written(plan), Beneficiary.objects.count()
    CostLine.objects.all().delete()
    Support.objects.all().delete()
    Project.places.through.objects.all().delete()
    for model in (PlanLine, ProjectComponent, PlanRound, Project, Beneficiary):
        model._base_manager.all().delete()
    entries = drafts(plan)
    for entry in entries:
        supports = [
            SupportInput(beneficiary=one.new_beneficiary) if one.new_beneficiary and one.new_beneficiary.pk else one
            for one in entry.data.supports
        ]
        data = ProjectInput(plan=plan, contents=entry.data.contents, places=entry.data.places, supports=supports)
        create_project(project=entry.project, data=data, actor=centre_staff)
    assert at_once == written(plan)
    assert firms == Beneficiary.objects.count() == 1


def test_ten_ask_no_more_than_two(plan: AnnualPlan, centre_staff: User) -> None:
    counts = []
    for count, mark in ((2, "a"), (10, "b")):
        entries = [
            NewProject(
                Project(name=f"Đào tạo {mark}{number}"),
                ProjectInput(
                    plan=plan,
                    contents=[ContentInput(activity(), {source("KCDP"): MILLION})],
                    places=[district()],
                    supports=[SupportInput(new_beneficiary=firm(plan, f"HTX {mark}{number}"))],
                ),
            )
            for number in range(count)
        ]
        with CaptureQueriesContext(connection) as asked:
            create_projects(plan=plan, entries=entries, actor=centre_staff)
        counts.append(len(asked))
    assert counts[1] <= counts[0]


def changed(entries: list[NewProject], **data: Any) -> list[NewProject]:
    """The last of them with other data."""
    *others, last = entries
    words = {"contents": last.data.contents, "places": last.data.places, "supports": last.data.supports} | data
    return [*others, NewProject(last.project, ProjectInput(plan=last.data.plan, **words))]


def foreign(plan: AnnualPlan) -> Beneficiary:
    return Beneficiary(province=make_tree(code="la", name="Lạ", area_code="22").province, name="X", type="enterprise")


REFUSED: dict[str, Callable[[AnnualPlan], dict[str, Any]]] = {
    "no_content": lambda plan: {"contents": []},
    "content_twice": lambda plan: {"contents": [ContentInput(activity(), {}), ContentInput(activity(), {})]},
    "negative": lambda plan: {"contents": [ContentInput(activity(), {source("KCDP"): -1})]},
    "other_registry": lambda plan: {"supports": [SupportInput(new_beneficiary=foreign(plan))]},
    "named_twice": lambda plan: {
        "supports": [SupportInput(group_description="A"), SupportInput(group_description="a")]
    },
    "code": lambda plan: {"supports": [SupportInput(new_beneficiary=firm(plan, "B", tax_code="12"))]},
    "invalid": lambda plan: {"supports": [SupportInput(new_beneficiary=firm(plan, "x" * 300))]},
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_one_refuses_stops_all(plan: AnnualPlan, centre_staff: User, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        create_projects(plan=plan, entries=changed(drafts(plan), **REFUSED[code](plan)), actor=centre_staff)
    assert refusal.value.code == code
    assert not Project.objects.exists() and not Beneficiary.objects.exists()


def test_a_place_of_elsewhere_stops_all(plan: AnnualPlan, centre_staff: User) -> None:
    entries = drafts(plan)
    entries[2].project.area_scope = Project.AreaScope.UNITS
    other = district("999", "Huyện Lạ")
    type(other).objects.filter(pk=other.pk).update(parent=None)
    with pytest.raises(Refused) as refusal:
        create_projects(plan=plan, entries=changed(entries, places=[other]), actor=centre_staff)
    assert refusal.value.code == "other_place"
    assert not Project.objects.exists()


def test_a_code_that_is_used_stops_all(plan: AnnualPlan, centre_staff: User) -> None:
    make_project(plan=plan, by=centre_staff)
    Project.objects.update(code="HC-1")
    with pytest.raises(Refused) as refusal:
        create_projects(plan=plan, entries=drafts(plan), actor=centre_staff)
    assert refusal.value.code == "taken"
    assert Project.objects.count() == 1


def test_two_new_establishments_of_one_code_stop_all(plan: AnnualPlan, centre_staff: User) -> None:
    twins = [SupportInput(new_beneficiary=firm(plan, name, tax_code="0200000000")) for name in ("Một", "Hai")]
    with pytest.raises(Refused) as refusal:
        create_projects(plan=plan, entries=changed(drafts(plan), supports=twins), actor=centre_staff)
    assert refusal.value.code == "twice" and "0200000000" in str(refusal.value)
    firm(plan, "Có rồi", tax_code="0200000000").save()
    with pytest.raises(Refused):
        create_projects(plan=plan, entries=changed(drafts(plan), supports=twins[:1]), actor=centre_staff)


def test_a_name_of_the_plan_is_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    make_project(plan=plan, by=centre_staff, name="HOI CHO")
    with pytest.raises(SameName):
        create_projects(plan=plan, entries=drafts(plan), actor=centre_staff)
    twice = [*drafts(plan)[2:], *drafts(plan)[2:]]
    with pytest.raises(SameName):
        create_projects(plan=plan, entries=twice, actor=centre_staff)
    meant = [NewProject(one.project, one.data, is_another=True) for one in (*drafts(plan)[2:], *drafts(plan)[2:])]
    assert len(create_projects(plan=plan, entries=meant, actor=centre_staff)) == 2


def test_only_the_centre_and_only_while_the_books_are_open(
    plan: AnnualPlan, centre_staff: User, reviewer: User
) -> None:
    with pytest.raises(NotAllowed):
        create_projects(plan=plan, entries=drafts(plan), actor=reviewer)
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed):
        create_projects(plan=plan, entries=drafts(plan), actor=centre_staff)


def test_an_officer_of_elsewhere_and_a_project_under_way_are_refused(
    plan: AnnualPlan, centre_staff: User, reviewer: User
) -> None:
    entries = drafts(plan)
    entries[0].project.officer = reviewer
    with pytest.raises(Refused) as refusal:
        create_projects(plan=plan, entries=entries, actor=centre_staff)
    assert refusal.value.code == "officer"
    entries = drafts(plan)
    entries[0].project.status = "approved"
    with pytest.raises(Refused) as refusal:
        create_projects(plan=plan, entries=entries, actor=centre_staff)
    assert refusal.value.code == "not_draft"


def test_a_norm_of_another_province_is_refused(plan: AnnualPlan, centre_staff: User, norm_elsewhere: Any) -> None:
    contents = [ContentInput(activity(), {source("KCDP"): MILLION}, norm=norm_elsewhere)]
    with pytest.raises(Refused) as refusal:
        create_projects(plan=plan, entries=changed(drafts(plan), contents=contents), actor=centre_staff)
    assert refusal.value.code == "other_norm"


@pytest.fixture
def norm_elsewhere() -> Any:
    other = make_tree(code="qn", name="Quảng Ninh", area_code="22")
    make_plan(organisation=other.centre)
    return SupportNorm.objects.create(
        code="x", regulation=activity().regulation, clause="Điều 1", funding_level="city", province=other.province,
        activity_type=activity(), item="Máy", unit="cơ sở", max_percent=50, effective_from="2006-01-01",
    )  # fmt: skip
