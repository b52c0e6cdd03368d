"""Monthly progress as the Centre reports it (field-rules §2: before the 25th, per project)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from khuyencong.asof import NOW, AsOf
from khuyencong.fields import TextBlock

if TYPE_CHECKING:
    from khuyencong.accounts.models import User


def reported_by(as_of: AsOf, report: str = "") -> Q:
    """Of months that had ended on the day, made by the day of recording; ``report`` is the path to the report."""
    ended = Q() if as_of.months_before is None else Q(**{f"{report}month__lt": as_of.months_before})
    return ended & as_of.recorded(f"{report}reported_at")


class ProgressReportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__organisation__in=user.visible_organisation_ids())

    def up_to(self, as_of: AsOf) -> Self:
        """Reports of months that had ended on the day, made by the day of recording; all of them without either."""
        return self.filter(reported_by(as_of))

    def latest_of(self, project: str, as_of: AsOf) -> Self:
        """The latest one by that day of the project to which the path of an outer row leads: for a subquery."""
        return self.up_to(as_of).filter(project=OuterRef(project)).order_by("-month")[:1]

    def latest_of_each(self, as_of: AsOf) -> Self:
        """The latest one by that day of each project."""
        return self.filter(pk=Subquery(self.latest_of("project", as_of).values("pk")))

    def with_results(self) -> Self:
        """That say in words what was done."""
        return self.exclude(done="")

    def of_projects(self, projects: Any) -> Self:
        return self.filter(project__in=projects)

    def of_project(self, project: Any, as_of: AsOf = NOW) -> Self:
        """Of one project, newest first, with what was spent."""
        reports = self.filter(project=project).up_to(as_of).newest_first()
        return reports.annotate(executed_vnd=Sum("amounts__amount_vnd"))

    def newest_first(self) -> Self:
        return self.order_by("-month").select_related("reported_by")


class ProgressReport(models.Model):
    """What a project had reached by a month. ``month`` is the first day of the month reported."""

    project = models.ForeignKey("Project", models.PROTECT, related_name="progress_reports", verbose_name=_("đề án"))
    month = models.DateField(_("tháng báo cáo"))
    percent = models.PositiveSmallIntegerField(_("khối lượng hoàn thành (%)"), null=True, blank=True)
    is_on_schedule = models.BooleanField(_("đúng tiến độ"))
    done = TextBlock(_("nội dung đã thực hiện"), blank=True)
    difficulties = TextBlock(_("khó khăn, kiến nghị"), blank=True)
    next_steps = TextBlock(_("việc làm tiếp theo"), blank=True)
    reported_at = models.DateTimeField(_("báo cáo lúc"), auto_now_add=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người báo cáo")
    )

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        ordering = ["-month"]
        verbose_name = _("báo cáo tiến độ")
        verbose_name_plural = _("báo cáo tiến độ")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "month"],
                name="one_report_a_month",
                violation_error_message=_("Tháng này đã có báo cáo tiến độ."),
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="progress_month_by_its_first_day",
                violation_error_message=_("Tháng báo cáo được ghi bằng ngày đầu tháng."),
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__range=(0, 100)),
                name="progress_percent",
                violation_error_message=_("Tỷ lệ phải từ 0 đến 100 phần trăm."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%m/%Y}"
