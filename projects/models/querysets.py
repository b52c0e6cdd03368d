"""The vocabulary for asking about projects and plan lines."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from khuyencong.text import folded_query

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class ProjectQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(organisation__in=user.visible_organisation_ids())

    def counted(self) -> Self:
        """Without what was refused or withdrawn before it became part of a plan."""
        return self.exclude(status__in=self.model.UNCOUNTED)

    def _with_line(self, **conditions: Any) -> Self:
        lines = self.model._meta.get_field("lines").related_model.objects
        return self.filter(Exists(lines.filter(project=OuterRef("pk"), **conditions)))

    def for_year(self, year: int) -> Self:
        """With a line in a plan of that year."""
        return self._with_line(round__plan__year=year)

    def in_plans(self, plans: models.QuerySet[Any]) -> Self:
        return self._with_line(round__plan__in=plans)

    def of_level(self, level: str) -> Self:
        return self._with_line(round__level=level)

    def in_plan_of_level(self, year: int, level: str) -> Self:
        """With a line of that year paid from that budget (one line meeting both)."""
        return self._with_line(round__plan__year=year, round__level=level)

    def of_activity(self, activity_code: str) -> Self:
        components = self.model._meta.get_field("components").related_model.objects
        return self.filter(Exists(components.filter(project=OuterRef("pk"), activity_type__code=activity_code)))

    def with_statuses(self, *statuses: str) -> Self:
        return self.filter(status__in=statuses)

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def with_officer(self, username: str) -> Self:
        return self.filter(officer__username=username)

    def at_area(self, key: str) -> Self:
        """By an area key of :func:`projects.rollups.area_key`: ``315``, ``311+314``, ``whole_city``, ``not_fixed``.

        The key names the places exactly, so that a roll-up by area opens to just its rows.
        """
        scopes = self.model.AreaScope
        if key in (scopes.WHOLE_CITY, scopes.NOT_FIXED):
            without_place = Q(area_scope=scopes.UNITS, place_count=0) if key == scopes.NOT_FIXED else Q()
            return self._with_place_count().filter(Q(area_scope=key) | without_place)
        codes = key.split("+")
        rows = self._with_place_count(codes).filter(area_scope=scopes.UNITS, place_count=len(codes))
        return rows.filter(named_count=len(codes))

    def touching_area(self, code: str) -> Self:
        """With that unit among its places, alone or shared."""
        through = self.model.places.through.objects
        return self.filter(
            Exists(through.filter(project=OuterRef("pk"), adminunit__code=code)), area_scope=self.model.AreaScope.UNITS
        )

    def _with_place_count(self, codes: list[str] | None = None) -> Self:
        through = self.model.places.through.objects.filter(project=OuterRef("pk")).order_by().values("project")
        rows = self.annotate(place_count=_subquery_count(through))
        if codes is None:
            return rows
        return rows.annotate(named_count=_subquery_count(through.filter(adminunit__code__in=codes)))

    def with_schedule(self, is_on_schedule: bool | None) -> Self:
        """By what the latest progress report says; None: nothing reported yet."""
        return self.with_latest_report().filter(
            latest_on_schedule__isnull=True if is_on_schedule is None else False,
            **({} if is_on_schedule is None else {"latest_on_schedule": is_on_schedule}),
        )

    def with_latest_report(self, as_of: dt.date | None = None) -> Self:
        """Adds ``latest_on_schedule``, ``latest_percent``, ``latest_month``; None when nothing is reported."""
        reports = self.model._meta.get_field("progress_reports").related_model.objects.up_to(as_of)
        latest = reports.filter(project=OuterRef("pk")).order_by("-month")
        return self.annotate(
            latest_on_schedule=Subquery(latest.values("is_on_schedule")[:1]),
            latest_percent=Subquery(latest.values("percent")[:1]),
            latest_month=Subquery(latest.values("month")[:1]),
        )

    def matching(self, text: str) -> Self:
        """By words of the name or code, or of a beneficiary's name, ignoring marks, case, đ and the tone's place."""
        supports = self.model._meta.get_field("supports").related_model.objects
        helped = supports.filter(folded_query(text, "beneficiary__search") | folded_query(text, "group_search"))
        return self.filter(folded_query(text, "search") | Exists(helped.filter(project=OuterRef("pk"))))

    def with_money(self) -> Self:
        """Adds ``requested_vnd`` and ``approved_vnd`` of state money over all years; None when nothing is recorded."""
        from projects.models.money import ApprovalEntry, CostLine

        return self.annotate(
            requested_vnd=_subquery_sum(CostLine.objects.state_money().filter(plan_line__project=OuterRef("pk"))),
            approved_vnd=_subquery_sum(ApprovalEntry.objects.filter(plan_line__project=OuterRef("pk"))),
        )

    def for_list(self) -> Self:
        return (
            self.with_money()
            .with_latest_report()
            .select_related("organisation", "officer")
            .prefetch_related("places", "components__activity_type", "supports__beneficiary", "lines__round__plan")
        )

    def for_grid(self, as_of: dt.date | None = None) -> Self:
        """With what one row of a plan shows of its project."""
        return (
            self.with_latest_report(as_of)
            .select_related("organisation")
            .prefetch_related("places", "components__activity_type__regulation", "supports__beneficiary")
        )

    def for_detail(self) -> Self:
        return self.for_list().prefetch_related(
            "components__norm__regulation", "supports__place", "supports__beneficiary__personal_number", "documents"
        )

    SORTS = {
        "code": ("code",),
        "name": ("name_key",),
        "requested": ("requested_vnd",),
        "approved": ("approved_vnd",),
        "status": ("status",),
        "schedule": ("latest_on_schedule",),
    }

    def sorted_by(self, sort: str) -> Self:
        """By a column of the list; a leading minus turns the order round. Rows without a value come last."""
        descending, key = sort.startswith("-"), sort.lstrip("-")
        fields = self.SORTS.get(key, self.SORTS["code"])
        orders = [
            F(field).desc(nulls_last=True) if descending else F(field).asc(nulls_last=True)
            for field in fields
        ]
        return self.order_by(*orders, "pk")


class PlanLineQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(round__plan__organisation__in=user.visible_organisation_ids())

    def for_plans(self, plans: models.QuerySet[Any]) -> Self:
        return self.filter(round__plan__in=plans)

    def counted(self) -> Self:
        """Lines of projects that count in totals."""
        return self.exclude(project__status__in=self.model.project.field.related_model.UNCOUNTED)

    def with_area(self) -> Self:
        """Adds ``area``: the scope, or the codes of the places joined by “+” in no particular order."""
        return self.annotate(area=area_expression("project"))


class JoinedCodes(models.Aggregate):
    """Texts joined by a separator, in no particular order, on both databases."""

    function = "STRING_AGG"
    output_field = models.CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


def area_expression(project: str) -> Case:
    """The area of the project at that path, as text that SQL can group by."""
    from projects.models.project import Project

    places = Project.places.through.objects.filter(project=OuterRef(project)).order_by().values("project")
    codes = places.annotate(codes=JoinedCodes("adminunit__code", Value("+"))).values("codes")
    scope = f"{project}__area_scope"
    return Case(
        When(**{scope: Project.AreaScope.UNITS}, then=Coalesce(Subquery(codes), Value(Project.AreaScope.NOT_FIXED))),
        default=F(scope),
        output_field=models.CharField(),
    )


def _subquery_sum(rows: models.QuerySet[Any]) -> Subquery:
    """The sum of ``amount_vnd`` over the rows of one outer row; None when there is none, so that it prints “–”."""
    grouped = rows.order_by().values("plan_line__project").annotate(total=Sum("amount_vnd"))
    return Subquery(grouped.values("total"), output_field=models.BigIntegerField())


def _subquery_count(rows: models.QuerySet[Any]) -> Any:
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=models.IntegerField()), 0)
