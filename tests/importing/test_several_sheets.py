"""A list in several sheets of one form, one for each district, source or quarter, is one list; what may say the same
money twice is asked about or left out by name."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.annotated import annotated_copy
from projects.importing.comparison.result import ASKED, ParallelRun, RowResult
from projects.importing.comparison.run import run_parallel
from projects.importing.models import ImportBatch, ImportedRow
from projects.importing.pages import sum_lines, understood_words
from projects.importing.proposals import Proposal
from projects.importing.reading.files import read_workbook
from projects.importing.services.batches import bring_file, take_back_batch, write_batch
from projects.importing.understanding import UnderstoodList, understand_list
from projects.models import Beneficiary, CostLine, Project
from tests.factories import MILLION
from tests.importing.lists import answered, asked_for, brought, imported, money, plan_of, proposed, saved

pytestmark = pytest.mark.django_db
HEADER = ("STT", "Tên đề án", "Đơn vị thụ hưởng", "Địa điểm", "Thời gian", "KCQG", "KCĐP", "Vốn đối ứng")
PLAIN = ("STT", "Tên đề án", "Đơn vị thụ hưởng", "Địa điểm", "Thời gian", "Kinh phí hỗ trợ")
Rows = Sequence[Sequence[Any]]


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return plan_of(centre_staff)


def project(
    number: int, name: str, *amounts: Any, firm: str | None = None, place: str = "Tiên Lãng"
) -> tuple[Any, ...]:
    return (number, name, firm, place, "Cả năm", *amounts)


def book_of(
    sheets: Mapping[str, Rows], *, header: Sequence[str] = HEADER, units: Mapping[str, str] | None = None, **titles: str
) -> Workbook:
    """Each sheet with a title, its unit and the header in row 3."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        unit = (units or {}).get(name, "ĐVT: Triệu đồng")
        for row in ([titles.get(name, "DANH MỤC ĐỀ ÁN")], [unit], header, *rows):
            page.append(list(row))
    return book


def files(sheets: Mapping[str, Rows], **more: Any) -> bytes:
    return saved(book_of(sheets, **more))


def read_list(batch: ImportBatch, actor: User) -> UnderstoodList:
    stored = ImportBatch.objects.select_related("plan", "organisation").get(pk=batch.pk)
    return understand_list(stored, actor)


def asked_of(proposal: Proposal) -> list[str]:
    return [one.key for one in proposal.open_questions]


DISTRICTS: dict[str, Rows] = {
    "Tiên Lãng": [
        project(1, "Đào tạo nghề dệt", 10, 5, 3),
        project(2, "Đào tạo nghề mộc", None, 20, 4),
        (None, "Tổng cộng", None, None, None, 10, 25, 7),
    ],
    "Thủy Nguyên": [
        project(1, "Đào tạo nghề rèn", 30, None, 2, place="Thủy Nguyên"),
        (None, "Tổng cộng", None, None, None, 30, 9, 2),
    ],
    "Cả thành phố": [
        project(1, "Tham gia hội chợ", None, 40, None, place="Toàn thành phố"),
        (None, "Tổng cộng", None, None, None, 40, 74, 9),
    ],
}


def test_sheets_of_districts_are_one_list(plan: AnnualPlan, centre_staff: User) -> None:
    batch = brought(plan, files(DISTRICTS), centre_staff)
    understood = read_list(batch, centre_staff)
    proposal = proposed(batch, centre_staff)
    assert [one.row.at for one in proposal.rows] == [
        *(("Tiên Lãng", 4), ("Tiên Lãng", 5)),
        *(("Thủy Nguyên", 4), ("Cả thành phố", 4)),
    ]
    assert "3 trang đọc chung: “Tiên Lãng”, “Thủy Nguyên”, “Cả thành phố”" in understood_words(understood)
    sums = {line.label: [(one.cell, one.stated, one.ours) for one in line.wrong] for line in sum_lines(understood)}
    assert sums == {
        "Tiên Lãng: Tổng cộng": [],
        "Thủy Nguyên: Tổng cộng": [("Thủy Nguyên!G5", 9 * MILLION, 0)],
        "Cả thành phố: Tổng cộng": [("Cả thành phố!G5", 74 * MILLION, 65 * MILLION)],  # of all three sheets
    }
    batch = answered(batch, centre_staff)
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert asked_for(plan) == 114 * MILLION and Project.objects.count() == 4
    origins = [(row.sheet, row.number, row.cells[1]) for row in ImportedRow.objects.order_by("pk")]
    assert ("Thủy Nguyên", 4, "Đào tạo nghề rèn") in origins and len(origins) == 4
    take_back_batch(batch=ImportBatch.objects.get(), actor=centre_staff)
    assert not Project.objects.in_plans([plan]).exists()


