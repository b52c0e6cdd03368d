"""By what figures can be grouped: each dimension as an expression for SQL, with the names of its groups in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from khuyencong.text import translated
from programmes.models import ActivityType, FundingSource
from projects.figures.areas import area_expression, area_key, area_labels
from projects.figures.keys import GROUP, NONE
from projects.figures.projects_then import ProjectsThen
from projects.figures.reader import Reader
from projects.models import Beneficiary, Pace, Project, Support
from projects.models.joined_texts import codes_of, joined_codes, key_of
from projects.models.pace import pace_expression
from projects.models.status_as_of import as_then, status_expression

LINE = "project"  # the path from a plan line to its project


@dataclass(frozen=True)
class Label:
    """A group: ``token`` names it in an address, ``filters`` open its projects in the list, where it can say so."""

    key: Any
    text: str
    token: str
    filters: Mapping[str, str] | None = field(default_factory=dict)
    is_shared: bool = False


@dataclass(frozen=True, eq=False)
class Dimension:
    """``of_line`` is what a plan line says, None where money alone says it. ``of_money`` is what a row of money says,
    None where that is found once for its line rather than for each row.

    ``keys`` are the groups in which what is said puts the row, nearly always one; ``labels`` names them in the order
    in which they print.
    """

    key: str
    title: str | Promise
    of_money: F | None
    of_line: Callable[[ProjectsThen], Any] | None
    labels: Callable[[Iterable[Any], Reader], list[Label]]
    keys: Callable[[Any, Reader], Iterable[Any]] = lambda said, reader: (said,)
    is_additive: bool = True  # each row of money stands in one group, so that groups add up to their total
    is_of_project: bool = False  # and each project has one


def _sources(keys: Iterable[Any], reader: Reader) -> list[Label]:
    wanted = set(keys)
    rows = [
        Label(source.pk, translated(source.name), source.code, {"source": source.code})
        for source in FundingSource.objects.all()
        if source.pk in wanted
    ]
    return rows + ([Label(None, _("Chưa ghi kinh phí"), NONE, None)] if None in wanted else [])


def _activities(keys: Iterable[Any], reader: Reader) -> list[Label]:
    wanted = set(keys)
    found = ActivityType.objects.with_ids(wanted - {None})
    rows = [Label(one.pk, str(one), one.code, {"activity": one.code}) for one in found]
    return rows + ([Label(None, _("Chưa chọn nội dung"), NONE, {"activity": NONE})] if None in wanted else [])


def _statuses(keys: Iterable[Any], reader: Reader) -> list[Label]:
    wanted = set(keys)
    choices = Project.Status.choices
    return [Label(code, str(label), code, {"status": code}) for code, label in choices if code in wanted]


def _schedules(keys: Iterable[Any], reader: Reader) -> list[Label]:
    wanted = set(keys)
    return [Label(code, str(text), code, {"schedule": code}) for code, text in Pace.choices if code in wanted]


def _areas(keys: Iterable[Any], reader: Reader) -> list[Label]:
    listed = list(keys)
    codes = {code for key in listed for code in codes_of(key)} - {*Project.AreaScope.values}
    rows = area_labels(listed, reader.units_of(codes))
    return [Label(row.key, row.text, row.key, row.filters, row.is_shared) for row in rows]


def _types(keys: Iterable[Any], reader: Reader) -> list[Label]:
    """Single types first, then projects that help establishments of several types."""
    names = {code: str(label) for code, label in Beneficiary.Type.choices}
    names |= {GROUP: _("Nhóm mô tả bằng lời"), NONE: _("Không có đơn vị thụ hưởng")}
    order = {code: index for index, code in enumerate(names)}
    parts = {key: sorted(codes_of(key), key=order.__getitem__) for key in keys}
    rows = sorted(parts, key=lambda key: (len(parts[key]), [order[code] for code in parts[key]]))
    return [
        Label(key, ", ".join(names[code] for code in parts[key]), key, None, is_shared=len(parts[key]) > 1)
        for key in rows
    ]


def _projects(keys: Iterable[Any], reader: Reader) -> list[Label]:
    """By code, under the names of the day."""
    found = sorted(Project.objects.in_bulk(list(keys)).values(), key=lambda one: (one.code, one.pk))
    names = {pk: text.name for pk, text in reader.then.texts.items()}
    return [Label(one.pk, f"{one.code} {names.get(one.pk, one.name)}", str(one.pk), None) for one in found]


def _beneficiaries(keys: Iterable[Any], reader: Reader) -> list[Label]:
    wanted = set(keys)
    found = Beneficiary.objects.in_bulk(wanted - {None})
    rows = [
        Label(one.pk, one.name, str(one.pk), None)
        for one in sorted(found.values(), key=lambda one: (bytes(one.name_key), one.pk))
    ]
    none = Label(None, _("Nhóm mô tả bằng lời hoặc không có đơn vị thụ hưởng"), NONE, None)
    return rows + ([none] if None in wanted else [])


def _months(keys: Iterable[Any], reader: Reader) -> list[Label]:
    """Each month from the first of the year, or of the part of it that is asked, to the last that moved money."""
    wanted = sorted(keys)
    rows: list[Label] = []
    begin = reader.question.since or dt.date(min(reader.question.years.values()), 1, 1)
    month = min(begin.replace(day=1), wanted[0]) if wanted else None
    while month is not None and month <= wanted[-1]:
        rows.append(Label(month, f"{month:%m/%Y}", f"{month:%Y-%m}", None))
        month = (month + dt.timedelta(days=31)).replace(day=1)
    return rows


def _years(keys: Iterable[Any], reader: Reader) -> list[Label]:
    return [Label(year, str(year), str(year), {"year": str(year)}) for year in sorted(keys)]


def pace_of_line(then: ProjectsThen) -> Coalesce:
    """How the line's project keeps to its schedule as of the day."""
    return pace_expression(LINE, then.as_of, then.statuses)


