"""The papers with which a round goes up: their lists by content, the decrees they rest on, and what is signed first."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from khuyencong.accounts.models import User
from khuyencong.paper.official_paper import OfficialPaper, PaperList, Words
from khuyencong.paper.word_paper import word_file
from programmes.models import AnnualPlan, PlanRound, Regulation
from projects.models import PlanLine, Project
from projects.papers.round_facts import requested_sum, round_facts
from projects.papers.round_lists import LineColumn, line_list, name_column
from projects.papers.round_papers import (
    OPEN,
    PaperWords,
    draft_decision_paper,
    minutes_paper,
    submission_paper,
    summary_paper,
)
from projects.services.review import reconsider_line
from tests.factories import MILLION, decide, make_plan, make_project, requested_cells, review, submit_all
from tests.kept import kept
from tests.projects.reviewing import project
from tests.there import there

pytestmark = pytest.mark.django_db
MARCH = dt.date(2006, 3, 1)


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User, reviewer: User) -> AnnualPlan:
    """Three projects of two contents, entered in turn, all accepted."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for name, content, amount in (("Hội chợ", "134-2", 40), ("Thêu ren", "134-1", 60), ("Triển lãm", "134-2", 20)):
        make_project(plan=plan, by=centre_staff, name=name, contents={content: {"KCDP": amount * MILLION}})
    submit_all(plan=plan, by=centre_head, on=dt.date(2006, 2, 1))
    for name in ("Hội chợ", "Thêu ren", "Triển lãm"):
        review(plan_round=PlanRound.objects.get(), project=project(name), by=reviewer)
    return plan


def written(write: Any, by: User, words: PaperWords | None = None) -> OfficialPaper:
    paper: OfficialPaper = there(write(PlanRound.objects.get(), by, words or PaperWords()))
    return paper


def rows(paper: OfficialPaper) -> list[tuple[str, ...]]:
    """Number, name and first amount of each row of its list."""
    [found] = [part for part in (*paper.parts, *paper.annex) if isinstance(part, PaperList)]
    money = next(place for place, column in enumerate(found.columns) if column.align == "right")
    return [(row.cells[0], row.cells[1], row.cells[money]) for row in found.rows]


@pytest.mark.parametrize("write", [summary_paper, minutes_paper, submission_paper, draft_decision_paper])
def test_lines_stand_under_their_contents_as_in_the_review(write: Any, reviewer: User, plan: AnnualPlan) -> None:
    first, second = (str(project(name).components.get().activity_type) for name in ("Thêu ren", "Hội chợ"))
    assert rows(written(write, reviewer)) == [
        ("I", first, "60"),
        ("1", "Thêu ren", "60"),
        ("II", second, "60"),
        ("2", "Hội chợ", "40"),
        ("3", "Triển lãm", "20"),
        ("", "Cộng", "120"),
    ]


def test_lines_of_one_content_need_no_heading(reviewer: User, plan: AnnualPlan) -> None:
    project("Thêu ren").components.update(activity_type=project("Hội chợ").components.get().activity_type)
    assert [row[0] for row in rows(written(summary_paper, reviewer))] == ["1", "2", "3", ""]


def test_what_is_taken_up_again_is_not_concluded(reviewer: User, plan: AnnualPlan) -> None:
    again = project("Hội chợ")
    reconsider_line(plan_round=PlanRound.objects.get(), project=again, actor=reviewer, on=MARCH, reason="Xem lại")
    paper = written(summary_paper, reviewer)
    assert "Chưa thẩm định" in str(paper.parts[0]) and "chưa thẩm định: 1 đề án" in str(paper.parts)
    assert ("Cộng" in str(paper.parts[0])) and "80 triệu đồng" in str(paper.parts[-1])


def test_the_sums_of_the_contents_end_with_a_full_stop(reviewer: User, plan: AnnualPlan) -> None:
    said = [part.text for part in written(submission_paper, reviewer).parts if isinstance(part, Words)]
    listed = [text for text in said if text.startswith("- ")]
    assert [text[-1] for text in listed] == [";", "."] and "1 đề án, 60 triệu đồng;" in listed[0]


def grounds(paper: OfficialPaper) -> list[str]:
    return [part.text for part in paper.parts if isinstance(part, Words) and part.is_italic]


