"""Warnings at their edges: who was supported before and through which number, whose own money is none, which need a
reason, and what the reasons answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils.translation import override

from khuyencong.accounts.models import Organisation, User
from programmes.models import DeadlineRule
from projects.models import (
    ApprovalEntry,
    Beneficiary,
    CostLine,
    Project,
    StatusChange,
    Support,
    WarningCode,
    WarningReason,
)
from projects.rules.deadlines import monthly_note
from projects.rules.warnings import NEED_REASON, ProjectWarning, findings_of, warnings_of
from projects.services.letter_reasons import keep_reasons, unanswered_warnings
from projects.services.warning_reasons import give_reason
from tests.factories import MILLION, decide, forward_all, make_decision, requested_cells, source, submit_all
from tests.kept import kept
from tests.law import project_of
from tests.people import Tree
from tests.projects.attempts import code_of
from tests.there import there

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

NEEDED = {
    **dict.fromkeys(("norm_over", "norm_unconfirmed_over", "place_not_eligible", "content_not_eligible"), True),
    **dict.fromkeys(("type_not_eligible", "already_supported", "counterpart_missing", "commitment_missing"), True),
    **dict.fromkeys(("norm_missing", "norm_unconfirmed", "place_unchecked", "type_unchecked"), False),
    **dict.fromkeys(("settlement_due", "liquidation_due", "time_outside"), False),
}
NUMBER = "0201234567"


def test_which_warnings_ask_for_a_reason() -> None:
    assert {code.value: code in NEED_REASON for code in WarningCode} == NEEDED
    for code in WarningCode:
        warning = ProjectWarning(code, "", "x")
        assert warning.needs_reason == warning.is_unanswered == NEEDED[code.value]
        assert not ProjectWarning(code, "", "x", reasons=(WarningReason(),)).is_unanswered


def found(project: Project, code: str, **words: Any) -> list[ProjectWarning]:
    project = Project.objects.get(pk=project.pk)
    return [one for one in warnings_of(project, **{"user": None} | words) if one.code == code]


def helped(project: Project, beneficiary: Beneficiary, status: str = "") -> Project:
    Support.objects.create(project=project, beneficiary=beneficiary)
    if status:
        Project.objects.filter(pk=project.pk).update(status=status)
    return Project.objects.get(pk=project.pk)


def establishment(province: Any, name: str = "Công ty Dũng Hồng", code: str = NUMBER) -> Beneficiary:
    return Beneficiary.objects.create(province=province, name=name, type="enterprise", tax_code=code)


def test_earlier_support_is_found_by_the_number_in_another_registry_too(centre_staff: User, tree: Tree) -> None:
    """The same firm stands in the registry of the province that it came from; one without a number is nobody else."""
    abroad = Organisation.objects.create(code="quang-ninh", kind="province", name="Tỉnh Quảng Ninh")
    earlier = helped(project_of(by=centre_staff, year=2018), establishment(abroad, "Cty Dũng Hồng"), "approved")
    now = helped(project_of(by=centre_staff, year=2019), establishment(tree.province))
    [warning] = found(now, "already_supported", user=centre_staff)
    assert f"đề án {earlier.code}" in warning.text and "Công ty Dũng Hồng đã được hỗ trợ" in warning.text
    helped(project_of(by=centre_staff, year=2018, name="B"), establishment(abroad, "Khác", ""), "approved")
    Support.objects.filter(project=now).delete()
    now = helped(now, establishment(tree.province, "Cũng khác", ""))
    assert found(now, "already_supported") == []


def test_who_has_the_number_twice_is_told_once(centre_staff: User, tree: Tree) -> None:
    firm = establishment(tree.province)
    helped(project_of(by=centre_staff, year=2018), firm, "approved")
    now = helped(project_of(by=centre_staff, year=2019), firm)
    assert len(found(now, "already_supported")) == 1, "by itself and by its number"
    assert (
        found(helped(project_of(by=centre_staff, year=2019, name="C", content="45-4"), firm), "already_supported") == []
    )


def approve(project: Project, by: User, on: dt.date, amount: int = 5) -> None:
    """An entry on record, whatever the law of that day says."""
    line, component = project.lines.get(), project.components.get()
    letter = make_decision(organisation=project.organisation.parent, number=f"{on:%d%m}/{project.pk}", on=on)
    letter.recorded_by = by
    letter.save()
    ApprovalEntry.objects.create(
        decision=letter, plan_line=line, component=component, source=source("KCQG"), amount_vnd=amount,
        nature="initial" if amount > 0 else "stop", effective_on=on, recorded_by=by,
    )  # fmt: skip


@pytest.mark.parametrize(("day", "is_told"), [(2, True), (3, True), (4, False)])
def test_support_of_the_same_day_is_earlier_support(centre_staff: User, tree: Tree, day: int, is_told: bool) -> None:
    """Of two letters of one day neither is first: each is told of the other."""
    firm = establishment(tree.province)
    other = helped(project_of(by=centre_staff, year=2019), firm, "approved")
    approve(other, centre_staff, dt.date(2019, 4, day))
    now = helped(project_of(by=centre_staff, year=2019, name="B"), firm, "approved")
    approve(now, centre_staff, dt.date(2019, 4, 3))
    assert len(found(now, "already_supported")) == is_told


@pytest.mark.parametrize(("taken", "is_told"), [(None, True), (4, True), (5, False)])
def test_a_stop_that_took_everything_back_was_no_support(
    centre_staff: User, tree: Tree, taken: int | None, is_told: bool
) -> None:
    firm = establishment(tree.province)
    other = helped(project_of(by=centre_staff, year=2018), firm, "stopped")
    approve(other, centre_staff, dt.date(2018, 4, 1))
    if taken:
        approve(other, centre_staff, dt.date(2018, 9, 1), -taken)
    now = helped(project_of(by=centre_staff, year=2019), firm)
    assert len(found(now, "already_supported")) == is_told
    Project.objects.filter(pk=other.pk).update(status="approved")
    assert len(found(now, "already_supported")) == 1


@pytest.mark.parametrize(("amount", "is_missing"), [(None, True), (0, True), (1, False)])
def test_a_zero_of_their_own_is_none(centre_staff: User, amount: int | None, is_missing: bool) -> None:
    project = project_of(by=centre_staff, year=2019, amounts={"KCQG": MILLION, "KHAC": 5, "DOIUNG": amount})
    assert len(found(project, "counterpart_missing")) == is_missing
    CostLine.objects.filter(source__code="DOIUNG").delete()
    Support.objects.filter(project=project).update(counterpart_vnd=amount)
    assert len(found(project, "counterpart_missing")) == is_missing


def test_a_reason_answers_its_own_figures_only(centre_staff: User) -> None:
    project = project_of(by=centre_staff, year=2019, norm="machinery", eligible=700 * MILLION, units=1)
    [over] = found(project, "norm_over")
    words: dict[str, Any] = {"project": project, "actor": centre_staff}
    assert code_of(lambda: give_reason(fingerprint=over.fingerprint, reason=" ", **words)) == "no_reason"
    assert code_of(lambda: give_reason(fingerprint=over.fingerprint + "1", reason="x", **words)) == "gone"
    with override("en"):
        kept = give_reason(fingerprint=over.fingerprint, reason="Nhập khẩu, CCCD 031095001234", **words)
    assert (kept.text, kept.code, kept.actor, kept.fingerprint) == (
        over.text,
        over.code,
        centre_staff,
        over.fingerprint,
    )
    assert "031095001234" not in kept.reason and kept.project == project
    assert (
        code_of(lambda: give_reason(fingerprint=over.fingerprint, reason="Nhập khẩu, CCCD 031095001234 ", **words))
        == "twice"
    ), "a button pressed twice says it once"
    findings = findings_of(Project.objects.get(pk=project.pk), user=None)
    assert [one.code for one in findings.unanswered] == [] and not findings.other_reasons
    assert there(findings.find(over.fingerprint)).reasons == (kept,)
    CostLine.objects.filter(source__code="KCQG").update(amount_vnd=351 * MILLION)
    findings = findings_of(Project.objects.get(pk=project.pk), user=None)
    assert [one.code for one in findings.unanswered] == ["norm_over"] and findings.other_reasons == [kept]
    assert findings.warnings[0].code == "norm_over", "what needs a reason stands first"


@pytest.fixture
@kept
def two(centre_staff: User, centre_head: User) -> tuple[Project, Project]:
    """Two machines of 2019 over their norm, sent with reasons and forwarded."""
    projects = [
        project_of(by=centre_staff, year=2019, norm="machinery", eligible=700 * MILLION, units=1, name=name)
        for name in ("Một", "Hai")
    ]
    for project in projects:
        for warning in findings_of(project, user=None).unanswered:
            give_reason(project=project, fingerprint=warning.fingerprint, reason="Đã xem", actor=centre_staff)
    plan = projects[0].lines.get().round.plan
    submit_all(plan=plan, by=centre_head)
    forward_all(plan=plan)
    return projects[0], projects[1]


def test_each_project_of_a_letter_answers_for_itself(two: tuple[Project, Project], department_head: User) -> None:
    plan, on = two[0].lines.get().round.plan, dt.date(2019, 4, 1)
    cells = {Project.objects.get(lines=key[0]).pk: key for key in requested_cells(plan)}
    after = {cells[project.pk]: 349 * MILLION for project in two}
    assert set(unanswered_warnings(after, on=on, user=None)) == set(two)
    assert set(unanswered_warnings({**after, cells[two[0].pk]: 0}, on=on, user=None)) == {two[1]}
    within, early = {cells[two[0].pk]: 300 * MILLION}, dt.date(2018, 5, 1)
    assert unanswered_warnings(within, on=on, user=None) == {}
    assert set(unanswered_warnings(within, on=early, user=None)) == {two[0]}, "by the norm of the letter's day"
    assert set(keep_reasons(within, on=early, reasons={}, actor=department_head)) == {two[0]}
    silent = keep_reasons(
        after, on=on, reasons={two[0].pk: "Vì CCCD 031095001234", two[1].pk: " "}, actor=department_head
    )
    assert set(silent) == {two[1]} and [one.code for one in silent[two[1]]] == ["norm_over"]
    kept = WarningReason.objects.get(actor=department_head)
    assert (kept.project, kept.code) == (two[0], "norm_over") and "349.000.000" in kept.text
    assert kept.reason.startswith("Vì CCCD ") and "031095001234" not in kept.reason
    assert kept.fingerprint == found(two[0], "norm_over", approved_vnd_by_cell=after, on=on)[0].fingerprint


def test_a_letter_asks_for_the_reason_on_the_row_that_gives(
    two: tuple[Project, Project], department_head: User
) -> None:
    """What it takes away or leaves as it stands needs none."""
    plan = two[0].lines.get().round.plan
    cells = sorted(requested_cells(plan))
    words: dict[str, Any] = {"plan": plan, "by": department_head, "level": "central", "on": dt.date(2019, 4, 1)}
    decide(**words, assigned={"KCQG": 900 * MILLION}, approved=dict.fromkeys(cells, 350 * MILLION), number="1/QĐ")
    less = {cells[0]: 349 * MILLION, cells[1]: 350 * MILLION}
    later = words | {"on": dt.date(2019, 5, 1)}
    assert code_of(lambda: decide(**later, approved=less, number="2/QĐ")) == "done"
    more = {cells[0]: 351 * MILLION, cells[1]: 350 * MILLION}
    assert code_of(lambda: decide(**later, approved=more, number="2/QĐ")) == "needs_reason"
    assert code_of(lambda: decide(**later, approved=more, number="2/QĐ", reason="Giá tăng")) == "done"


def test_a_deadline_needs_its_rule_its_level_and_its_state(centre_staff: User) -> None:
    """TT 36/2013 speaks of national money alone; a project that was not accepted has none to settle."""
    city = project_of(by=centre_staff, year=2019, amounts={"KCDP": MILLION}, name="Địa phương")
    both = project_of(by=centre_staff, year=2019, amounts={"KCDP": MILLION, "KCQG": MILLION}, name="Hai nguồn")
    for project in (city, both):
        StatusChange.objects.create(
            project=project, transition="accept", source_status="x", target_status="accepted", actor=centre_staff,
            effective_on=dt.date(2019, 11, 30),
        )  # fmt: skip
    on = dt.date(2019, 12, 1)

    def due(project: Project, status: str) -> list[str]:
        Project.objects.filter(pk=project.pk).update(status=status)
        one = Project.objects.get(pk=project.pk)
        return [warning.code for warning in warnings_of(one, user=None, on=on) if warning.code.endswith("_due")]

    assert due(both, "accepted") == ["settlement_due", "liquidation_due"] and due(both, "settled") == [
        "liquidation_due"
    ]
    assert due(city, "accepted") == due(city, "settled") == []
    assert due(both, "in_progress") == due(both, "stopped") == due(both, "liquidated") == []
    DeadlineRule.objects.all().delete()
    assert due(both, "accepted") == []


@pytest.mark.parametrize(
    ("year", "codes"),
    [
        (2006, []),
        (2013, []),
        (2014, ["settlement_due", "liquidation_due"]),
        (2025, ["settlement_due", "liquidation_due"]),
    ],
)
def test_a_year_before_the_circular_is_never_late_by_it(centre_staff: User, year: int, codes: list[str]) -> None:
    """Even when its papers are entered and looked at years later."""
    project = project_of(by=centre_staff, year=year)
    StatusChange.objects.create(
        project=project, transition="accept", source_status="x", target_status="accepted", actor=centre_staff,
        effective_on=dt.date(year, 12, 1),
    )  # fmt: skip
    Project.objects.filter(pk=project.pk).update(status="accepted")
    found = warnings_of(Project.objects.get(pk=project.pk), user=None, on=dt.date(2026, 1, 5))
    due = [one for one in found if one.code.endswith("_due")]
    assert [one.code for one in due] == codes
    assert [one.citation for one in due] == [f"TT 36/2013/TT-BCT, Điều 18 khoản {n}" for n in (1, 2)][: len(codes)]


@pytest.mark.parametrize(
    ("year", "day", "said"),
    [
        (2006, 25, ""),
        (2013, 25, ""),
        (2014, 25, "trước ngày 25 hằng tháng: TT 36/2013/TT-BCT, Điều 23 khoản 3 điểm a"),
    ],
)
def test_the_day_of_the_monthly_report_is_dated_law(centre_staff: User, year: int, day: int, said: str) -> None:
    project = project_of(by=centre_staff, year=year)
    text = monthly_note(project, list(DeadlineRule.objects.for_judging()), dt.date(2026, 1, day))
    assert (said in text) if said else text == ""
    city = project_of(by=centre_staff, year=2019, amounts={"KCDP": MILLION}, name="Địa phương")
    assert monthly_note(city, list(DeadlineRule.objects.for_judging()), dt.date(2019, 1, day)) == ""
