"""Money spent on a project, as its progress reports say it: cumulative sums, in đồng."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from khuyencong.asof import AsOf
from projects.models.money import CELL, MoneyKey, MoneyQuerySet
from projects.models.project import PlanLine, ProjectComponent

if TYPE_CHECKING:
    pass
from projects.models.progress import ProgressReport, reported_by


class ExecutedAmountQuerySet(MoneyQuerySet):
    def reported_by(self, as_of: AsOf) -> Self:
        """Of reports of months that had ended on the day, made by the day of recording."""
        return self.filter(reported_by(as_of, "report__"))

    def of_cell(self) -> Self:
        """Of the line × content × source of an outer row: for a subquery."""
        return self.filter(**{name: OuterRef(name) for name in CELL})

    def latest_of_each(self, as_of: AsOf) -> Self:
        """The last amount reported by that day of each line × content × source: reported sums are cumulative.

        A report that leaves an amount empty takes nothing back.
        """
        newest = self.model._default_manager.reported_by(as_of).of_cell().order_by("-report__month")
        return self.filter(pk=Subquery(newest.values("pk")[:1]))


class ExecutedAmount(MoneyKey):
    """Money spent from the beginning to the end of the month, as reported; never more than a report."""

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="amounts", verbose_name=_("báo cáo"))
    plan_line = models.ForeignKey(
        PlanLine, models.PROTECT, related_name="executed_amounts", verbose_name=_("dòng kế hoạch")
    )
    component = models.ForeignKey(
        ProjectComponent, models.PROTECT, related_name="executed_amounts", verbose_name=_("nội dung")
    )
    amount_vnd = models.BigIntegerField(_("đã thực hiện (đồng)"))

    objects = ExecutedAmountQuerySet.as_manager()

    class Meta:
        verbose_name = _("kinh phí đã thực hiện theo báo cáo")
        verbose_name_plural = _("kinh phí đã thực hiện theo báo cáo")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_vnd__gte=0),
                name="executed_not_negative",
                violation_error_message=_("Số tiền không được âm."),
            ),
            models.UniqueConstraint(
                # In this order its index finds the reports of a line, content and source.
                fields=["plan_line", "component", "source", "report"],
                name="executed_once_a_report",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.amount_vnd}"
