"""Last year's workbook as it was sent, set beside the system: equal, different and by how much, missing on a side."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.comparison.result import (
    APPROVED,
    ASKED,
    CellState,
    ComparedCell,
    ComparedRow,
    ParallelRun,
    RowResult,
)
from projects.importing.comparison.run import run_parallel
from projects.importing.reading.files import read_workbook
from projects.models import Beneficiary, Project
from projects.refusals import Refused
from tests.factories import MILLION, decide, make_project, requested_cells, submit_all
from tests.importing.lists import HEADER, changed, imported, plan_of, saved, workbook
from tests.importing.reading.builders import with_members
from tests.kept import stored_rows

pytestmark = pytest.mark.django_db

TRAINING = (1, "Đào tạo nghề thêu ren", "HTX Lật Dương", "H. Tiên Lãng", "Quý II-IV", None, 60, 20)
FAIR = (2, "Tham gia hội chợ", None, "Toàn thành phố", "Cả năm", "-", "40,5", None)
MACHINE = (3, "Hỗ trợ máy móc may", "Công ty TNHH Thành Đạt", "Thủy Nguyên", "Cả năm", 30, None, 50)
TOTAL = (None, "Tổng cộng", None, None, None, 30, 100.5, 70)
LIST = [HEADER, TRAINING, FAIR, MACHINE, TOTAL]


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    """A year of which the system holds what the office once listed."""
    plan = plan_of(centre_staff)
    imported(plan, workbook(LIST), centre_staff)
    return plan


def compared(plan: AnnualPlan, rows: Any, user: User, basis: str = ASKED, **more: Any) -> ParallelRun:
    """``heading``: what stands above the list, by itself its unit."""
    source = read_workbook("da-gui.xlsx", workbook(rows, unit=more.pop("heading", "ĐVT: Triệu đồng")))
    return run_parallel(plan=plan, source=source, user=user, basis=basis, **more)


def the(run: ParallelRun, result: RowResult) -> ComparedRow:
    [row] = run.of_result(result)
    return row


def faulty(run: ParallelRun) -> list[ComparedCell]:
    return [cell for row in run.rows for cell in row.faulty]


def test_the_list_as_it_was_sent_is_equal_in_every_cell(plan: AnnualPlan, centre_staff: User) -> None:
    run = compared(plan, LIST, centre_staff)
    assert run.is_equal and len(run.rows) == 3
    assert run.cell_counts[CellState.EQUAL] == 3 * 7, "name, firm, place, time and three sources of each"
    assert [(one.key, one.stated, one.added, one.ours) for one in run.totals] == [
        ("national", 30 * MILLION, 30 * MILLION, 30 * MILLION),
        ("city", 100_500_000, 100_500_000, 100_500_000),
        ("own", 70 * MILLION, 70 * MILLION, 70 * MILLION),
    ]


def test_an_amount_that_differs_says_where_and_by_how_much(plan: AnnualPlan, centre_staff: User) -> None:
    run = compared(plan, [HEADER, changed(TRAINING, G=75), FAIR, MACHINE, TOTAL], centre_staff)
    assert the(run, RowResult.DIFFERS).name == "Đào tạo nghề thêu ren"
    [cell] = faulty(run)
    assert (cell.place, cell.state, cell.stated_vnd, cell.ours_vnd, cell.more_vnd) == (
        *("Danh mục!G5", CellState.DIFFERS, 75 * MILLION, 60 * MILLION, 15 * MILLION),
    )
    city = run.totals[1]
    assert (city.stated, city.added, city.ours, city.place) == (100_500_000, 115_500_000, 100_500_000, "Danh mục!G8")
    assert not city.is_equal and not run.is_equal


def test_what_only_one_side_has_is_named(plan: AnnualPlan, centre_staff: User) -> None:
    new = (4, "Xây dựng mô hình trình diễn", "HTX Kim Long", "Tiên Lãng", "Cả năm", None, 9, None)
    run = compared(plan, [HEADER, TRAINING, MACHINE, new], centre_staff)
    assert the(run, RowResult.FILE_ONLY).place == "Danh mục!B7"
    assert the(run, RowResult.OURS_ONLY).project == Project.objects.get(name="Tham gia hội chợ")
    assert len(run.of_result(RowResult.EQUAL)) == 2


def test_a_cell_of_one_side_alone(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [HEADER, changed(TRAINING, H=None), changed(FAIR, F=5), changed(MACHINE, D=None, E=None)]
    run = compared(plan, rows, centre_staff)
    states = {cell.place: cell.state for cell in faulty(run)}
    assert states == {
        "Danh mục!H5": CellState.OURS_ONLY,
        "Danh mục!F6": CellState.FILE_ONLY,
        "Danh mục!D7": CellState.OURS_ONLY,
        "Danh mục!E7": CellState.OURS_ONLY,
    }


@pytest.mark.parametrize(
    ("cells", "key", "ours"),
    [
        ({"D": "Thủy Nguyên"}, "place", "Huyện Tiên Lãng"),
        ({"D": "Toàn thành phố"}, "place", "Huyện Tiên Lãng"),
        ({"E": "Quý III"}, "period", "01/04/2006 – 31/12/2006"),
        ({"C": "HTX Kim Long"}, "firm", "HTX Lật Dương"),
    ],
)
def test_words_are_compared_by_what_they_mean(
    plan: AnnualPlan, centre_staff: User, cells: dict[str, Any], key: str, ours: str
) -> None:
    run = compared(plan, [HEADER, changed(TRAINING, **cells), FAIR, MACHINE], centre_staff)
    [cell] = faulty(run)
    assert (cell.key, cell.ours, cell.state) == (key, ours, CellState.DIFFERS)


def test_the_same_in_other_words_is_equal(plan: AnnualPlan, centre_staff: User) -> None:
    other = (1, "ĐÀO TẠO NGHỀ THÊU REN", "Hợp tác xã Lật Dương", "huyện Tiên Lãng", "T4-T12/2006", 0, "60,0", "20")
    assert compared(plan, [HEADER, other, FAIR, MACHINE], centre_staff).is_equal


def test_contents_are_compared_where_the_file_has_them(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(*HEADER, "Loại hình"), (*TRAINING, "Hội chợ"), (*FAIR, "Hội chợ"), (*MACHINE, "Máy móc")]
    [cell] = faulty(compared(plan, rows, centre_staff))
    assert (cell.place, cell.state) == ("Danh mục!I5", CellState.DIFFERS)


def test_a_code_tells_the_project_whatever_it_is_called(plan: AnnualPlan, centre_staff: User) -> None:
    code = Project.objects.get(name="Đào tạo nghề thêu ren").code
    rows = [(*HEADER, "Mã đề án"), (*changed(TRAINING, B="Dạy nghề thêu"), code), (*FAIR, None), (*MACHINE, None)]
    run = compared(plan, rows, centre_staff)
    [cell] = faulty(run)
    assert (cell.key, cell.state, cell.ours) == ("name", CellState.DIFFERS, "Đào tạo nghề thêu ren")


def test_what_reads_in_two_ways_is_unclear_and_not_different(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [HEADER, changed(TRAINING, D="Tiên Lang Mới"), changed(FAIR, G=40.5), changed(MACHINE, H="5.000")]
    run = compared(plan, rows, centre_staff)
    assert {cell.place: cell.state for cell in faulty(run)} == {
        "Danh mục!D5": CellState.UNCLEAR,
        "Danh mục!H7": CellState.UNCLEAR,
    }
    assert len(run.of_result(RowResult.UNCLEAR)) == 2 and run.assumed


def test_a_cell_that_can_not_be_read_says_so(plan: AnnualPlan, centre_staff: User) -> None:
    run = compared(plan, [HEADER, changed(TRAINING, G="sáu mươi"), FAIR, MACHINE], centre_staff)
    [cell] = faulty(run)
    assert (cell.place, cell.state) == ("Danh mục!G5", CellState.UNCLEAR) and "sáu mươi" in cell.remark


def test_groups_of_the_file_are_added_up_by_source(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [
        HEADER,
        ("I", "KHUYẾN CÔNG QUỐC GIA", None, None, None, 31, None, 50),
        MACHINE,
        ("II", "KHUYẾN CÔNG ĐỊA PHƯƠNG", None, None, None, None, 100.5, 20),
        TRAINING,
        FAIR,
    ]
    run = compared(plan, rows, centre_staff)
    found = {(one.label, one.key): (one.stated, one.added, one.ours, one.is_equal) for one in run.groups}
    assert found == {
        ("KHUYẾN CÔNG QUỐC GIA", "national"): (31 * MILLION, 30 * MILLION, 30 * MILLION, False),
        ("KHUYẾN CÔNG QUỐC GIA", "own"): (50 * MILLION, 50 * MILLION, 50 * MILLION, True),
        ("KHUYẾN CÔNG ĐỊA PHƯƠNG", "city"): (100_500_000, 100_500_000, 100_500_000, True),
        ("KHUYẾN CÔNG ĐỊA PHƯƠNG", "own"): (20 * MILLION, 20 * MILLION, 20 * MILLION, True),
    }


def test_a_total_is_that_of_its_sources_or_of_the_state_alone(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*HEADER, "Tổng KP")
    whole = [header, (*TRAINING, 80), (*FAIR, 40.5), (*MACHINE, 80)]
    state = [header, (*TRAINING, 60), (*FAIR, 40.5), (*MACHINE, 30)]
    assert compared(plan, whole, centre_staff).is_equal and compared(plan, state, centre_staff).is_equal
    [cell] = faulty(compared(plan, [header, (*TRAINING, 81), (*FAIR, 40.5), (*MACHINE, 80)], centre_staff))
    assert (cell.place, cell.more_vnd) == ("Danh mục!I5", MILLION)


def test_hidden_rows_count_and_are_told(plan: AnnualPlan, centre_staff: User) -> None:
    book = load_workbook(BytesIO(workbook(LIST)))
    book.active.row_dimensions[6].hidden = True
    source = read_workbook("da-gui.xlsx", saved(book))
    run = run_parallel(plan=plan, source=source, user=centre_staff, basis=ASKED)
    assert run.is_equal and run.hidden == 1


def test_against_what_was_approved(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    before = compared(plan, LIST, centre_staff, APPROVED)
    assert before.cell_counts[CellState.FILE_ONLY] == 3, "state money of which no letter tells yet"
    assert {row.ours.get(key) for row in before.rows for key in ("national", "city")} == {None}, "and no 0"
    submit_all(plan=plan, by=centre_head)
    assigned = {"KCQG": 30 * MILLION, "KCDP": 100_500_000}
    decide(plan=plan, by=department_head, assigned=assigned, approved=requested_cells(plan))
    assert compared(plan, LIST, centre_staff, APPROVED).is_equal
    key = next(key for key, vnd in requested_cells(plan).items() if vnd == 60 * MILLION)
    decide(plan=plan, by=department_head, approved={key: 50 * MILLION}, number="9/QĐ", on=dt.date(2006, 9, 1))
    [cell] = faulty(compared(plan, LIST, centre_staff, APPROVED))
    assert (cell.place, cell.more_vnd) == ("Danh mục!G5", 10 * MILLION)
    assert compared(plan, LIST, centre_staff, ASKED).is_equal


def refused(plan: AnnualPlan, rows: Any, user: User, **more: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        compared(plan, rows, user, **more)
    return refusal.value


def test_a_file_that_does_not_say_its_unit_asks_for_it(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [HEADER, changed(TRAINING, G=60_000_000, H=20_000_000)]
    refusal = refused(plan, rows, centre_staff, heading="")
    assert refusal.code == "unit" and "không ghi đơn vị tính" in refusal.error_dict["unit"][0].message
    assert the(compared(plan, rows, centre_staff, heading="", unit=1), RowResult.EQUAL).place == "Danh mục!B5"


def test_money_that_does_not_say_whose_it_is_asks_for_it(plan: AnnualPlan, centre_staff: User) -> None:
    header = ("STT", "Tên đề án", "Đơn vị thụ hưởng", "Kinh phí hỗ trợ")
    rows = [header, (1, "Đào tạo nghề thêu ren", "HTX Lật Dương", 60), (2, "Tham gia hội chợ", None, 41)]
    assert refused(plan, rows, centre_staff).code == "level"
    run = compared(plan, rows, centre_staff, level="city")
    [cell] = faulty(run)
    assert (cell.key, cell.place, cell.more_vnd) == ("city", "Danh mục!D6", 500_000)
    assert the(run, RowResult.OURS_ONLY).name == "Hỗ trợ máy móc may"


def test_another_form_is_refused(plan: AnnualPlan, centre_staff: User) -> None:
    assert refused(plan, [("Họ tên", "Ngày sinh"), ("An", "1990")], centre_staff).code == "other_form"


def test_near_names_of_the_registry_are_those_of_the_plan(plan: AnnualPlan, centre_staff: User) -> None:
    province = plan.organisation.province()
    Beneficiary.objects.create(province=province, name="HTX Lất Dượng", type="cooperative")
    run = compared(plan, [HEADER, changed(TRAINING, C="HTX Lát Dương"), FAIR, MACHINE], centre_staff)
    assert len(run.of_result(RowResult.FILE_ONLY)) == 0


def upload(client: Client, plan: AnnualPlan, rows: Any, **data: Any) -> Any:
    file = SimpleUploadedFile("da-gui.xlsx", workbook(rows, unit=data.pop("heading", "ĐVT: Triệu đồng")))
    return client.post(reverse("reports:parallel", args=[plan.pk]), {"file": file, "basis": ASKED, **data})


def test_the_page_shows_prints_and_keeps_nothing(plan: AnnualPlan, client: Client, reviewer: User) -> None:
    """Whoever reads the plan, as the Department does, may set a workbook beside it."""
    client.force_login(reviewer)
    before = stored_rows()
    answer = upload(client, plan, [HEADER, changed(TRAINING, G=75), FAIR, MACHINE])
    page = answer.content.decode()
    assert answer.status_code == 200 and "Danh mục!G5" in page
    assert [(label, count) for _value, label, count in answer.context["counts"] if count] == [("Lệch", 1), ("Khớp", 2)]
    result = answer.context["result"]
    paper = reverse("reports:parallel_paper", args=[plan.pk])
    printed = client.post(paper, {"result": result, "as": "print"}).content.decode()
    assert "3 đề án: 2 khớp, 1 lệch" in printed
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in printed and "Danh mục!G5" in printed
    file = client.post(paper, {"result": result, "as": "xlsx"})
    book = load_workbook(BytesIO(file.content))
    assert book.sheetnames == ["Số cộng", "Từng đề án", "Từng ô không khớp"]
    assert "doi-chieu-excel-2006.xlsx" in file["Content-Disposition"]
    assert stored_rows() == before


def test_units_of_money_are_english_on_an_english_page(plan: AnnualPlan, client: Client, reviewer: User) -> None:
    client.force_login(reviewer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(reverse("reports:parallel", args=[plan.pk])).content.decode()
    assert "thousand VND" in page and "billion VND" in page and "tỷ đồng" not in page
    result = upload(client, plan, LIST).context["result"]
    printed = client.post(reverse("reports:parallel_paper", args=[plan.pk]), {"result": result, "as": "print"})
    assert "tính bằng triệu đồng" in printed.content.decode(), "a paper is Vietnamese"


def test_a_result_that_was_tampered_with_or_is_anothers_is_not_printed(
    plan: AnnualPlan, client: Client, reviewer: User, centre_staff: User
) -> None:
    client.force_login(reviewer)
    result = upload(client, plan, LIST).context["result"]
    paper = reverse("reports:parallel_paper", args=[plan.pk])
    for sent in ("", "x", f"x{result}"):
        assert client.post(paper, {"result": sent}).status_code == 422
    client.force_login(centre_staff)
    answer = client.post(paper, {"result": result})
    assert answer.status_code == 422 and "Hãy đối chiếu lại" in answer.content.decode()


def test_what_is_wrong_with_a_file_stands_beside_it(plan: AnnualPlan, client: Client, centre_staff: User) -> None:
    client.force_login(centre_staff)
    address = reverse("reports:parallel", args=[plan.pk])
    for file in (None, SimpleUploadedFile("a.xlsx", b"khong phai bang tinh")):
        answer = client.post(address, {"basis": ASKED, **({"file": file} if file else {})})
        assert answer.status_code == 422 and answer.context["asked"].errors["file"]
    answer = upload(client, plan, [HEADER, TRAINING], heading="")
    assert answer.status_code == 422 and answer.context["asked"].errors["unit"]


def test_a_plan_of_elsewhere_is_not_there(plan: AnnualPlan, client: Client, stranger: User) -> None:
    client.force_login(stranger)
    assert upload(client, plan, LIST).status_code == 404


def test_the_way_in_is_on_the_plan_of_today(plan: AnnualPlan, client: Client, reviewer: User) -> None:
    client.force_login(reviewer)
    address = reverse("reports:parallel", args=[plan.pk])
    assert address in client.get(plan.get_absolute_url()).content.decode()
    assert address not in client.get(plan.get_absolute_url(), {"as_of": "2006-06-30"}).content.decode()


def test_many_rows_ask_no_more_than_few(plan: AnnualPlan, centre_staff: User) -> None:
    counts = []
    for rows in (LIST, [HEADER, *([TRAINING, FAIR, MACHINE] * 10)]):
        with CaptureQueriesContext(connection) as asked:
            compared(plan, rows, centre_staff)
        counts.append(len(asked))
    assert counts[1] <= counts[0] * 2, "one more reading, with the answers of the first"
    assert counts[0] <= 40


def test_links_to_other_files_and_a_list_left_below_are_said_once_each(plan: AnnualPlan, centre_staff: User) -> None:
    below = [(), (), ("Đơn vị tính: đồng",), HEADER, TRAINING]
    content = with_members(workbook([*LIST, *below]), {"xl/externalLinks/externalLink1.xml": "<externalLink/>"})
    run = run_parallel(plan=plan, source=read_workbook("a.xlsx", content), user=centre_staff, basis=ASKED)
    said = [words for words in run.assumed if "liên kết tới tệp khác" in words or "danh sách khác" in words]
    assert len(said) == 2 and not run.is_whole


def test_a_formula_s_part_of_a_dong_is_no_difference(plan: AnnualPlan, centre_staff: User) -> None:
    assert compared(plan, [HEADER, changed(TRAINING, G=60.0000004), FAIR, MACHINE, TOTAL], centre_staff).is_equal
    [cell] = faulty(compared(plan, [HEADER, changed(TRAINING, G=61.0000004), FAIR, MACHINE], centre_staff))
    assert (cell.state, cell.more_vnd) == (CellState.DIFFERS, MILLION)


def test_of_two_of_one_name_money_tells_which_is_meant(plan: AnnualPlan, centre_staff: User) -> None:
    make_project(plan=plan, by=centre_staff, name="Đào tạo nghề thêu ren", amounts={"KCDP": 15 * MILLION})
    header = ("STT", "Tên đề án", "KCQG", "KCĐP")
    rows = [header, (1, "Tham gia hội chợ", None, 40.5), (2, "Hỗ trợ máy móc may", 30, None)]
    both = [(3, "Đào tạo nghề thêu ren", None, 15), (4, "Đào tạo nghề thêu ren", None, 60)]
    assert compared(plan, [*rows, *both], centre_staff).is_equal
    run = compared(plan, [*rows, both[0], changed(both[1], D=59)], centre_staff)
    assert the(run, RowResult.DIFFERS).place == "Danh mục!B8" and not run.of_result(RowResult.OURS_ONLY)
