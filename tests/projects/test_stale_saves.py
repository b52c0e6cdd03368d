"""Two people edit one project at once: nothing that either typed is lost, and neither writes over the other unasked."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from django.test import Client

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, FundingSource
from projects.forms import conflicts
from projects.models import FieldChange, Project
from projects.services.projects import update_project
from tests.factories import MILLION, make_plan, make_project, submit_all
from tests.projects.side_by_side import address, amounts, both_opened, save, shared_project
from tests.sent import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(centre_staff: User) -> Project:
    return shared_project(centre_staff)


def test_disjoint_changes_are_merged_and_it_is_said_whose(mine: Client, theirs: Client, project: Project) -> None:
    me, they = both_opened(mine, theirs, project)
    assert save(theirs, project, they, name="Tên của lãnh đạo", aims="Mục tiêu mới").status_code == 302
    answer = mine.post(address(project), me | {"notes": "Ghi chú của tôi", "start_on": "1/6/2006"}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200 and "gộp với thay đổi của Trần Văn Bình: tên đề án, 3. Mục tiêu." in page
    project.refresh_from_db()
    assert (project.name, project.aims, project.notes) == ("Tên của lãnh đạo", "Mục tiêu mới", "Ghi chú của tôi")
    assert f"{project.start_on}" == "2006-06-01" and project.version == 3
    last = FieldChange.objects.of_project(project).order_by("pk").values_list("field", "actor__username")
    assert list(last)[-2:] == [("start_on", "centre_staff"), ("notes", "centre_staff")], "only mine is written as mine"


def test_same_change_by_both_and_other_spellings_of_one_value_are_no_conflict(
    mine: Client, theirs: Client, project: Project
) -> None:
    me, they = both_opened(mine, theirs, project)
    name = "Đề án của cả hai"
    assert save(theirs, project, they, name=name, **{"content-0-amount_KCDP": "65.000.000 đ"}).status_code == 302
    decomposed = unicodedata.normalize("NFD", f"  {name} ")
    answer = save(mine, project, me, name=decomposed, places="tien lang", **{"content-0-amount_KCDP": "65 tr"})
    assert answer.status_code == 302, answer.content.decode()
    project.refresh_from_db()
    assert (project.name, amounts(project)) == (name, {"KCDP": 65 * MILLION})


def test_conflict_shows_original_theirs_and_yours_and_the_choice_is_stored(
    mine: Client, theirs: Client, project: Project
) -> None:
    me, they = both_opened(mine, theirs, project)
    save(theirs, project, they, name="Tên của lãnh đạo", necessity="Của lãnh đạo", aims="Mục tiêu của lãnh đạo")
    changes = {"name": "Tên của tôi", "necessity": "Của tôi", "effects": "Hiệu quả tôi vừa gõ"}
    answer = save(mine, project, me, **changes)
    page = answer.content.decode()
    assert answer.status_code == 409
    for text in ("Đào tạo nghề thêu ren", "Tên của lãnh đạo", "Tên của tôi", "Trần Văn Bình", "Hiệu quả tôi vừa gõ"):
        assert text in page, text
    project.refresh_from_db()
    assert (project.name, project.effects, project.version) == ("Tên của lãnh đạo", "", 2), "nothing is written"
    shown = fields_of(answer)
    assert shown["aims"] == "Mục tiêu của lãnh đạo", "what only they changed is in the form already"
    assert (shown["choice-0"], shown["choice-1"], "choice-2" in shown) == ("mine", "mine", False)
    assert save(mine, project, shown, **{"choice-0": "theirs"}).status_code == 302
    project.refresh_from_db()
    assert (project.name, project.necessity) == ("Tên của lãnh đạo", "Của tôi")
    assert (project.aims, project.effects) == ("Mục tiêu của lãnh đạo", "Hiệu quả tôi vừa gõ")


def test_nothing_is_written_while_a_conflict_is_undecided(mine: Client, theirs: Client, project: Project) -> None:
    me, they = both_opened(mine, theirs, project)
    save(theirs, project, they, name="Tên của lãnh đạo")
    undecided = fields_of(save(mine, project, me, name="Tên của tôi"))
    del undecided["choice-0"]
    answer = save(mine, project, undecided, notes="Thêm")
    assert answer.status_code == 409 and fields_of(answer)["notes"] == "Thêm"
    assert "Đào tạo nghề thêu ren" in answer.content.decode(), "the original is still shown"
    project.refresh_from_db()
    assert (project.name, project.notes) == ("Tên của lãnh đạo", "")


def test_third_save_between_the_conflict_and_the_choice_is_merged_too(
    mine: Client, theirs: Client, project: Project
) -> None:
    me, they = both_opened(mine, theirs, project)
    save(theirs, project, they, name="Tên của lãnh đạo")
    choice = fields_of(save(mine, project, me, name="Tên của tôi"))
    save(theirs, project, fields_of(theirs.get(address(project))), name="Tên sửa lần nữa", aims="Mục tiêu")
    again = save(mine, project, choice)
    assert again.status_code == 409 and "Tên sửa lần nữa" in again.content.decode()
    assert save(mine, project, fields_of(again), **{"choice-0": "theirs"}).status_code == 302
    project.refresh_from_db()
    assert (project.name, project.aims) == ("Tên sửa lần nữa", "Mục tiêu")


def test_merged_form_that_is_wrong_is_refused_with_everything_typed(
    mine: Client, theirs: Client, project: Project
) -> None:
    me, they = both_opened(mine, theirs, project)
    save(theirs, project, they, end_on="31/05/2006")
    answer = save(mine, project, me, start_on="01/06/2006", **{"content-0-amount_KCDP": "sáu mươi"})
    shown = fields_of(answer)
    assert answer.status_code == 422 and "Ngày kết thúc phải từ ngày bắt đầu" in answer.content.decode()
    assert (shown["end_on"], shown["start_on"]) == ("31/05/2006", "01/06/2006")
    assert shown["content-0-amount_KCDP"] == "sáu mươi"
    right = {"end_on": "30/06/2006", "content-0-amount_KCDP": "66 tr"}
    assert save(mine, project, shown, **right).status_code == 302, "from here on it is an ordinary change"


@pytest.mark.parametrize(
    "broken", [{"version": ""}, {"version": "một"}, {"base": ""}, {"base": "x"}, {"version": "7"}, {"base": "tampered"}]
)
def test_form_that_does_not_say_what_it_was_opened_with_is_refused(
    mine: Client, project: Project, broken: dict[str, str]
) -> None:
    fields = fields_of(mine.get(address(project)))
    if broken.get("base") == "tampered":
        broken = {"base": fields["base"][:-1] + ("A" if fields["base"][-1] != "A" else "B")}
    answer = save(mine, project, fields, **broken, notes="Gõ rất lâu")
    page = answer.content.decode()
    assert (
        answer.status_code == 422
        and "Trang chưa tải đầy đủ, nên chưa lưu được. Những gì bạn nhập" in page
        and "Gõ rất lâu" in page
    )
    project.refresh_from_db()
    assert (project.notes, project.version) == ("", 1)


def test_base_of_another_project_or_year_is_refused(mine: Client, centre_staff: User, project: Project) -> None:
    plan = AnnualPlan.objects.get()
    other = make_project(plan=plan, by=centre_staff, name="Đề án khác")
    foreign = fields_of(mine.get(address(other)))["base"]
    fields = fields_of(mine.get(address(project)))
    assert save(mine, project, fields, base=foreign).status_code == 422
    following = make_plan(organisation=plan.organisation, year=2007)
    next_year = fields_of(mine.get(f"{address(project)}?plan={following.pk}"))["base"]
    assert save(mine, project, fields, base=next_year).status_code == 422


def test_names_of_500_letters_on_both_sides(mine: Client, theirs: Client, project: Project) -> None:
    me, they = both_opened(mine, theirs, project)
    assert save(theirs, project, they, name="Ộ" * 500).status_code == 302
    answer = save(mine, project, me, name=unicodedata.normalize("NFD", "Ệ" * 500))
    assert answer.status_code == 409
    assert save(mine, project, fields_of(answer)).status_code == 302
    project.refresh_from_db()
    assert project.name == "Ệ" * 500


def test_project_sent_meanwhile_is_refused_and_the_typing_is_shown(
    mine: Client, centre_head: User, project: Project
) -> None:
    fields = fields_of(mine.get(address(project)))
    submit_all(plan=AnnualPlan.objects.get(), by=centre_head)
    answer = save(mine, project, fields, necessity="Đoạn văn rất dài")
    page = answer.content.decode()
    assert answer.status_code == 403 and "Đoạn văn rất dài" in page and "Đề án đã gửi hoặc đã duyệt" in page


def test_year_closed_meanwhile_is_refused_although_another_year_of_the_project_is_open(
    mine: Client, project: Project
) -> None:
    plan = AnnualPlan.objects.get()
    this_year, next_year = (
        f"{address(project)}?plan={one.pk}" for one in (plan, make_plan(organisation=plan.organisation, year=2007))
    )
    amount = {"content-0-amount_KCDP": "5 tr"}
    assert mine.post(next_year, fields_of(mine.get(next_year)) | amount).status_code == 302
    fields = fields_of(mine.get(this_year))
    AnnualPlan.objects.filter(pk=plan.pk).update(is_closed=True)
    answer = mine.post(this_year, fields | {"necessity": "Đoạn văn rất dài"})
    page = answer.content.decode()
    assert answer.status_code == 403 and "Đoạn văn rất dài" in page and "Kế hoạch năm 2006 đã khóa sổ." in page


def test_refusal_of_a_field_stands_beside_it(
    mine: Client, centre_head: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The officer leaves the office between the look at the form and the save."""

    def leave_then_update(**words: Any) -> Project:
        centre_head.memberships.all().delete()
        return update_project(**words)

    monkeypatch.setattr("projects.views.projects.update_project", leave_then_update)
    fields = fields_of(mine.get(address(project)))
    answer = save(mine, project, fields, officer=str(centre_head.pk), necessity="Đoạn văn rất dài")
    errors = answer.context["form"].errors
    assert answer.status_code == 422 and "Đoạn văn rất dài" in answer.content.decode()
    assert set(errors) == {"officer"} and "Trần Văn Bình không làm việc ở đơn vị" in str(errors), errors