def test_a_decree_is_named_with_what_amends_it_by_the_day_of_the_paper(reviewer: User, plan: AnnualPlan) -> None:
    decree = project("Thêu ren").components.get().activity_type.regulation
    later = Regulation.objects.create(
        code="ND99",
        number="99/2006/NĐ-CP",
        title="Nghị định sửa đổi",
        issued_on=dt.date(2006, 4, 1),
        effective_from=dt.date(2006, 5, 1),
    )
    decree.replaced_or_amended_by = f"{later.number} (sửa đổi); 1/2007/NĐ-CP"
    decree.save()
    before, after = (
        grounds(written(write, reviewer, PaperWords(dated_on=day)))[0]
        for write, day in ((submission_paper, dt.date(2006, 4, 30)), (submission_paper, dt.date(2006, 5, 1)))
    )
    assert before.startswith(f"Căn cứ Nghị định số {decree.number}") and "sửa đổi" not in before
    assert after == before[:-1] + (
        ", được sửa đổi bởi Nghị định số 99/2006/NĐ-CP ngày 01 tháng 4 năm 2006 của Chính phủ;"
    )


def test_a_decision_rests_on_what_the_department_proposes_and_its_submission_on_what_the_centre_does(
    reviewer: User, plan: AnnualPlan
) -> None:
    words = PaperWords("12/TTr-SCT", MARCH)
    centre = plan.organisation.name
    assert grounds(written(submission_paper, reviewer, words))[-1] == f"Theo đề nghị của {centre},"
    last = grounds(written(draft_decision_paper, reviewer, words))[-1]
    assert last.startswith("Theo đề nghị của Sở") and last.endswith("số 12/TTr-SCT ngày 01 tháng 3 năm 2006.")
    assert centre not in last


def test_what_the_ministry_approves_is_not_drafted_as_the_provinces(
    client: Client, reviewer: User, plan: AnnualPlan
) -> None:
    PlanRound.objects.update(level="national")
    said = list(written(submission_paper, reviewer).lines())
    assert f"Kính gửi: {OPEN}" in said and not any("Ủy ban nhân dân thành phố" in line for line in said)
    assert draft_decision_paper(PlanRound.objects.get(), reviewer, PaperWords()) is None
    client.force_login(reviewer)
    page = client.get(reverse("projects:round_papers", args=[PlanRound.objects.get().pk])).content.decode()
    assert "quốc gia do Bộ phê duyệt" in page


def test_more_contents_than_the_decrees_name_are_numbered(reviewer: User, plan: AnnualPlan) -> None:
    [first, *_others] = round_facts(PlanRound.objects.get(), reviewer).groups
    columns = [name_column(36), LineColumn("Kinh phí", 9, total=requested_sum)]
    marks = [row.cells[0] for row in line_list([first] * 20, columns).rows if row.kind == "group"]
    assert marks[:4] == ["I", "II", "III", "IV"] and marks[8:10] == ["IX", "X"]
    assert marks[15:] == ["XVI", "XVII", "XVIII", "XIX", "XX"]


@pytest.mark.parametrize("write", [summary_paper, minutes_paper, submission_paper])
def test_what_a_letter_dropped_later_was_accepted_in_the_review(
    write: Any, reviewer: User, department_head: User, plan: AnnualPlan
) -> None:
    before = list(written(write, reviewer).lines())
    names = {key: PlanLine.objects.get(pk=key[0]).project.name for key in requested_cells(plan)}
    cells = {key: 20 * MILLION if name != "Triển lãm" else 0 for key, name in names.items()}
    decide(plan=plan, by=department_head, assigned={"KCDP": 120 * MILLION}, approved=cells)
    assert Project.objects.get(name="Triển lãm").status == "refused"
    assert list(written(write, reviewer).lines()) == before


def test_the_list_follows_the_signature_on_a_page_of_its_own(client: Client, reviewer: User, plan: AnnualPlan) -> None:
    for write, title in ((submission_paper, "Tờ trình số"), (draft_decision_paper, "Quyết định số")):
        paper = written(write, reviewer)
        said = list(paper.lines())
        assert said.index("GIÁM ĐỐC" if write is submission_paper else "CHỦ TỊCH") < said.index("DANH MỤC ĐỀ ÁN")
        assert any(text.startswith(f"(Kèm theo {title}") for text in said)
        assert OfficialPaper.from_plain(paper.to_plain()) == paper
        document = Document(io.BytesIO(word_file(paper)))
        assert len(document.sections) == 2 and document.tables[-1].cell(1, 1).text
    client.force_login(reviewer)
    page = client.get(reverse("projects:paper", args=[PlanRound.objects.get().pk, "submission"]))
    text = page.content.decode()
    assert text.index('class="signatures"') < text.index('class="annex"') < text.index("Triển lãm")
