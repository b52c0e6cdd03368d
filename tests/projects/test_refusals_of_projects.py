"""What can't be entered, rewritten, asked for or taken into another year's plan, whoever calls the service."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from khuyencong.accounts.models import Organisation, User
from programmes.models import AnnualPlan, PlanRound, SupportNorm
from projects.models import Beneficiary, CostLine, FieldChange, PlanLine, Project
from projects.services.amounts import AmountChange, AmountsRefused, update_amounts
from projects.services.plans import create_plan
from projects.services.project_entry import ContentInput, ProjectInput, SameName
from projects.services.project_parts import SupportInput
from projects.services.projects import create_project, update_project
from projects.services.years import join_plan
from tests.factories import MILLION, activity, approved_project, district, make_plan, make_project, source, submit_all
from tests.kept import kept
from tests.people import Tree, make_person
from tests.projects.attempts import code_of, refusal_of, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(tree: Tree) -> AnnualPlan:
    return make_plan(organisation=tree.centre)


@pytest.fixture
def elsewhere(tree: Tree) -> AnnualPlan:
    """The plan of a second Centre below the same Department."""
    centre = Organisation.objects.create(code="tt-2", kind="centre", name="Trung tâm khác", parent=tree.department)
    return make_plan(organisation=centre)


def given(plan: AnnualPlan, amount: int | None = 60 * MILLION, **parts: Any) -> ProjectInput:
    content = ContentInput(activity(), {source("KCDP"): amount})
    return ProjectInput(
        plan, [content], [district()], **{"supports": [SupportInput(group_description="Lao động")]} | parts
    )


def create(by: User, data: ProjectInput, **words: Any) -> Project:
    return create_project(project=Project(**{"name": "Mới", "kind": "group"} | words), data=data, actor=by)


def test_what_can_not_be_entered(plan: AnnualPlan, centre_staff: User, stranger: User, tree: Tree) -> None:
    abroad = stranger.memberships.get().scope.province()
    known, foreign = (
        Beneficiary.objects.create(province=province, name="HTX", type="cooperative")
        for province in (tree.province, abroad)
    )
    idle = make_person(role="centre_staff", scope=tree.centre, username="idle")
    User.objects.filter(pk=idle.pk).update(is_active=False)

    def said(data: ProjectInput | None = None, **words: Any) -> str:
        return code_of(lambda: create(centre_staff, data or given(plan), **words))

    assert said() == said(given(plan, None)) == said(given(plan, 0)) == "done"
    assert said(given(plan, -1)) == "negative"
    assert said(status="approved") == said(status="submitted") == "not_draft"
    assert said(officer=stranger) == said(officer=User.objects.get(pk=idle.pk)) == "officer"
    assert said(given(plan, supports=[SupportInput(beneficiary=known)])) == "done"
    assert said(given(plan, supports=[SupportInput(beneficiary=foreign)])) == "other_registry"
    new = Beneficiary(province=abroad, name="HTX mới", type="cooperative")
    both = [SupportInput(beneficiary=known), SupportInput(new_beneficiary=new)]
    assert said(given(plan, supports=both)) == "other_registry"


def test_a_project_stays_of_its_own_office_whatever_it_is_said_to_be_of(
    plan: AnnualPlan, centre_staff: User, stranger: User
) -> None:
    """With the organisation of another province it names neither that registry's establishments nor its people."""
    project, abroad = create(centre_staff, given(plan)), stranger.memberships.get().scope
    foreign = Beneficiary.objects.create(province=abroad.province(), name="HTX", type="cooperative")

    def said(data: ProjectInput, **words: Any) -> str:
        meddled = Project.objects.get(pk=project.pk)
        for name, value in {"organisation": abroad, **words}.items():
            setattr(meddled, name, value)
        return code_of(lambda: update_project(project=meddled, data=data, version=meddled.version, actor=centre_staff))

    assert said(given(plan, supports=[SupportInput(beneficiary=foreign)])) == "other_registry"
    assert said(given(plan), officer=stranger) == "officer"
    assert said(given(plan)) == "done"
    assert Project.objects.get().organisation == plan.organisation


