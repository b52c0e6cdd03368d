"""Why somebody goes on although the system warns: the reason with the warning as it stood."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khuyencong.append_only import AppendOnly, AppendOnlyQuerySet
from khuyencong.fields import KeptText
from khuyencong.providers import WarningSource, provided
from projects.models.project import Project

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


class WarningCode(models.TextChoices):
    """What a warning is about, as it is called inside a sentence."""

    NORM_OVER = "norm_over", _("vượt mức hỗ trợ")
    NORM_UNCONFIRMED_OVER = "norm_unconfirmed_over", _("vượt mức hỗ trợ chưa xác nhận")
    NORM_UNCONFIRMED = "norm_unconfirmed", _("mức hỗ trợ chưa xác nhận")
    NORM_MISSING = "norm_missing", _("chưa có mức hỗ trợ")
    PLACE_NOT_ELIGIBLE = "place_not_eligible", _("địa bàn không thuộc diện hỗ trợ")
    PLACE_UNCHECKED = "place_unchecked", _("địa bàn chưa xác định được")
    CONTENT_NOT_ELIGIBLE = "content_not_eligible", _("nội dung không còn hoặc chưa có hiệu lực")
    TYPE_NOT_ELIGIBLE = "type_not_eligible", _("loại hình không thuộc đối tượng hỗ trợ")
    TYPE_UNCHECKED = "type_unchecked", _("loại hình chưa xác định được")
    ALREADY_SUPPORTED = "already_supported", _("đơn vị đã được hỗ trợ cùng nội dung")
    COUNTERPART_MISSING = "counterpart_missing", _("chưa có vốn đối ứng")
    COMMITMENT_MISSING = "commitment_missing", _("chưa có cam kết của đơn vị thụ hưởng")
    SETTLEMENT_DUE = "settlement_due", _("hạn hồ sơ quyết toán")
    TIME_OUTSIDE = "time_outside", _("thời gian ngoài năm kế hoạch")
    LIQUIDATION_DUE = "liquidation_due", _("hạn thanh lý")


def warning_labels() -> dict[str, str | Promise]:
    """Every warning by its code: those of the core and those of other subjects."""
    return dict(WarningCode.choices) | {
        code: one for each in provided(WarningSource) for code, one in each.labels.items()
    }


def warning_choices() -> list[tuple[str, str | Promise]]:
    return list(warning_labels().items())


class WarningReasonQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__organisation__in=user.visible_organisation_ids())

    def for_projects(self, projects: Iterable[Any]) -> Self:
        """In the order in which they were given."""
        return self.filter(project__in=projects).select_related("actor").order_by("pk")


class WarningReason(AppendOnly):
    """The reason given for one warning. ``fingerprint`` names the warning with its figures.

    A reason given for one figure does not answer another.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="warning_reasons", verbose_name=_("đề án"))
    code = models.CharField(_("cảnh báo"), max_length=30, choices=warning_choices)
    fingerprint = models.CharField(max_length=200)
    text = KeptText(_("nội dung cảnh báo"))
    reason = KeptText(_("lý do"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi lý do")
    )
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)

    objects: ClassVar = WarningReasonQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("lý do của cảnh báo")
        verbose_name_plural = _("lý do của cảnh báo")
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="warning_reason_given", violation_error_message=_("Hãy ghi lý do.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.reason[:60]}"