def test_a_fault_is_named_by_its_sheet_and_marked_there(plan: AnnualPlan, centre_staff: User) -> None:
    faulty = {**DISTRICTS, "Thủy Nguyên": [project(1, "Đào tạo nghề rèn", "ba chục", None, 2, place="Thủy Nguyên")]}
    batch = brought(plan, files(faulty), centre_staff)
    [wrong] = [remark for row in proposed(batch, centre_staff).rows for remark in row.wrong]
    assert wrong.cell == "Thủy Nguyên!F4"
    copy = load_workbook(BytesIO(annotated_copy(batch, read_list(batch, centre_staff))))
    assert copy["Thủy Nguyên"]["F4"].comment is not None
    assert not any(cell.comment for row in copy["Tiên Lãng"].iter_rows() for cell in row)


SOURCES: dict[str, Rows] = {
    "KCQG": [project(1, "Đào tạo nghề dệt", 10), project(2, "Hội chợ", 7, place="Toàn thành phố")],
    "KCĐP": [project(1, "Đào tạo nghề mộc", 20_000_000)],
}
UNITS = {"KCĐP": "Đơn vị tính: đồng"}


def test_the_name_of_a_sheet_says_whose_money_it_is_and_each_has_its_unit(plan: AnnualPlan, centre_staff: User) -> None:
    batch = brought(plan, files(SOURCES, header=PLAIN, units=UNITS), centre_staff)
    proposal = proposed(batch, centre_staff)
    assert [one.key.partition(":")[0] for one in proposal.open_questions] in ([], ["content"])
    said = [{key: vnd for key, vnd in one.items() if key != "state"} for _name, one in money(proposal)]
    assert said == [{"national": 10}, {"national": 7}, {"city": 20}]
    words = understood_words(read_list(batch, centre_staff))
    assert "đơn vị tính triệu đồng ở trang “KCQG”, đồng ở trang “KCĐP”" in words


def test_the_title_of_a_sheet_says_it_too_and_words_at_odds_are_asked(plan: AnnualPlan, centre_staff: User) -> None:
    sheets = {"Biểu 1": SOURCES["KCQG"], "Biểu 2": [project(1, "Đào tạo nghề mộc", 20)]}
    titles = {"Biểu 1": "ĐỀ ÁN KHUYẾN CÔNG QUỐC GIA", "Biểu 2": "ĐỀ ÁN KHUYẾN CÔNG ĐỊA PHƯƠNG"}
    proposal = proposed(brought(plan, files(sheets, header=PLAIN, **titles), centre_staff), centre_staff)
    assert [sorted(one) for _name, one in money(proposal)] == [["national"], ["national"], ["city"]]
    odd = files({"KCQG": SOURCES["KCQG"]}, header=PLAIN, KCQG="ĐỀ ÁN KHUYẾN CÔNG ĐỊA PHƯƠNG")
    assert "source:KCQG" in asked_of(proposed(brought(plan, odd, centre_staff), centre_staff))


def test_a_sheet_without_unit_is_asked_about_by_name(plan: AnnualPlan, centre_staff: User) -> None:
    batch = brought(plan, files(SOURCES, header=PLAIN, units={"KCĐP": ""}), centre_staff)
    proposal = proposed(batch, centre_staff)
    assert "unit:KCĐP" in asked_of(proposal) and "unit:KCQG" not in asked_of(proposal)
    assert [one.is_waiting for one in proposal.rows] == [False, False, True]


