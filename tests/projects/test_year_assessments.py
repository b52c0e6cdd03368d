"""A Centre writes of its year in its own words; each writing is kept, and the yearly report prints the latest."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from khuyencong.accounts.models import Organisation, User
from khuyencong.asof import AsOf
from programmes.models import AnnualPlan
from projects.models import YearAssessment
from projects.refusals import NotAllowed, PlanClosed, Refused
from projects.services.year_assessments import assess_year
from tests.factories import make_plan
from tests.people import Tree
from tests.reports.documents import read_yearly, yearly

pytestmark = pytest.mark.django_db

ROOM = "[Đánh giá của đơn vị về tình hình năm 2006, biện pháp đã làm]"
AIMS = "[Mục tiêu, nhiệm vụ trọng tâm và giải pháp năm 2007 của đơn vị]"


@pytest.fixture
def plan(tree: Tree) -> AnnualPlan:
    return make_plan(organisation=tree.centre)


def write(plan: AnnualPlan, by: User, assessment: str = "Đạt kế hoạch.", **words: str | int | None) -> YearAssessment:
    standing = YearAssessment.objects.standing([plan]).get(plan.pk)
    seen = words.pop("seen", standing.pk if standing else None)
    texts = {"directions": str(words.get("directions", "")), "source": str(words.get("source", ""))}
    assert seen is None or isinstance(seen, int)
    return assess_year(plan=plan, assessment=assessment, **texts, seen=seen, actor=by)


def test_staff_write_it_on_the_page_of_the_plan_and_the_report_prints_it(
    plan: AnnualPlan, centre_staff: User, client: Client
) -> None:
    assert ROOM in read_yearly(yearly(centre_staff)).texts
    client.force_login(centre_staff)
    assert "Ghi đánh giá, phương hướng" in client.get(plan.get_absolute_url()).content.decode()
    typed = {
        "assessment": "Đạt kế hoạch.\n\nCả sáu đề án xong.",
        "directions": "- Đào tạo nghề.",
        "source": "Báo cáo 12",
    }
    sent = client.post(f"/plans/{plan.pk}/assessment/", typed)
    assert sent.status_code == 302 and sent["Location"].endswith(f"/plans/{plan.pk}/#assessment")
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "Cả sáu đề án xong." in page and "Lấy từ: Báo cáo 12." in page and "Sửa đánh giá, phương hướng" in page
    report = read_yearly(yearly(centre_staff))
    place = report.texts.index("Đạt kế hoạch.")
    assert report.texts[place - 1] == "5. Đánh giá chung" and report.texts[place + 1] == "Cả sáu đề án xong."
    assert "- Đào tạo nghề." in report.texts and ROOM not in report.texts and AIMS not in report.texts
    assert "Báo cáo 12" not in report.text, "the office signs what it took over"
    make_plan(organisation=plan.organisation, year=2007)
    last = read_yearly(yearly(centre_staff, 2007))
    assert "Đạt kế hoạch." in last.texts and "- Đào tạo nghề." not in last.texts, "what was aimed at is last year's"


def test_each_writing_is_kept_and_the_latest_stands(
    plan: AnnualPlan, centre_staff: User, centre_head: User, client: Client
) -> None:
    write(plan, centre_staff, "Bản một.", directions="Hướng.")
    write(plan, centre_head, "Bản hai.", directions="Hướng.")
    write(plan, centre_head, "", directions="Hướng.")
    texts = read_yearly(yearly(centre_staff)).texts
    assert ROOM in texts and "Hướng." in texts, "an empty text takes back what was written"
    client.force_login(centre_staff)
    page = client.get(f"/plans/{plan.pk}/assessment/").content.decode()
    assert "Bản một." in page and "Bản hai." in page and "Các lần đã ghi" in page


def test_what_somebody_else_wrote_meanwhile_is_shown_and_not_lost(
    plan: AnnualPlan, centre_staff: User, centre_head: User, client: Client
) -> None:
    client.force_login(centre_staff)
    write(plan, centre_head, "Của lãnh đạo.")
    typed = {"assessment": "Của cán bộ.", "directions": "", "source": "", "seen": ""}
    sent = client.post(f"/plans/{plan.pk}/assessment/", typed)
    page = sent.content.decode()
    assert sent.status_code == 422 and "người khác đã ghi nội dung khác" in page
    assert "Của lãnh đạo." in page and "Của cán bộ." in page
    seen = YearAssessment.objects.get().pk
    assert f'name="seen" value="{seen}"' in page, "saved once more, it was decided beside what stands"
    assert client.post(f"/plans/{plan.pk}/assessment/", typed | {"seen": seen}).status_code == 302
    with pytest.raises(Refused, match="người khác"):
        write(plan, centre_staff, "Nữa.", seen=seen)


def test_what_never_stood_can_not_have_been_seen(plan: AnnualPlan, centre_staff: User, client: Client) -> None:
    client.force_login(centre_staff)
    sent = client.post(f"/plans/{plan.pk}/assessment/", {"assessment": "Đạt.", "seen": "99"})
    assert sent.status_code == 422 and not YearAssessment.objects.exists()


def test_same_text_is_not_written_twice(plan: AnnualPlan, centre_staff: User) -> None:
    with pytest.raises(Refused, match="không có gì thay đổi"):
        write(plan, centre_staff, "  ")
    write(plan, centre_staff)
    with pytest.raises(Refused, match="không có gì thay đổi"):
        write(plan, centre_staff, " Đạt kế hoạch. ")
    with pytest.raises(Refused, match="300"):
        write(plan, centre_staff, source="x" * 301)
    assert YearAssessment.objects.count() == 1


def test_only_the_centre_writes_it_while_the_books_are_open(
    plan: AnnualPlan, people: dict[str, User], client: Client
) -> None:
    for role in ("accountant", "reviewer", "department_head"):
        with pytest.raises(NotAllowed):
            write(plan, people[role])
        client.force_login(people[role])
        assert "Ghi đánh giá, phương hướng" not in client.get(plan.get_absolute_url()).content.decode()
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed):
        write(plan, people["centre_head"])


def test_year_that_has_not_begun_is_not_looked_back_on(tree: Tree, centre_staff: User, client: Client) -> None:
    ahead = make_plan(organisation=tree.centre, year=timezone.localdate().year + 1)
    with pytest.raises(Refused, match="Chưa đến năm"):
        write(ahead, centre_staff)
    client.force_login(centre_staff)
    assert client.get(f"/plans/{ahead.pk}/assessment/").status_code == 403


def test_it_counts_from_the_end_of_a_year_that_is_over(plan: AnnualPlan, centre_staff: User) -> None:
    written = write(plan, centre_staff)
    assert written.effective_on == dt.date(2006, 12, 31)
    before, after = (yearly(centre_staff, as_of=AsOf(dt.date(2006, 12, day))) for day in (30, 31))
    assert (before.this_words, [one.text for one in after.this_words]) == ([], ["Đạt kế hoạch."])
    assert yearly(centre_staff, as_of=AsOf(recorded_on=dt.date(2007, 1, 1))).this_words == []


def test_report_of_several_centres_says_whose_words_they_are(
    plan: AnnualPlan, tree: Tree, centre_staff: User, department_head: User
) -> None:
    second = Organisation.objects.create(code="hai", kind="centre", name="Trung tâm thứ hai", parent=tree.department)
    make_plan(organisation=second)
    write(plan, centre_staff)
    texts = read_yearly(yearly(department_head)).texts
    assert texts[texts.index("Đạt kế hoạch.") - 1] == f"{tree.centre}:"


def test_back_and_saved_again_is_nobody_else_s_writing(plan: AnnualPlan, centre_staff: User, client: Client) -> None:
    """The page that the browser kept still says that nothing was written."""
    client.force_login(centre_staff)
    typed = {"assessment": "Đạt.", "directions": "", "source": "", "seen": ""}
    assert client.post(f"/plans/{plan.pk}/assessment/", typed).status_code == 302
    page = client.post(f"/plans/{plan.pk}/assessment/", typed).content.decode()
    assert page.count("không có gì thay đổi") == 1 and "người khác" not in page
