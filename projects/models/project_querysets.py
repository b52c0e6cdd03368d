"""The vocabulary for asking about projects; their model stands in ``project.py``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _
from django_cte import CTE, with_cte

from khuyencong.accounts.models import Organisation, Role
from khuyencong.asof import NOW, AsOf
from khuyencong.firm_names import short_name
from khuyencong.text import fold, folded_query
from projects.models.joined_texts import JoinedTexts, codes_of
from projects.models.money import ApprovalEntry, CostLine
from projects.models.pace import Pace, pace_expression
from projects.models.past_letter import PastLetter
from projects.models.status_as_of import counted_by, standing_apart, status_expression

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class Queue(models.TextChoices):
    """Projects that wait for somebody, as the inbox counts them and the list shows them."""

    RETURNED = "returned", _("Sở trả lại, cần bổ sung")
    LATE = "late", _("Chậm tiến độ")
    CONTRACT = "contract", _("Đã duyệt, chờ ký hợp đồng")
    ACCEPT = "accept", _("Đã thực hiện đủ khối lượng, chờ nghiệm thu")
    SETTLE = "settle", _("Đã nghiệm thu, chờ quyết toán")
    LIQUIDATE = "liquidate", _("Đã quyết toán, chờ thanh lý")


class ProjectQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(organisation__in=user.visible_organisation_ids())

    def counted(self, as_of: AsOf = NOW) -> Self:
        """Without what as of then was refused or withdrawn before it became part of a plan, or not yet entered."""
        return counted_by(self, "", as_of)

    def standing_apart(self, as_of: AsOf = NOW) -> Self:
        """Those that had another status, ``then``, and those that do not count as of then."""
        return standing_apart(self, as_of)

    def in_no_other_hand(self) -> Self:
        """Drafts, and past records that wait, which nobody but the Centre has in hand: never sent, no letter of theirs
        before the Department or confirmed, without any money or report."""
        steps, texts, reports = (
            self.model._meta.get_field(name).related_model._default_manager.filter(project=OuterRef("pk"))
            for name in ("status_changes", "revisions", "progress_reports")
        )
        approvals = ApprovalEntry.objects.filter(plan_line__project=OuterRef("pk"))
        # None, where a confirmation of old files was annulled.
        money = approvals.values("plan_line__project").annotate(sum=Sum("amount_vnd")).exclude(sum=0)
        letters = PastLetter.objects.exclude(state__in=PastLetter.OPEN)
        sent = letters.filter(approved__plan_line__project=OuterRef("pk"))
        touched = (Q(Exists(rows)) for rows in (steps.named("submit"), texts, reports, money, sent))
        return self.filter(~reduce(or_, touched), status__in=self.model.OWN)

    def _with_line(self, **conditions: Any) -> Self:
        lines = self.model._meta.get_field("lines").related_model.objects
        return self.filter(pk__in=lines.filter(**conditions).order_by().values("project"))

    def by_place(self) -> Self:
        """One row for each place that a project names, to be read by ``places__…``."""
        return self.filter(places__isnull=False)

    def with_place_names(self) -> Self:
        """Adds ``place_names``, the names of the places joined by “; ” in no particular order."""
        places = self.model.places.through.objects.filter(project=OuterRef("pk")).order_by().values("project")
        return self.annotate(
            place_names=Subquery(places.annotate(names=JoinedTexts("adminunit__name", Value("; "))).values("names"))
        )

    def for_year(self, year: int) -> Self:
        """With a line in a plan of that year."""
        return self._with_line(round__plan__year=year)

    def in_plans(self, plans: Iterable[Any]) -> Self:
        return self._with_line(round__plan__in=plans)

    def in_province(self, province_id: int) -> Self:
        """Of all organisations of the province, whatever became of them."""
        return self.filter(organisation__in=Organisation.objects.in_province(province_id))

    def with_ids(self, ids: Iterable[int]) -> Self:
        return self.filter(pk__in=ids)

    def with_contents(self) -> Self:
        """With their contents at hand."""
        return self.prefetch_related("components__activity_type")

    def in_round(self, plan_round: Any) -> Self:
        """With a line in that round, whatever became of it."""
        return self._with_line(round=plan_round)

    def funded_from(self, source_code: str, year: int | None = None, as_of: AsOf = NOW) -> Self:
        """That asked for or by that day got money from the source, in one year's plan or in any."""
        asked, got = _project_money(as_of, year=year, source_code=source_code)
        return self.filter(Exists(asked) | Exists(got))

    def of_activity(self, activity_code: str) -> Self:
        """With that content among its own; ``none``: without any content yet."""
        components = self.model._meta.get_field("components").related_model.objects.filter(project=OuterRef("pk"))
        if activity_code == "none":
            return self.filter(~Exists(components))
        return self.filter(Exists(components.filter(activity_type__code=activity_code)))

    def with_statuses(self, *statuses: str, as_of: AsOf = NOW) -> Self:
        """In one of these as of then."""
        if not as_of:
            return self.filter(status__in=statuses)
        return self.entered_by(as_of).with_status(as_of).filter(status_then__in=statuses)

    def entered_by(self, as_of: AsOf) -> Self:
        """That had been entered by the day of recording."""
        return self.filter(as_of.recorded("created_at"))

    def with_status(self, as_of: AsOf) -> Self:
        """Adds ``status_then`` when the past is asked for; see :attr:`Project.shown_status`."""
        return self.annotate(status_then=status_expression("", as_of)) if as_of else self

    def at_area(self, key: str, former: Mapping[int, str] | None = None) -> Self:
        """By a key of :func:`projects.figures.areas.area_key`: ``315``, ``311+314``, ``whole_city``, ``not_fixed``.

        The key names the places exactly, so that a roll-up by area opens to just its rows. ``former`` are the areas
        of projects that stood elsewhere on the day that is asked for, by their ids.
        """
        scopes, codes = self.model.AreaScope, codes_of(key)
        if key in (scopes.WHOLE_CITY, scopes.NOT_FIXED):
            without_place = Q(area_scope=scopes.UNITS, place_count=0) if key == scopes.NOT_FIXED else Q()
            rows, here = self._with_place_count(), Q(area_scope=key) | without_place
        else:
            rows = self._with_place_count(codes)
            here = Q(area_scope=scopes.UNITS, place_count=len(codes), named_count=len(codes))
        if not former:
            return rows.filter(here)
        back = [pk for pk, area in former.items() if set(codes_of(area)) == set(codes)]
        return rows.filter((here & ~Q(pk__in=list(former))) | Q(pk__in=back))

    def _with_place_count(self, codes: list[str] | None = None) -> Self:
        through = self.model.places.through.objects.filter(project=OuterRef("pk"))
        rows = self.annotate(place_count=count_of(through, "project"))
        if codes is None:
            return rows
        return rows.annotate(named_count=count_of(through.filter(adminunit__code__in=codes), "project"))

    def under(self, organisation_code: str) -> Self:
        """Of that organisation and those below it."""
        paths = ("code", "parent__code", "parent__parent__code", "parent__parent__parent__code")
        return self.filter(reduce(or_, (Q(**{f"organisation__{path}": organisation_code}) for path in paths)))

    def with_pace(self, as_of: AsOf = NOW) -> Self:
        """Adds ``pace``, how each keeps to its schedule as of then."""
        return self.annotate(pace=pace_expression("", as_of))

    def keeping(self, pace: str, as_of: AsOf = NOW) -> Self:
        """That pace as of then."""
        return self.alias(kept_pace=pace_expression("", as_of)).filter(kept_pace=pace)

    def in_queue(self, queue: str, as_of: AsOf = NOW) -> Self:
        """That wait for that step; a task needs no contract, and what is over is late no more."""
        status, kind = self.model.Status, self.model.Kind
        if queue == Queue.CONTRACT:
            return self.with_statuses(status.APPROVED, as_of=as_of).exclude(kind=kind.TASK)
        if queue == Queue.LATE:
            return self.late(as_of)
        if queue == Queue.ACCEPT:
            latest = self._reports.latest_of("pk", as_of)
            working = self.with_statuses(status.IN_PROGRESS, as_of=as_of)
            return working.alias(latest_percent=Subquery(latest.values("percent"))).filter(latest_percent=100)
        waiting = {Queue.RETURNED: status.RETURNED, Queue.SETTLE: status.ACCEPTED, Queue.LIQUIDATE: status.SETTLED}
        return self.with_statuses(waiting[Queue(queue)], as_of=as_of)

    def late(self, as_of: AsOf = NOW) -> Self:
        """An index finds those under way, among which alone somebody can be late."""
        return self.with_statuses(*self.model.RUNNING, as_of=as_of).keeping(Pace.LATE, as_of)

    def late_in(self, year: int) -> Self:
        """Those of that year."""
        return self.for_year(year).late().order_by("code")

    @property
    def _reports(self) -> Any:
        return self.model._meta.get_field("progress_reports").related_model.objects

    def matching(self, text: str) -> Self:
        """By words of the name or code, or of a beneficiary's name, ignoring marks, case, đ and the tone's place."""
        supports = self.model._meta.get_field("supports").related_model.objects
        helped = supports.filter(
            folded_query(text, "beneficiary__search")
            | folded_query(short_name(text), "beneficiary__search")
            | folded_query(text, "group_search")
        )
        return self.filter(folded_query(text, "search") | Exists(helped.filter(project=OuterRef("pk"))))

    def worked_on(self) -> Self:
        """On which somebody remarked, gave a reason, reported, attached a file or kept a paper since it was entered. A
        reason that came with a letter, from whoever recorded it, is the letter's."""
        reasons, steps = (
            self.model._meta.get_field(name).related_model._default_manager
            for name in ("warning_reasons", "status_changes")
        )
        letters = steps.filter(project=OuterRef("project"), actor=OuterRef("actor"), decision__isnull=False)
        given = Exists(reasons.filter(~Exists(letters), project=OuterRef("pk")))
        marks = (Q(**{f"{name}__isnull": False}) for name in ("comments", "progress_reports", "documents", "papers"))
        return self.filter(reduce(or_, marks, Q(given))).distinct()

    def of_old_files(self) -> Self:
        """That came as past records, also those that go on; without what was withdrawn."""
        rows = self.filter(past_records__corrects=None, past_records__isnull=False)
        return rows.exclude(status__in=self.model.UNCOUNTED)

    def named(self, name: str) -> Self:
        """With that very name, however its marks and capitals are written."""
        near = self.filter(search__contains=fold(name))
        return self.filter(pk__in=[one.pk for one in near.only("name") if fold(one.name) == fold(name)])

    def with_money(self, as_of: AsOf = NOW, **narrowed: Any) -> Self:
        """Adds ``requested_vnd`` and ``approved_vnd`` of state money; None when nothing is recorded, to print “–”.

        Of all years, sources and contents, or narrowed by ``year``, ``source_code`` and ``activity_code``; approved
        as of a day.
        """
        asked, got = _project_money(as_of, **narrowed)
        return self.annotate(requested_vnd=_subquery_sum(asked), approved_vnd=_subquery_sum(got))

    def for_list(self, as_of: AsOf = NOW, helped: Iterable[str] = ("beneficiary",), **money: Any) -> Self:
        """With what a row of the list shows; ``helped`` is joined with those who are helped, ``money`` narrows the
        amounts as :meth:`with_money` says."""
        return (
            self.with_money(as_of, **money)
            .with_status(as_of)
            .with_pace(as_of)
            .select_related("organisation", "officer")
            .prefetch_related(self._prefetched("places", "parent"), self._prefetched("supports", *helped))
            .prefetch_related(self._prefetched("lines", "round__plan", "carried_by"))
        )

    def _prefetched(self, name: str, *joined: str) -> Prefetch:
        """Related rows in one query with what they point at."""
        rows = self.model._meta.get_field(name).related_model._default_manager.select_related(*joined)
        return Prefetch(name, queryset=rows)

    def for_grid(self, as_of: AsOf = NOW) -> Self:
        """With what one row of a plan shows of its project itself; ``projects.figures.prefetching`` has the rest."""
        return self.with_pace(as_of).with_status(as_of)

    def payable_by(self, user: User) -> Self:
        """Whose accounts the user keeps, and for which vouchers may be recorded, if only to take money back."""
        rows = self.filter(organisation__in=user.organisation_ids_with(Role.ACCOUNTANT))
        return rows.with_statuses(*self.model.ACCOUNTED)

    def for_voucher(self) -> Self:
        """With what a voucher's form names of them."""
        return self.select_related("organisation").prefetch_related(self._prefetched("supports", "beneficiary"))

    def for_detail(self, as_of: AsOf = NOW) -> Self:
        """With what its own page, forms and warnings read of it; the organisation up to its province."""
        rows = self.for_list(as_of, helped=("beneficiary__personal_number", "place"))
        rows = rows.select_related("organisation__parent__parent__parent", "created_by")
        contents = self._prefetched("components", "activity_type__regulation", "norm__regulation")
        files = self._prefetched("documents", "uploaded_by", "withdrawn_by", "erased_by")
        return rows.prefetch_related(contents, files)

    def with_steps(self) -> Self:
        """With the steps of their lives at hand, the newest first, and what a row of the history names."""
        return self.prefetch_related(self.steps_and_years()[0])

    def steps_and_years(self) -> tuple[Prefetch, Prefetch]:
        """What :meth:`with_steps` brings, and the plans of their lines, for rows that are at hand already."""
        steps = self.model._meta.get_field("status_changes").related_model._default_manager.newest_first()
        return Prefetch("status_changes", queryset=steps), self._prefetched("lines", "round__plan", "carried_by")

    SORTS = {
        "code": ("code",),
        "name": ("name_key",),
        "requested": ("requested_vnd",),
        "approved": ("approved_vnd",),
        "status": ("status",),
        "schedule": ("pace",),
    }

    def totals(self, as_of: AsOf = NOW, **narrowed: Any) -> dict[str, int | None]:
        """``count``, ``requested`` and ``approved``: how many they are, and the sums of what :meth:`with_money` says of
        each, None where no money is recorded. In one query the projects are found once, and each table is passed once:
        to ask the money of every row in turn takes PostgreSQL four times as long."""
        found = CTE(self.order_by().values("pk"), name="found")
        asked, got = (
            rows.filter(plan_line__project__in=found.queryset().values("pk")).order_by()
            for rows in _money(as_of, **narrowed)
        )
        parts = [
            with_cte(found, select=rows.annotate(part=Value(name)).values_list("part").annotate(total=total))
            for name, rows, total in (
                ("requested", asked, Sum("amount_vnd")),
                ("approved", got, Sum("amount_vnd")),
                ("count", found.queryset().order_by(), Count("pk")),
            )
        ]
        return {"count": 0, "requested": None, "approved": None} | dict(parts[0].union(*parts[1:], all=True))

    def sorted_by(self, sort: str) -> Self:
        """By a column of the list; a leading minus turns the order round. Rows without a value come last."""
        descending, key = sort.startswith("-"), sort.lstrip("-")
        fields = self.SORTS.get(key, self.SORTS["code"])
        if key == "status" and "status_then" in self.query.annotations:
            fields = ("status_then",)
        # The late come first; a project that reported nothing has no value in the column.
        values = [NullIf(F(field), Value(Pace.NONE)) if field == "pace" else F(field) for field in fields]
        orders = [value.desc(nulls_last=True) if descending else value.asc(nulls_last=True) for value in values]
        return self.order_by(*orders, "pk")