def summary(*rows: Sequence[Any]) -> dict[str, Rows]:
    return {"Tổng hợp": rows, **DISTRICTS}


def test_a_summary_is_asked_about_and_never_counted_twice(plan: AnnualPlan, centre_staff: User) -> None:
    sheets = summary(
        project(1, "Huyện Tiên Lãng", 10, 25, 7, place=""),
        project(2, "Huyện Thủy Nguyên", 30, None, 2, place=""),
        project(3, "Cấp thành phố", None, 40, None, place=""),
    )
    batch = brought(plan, files(sheets), centre_staff)
    proposal = proposed(batch, centre_staff)
    assert len(proposal.rows) == 4 and "sheet:Tổng hợp" in asked_of(proposal)
    with_it = proposed(answered(batch, centre_staff, {"sheet": "take"}), centre_staff)
    assert len(with_it.rows) == 7
    batch = answered(ImportBatch.objects.get(), centre_staff, {"sheet": "skip"})
    batch.answers["sheet:Tổng hợp"] = "skip"
    batch.save()
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert asked_for(plan) == 114 * MILLION


def test_a_summary_is_known_by_its_money_whatever_it_is_called(plan: AnnualPlan, centre_staff: User) -> None:
    every = [row for rows in DISTRICTS.values() for row in rows if row[0]]
    proposal = proposed(brought(plan, files({"Biểu 00": every, **DISTRICTS}), centre_staff), centre_staff)
    assert asked_of(proposal) == ["sheet:Biểu 00"] and len(proposal.rows) == 4
    [question] = proposal.open_questions
    assert "tổng hợp" in question.text and question.likely == "skip"


def test_a_sheet_of_last_year_is_left_and_named(plan: AnnualPlan, centre_staff: User) -> None:
    sheets: dict[str, Rows] = {
        "2005": [project(n, f"Đào tạo nghề {n}", None, 5, None) for n in range(1, 5)],
        "2006": [project(1, "Đào tạo nghề dệt", None, 60, None)],
    }
    batch = brought(plan, files(sheets), centre_staff)
    proposal = proposed(batch, centre_staff)
    assert [name for name, _money in money(proposal)] == ["Đào tạo nghề dệt"]
    assert proposal.notes == ["trang “2005” ghi năm khác, không đọc chung; bấm “sửa” nếu vẫn cần"]
    titled = {"Trang 1": sheets["2005"], "Trang 2": sheets["2006"]}
    titles = {"Trang 1": "KẾ HOẠCH NĂM 2005", "Trang 2": "KẾ HOẠCH NĂM 2006 (kèm Quyết định ngày 5 tháng 12 năm 2005)"}
    again = proposed(brought(plan, files(titled, **titles), centre_staff), centre_staff)
    assert [name for name, _money in money(again)] == ["Đào tạo nghề dệt"]


@pytest.mark.parametrize("name", ["KH{}", "KH {}", "Kế hoạch {}", "Năm {}", "KH-{}"])
def test_a_year_in_two_digits_is_one_and_a_number_is_none(plan: AnnualPlan, centre_staff: User, name: str) -> None:
    sheets: dict[str, Rows] = {
        name.format("05"): [project(1, "Đào tạo nghề mộc", None, 5, None)],
        name.format("06"): [project(1, "Đào tạo nghề dệt", None, 60, None)],
        name.format("12"): [project(1, "Đào tạo nghề rèn", None, 7, None)],
    }
    proposal = proposed(brought(plan, files(sheets), centre_staff), centre_staff)
    assert [name for name, _money in money(proposal)] == ["Đào tạo nghề dệt", "Đào tạo nghề rèn"]
    assert [f"“{name.format('05')}” ghi năm khác" in note for note in proposal.notes] == [True]