def _area_of_day(said: str, reader: Reader) -> tuple[str]:
    key = area_key(said)
    return (reader.units.translated(key) if reader.question.units_day else key,)


def _types_of(then: ProjectsThen) -> Any:
    """The types of the project's beneficiaries as of the day, joined in no particular order."""
    kinds = Coalesce("beneficiary__type", Value(GROUP))
    return as_then(LINE, then.types, _joined_supports(kinds))


def _helped_by(then: ProjectsThen) -> Any:
    """The project's beneficiaries as of the day, by their ids joined; a described group has none."""
    ids = Coalesce(Cast("beneficiary", CharField()), Value(NONE))
    return as_then(LINE, then.helped, _joined_supports(ids))


def _joined_supports(said: Coalesce) -> Coalesce:
    supports = Support.objects.filter(project=OuterRef(LINE)).order_by().values("project")
    joined = supports.annotate(joined=joined_codes(said)).values("joined")
    return Coalesce(Subquery(joined), Value(NONE), output_field=CharField())


def _each_helped(said: str, reader: Reader) -> set[int | None]:
    """Everybody who was helped, with the whole of the money: it is not split among them."""
    return {None if part == NONE else int(part) for part in codes_of(said)}


SOURCE = Dimension("source", gettext_lazy("Nguồn kinh phí"), F("source"), None, _sources)
ACTIVITY = Dimension(
    "activity",
    gettext_lazy("Nội dung hoạt động"),
    F("component__activity_type"),
    lambda then: F("project__components__activity_type"),
    _activities,
)
AREA = Dimension(
    "area",
    gettext_lazy("Địa bàn"),
    None,
    lambda then: area_expression(LINE, then.areas),
    _areas,
    _area_of_day,
    is_of_project=True,
)
STATUS = Dimension(
    "status",
    pgettext_lazy("of a project", "Tình trạng"),
    None,
    lambda then: status_expression(LINE, then.as_of, then.statuses),
    _statuses,
    is_of_project=True,
)
TYPE = Dimension(
    "type",
    gettext_lazy("Loại hình đơn vị thụ hưởng"),
    None,
    _types_of,
    _types,
    lambda said, reader: (key_of(codes_of(said)),),
    is_of_project=True,
)
SCHEDULE = Dimension(
    "schedule",
    gettext_lazy("Tiến độ"),
    None,
    pace_of_line,
    _schedules,
    is_of_project=True,
)
MONTH = Dimension(
    "month",
    gettext_lazy("Tháng"),
    F("effective_on"),
    None,
    _months,
    lambda day, reader: (day.replace(day=1),),
)
PLAN_YEAR = Dimension(
    "plan_year",
    gettext_lazy("Năm kế hoạch"),
    F("plan_line__round__plan"),
    lambda then: F("round__plan"),
    _years,
    lambda plan, reader: (reader.question.years[plan],),
)
BENEFICIARY = Dimension(
    "beneficiary",
    gettext_lazy("Đơn vị thụ hưởng"),
    None,
    _helped_by,
    _beneficiaries,
    _each_helped,
    is_additive=False,
)
PROJECT = Dimension(
    "project",
    gettext_lazy("Đề án"),
    F("plan_line__project"),
    lambda then: F(LINE),
    _projects,
)
