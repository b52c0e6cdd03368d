"""What a project can be and how it can stand, with the sets of statuses that rules ask for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProjectStates:
    """Kinds, scopes and statuses of :class:`projects.models.Project`, below the model: what SQL asks of a status
    stands between the two."""

    class Kind(models.TextChoices):
        SINGLE = "single", pgettext_lazy("kind of project", "Đề án")
        GROUP = "group", _("Đề án nhóm")
        TASK = "task", _("Nhiệm vụ")
        PILOT = "pilot", _("Đề án điểm")

    class AreaScope(models.TextChoices):
        UNITS = "units", _("Một số địa bàn")
        WHOLE_CITY = "whole_city", _("Toàn thành phố")
        NOT_FIXED = "not_fixed", _("Chưa xác định")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Đang lập")
        SUBMITTED = "submitted", _("Đã gửi Sở")
        RETURNED = "returned", _("Trả lại bổ sung")
        REFUSED = "refused", _("Không đưa vào kế hoạch")
        APPRAISED = "appraised", _("Đã thẩm định")
        APPROVED = "approved", _("Đã phê duyệt")
        CONTRACTED = "contracted", _("Đã ký hợp đồng")
        IN_PROGRESS = "in_progress", _("Đang thực hiện")
        ACCEPTED = "accepted", _("Đã nghiệm thu")
        SETTLED = "settled", _("Đã quyết toán")
        LIQUIDATED = "liquidated", _("Đã thanh lý")
        STOPPED = "stopped", _("Ngừng thực hiện")
        WITHDRAWN = "withdrawn", _("Đã rút")
        STATED = "stated", _("Hồ sơ cũ chờ xác nhận")
        PAST = "past", _("Hồ sơ cũ")
        DISCARDED = "discarded", _("Đã bỏ")

    # With the Centre: it may be rewritten, nobody above is looking at it.
    EDITABLE = (Status.DRAFT, Status.RETURNED)
    # On its way to a decision: the law of the day will judge it.
    PENDING = (*EDITABLE, Status.SUBMITTED, Status.APPRAISED)
    # Before the Department, which has not given it anything yet.
    SENT = (Status.SUBMITTED, Status.RETURNED, Status.APPRAISED)
    # How lines stand under review, what a project says of its own first.
    BY_LINES = (Status.RETURNED, Status.SUBMITTED, Status.APPRAISED, Status.REFUSED)
    # Gone before anybody judged it: withdrawn, or entered by mistake. No part of what a review has to do.
    TAKEN_BACK = (Status.WITHDRAWN, Status.DISCARDED)
    # Never became part of a plan: shown with its history, counted in no total.
    UNCOUNTED = (Status.REFUSED, *TAKEN_BACK)
    # Under way: approved and not over yet. It is to report each month, and nothing else can be late.
    RUNNING = (Status.APPROVED, Status.CONTRACTED, Status.IN_PROGRESS)
    # Its work was accepted.
    DONE = (Status.ACCEPTED, Status.SETTLED, Status.LIQUIDATED)
    # The course of the work, in its order.
    WORK = (*RUNNING, *DONE)
    # Work is going on or was just done: progress may be reported, a contract signed, place and time adjusted.
    REPORTABLE = (*RUNNING, Status.ACCEPTED)
    # A letter may give it money, so its line waits for one.
    DECIDABLE = (Status.APPRAISED, *REPORTABLE)
    # Money may be paid for it …
    PAYABLE = (*REPORTABLE, Status.SETTLED)
    # … its papers still have to be closed …
    CLOSING = (Status.ACCEPTED, Status.SETTLED)
    # … and whatever became of it, money that was paid for it may be taken back.
    ACCOUNTED = (*RUNNING, *DONE, Status.STOPPED)
    # In the hand of who entered it, so that it can go as if it had never been, if nobody else has seen it.
    OWN = (Status.DRAFT, Status.STATED)
    # Of a year that was over when it was entered: how it ended is what its file states, and it takes no ordinary step.
    HISTORIC = (Status.STATED, Status.PAST)
    # A letter approved it once: it counts as supported.
    GRANTED = (*ACCOUNTED, Status.PAST)
    # Nothing is left to do for the reviewer of its line.
    RESOLVED = (Status.APPRAISED, Status.STATED, *UNCOUNTED, *GRANTED)
