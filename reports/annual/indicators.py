"""The indicators of the yearly workbook (field-rules §7). Nothing is recorded of them yet: officials fill them in."""

from __future__ import annotations

from dataclasses import dataclass

from reports.printing.book import CellKind, Column, Group, Section, Sheet
from reports.wording.notes import DASH_NOTE

INDICATORS = (
    ("Lao động được đào tạo", "người"),
    ("Lao động có việc làm sau đào tạo", "người"),
    ("Học viên được đào tạo khởi sự, nâng cao năng lực quản lý", "người"),
    ("Lớp đào tạo, tập huấn", "lớp"),
    ("Doanh nghiệp thành lập mới", "doanh nghiệp"),
    ("Mô hình trình diễn kỹ thuật", "mô hình"),
    ("Cơ sở được hỗ trợ máy móc, thiết bị", "cơ sở"),
    ("Dây chuyền sản xuất được hỗ trợ", "dây chuyền"),
    ("Cơ sở áp dụng sản xuất sạch hơn", "cơ sở"),
    ("Sản phẩm công nghiệp nông thôn tiêu biểu cấp huyện", "sản phẩm"),
    ("Sản phẩm công nghiệp nông thôn tiêu biểu cấp tỉnh, thành phố", "sản phẩm"),
    ("Sản phẩm công nghiệp nông thôn tiêu biểu cấp khu vực", "sản phẩm"),
    ("Sản phẩm công nghiệp nông thôn tiêu biểu cấp quốc gia", "sản phẩm"),
    ("Gian hàng hội chợ, triển lãm", "gian hàng"),
    ("Cơ sở tham gia hội chợ, triển lãm", "cơ sở"),
    ("Nhãn hiệu được xây dựng, đăng ký", "nhãn hiệu"),
    ("Cơ sở được tư vấn", "cơ sở"),
    ("Bản tin, chuyên mục", "số"),
    ("Cụm công nghiệp được hỗ trợ", "cụm"),
    ("Lao động tăng thêm", "người"),
    ("Thu nhập bình quân của người lao động", "triệu đồng/người/tháng"),
    ("Doanh thu tăng thêm", "triệu đồng"),
    ("Vốn đối ứng của đơn vị thụ hưởng", "triệu đồng"),
    ("Tỷ lệ vốn đối ứng so với kinh phí hỗ trợ", "%"),
)

COLUMNS = (
    Column("number", "STT", 6, CellKind.CENTRED),
    Column("label", "Chỉ tiêu", 48),
    Column("unit", "Đơn vị tính", 20, CellKind.CENTRED),
    Column("planned", "Kế hoạch", 15, CellKind.FIGURE),
    Column("done", "Thực hiện", 15, CellKind.FIGURE),
    Column("percent", "Tỷ lệ %", 13, CellKind.PERCENT, ratio_of=("done", "planned")),
    Column("notes", "Ghi chú", 20, unrecorded=""),
)

TO_FILL_IN = "[Đơn vị điền số liệu vào hai cột Kế hoạch và Thực hiện; cột Tỷ lệ % tự tính]"
AVERAGE_NOTE = "Thu nhập bình quân là số bình quân, không cộng dồn giữa các đề án."


@dataclass(frozen=True)
class IndicatorRow:
    number: int
    label: str
    unit: str
    planned: int | None = None
    done: int | None = None
    notes: str = ""


def indicator_rows() -> list[IndicatorRow]:
    return [IndicatorRow(number, label, unit) for number, (label, unit) in enumerate(INDICATORS, start=1)]


def indicator_sheet(year: int, subtitles: list[str]) -> Sheet:
    """Indicators of different units, so nothing is summed."""
    return Sheet(
        name="Chỉ tiêu",
        title=f"CHỈ TIÊU THỰC HIỆN KẾ HOẠCH KHUYẾN CÔNG NĂM {year}",
        columns=COLUMNS,
        sections=[Section("", "", [Group("", indicator_rows())])],
        total_title="",
        subtitles=subtitles,
        notes=[DASH_NOTE, TO_FILL_IN, AVERAGE_NOTE],
        unit_line="",
    )
