"""The reports there are: by what each groups, and which figures it prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.figures.dimensions import (
    ACTIVITY,
    AREA,
    BENEFICIARY,
    MONTH,
    PROJECT,
    SCHEDULE,
    SOURCE,
    STATUS,
    TYPE,
    Dimension,
)
from projects.figures.measures import (
    ADVANCED,
    APPROVED,
    CHANGED,
    CONTRACTED,
    EXECUTED,
    INITIAL,
    LATE,
    ON_SCHEDULE,
    PAID,
    PROJECTS,
    PROMISED,
    RECEIVED,
    REQUESTED,
    SETTLED,
    UNDATED_APPROVED,
    UNREPORTED,
    WAS_LATE,
)
from projects.figures.projects_then import ProjectsThen
from reports.catalogue.figures import ASSIGNED, Figure, back, difference, figure, flow, in_period, ratio, undated
from reports.catalogue.texts import (
    BENEFICIARIES,
    CONTENTS,
    DIFFICULTIES,
    EXCESS,
    PLACES,
    PROJECT_STATUS,
    Picked,
    TextColumn,
    picked_late,
    picked_over_norm,
)

Text = str | Promise
NONE_FOUND = _("Không có đề án nào trong phạm vi này.")


@dataclass(frozen=True)
class Report:
    """``code`` stands in its address, ``file_stem`` begins the name of its workbook. ``title`` names it in lists;
    ``heading`` heads the document, with the period asked for.

    ``dimensions``: the rows, or the sections and the rows in them. ``only`` picks the projects it is about.
    """

    code: str
    file_stem: str
    title: Text
    heading: Text
    about: Text
    dimensions: tuple[Dimension, ...]
    figures: tuple[Figure, ...]
    texts: tuple[TextColumn, ...] = ()
    only: Callable[[ProjectsThen], Picked] | None = None
    takes_units: bool = False
    none_found: Text = NONE_FOUND
    is_flow: bool = False  # of a part of a year it tells what moved in it, not what had moved by its end

    @property
    def rows_by(self) -> Dimension:
        return self.dimensions[-1]

    @property
    def sections_by(self) -> Dimension | None:
        return self.dimensions[0] if len(self.dimensions) > 1 else None

    @property
    def compares_years(self) -> bool:
        """Whether years stand beside each other, so that a question has to be of one of them."""
        return any(one.years_back for one in self.figures)

    def figure(self, key: str) -> Figure | None:
        return next((one for one in self.figures if one.key == key), None)


PAID_SHARE = ratio(
    "paid_percent", _("Tỷ lệ giải ngân %"), PAID.key, APPROVED.key, _("Đã chi chia cho kinh phí sau điều chỉnh.")
)
SETTLED_SHARE = ratio(
    "settled_percent",
    _("Tỷ lệ quyết toán %"),
    SETTLED.key,
    APPROVED.key,
    _("Quyết toán chia cho kinh phí sau điều chỉnh."),
)
EXECUTED_SHARE = ratio(
    "executed_percent",
    _("Tỷ lệ thực hiện %"),
    EXECUTED.key,
    APPROVED.key,
    _("Thực hiện chia cho kinh phí sau điều chỉnh."),
)
UNPAID = difference(
    "unpaid_vnd",
    _("Còn chưa chi"),
    APPROVED.key,
    PAID.key,
    _("Sau điều chỉnh trừ đã chi; để “–” khi chưa ghi chứng từ chi nào trong phạm vi báo cáo."),
    needs_both=True,
)
UNALLOCATED = difference(
    "unallocated_vnd", _("Còn chưa phân bổ"), ASSIGNED.key, APPROVED.key, _("Được giao trừ được duyệt.")
)
# In a report that does not tell the first approval from later changes.
GRANTED = figure(APPROVED, _("Được duyệt (sau điều chỉnh)"))
COUNTS = (figure(PROJECTS), figure(ON_SCHEDULE), figure(LATE), figure(WAS_LATE), figure(UNREPORTED))
MONEY = (figure(REQUESTED), figure(INITIAL), figure(CHANGED), figure(APPROVED))
PERIOD = (
    in_period(APPROVED, _("Duyệt, điều chỉnh")),
    in_period(PAID, pgettext_lazy("figure", "Chi")),
    in_period(SETTLED, pgettext_lazy("figure", "Quyết toán")),
    undated(UNDATED_APPROVED),
)
DONE = (figure(CONTRACTED), figure(PAID), figure(EXECUTED), figure(SETTLED))


def _series(years: int) -> tuple[Figure, ...]:
    """The oldest year first; each year's plan as it stands on the same day."""
    groups = ((APPROVED, _("Được duyệt, năm")), (PAID, _("Đã chi cho kế hoạch năm")))
    return tuple(back(measure, n, "{year}", group) for measure, group in groups for n in reversed(range(years)))


