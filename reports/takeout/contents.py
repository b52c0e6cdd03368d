"""What a file of all records says of itself: whose it is, of when, by which rules, how many rows of what."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from khuyencong.accounts.models import User

RULES = (
    "Mỗi bảng là một loại dữ liệu trong phạm vi người kết xuất được xem; các bảng nối với nhau bằng cột ID.",
    "Tiền tính bằng đồng. Giờ là giờ Việt Nam. Ô trống là chưa ghi nhận.",
    "Số định danh cá nhân được che bớt, kể cả khi nằm trong nội dung ghi chú.",
    "Tệp đính kèm, giấy tờ đã lập và báo cáo đã chốt chỉ có tên, mã kiểm tra; nội dung tải ở trang của chúng.",
)
CSV_RULES = (
    "Tệp CSV dùng UTF-8 có BOM, ngăn cách bằng dấu phẩy, ngày viết năm-tháng-ngày.",
    "Nội dung ghi chú bắt đầu bằng = + - @ (hay ký tự tab, xuống dòng) hoặc bằng dấu nháy đơn ' được thêm một dấu ' "
    "ở đầu, để Excel không chạy nó như công thức. Phần mềm khác đọc tệp thì bỏ đúng một dấu ' ở đầu.",
    "Mở CSV bằng Excel thì số 0 ở đầu mã có thể mất: muốn xem bằng Excel, hãy tải tệp Excel.",
    "MUC-LUC.csv được ghi sau cùng và cho biết số dòng của từng tệp: có tệp này thì tệp nén đã đủ.",
)


@dataclass(frozen=True)
class Contents:
    """The head of a file."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """A table as it was written."""

    title: str
    file_name: str
    row_count: int
    sheets: tuple[str, ...] = ()
    is_cut: bool = False

    @property
    def note(self) -> str:
        """What a reader of the sheet has to know."""
        notes = []
        if len(self.sheets) > 1:
            notes.append(f"gồm {len(self.sheets)} trang tính: {', '.join(self.sheets)}")
        if self.is_cut:
            notes.append(f"có ô dài hơn 32.767 ký tự bị cắt; nguyên văn ở tệp {self.file_name}")
        return "; ".join(notes)


def contents_of(user: User, at: dt.datetime) -> Contents:
    moment = timezone.localtime(at)
    scope = f", phạm vi {user.scope_name()}" if user.scope_name() else ""
    return Contents(
        (
            "TOÀN BỘ DỮ LIỆU KHUYẾN CÔNG",
            f"Kết xuất lúc {moment:%H:%M} ngày {moment:%d/%m/%Y}, người kết xuất: {user}{scope}",
            *RULES,
        )
    )
