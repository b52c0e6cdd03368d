"""Everything that is recorded and how a wrong one is put right: by whom, with a reason or without, where both are read.

Written by hand, in the words of a civil servant, since ``docs/corrections.md`` is this table. Each model stands in one
row; who may is that of ``who_writes.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

from khuyencong.accounts.models import Role
from khuyencong.text import inside_sentence
from tests.projects.who_writes import WRITES

HEAD = "# Sửa cái đã ghi"
ABOUT = (
    "Mỗi thứ được ghi trong hệ thống, cách sửa khi ghi nhầm, ai sửa, có phải ghi lý do không, và đọc lại cái cũ ở đâu. "
    "Cái cũ luôn còn: ai ghi, lúc nào, ai sửa, vì sao; xem “theo những gì đã ghi nhận đến hết ngày …” thì thấy đúng "
    "cái đã đứng khi đó. Bảng này do kiểm thử giữ đúng với chương trình (`tests/projects/recorded_things.py`)."
)
COLUMNS = ("Thứ được ghi", "Cách sửa", "Ai sửa", "Lý do", "Đọc lại ở", "Ghi chú")


@dataclass(frozen=True)
class Thing:
    """``service`` is its call in ``who_writes.py``; where it is none, ``tried_in`` names the tests of it. ``who`` says
    who may where roles alone do not. Without any of them nothing is put right, and the ``note`` says why."""

    name: str
    models: str
    way: str
    service: str = ""
    read_at: str = ""
    note: str = ""
    asks_reason: bool = True
    who: str = ""
    tried_in: str = ""

    @property
    def is_put_right(self) -> bool:
        return bool(self.service or self.tried_in)

    @property
    def people(self) -> str:
        roles = WRITES[self.service].roles if self.service else set()
        said = ", ".join(inside_sentence(Role(role).label) for role in Role.values if role in roles)
        return self.who or said or "–"


THINGS = (
    Thing(
        "Số, ngày, cơ quan, người ký, trích yếu của văn bản",
        "programmes.Decision",
        "đính chính; đổi ngày thì các số theo sang ngày đúng",
        "letter_heads.correct_head",
        "trang văn bản",
        "không đính chính được khi giữa hai ngày có văn bản khác trên cùng số tiền",
    ),
    Thing(
        "Kinh phí giao theo văn bản",
        "programmes.AllocationEntry",
        "đính chính",
        "corrections.record_corrections",
        "trang văn bản",
        "không để ngày nào duyệt vượt số giao",
    ),
    Thing(
        "Kinh phí duyệt, bổ sung, ngừng theo văn bản",
        "projects.ApprovalEntry",
        "đính chính",
        "corrections.record_corrections",
        "trang văn bản",
        "không để ngày nào chi, duyệt vượt số cho phép; tiền chuyển nguồn thì chuyển lại bằng văn bản",
    ),
    Thing(
        "Cả văn bản ghi nhầm",
        "",
        "hủy văn bản",
        "cancelling.cancel_decision",
        "trang văn bản",
        "không hủy được khi đã có hợp đồng, chứng từ, báo cáo, văn bản sau dựa vào: nêu rõ là gì",
    ),
    Thing(
        "Số 0 gõ nhầm làm loại đề án",
        "",
        "xét lại đề án",
        "cancelling.restore_line",
        "trang văn bản, lịch sử đề án",
    ),
    Thing(
        "Địa bàn, thời gian, thụ hưởng điều chỉnh theo văn bản",
        "projects.ProjectRevision projects.FieldChange",
        "đính chính điều chỉnh",
        "adjust.correct_adjustment",
        "trang đề án, trang văn bản, lịch sử",
        "mục đã có văn bản sau điều chỉnh lại thì đính chính ở văn bản sau",
    ),
    Thing(
        "Hồ sơ cũ chờ xác nhận",
        "projects.PastRecord",
        "ghi lại, bản sau thay bản trước",
        "past_records.change_past_record",
        "trang đề án",
        "không hỏi lý do: chưa có giá trị trước khi Sở xác nhận",
        asks_reason=False,
    ),
    Thing(
        "Văn bản của hồ sơ cũ đã xác nhận, việc theo hồ sơ cũ",
        "projects.PastLetter projects.PastLetterAssigned projects.PastLetterApproved projects.PastEvent",
        "hủy xác nhận",
        "past_letters.annul_past_letter",
        "trang văn bản của hồ sơ cũ, trang văn bản",
        "chưa xác nhận thì sửa, lấy lại hoặc bỏ được",
    ),
    Thing(
        "Bước của đợt (gửi, trả lại, thống nhất, trình)",
        "projects.StatusChange programmes.PlanRound",
        "lấy lại, mở lại đợt",
        "steps.take_step:round/reopen",
        "trang kế hoạch, lịch sử",
    ),
    Thing(
        "Kết luận thẩm định, tiêu chí, số thẩm định đề nghị",
        "projects.Appraisal projects.AppraisalAnswer projects.RecommendedAmount",
        "thẩm định lại, kết luận sau thay kết luận trước",
        "review.reconsider_line",
        "trang đề án, phiếu thẩm định",
        "đợt đã thống nhất thì mở lại đợt trước",
    ),
    Thing(
        "Giao thẩm định",
        "projects.ReviewAssignment",
        "giao lại, bỏ phân công",
        "review_work.assign_lines",
        "trang thẩm định của đợt",
        "không hỏi lý do: không khóa gì của ai; chuyên viên tự nhận và bỏ dòng của mình",
        asks_reason=False,
    ),
    Thing(
        "Hạn thẩm định",
        "projects.ReviewDeadline",
        "đặt hạn khác",
        "review_work.set_deadline",
        "trang hạn thẩm định",
    ),
    Thing(
        "Ý kiến và trả lời",
        "projects.Comment",
        "rút ý kiến",
        "review.withdraw_comment",
        "trang đề án, trang thẩm định",
        who="người nêu, lãnh đạo cùng bên",
    ),
    Thing(
        "Ghi chú nội bộ của Sở",
        "projects.ReviewNote",
        "rút ghi chú",
        "review_work.withdraw_review_note",
        "trang thẩm định (chỉ Sở)",
        who="người ghi, lãnh đạo Sở",
    ),
    Thing(
        "Lý do của cảnh báo",
        "projects.WarningReason",
        "ghi lý do khác, lý do sau đứng cạnh lý do trước",
        "warning_reasons.give_reason",
        "trang đề án",
    ),
    Thing(
        "Cam kết của đơn vị thụ hưởng",
        "projects.Commitment",
        "ghi lại, bản sau thay bản trước",
        "commitments.record_commitment",
        "trang đề án",
    ),
    Thing(
        "Hợp đồng, phụ lục",
        "projects.Contract projects.ContractEntry",
        "ghi đảo và ghi lại số đúng; ghi 0 để bỏ",
        "payments.correct_entries",
        "trang hợp đồng",
        "hai bên thỏa thuận lại thì ghi phụ lục, không đính chính",
    ),
    Thing(
        "Chứng từ tạm ứng, thanh toán, thu hồi",
        "projects.Voucher projects.PaymentEntry",
        "ghi đảo và ghi lại số đúng; ghi 0 để bỏ",
        "payments.correct_entries",
        "trang chứng từ",
    ),
    Thing(
        "Số, bên ký, nội dung, thời hạn của hợp đồng",
        "projects.HeadChange",
        "đính chính thông tin",
        "account_heads.correct_account_head:contract",
        "trang hợp đồng",
        "ngày ký ghi nhầm: ghi 0 mọi dòng rồi ghi lại hợp đồng",
    ),
    Thing(
        "Số, người nhận, nội dung của chứng từ",
        "",
        "đính chính thông tin",
        "account_heads.correct_account_head:voucher",
        "trang chứng từ",
        "ngày ghi nhầm: ghi 0 mọi dòng, đổi số của chứng từ sai rồi ghi lại",
    ),
    Thing(
        "Quyết toán",
        "projects.SettlementEntry",
        "ghi đảo và ghi lại số đúng",
        "payments.correct_entries",
        "trang đề án",
    ),
    Thing(
        "Báo cáo tiến độ, kinh phí đã thực hiện",
        "projects.ProgressReport projects.ExecutedAmount",
        "sửa báo cáo của tháng",
        "progress.change_progress_report",
        "trang đề án, lịch sử",
        "số liệu theo ngày ghi nhận lấy bản đã sửa; bản cũ đọc ở lịch sử",
    ),
    Thing(
        "Đề án đang soạn: nội dung, địa bàn, thụ hưởng",
        "projects.Project projects.ProjectComponent projects.Support projects.PlanLine",
        "sửa",
        "projects.update_project",
        "lịch sử đề án",
        "không hỏi lý do khi chưa gửi; đã gửi thì lấy lại hoặc Sở trả lại rồi sửa",
        asks_reason=False,
    ),
    Thing(
        "Kinh phí đề nghị, dự toán chi tiết",
        "projects.CostLine projects.EstimateItem",
        "sửa",
        "amounts.update_amounts",
        "lịch sử đề án",
        "như trên",
        asks_reason=False,
    ),
    Thing(
        "Tài liệu, bản quét của đề án, đợt, văn bản, mức hỗ trợ",
        "projects.ProjectDocument programmes.RoundDocument programmes.DecisionDocument programmes.NormDocument",
        "rút tài liệu",
        "documents.withdraw_document",
        "danh sách tài liệu",
        "có dữ liệu cá nhân thì xóa được nội dung",
        who="người đính kèm, lãnh đạo cùng bên",
    ),
    Thing(
        "Mức hỗ trợ riêng của tỉnh, thành phố",
        "programmes.SupportNorm programmes.NormChange",
        "đính chính; mức thay đổi thật thì kết thúc và thêm mức mới",
        "norms.correct_norm",
        "trang của mức hỗ trợ",
        "mức của nhà nước đi theo phần mềm, không sửa ở đây",
    ),
    Thing(
        "Đánh giá chung, phương hướng của năm",
        "projects.YearAssessment",
        "ghi lại, bản sau thay bản trước",
        "year_assessments.assess_year",
        "trang đánh giá của kế hoạch",
        "không hỏi lý do: là lời văn, không phải số liệu",
        asks_reason=False,
    ),
    Thing(
        "Khóa sổ của năm",
        "programmes.AnnualPlan programmes.BooksChange",
        "mở lại sổ; khóa lại khi xong",
        "books.reopen_books",
        "trang khóa sổ của kế hoạch",
    ),
    Thing(
        "Giấy tờ đã lập",
        "projects.RecordedPaper",
        "lập lại; bản trước giữ nguyên",
        "papers.make_paper",
        "trang giấy tờ",
    ),
    Thing(
        "Báo cáo đã chốt",
        "reports.SubmittedReport",
        "chốt báo cáo khác; bản trước giữ nguyên",
        "submission.submit_report",
        "trang báo cáo đã chốt",
        "lý do ghi ở ghi chú",
        asks_reason=False,
        who="lãnh đạo Trung tâm, lãnh đạo Sở, mỗi bên báo cáo của mình",
    ),
    Thing(
        "Đơn vị thụ hưởng trong danh bạ",
        "projects.Beneficiary projects.PersonalNumber",
        "sửa",
        "beneficiaries.save_beneficiary",
        "trang đơn vị, lịch sử",
        "không hỏi lý do: tên, địa chỉ của đơn vị thay đổi thật",
        asks_reason=False,
    ),
    Thing(
        "Đơn vị, cơ quan và tên gọi trước đây",
        "accounts.Organisation accounts.FormerName accounts.Signer",
        "sửa ở trang quản trị",
        "organisations.save_organisations",
        "lịch sử ở trang quản trị",
        "tên cũ là một dòng có ngày",
        asks_reason=False,
    ),
    Thing(
        "Đơn vị hành chính",
        "programmes.AdminUnit programmes.AdminUnitSuccession",
        "sửa ở trang quản trị",
        "admin_units.save_units",
        "lịch sử ở trang quản trị",
        asks_reason=False,
    ),
    Thing(
        "Vai trò được giao",
        "accounts.Membership accounts.RoleChange",
        "thu hồi, giao lại ở trang người dùng",
        read_at="trang người dùng",
        note="không hỏi lý do: mỗi lần giao, thu hồi là một dòng",
        asks_reason=False,
        who="quản trị hệ thống",
        tried_in="accounts/test_role_changes.py",
    ),
    Thing(
        "Ủy quyền",
        "accounts.Authorisation",
        "chấm dứt trước hạn",
        read_at="trang cá nhân, trang quản trị",
        who="người ủy quyền, người được ủy quyền, quản trị hệ thống",
        tried_in="accounts/test_delegation.py",
    ),
    Thing(
        "Kiêm nhiệm",
        "",
        "chấm dứt trước hạn",
        read_at="trang quản trị",
        who="quản trị hệ thống",
        tried_in="accounts/test_double_roles.py",
    ),
    Thing(
        "Chấm dứt ủy quyền, kiêm nhiệm",
        "accounts.AuthorisationEnd",
        "ủy quyền lại",
        read_at="trang cá nhân",
        who="người giữ vai trò",
        tried_in="accounts/test_delegation.py",
    ),
    Thing(
        "Lần nhập từ Excel",
        "importing.ImportBatch importing.ImportedRow",
        "rút lại cả lần nhập",
        read_at="trang lần nhập",
        note="không hỏi lý do; chỉ khi chưa ai sửa gì sau đó",
        asks_reason=False,
        who="cán bộ Trung tâm, lãnh đạo Trung tâm",
        tried_in="importing/test_take_back.py",
    ),
    Thing(
        "Danh mục dùng chung: nội dung, nguồn, cơ quan ban hành, văn bản quy phạm",
        "programmes.Regulation programmes.ActivityType programmes.FundingSource programmes.Authority",
        "sửa ở trang quản trị",
        read_at="lịch sử ở trang quản trị",
        asks_reason=False,
        who="quản trị hệ thống",
        tried_in="accounts/test_admin_reference.py",
    ),
    Thing(
        "Quy định theo ngày: điều kiện, ưu tiên, loại đô thị, tạm ứng, thời hạn, thẩm quyền",
        "programmes.EligibilityRule programmes.PriorityArea programmes.PriorityRule programmes.CityClass "
        "programmes.AdvanceShare programmes.DeadlineRule programmes.DeciderRule",
        "sửa ở trang quản trị",
        read_at="lịch sử ở trang quản trị",
        asks_reason=False,
        who="quản trị hệ thống",
        tried_in="accounts/test_admin_rules.py",
    ),
    Thing(
        "Người dùng",
        "accounts.User",
        "sửa ở trang quản trị",
        read_at="lịch sử ở trang quản trị",
        asks_reason=False,
        who="quản trị hệ thống",
        tried_in="accounts/test_admin_people.py",
    ),
    Thing(
        "Đính chính, rút ý kiến, rút ghi chú",
        "programmes.DecisionChange projects.CommentWithdrawal projects.NoteWithdrawal",
        "–",
        note="nói cái gì đã được sửa; nhầm thì đính chính lần nữa hoặc nêu lại",
    ),
    Thing(
        "Lần kiểm tra số liệu",
        "projects.ProofRun",
        "–",
        note="máy ghi; chạy lại là một lần mới",
    ),
    Thing(
        "Bản nháp, thư đã tắt, mẫu báo cáo đã lưu, lựa chọn cột",
        "accounts.FormDraft accounts.NoticeOptOut reports.SavedView importing.Habit",
        "–",
        note="của riêng một người, người đó đổi lúc nào cũng được; không là số liệu",
    ),
)


def written() -> str:
    """The table as ``docs/corrections.md``."""
    rows = [
        (one.name, one.way, one.people, "có" if one.asks_reason and one.is_put_right else "–", one.read_at, one.note)
        for one in THINGS
    ]
    lines = [COLUMNS, tuple("---" for _ in COLUMNS), *rows]
    table = "\n".join(f"| {' | '.join(cell or '–' for cell in line)} |" for line in lines)
    return f"{HEAD}\n\n{ABOUT}\n\n{table}\n"
