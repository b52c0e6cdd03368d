"""A content judged by the norm in force: within, over, no norm known, figure unconfirmed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from khuyencong.accounts.models import Organisation, User
from programmes.models import Regulation, SupportNorm
from projects.models import Project
from projects.rules.norms import Assessment, NormAnswer
from projects.rules.warnings import findings_of, warnings_of
from tests.factories import MILLION, decide, district, forward_all, requested_cells, submit_all
from tests.law import project_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]


def judged(project: Project, **on: Any) -> Assessment:
    [one] = findings_of(project, user=None, **on).assessments
    return one


def codes(project: Project, **on: Any) -> set[str]:
    return {warning.code for warning in warnings_of(project, user=None, **on)}


@pytest.mark.parametrize(
    ("year", "amount", "answer", "words"),
    [
        (2015, 250, NormAnswer.OVER, ("tối đa 200.000.000 đồng", "TTLT 26/2014/TTLT-BTC-BCT, Điều 6 khoản 2")),
        (2019, 250, NormAnswer.WITHIN, ("tối đa 300.000.000 đồng", "TT 28/2018/TT-BTC, Điều 8 khoản 4")),
        (2019, 350, NormAnswer.OVER, ("đề nghị 350.000.000 đồng", "50% của chi phí hợp lệ 700.000.000 đồng")),
    ],
)
def test_norms_of_2014_and_2018_judge_the_same_project_differently(
    centre_staff: User, year: int, amount: int, answer: NormAnswer, words: tuple[str, ...]
) -> None:
    amounts = {"KCQG": amount * MILLION, "DOIUNG": 350 * MILLION}
    project = project_of(by=centre_staff, year=year, norm="machinery", amounts=amounts, eligible=700 * MILLION, units=1)
    one = judged(project)
    assert one.answer == answer
    for text in words:
        assert text in one.text
    assert ("norm_over" in codes(project)) == (answer == NormAnswer.OVER)


def test_text_quotes_regulation_clause_and_figures(centre_staff: User) -> None:
    project = project_of(by=centre_staff, year=2019, norm="machinery", eligible=700 * MILLION, units=1)
    assert judged(project).text == (
        "Vượt mức hỗ trợ: đề nghị 350.000.000 đồng, tối đa 300.000.000 đồng "
        "(50% của chi phí hợp lệ 700.000.000 đồng; 300.000.000 đồng/cơ sở × 1) — TT 28/2018/TT-BTC, Điều 8 khoản 4"
    )


def test_project_of_2006_says_that_no_norm_is_known_and_never_within(centre_staff: User) -> None:
    amounts = {"KCDP": 60 * MILLION, "KCQG": 30 * MILLION}
    project = project_of(by=centre_staff, year=2006, content="134-1", amounts=amounts, places=[district()])
    found = findings_of(project, user=None)
    assert [one.answer for one in found.assessments] == [NormAnswer.NO_NORM] * 2 and not found.within
    assert "Chưa có mức hỗ trợ nào" in found.assessments[0].text and "31/12/2006" in found.assessments[0].text
    assert codes(project) == {"norm_missing"} and not found.unanswered


def test_content_with_norms_of_which_none_was_chosen_says_so(centre_staff: User) -> None:
    one = judged(project_of(by=centre_staff, year=2019))
    assert one.answer == NormAnswer.NO_NORM and "Chưa chọn mức hỗ trợ áp dụng" in one.text
    assert one.label == "Chưa chọn mức"


@pytest.mark.parametrize(
    ("amount", "eligible", "units", "answer", "missing"),
    [
        (300, 600, 1, NormAnswer.WITHIN, ""),
        (300, 600, None, NormAnswer.WITHIN, ""),  # one at least
        (350, 700, None, NormAnswer.UNCONFIRMED, "số lượng (cơ sở)"),
        (350, 700, 2, NormAnswer.WITHIN, ""),
        (350, None, 1, NormAnswer.OVER, ""),
        (300, None, 1, NormAnswer.UNCONFIRMED, "chi phí hợp lệ"),
        (351, 700, None, NormAnswer.OVER, ""),  # over half of the cost, whatever the number
        (700, None, None, NormAnswer.UNCONFIRMED, "chi phí hợp lệ, số lượng (cơ sở)"),
    ],
)
def test_what_is_not_known_is_asked_for_only_where_it_matters(
    centre_staff: User, amount: int, eligible: int | None, units: int | None, answer: NormAnswer, missing: str
) -> None:
    project = project_of(
        by=centre_staff,
        year=2019,
        norm="machinery",
        amounts={"KCQG": amount * MILLION, "DOIUNG": MILLION},
        eligible=eligible and eligible * MILLION,
        units=units,
    )
    one = judged(project)
    assert one.answer == answer
    assert (f"Chưa ghi: {missing}" in one.text) if missing else ("Chưa ghi" not in one.text)


@pytest.mark.parametrize(("amount", "code"), [(20, "norm_unconfirmed"), (60, "norm_unconfirmed_over")])
def test_figure_that_was_not_read_is_never_within(centre_staff: User, amount: int, code: str) -> None:
    amounts = {"KCQG": amount * MILLION, "DOIUNG": MILLION}
    project = project_of(
        by=centre_staff, year=2019, content="45-5", norm="consulting", amounts=amounts, eligible=100 * MILLION, units=1
    )
    assert judged(project).answer == NormAnswer.UNCONFIRMED and codes(project) == {code}
    assert [warning.needs_reason for warning in warnings_of(project, user=None)] == [amount == 60]


def city_norm(code: str, province: Organisation | None, ceiling: int, **more: Any) -> SupportNorm:
    return SupportNorm.objects.create(
        code=code,
        regulation=Regulation.objects.get(code="QD21-2019-HP"),
        clause="Phụ lục",
        funding_level="city",
        province=province,
        activity_type_id=SupportNorm.objects.filter(code="machinery").values_list("activity_type", flat=True)[0],
        item="Máy móc tiên tiến",
        unit="cơ sở",
        max_amount_vnd=ceiling * MILLION,
        is_confirmed=True,
        **{"effective_from": dt.date(2019, 1, 1), **more},
    )


def test_money_of_the_city_is_judged_by_its_own_norm_and_the_nation_s_by_the_nation_s(centre_staff: User) -> None:
    amounts = {"KCQG": 250 * MILLION, "KCDP": 150 * MILLION, "DOIUNG": MILLION}
    project = project_of(by=centre_staff, year=2020, norm="machinery", amounts=amounts, eligible=800 * MILLION, units=1)
    national, city = findings_of(project, user=None).assessments
    assert (national.answer, city.answer) == (NormAnswer.WITHIN, NormAnswer.NO_NORM)
    city_norm("machinery", None, 200)
    assert findings_of(project, user=None).assessments[1].answer == NormAnswer.WITHIN
    city_norm("machinery", centre_staff.memberships.get().scope.province(), 100)
    other = Organisation.objects.create(code="quang-ninh", kind="province", name="Tỉnh Quảng Ninh")
    city_norm("machinery", other, 10)
    own = findings_of(project, user=None).assessments[1]
    assert (own.answer, own.limit_vnd) == (NormAnswer.OVER, 100 * MILLION) and "QĐ 21/2019/QĐ-UBND" in own.text


def test_approved_amount_takes_the_place_of_the_one_asked_for(
    centre_staff: User, centre_head: User, department_head: User
) -> None:
    project = project_of(by=centre_staff, year=2019, norm="machinery", eligible=700 * MILLION, units=1)
    plan = project.lines.get().round.plan
    project.warning_reasons.create(
        code="norm_over",
        fingerprint=findings_of(project, user=None).warnings[0].fingerprint,
        text="x",
        reason="Dây chuyền nhập khẩu",
        actor=centre_staff,
    )
    submit_all(plan=plan, by=centre_head)
    forward_all(plan=plan)
    cells = dict.fromkeys(requested_cells(plan), 290 * MILLION)
    assert not {"norm_over"} & {warning.code for warning in warnings_of(project, user=None, approved_vnd_by_cell=cells)}
    decide(
        plan=plan,
        by=department_head,
        assigned={"KCQG": 300 * MILLION},
        approved=cells,
        on=dt.date(2019, 4, 1),
        level="central",
    )
    project = Project.objects.get(pk=project.pk)
    assert judged(project).text.startswith("Trong mức hỗ trợ: được duyệt 290.000.000 đồng")
    assert judged(project, on=dt.date(2019, 3, 1)).answer == NormAnswer.OVER
