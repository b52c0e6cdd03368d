"""Who signs a paper: the head without a name while nobody is named, else whom the organisation named for that day."""

from __future__ import annotations

import datetime as dt
import json
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from khuyencong.accounts.models import Organisation, Signer, User
from khuyencong.official import document_head
from programmes.models import AnnualPlan
from reports.models import SubmittedReport
from reports.printing.book_json import load
from reports.submitted.comparison import stored_book
from tests.accounts.pages import address
from tests.people import Tree
from tests.reports.books import annual_bytes
from tests.reports.documents import read_yearly, yearly
from tests.reports.pages import words_of
from tests.reports.submitting import submit

pytestmark = pytest.mark.django_db

DEPUTY = "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC"
SINCE = dt.date(2006, 3, 1)


@pytest.fixture
def centre(tree: Tree) -> Organisation:
    """Its deputy signs, and whoever makes a table."""
    tree.centre.signers.create(
        valid_from=SINCE, in_place_of="Giám đốc", position="Phó Giám đốc", name="Nguyễn Thị Lan", preparer="Lê Văn Sơn"
    )
    return tree.centre


def last_cells(content: bytes, sheet: str = "Danh mục") -> list[str]:
    """What stands in the last row of a sheet, where it is signed."""
    rows = load_workbook(BytesIO(content))[sheet].iter_rows(values_only=True)
    return [str(value) for value in list(rows)[-1] if value]


def test_title_has_a_line_for_each_part() -> None:
    assert Signer(position="Giám đốc").title == "GIÁM ĐỐC"
    assert Signer(position="Phó Giám đốc", in_place_of="Giám đốc").title == DEPUTY
    both = Signer(position="Phó Chủ tịch", in_place_of="Chủ tịch", on_behalf_of="Ủy ban nhân dân")
    assert both.title == "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"
    by_order = Signer(position="Phó Chánh Văn phòng", by_order_of="Giám đốc", in_place_of="Chánh Văn phòng")
    assert by_order.title == "TL. GIÁM ĐỐC\nKT. CHÁNH VĂN PHÒNG\nPHÓ CHÁNH VĂN PHÒNG"
    delegated = Signer(position="Trưởng phòng Quản lý công nghiệp", by_authority_of="Giám đốc")
    assert delegated.title == "TUQ. GIÁM ĐỐC\nTRƯỞNG PHÒNG QUẢN LÝ CÔNG NGHIỆP"
    assert str(both) == "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH"


@pytest.mark.parametrize(
    ("on", "title"),
    [
        (SINCE - dt.timedelta(1), "GIÁM ĐỐC"),
        (SINCE, DEPUTY),
        (dt.date(2010, 12, 31), DEPUTY),
        (dt.date(2011, 1, 1), "GIÁM ĐỐC"),
    ],
)
def test_each_signs_from_a_day_on_until_the_next(centre: Organisation, on: dt.date, title: str) -> None:
    centre.signers.create(valid_from=dt.date(2011, 1, 1), position="Giám đốc", name="Phạm Văn Hùng")
    assert document_head(centre, named_on=on, dated_on=on).signer == title
    assert document_head(centre, named_on=on, dated_on=None).signer == title, "an undated paper is of its figures' day"


def test_without_settings_the_head_signs_by_hand(tree: Tree) -> None:
    on = dt.date(2006, 12, 31)
    for organisation, title in ((tree.centre, "GIÁM ĐỐC"), (tree.department, "GIÁM ĐỐC"), (tree.province, "CHỦ TỊCH")):
        head = document_head(organisation, named_on=on, dated_on=on)
        assert (head.signer, head.signer_name, head.has_preparer) == (title, "", False)