def test_a_project_has_a_content_and_norms_of_its_own_province(
    plan: AnnualPlan, centre_staff: User, stranger: User
) -> None:
    words = {"regulation": activity().regulation, "clause": "Điều 1", "activity_type": activity(), "item": "Máy"}
    words |= {"funding_level": "city", "unit": "cơ sở", "effective_from": dt.date(2006, 1, 1), "max_percent": 50}
    own, foreign, state = (
        SupportNorm.objects.create(code=code, province=province, **words)
        for code, province in (
            ("own", plan.organisation.province()),
            ("foreign", stranger.memberships.get().scope.province()),
            ("state", None),
        )
    )

    def said(norm: SupportNorm) -> str:
        data = ProjectInput(plan, [ContentInput(activity(), {source("KCDP"): MILLION}, norm=norm)], [place])
        return code_of(lambda: create(centre_staff, data))

    place = district()
    assert said(own) == said(state) == "done" and said(foreign) == "other_norm"
    assert code_of(lambda: create(centre_staff, ProjectInput(plan, [], [place]))) == "no_content"


def test_a_name_of_the_same_year_is_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    """However it is written; another year, or the answer that it is another project, asks nothing."""
    following = make_plan(organisation=plan.organisation, year=2007)
    create(centre_staff, given(plan), name="Dệt thảm cói")
    with pytest.raises(SameName, match="KC2006-001") as refusal:
        create(centre_staff, given(plan), name="DỆT THẢM CÓI")
    assert list(refusal.value.message_dict) == ["name"]
    assert create(centre_staff, given(plan), name="Dệt thảm").pk
    assert create(centre_staff, given(following), name="Dệt thảm cói").pk
    again = Project(name="Dệt thảm cói", kind="group")
    assert create_project(project=again, data=given(plan), actor=centre_staff, is_another=True).pk


def test_a_year_is_planned_once_and_by_a_centre(plan: AnnualPlan, elsewhere: AnnualPlan, tree: Tree) -> None:
    head = make_person(role="centre_head", scope=tree.department, username="head")

    def said(organisation: Any, year: int) -> str:
        return code_of(lambda: create_plan(organisation=organisation, year=year, actor=head))

    assert said(tree.centre, 2007) == "done" and said(tree.centre, 2006) == "twice"
    assert said(elsewhere.organisation, 2006) == "twice" and said(tree.department, 2007) == "not_centre"


def test_a_new_project_is_the_plan_s_and_whoever_enters_it_is_its_officer(
    plan: AnnualPlan, elsewhere: AnnualPlan, centre_staff: User, centre_head: User
) -> None:
    first = create(centre_staff, given(plan), organisation=elsewhere.organisation)
    second = create(centre_staff, given(plan), name="Khác", officer=centre_head, code="KC2006-041")
    third = create(centre_head, given(plan), name="Nữa")
    assert (first.organisation, first.created_by, first.officer) == (plan.organisation, centre_staff, centre_staff)
    assert (second.created_by, second.officer) == (centre_staff, centre_head)
    assert [one.code for one in (first, second, third)] == ["KC2006-001", "KC2006-041", "KC2006-042"]
    assert create(centre_staff, given(make_plan(organisation=plan.organisation, year=2007))).code == "KC2007-001"


