"""What a report says of a project in words, beside its figures; and which projects some reports are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from projects.figures import flows
from projects.figures.past_texts import show_as_then
from projects.figures.prefetching import with_relations
from projects.figures.projects_then import ProjectsThen
from projects.models import Pace, ProgressReport, Project, WarningCode
from projects.rules.warnings import ProjectWarning
from reports.wording.project_words import beneficiaries_of

OVER = frozenset({WarningCode.NORM_OVER, WarningCode.NORM_UNCONFIRMED_OVER})


@dataclass(frozen=True)
class TextColumn:
    """``texts`` of many projects at once, by their ids, in a fixed number of queries. ``width`` is in digits."""

    key: str
    title: str | Promise
    width: float
    texts: Callable[[ProjectsThen, Iterable[int]], Mapping[int, str]]


def _projects(then: ProjectsThen, ids: Iterable[int]) -> list[Project]:
    """As of the day, with what words about them need."""
    return show_as_then(with_relations(Project.objects.with_ids(ids).for_grid(then.as_of)), then.as_of)


def _statuses(then: ProjectsThen, ids: Iterable[int]) -> Mapping[int, str]:
    """With the pace of projects that were approved and not stopped."""
    paces = {
        Pace.ON: _("đúng tiến độ"),
        Pace.LATE: _("chậm tiến độ"),
        Pace.WAS_LATE: _("từng báo chậm"),
        Pace.NONE: _("chưa báo cáo tiến độ"),
    }
    rows = Project.objects.with_ids(ids).with_status(then.as_of).with_pace(then.as_of)
    reporting = {*Project.RUNNING, *Project.DONE}
    return {
        row.pk: f"{row.shown_status.label}, {paces[row.pace]}"
        if row.shown_status in reporting
        else str(row.shown_status.label)
        for row in rows
    }


def _contents(then: ProjectsThen, ids: Iterable[int]) -> Mapping[int, str]:
    rows = Project.objects.with_ids(ids).with_contents()
    return {row.pk: "; ".join(str(part.activity_type) for part in row.components.all()) for row in rows}


def _places(then: ProjectsThen, ids: Iterable[int]) -> Mapping[int, str]:
    return {row.pk: row.area_text for row in _projects(then, ids)}


def _beneficiaries(then: ProjectsThen, ids: Iterable[int]) -> Mapping[int, str]:
    return {row.pk: beneficiaries_of(row) for row in _projects(then, ids)}


def _difficulties(then: ProjectsThen, ids: Iterable[int]) -> Mapping[int, str]:
    """In the words of the latest report."""
    reports = ProgressReport.objects.latest_of_each(then.as_of).of_projects(ids)
    return {
        row.project_id: _("Tháng %(month)s: %(words)s")
        % {"month": f"{row.month:%m/%Y}", "words": row.difficulties or _("báo cáo chưa nêu lý do")}
        for row in reports
    }


@dataclass(frozen=True)
class Picked:
    """The projects that a report is about; ``remarks`` say what it can't tell of the others."""

    projects: frozenset[int]
    remarks: tuple[str, ...] = ()


def picked_late(then: ProjectsThen) -> Picked:
    """Under way, and late by the latest report of the day."""
    return Picked(frozenset(flows.late_projects(then.plans, then.as_of)))


def picked_over_norm(then: ProjectsThen) -> Picked:
    """Surely over the norm in force. What has no norm, or an unconfirmed one, is not within it: it is counted aside."""
    codes = {pk: {warning.code for warning in findings.warnings} for pk, findings in then.findings.items()}
    over = frozenset(pk for pk, one in codes.items() if one & OVER)
    unknown = sum(WarningCode.NORM_MISSING in one for one in codes.values())
    unconfirmed = sum(WarningCode.NORM_UNCONFIRMED in one for one in codes.values())
    said = (
        (_("Số đề án chưa có mức hỗ trợ để đối chiếu, nên chưa biết có vượt mức hay không: %(n)s."), unknown),
        (_("Số đề án được đối chiếu với mức hỗ trợ chưa xác nhận: %(n)s."), unconfirmed),
    )
    return Picked(over, tuple(text % {"n": number} for text, number in said if number))


def _excess(then: ProjectsThen, ids: Iterable[int]) -> Mapping[int, str]:
    """Clause, figure and reasons of each project whose support is over the norm in force for it."""
    return {pk: "\n".join(_with_reasons(one) for one in then.findings[pk].warnings if one.code in OVER) for pk in ids}


def _with_reasons(warning: ProjectWarning) -> str:
    if not warning.reasons:
        return "{} {}".format(warning.text, _("Chưa ghi lý do."))
    reasons = "; ".join(one.reason for one in warning.reasons)
    return "{} {}".format(warning.text, _("Lý do: %(reasons)s") % {"reasons": reasons})


PROJECT_STATUS = TextColumn("status", pgettext_lazy("of a project", "Tình trạng"), 18, _statuses)
CONTENTS = TextColumn("contents", gettext_lazy("Nội dung hoạt động"), 24, _contents)
PLACES = TextColumn("places", gettext_lazy("Địa điểm"), 16, _places)
BENEFICIARIES = TextColumn("beneficiaries", gettext_lazy("Đơn vị thụ hưởng"), 22, _beneficiaries)
DIFFICULTIES = TextColumn("difficulties", gettext_lazy("Khó khăn, kiến nghị"), 34, _difficulties)
EXCESS = TextColumn("excess", gettext_lazy("Mức vượt và lý do"), 50, _excess)
