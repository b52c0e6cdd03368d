"""The norms as they were read: each point of the circulars, each content on each day, and real plans of others."""

from __future__ import annotations

import datetime as dt

import pytest

from khuyencong.accounts.models import User
from programmes.models import SupportNorm
from projects.models import Project
from projects.rules.norms import NormAnswer
from projects.rules.warnings import findings_of
from tests.factories import MILLION
from tests.law import norm_named, project_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

FIRST, LAST, NEXT = dt.date(2014, 4, 8), dt.date(2018, 5, 10), dt.date(2018, 5, 11)
POINTS = [  # code, điểm of TTLT 26/2014 Điều 6 khoản 2, percent, million đồng
    ("startup", "a", None, 10),
    ("demo_model_new", "b", 30, 500),
    ("demo_model_running", "b", None, 100),
    ("machinery", "c", 50, 200),
    ("fair_domestic", "d", 100, None),
    ("fair_domestic_booth", "d", 80, None),
    ("fair_abroad", "đ", 100, None),
    ("study_abroad_tickets", "e", 100, None),
    ("product_selection_regional", "g", None, 100),
    ("product_selection_national", "g", None, 200),
    ("product_prize_regional", "g", None, 5),
    ("product_prize_national", "g", None, 10),
    ("trademark", "h", 50, 35),
    ("consulting", "i", 50, 35),
    ("publicity", "k", None, None),
    ("association_regional", "l", 30, 70),
    ("association_national", "l", 30, 100),
    ("cluster_link", "m", 50, 150),
    ("relocation_interest", "n", 50, 500),
    ("pollution_establishment", "o", 30, 300),
    ("pollution_cluster", "p", 30, 1500),
    ("cluster_planning", "q", 50, 500),
    ("cluster_infrastructure", "r", None, 3000),
    ("management_office", "s", None, None),
    ("management_unit", "s", None, None),
]


@pytest.mark.parametrize(("code", "point", "percent", "millions"), POINTS)
@pytest.mark.parametrize("on", [FIRST, LAST])
def test_each_point_of_the_circular_of_2014(
    on: dt.date, code: str, point: str, percent: int | None, millions: int | None
) -> None:
    norm = norm_named(code, on)
    assert norm.citation == f"TTLT 26/2014/TTLT-BTC-BCT, Điều 6 khoản 2 điểm {point}" and norm.is_confirmed
    assert (norm.max_percent, norm.max_amount_vnd) == (percent, millions and millions * MILLION)
    assert norm.figures and ("1,5 lần" in norm.note) == (norm.has_figures), "priority is a note of each ceiling"


def test_the_conditions_and_words_of_the_circular() -> None:
    assert "khó khăn và đặc biệt khó khăn" in norm_named("startup", FIRST).note
    assert "2,5% dự toán đề án" in norm_named("management_unit", FIRST).figures
    assert not SupportNorm.objects.filter(item__contains="nhãn hiệu").exists()
    assert norm_named("trademark", FIRST).unit == "thương hiệu"
    line = norm_named("production_line", NEXT)
    assert not line.is_confirmed and "suy ra" in line.note


# (content) → the answer with no norm chosen on days of each time: there is none, one may be chosen, or no ceiling.
CHOOSE, OPEN, NONE = "Chưa chọn mức hỗ trợ", "Không có mức trần, theo chế độ hiện hành", "Chưa có mức hỗ trợ nào"
CONTENTS = {
    **{f"45-{number}": (NONE, CHOOSE, CHOOSE) for number in (2, 3, 4, 5, 7)},
    **{f"45-{number}": (NONE, OPEN, OPEN) for number in (1, 6, 8, 9)},
    **{f"134-{number}": (NONE, NONE, NONE) for number in range(1, 8)},
}
TIMES = [
    (0, dt.date(2012, 7, 5)),
    (0, dt.date(2014, 4, 7)),
    (1, FIRST),
    (1, LAST),
    (2, NEXT),
    (2, dt.date(2026, 11, 30)),
]


@pytest.mark.parametrize("content", CONTENTS)
def test_each_content_on_each_day(centre_staff: User, content: str) -> None:
    year = 2019 if content.startswith("45") else 2006
    project = project_of(by=centre_staff, year=year, content=content, amounts={"KCQG": 90 * MILLION})
    for time, on in [(0, dt.date(2006, 6, 16)), *TIMES]:
        found = findings_of(project, user=None, on=on)
        [one] = found.assessments
        assert one.text.startswith(CONTENTS[content][time]), (on, one.text)
        warned = any(each.code.startswith("norm") for each in found.warnings)
        assert warned == (CONTENTS[content][time] != OPEN), "what has no ceiling is no warning"
        assert one.answer == (NormAnswer.NO_CEILING if not warned else NormAnswer.NO_NORM)


def test_what_was_not_read_says_so_without_a_warning(centre_staff: User) -> None:
    project = project_of(by=centre_staff, year=2019, content="45-1", amounts={"KCQG": 90 * MILLION})
    texts = [findings_of(project, user=None, on=on).within[0].text for on in (LAST, NEXT)]
    rules = "TTLT 112/2010/TTLT-BTC-BLĐTBXH, TTLT 128/2012/TTLT-BTC-BLĐTBXH"
    assert texts[0].endswith(f"{rules} — TTLT 26/2014/TTLT-BTC-BCT, Điều 6 khoản 1 điểm b")
    assert texts[1].endswith("(chưa xác nhận)")


def test_a_share_of_another_figure_is_never_taken_for_within(centre_staff: User) -> None:
    project = project_of(by=centre_staff, year=2015, content="45-9", norm="management_unit")
    [one] = findings_of(project, user=None, on=FIRST).assessments
    assert one.answer == NormAnswer.UNCONFIRMED and "tối đa 2,5% dự toán đề án" in one.text and not one.is_over


def answer_of(user: User, on: dt.date, millions: int, units: int) -> NormAnswer:
    project: Project = project_of(
        by=user,
        year=on.year,
        norm="machinery",
        amounts={"KCQG": millions * MILLION, "DOIUNG": 3_000 * MILLION},
        eligible=3_000 * MILLION,
        units=units,
    )
    [one] = findings_of(project, user=None, on=on).assessments
    return one.answer


@pytest.mark.parametrize(
    ("on", "millions", "units", "answer"),
    [
        # Bắc Giang 2018: approved on 22/12/2017, 400 for two: 200 each, the norm of that day.
        (dt.date(2017, 12, 22), 400, 2, NormAnswer.WITHIN),
        (dt.date(2017, 12, 22), 401, 2, NormAnswer.OVER),
        (dt.date(2017, 12, 22), 600, 2, NormAnswer.OVER),
        (dt.date(2018, 5, 11), 600, 2, NormAnswer.WITHIN),
        # Bắc Giang 2020: approved on 27/12/2019, 900 for three and 600 for two: exactly the ceiling.
        (dt.date(2019, 12, 27), 900, 3, NormAnswer.WITHIN),
        (dt.date(2019, 12, 27), 901, 3, NormAnswer.OVER),
        (dt.date(2019, 12, 27), 600, 2, NormAnswer.WITHIN),
        (dt.date(2019, 12, 27), 601, 2, NormAnswer.OVER),
    ],
)
def test_plans_of_bac_giang_by_the_norm_of_their_day(
    centre_staff: User, on: dt.date, millions: int, units: int, answer: NormAnswer
) -> None:
    assert answer_of(centre_staff, on, millions, units) == answer
