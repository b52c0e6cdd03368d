"""How a project stood on a day, as expressions that SQL can filter and group by: its status, its pace, its area."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khuyencong.asof import NOW, AsOf
from khuyencong.money import NOT_RECORDED

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")
SEPARATOR = "+"  # between the codes of a key that names several places, types or people together


class Pace(models.TextChoices):
    """How a project keeps to its schedule, by its latest report as of a day. Only work under way is late."""

    ON = "on", _("Đúng tiến độ")
    LATE = "late", _("Chậm tiến độ")
    WAS_LATE = "was_late", _("Đã kết thúc, từng báo chậm")
    NONE = "none", _("Chưa báo cáo")

    @property
    def beside_status(self) -> str:
        """Where the status says already that the work is over, and what is not reported is not named."""
        return {Pace.WAS_LATE: gettext("Từng báo chậm"), Pace.NONE: NOT_RECORDED}.get(self, str(self.label))


def status_expression(project: str, as_of: AsOf = NOW, former: Mapping[int, str] | None = None) -> F | Coalesce | Case:
    """The status of the project at that path (empty: of the row itself) as of then; a draft before its first step.

    ``former`` are the statuses of the projects that had another one then, by their ids, if they are known.
    """
    from projects.models.project import Project

    now = F(_path(project, "status"))
    if not as_of or former == {}:
        return now
    if former is None:
        return _last_target("project", project, as_of, Project.Status.DRAFT)
    return as_then(project or "pk", former, now)


def as_then(path: str, former: Mapping[int, str], now: Any) -> Any:
    """The texts of then for the projects that said something else, by their ids; for all others what is said now."""
    return Case(*_those(path, former), default=now, output_field=models.CharField()) if former else now


def _those(path: str, values: Mapping[int, str]) -> list[When]:
    """For the named rows the values that they have by their ids."""
    ids: dict[str, list[int]] = defaultdict(list)
    for pk, value in values.items():
        ids[value].append(pk)
    return [When(**{f"{path}__in": pks}, then=Value(value)) for value, pks in ids.items()]


def pace_expression(project: str, as_of: AsOf = NOW, former: Mapping[int, str] | None = None) -> Coalesce:
    """The :class:`Pace` of the project at that path (empty: of the row itself) as of then: what its latest report
    says, and of one that says late whether the work is under way. ``former`` as for the status.
    """
    from projects.models.progress import ProgressReport
    from projects.models.project import Project

    latest = ProgressReport.objects.latest_of(project or "pk", as_of)
    pace = Case(
        When(is_on_schedule=True, then=Value(Pace.ON)),
        When(stood__in=Project.RUNNING, then=Value(Pace.LATE)),
        default=Value(Pace.WAS_LATE),
        output_field=models.CharField(),
    )
    said = latest.alias(stood=status_expression("project", as_of, former)).values(pace=pace)
    return Coalesce(Subquery(said), Value(Pace.NONE), output_field=models.CharField())


def round_status_expression(as_of: AsOf = NOW) -> F | Coalesce:
    """The status of the round as of then."""
    from programmes.models import PlanRound

    return _last_target("round", "", as_of, PlanRound.Status.DRAFT) if as_of else F("status")


def _last_target(kind: str, path: str, as_of: AsOf, at_first: str) -> Coalesce:
    """Where the last step leads, in the order in which steps were taken: their days may be put back."""
    from projects.models.history import StatusChange

    steps = StatusChange.objects.filter(**{kind: OuterRef(path or "pk")}).effective_by(as_of).order_by("-pk")
    return Coalesce(Subquery(steps.values("target_status")[:1]), Value(at_first), output_field=models.CharField())


def counted_by(rows: Rows, project: str, as_of: AsOf = NOW) -> Rows:
    """Without rows of projects that were refused or withdrawn as of then, or not yet entered."""
    from projects.models.project import Project

    if not as_of:
        return rows.exclude(**{f"{_path(project, 'status')}__in": Project.UNCOUNTED})
    entered = rows.filter(as_of.recorded(_path(project, "created_at")))
    return entered.alias(counted_status=status_expression(project, as_of)).exclude(counted_status__in=Project.UNCOUNTED)


def left_out(rows: Rows, project: str) -> Rows:
    """What :func:`counted_by` leaves out now."""
    from projects.models.project import Project

    return rows.filter(**{f"{_path(project, 'status')}__in": Project.UNCOUNTED})


def standing_apart(projects: Rows, as_of: AsOf = NOW) -> Rows:
    """The projects that had another status ``then`` than now, and whichever :func:`counted_by` leaves out."""
    from projects.models.project import Project

    apart = Q(status__in=Project.UNCOUNTED)
    if as_of:
        apart |= ~Q(then=F("status"))
    if pinned := as_of.recorded("created_at"):
        apart |= ~pinned
    return projects.annotate(then=status_expression("", as_of)).filter(apart)


def key_of(codes: Iterable[str]) -> str:
    """One key for all of them, whatever their order: “314” and “311” are “311+314”."""
    return SEPARATOR.join(sorted(set(codes)))


def codes_of(key: str) -> list[str]:
    """What the key names."""
    return key.split(SEPARATOR)


def joined_codes(code: Any) -> JoinedTexts:
    """The codes of a group as SQL joins them: for :func:`key_of`, since they come in no particular order."""
    return JoinedTexts(code, Value(SEPARATOR))


class JoinedTexts(models.Aggregate):
    """Texts joined by a separator, in no particular order, on both databases."""

    function = "STRING_AGG"
    output_field = models.CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


def area_expression(project: str, former: Mapping[int, str] | None = None) -> Case:
    """The area of the project at that path, as text that SQL can group by.

    ``former`` are the areas of projects that stood elsewhere then, by their ids.
    """
    from projects.models.project import Project

    places = Project.places.through.objects.filter(project=OuterRef(project)).order_by().values("project")
    codes = places.annotate(codes=joined_codes("adminunit__code")).values("codes")
    scope = f"{project}__area_scope"
    return Case(
        *_those(project, former or {}),
        When(**{scope: Project.AreaScope.UNITS}, then=Coalesce(Subquery(codes), Value(Project.AreaScope.NOT_FIXED))),
        default=F(scope),
        output_field=models.CharField(),
    )


def _path(project: str, name: str) -> str:
    return f"{project}__{name}" if project else name