def test_what_can_not_be_rewritten(
    plan: AnnualPlan, elsewhere: AnnualPlan, centre_staff: User, stranger: User, tree: Tree
) -> None:
    both = make_person(role="centre_staff", scope=tree.department, username="both")
    project = make_project(plan=plan, by=centre_staff)

    def said(data: ProjectInput | None = None, version: int = project.version, **words: Any) -> str:
        changed = Project.objects.get(pk=project.pk)
        for name, value in words.items():
            setattr(changed, name, value)
        return code_of(lambda: update_project(project=changed, data=data or given(plan), version=version, actor=both))

    assert said() == "done"
    assert said(version=project.version - 1) == said(version=project.version + 1) == "stale"
    assert said(given(elsewhere)) == "other_plan"
    assert said(given(plan, -1)) == "negative"
    assert said(officer=stranger) == "officer" and said(officer=None) == "done"
    User.objects.filter(pk=centre_staff.pk).update(is_active=False)
    assert said(name="Tên khác") == "done", "who was its officer when chosen stays so"


def test_every_field_of_a_project_is_stored(plan: AnnualPlan, centre_staff: User, centre_head: User) -> None:
    project = make_project(plan=plan, by=centre_staff)
    words: dict[str, Any] = {name: f"Về {name}" for name in (*Project.HEADINGS, "notes", "name", "code")}
    words |= {"kind": "pilot", "area_scope": "units", "start_on": dt.date(2006, 2, 1), "end_on": dt.date(2006, 9, 1)}
    words["officer"] = centre_head
    for name, value in words.items():
        setattr(project, name, value)
    update_project(project=project, data=given(plan), version=project.version, actor=centre_staff)
    stored = Project.objects.get(pk=project.pk)
    assert {name: getattr(stored, name) for name in words} == words
    assert stored.version == 2 and list(stored.places.all()) == [district()]
    told = set(FieldChange.objects.filter(project=project, actor=centre_staff).values_list("field", flat=True))
    assert told == set(words) - {"area_scope"} | {"supports"}
    assert list(Project.objects.matching("ve name")) == [stored], "found by its new name"
    stored.area_scope = Project.AreaScope.WHOLE_CITY
    update_project(project=stored, data=given(plan), version=2, actor=centre_staff)
    assert not stored.places.exists(), "the whole city names no places"


def test_a_content_that_is_named_no_more_goes_unless_another_year_asks_for_it(
    plan: AnnualPlan, centre_staff: User, tree: Tree
) -> None:
    contents = {"134-1": {"KCDP": 5}, "134-2": {"KCDP": 6}}
    project = make_project(plan=plan, by=centre_staff, contents=contents)
    second = ContentInput(activity("134-2"), {source("KCDP"): 7}, 9, 3)
    following = make_plan(organisation=tree.centre, year=2007)
    for version, one in ((1, following), (2, plan)):
        update_project(project=project, data=ProjectInput(one, [second]), version=version, actor=centre_staff)
        found = project.components.values_list("activity_type__code", "position", "eligible_cost_vnd", "units")
        first = [("134-1", 0, None, None)] if one == following else []
        assert sorted(found) == sorted([*first, ("134-2", 0, 9, 3)]), "2006 still asks for the first, then it does not"


@pytest.fixture
@kept
def approved(plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User) -> Project:
    return approved_project(staff=centre_staff, head=centre_head, department=department_head, plan=plan)


def test_what_can_not_join_another_year(
    plan: AnnualPlan, elsewhere: AnnualPlan, approved: Project, centre_staff: User, tree: Tree
) -> None:
    both = make_person(role="centre_staff", scope=tree.department, username="both")
    following = make_plan(organisation=plan.organisation, year=2007)
    stray = make_project(plan=following, by=both, name="Khác").components.get()
    own = approved.components.get()

    def said(asked: dict[tuple[int, str], int], to: AnnualPlan = following, version: int = approved.version) -> str:
        wanted = {(component, source(code)): amount for (component, code), amount in asked.items()}
        return code_of(lambda: join_plan(project=approved, plan=to, asked=wanted, actor=both, version=version))

    some = {(own.pk, "KCDP"): 5}
    assert said(some) == said(some | {(own.pk, "DOIUNG"): 5}) == "done"
    assert said(some, to=elsewhere) == "other_plan"
    assert said(some, to=plan) == "twice"
    assert said({}) == said({(own.pk, "KCDP"): 0}) == said({(own.pk, "DOIUNG"): 5}) == "nothing"
    assert said(some | {(stray.pk, "KCDP"): 5}) == "other_project"
    assert said(some | {(own.pk, "KCQG"): -5}) == "negative"
    assert said(some, version=approved.version - 1) == "stale"
    AnnualPlan.objects.filter(pk=plan.pk).update(is_closed=True)
    assert said(some) == "done", "the year that is over keeps nobody out of the next"
    AnnualPlan.objects.filter(pk=following.pk).update(is_closed=True)
    assert said(some) == "closed"


