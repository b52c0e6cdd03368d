"""A file of reference data that can't be read as it is meant is refused with file, line and value."""

from __future__ import annotations

import codecs
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from khuyencong.accounts.models import Organisation
from programmes.models import AdminUnit, AdminUnitSuccession, Authority, FundingSource, Regulation, SupportNorm
from programmes.reference_data import DATA, load_reference_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def rewrite(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("load_reference", folder=folder, stdout=StringIO())
    assert not Organisation.objects.exists() and not AdminUnit.objects.exists()
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "admin_units_haiphong_2025.csv",
            ",ward,31,",
            ",commune,31,",
            "dòng 3: name “Phường Thành Đông”: Tên chưa phù hợp",
        ),
        ("admin_units_haiphong_2025.csv", ",ward,31,", ",phuong,31,", "dòng 3: kind “phuong”:"),
        ("support_norms.csv", ",30,500000000,", ",130,500000000,", "max_percent “130”"),
        ("funding_sources.csv", "national,1", "national,một", "dòng 2: “một” không phải là số nguyên"),
        ("funding_sources.csv", "phí khuyến công quốc", "phí, khuyến công quốc", "dòng 2: “KCQG” có số cột khác"),
        ("funding_sources.csv", "national,1", "national", "dòng 2: “KCQG” có số cột khác"),
        ("funding_sources.csv", "code,name", "mã,name", "thiếu cột 'code'"),
        ("regulations.csv", "2004-06-09", "09/06/2004", "dòng 2: “09/06/2004” không phải là ngày"),
        ("admin_units_haiphong_2025.csv", ",ward,31,2025-07-01", ",ward,31,2025-08-01", "dòng 3: “Phường Thành Đông”"),
        ("organisations.csv", ",hai-phong,", ",khong-co,", "dòng 3: không có đơn vị, cơ quan mã “khong-co”"),
    ],
)
def test_refusal_names_the_value(folder: Path, name: str, old: str, new: str, said: str) -> None:
    rewrite(folder, name, old, new)
    text = refusal(folder)
    assert f"{name}, dòng " in text and said in text


def test_file_of_another_encoding_is_named(folder: Path) -> None:
    path = folder / "regulations.csv"
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-16")
    assert "regulations.csv: tệp phải được lưu bằng mã UTF-8" in refusal(folder)


def test_missing_file_is_named(folder: Path) -> None:
    (folder / "regulations.csv").unlink()
    assert "regulations.csv" in refusal(folder)


def test_file_that_excel_saved_with_a_mark_in_front_is_read(folder: Path) -> None:
    path = folder / "regulations.csv"
    path.write_bytes(codecs.BOM_UTF8 + path.read_bytes())
    load_reference_data(folder)
    assert Regulation.objects.filter(code="ND134").exists()


def test_command_counts_in_vietnamese() -> None:
    out = StringIO()
    call_command("load_reference", stdout=out)
    assert "regulations.csv: thêm 24, sửa 0, giữ nguyên 0" in out.getvalue()


def test_rows_that_an_administrator_added_stay_and_files_win_over_edits() -> None:
    load_reference_data()
    Authority.objects.create(code="kho-bac", name="Kho bạc Nhà nước Hải Phòng", level="city")
    FundingSource.objects.filter(code="KCDP").update(name="Tên khác")
    again = load_reference_data()
    assert Authority.objects.filter(code="kho-bac").exists()
    assert again["funding_sources.csv"].changed == 1
    assert FundingSource.objects.get(code="KCDP").name == "Kinh phí khuyến công địa phương"


def test_evidence_says_what_was_read_in_the_document() -> None:
    load_reference_data()
    assert SupportNorm.objects.filter(is_confirmed=True).exists()
    assert SupportNorm.objects.filter(is_confirmed=False).exists()


@pytest.mark.parametrize("code", ["308", "311", "312", "292"])
def test_unit_with_several_periods_succeeds_itself(code: str) -> None:
    load_reference_data()
    earlier, later = AdminUnit.objects.exclude(kind="province").filter(code=code).order_by("valid_to")
    assert (later.valid_from - earlier.valid_to).days == 1
    assert not AdminUnitSuccession.objects.get(predecessor=earlier, successor=later).is_partial
    heirs = AdminUnitSuccession.objects.filter(predecessor=later)
    assert heirs and all(heir.is_partial == (len(heirs) > 1) for heir in heirs)
    assert AdminUnitSuccession.objects.filter(predecessor=earlier).count() == 1