def test_copies_are_left_or_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [project(n, f"Đào tạo nghề {n}", None, 5 + n, None) for n in range(1, 5)]
    same = proposed(brought(plan, files({"KH": rows, "KH (2)": rows}), centre_staff), centre_staff)
    assert len(same.rows) == 4 and not asked_of(same)
    assert same.notes == ["trang “KH (2)” lặp lại nguyên một trang khác, không đọc; bấm “sửa” nếu vẫn cần"]
    near = [*rows[:3], project(4, "Đào tạo nghề 4", None, 90, None)]
    changed = proposed(brought(plan, files({"KH": rows, "KH mới": near}), centre_staff), centre_staff)
    assert len(changed.rows) == 4 and asked_of(changed) == ["sheet:KH mới"]
    other = [project(n, f"Tập huấn {n}", None, 5 + n, None) for n in range(1, 5)]
    named = proposed(brought(plan, files({"KH": rows, "KH cũ": other}), centre_staff), centre_staff)
    assert len(named.rows) == 4 and "sheet:KH cũ" in asked_of(named)


def test_equal_money_on_sheets_of_two_sources_is_never_taken_for_a_copy(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [project(1, "Đào tạo nghề dệt", 50)]
    proposal = proposed(brought(plan, files({"KCQG": rows, "KCĐP": rows}, header=PLAIN), centre_staff), centre_staff)
    assert "sheet:KCĐP" in asked_of(proposal) and not proposal.is_ready


def test_hidden_sheets_and_other_forms_are_named_not_read(plan: AnnualPlan, centre_staff: User) -> None:
    book = book_of({**DISTRICTS, "Nháp": [project(1, "Đào tạo nghề khác", None, 99, None)]})
    book["Nháp"].sheet_state = "hidden"
    page = book.create_sheet("Theo dõi")
    for row in (["ĐVT: Triệu đồng"], ["STT", "Tên đề án", "KCĐP"], [1, "Đào tạo nghề dệt", 5]):
        page.append(row)
    batch = brought(plan, saved(book), centre_staff)
    proposal = proposed(batch, centre_staff)
    assert len(proposal.rows) == 4
    assert [note for note in proposal.notes if "Theo dõi" in note] == [
        "trang “Theo dõi” cũng có danh sách như vậy, chưa đọc; bấm “sửa” để chọn trang, hoặc nhập riêng"
    ]
    assert "không đọc trang “Nháp”, “Theo dõi”" in understood_words(read_list(batch, centre_staff))


BOTH: dict[str, Rows] = {
    "KCQG": [project(1, "Mô hình trình diễn", 100, firm="HTX Lật Dương"), project(2, "Hội chợ", 7)],
    "KCĐP": [project(1, "Mô hình trình diễn", 40, firm="HTX Lật Dương")],
}


def test_one_project_on_two_sheets_is_asked_about_and_becomes_one(plan: AnnualPlan, centre_staff: User) -> None:
    batch = brought(plan, files(BOTH, header=PLAIN), centre_staff)
    proposal = proposed(batch, centre_staff)
    [question] = [one for one in proposal.open_questions if one.key.startswith("half:")]
    assert question.text == "KCĐP!B4 và KCQG!B4 là một đề án hai nguồn kinh phí?" and not question.likely
    assert [one.is_waiting for one in proposal.rows if one.entry.name == "Mô hình trình diễn"] == [True, True]
    batch = answered(batch, centre_staff, {"half": "one"})
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    costs = CostLine.objects.filter(component__project__name="Mô hình trình diễn").order_by("amount_vnd")
    assert [(one.source.code, one.amount_vnd) for one in costs] == [("KCDP", 40 * MILLION), ("KCQG", 100 * MILLION)]
    found = Project.objects.get(name="Mô hình trình diễn")
    origins = ImportedRow.objects.of_project(found).order_by("pk")
    assert [(str(row), row.became) for row in origins] == [("KCQG!4", "new"), ("KCĐP!4", "joined")]
    take_back_batch(batch=ImportBatch.objects.get(), actor=centre_staff)
    assert not Project.objects.in_plans([plan]).exists()


def test_two_projects_of_one_name_stay_two(plan: AnnualPlan, centre_staff: User) -> None:
    batch = answered(brought(plan, files(BOTH, header=PLAIN), centre_staff), centre_staff, {"half": "two"})
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert Project.objects.filter(name="Mô hình trình diễn").count() == 2 and asked_for(plan) == 147 * MILLION


@pytest.mark.parametrize(("answer", "own"), [("once", 30), ("one", 60)])
def test_own_money_on_both_sheets_is_counted_as_the_office_says(
    plan: AnnualPlan, centre_staff: User, answer: str, own: int
) -> None:
    sheets: dict[str, Rows] = {
        "KCQG": [project(1, "Mô hình trình diễn", 100, 30)],
        "KCĐP": [project(1, "Mô hình trình diễn", 40, 30)],
    }
    batch = brought(plan, files(sheets, header=(*PLAIN, "Vốn đối ứng")), centre_staff)
    [row] = proposed(answered(batch, centre_staff, {"half": answer}), centre_staff).rows
    amounts = {key: vnd for key, vnd in row.entry.amounts.items() if vnd}
    assert amounts == {"national": 100 * MILLION, "city": 40 * MILLION, "own": own * MILLION}


def test_many_projects_on_two_sheets_are_one_question(plan: AnnualPlan, centre_staff: User) -> None:
    rows = {
        name: [project(n, f"Đào tạo nghề {n}", n + add) for n in range(1, 9)]
        for name, add in (("KCQG", 0), ("KCĐP", 50))
    }
    batch = brought(plan, files(rows, header=PLAIN), centre_staff)
    assert asked_of(proposed(batch, centre_staff)) == ["halves:KCĐP"]
    assert len(proposed(answered(batch, centre_staff, {"halves": "one"}), centre_staff).rows) == 8


def test_until_the_source_is_known_nobody_is_asked_whether_rows_are_one(plan: AnnualPlan, centre_staff: User) -> None:
    sheets: dict[str, Rows] = {"Biểu A": BOTH["KCQG"], "Biểu B": BOTH["KCĐP"]}
    batch = brought(plan, files(sheets, header=PLAIN), centre_staff)
    kinds = [key.partition(":")[0] for key in asked_of(proposed(batch, centre_staff))]
    assert kinds.count("source") == 2 and not {"twin", "half"} & set(kinds)


def test_the_person_chooses_the_sheets_on_the_page_of_columns(
    plan: AnnualPlan, client: Client, centre_staff: User
) -> None:
    client.force_login(centre_staff)
    batch = brought(plan, files({**DISTRICTS, "2005": [project(1, "Đào tạo nghề cũ", None, 5, None)]}), centre_staff)
    address = reverse("importing:columns", args=[batch.pk])
    form = client.get(address).context["chosen"]
    assert [value for value, _label in form.fields["more"].choices] == ["Thủy Nguyên", "Cả thành phố", "2005"]
    assert form.initial["more"] == ["Thủy Nguyên", "Cả thành phố"]
    sent = {key: value for key, value in form.initial.items() if value is not None}
    client.post(address, {**sent, "more": ["2005"]})
    names = [name for name, _money in money(proposed(batch, centre_staff))]
    assert names == ["Đào tạo nghề dệt", "Đào tạo nghề mộc", "Đào tạo nghề cũ"]
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "2 trang đọc chung: “Tiên Lãng”, “2005”" in page and "2005!4" in page


def test_establishments_on_several_sheets_are_one_list(plan: AnnualPlan, centre_staff: User) -> None:
    rows = {name: [(1, f"HTX {name}", "thôn 1")] for name in ("Tiên Lãng", "Thủy Nguyên")}
    content = files(rows, header=("STT", "Tên đơn vị", "Địa chỉ"))
    office = plan.organisation
    batch = bring_file(plan=None, organisation=office, kind="firms", name="a.xlsx", content=content, actor=centre_staff)
    batch = answered(batch, centre_staff)
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert sorted(Beneficiary.objects.values_list("name", flat=True)) == ["HTX Thủy Nguyên", "HTX Tiên Lãng"]
    assert {str(row) for row in ImportedRow.objects.all()} == {"Tiên Lãng!4", "Thủy Nguyên!4"}


def _compared(plan: AnnualPlan, content: bytes, actor: User) -> ParallelRun:
    return run_parallel(plan=plan, source=read_workbook("da-gui.xlsx", content), user=actor, basis=ASKED)


def test_the_comparison_reads_the_sheets_as_one_list_too(plan: AnnualPlan, centre_staff: User) -> None:
    imported(plan, files(RIGHT), centre_staff)
    run = _compared(plan, files(RIGHT), centre_staff)
    assert run.is_equal and len(run.rows) == 4 and not run.of_result(RowResult.OURS_ONLY)
    national, city, _own = run.totals
    assert (national.stated, national.ours, national.place) == (
        *(40 * MILLION, 40 * MILLION),
        "Tiên Lãng!F6; Thủy Nguyên!F5",
    )
    assert city.place == "Tiên Lãng!G6; Cả thành phố!G5" and city.stated == 65 * MILLION
    by_sheet = {(one.label, one.key): (one.stated, one.added, one.ours) for one in run.groups}
    assert by_sheet["Tiên Lãng", "city"] == (25 * MILLION,) * 3
    more = {**RIGHT, "Thủy Nguyên": [project(1, "Đào tạo nghề rèn", 31, None, 2, place="Thủy Nguyên"), TOTAL_RIGHT]}
    run = _compared(plan, files(more), centre_staff)
    [cell] = [cell for row in run.of_result(RowResult.DIFFERS) for cell in row.faulty]
    assert (cell.place, cell.more_vnd) == ("Thủy Nguyên!F4", MILLION)


TOTAL_RIGHT = (None, "Tổng cộng", None, None, None, 30, None, 2)
RIGHT: dict[str, Rows] = {
    "Tiên Lãng": DISTRICTS["Tiên Lãng"],
    "Thủy Nguyên": [DISTRICTS["Thủy Nguyên"][0], TOTAL_RIGHT],
    "Cả thành phố": [DISTRICTS["Cả thành phố"][0], (None, "Tổng cộng", None, None, None, None, 40, None)],
}


def test_a_total_of_all_sheets_on_the_last_is_the_total_of_the_comparison(plan: AnnualPlan, centre_staff: User) -> None:
    whole = {**RIGHT, "Cả thành phố": [RIGHT["Cả thành phố"][0], (None, "Tổng cộng", None, None, None, 40, 65, 9)]}
    imported(plan, files(whole), centre_staff)
    run = _compared(plan, files(whole), centre_staff)
    assert run.is_equal and [one.place for one in run.totals if one.key == "city"] == ["Cả thành phố!G5"]


@pytest.mark.parametrize("answer", ["one", "two"])
def test_a_project_on_two_sheets_is_compared_as_the_plan_holds_it(
    plan: AnnualPlan, centre_staff: User, answer: str
) -> None:
    imported(plan, files(BOTH, header=PLAIN), centre_staff, {"half": answer})
    run = _compared(plan, files(BOTH, header=PLAIN), centre_staff)
    assert run.is_equal, [cell for row in run.rows for cell in row.faulty]


@pytest.mark.parametrize("ending", ["xls", "ods"])
@pytest.mark.office
def test_old_and_open_formats_say_the_same(
    plan: AnnualPlan, centre_staff: User, libreoffice: str, tmp_path: Path, ending: str
) -> None:
    given = tmp_path / "danh-muc.xlsx"
    given.write_bytes(files({**RIGHT, "2005": [project(1, "Đào tạo nghề cũ", None, 5, None)]}))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [libreoffice, profile, "--headless", "--convert-to", ending, "--outdir", str(tmp_path), str(given)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    content = (tmp_path / f"danh-muc.{ending}").read_bytes()
    batch = brought(plan, content, centre_staff, name=f"danh-muc.{ending}")
    proposal = proposed(batch, centre_staff)
    assert [one.row.place_of("name") for one in proposal.rows][2:] == ["Thủy Nguyên!B4", "Cả thành phố!B4"]
    assert not [one for one in proposal.sums if one.difference] and len(proposal.notes) == 1
