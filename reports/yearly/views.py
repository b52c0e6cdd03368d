"""The yearly report in words as a file to be signed."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import override

from khuyencong.requests import SiteRequest
from reports.asking.forms import AnnualForm
from reports.asking.frame import answers, download
from reports.asking.selection import Selection
from reports.yearly.document import yearly_docx
from reports.yearly.facts import yearly_report

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@answers(AnnualForm)
def annual_docx(request: SiteRequest, form: AnnualForm, selection: Selection) -> HttpResponse:
    """The yearly report to be signed: tables filled, room for the office's own words."""
    with override("vi"):
        report = yearly_report(request.user, selection, as_of=form.asked, today=timezone.localdate())
        content = yearly_docx(report)
    return download(content, f"bao-cao-khuyen-cong-{selection.year}{form.asked.file_suffix}.docx", DOCX)
