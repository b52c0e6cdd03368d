"""The parts of a project that several writes share. Who acts, and whether the plan is open, was asked before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Max
from django.utils.translation import gettext as _

from khuyencong.accounts.models import Organisation
from khuyencong.funding import FundingLevel
from khuyencong.text import fold
from programmes.models import AdminUnit, AnnualPlan, EligibilityRule, FundingSource, PlanRound
from projects.models import Beneficiary, CellKey, CostLine, PlanLine, Project, Support
from projects.refusals import Refused
from projects.rules.eligibility import type_text
from projects.services.registry import enter_in_registry
from projects.services.storing import refuse_amounts, store_change, store_new


@dataclass(frozen=True)
class SupportInput:
    """A known beneficiary, a new one, or a group in words."""

    beneficiary: Beneficiary | None = None
    new_beneficiary: Beneficiary | None = None
    group_description: str = ""
    planned_count: int | None = None


def bump_version(project: Project, version: int) -> None:
    """Takes the aggregate's next version under the row's lock; raises StaleVersion when it moved on."""
    if not Project.objects.filter(pk=project.pk, version=version).update(version=F("version") + 1):
        raise StaleVersion(Project.objects.for_detail().get(pk=project.pk))
    project.version = version + 1


def next_code(organisation_id: int, year: int) -> str:
    """“KC2006-001” and on; “KC2006-HD-001” of an organisation with a mark."""
    return next_codes(organisation_id, year, 1)[0]


def next_codes(organisation_id: int, year: int, count: int) -> list[str]:
    """As many codes as are asked for, one after the other: free in the whole province, also of what was discarded.

    The province's row is locked, so two people never get the same code.
    """
    office = _hold_codes(organisation_id)
    prefix = f"KC{year}-{office.project_mark}-" if office.project_mark else f"KC{year}-"
    given = Project.objects.in_province(office.province().pk).filter(code__startswith=prefix)
    tails = [code.removeprefix(prefix) for code in given.values_list("code", flat=True)]
    first = max((int(tail) for tail in tails if tail.isascii() and tail.isdigit()), default=0) + 1
    return [f"{prefix}{number:03d}" for number in range(first, first + count)]


def refuse_taken_codes(organisation_id: int, codes: Collection[str]) -> None:
    """Raises Refused for a typed code that the province has already, with words that say where, and for one that is
    typed twice. No code is given to anybody else until the transaction ends."""
    if not codes:
        return
    office = _hold_codes(organisation_id)
    if len(set(codes)) < len(codes):
        raise Refused({"code": _("Có mã đề án được ghi hai lần.")}, code="taken")
    found = Project.objects.in_province(office.province().pk).filter(code__in=codes).select_related("organisation")
    if (twin := found.first()) is None:
        return
    raise Refused({"code": taken_words(twin, organisation_id)}, code="taken")


def taken_words(twin: Project, organisation_id: int) -> str:
    """Who bears a code already, for someone of that organisation."""
    if twin.organisation_id == organisation_id:
        return _("Mã %(code)s đã dùng cho đề án “%(name)s”.") % {"code": twin.code, "name": twin}
    text = _("Mã %(code)s đã dùng ở %(organisation)s; mã đề án không trùng nhau trong một tỉnh, thành phố.")
    return text % {"code": twin.code, "organisation": twin.organisation}


def _hold_codes(organisation_id: int) -> Organisation:
    """The organisation with those above it; nobody else in its province gives a code until the transaction ends."""
    office = Organisation.objects.select_related("parent__parent__parent").get(pk=organisation_id)
    Organisation.objects.select_for_update(of=("self",)).get(pk=office.province().pk)
    return office


def next_round(plan: AnnualPlan, level: str) -> PlanRound:
    """Opens the round after the last one of that level. The caller holds the plan."""
    last = PlanRound.objects.filter(plan=plan, level=level).aggregate(last=Max("number"))["last"] or 0
    return PlanRound.objects.create(plan=plan, level=level, number=last + 1)


def draft_round(plan: AnnualPlan, level: str) -> PlanRound:
    """The round that is with the Centre at that level: being drafted or returned; opened when there is none."""
    rounds = PlanRound.objects.filter(plan=plan, level=level)
    existing = rounds.in_status(*PlanRound.EDITABLE).order_by("number").first()
    return existing or next_round(plan, level)


def write_costs(project: Project, plan: AnnualPlan, asked: Mapping[tuple[int, FundingSource], int]) -> None:
    """Makes what the project asks for in that plan be ``asked``: đồng by the id of the content and the source.

    One cost line per content and source; state money lands in the round of its own level, and a level for which
    nothing is asked any more loses its line. The caller holds the plan, then the project.
    Raises Refused for a content of another project and for less than nothing.
    """
    refuse_amounts(asked.values())
    _refuse_other_contents(project, asked)
    levels = {source.level for _component, source in asked if source.is_state} or {FundingLevel.CITY}
    lines = _lines_of_levels(project, plan, levels)
    shared_line = lines[FundingLevel.NATIONAL] if FundingLevel.NATIONAL in lines else lines[FundingLevel.CITY]
    wanted: dict[CellKey, int] = {}
    for (component, source), amount in asked.items():
        line = lines[FundingLevel(source.level)] if source.is_state else shared_line
        wanted[line.pk, component, source.pk] = amount
    for cost in CostLine.objects.filter(plan_line__project=project, plan_line__round__plan=plan):
        asked_again = wanted.pop(cost.key, None)
        if asked_again is None:
            cost.delete()
        elif asked_again != cost.amount_vnd:
            cost.amount_vnd = asked_again
            cost.save()
    CostLine.objects.bulk_create(
        CostLine(plan_line_id=line, component_id=component, source_id=source, amount_vnd=amount)
        for (line, component, source), amount in wanted.items()
    )


def _refuse_other_contents(project: Project, asked: Mapping[tuple[int, FundingSource], int]) -> None:
    own = set(project.components.values_list("pk", flat=True))
    if any(component not in own for component, _source in asked):
        raise Refused(_("Có nội dung không thuộc đề án này."), code="other_project")


def _lines_of_levels(project: Project, plan: AnnualPlan, levels: set[str]) -> dict[FundingLevel, PlanLine]:
    """The project's line at each level in this year's plan; lines of a level no longer asked for go."""
    existing = {
        FundingLevel(line.round.level): line
        for line in PlanLine.objects.filter(project=project, round__plan=plan).select_related("round")
    }
    for level, line in list(existing.items()):
        if level not in levels:
            existing.pop(level)
            line.delete()
    for missing in levels - set(existing):
        plan_round = draft_round(plan, missing)
        existing[FundingLevel(missing)] = PlanLine.objects.create(round=plan_round, project=project)
    return existing


def write_supports(project: Project, plan: AnnualPlan, supports: Sequence[SupportInput]) -> None:
    """Rewrites the list, keeping the rows that stay; a new establishment joins the province's registry first.

    Raises Refused for an establishment of another province's registry, for a new one of a type that the law of the
    plan's year does not know, and for a row that stands twice.
    """
    refuse_other_registries(project.organisation_id, supports)
    refuse_types(plan, supports)
    refuse_named_twice(supports)
    existing = {(support.beneficiary_id, support.group_description): support for support in project.supports.all()}
    for wanted in supports:
        beneficiary = wanted.beneficiary
        if wanted.new_beneficiary is not None:
            beneficiary = enter_in_registry(wanted.new_beneficiary)
        key = (beneficiary.pk if beneficiary else None, wanted.group_description)
        support = existing.pop(key, None) or Support(
            project=project, beneficiary=beneficiary, group_description=wanted.group_description
        )
        support.planned_count = wanted.planned_count
        if support.pk is None:
            store_new(support)
        else:
            store_change(support, "planned_count")
    for gone in existing.values():
        gone.delete()


def write_places(project: Project, plan: AnnualPlan, places: Sequence[AdminUnit]) -> None:
    """Makes these the places of a project that names some. Raises Refused for a new one that the plan can't name."""
    wanted = {place.pk for place in places} if project.area_scope == Project.AreaScope.UNITS else set()
    refuse_other_places(plan, wanted, kept=project)
    project.places.set(wanted)