def test_workbook_is_signed_by_the_deputy_and_by_who_made_the_table(
    centre: Organisation, pilot_plan: AnnualPlan, centre_staff: User
) -> None:
    prepared, signed = last_cells(annual_bytes(centre_staff))
    assert prepared.split("\n")[0] == "NGƯỜI LẬP BIỂU" and prepared.endswith("\nLê Văn Sơn")
    assert signed.startswith(f"{DEPUTY}\n\n") and signed.endswith("\nNguyễn Thị Lan")
    centre.signers.update(has_preparer=False, name="")
    assert last_cells(annual_bytes(centre_staff)) == [DEPUTY]


def test_word_document_is_signed_by_the_deputy(
    centre: Organisation, pilot_plan: AnnualPlan, centre_staff: User
) -> None:
    title, name = (row.cells[1].text for row in read_yearly(yearly(centre_staff)).file.tables[-1].rows)
    assert title.startswith(DEPUTY) and name.strip() == "Nguyễn Thị Lan"


@pytest.mark.parametrize("name", ["annual_print", "period_print", "report_print"])
def test_prints_are_signed_by_the_deputy_and_by_who_made_the_table(
    client: Client, centre: Organisation, pilot_plan: AnnualPlan, centre_staff: User, name: str
) -> None:
    client.force_login(centre_staff)
    url = reverse(f"reports:{name}", args=["sources"] if name == "report_print" else [])
    paper = words_of(client.get(url, {"year": "2006"} | ({"period": "q4"} if name == "period_print" else {})).content)
    for said in ("NGƯỜI LẬP BIỂU", "Lê Văn Sơn", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Nguyễn Thị Lan"):
        assert paper.count(said) == 1, said


def test_frozen_report_keeps_who_signed_it(
    client: Client, centre: Organisation, pilot_plan: AnnualPlan, centre_head: User
) -> None:
    report = submit(centre_head)
    Signer.objects.all().delete()
    client.force_login(centre_head)
    kept = client.get(reverse("reports:submitted_xlsx", args=[report.pk])).content
    assert last_cells(kept)[1].endswith("\nNguyễn Thị Lan")


def test_report_frozen_before_names_were_known_still_opens(pilot_plan: AnnualPlan, centre_head: User) -> None:
    """Layout 1 knew one line of who signs."""
    plain = json.loads(submit(centre_head).book)
    assert plain["layout"] == 2
    plain["layout"] = 1
    for name in ("signer_name", "has_preparer", "preparer"):
        del plain["letterhead"][name]
    book = load(json.dumps(plain))
    assert (book.letterhead.signer, book.letterhead.signer_name, book.letterhead.has_preparer) == (
        "GIÁM ĐỐC",
        "",
        False,
    )
    assert stored_book(SubmittedReport.objects.get()) is not None


def test_administrator_keeps_who_signs_and_others_do_not(
    client: Client, tree: Tree, administrator: User, centre_head: User
) -> None:
    typed = {"name": tree.centre.name, "former_names-TOTAL_FORMS": "0", "former_names-INITIAL_FORMS": "0"}
    typed |= {"signers-TOTAL_FORMS": "1", "signers-INITIAL_FORMS": "0"}
    typed |= {"signers-0-valid_from": "01/03/2006", "signers-0-position": "Giám đốc", "signers-0-has_preparer": "on"}
    page = address("organisation", "change", tree.centre.pk)
    client.force_login(centre_head)
    assert client.post(page, typed).status_code == 302 and not Signer.objects.exists(), "sent to the sign-in"
    client.force_login(administrator)
    twice = typed | {
        "signers-TOTAL_FORMS": "2",
        "signers-1-valid_from": "01/03/2006",
        "signers-1-position": "Phó Giám đốc",
    }
    refused = client.post(page, twice)
    assert refused.status_code == 200 and not Signer.objects.exists()
    nobody = client.post(page, typed | {"signers-0-position": ""})
    assert nobody.status_code == 200 and not Signer.objects.exists()
    assert client.post(page, typed).status_code == 302
    assert Signer.objects.get().organisation == tree.centre
