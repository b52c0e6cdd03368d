"""What stands above and below the tables of reports. Official files are always Vietnamese."""

from __future__ import annotations

TOTAL = "Tổng cộng"


DASH_NOTE = "Ghi chú: dấu “–” là chưa có số liệu."


REPEATED_NOTE = (
    "Đề án có nhiều nguồn hoặc nhiều nội dung đứng ở từng nguồn, từng nội dung với số tiền tương ứng "
    "và tính một lần trong số đề án."
)


EXECUTED_NOTE = "Thực hiện: số lũy kế theo báo cáo tiến độ mới nhất; tỷ lệ tính trên kinh phí sau điều chỉnh."


PAID_NOTE = "Đã chi: số tạm ứng và thanh toán theo chứng từ, đã trừ thu hồi; quyết toán: số được chấp nhận quyết toán."


ASKED_NOTE = (
    "Kinh phí đề nghị, đối ứng, nguồn khác và phần thuyết minh là của hiện nay, không tính tại ngày của số liệu."
)


WAITING_NOTE = "Số đề án và kinh phí đề nghị gồm cả đề án chưa được phê duyệt."


def bracketed(*texts: object) -> list[str]:
    """Lines below a title; nothing of what is not said."""
    return [f"({text})" for text in map(str, texts) if text]