REPORTS = (
    Report(
        "source-content",
        "theo-nguon-va-noi-dung",
        _("Kế hoạch theo nguồn và nội dung"),
        _("Kế hoạch khuyến công %(period)s theo nguồn kinh phí và nội dung hoạt động"),
        _("Mỗi nguồn kinh phí chia theo nội dung hoạt động: đề nghị, duyệt, điều chỉnh, đã chi, quyết toán."),
        (SOURCE, ACTIVITY),
        (figure(PROJECTS), *MONEY, *PERIOD, *DONE, PAID_SHARE),
    ),
    Report(
        "sources",
        "theo-nguon",
        _("Kinh phí theo nguồn"),
        _("Kinh phí khuyến công %(period)s theo nguồn"),
        _("Được giao, được duyệt, còn chưa phân bổ, đã cấp về, đã chi và còn chưa chi của từng nguồn."),
        (SOURCE,),
        (
            figure(PROJECTS),
            figure(ASSIGNED),
            GRANTED,
            UNALLOCATED,
            figure(RECEIVED),
            *PERIOD,
            figure(ADVANCED),
            figure(PAID),
            UNPAID,
            figure(SETTLED),
            PAID_SHARE,
        ),
    ),
    Report(
        "areas",
        "theo-dia-ban",
        _("Theo địa bàn"),
        _("Đề án và kinh phí khuyến công %(period)s theo địa bàn"),
        _("Đề án và kinh phí theo địa bàn, bằng đơn vị hành chính lúc lập đề án, trước hoặc từ ngày 01/07/2025."),
        (AREA,),
        (*COUNTS, *MONEY, *PERIOD, *DONE, PAID_SHARE),
        takes_units=True,
    ),
    Report(
        "beneficiary-types",
        "theo-loai-hinh-thu-huong",
        _("Theo loại hình đơn vị thụ hưởng"),
        _("Đề án và kinh phí khuyến công %(period)s theo loại hình đơn vị thụ hưởng"),
        _("Đề án và kinh phí theo loại hình của đơn vị thụ hưởng; đề án của nhiều loại hình đứng riêng một dòng."),
        (TYPE,),
        (figure(PROJECTS), *MONEY, figure(PROMISED), *PERIOD, *DONE, PAID_SHARE),
    ),
    Report(
        "status",
        "theo-tinh-trang-va-tien-do",
        _("Theo tình trạng và tiến độ"),
        _("Đề án và kinh phí khuyến công %(period)s theo tình trạng và tiến độ"),
        _("Đề án và kinh phí theo tình trạng xử lý, trong đó đúng hay chậm tiến độ."),
        (STATUS, SCHEDULE),
        (figure(PROJECTS), figure(REQUESTED), GRANTED, *DONE, PAID_SHARE),
    ),
    Report(
        "disbursement",
        "giai-ngan-tung-de-an",
        _("Kế hoạch, điều chỉnh, giải ngân, quyết toán từng đề án"),
        _("Kế hoạch, điều chỉnh, giải ngân và quyết toán từng đề án khuyến công %(period)s"),
        _("Từng đề án theo nguồn: được duyệt lần đầu, điều chỉnh, hợp đồng, đã chi, quyết toán và các tỷ lệ."),
        (SOURCE, PROJECT),
        (
            *MONEY[1:],
            figure(CONTRACTED),
            *PERIOD,
            figure(ADVANCED),
            figure(PAID),
            figure(SETTLED),
            UNPAID,
            PAID_SHARE,
            SETTLED_SHARE,
        ),
        texts=(PROJECT_STATUS,),
    ),
    Report(
        "comparison",
        "so-voi-nam-truoc",
        _("So với năm trước và so với kế hoạch"),
        _("Kết quả thực hiện kế hoạch khuyến công %(period)s so với năm trước và so với kế hoạch"),
        _("Từng nội dung: năm trước và năm nay được duyệt, thực hiện, chi bao nhiêu, đạt bao nhiêu phần trăm."),
        (ACTIVITY,),
        (
            back(APPROVED, 1, _("Được duyệt"), _("Năm {year}")),
            back(EXECUTED, 1, _("Thực hiện"), _("Năm {year}")),
            back(PAID, 1, _("Đã chi"), _("Năm {year}")),
            back(APPROVED, 0, _("Được duyệt"), _("Năm {year}")),
            back(EXECUTED, 0, _("Thực hiện"), _("Năm {year}")),
            back(PAID, 0, _("Đã chi"), _("Năm {year}")),
            ratio(
                "of_plan_percent",
                _("Thực hiện so với được duyệt %"),
                "executed_vnd_0",
                "approved_vnd_0",
                _("Thực hiện năm nay chia cho kinh phí được duyệt năm nay."),
            ),
            ratio(
                "plan_of_last_percent",
                _("Được duyệt so với năm trước %"),
                "approved_vnd_0",
                "approved_vnd_1",
                _("Kinh phí được duyệt năm nay chia cho kinh phí được duyệt năm trước."),
            ),
            ratio(
                "of_last_percent",
                _("Thực hiện so với năm trước %"),
                "executed_vnd_0",
                "executed_vnd_1",
                _("Thực hiện năm nay chia cho thực hiện năm trước."),
            ),
        ),
    ),
    Report(
        "five-years",
        "nam-nam-lien-tiep",
        _("5 năm liên tiếp"),
        _("Kinh phí khuyến công 5 năm liên tiếp, đến %(period)s"),
        _("Kinh phí được duyệt và đã chi của kế hoạch từng năm, trong 5 năm liên tiếp, theo nội dung."),
        (ACTIVITY,),
        _series(5),
    ),
    Report(
        "months",
        "giai-ngan-theo-thang",
        _("Giải ngân theo tháng"),
        _("Giải ngân kinh phí khuyến công %(period)s theo tháng"),
        _("Kinh phí cấp về, tạm ứng và chi trong từng tháng theo ngày của chứng từ, với số lũy kế."),
        (MONTH,),
        (
            flow(RECEIVED),
            flow(ADVANCED),
            flow(PAID),
            Figure(
                "paid_so_far_vnd",
                _("Lũy kế đã chi"),
                _("Đã chi của tháng này và các tháng trước trong bảng."),
                running_of=PAID.key,
            ),
            flow(SETTLED),
        ),
        is_flow=True,
        none_found=_("Chưa có chứng từ nào trong phạm vi này."),
    ),
    Report(
        "beneficiaries",
        "don-vi-thu-huong",
        _("Đơn vị thụ hưởng và các lần hỗ trợ"),
        _("Danh sách đơn vị thụ hưởng khuyến công %(period)s và các lần hỗ trợ"),
        _("Từng đơn vị thụ hưởng với các đề án đã hỗ trợ; số tiền là của cả đề án khi đề án có nhiều đơn vị."),
        (BENEFICIARY, PROJECT),
        (GRANTED, figure(PROMISED), figure(PAID), figure(SETTLED)),
        texts=(CONTENTS, PROJECT_STATUS),
    ),
    Report(
        "late",
        "de-an-cham-tien-do",
        _("Đề án chậm tiến độ và lý do"),
        _("Danh sách đề án khuyến công %(period)s chậm tiến độ và lý do"),
        _("Các đề án chưa nghiệm thu mà báo cáo mới nhất ghi chậm, với khó khăn và kiến nghị đã báo cáo."),
        (PROJECT,),
        (GRANTED, figure(EXECUTED), figure(PAID), EXECUTED_SHARE),
        texts=(PLACES, BENEFICIARIES, PROJECT_STATUS, DIFFICULTIES),
        only=picked_late,
        none_found=_("Không có đề án nào đang thực hiện mà chậm tiến độ theo báo cáo mới nhất."),
    ),
    Report(
        "over-norm",
        "de-an-vuot-muc-ho-tro",
        _("Đề án vượt mức hỗ trợ và lý do"),
        _("Danh sách đề án khuyến công %(period)s vượt mức hỗ trợ và lý do"),
        _("Các đề án vượt mức hỗ trợ của văn bản có hiệu lực, với điều khoản, số vượt và lý do đã ghi."),
        (PROJECT,),
        (figure(REQUESTED), GRANTED),
        texts=(CONTENTS, EXCESS),
        only=picked_over_norm,
        none_found=_("Không có đề án nào vượt mức hỗ trợ đã biết."),
    ),
)
BY_CODE: Mapping[str, Report] = {report.code: report for report in REPORTS}


def get_report_or_404(code: str) -> Report:
    try:
        return BY_CODE[code]
    except KeyError:
        raise Http404 from None
