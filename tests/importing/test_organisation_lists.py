"""From a list of a province's organisations to the tree that its administrator keeps: new, changed by field, equal,
asked, wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import Organisation, Role, User
from projects.importing.lists.organisations import write_organisations
from projects.importing.models import ImportBatch, ImportedRow
from projects.importing.proposals import Proposal, RowState
from projects.importing.services.batches import (
    answer_batch,
    bring_file,
    bring_pasted,
    take_back_batch,
    write_batch,
)
from projects.refusals import NotAllowed, Refused
from tests.factories import make_plan
from tests.importing.lists import answered, proposed, workbook
from tests.kept import stored_rows
from tests.people import Tree, make_person, make_tree

pytestmark = pytest.mark.django_db

HEADER = ("STT", "Tên đơn vị", "Loại đơn vị", "Đơn vị cấp trên", "Mã", "Ký hiệu", "Hoạt động từ")
DEPARTMENT = (1, "Sở Nông nghiệp và Môi trường Hải Phòng", "Sở", "Thành phố Hải Phòng", "so-nn-mt", None, "01/03/2025")
CENTRE = (2, "Trung tâm Khuyến công miền biển", "Trung tâm", "Sở Nông nghiệp và Môi trường Hải Phòng", None, "MB", 2025)
KNOWN = (3, "Trung tâm Khuyến công Hải Phòng", None, "Sở Công Thương Hải Phòng", None, None, "10/2005")


def listed(province: Organisation, rows: Any, actor: User) -> ImportBatch:
    content, name = workbook(rows, unit="", title="Đơn vị"), "don-vi.xlsx"
    return bring_file(plan=None, kind="organisations", name=name, content=content, actor=actor, organisation=province)


def read(province: Organisation, rows: Any, actor: User) -> Proposal:
    return proposed(listed(province, rows, actor), actor)


def entered(province: Organisation, rows: Any, actor: User, answers: Mapping[str, str] | None = None) -> ImportBatch:
    batch = answered(listed(province, rows, actor), actor, answers)
    return write_batch(batch=batch, version=batch.version, actor=actor)


def changed(row: tuple[Any, ...], **cells: Any) -> tuple[Any, ...]:
    """The row with other cells, by the letter of their column."""
    at = {ord(letter) - 65: cell for letter, cell in cells.items()}
    return tuple(at.get(place, cell) for place, cell in enumerate(row))


def states(proposal: Proposal) -> list[RowState]:
    return [one.state for one in proposal.rows]


def test_a_list_founds_what_is_new_and_changes_what_is_there(tree: Tree, administrator: User) -> None:
    proposal = read(tree.province, [HEADER, DEPARTMENT, CENTRE, KNOWN], administrator)
    assert states(proposal) == [RowState.NEW, RowState.NEW, RowState.CHANGED] and not proposal.questions
    assert proposal.rows[2].changes == ["đi vào hoạt động từ (trống) → “10/2005”"]
    batch = entered(tree.province, [HEADER, DEPARTMENT, CENTRE, KNOWN], administrator)
    department = Organisation.objects.get(code="so-nn-mt")
    assert (department.kind, department.parent, department.works_since) == ("department", tree.province, "01/03/2025")
    centre = Organisation.objects.get(project_mark="MB")
    assert (centre.kind, centre.parent, centre.works_since) == ("centre", department, "2025")
    assert centre.code == "trung-tam-khuyen-cong-mien-bien"
    tree.centre.refresh_from_db()
    assert (tree.centre.works_since, tree.centre.project_mark) == ("10/2005", "")
    assert (batch.plan, batch.organisation, batch.stage) == (None, tree.province, "written")
    assert Organisation.objects.count() == 5 and not ImportedRow.objects.exists()


def test_the_administration_s_history_says_where_each_came_from(tree: Tree, administrator: User) -> None:
    entered(tree.province, [HEADER, DEPARTMENT, KNOWN], administrator)
    told = {one.object_repr: (one.action_flag, one.get_change_message(), one.user) for one in LogEntry.objects.all()}
    place = "Nhập từ tệp “don-vi.xlsx”, trang “Đơn vị”, dòng"
    assert told == {
        DEPARTMENT[1]: (1, f"{place} 5.", administrator),
        KNOWN[1]: (2, f"{place} 6: đi vào hoạt động từ (trống) → “10/2005”.", administrator),
    }


def test_the_history_is_vietnamese_whatever_the_page(tree: Tree, administrator: User, client: Client) -> None:
    batch = listed(tree.province, [HEADER, KNOWN], administrator)
    client.force_login(administrator)
    client.post(reverse("set_language"), {"language": "en"})
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "works since" in page.lower() or "10/2005" in page
    client.post(batch.get_absolute_url(), {"version": batch.version, "write": "1"})
    assert "đi vào hoạt động từ (trống) → “10/2005”" in LogEntry.objects.get().get_change_message()


def test_the_same_list_again_changes_nothing(tree: Tree, administrator: User) -> None:
    rows = [HEADER, DEPARTMENT, CENTRE, KNOWN]
    entered(tree.province, rows, administrator)
    again = listed(tree.province, rows, administrator)
    assert states(proposed(again, administrator)) == [RowState.EQUAL] * 3
    before = stored_rows()
    with pytest.raises(Refused) as refusal:
        write_batch(batch=again, version=again.version, actor=administrator)
    assert refusal.value.code == "nothing" and stored_rows() == before


def test_a_superior_may_stand_further_down(tree: Tree, administrator: User) -> None:
    entered(tree.province, [HEADER, CENTRE, DEPARTMENT], administrator)
    assert str(Organisation.objects.get(project_mark="MB").parent) == DEPARTMENT[1]


def test_groups_tell_the_superior(tree: Tree, administrator: User) -> None:
    header = ("STT", "Tên cơ quan, đơn vị")
    rows = [
        *(header, ("I", "Sở Nông nghiệp và Môi trường Hải Phòng"), (1, "Trung tâm Khuyến công miền biển")),
        *(("II", "Sở Công Thương Hải Phòng"), (1, "Trung tâm Tư vấn công nghiệp"), ("III", "Các đơn vị khác")),
        (1, "Trung tâm Khuyến công Hải Phòng"),
    ]
    proposal = read(tree.province, rows, administrator)
    assert "dòng 9 “Các đơn vị khác” chỉ có tên" in proposal.notes[0] and not proposal.questions
    new, equal = RowState.NEW, RowState.EQUAL
    assert states(proposal) == [new, new, equal, new, equal]
    entered(tree.province, rows, administrator)
    parents = {one.name: str(one.parent) for one in Organisation.objects.all()}
    assert parents["Trung tâm Khuyến công miền biển"] == "Sở Nông nghiệp và Môi trường Hải Phòng"
    assert parents["Trung tâm Tư vấn công nghiệp"] == "Sở Công Thương Hải Phòng"


def test_short_names_codes_and_dates_as_offices_write_them(tree: Tree, administrator: User) -> None:
    header = ("Tên đơn vị", "Trực thuộc", "Ngày thành lập")
    rows = [header, ("TTKC Hải Phòng", "so-cong-thuong-hai-phong", "tháng 10/2005"), ("SCT Hải Phòng", None, None)]
    proposal = read(tree.province, rows, administrator)
    assert states(proposal) == [RowState.CHANGED, RowState.EQUAL]
    entered(tree.province, rows, administrator)
    tree.centre.refresh_from_db()
    assert (tree.centre.name, tree.centre.works_since) == ("Trung tâm Khuyến công Hải Phòng", "10/2005")


def test_a_code_tells_which_one_is_renamed(tree: Tree, administrator: User) -> None:
    row = changed(KNOWN, B="Trung tâm Khuyến công và Xúc tiến thương mại", E=tree.centre.code)
    [proposed_row] = read(tree.province, [HEADER, row], administrator).rows
    assert proposed_row.changes[0] == (
        "tên hiện nay “Trung tâm Khuyến công Hải Phòng” → “Trung tâm Khuyến công và Xúc tiến thương mại”"
    )
    entered(tree.province, [HEADER, row], administrator)
    tree.centre.refresh_from_db()
    assert tree.centre.name == "Trung tâm Khuyến công và Xúc tiến thương mại"
    assert Organisation.objects.filter(name_key=tree.centre.name_key).exists(), "lists are ordered by the new name"


def test_a_later_centre_gets_its_mark(tree: Tree, administrator: User) -> None:
    rows = [
        HEADER,
        DEPARTMENT,
        changed(CENTRE, F=None),
        changed(CENTRE, A=4, B="Trung tâm Khuyến công Mỹ Bình", F=None),
    ]
    assert [one.values["mark"] for one in read(tree.province, rows, administrator).rows] == [None, "MB", "MB2"]
    entered(tree.province, rows, administrator)
    marks = Organisation.objects.centres().order_by("pk").values_list("project_mark", flat=True)
    assert list(marks) == ["", "MB", "MB2"]


@pytest.mark.parametrize(
    ("cells", "place", "words"),
    [
        ({"B": None}, "B6", "thiếu tên đơn vị"),
        ({"B": "Trung tâm " + "dài " * 60}, "B6", "dài hơn 200 ký tự"),
        ({"B": "Thành phố Đà Nẵng", "C": None}, "B6", "không thêm bằng danh sách này"),
        ({"D": "Trung tâm Khuyến công miền biển"}, "D6", "hoặc đơn vị dưới quyền"),
        ({"E": "Trung tâm!"}, "E6", "chữ thường không dấu"),
        ({"E": "so-nn-mt"}, "E6", "trùng với dòng 5"),
        ({"E": "so-cong-thuong-hai-phong"}, "C6", "loại không đổi bằng danh sách"),
        ({"E": "so-cong-thuong-quang-ninh"}, "E6", "đã dùng cho đơn vị khác"),
        ({"F": "M-B"}, "F6", "chỉ gồm chữ cái"),
        ({"F": "CU"}, "F6", "đã dùng ký hiệu này"),
        ({"G": "31/02/2025"}, "G6", "ghi ngày"),
        ({"G": "sắp tới"}, "G6", "ghi ngày"),
    ],
)
def test_each_wrong_cell_is_named_and_the_others_go_on(
    tree: Tree, administrator: User, cells: dict[str, Any], place: str, words: str
) -> None:
    make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22")
    Organisation.objects.filter(pk=tree.centre.pk).update(project_mark="CU")
    batch = listed(tree.province, [HEADER, DEPARTMENT, changed(CENTRE, **cells)], administrator)
    right, wrong = proposed(batch, administrator).rows
    assert wrong.wrong[0].cell == f"Đơn vị!{place}" and words in wrong.wrong[0].text
    assert (right.state, wrong.state) == (RowState.NEW, RowState.WRONG)
    write_batch(batch=batch, version=batch.version, actor=administrator)
    assert Organisation.objects.in_province(tree.province.pk).count() == 4


@pytest.mark.parametrize(
    ("cells", "place", "words"),
    [
        ({"C": "Sở"}, "C5", "loại không đổi bằng danh sách"),
        ({"D": "Thành phố Hải Phòng", "E": "trung-tam-hai-phong"}, "D5", "thuộc “Sở Công Thương Hải Phòng”"),
        ({"E": "ma-khac"}, "E5", "mã đã đặt không đổi"),
        ({"E": "so-cong-thuong-hai-phong", "D": None}, "C5", ""),
    ],
)
def test_identity_and_place_of_what_is_there_stay(
    tree: Tree, administrator: User, cells: dict[str, Any], place: str, words: str
) -> None:
    row = changed(KNOWN, C="Trung tâm", **cells) if "C" not in cells else changed(KNOWN, **cells)
    [one] = read(tree.province, [HEADER, row], administrator).rows
    assert one.state == RowState.WRONG
    assert (one.wrong[0].cell, words in one.wrong[0].text) == (f"Đơn vị!{place}", True)


def test_what_would_stand_below_a_wrong_row_is_wrong_too(tree: Tree, administrator: User) -> None:
    below, above = read(tree.province, [HEADER, CENTRE, changed(DEPARTMENT, G="sắp tới")], administrator).rows
    assert above.state == below.state == RowState.WRONG
    assert "đơn vị cấp trên ở dòng 6 không được nhập" in below.wrong[0].text


def test_two_rows_are_not_one_organisation(tree: Tree, administrator: User) -> None:
    twice = [HEADER, DEPARTMENT, CENTRE, changed(CENTRE, A=3, F=None), KNOWN, changed(KNOWN, A=5)]
    rows = read(tree.province, twice, administrator).rows
    assert [one.wrong[0].text for one in rows if one.wrong] == ["trùng với dòng 6", "trùng với dòng 8"]


def test_a_tree_is_four_deep(tree: Tree, administrator: User) -> None:
    branch = changed(CENTRE, B="Trung tâm chi nhánh Một", D="Trung tâm Khuyến công Hải Phòng", F=None)
    deeper = changed(CENTRE, B="Trung tâm chi nhánh Hai", D="Trung tâm chi nhánh Một", F=None)
    right, wrong = read(tree.province, [HEADER, branch, deeper], administrator).rows
    assert right.state == RowState.NEW and "tối đa 4 cấp" in wrong.wrong[0].text


def test_a_kind_that_is_not_told_is_asked_once_for_all_alike(tree: Tree, administrator: User) -> None:
    header = ("Tên đơn vị", "Thuộc")
    rows = [header, *((f"Phòng Kinh tế xã {name}", "Sở Công Thương Hải Phòng") for name in ("Kiến Thụy", "An Lão"))]
    [question] = read(tree.province, rows, administrator).open_questions
    assert question.cells == ["Đơn vị!A5", "Đơn vị!A6"] and question.likely == ""
    assert [one.value for one in question.options] == ["centre", "department", "skip"]
    entered(tree.province, rows, administrator, {question.key: "department"})
    assert Organisation.objects.filter(parent=tree.department, kind="department").count() == 2


def test_a_kind_that_the_name_contradicts_is_asked(tree: Tree, administrator: User) -> None:
    [question] = read(tree.province, [HEADER, changed(DEPARTMENT, C="Trung tâm")], administrator).open_questions
    assert question.cells == ["Đơn vị!C5"] and question.likely == "centre"


def test_an_unknown_superior_is_asked_with_all_that_may_be(tree: Tree, administrator: User) -> None:
    rows = [HEADER, changed(CENTRE, D="Ban Quản lý khu kinh tế"), changed(CENTRE, B="Trung tâm B", D=None, F="B")]
    unknown, silent = read(tree.province, rows, administrator).open_questions
    assert "“Ban Quản lý khu kinh tế” là đơn vị nào" in unknown.text and unknown.likely == ""
    assert (silent.cells, silent.likely) == (["Đơn vị!B6"], f"o{tree.department.pk}")
    entered(tree.province, rows, administrator, {unknown.key: f"o{tree.department.pk}"})
    assert tree.department.children.count() == 3


def test_a_doubtful_superior_is_offered_first(tree: Tree, administrator: User) -> None:
    [question] = read(tree.province, [HEADER, changed(CENTRE, D="Sở Công Thương")], administrator).open_questions
    assert question.options[0].value == question.likely == f"o{tree.department.pk}"


def test_a_row_that_is_left_out_takes_its_own_along(tree: Tree, administrator: User) -> None:
    rows = [HEADER, changed(DEPARTMENT, B="Ban Quản lý", C=None), changed(CENTRE, D="Ban Quản lý")]
    waiting = read(tree.province, rows, administrator)
    assert states(waiting) == [RowState.CHOICE] * 2
    batch = answered(listed(tree.province, rows, administrator), administrator, {"office": "skip"})
    assert states(proposed(batch, administrator)) == [RowState.LEFT, RowState.WRONG]


def test_a_near_name_is_asked_about(tree: Tree, administrator: User) -> None:
    row = changed(KNOWN, B="Trung tâm Khuyến công")
    batch = listed(tree.province, [HEADER, row], administrator)
    [question] = proposed(batch, administrator).open_questions
    assert [one.value for one in question.options] == [f"o{tree.centre.pk}", "new", "skip"]
    entered(tree.province, [HEADER, row], administrator, {"office": f"o{tree.centre.pk}"})
    tree.centre.refresh_from_db()
    assert (tree.centre.name, tree.centre.works_since) == (KNOWN[1], "10/2005")


def test_one_name_below_two_superiors_is_two(tree: Tree, administrator: User) -> None:
    row = changed(KNOWN, C="Trung tâm", D=DEPARTMENT[1])
    batch = listed(tree.province, [HEADER, DEPARTMENT, row], administrator)
    [question] = proposed(batch, administrator).open_questions
    assert "là đơn vị đã có" in question.text
    entered(tree.province, [HEADER, DEPARTMENT, row], administrator, {"office": "new"})
    assert Organisation.objects.filter(name=KNOWN[1]).count() == 2


def test_pasted_rows_are_read_like_a_file(tree: Tree, administrator: User) -> None:
    text = "Tên đơn vị\tThuộc\nTrung tâm Tư vấn công nghiệp\tSở Công Thương Hải Phòng\nSở Công Thương Hải Phòng\t"
    batch = bring_pasted(plan=None, kind="organisations", text=text, actor=administrator, organisation=tree.province)
    assert states(proposed(batch, administrator)) == [RowState.NEW, RowState.EQUAL]
    write_batch(batch=batch, version=batch.version, actor=administrator)
    assert tree.department.children.count() == 2


def test_many_ask_no_more_than_few(tree: Tree, administrator: User) -> None:
    counts = []
    for count, mark in ((2, "a"), (40, "b")):
        rows = [HEADER, *(changed(CENTRE, A=n, B=f"Trung tâm {mark} {n}", D=KNOWN[3], F=None) for n in range(count))]
        batch = listed(tree.province, rows, administrator)
        with CaptureQueriesContext(connection) as asked:
            write_batch(batch=batch, version=batch.version, actor=administrator)
        counts.append(len(asked))
    assert counts[1] <= counts[0] <= 30
    assert tree.department.children.count() == 43


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.ADMINISTRATOR}))
def test_only_an_administrator_may(tree: Tree, administrator: User, role: str) -> None:
    outsider = make_person(role=role, scope=tree.province, username="nguoi-khac")
    with pytest.raises(NotAllowed):
        listed(tree.province, [HEADER, DEPARTMENT], outsider)
    batch = listed(tree.province, [HEADER, DEPARTMENT], administrator)
    before = stored_rows()
    for write in (
        lambda: answer_batch(batch=batch, answers={}, version=1, actor=outsider),
        lambda: write_batch(batch=batch, version=1, actor=outsider),
        lambda: write_organisations(rows=proposed(batch, administrator).rows, actor=outsider),
    ):
        with pytest.raises(NotAllowed):
            write()
    assert stored_rows() == before


def test_an_administrator_of_another_province_touches_nothing(tree: Tree, administrator: User) -> None:
    abroad = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22")
    stranger = make_person(role="administrator", scope=abroad.province, username="tinh-khac")
    batch = listed(tree.province, [HEADER, DEPARTMENT, KNOWN], administrator)
    for write in (
        lambda: write_batch(batch=batch, version=1, actor=stranger),
        lambda: write_organisations(rows=proposed(batch, administrator).rows, actor=stranger),
    ):
        with pytest.raises(NotAllowed):
            write()
    assert not ImportBatch.objects.visible_to(stranger).exists()
    theirs = Organisation.objects.in_province(abroad.province.pk)
    before = list(theirs.values_list("pk", "name", "works_since"))
    rows = [HEADER, changed(CENTRE, D=str(abroad.department)), changed(KNOWN, B=str(abroad.centre), D=None)]
    asked = read(tree.province, rows, administrator)
    assert all(option.value != f"o{abroad.department.pk}" for one in asked.questions for option in one.options)
    entered(tree.province, rows, administrator, {"office": f"o{tree.department.pk}"})
    assert list(theirs.values_list("pk", "name", "works_since")) == before


def test_an_administrator_of_a_part_founds_and_changes_there_alone(tree: Tree) -> None:
    person = make_person(role="administrator", scope=tree.department, username="cua-so")
    rows = [
        *(HEADER, DEPARTMENT, changed(CENTRE, D=str(tree.department))),
        changed(DEPARTMENT, A=3, B=str(tree.department), E=None),
    ]
    above, below, own = read(tree.department, rows, person).rows
    assert "ngoài phạm vi quản trị" in above.wrong[0].text
    assert (below.state, own.state) == (RowState.NEW, RowState.CHANGED)
    with pytest.raises(NotAllowed):
        listed(tree.province, rows, person)
    [province] = read(
        tree.department, [HEADER, changed(DEPARTMENT, B=str(tree.province), C=None, D=None, E=None)], person
    ).rows
    assert "ngoài phạm vi quản trị" in province.wrong[0].text


def test_a_list_of_organisations_is_of_no_plan_and_not_taken_back(tree: Tree, administrator: User) -> None:
    plan = make_plan(organisation=tree.centre)
    with pytest.raises(Refused) as refusal:
        write_organisations(rows=[], actor=administrator, plan=plan)
    assert refusal.value.code == "kind"
    batch = entered(tree.province, [HEADER, DEPARTMENT], administrator)
    with pytest.raises(Refused) as refusal:
        take_back_batch(batch=batch, actor=administrator)
    assert "không rút lại được" in str(refusal.value)


def test_from_the_administration_to_the_organisations(
    tree: Tree, administrator: User, observer: User, client: Client
) -> None:
    """The whole way as a person takes it."""
    index, bring = reverse("admin:accounts_organisation_changelist"), reverse("importing:bring_organisations")
    client.force_login(observer)
    assert client.get(bring).status_code == 403
    client.force_login(administrator)
    assert bring in client.get(index).content.decode()
    assert "Nhập danh sách đơn vị, cơ quan từ Excel" in client.get(bring).content.decode()
    empty = client.post(bring, {})
    assert empty.status_code == 422 and "một trong hai cách" in empty.content.decode()
    rows = [HEADER, DEPARTMENT, changed(CENTRE, D="Sở Nông nghiệp và Môi trường"), KNOWN]
    client.post(bring, {"file": SimpleUploadedFile("don-vi.xlsx", workbook(rows, unit=""))})
    batch = ImportBatch.objects.get()
    page = client.get(batch.get_absolute_url())
    assert "Cần chọn 1 mục" in page.content.decode() and "trang quản trị ghi tệp" in page.content.decode()
    [(field, question)] = page.context["answers"].open_rows
    sent = {"version": batch.version, field.html_name: question.likely, "write": "1"}
    written = client.post(batch.get_absolute_url(), sent, follow=True).content.decode()
    founded = Organisation.objects.get(code="so-nn-mt")
    assert "Đã nhập 3 dòng" in written
    assert reverse("admin:accounts_organisation_change", args=[founded.pk]) in written and index in written
    history = client.get(reverse("admin:accounts_organisation_history", args=[founded.pk])).content.decode()
    assert "Nhập từ tệp “don-vi.xlsx”" in history
    client.force_login(observer)
    seen = client.get(batch.get_absolute_url())
    assert seen.status_code == 200 and index not in seen.content.decode()


def test_a_list_that_is_given_up_leads_back(tree: Tree, administrator: User, client: Client) -> None:
    batch = listed(tree.province, [HEADER, DEPARTMENT], administrator)
    client.force_login(administrator)
    answer = client.post(reverse("importing:drop", args=[batch.pk]))
    assert answer["Location"] == f"{reverse('importing:bring_organisations')}?organisation={tree.province.code}"
    assert "Đã bỏ" in client.get(answer["Location"]).content.decode()


def test_head_that_names_a_class_is_no_organisation(tree: Tree, administrator: User) -> None:
    rows = [
        ("TT", "Cơ quan, đơn vị"),
        ("A", "KHỐI SỞ"),
        (1, "Sở Y"),
        ("B", "ĐƠN VỊ SỰ NGHIỆP TRỰC THUỘC SỞ Y"),
        (1, "Trung tâm Một"),
    ]
    entered(tree.province, rows, administrator)
    assert str(Organisation.objects.get(name="Trung tâm Một").parent) == "Sở Y"
    assert not Organisation.objects.filter(name__startswith="ĐƠN VỊ").exists()


def test_organisations_of_one_name_are_told_apart_where_one_is_asked_for(tree: Tree, administrator: User) -> None:
    rows = [
        HEADER,
        (1, "Sở A"),
        (2, "Sở B"),
        (3, "Trung tâm Số", None, "Sở A"),
        (4, "Trung tâm Số", None, "Sở B"),
        (5, "Trung tâm Số Một", None, "Trung tâm Số"),
    ]
    [question] = read(tree.province, rows, administrator).open_questions
    assert [str(one.label) for one in question.options][:2] == ["Trung tâm Số (Sở A)", "Trung tâm Số (Sở B)"]


@pytest.mark.parametrize("day", ["ngày 1 tháng 10 năm 2005", "01/10/05"])
def test_beginning_of_an_organisation_as_clerks_write_it(tree: Tree, administrator: User, day: Any) -> None:
    rows = [HEADER, (1, "Sở A", None, None, None, None, day)]
    entered(tree.province, rows, administrator)
    assert Organisation.objects.get(name="Sở A").works_since == "01/10/2005"