def refuse_other_places(plan: AnnualPlan, wanted: set[int], *, kept: Project | None = None) -> None:
    """Raises Refused for a place, by its id, that the plan can't name, unless the project ``kept`` has it already."""
    strange = wanted - set(AdminUnit.objects.of_plan(plan).filter(pk__in=wanted).values_list("pk", flat=True))
    if strange and (kept is None or strange - set(kept.places.values_list("pk", flat=True))):
        text = _("Có địa bàn không thuộc tỉnh, thành phố này, hoặc không có trong năm kế hoạch.")
        raise Refused({"places": text}, code="other_place")


def refuse_other_registries(organisation_id: int, supports: Sequence[SupportInput]) -> None:
    """Raises Refused for an establishment that is not of the registry of that organisation's province."""
    named = [one for support in supports if (one := support.beneficiary or support.new_beneficiary)]
    if not named:
        return
    office = Organisation.objects.select_related("parent__parent__parent").get(pk=organisation_id)
    province = office.province().pk
    known = {one.pk for one in named if one.pk is not None}
    at_home = set(Beneficiary.objects.filter(pk__in=known, province=province).values_list("pk", flat=True))
    for beneficiary in named:
        if beneficiary.province_id != province or beneficiary.pk not in {None, *at_home}:
            text = _("“%(name)s” không thuộc danh bạ của tỉnh, thành phố này.")
            raise Refused(text % {"name": beneficiary}, code="other_registry")


def refuse_types(plan: AnnualPlan, supports: Sequence[SupportInput]) -> None:
    """Raises Refused for a new establishment of a type that the law of the plan's year does not know. One of the
    registry is not refused: it bears its type of today, and the project is warned of it."""
    new = [one.new_beneficiary for one in supports if one.new_beneficiary]
    rules = EligibilityRule.objects.of_types(plan.year) if new else {}
    for beneficiary in new:
        rule = rules.get(beneficiary.type)
        if rule and rule.answer == EligibilityRule.Answer.NOT_ELIGIBLE:
            text = _("%(said)s Năm kế hoạch: %(year)s; căn cứ: %(law)s.")
            said = {"said": type_text(rule), "year": plan.year, "law": rule.citation}
            raise Refused(text % said, code="type_of_another_time")


def refuse_named_twice(supports: Sequence[SupportInput]) -> None:
    """Each establishment once, and each group; two new ones of one name are one."""
    keys = [
        (one.beneficiary and one.beneficiary.pk, fold(str(one.new_beneficiary or one.group_description)))
        for one in supports
    ]
    if len(set(keys)) < len(keys):
        raise Refused(_("Có đơn vị hoặc nhóm thụ hưởng được ghi hai lần."), code="named_twice")


class StaleVersion(Refused):
    """Somebody saved the project after this form was opened; ``current`` is what stands now."""

    def __init__(self, current: Project) -> None:
        text = _("Đề án vừa có thay đổi khác. Những gì bạn nhập vẫn còn; hãy xem lại rồi lưu lần nữa.")
        super().__init__(text, code="stale")
        self.current = current
