"""Who is helped twice with the same content: by what letters gave, and by what is asked for beside it.

One question for entry, lists, sending, review and letters. No decree says that an establishment is supported once, and
the article of 2006 wants that nothing is supported twice, so each is asked about and none is refused (field-rules §5).
"""

from __future__ import annotations

import datetime as dt
import enum
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from django.db.models import F, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Substr

from khuyencong.asof import AsOf
from khuyencong.firm_names import TAX_ROOT_DIGITS, tax_root
from programmes.content_successors import counterpart_codes
from projects.models import ApprovalEntry, Beneficiary, PlanLine, Project, ProjectComponent
from projects.models.status_as_of import status_expression


class How(enum.IntEnum):
    """By what two establishments are taken for one."""

    NEAR_NAME = 1  # the same own words, another legal form or line of business
    SAME_NAME = 2
    SURE = 3  # the same record, or the tax code of one parent


class OtherProject(NamedTuple):
    """A project that helps somebody too: what a warning says of it. ``first_on``: of its first approval, if known;
    ``year``: of that, else of its first plan; ``then``: its status on the day that is asked about."""

    pk: int
    code: str
    name: str
    organisation_id: int
    organisation: str
    status: str
    then: str
    first_on: dt.date | None
    year: int | None


class _HelpedThere(NamedTuple):
    """Who is helped by another project, with what."""

    content: str
    beneficiary: int
    root: str
    short: str
    own: str
    registry: int
    unit: int | None


class DoubleSupport(NamedTuple):
    """One who is helped here and there with a content; ``is_given``: there a letter gave it, else it is asked for."""

    beneficiary: Beneficiary
    component: ProjectComponent
    other: OtherProject
    how: How
    is_given: bool


def double_supports(
    projects: Sequence[Project], judged_on: Mapping[int, dt.date], as_of: AsOf
) -> dict[int, list[DoubleSupport]]:
    """By project each other one of any organisation and year that gave the same content to one who is helped by it, or
    asks for it too; the contents, supports and beneficiaries of the projects are at hand.

    What a letter gave is told from the day of its first approval, unless a stop took everything back. What is only
    asked for is told while both wait for a letter; what the Centre alone has in hand, to itself.
    """
    helped = [support.beneficiary for one in projects for support in one.supports.all() if support.beneficiary]
    if not helped:
        return {}
    alike = _contents_alike(component for one in projects for component in one.components.all())
    there = _others(helped, {code for codes in alike.values() for code in codes}, as_of)
    # These ones are among them.
    waiting = {other.pk for rows in there.values() for other, _row in rows if other.then in Project.PENDING}
    return {one.pk: list(_of_project(one, one.pk in waiting, judged_on[one.pk], alike, there)) for one in projects}


def _of_project(
    project: Project,
    is_waiting: bool,
    on: dt.date,
    alike: Mapping[str, Collection[str]],
    there: Mapping[Hashable, Iterable[tuple[OtherProject, _HelpedThere]]],
) -> Iterator[DoubleSupport]:
    for support in project.supports.all():
        if support.beneficiary is None:
            continue
        found: dict[OtherProject, dict[str, How]] = defaultdict(dict)  # by content
        for key in _keys(support.beneficiary):
            for other, row in there.get(key, ()):
                if how := _how(support.beneficiary, row):
                    found[other][row.content] = max(how, found[other].get(row.content, how))
        for other, by_content in sorted(found.items()):
            is_given = other.status in Project.GRANTED and not (other.first_on and other.first_on > on)
            # Of another organisation nothing but what was sent is told.
            seen = (*Project.SENT, *Project.OWN) if other.organisation_id == project.organisation_id else Project.SENT
            if other.pk == project.pk or not (is_given or (is_waiting and other.then in seen)):
                continue
            for component in project.components.all():
                if same := by_content.keys() & alike[component.activity_type.code]:
                    how = max(by_content[code] for code in same)
                    yield DoubleSupport(support.beneficiary, component, other, how, is_given)


def _keys(one: Beneficiary) -> Iterator[Hashable]:
    """Under which others stand who may be that one; see :func:`_others`."""
    yield one.pk
    if one.tax_code:
        yield tax_root(one.tax_code)
    if one.name_own:
        yield one.province_id, one.name_own


def _how(one: Beneficiary, row: _HelpedThere) -> How | None:
    """None where they are two: two codes or two places tell even one name apart."""
    if row.beneficiary == one.pk or (one.tax_code and row.root == tax_root(one.tax_code)):
        return How.SURE
    are_two = bool(one.tax_code and row.root) or bool(one.unit_id and row.unit and one.unit_id != row.unit)
    if are_two or row.registry != one.province_id or row.own != one.name_own:
        return None
    return How.SAME_NAME if row.short == one.name_short else How.NEAR_NAME


def _contents_alike(components: Iterable[ProjectComponent]) -> dict[str, set[str]]:
    """By its code the content itself and what stands in its place under the other decree."""
    codes = {component.activity_type.code for component in components}
    return {code: {code, *counterpart_codes(code)} for code in codes}


def _others(
    helped: Sequence[Beneficiary], contents: Collection[str], as_of: AsOf
) -> dict[Hashable, list[tuple[OtherProject, _HelpedThere]]]:
    """Projects that help one who may be one of these with one of the contents: by the record, the root of its tax code
    and its own words in its registry."""
    roots = {tax_root(one.tax_code) for one in helped if one.tax_code}
    names = {one.name_own for one in helped if one.name_own}
    alike = Beneficiary.objects.alias(root=Substr("tax_code", 1, TAX_ROOT_DIGITS)).filter(
        Q(pk__in={one.pk for one in helped})
        | Q(root__in=roots)
        | Q(name_own__in=names, province__in={one.province_id for one in helped})
    )
    entries = ApprovalEntry.objects.filter(plan_line__project=OuterRef("pk")).order_by().values("plan_line__project")
    lines = PlanLine.objects.filter(project=OuterRef("pk")).order_by().values("project")
    net_vnd = Subquery(entries.annotate(net=Sum("amount_vnd")).values("net"))
    rows = Project.objects.annotate(
        then=status_expression("", as_of),
        first_on=Subquery(entries.annotate(first=Min("effective_on")).values("first")),
        year=Coalesce(
            Subquery(entries.annotate(year=Min("plan_line__round__plan__year")).values("year")),
            Subquery(lines.annotate(year=Min("round__plan__year")).values("year")),
        ),
        content=F("components__activity_type__code"),
        helped=F("supports__beneficiary"),
        root=Substr("supports__beneficiary__tax_code", 1, TAX_ROOT_DIGITS),
    ).filter(
        Q(status__in=Project.GRANTED) | Q(then__in=(*Project.SENT, *Project.OWN)),
        helped__in=alike.values("pk"),
        content__in=contents,
    )
    rows = rows.alias(net_vnd=net_vnd).exclude(Q(status=Project.Status.STOPPED) & (Q(net_vnd=None) | Q(net_vnd__lte=0)))
    found: dict[Hashable, list[tuple[OtherProject, _HelpedThere]]] = defaultdict(list)
    of_project = ("pk", "code", "name", "organisation_id", "organisation__name", "status", "then", "first_on", "year")
    of_helped = [f"supports__beneficiary__{name}" for name in ("name_short", "name_own", "province", "unit")]
    for values in rows.values_list(*of_project, "content", "helped", "root", *of_helped):
        other, row = OtherProject(*values[: len(of_project)]), _HelpedThere(*values[len(of_project) :])
        for key in filter(None, (row.beneficiary, row.root, (row.registry, row.own))):
            found[key].append((other, row))
    return dict(found)