def _project_money(as_of: AsOf = NOW, **narrowed: Any) -> tuple[models.QuerySet[Any], models.QuerySet[Any]]:
    """State money asked for and approved of the outer project."""
    asked, got = _money(as_of, **narrowed)
    return asked.filter(plan_line__project=OuterRef("pk")), got.filter(plan_line__project=OuterRef("pk"))


def _money(as_of: AsOf = NOW, **narrowed: Any) -> tuple[models.QuerySet[Any], models.QuerySet[Any]]:
    """State money asked for and approved, narrowed by year, source and content."""
    paths = {
        "year": "plan_line__round__plan__year",
        "source_code": "source__code",
        "activity_code": "component__activity_type__code",
    }
    conditions = {paths[name]: value for name, value in narrowed.items() if value is not None}
    return CostLine.objects.state_money().filter(**conditions), ApprovalEntry.objects.effective_by(as_of).filter(
        **conditions
    )


def _subquery_sum(rows: models.QuerySet[Any]) -> Subquery:
    """The sum of ``amount_vnd`` over the rows of one outer row; None when there is none, so that it prints “–”."""
    grouped = rows.order_by().values("plan_line__project").annotate(total=Sum("amount_vnd"))
    return Subquery(grouped.values("total"), output_field=models.BigIntegerField())


def count_of(rows: models.QuerySet[Any], outer: str) -> Any:
    """How many of the rows belong to one outer row, which they name in that column."""
    counted = rows.order_by().values(outer).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)
