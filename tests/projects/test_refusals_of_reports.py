"""What no report of progress may say, what the first one starts, and what is kept of one that was put right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from django.utils.translation import override

from khuyencong.accounts.models import User
from projects.models import CellKey, ExecutedAmount, FieldChange, ProgressReport, Project, StatusChange
from projects.services.progress import add_progress_report, change_progress_report
from tests.factories import MILLION, source
from tests.projects.accounting import project_of, sign
from tests.projects.attempts import code_of, words_of

pytestmark = pytest.mark.django_db
JULY = dt.date(2006, 7, 1)


def report(by: User, key: CellKey, amounts: Mapping[CellKey, int | None], **words: Any) -> ProgressReport:
    project = project_of(key)
    version = words.pop("version", project.version)
    one = ProgressReport(**{"month": JULY, "is_on_schedule": True} | words)
    return add_progress_report(project=project, report=one, amounts=amounts, actor=by, version=version)


def put_right(by: User, stored: ProgressReport, amounts: Mapping[CellKey, int | None], **words: Any) -> Any:
    project = words.pop("project", None) or Project.objects.get(pk=stored.project_id)
    version = words.pop("version", project.version)
    reason = words.pop("reason", "Gõ nhầm")
    one = ProgressReport.objects.get(pk=stored.pk)
    for name, value in words.items():
        setattr(one, name, value)
    return change_progress_report(
        project=project, report=one, amounts=amounts, reason=reason, actor=by, version=version
    )


def test_every_part_of_a_report_is_put_right(cells: list[CellKey], centre_staff: User) -> None:
    stored = report(centre_staff, cells[0], {})
    right = {"month": dt.date(2006, 8, 1), "percent": 40, "is_on_schedule": not stored.is_on_schedule}
    right |= {"done": "Xong nhà xưởng", "difficulties": "Thiếu điện", "next_steps": "Lắp máy"}
    put_right(centre_staff, stored, {}, **right)
    stands = ProgressReport.objects.get(pk=stored.pk)
    assert {name: getattr(stands, name) for name in right} == right


def test_what_a_report_may_not_say(cells: list[CellKey], centre_staff: User) -> None:
    stored = report(centre_staff, cells[0], {cells[0]: 5})
    report(centre_staff, cells[1], {})
    august = {"month": dt.date(2006, 8, 1)}

    def said(amounts: Mapping[CellKey, int | None], **words: Any) -> tuple[str, str]:
        """Of a new report and of the stored one put right."""
        new = code_of(lambda: report(centre_staff, cells[0], amounts, **august | words))
        return new, code_of(lambda: put_right(centre_staff, stored, amounts, **august | words))

    line, component, state = cells[0]
    version = project_of(cells[0]).version
    assert said({cells[0]: 900 * MILLION}) == said({cells[0]: 0}) == said({cells[0]: None}) == ("done", "done")
    own = (line, component, source("DOIUNG").pk)
    assert said({cells[0]: -1}) == said({own: None, cells[0]: -1}) == ("negative", "negative")
    assert said({cells[1]: 5}) == said({cells[0]: 5, cells[1]: None}) == ("other_project", "other_project")
    assert said({(line, cells[1][1], state): 5}) == ("wrong_place", "wrong_place")
    assert said({(line, component, source("KCQG").pk): 5}) == ("wrong_place", "wrong_place")
    assert said({}, version=version - 1) == ("stale", "stale")
    assert said({}, month=dt.date(2006, 1, 1)) == ("done", "done")
    assert said({}, month=dt.date(2005, 12, 1)) == ("before_plan", "before_plan")
    assert said({}, **august) == ("done", "done") and said({}, month=JULY) == ("twice", "done")
    report(centre_staff, cells[0], {}, **august)
    assert said({}) == ("twice", "twice")
    words = words_of(
        lambda: put_right(centre_staff, stored, {}, project=project_of(cells[1]), month=dt.date(2006, 9, 1))
    )
    assert words == "Báo cáo này không phải của đề án."


def test_a_report_keeps_its_amounts_and_who_made_it(
    cells: list[CellKey], centre_staff: User, centre_head: User
) -> None:
    own = (*cells[0][:2], source("DOIUNG").pk)
    one = report(centre_staff, cells[0], {cells[0]: 0, own: None}, percent=5, done="Khai giảng")
    assert (one.project, one.reported_by, one.percent) == (project_of(cells[0]), centre_staff, 5)
    assert list(ExecutedAmount.objects.values_list("report", "source__code", "amount_vnd")) == [(one.pk, "KCDP", 0)]
    before = project_of(cells[0]).version
    put_right(centre_head, one, {own: 7}, percent=6)
    assert list(ExecutedAmount.objects.values_list("report", "source__code", "amount_vnd")) == [(one.pk, "DOIUNG", 7)]
    stored = ProgressReport.objects.get()
    assert (stored.percent, stored.reported_by, project_of(cells[0]).version) == (6, centre_staff, before + 1)


def test_the_first_report_of_a_contract_or_a_task_starts_the_work(
    cells: list[CellKey], centre_staff: User, accountant: User
) -> None:
    """On the first of its month, or on the day of the step before where that was later."""
    assert report(centre_staff, cells[0], {}).pk and project_of(cells[0]).status == "approved", "no contract, no start"
    sign(cells[0], accountant, 40, on=dt.date(2006, 8, 20))
    report(centre_staff, cells[0], {}, month=dt.date(2006, 8, 1))
    Project.objects.filter(lines=cells[1][0]).update(kind="task")
    report(centre_staff, cells[1], {}, month=dt.date(2006, 9, 1))
    report(centre_staff, cells[1], {}, month=dt.date(2006, 10, 1))
    started = StatusChange.objects.filter(target_status="in_progress").order_by("pk")
    assert list(started.values_list("transition", "effective_on", "actor")) == [
        ("start", dt.date(2006, 8, 20), centre_staff.pk),
        ("start_task", dt.date(2006, 9, 1), centre_staff.pk),
    ]


def test_the_history_tells_both_texts_in_vietnamese(
    cells: list[CellKey], centre_staff: User, centre_head: User
) -> None:
    words = {"done": "Khai giảng", "difficulties": "Mưa", "next_steps": "Dạy nghề"}
    one = report(centre_staff, cells[0], {cells[0]: 5 * MILLION}, percent=10, **words)
    assert put_right(centre_staff, one, {cells[0]: 5 * MILLION}) and not FieldChange.objects.exists(), "nothing changed"
    changed = {"is_on_schedule": False, "percent": None, "done": "Gặp ông 031095001234", "difficulties": ""}
    with override("en"):
        put_right(centre_head, one, {}, **changed, month=dt.date(2006, 8, 1))
    change = FieldChange.objects.get()
    assert change.before == "07/2006\nđúng tiến độ\n10 %\nKCĐP: 5.000.000 đồng\nKhai giảng\nMưa\nDạy nghề"
    assert change.after.startswith("08/2006\nchậm tiến độ\nGặp ông ") and change.after.endswith("\nDạy nghề")
    assert "031095001234" not in change.after
    assert (change.actor, change.project, change.field) == (centre_head, project_of(cells[0]), "progress:2006-07")