def test_save_in_the_very_moment_of_ours_is_merged(
    mine: Client, theirs: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's save falls between our reading and our writing; then ours starts again from theirs."""
    me, they = both_opened(mine, theirs, project)
    read, late = conflicts.read_opened, [lambda: save(theirs, project, they, name="Tên của lãnh đạo")]

    def read_then_be_overtaken(*args: Any) -> Any:
        opened = read(*args)
        if late:
            assert late.pop()().status_code == 302
        return opened

    monkeypatch.setattr("projects.forms.sent.read_opened", read_then_be_overtaken)
    assert save(mine, project, me, notes="Của tôi").status_code == 302
    project.refresh_from_db()
    assert (project.name, project.notes, project.version) == ("Tên của lãnh đạo", "Của tôi", 3)


def test_who_is_overtaken_at_every_attempt_is_told_and_keeps_what_was_typed(
    mine: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = []

    def be_overtaken(**words: Any) -> Project:
        attempts.append(words["version"])
        Project.objects.filter(pk=project.pk).update(version=words["version"] + 1)
        return update_project(**words)

    monkeypatch.setattr("projects.views.projects.update_project", be_overtaken)
    answer = save(mine, project, fields_of(mine.get(address(project))), necessity="Đoạn văn rất dài")
    page = answer.content.decode()
    assert answer.status_code == 409 and "Nhiều người đang lưu đề án này" in page and "Đoạn văn rất dài" in page
    assert attempts == [1, 2, 3, 4, 5]
    monkeypatch.undo()
    assert save(mine, project, fields_of(answer)).status_code == 302


def test_source_added_meanwhile_is_no_conflict(mine: Client, theirs: Client, project: Project) -> None:
    me, they = both_opened(mine, theirs, project)
    FundingSource.objects.create(code="VIENTRO", name="Viện trợ", short_name="Viện trợ", level="other", position=9)
    save(theirs, project, they, notes="Ghi chú")
    assert save(mine, project, me, aims="Mục tiêu").status_code == 302


def test_emptied_code_stays_as_it_was(mine: Client, project: Project) -> None:
    fields = fields_of(mine.get(address(project)))
    assert save(mine, project, fields, code="").status_code == 302
    assert Project.objects.get().code == "KC2006-001"