def test_amounts_are_typed_into_drafts_of_the_plan_only(
    plan: AnnualPlan, centre_staff: User, centre_head: User
) -> None:
    following = make_plan(organisation=plan.organisation, year=2007)
    sent = make_project(plan=plan, by=centre_staff, name="Đã gửi").components.get()
    submit_all(plan=plan, by=centre_head)
    draft = make_project(plan=plan, by=centre_staff, name="Nháp").components.get()
    other = make_project(plan=following, by=centre_staff, name="Năm sau").components.get()
    asked = 60 * MILLION

    def change(component: Any, after: int | None, before: int | None = asked, code: str = "KCDP") -> AmountChange:
        return AmountChange(component.pk, source(code), before, after)

    def refused(*changes: AmountChange) -> Any:
        return refusal_of(lambda: update_amounts(plan=plan, changes=changes, actor=centre_staff))

    assert refused(change(draft, 50)) is None and refused(change(draft, None)) is None
    found = refused(change(draft, 50), change(sent, 50), change(other, 50), change(draft, 1, None, "KCQG"))
    assert isinstance(found, AmountsRefused) and set(found.refusals) == {sent.pk, other.pk} and not found.conflicts
    assert "không còn trong kế hoạch" in found.refusals[other.pk] and "không sửa được ở đây" in found.refusals[sent.pk]
    found = refused(change(draft, 50, before=40), change(draft, 7, None, "KCQG"))
    assert found.conflicts == {(draft.pk, source("KCDP").pk): asked} and not found.refusals
    assert str(found) == "Có 1 ô vừa được người khác sửa."
    assert refused(change(draft, asked, before=40)) is None, "what is typed stands there already"
    assert refused(change(draft, -1)).code == "negative"


def test_amounts_change_only_where_they_differ(plan: AnnualPlan, centre_staff: User) -> None:
    one, two = (make_project(plan=plan, by=centre_staff, name=name) for name in ("Một", "Hai"))
    contents = [project.components.get().pk for project in (two, one)]
    city, national = source("KCDP"), source("KCQG")
    same = AmountChange(contents[1], city, 60 * MILLION, 60 * MILLION)
    assert update_amounts(plan=plan, changes=[same], actor=centre_staff) == []
    changes = [AmountChange(content, national, None, 7) for content in contents]
    changed = update_amounts(plan=plan, changes=[*changes, same], actor=centre_staff)
    assert [project.pk for project in changed] == [one.pk, two.pk]
    assert {project.version for project in Project.objects.all()} == {2}
    gone = AmountChange(contents[1], city, 60 * MILLION, None)
    update_amounts(plan=plan, changes=[gone], actor=centre_staff)
    left = CostLine.objects.order_by("pk").values_list("plan_line__project", "source__code", "amount_vnd")
    assert set(left) == {(one.pk, "KCQG", 7), (two.pk, "KCDP", 60 * MILLION), (two.pk, "KCQG", 7)}
    levels = PlanLine.objects.filter(project=one).values_list("round__level", flat=True)
    assert list(levels) == ["national"], "nothing is asked of the city any more"
    assert PlanRound.objects.filter(plan=plan).count() == 2
    assert words_of(lambda: update_amounts(plan=plan, changes=[same], actor=centre_staff)) != ""
